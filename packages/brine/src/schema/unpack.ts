import { UnpicklingError } from "../errors.ts";
import { PyGlobal } from "../values/py-global.ts";
import { PyObject } from "../values/py-object.ts";
import { isPlainObject, pythonType, pythonTypeName } from "../values/python-type.ts";
import { foundText } from "./found.ts";
import { childOf, stepText } from "./steps.ts";

/** Reads one part of a value: an arrow function such as `(item) => item.int()`. */
export type Read<T> = (item: Unpacked) => T;

/** What an int must be, both ends included. */
export interface IntRange {
  /** The least. */
  readonly min?: number | bigint | undefined;
  /** The greatest. */
  readonly max?: number | bigint | undefined;
}

/** What a number must be, both ends included; NaN is in no range. */
export interface NumberRange {
  /** The least. */
  readonly min?: number | undefined;
  /** The greatest. */
  readonly max?: number | undefined;
  /** Whether NaN and the infinities are refused; `false` unless set. */
  readonly finite?: boolean | undefined;
}

/** What can be a literal. */
type Literal = string | number | bigint | boolean | null;

const rangeText = (name: string, { min, max }: IntRange): string =>
  name +
  (min !== undefined && max !== undefined
    ? ` from ${min} to ${max}`
    : min !== undefined
      ? ` of at least ${min}`
      : max !== undefined
        ? ` of at most ${max}`
        : "");

const isIn = (value: number | bigint, { min, max }: IntRange): boolean =>
  (min === undefined || value >= min) && (max === undefined || value <= max);

/** An int, of whatever form; a `number` beyond the safe integers is none, for it may have lost digits. */
function asInt(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
}

const isSame = (value: unknown, literal: Literal): boolean =>
  value === literal ||
  (typeof value === "bigint" && typeof literal === "number" && asInt(literal) === value) ||
  (typeof value === "number" && typeof literal === "bigint" && asInt(value) === literal);

/** What a literal looks like in a message. */
const literalText = (literal: Literal): string =>
  typeof literal === "string" ? JSON.stringify(literal) : String(literal);

/** The entries of a dict in whatever form it was loaded, `undefined` if it is none. */
export function dictEntries(value: unknown): Iterable<[unknown, unknown]> | undefined {
  if (value instanceof Map) return value as Map<unknown, unknown>;
  return typeof value === "object" && value !== null && isPlainObject(value)
    ? Object.entries(value)
    : undefined;
}

/**
 * A value, or a part of one, to be taken apart with checks: {@link unpack} makes it. Each method gives the value in the form that its
 * name says, or throws an UnpicklingError, `unexpected-value`, with the path and what is there.
 */
export class Unpacked {
  /** The value itself, unchecked; `undefined` if there is none. */
  readonly value: unknown;
  readonly #parent: Unpacked | undefined;
  readonly #key: unknown;

  /** The part of `parent` under `key`, `value`; the root without them. */
  constructor(value: unknown, parent?: Unpacked, key?: unknown) {
    this.value = value;
    this.#parent = parent;
    this.#key = key;
  }

  /** Where it is, from the value that `unpack` was given: `$.users[3].owner`. */
  get path(): string {
    const steps: string[] = [];
    let key = this.#key;
    for (let parent = this.#parent; parent !== undefined; parent = parent.#parent) {
      steps.push(stepText(key));
      key = parent.#key;
    }
    return `$${steps.toReversed().join("")}`;
  }

  /** Whether there is anything: `false` for a key or index that is not there. */
  get exists(): boolean {
    return this.value !== undefined;
  }

  /**
   * Says that something else is asked for here.
   *
   * @param expected such as `"an int"`
   * @throws UnpicklingError always
   */
  refuse(expected: string): never {
    throw new UnpicklingError("unexpected-value", `expected ${expected}`, {
      path: this.path,
      advice: `Found ${foundText(this.value)}`,
    });
  }

  /** An int as a `number`: one that is safe and in the range. A `bool` is none, nor is a float with a fraction. */
  int(range: IntRange = {}): number {
    const int = asInt(this.value);
    const number = Number(int);
    if (int === undefined || !Number.isSafeInteger(number) || !isIn(int, range))
      this.refuse(
        typeof this.value === "bigint" && isIn(this.value, range)
          ? `${rangeText("an int", range)} that a number holds (bigint() takes larger ones)`
          : rangeText("an int", range),
      );
    return number;
  }

