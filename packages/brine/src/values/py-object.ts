import { inspectAs, inspectCustom, type Inspect, type InspectOptions } from "./inspect.ts";
import { isPlainObject, pythonType } from "./python-type.ts";
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
 * An operation of the log: of `append`, `add` and `set`, where its items or entries end among all of them.
 *
 * @internal
 */
export type LogRecord =
  | { readonly kind: "append" | "add" | "set"; end: number }
  | Extract<PyObjectOperation, { kind: "build" | "call" }>;

function isMapping(value: unknown): value is Map<unknown, unknown> | Record<string, unknown> {
  return typeof value === "object" && value !== null && (value instanceof Map || isPlainObject(value));
}

/**
 * An instance of a class that nobody has told brine about: what a pickle says of it, and nothing was run. Reading: {@link get} and
 * {@link toObject} give its attributes as far as its state is a dict or the pair of dicts of a class with slots.
 *
 * It keeps the order in which all was done to it, so that `dumps` writes it as it was. `items`, `entries` and what `state` holds may be
 * changed in place and are written as they are then.
 */
export class PyObject {
  /** The class or callable: a `PyGlobal` as a rule; another `PyObject` or anything else that a pickle calls. */
  readonly type: unknown;
  /** The positional arguments: a `Tuple`, in plain mode an `Array`; for something stranger that stands in their place, that. */
  readonly args: unknown;
  /** The keyword arguments of NEWOBJ_EX, otherwise `undefined`. */
  readonly kwargs: Map<string, unknown> | undefined;
  /** How it was built. */
  readonly how: PyObjectBuild;
  /** Whether it was loaded in plain mode, so that what it holds has lost its Python types and `dumps` refuses it. */
  readonly loadedPlain: boolean;
  /** What BUILD gave last, `undefined` if there was none. */
  state: unknown;
  // Made when there is something in them, as most objects have none.
  #items: unknown[] | undefined;
  #entries: [unknown, unknown][] | undefined;
  // Only if the order is not the one that CPython writes: items, entries, one state.
  #log: LogRecord[] | undefined;

  /** An instance of `type`, called with `args` (none unless given). */
  constructor(type: unknown, args: unknown = [], parts?: PyObjectParts) {
    this.type = type;
    this.args = args;
    this.kwargs = parts?.kwargs;
    this.how = parts?.how ?? (parts?.kwargs ? "newobj_ex" : "newobj");
    this.loadedPlain = parts?.plain === true;
    this.state = parts?.state;
    this.#items = parts?.items;
    this.#entries = parts?.entries;
    this.#log = undefined;
  }

