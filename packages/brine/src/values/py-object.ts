import { attributeOf, attributesOf } from "./attributes.ts";
import { inspectAs, inspectCustom, type InspectArguments } from "./inspect.ts";
import { pythonType, withoutPrototype } from "./python-type.ts";
import { PyGlobal } from "./py-global.ts";

/** How an object was, or is to be, built: by which opcode (`"reduce"`: `type(*args)`; `"newobj"`: `type.__new__(type, *args)`). */
export type PyObjectBuild = "reduce" | "newobj" | "newobj_ex" | "inst" | "obj" | "getattr";

/** Something that was done to an object after it was built. */
export type PyObjectOperation =
  /** APPEND, APPENDS: `object.append(item)` for each, or `object.extend(items)`. */
  | { readonly kind: "append"; readonly items: readonly unknown[] }
  /** ADDITEMS: `object.add(item)` for each. */
  | { readonly kind: "add"; readonly items: readonly unknown[] }
  /** SETITEM, SETITEMS: `object[key] = value` for each. */
  | { readonly kind: "set"; readonly entries: readonly (readonly [unknown, unknown])[] }
  /** BUILD: `object.__setstate__(state)`, or the state's entries set as attributes. */
  | { readonly kind: "build"; readonly state: unknown }
  /** A call whose result was thrown away, as for a state setter: `callable(*args)`, the object being one of `args`. */
  | { readonly kind: "call"; readonly callable: unknown; readonly args: unknown };

/** What a {@link PyObject} may be made of besides its type and arguments. */
export interface PyObjectParts {
  /** Keyword arguments, for `"newobj_ex"`. */
  readonly kwargs?: Map<string, unknown> | undefined;
  /** What BUILD is to give, `undefined` for no BUILD. */
  readonly state?: unknown;
  /** What is to be appended. */
  readonly items?: unknown[] | undefined;
  /** What is to be set by key. */
  readonly entries?: [unknown, unknown][] | undefined;
  /** How it is to be built: `"newobj_ex"` if there are `kwargs`, else `"newobj"`, unless given. */
  readonly how?: PyObjectBuild | undefined;
  /** Whether it comes from a load in plain mode. */
  readonly plain?: boolean | undefined;
}

/**
 * An operation of the log: of `append`, `add` and `set` with the place where its items or entries end among all of them; of `build` with
 * the state, `undefined` for none; of `call` with the callable and the arguments.
 *
 * @internal
 */
export type LogRecord =
  | [kind: "append" | "add" | "set", end: number]
  | [kind: "build", state: unknown]
  | [kind: "call", callable: unknown, args: unknown];

/** What is taken: `source[start..end)`, all of it unless told. */
type Slice = [source: readonly unknown[], start?: number, end?: number];

/**
 * An instance of a class that nobody has told brine about: what a pickle says of it, and nothing was run. Reading: {@link get} and
 * {@link toObject} give its attributes as far as its state is a dict or the pair of dicts of a class with slots.
 *
 * It keeps the order in which all was done to it, so that `dumps` writes it as it was. `items`, `entries` and what `state` holds may be
 * changed in place and are written as they are then.
 */
export class PyObject {
  /** The class or callable: a `PyGlobal` as a rule; another `PyObject` or anything else that a pickle calls. */
  declare readonly type: unknown;
  /** The positional arguments: a `Tuple`, in plain mode an `Array`; for something stranger that stands in their place, that. */
  declare readonly args: unknown;
  /** The keyword arguments of NEWOBJ_EX, otherwise `undefined`. */
  declare readonly kwargs: Map<string, unknown> | undefined;
  /** How it was built. */
  declare readonly how: PyObjectBuild;
  /** Whether it was loaded in plain mode, so that what it holds has lost its Python types and `dumps` refuses it. */
  declare readonly loadedPlain: boolean;
  /** What BUILD gave last, `undefined` if there was none. */
  declare state: unknown;
  // Most objects have neither: an array each would make a load of 100,000 take a fifth longer.
  #items: unknown[] | undefined;
  #entries: [unknown, unknown][] | undefined;
  /**
   * All operations, if their order is not the one that CPython writes: items, entries, one state. For `operationsOf`.
   *
   * @internal
   */
  declare log: LogRecord[] | undefined;

