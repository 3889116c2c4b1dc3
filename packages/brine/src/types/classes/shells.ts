import { failure } from "../../bytes/failure.ts";
import { decodeLatin1 } from "../../bytes/utf8.ts";
import { frozenKey } from "../../values/frozen-key.ts";
import { ByteArray } from "../../values/byte-array.ts";
import { PyDict } from "../../values/py-dict.ts";
import { PyFrozenSet } from "../../values/py-frozen-set.ts";
import { PySet } from "../../values/py-set.ts";
import { pythonTypeName } from "../../values/python-type.ts";
import { Tuple } from "../../values/tuple.ts";
import type { Construction } from "../registry.ts";
import { entriesOf } from "../../values/attributes.ts";
import { tuple } from "../value.ts";
import type { ClassOf } from "./options.ts";

/** What instances of a class are underneath: what the builtin makes that it derives from, in both languages. */
export interface Shell {
  /** Name of Python's builtin. */
  readonly base: string;
  /** How Python makes one: the set, `bytearray` and exceptions have a `__reduce__` of their own. */
  readonly how: "newobj" | "reduce";
  /** Makes one of the arguments, without a call of the class's own constructor; `undefined` if it takes no such arguments. */
  make(type: ClassOf<object>, construction: Construction): object | undefined;
  /** The arguments that Python makes it of, its state apart. */
  args(instance: object, protocol: number): readonly unknown[];
  /** What `copyreg._reconstructor` is given at protocols 0 and 1. */
  value?(instance: object): unknown;
  append?(this: void, instance: object, items: readonly unknown[]): void;
  setItems?(this: void, instance: object, entries: readonly (readonly [unknown, unknown])[]): void;
  listItems?(instance: object): Iterable<unknown>;
  dictItems?(instance: object): Iterable<readonly [unknown, unknown]>;
}

type Constructor = new (...args: never) => object;

/** What `base` makes, with the prototype of `type` whose own constructor is not called. */
const made = (base: unknown, args: readonly unknown[], type: unknown): object =>
  Reflect.construct(base as Constructor, args, type as Constructor) as object;

const none = (): readonly unknown[] => [];

function append(instance: object, items: readonly unknown[]): void {
  // A method of the class's own does not run on data.
  for (const item of items) Array.prototype.push.call(instance, item);
}

/** Source: CPython `Objects/listobject.c`; `Lib/copyreg.py`, `_reduce_ex`. */
const list: Shell = {
  base: "list",
  how: "newobj",
  make(type, { args: [items = [], ...more] }) {
    if (!Array.isArray(items) || more.length > 0) return undefined;
    const instance = made(Array, [], type);
    append(instance, items);
    return instance;
  },
  args: none,
  value: (instance) => [...(instance as unknown[])],
  append,
  listItems: (instance) => instance as unknown[],
};

/** Keys that are tuples or frozensets of plain mode, as what they are compared by. */
const frozen = /* @__PURE__ */ new WeakMap<object, unknown>();

/** What is unhashable in Python is no key here either. */
function hashing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw failure("unhashable-key", (error as Error).message, "TypeError");
  }
}

const isMap = (value: object): value is Map<unknown, unknown> => value instanceof Map;

function setItems(instance: object, entries: readonly (readonly [unknown, unknown])[]): void {
  if (!isMap(instance)) return;
  const isNative = !(instance instanceof PyDict);
  const { prototype } = isNative ? Map : PyDict;
  hashing(() => {
    for (const [key, value] of entries)
      prototype.set.call(instance, isNative ? key : frozenKey(key, frozen), value);
  });
}

/** Source: CPython `Objects/dictobject.c`. A key that came as an `Array` was a tuple. */
const dict: Shell = {
  base: "dict",
  how: "newobj",
  make(type, { args: [source, ...more] }) {
    if (more.length > 0) return undefined;
    const instance = made(type.prototype instanceof PyDict ? PyDict : Map, [], type);
    setItems(instance, entriesOf(source));
    return instance;
  },
  args: none,
  value: (instance) =>
    instance instanceof PyDict ? new PyDict(instance) : new Map(instance as Map<unknown, unknown>),
  setItems,
  dictItems: (instance) => instance as Map<unknown, unknown>,
};

/** Source: CPython `Objects/setobject.c`, `set_reduce`. */
const setOf = (base: "set" | "frozenset"): Shell => ({
  base,
  how: "reduce",
  make(type, { args: [items = [], ...more] }) {
    if (!(Array.isArray(items) || items instanceof Set) || more.length > 0) return undefined;
    const own = [PySet, PyFrozenSet].find((candidate) => type.prototype instanceof candidate);
    const source = [...(items as Iterable<unknown>)];
    return hashing(() =>
      made(own ?? Set, [own ? source.map((item) => frozenKey(item, frozen)) : source], type),
    );
  },
  args: (instance) => [[...(instance as Set<unknown>)]],
});

