import { UnpicklingError } from "../errors.ts";
import { PyObject } from "../values/py-object.ts";
import { pythonType } from "../values/python-type.ts";
import { attributeKey } from "./names.ts";
import { dictEntries, type Read, Unpacked } from "./unpack.ts";

/** A class that `into` makes instances of: its constructor needs no arguments. */
export type Fillable<T> = new () => T;

/** What a field is made of: a class to be filled, an arrow function that reads, or one of `listOf` and its like. */
export type FieldSpec<T> = Fillable<T> | Read<T> | Nested<T>;

/** What the fields of a class are made of, by their names. */
export type Fields<T> = { readonly [Name in keyof T]?: FieldSpec<T[Name]> };

/** How a class is filled. */
export interface IntoOptions<T = object> {
  /** What fields are made of. One that is not named here is checked by its initial value. */
  readonly fields?: Fields<T> | undefined;
  /** The Python name of a field whose name is neither the same nor the same in camelCase. */
  readonly rename?: { readonly [Name in keyof T]?: string } | undefined;
  /** What happens when there is nothing for a field: it is refused, unless set, or keeps its initial value. */
  readonly missing?: "refuse" | "keep" | undefined;
  /** What happens with what is no field: it is left out, unless set, or refused. */
  readonly extra?: "ignore" | "refuse" | undefined;
}

/**
 * A class says how it is filled by {@link IntoOptions} under this symbol, as a static property.
 *
 * @example
 * class Order {
 *   static readonly [intoOptions]: IntoOptions<Order> = { fields: { lines: listOf(Line) } };
 *   lines: Line[] = [];
 * }
 */
export const intoOptions: unique symbol = Symbol.for("brine.into") as typeof intoOptions;

/** What a {@link Nested} makes. */
type Kind = "list" | "set" | "dict" | "record" | "tuple" | "optional" | "object";

/** What {@link listOf} and its like give: data. */
export class Nested<T> {
  /** Which of them. */
  readonly kind: Kind;
  /** What the parts are made of. */
  readonly of: readonly FieldSpec<unknown>[];
  /** For a class, how it is filled. */
  readonly options: IntoOptions | undefined;
  /** At run time there is nothing: the static type of what is made. */
  declare readonly made: T;

  constructor(kind: Kind, of: readonly FieldSpec<unknown>[], options?: IntoOptions) {
    this.kind = kind;
    this.of = of;
    this.options = options;
  }
}

/** A list or tuple of any length, as an `Array`. */
export const listOf = <T>(of: FieldSpec<T>): Nested<T[]> => new Nested("list", [of]);
/** A `set` or `frozenset`, as a `Set`. */
export const setOf = <T>(of: FieldSpec<T>): Nested<Set<T>> => new Nested("set", [of]);
/** A dict whose keys are strs, as a `Map`. */
export const dictOf = <T>(of: FieldSpec<T>): Nested<Map<string, T>> => new Nested("dict", [of]);
/** A dict whose keys are strs, as an object without a prototype. */
export const recordOf = <T>(of: FieldSpec<T>): Nested<Record<string, T>> => new Nested("record", [of]);
/** A tuple or list of exactly these items, as an `Array`. */
export const tupleOf = <Items extends readonly unknown[]>(
  ...of: { readonly [Index in keyof Items]: FieldSpec<Items[Index]> }
): Nested<Items> => new Nested("tuple", of);
/** What may be `None` or missing: `undefined` then. */
export const optionalOf = <T>(of: FieldSpec<T>): Nested<T | undefined> => new Nested("optional", [of]);
/** A class with options that it does not say itself. */
export const objectOf = <T extends object>(of: Fillable<T>, options: IntoOptions<T>): Nested<T> =>
  new Nested("object", [of], options);

/** A function that can be called with `new` has a `prototype`; an arrow function has none. */
const isClass = (spec: FieldSpec<unknown>): spec is Fillable<unknown> =>
  typeof spec === "function" && Object.hasOwn(spec, "prototype");

/** The named parts of a dict or an instance, and whether there are others; `undefined` if it is neither. */
function attributesOf(value: unknown): Map<string, unknown> | undefined {
  const entries = dictEntries(value);
  if (entries !== undefined) {
    const named = [...entries].filter((entry): entry is [string, unknown] => typeof entry[0] === "string");
    return new Map(named);
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof PyObject) {
    const { entries: items } = value;
    const named = items.filter((entry): entry is [string, unknown] => typeof entry[0] === "string");
    return new Map([...named, ...Object.entries(value.toObject())]);
  }
  const { toObject } = value as { readonly toObject?: unknown };
  if (typeof toObject === "function")
    return new Map(Object.entries(Reflect.apply(toObject, value, []) as Record<string, unknown>));
  const isOther =
    Array.isArray(value) || value instanceof Set || ArrayBuffer.isView(value) || pythonType in value;
  return isOther ? undefined : new Map(Object.entries(value));
}