  /** An instance of `type`, called with `args` (none unless given). */
  constructor(type: unknown, args: unknown = [], parts: PyObjectParts = {}) {
    const { kwargs } = parts;
    this.type = type;
    this.args = args;
    this.kwargs = kwargs;
    this.how = parts.how ?? (kwargs ? "newobj_ex" : "newobj");
    this.loadedPlain = parts.plain === true;
    this.state = parts.state;
    this.#items = parts.items;
    this.#entries = parts.entries;
    this.log = undefined;
  }

  /** What APPEND, APPENDS and ADDITEMS gave. */
  get items(): unknown[] {
    return (this.#items ??= []);
  }

  /** What SETITEM and SETITEMS gave. */
  get entries(): [unknown, unknown][] {
    return (this.#entries ??= []);
  }

  /**
   * Whether items or entries may be there; to ask for those makes an array of each.
   *
   * @internal
   */
  get hasParts(): boolean {
    return (this.#items ?? this.#entries) !== undefined;
  }

  /** Notes what comes next if that, or something before it, makes the order unusual. */
  #note(isUsual: boolean, ...record: LogRecord): void {
    if (isUsual && this.state === undefined && this.log === undefined) return;
    this.log ??= [
      ["append", this.items.length],
      ["set", this.entries.length],
      ["build", this.state],
    ];
    this.log.push(record);
  }

  /** Takes items `source[start..end)`, as APPENDS does. */
  appendItems(...slice: Slice): void {
    this.#take("append", this.entries.length === 0, ...slice);
  }

  /** Takes items `source[start..end)`, as ADDITEMS does. */
  addItems(...slice: Slice): void {
    this.#take("add", false, ...slice);
  }

  #take(
    kind: "append" | "add",
    isUsual: boolean,
    source: readonly unknown[],
    start = 0,
    end: number = source.length,
  ): void {
    if (start >= end) return;
    this.#note(isUsual, kind, this.items.length + end - start);
    for (let index = start; index < end; index++) this.items.push(source[index]);
  }

  /** Takes entries, key and value by turns, of `flat[start..end)`, as SETITEMS does. */
  setItems(...[flat, start = 0, end = flat.length]: Slice): void {
    if (start >= end) return;
    this.#note(true, "set", this.entries.length + (end - start) / 2);
    for (let index = start; index < end; index += 2) this.entries.push([flat[index], flat[index + 1]]);
  }

  /** Takes a state, as BUILD does; the one before it is kept in the log only. */
  build(state: unknown): void {
    this.#note(true, "build", state);
    this.state = state;
  }

  /** Notes a call whose result was thrown away: `callable(*args)`, the object being one of `args`. */
  called(callable: unknown, args: unknown): void {
    this.#note(false, "call", callable, args);
  }

  /** An attribute as its state gives it, slots too; `undefined` if there is none. Never looks into a prototype. */
  get(name: string): unknown {
    return attributeOf(this.state, name);
  }

  /** All attributes as its state gives them, slots too, in an object without a prototype. */
  toObject(): Record<string, unknown> {
    return attributesOf(this.state);
  }

  /** The parts that are not empty, in an object without a prototype, under the names they have here, the type as `$type`. */
  toJSON(): Record<string, unknown> {
    const { type, args, kwargs, state, items, entries } = this;
    const parts = Object.entries({
      $type: type instanceof PyGlobal ? String(type) : type,
      args,
      kwargs: kwargs && Object.fromEntries(kwargs),
      state,
      items,
      entries,
    });
    return withoutPrototype(
      parts.filter(([, part]) => part !== undefined && (part as unknown[] | null)?.length !== 0),
    );
  }

  /** The Python type's name: the class's own, without its module. */
  get [pythonType](): string {
    return (this.type instanceof PyGlobal && this.type.name.split(".").at(-1)) || "object";
  }

  /** What `util.inspect` shows. */
  [inspectCustom](...how: InspectArguments): string {
    const json = this.toJSON();
    const { $type, ...parts } = json;
    const isNamed = typeof $type === "string";
    return inspectAs(
      this,
      isNamed ? `PyObject(${$type})` : "PyObject",
      () => (isNamed ? parts : { ...json }),
      ...how,
    );
  }
}