  /** An int of any size as a `bigint`. A `number` must be a safe integer. */
  bigint(range: IntRange = {}): bigint {
    const int = asInt(this.value);
    if (int === undefined || !isIn(int, range)) this.refuse(rangeText("an int", range));
    return int;
  }

  /** A float, or an int that a `number` holds exactly. */
  number(range: NumberRange = {}): number {
    const { value } = this;
    const number = typeof value === "bigint" ? Number(value) : value;
    const isExact =
      typeof value !== "bigint" || (Number.isFinite(number) && BigInt(number as number) === value);
    const isRefused =
      typeof number !== "number" ||
      !isExact ||
      !isIn(number, range) ||
      (range.finite === true && !Number.isFinite(number));
    if (isRefused)
      this.refuse(
        isExact
          ? rangeText(range.finite === true ? "a finite number" : "a number", range)
          : "an int that a number holds exactly",
      );
    return number;
  }

  /** A `str`. */
  string(): string {
    return typeof this.value === "string" ? this.value : this.refuse("a str");
  }

  /** A `bool`. */
  boolean(): boolean {
    return typeof this.value === "boolean" ? this.value : this.refuse("a bool");
  }

  /** `None`. */
  none(): null {
    return this.value === null ? null : this.refuse("None");
  }

  /** `bytes`, or a `bytearray` or its view: no copy. */
  bytes(): Uint8Array {
    return this.value instanceof Uint8Array ? this.value : this.refuse("bytes");
  }

  /** One of these; ints are compared by value, and given as they are here. */
  literal<const Literals extends readonly Literal[]>(...literals: Literals): Literals[number] {
    for (const literal of literals) if (isSame(this.value, literal)) return literal;
    return this.refuse(literals.map(literalText).join(" or "));
  }

  /** What `read` gives; `undefined` for `None` and for what is not there. */
  optional<T>(read: Read<T>): T | undefined {
    return this.value == null ? undefined : read(this);
  }

  /** What `read` gives; `null` for `None`. */
  nullable<T>(read: Read<T>): T | null {
    return this.value === null ? null : read(this);
  }

  /** What the first of these gives that takes the value. What is thrown for other reasons comes through. */
  oneOf<const Reads extends readonly Read<unknown>[]>(...reads: Reads): ReturnType<Reads[number]> {
    const reasons: string[] = [];
    for (const read of reads) {
      try {
        return read(this) as ReturnType<Reads[number]>;
      } catch (error) {
        if (!(error instanceof UnpicklingError) || error.code !== "unexpected-value") throw error;
        const { words, path } = error;
        const reason = words.replace("expected ", "");
        reasons.push(path === this.path ? reason : `${reason} at ${path}`);
      }
    }
    return this.refuse(reasons.join(", or "));
  }

  /** What `read` makes of the value; `undefined` refuses it, as no `expected`. */
  as<T>(expected: string, read: (value: unknown) => T | undefined): T {
    return read(this.value) ?? this.refuse(expected);
  }