/** What a field becomes whose kind nothing but its initial value tells. */
function readerFor(initial: unknown): FieldSpec<unknown> {
  if (typeof initial === "number") return (item) => item.number();
  if (typeof initial === "bigint") return (item) => item.bigint();
  if (typeof initial === "string") return (item) => item.string();
  if (typeof initial === "boolean") return (item) => item.boolean();
  const asIt: Read<unknown> = (item) => item.value;
  if (typeof initial !== "object" || initial === null) return asIt;
  if (Array.isArray(initial)) return (item) => item.list(asIt);
  if (initial instanceof Map) return (item) => item.dict(asIt, asIt);
  if (initial instanceof Set) return (item) => item.set(asIt);
  if (initial instanceof Uint8Array) return (item) => item.bytes();
  if (initial instanceof Date) return (item) => item.as("a datetime that has an instant", asDate);
  const prototype: unknown = Object.getPrototypeOf(initial);
  if (prototype === null || prototype === Object.prototype) return (item) => item.record(asIt);
  const of = initial.constructor as Fillable<unknown>;
  return pythonType in initial ? (item) => item.instance(of) : of;
}

function asDate(value: unknown): Date | undefined {
  if (value instanceof Date) return value;
  const toDate = (value as { readonly toDate?: unknown } | null)?.toDate;
  try {
    return typeof toDate === "function" ? (Reflect.apply(toDate, value, []) as Date) : undefined;
  } catch (error) {
    // In a zone whose offset is not known.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A field of a class, and what it is filled from. */
interface Field {
  readonly name: string;
  readonly spec: FieldSpec<unknown>;
  /** The attribute that `rename` says. */
  readonly source: string | undefined;
  /** Whether it may keep its initial value. */
  readonly isOptional: boolean;
  readonly words: string;
}

/** How a class is filled, as its first instance says. */
interface Plan {
  readonly fields: readonly Field[];
  readonly extra: "ignore" | "refuse";
}

const writable = { writable: true, enumerable: true, configurable: true } as const;

/** Attributes whose words are kept. */
const MAX_WORDS = 1000;

/** Fills instances and containers one after the other, however deep they are. */
class Filler {
  readonly #root: IntoOptions;
  /** What was made of an object, by the spec: what is one object in the value is one here, in cycles too. */
  readonly #made = new Map<unknown, Map<unknown, unknown>>();
  readonly #left: (() => void)[] = [];
  /** By class and options. */
  readonly #plans = new Map<unknown, Map<unknown, Plan>>();
  /** The words of attributes. Measured on 200,000 records of three: 5 µs each with these and the plans, 11 without. */
  readonly #words = new Map<string, string>();

  constructor(root: IntoOptions) {
    this.#root = root;
  }

  run(): void {
    // By index: what is filled adds to it.
    for (let index = 0; index < this.#left.length; index++) (this.#left[index] as () => void)();
  }

  /** What the spec makes of an item; what is in it may be filled in later. */
  make(spec: FieldSpec<unknown>, item: Unpacked): unknown {
    if (isClass(spec)) return this.instance(spec, item, undefined, spec);
    if (typeof spec === "function") return spec(item);
    const { kind } = spec;
    const of = spec.of[0] as FieldSpec<unknown>;
    if (kind === "optional") return item.value == null ? undefined : this.make(of, item);
    if (kind === "object") return this.instance(of as Fillable<unknown>, item, spec.options, spec);
    return this.#once(spec, item, () => this.#container(spec, of, item));
  }

  #container(spec: Nested<unknown>, of: FieldSpec<unknown>, item: Unpacked): unknown {
    const self = (part: Unpacked): Unpacked => part;
    const { kind } = spec;
    if (kind === "list" || kind === "tuple") {
      const parts = kind === "list" ? item.list(self) : item.tuple(...spec.of.map(() => self));
      const list: unknown[] = [];
      this.#left.push(() => {
        parts.forEach((part, index) => list.push(this.make(spec.of[index] ?? of, part)));
      });
      return list;
    }
    if (kind === "set") {
      const set = new Set();
      const parts = item.set(self);
      this.#left.push(() => {
        for (const part of parts) set.add(this.make(of, part));
      });
      return set;
    }
    const map = item.dict(self);
    const record = Object.create(null) as Record<string, unknown>;
    const made = new Map<string, unknown>();
    this.#left.push(() => {
      for (const [name, part] of map) {
        const value = this.make(of, part);
        if (kind === "record") record[name] = value;
        else made.set(name, value);
      }
    });
    return kind === "record" ? record : made;
  }

  #once(spec: unknown, item: Unpacked, make: () => unknown): unknown {
    const { value } = item;
    let known = this.#made.get(value);
    if (known === undefined) this.#made.set(value, (known = new Map()));
    let made = known.get(spec);
    if (made === undefined) known.set(spec, (made = make()));
    return made;
  }

  instance(of: Fillable<unknown>, item: Unpacked, given: IntoOptions | undefined, key: unknown): unknown {
    if (item.value instanceof of) return item.value;
    return this.#once(key, item, () => {
      const attributes = attributesOf(item.value) ?? item.refuse(`a dict or an instance, for ${of.name}`);
      const instance = new of() as Record<string, unknown>;
      this.#left.push(() => this.#fill(instance, attributes, item, of, given));
      return instance;
    });
  }

  #planFor(of: Fillable<unknown>, given: IntoOptions | undefined, instance: Record<string, unknown>): Plan {
    let plans = this.#plans.get(of);
    if (plans === undefined) this.#plans.set(of, (plans = new Map<unknown, Plan>()));
    let plan = plans.get(given);
    if (plan !== undefined) return plan;
    const own = (of as { readonly [intoOptions]?: IntoOptions })[intoOptions];
    const { missing = "refuse", extra = "ignore" } = { ...this.#root, ...own, ...given };
    const specs = { ...own?.fields, ...given?.fields } as Record<string, FieldSpec<unknown>>;
    const renamed = { ...own?.rename, ...given?.rename } as Record<string, string>;
    const names = new Set([
      ...Object.keys(instance).filter((name) => typeof instance[name] !== "function"),
      ...Object.keys(specs),
    ]);
    const fields = Array.from(names, (name): Field => {
      const spec = (Object.hasOwn(specs, name) ? specs[name] : undefined) ?? readerFor(instance[name]);
      const source = Object.hasOwn(renamed, name) ? renamed[name] : undefined;
      const isOptional = missing === "keep" || (spec instanceof Nested && spec.kind === "optional");
      return { name, spec, source, isOptional, words: attributeKey(name) };
    });
    plans.set(given, (plan = { fields, extra }));
    return plan;
  }

  #fill(
    instance: Record<string, unknown>,
    attributes: Map<string, unknown>,
    item: Unpacked,
    of: Fillable<unknown>,
    given: IntoOptions | undefined,
  ): void {
    const { fields, extra } = this.#planFor(of, given, instance);
    const sources = this.#sources(fields, attributes, item);
    for (const [index, { name, spec, isOptional }] of fields.entries()) {
      const source = sources[index];
      if (source === undefined && isOptional) continue;
      const part = new Unpacked(attributes.get(source ?? ""), item, source ?? name);
      if (source === undefined) part.refuse(`the field ${name} of ${of.name}`);
      const value = this.make(spec, part);
      // Assigned it would be the prototype.
      if (name === "__proto__") Object.defineProperty(instance, name, { ...writable, value });
      else instance[name] = value;
    }
    if (extra === "ignore") return;
    const taken = new Set(sources);
    for (const [name, value] of dictEntries(item.value) ?? attributes)
      if (typeof name !== "string" || !taken.has(name))
        new Unpacked(value, item, name).refuse(`no more than the fields of ${of.name}`);
  }

  /** Which attribute each field is filled from: the one that `rename` says, else of the same name, else of the same words. */
  #sources(
    fields: readonly Field[],
    attributes: ReadonlyMap<string, unknown>,
    item: Unpacked,
  ): (string | undefined)[] {
    const sources = fields.map(({ name, source = name }) => (attributes.has(source) ? source : undefined));
    if (!fields.some(({ source }, index) => source === undefined && sources[index] === undefined))
      return sources;
    const taken = new Set(sources);
    const byWords = new Map<string, string[]>();
    for (const attribute of attributes.keys()) {
      if (taken.has(attribute)) continue;
      const words = this.#wordsOf(attribute);
      const known = byWords.get(words);
      if (known === undefined) byWords.set(words, [attribute]);
      else if (known.length === 1) known.push(attribute);
    }
    for (const [index, { name, source, words }] of fields.entries()) {
      if (source !== undefined || sources[index] !== undefined) continue;
      const [found, other] = byWords.get(words) ?? [];
      if (other !== undefined) {
        throw new UnpicklingError("unexpected-value", `both ${found} and ${other} may be the field ${name}`, {
          path: item.path,
          advice: "Say which by the option rename",
        });
      }
      sources[index] = found;
    }
    return sources;
  }

  #wordsOf(attribute: string): string {
    let words = this.#words.get(attribute);
    if (words === undefined) {
      words = attributeKey(attribute);
      if (this.#words.size < MAX_WORDS) this.#words.set(attribute, words);
    }
    return words;
  }
}

/**
 * Makes an instance of a class from a dict, or from the attributes of an instance, loaded plain or exact.
 *
 * The fields are the own properties of `new Class()` (but for functions), and those that the option `fields` names. What `fields` does
 * not say is checked by the field's initial value: a number, bigint, string, boolean, bytes; an `Array`, `Map`, `Set` or object of
 * anything; a `Date`; an instance of a class, which is filled in turn. An initial value of `undefined` or `null` takes anything.
 *
 * What is one object in the value is one instance, in cycles too. `value` itself is returned if it is an instance of the class.
 *
 * @throws UnpicklingError `unexpected-value`, with the path; what the constructor throws
 * @example
 * class Customer { name = ""; emailAddress = ""; }
 * into(Customer, loads(data)) // of { name: …, email_address: … }
 */
export function into<T extends object>(of: Fillable<T>, value: unknown, options: IntoOptions<T> = {}): T {
  const { missing, extra } = options;
  const filler = new Filler({ ...(missing && { missing }), ...(extra && { extra }) });
  const instance = filler.instance(of, new Unpacked(value), options, of);
  filler.run();
  return instance as T;
}