  /** What APPEND, APPENDS and ADDITEMS gave. */
  get items(): unknown[] {
    return (this.#items ??= []);
  }

  /** What SETITEM and SETITEMS gave. */
  get entries(): [unknown, unknown][] {
    return (this.#entries ??= []);
  }

  /** The log, begun with what was done so far if it is not kept yet. */
  #keepLog(): LogRecord[] {
    if (this.#log === undefined) {
      const log: LogRecord[] = (this.#log = []);
      if (this.#items?.length) log.push({ kind: "append", end: this.#items.length });
      if (this.#entries?.length) log.push({ kind: "set", end: this.#entries.length });
      if (this.state !== undefined) log.push({ kind: "build", state: this.state });
    }
    return this.#log;
  }

  #record(kind: "append" | "add" | "set", end: number): void {
    const log = this.#keepLog();
    const last = log.at(-1);
    if (last?.kind === kind) last.end = end;
    else log.push({ kind, end });
  }

  /** Takes items `source[start..end)`, as APPENDS does. */
  appendItems(source: readonly unknown[], start = 0, end: number = source.length): void {
    this.#take(source, start, end, "append", !!this.#entries?.length || this.state !== undefined);
  }

  /** Takes items `source[start..end)`, as ADDITEMS does. */
  addItems(source: readonly unknown[], start = 0, end: number = source.length): void {
    this.#take(source, start, end, "add", true);
  }

  #take(
    source: readonly unknown[],
    start: number,
    end: number,
    kind: "append" | "add",
    unusual: boolean,
  ): void {
    if (start >= end) return;
    if (unusual) this.#keepLog();
    const { items } = this;
    for (let index = start; index < end; index++) items.push(source[index]);
    if (this.#log !== undefined) this.#record(kind, items.length);
  }

  /** Takes entries, key and value by turns, of `flat[start..end)`, as SETITEMS does. */
  setItems(flat: readonly unknown[], start = 0, end: number = flat.length): void {
    if (start >= end) return;
    if (this.state !== undefined) this.#keepLog();
    const { entries } = this;
    for (let index = start; index < end; index += 2) entries.push([flat[index], flat[index + 1]]);
    if (this.#log !== undefined) this.#record("set", entries.length);
  }

  /** Takes a state, as BUILD does; the one before it is kept in the log only. */
  build(state: unknown): void {
    if (this.state !== undefined) this.#keepLog();
    this.#log?.push({ kind: "build", state });
    this.state = state;
  }

  /** Notes a call whose result was thrown away: `callable(*args)`, the object being one of `args`. */
  called(callable: unknown, args: unknown): void {
    this.#keepLog().push({ kind: "call", callable, args });
  }

  /**
   * The operations in order, if the order is not the usual one; for `operationsOf`.
   *
   * @internal
   */
  get log(): readonly LogRecord[] | undefined {
    return this.#log;
  }

  /** The dicts of attributes in the state: one, or two for a class with slots, the slots last; none for another kind of state. */
  #attributes(): (Map<unknown, unknown> | Record<string, unknown>)[] {
    const { state } = this;
    const parts: unknown[] = Array.isArray(state) && state.length === 2 ? state : [state];
    return parts.every((part) => part === null || isMapping(part)) ? parts.filter(isMapping) : [];
  }

  /** An attribute as its state gives it, slots too; `undefined` if there is none. Never looks into a prototype. */
  get(name: string): unknown {
    for (const part of this.#attributes().toReversed()) {
      if (part instanceof Map ? part.has(name) : Object.hasOwn(part, name)) {
        return part instanceof Map ? part.get(name) : part[name];
      }
    }
    return undefined;
  }

  /** All attributes as its state gives them, slots too, in an object without a prototype. */
  toObject(): Record<string, unknown> {
    const object = Object.create(null) as Record<string, unknown>;
    for (const part of this.#attributes()) {
      for (const [name, value] of part instanceof Map ? part : Object.entries(part)) {
        if (typeof name === "string") object[name] = value;
      }
    }
    return object;
  }

  /** The parts that are not empty, in an object without a prototype, under the names they have here, the type as `$type`. */
  toJSON(): Record<string, unknown> {
    const object = Object.create(null) as Record<string, unknown>;
    object["$type"] = this.type instanceof PyGlobal ? this.type.toString() : this.type;
    if (!Array.isArray(this.args) || this.args.length > 0) object["args"] = this.args;
    if (this.kwargs?.size) object["kwargs"] = Object.fromEntries(this.kwargs);
    if (this.state !== undefined) object["state"] = this.state;
    if (this.#items?.length) object["items"] = this.#items;
    if (this.#entries?.length) object["entries"] = this.#entries;
    return object;
  }

  /** The Python type's name: the class's own, without its module. */
  get [pythonType](): string {
    const { type } = this;
    return type instanceof PyGlobal ? type.name.slice(type.name.lastIndexOf(".") + 1) : "object";
  }

  [inspectCustom](depth: number | null, options: InspectOptions, inspect?: Inspect): string {
    const { $type, ...parts } = this.toJSON();
    const label = typeof $type === "string" ? `PyObject(${$type})` : "PyObject";
    return inspectAs(
      this,
      label,
      () => (typeof $type === "string" ? parts : { type: $type, ...parts }),
      depth,
      options,
      inspect,
    );
  }
}