  #array(expected: string): readonly unknown[] {
    return Array.isArray(this.value) ? (this.value as readonly unknown[]) : this.refuse(expected);
  }

  /** A list of any length; a tuple or deque counts as one. */
  list<T>(of: Read<T>): T[] {
    return this.#array("a list").map((item, index) => of(new Unpacked(item, this, index)));
  }

  /** A tuple or list of exactly these items. */
  tuple<const Reads extends readonly Read<unknown>[]>(
    ...of: Reads
  ): { -readonly [Index in keyof Reads]: ReturnType<Reads[Index]> } {
    const expected = `a tuple of length ${of.length}`;
    const items = this.#array(expected);
    if (items.length !== of.length) this.refuse(expected);
    return of.map((read, index) => read(new Unpacked(items[index], this, index))) as {
      -readonly [Index in keyof Reads]: ReturnType<Reads[Index]>;
    };
  }

  /** A `set` or `frozenset`. The path of an item is its place. */
  set<T>(of: Read<T>): Set<T> {
    if (!(this.value instanceof Set)) this.refuse("a set");
    return new Set(
      Array.from(this.value as Set<unknown>, (item, index) => of(new Unpacked(item, this, index))),
    );
  }

  *#entries(): Generator<[key: unknown, value: Unpacked], void> {
    const entries = dictEntries(this.value) ?? this.refuse("a dict");
    for (const [key, value] of entries) yield [key, new Unpacked(value, this, key)];
  }

  /** A dict as a `Map`; its keys are strs unless `key` reads them. */
  dict<T>(of: Read<T>): Map<string, T>;
  /** A dict as a `Map`, its keys as `key` reads them. */
  dict<T, K>(of: Read<T>, key: Read<K>): Map<K, T>;
  dict<T>(of: Read<T>, key: Read<unknown> = (item) => item.string()): Map<unknown, T> {
    const map = new Map<unknown, T>();
    for (const [name, item] of this.#entries()) {
      const place = Symbol(`key ${map.size}`);
      map.set(key(new Unpacked(name, this, place)), of(item));
    }
    return map;
  }

  /** A dict whose keys are strs as an object without a prototype, so that any key can be looked up on it. */
  record<T>(of: Read<T>): Record<string, T> {
    const record = Object.create(null) as Record<string, T>;
    for (const [name, value] of this.dict(of)) record[name] = value;
    return record;
  }

  /** The named parts of a dict, or attributes of an instance, as an object; others are left out. */
  object<Reads extends Readonly<Record<string, Read<unknown>>>>(
    of: Reads,
  ): { -readonly [Name in keyof Reads]: ReturnType<Reads[Name]> } {
    return Object.fromEntries(Object.entries(of).map(([name, read]) => [name, read(this.get(name))])) as {
      -readonly [Name in keyof Reads]: ReturnType<Reads[Name]>;
    };
  }

  /** What a dict has under a key, or an instance as an attribute. A key that is not there gives what does not exist. */
  get(key: unknown): Unpacked {
    const { value } = this;
    const isDict = dictEntries(value) !== undefined || value instanceof PyObject;
    if (isDict) return new Unpacked(childOf(value, key), this, key);
    if (typeof value !== "object" || value === null || typeof key !== "string")
      this.refuse("a dict, or an instance with attributes");
    const attributes = value as { get?: (name: string) => unknown };
    // Of the library's own classes, such as NamedTuple, and of a user's.
    if (typeof attributes.get === "function") return new Unpacked(attributes.get(key), this, key);
    const isOther =
      Array.isArray(value) || value instanceof Set || ArrayBuffer.isView(value) || pythonType in value;
    if (isOther) this.refuse("a dict, or an instance with attributes");
    return new Unpacked(childOf(value, key), this, key);
  }

  /** The item of a list or tuple, counted from the end if negative. An index that is not there gives what does not exist. */
  at(index: number): Unpacked {
    const items = this.#array("a list or tuple");
    return new Unpacked(items.at(index), this, index < 0 ? items.length + index : index);
  }

  /** An instance of the Python class of this name, `"module.Class"`, that has no class in JavaScript. */
  instance(name: string): PyObject;
  /** An instance of a JavaScript class, such as `PyDateTime`. */
  instance<T>(of: abstract new (...args: never) => T): T;
  instance(of: string | (abstract new (...args: never) => unknown)): unknown {
    const { value } = this;
    if (typeof of !== "string") return value instanceof of ? value : this.refuse(`an instance of ${of.name}`);
    const isIt = value instanceof PyObject && value.type instanceof PyGlobal && String(value.type) === of;
    if (isIt) return value;
    const isKnown = typeof value === "object" && value !== null && pythonTypeName(value) === of;
    return this.refuse(
      isKnown
        ? `a PyObject of ${of} (instance(${value.constructor.name}) takes this one)`
        : `an instance of ${of}`,
    );
  }
}

/**
 * Takes a loaded value apart, plain or exact, with checks.
 *
 * @throws UnpicklingError `unexpected-value`, with the path, from the methods of what it gives
 * @example
 * const order = unpack(loads(data));
 * const id = order.get("id").int({ min: 1 });
 * const tags = order.get("tags").list((tag) => tag.string());
 */
export function unpack(value: unknown): Unpacked {
  return new Unpacked(value);
}