/** Source: CPython `Objects/tupleobject.c`, `tuple___getnewargs___impl`. It is not frozen, for Python may give it attributes. */
const tupleShell: Shell = {
  base: "tuple",
  how: "newobj",
  make(type, { args: [items = [], ...more] }) {
    if (!Array.isArray(items) || more.length > 0) return undefined;
    return Object.setPrototypeOf(Array.from<unknown>(items), type.prototype) as object;
  },
  args: (instance) => [Tuple.from(instance as unknown[])],
  value: (instance) => Tuple.from(instance as unknown[]),
};

/** A namedtuple: its class takes the items one by one. Source: CPython `Lib/collections/__init__.py`, `namedtuple`. */
export const namedTupleShell = (size: number): Shell => ({
  ...tupleShell,
  make: (type, call) =>
    call.args.length === size ? tupleShell.make(type, { ...call, args: [call.args] }) : undefined,
  args: (instance) => [...(instance as unknown[])],
});

const bytesOf = (value: unknown): Uint8Array => Uint8Array.from(value as Uint8Array);

/** The bytes of an argument: Python 2, and protocols below 3 for a bytearray, have them as text. */
function contentOf(source: unknown): Uint8Array | undefined {
  if (source instanceof Uint8Array) return bytesOf(source);
  if (typeof source !== "string") return undefined;
  const content = Uint8Array.from(source, (unit) => unit.charCodeAt(0));
  return decodeLatin1(content, 0, content.length) === source ? content : undefined;
}

/** Source: CPython `Objects/bytesobject.c`, `bytes_getnewargs`. */
const bytes: Shell = {
  base: "bytes",
  how: "newobj",
  make(type, { args: [source = ""] }) {
    const content = contentOf(source);
    return content && made(Uint8Array, [content], type);
  },
  args: (instance) => [bytesOf(instance)],
  value: bytesOf,
};

/** Source: CPython `Objects/bytearrayobject.c`, `_common_reduce`. */
const byteArray: Shell = {
  base: "bytearray",
  how: "reduce",
  make(type, { args: [source = "", encoding = "latin-1"] }) {
    const content = encoding === "latin-1" ? contentOf(source) : undefined;
    return content && made(ByteArray, [content.buffer], type);
  },
  args(instance, protocol) {
    const content = bytesOf(instance);
    return protocol > 2 ? [content] : [decodeLatin1(content, 0, content.length), "latin-1"];
  },
};

/** An argument in a message: what holds others by its type only. */
const shown = (arg: unknown): string =>
  typeof arg === "object" && arg !== null ? `<${pythonTypeName(arg)}>` : String(arg);

/** Source: CPython `Objects/exceptions.c`, `BaseException_reduce`. */
const exception: Shell = {
  base: "object",
  how: "reduce",
  make(type, { args }) {
    // Error's own constructor would take a stack, of no use here.
    const instance = Object.create(type.prototype) as object;
    const own = { args, message: args.map(shown).join(", ") };
    for (const [name, value] of Object.entries(own))
      Object.defineProperty(instance, name, { value, writable: true, configurable: true });
    return instance;
  },
  args(instance) {
    const { args, message } = instance as Error & { args?: unknown };
    return Array.isArray(args) ? (args as unknown[]) : message === "" ? [] : [message];
  },
};

const plain: Shell = {
  base: "object",
  how: "newobj",
  make: (type) => Object.create(type.prototype) as object,
  args: none,
  value: () => null,
};

/** Of several the first: a `Tuple` is an `Array` too. */
const shells = (): readonly (readonly [
  constructor: abstract new (...args: never) => object,
  shell: Shell,
])[] => [
  [Tuple, tupleShell],
  [Array, list],
  [Map, dict],
  [PyFrozenSet, setOf("frozenset")],
  [Set, setOf("set")],
  [ByteArray, byteArray],
  [Uint8Array, bytes],
  [Error, exception],
];

/** What instances of a class are underneath. */
export function shellOf({ prototype }: ClassOf<object>): Shell {
  return shells().find(([constructor]) => prototype instanceof constructor)?.[1] ?? plain;
}

/** That of a class of Python derived from a builtin that JavaScript has no class for: its value is the first argument. */
export const scalarShell = (base: string, first: (instance: object) => unknown): Shell => ({
  ...plain,
  base,
  value: first,
});

/** What `copyreg._reconstructor` gives as the value of a builtin, as the arguments that the shell makes an instance of. */
export function argumentsOfValue(base: string, value: unknown, isNamedTuple: boolean): readonly unknown[] {
  if (base === "object") return [];
  return isNamedTuple && Array.isArray(value) ? (value as unknown[]) : tuple(value);
}
