import { frozenKey } from "../values/frozen-key.ts";
import { pythonKey } from "../values/key.ts";
import { PyDict } from "../values/py-dict.ts";
import { PyGlobal } from "../values/py-global.ts";
import { pythonType } from "../values/python-type.ts";
import { pythonEquals } from "./equality.ts";
import type { TypeDefinition } from "./registry.ts";
import { attributeOf, entriesOf } from "../values/attributes.ts";
import { builtin, define, keepState, newObject, written } from "./value.ts";

/** Keys that are tuples or frozensets of plain mode, as what they are compared by. */
const frozen = /* @__PURE__ */ new WeakMap<object, unknown>();

/** A dict of the standard library: a `PyDict` (a `Map`) that keeps its class and its attributes. */
export class PyDictType<K = unknown, V = unknown> extends PyDict<K, V> {
  /** Attributes set on the object itself, as BUILD gives them; `undefined` if there are none. */
  declare state: unknown;

  /** The Python class. */
  get type(): PyGlobal {
    return builtin("dict");
  }

  /** Whether Python holds the two to be equal. */
  equals(other: unknown): boolean {
    return pythonEquals(this, other);
  }

  /** The Python class's name. */
  override get [Symbol.toStringTag](): string {
    return String(this.type);
  }

  /** The Python type's name. */
  get [pythonType](): string {
    return String(this.type);
  }

  /** Unhashable. */
  [pythonKey](): undefined {
    return undefined;
  }
}

/** Python's `collections.OrderedDict`: a dict whose order counts when it is compared with another one. */
export class PyOrderedDict<K = unknown, V = unknown> extends PyDictType<K, V> {
  /** The Python class. */
  override get type(): PyGlobal {
    return new PyGlobal("collections", "OrderedDict");
  }
}

/** Python's `collections.defaultdict`: what makes a missing value is kept, and never called. */
export class PyDefaultDict<K = unknown, V = unknown> extends PyDictType<K, V> {
  /** The class or function that makes a missing value, `null` for none. */
  declare defaultFactory: unknown;

  /** @param defaultFactory such as `new PyGlobal("builtins", "list")` */
  constructor(defaultFactory: unknown = null, entries?: Iterable<readonly [K, V]> | null) {
    super(entries);
    this.defaultFactory = defaultFactory;
  }

  /** The Python class. */
  override get type(): PyGlobal {
    return new PyGlobal("collections", "defaultdict");
  }
}

/** Python's `collections.Counter`: how often each key comes, maybe less than never. */
export class PyCounter<K = unknown> extends PyDictType<K, number | bigint> {
  /** The Python class. */
  override get type(): PyGlobal {
    return new PyGlobal("collections", "Counter");
  }
}

/** Counts the items of an iterable. */
export function counterOf<K>(items: Iterable<K>): PyCounter<K> {
  const counter = new PyCounter<K>();
  for (const item of items) counter.set(item, BigInt(counter.get(item) ?? 0) + 1n);
  return counter;
}

/** The keys with their counts, the most frequent first. */
export function mostCommon<K>(counter: PyCounter<K>): [K, number | bigint][] {
  return [...counter].sort(([, a], [, b]) => Number(a < b) - Number(a > b));
}

/** Python's `http.cookies.Morsel`: the attributes of one cookie; name, value and coded value are in the state. */
export class PyMorsel extends PyDictType<string> {
  /** The Python class. */
  override get type(): PyGlobal {
    return new PyGlobal("http.cookies", "Morsel");
  }

  /** Name of the cookie. */
  get key(): unknown {
    return attributeOf(this.state, "key");
  }

  /** Its value. */
  get value(): unknown {
    return attributeOf(this.state, "value");
  }

  /** Its value as it is sent. */
  get codedValue(): unknown {
    return attributeOf(this.state, "coded_value");
  }
}

/** Python's `http.cookies.SimpleCookie`: cookies by name, each a {@link PyMorsel}. */
export class PySimpleCookie extends PyDictType<string> {
  /** The Python class. */
  override get type(): PyGlobal {
    return new PyGlobal("http.cookies", "SimpleCookie");
  }
}

/** Puts entries into a dict as a load does: whatever Array is a key was a tuple. */
export function fillDict<T extends PyDictType>(
  dict: T,
  entries: readonly (readonly unknown[])[],
  exact: boolean,
): T {
  const flat = entries.flatMap(([key, value]) => [exact ? key : frozenKey(key, frozen), value]);
  dict.addMany(flat, 0, flat.length);
  return dict;
}

/** The entries of the one argument of a call: a dict, or pairs. */
function entriesOfArgument([source]: readonly unknown[]): readonly (readonly unknown[])[] | undefined {
  if (!Array.isArray(source)) return entriesOf(source);
  const isRight = source.every((pair) => Array.isArray(pair) && pair.length === 2);
  return isRight ? (source as unknown[][]) : undefined;
}

/** How dicts of a class are read that a call makes with a dict or pairs, or nothing. */
const dictReader = (type: new () => PyDictType): TypeDefinition =>
  define<PyDictType>(new type().type, {
    class: type,
    construct: ({ args, exact }) => filled(new type(), args, exact),
    setState: keepState,
  });

function filled<T extends PyDictType>(dict: T, args: readonly unknown[], exact: boolean): T | undefined {
  if (args.length === 0) return dict;
  const entries = args.length === 1 ? entriesOfArgument(args) : undefined;
  return entries && fillDict(dict, entries, exact);
}

/** How `OrderedDict` is read: entries by SETITEMS; in Python 2.7 a list of pairs. */
export const orderedDictReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  dictReader(PyOrderedDict),
])();

/** How `OrderedDict` is read and written. */
export const orderedDicts: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyOrderedDict>(orderedDictReaders, (dict) => ({
    callable: dict.type,
    args: [],
    dictItems: dict,
    state: dict.state,
  })))();

/** How `defaultdict` is read. */
export const defaultDictReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  ["collections", "_collections"].map((module) =>
    define<PyDefaultDict>(new PyGlobal(module, "defaultdict"), {
      class: PyDefaultDict,
      construct: ({ args: [factory = null, ...args], exact }) =>
        filled(new PyDefaultDict(factory), args, exact),
      setState: keepState,
    }),
  ))();

/** How `defaultdict` is read and written. */
export const defaultDicts: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyDefaultDict>(defaultDictReaders, (dict) => ({
    callable: dict.type,
    args: dict.defaultFactory === null ? [] : [dict.defaultFactory],
    dictItems: dict,
    state: dict.state,
  })))();

/** How `Counter` is read. */
export const counterReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [dictReader(PyCounter)])();

/** How `Counter` is read and written. */
export const counters: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyCounter>(counterReaders, (counter) => ({
    callable: counter.type,
    args: [new PyDict(counter)],
    state: counter.state,
  })))();

/** How `http.cookies` are read. */
export const cookieReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  dictReader(PyMorsel),
  dictReader(PySimpleCookie),
])();

/** How `http.cookies` are read and written. */
export const cookies: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyDictType>(cookieReaders, (dict, protocol) =>
    newObject(protocol, dict.type, [], { dictItems: dict, state: dict.state }, "dict", new PyDict(dict)),
  ))();
