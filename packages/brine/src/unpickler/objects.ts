import { ByteArray } from "../values/byte-array.ts";
import { PyDict } from "../values/py-dict.ts";
import { PyGlobal } from "../values/py-global.ts";
import { PyObject } from "../values/py-object.ts";
import { pythonTypeName } from "../values/python-type.ts";
import { Tuple } from "../values/tuple.ts";
import type { ConstructionKind } from "../types/registry.ts";
import { failure, raised } from "./failures.ts";
import { kindOfResult, LIST, TUPLE, UNHASHABLE_TUPLE, unhashableKindName } from "./kinds.ts";
import type { State } from "./state.ts";

/** Name of the Python type of a value of the stack. */
export function typeNameOf(state: State, value: unknown, kind: number): string {
  if (!state.settings.exact && typeof value === "object" && kind > 0 && !(value instanceof PyObject)) {
    if (kind === TUPLE || kind === UNHASHABLE_TUPLE) return "tuple";
    if (Array.isArray(value) || value instanceof Set || value instanceof Uint8Array) return unhashableKindName(kind);
  }
  return pythonTypeName(value);
}

/** Whether a value of the stack is a tuple. */
export function isTuple(state: State, value: unknown, kind: number): value is readonly unknown[] {
  if (state.settings.exact) return value instanceof Tuple;
  return Array.isArray(value) && (kind === TUPLE || kind === UNHASHABLE_TUPLE || value instanceof Tuple);
}

/** Whether a value is a dict, as BUILD and NEWOBJ_EX ask. */
function isDict(state: State, value: unknown): value is object {
  if (value instanceof Map) return !state.settings.exact || value instanceof PyDict;
  return (
    !state.settings.exact &&
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}

function entriesOf(dict: object): Iterable<readonly [unknown, unknown]> {
  return dict instanceof Map ? (dict as Map<unknown, unknown>) : Object.entries(dict);
}

/** The kind, see `kinds.ts`, of what {@link construct} made. */
function kindOfMade(state: State, type: unknown): number {
  return type instanceof PyGlobal ? kindOfResult(state.definition(type)?.parts.result) : 0;
}

/** Makes what `type(*args, **kwargs)` would make in Python, calling nothing, and puts it on the stack at `at`. */
export function construct(
  state: State,
  how: ConstructionKind,
  type: unknown,
  args: readonly unknown[],
  kwargs: Map<string, unknown> | undefined,
  at: number,
): void {
  const { settings } = state;
  state.spend(160);
  let value: unknown;
  if (type instanceof PyGlobal) {
    value = state.definition(type)?.parts.construct?.({ how, type, args, kwargs, exact: settings.exact });
  } else if (!(type instanceof PyObject) && typeof type !== "function") {
    throw raised("TypeError", "invalid-arguments", `'${typeNameOf(state, type, 0)}' object is not callable`);
  }
  if (value === undefined) {
    value = new PyObject(type, args, { kwargs, how, plain: !settings.exact });
  } else state.kinds[at] = kindOfMade(state, type);
  state.stack[at] = value;
}

const isGetattr = (type: unknown): boolean =>
  type instanceof PyGlobal && type.name === "getattr" && (type.module === "builtins" || type.module === "__builtin__");

/** REDUCE; `memoizedLast` is what the memo's last slot holds. Source: `Modules/_pickle.c`, `load_reduce`. */
export function reduce(state: State, at: number, memoizedLast: unknown): void {
  const { stack, kinds } = state;
  const args = stack[at + 1];
  if (!isTuple(state, args, kinds[at + 1] as number)) {
    throw raised("TypeError", "invalid-arguments", "argument list must be a tuple");
  }
  const type = stack[at];
  construct(state, "reduce", type, args, undefined, at);
  // Below protocol 4 CPython writes a nested class by getattr, with no memo slot for the arguments.
  const made = stack[at];
  if (made instanceof PyObject && memoizedLast !== args && isGetattr(type)) {
    stack[at] = new PyObject(type, args, { how: "getattr", plain: made.loadedPlain });
  }
}

/** NEWOBJ and NEWOBJ_EX. Source: `Modules/_pickle.c`, `load_newobj`. */
export function newObject(state: State, at: number, withKeywords: boolean): void {
  const { stack, kinds } = state;
  const name = withKeywords ? "NEWOBJ_EX" : "NEWOBJ";
  const type = stack[at];
  const args = stack[at + 1];
  if (!(type instanceof PyGlobal) && typeof type !== "function") {
    const found = typeNameOf(state, type, kinds[at] as number);
    throw failure("invalid-arguments", `${name} class argument must be a type, not ${found}`);
  }
  if (!isTuple(state, args, kinds[at + 1] as number)) {
    const found = typeNameOf(state, args, kinds[at + 1] as number);
    throw failure("invalid-arguments", `${name} args argument must be a tuple, not ${found}`);
  }
  if (!withKeywords) {
    construct(state, "newobj", type, args, undefined, at);
    return;
  }
  const keywords = stack[at + 2];
  if (!isDict(state, keywords)) {
    const found = typeNameOf(state, keywords, kinds[at + 2] as number);
    throw failure("invalid-arguments", `${name} kwargs argument must be a dict, not ${found}`);
  }
  const kwargs = keywords instanceof Map ? keywords : new Map<unknown, unknown>(entriesOf(keywords));
  for (const key of kwargs.keys()) {
    if (typeof key !== "string") throw raised("TypeError", "invalid-arguments", "keywords must be strings");
  }
  construct(state, "newobj_ex", type, args, kwargs as Map<string, unknown>, at);
}

/** BUILD: the state at `at + 1` for the object at `at`. Source: `Modules/_pickle.c`, `load_build`. */
export function build(state: State, at: number): void {
  const { stack, kinds } = state;
  const object = stack[at];
  const given = stack[at + 1];
  if (object instanceof PyObject) {
    state.spend(32);
    object.build(given);
    return;
  }
  if (typeof object === "object" && object !== null) {
    const setState = state.settings.types.of(object)?.parts.setState;
    if (setState !== undefined) {
      setState(object, given);
      return;
    }
  }
  let dict = given;
  let slots: unknown;
  const isPair = isTuple(state, given, kinds[at + 1] as number) && given.length === 2;
  if (isPair) [dict, slots] = given as readonly [unknown, unknown];
  if (dict !== null) {
    if (!isDict(state, dict)) throw failure("invalid-state", "state is not a dictionary");
    if (!(object instanceof PyGlobal)) throw noAttribute(state, object, kinds[at] as number, "__dict__");
    for (const _ of entriesOf(dict)) {
      throw raised("TypeError", "unsupported-operation", "'mappingproxy' object does not support item assignment");
    }
  }
  if (isPair) {
    if (!isDict(state, slots)) throw failure("invalid-state", "slot state is not a dictionary");
    for (const [name] of entriesOf(slots)) {
      if (typeof name !== "string") {
        const found = pythonTypeName(name);
        throw raised("TypeError", "invalid-state", `attribute name must be string, not '${found}'`);
      }
      // CPython sets attributes of the class itself here. There is no class to set them on.
      if (object instanceof PyGlobal) continue;
      const type = typeNameOf(state, object, kinds[at] as number);
      throw raised(
        "AttributeError",
        "unsupported-operation",
        `'${type}' object has no attribute '${name}' and no __dict__ for setting new attributes`,
      );
    }
  }
}

function noAttribute(state: State, object: unknown, kind: number, name: string): Error {
  const owner =
    object instanceof PyGlobal ? `type object '${object.name}'` : `'${typeNameOf(state, object, kind)}' object`;
  return raised("AttributeError", "unsupported-operation", `${owner} has no attribute '${name}'`);
}

/** APPEND and APPENDS on anything but a list: the items from `from` to `to` for the object below them. */
export function appendItems(state: State, from: number, to: number): void {
  const { stack, kinds } = state;
  const object = stack[from - 1];
  if (object instanceof PyObject) {
    object.appendItems(stack, from, to);
    return;
  }
  if (object instanceof ByteArray || (object instanceof Uint8Array && typeNameOf(state, object, kinds[from - 1] as number) === "bytearray")) {
    throw failure("unrepresentable", "a bytearray cannot grow in JavaScript");
  }
  if (!byDefinition(state, object, from, to)) throw noAttribute(state, object, kinds[from - 1] as number, "append");
}

/** ADDITEMS on anything but a set. */
export function addItems(state: State, from: number, to: number): void {
  const { stack, kinds } = state;
  const object = stack[from - 1];
  if (object instanceof PyObject) object.addItems(stack, from, to);
  else if (!byDefinition(state, object, from, to)) throw noAttribute(state, object, kinds[from - 1] as number, "add");
}

function byDefinition(state: State, object: unknown, from: number, to: number): boolean {
  if (typeof object !== "object" || object === null) return false;
  const append = state.settings.types.of(object)?.parts.append;
  append?.(object, state.stack.slice(from, to));
  return append !== undefined;
}

/** SETITEM and SETITEMS on anything but a dict: the keys and values from `from` to `to` for the object below them. */
export function setItems(state: State, from: number, to: number): void {
  const { stack, kinds } = state;
  const object = stack[from - 1];
  const kind = kinds[from - 1] as number;
  if (object instanceof PyObject) {
    object.setItems(stack, from, to);
    return;
  }
  if (Array.isArray(object) && (state.settings.exact ? !(object instanceof Tuple) : kind === LIST)) {
    for (let i = from; i < to; i += 2) {
      object[indexOf(state, "list", "list assignment index out of range", object.length, i)] = stack[i + 1];
    }
    return;
  }
  const type = typeNameOf(state, object, kind);
  if (type === "bytearray") {
    const bytes = object as Uint8Array;
    for (let i = from; i < to; i += 2) {
      const byte = byteOf(state, i + 1, i);
      bytes[indexOf(state, "bytearray", "bytearray index out of range", bytes.length, i)] = byte;
    }
    return;
  }
  if (typeof object === "object" && object !== null) {
    const define = state.settings.types.of(object)?.parts.setItems;
    if (define !== undefined) {
      const entries: [unknown, unknown][] = [];
      for (let i = from; i < to; i += 2) entries.push([stack[i], stack[i + 1]]);
      define(object, entries);
      return;
    }
  }
  const words =
    type === "memoryview" ? "cannot modify read-only memory" : `'${type}' object does not support item assignment`;
  throw raised("TypeError", "unsupported-operation", words);
}

function integerOf(value: unknown): number | undefined {
  if (typeof value === "boolean" || typeof value === "bigint") return Number(value);
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

/** The index at stack place `at`, counted from the end if it is negative. Source: `list_ass_subscript`, `bytearray_ass_subscript`. */
function indexOf(state: State, type: string, outOfRange: string, length: number, at: number): number {
  const key = state.stack[at];
  const index = state.settings.exact && typeof key === "number" ? undefined : integerOf(key);
  if (index === undefined) {
    const found = typeNameOf(state, key, state.kinds[at] as number);
    throw raised("TypeError", "unsupported-operation", `${type} indices must be integers or slices, not ${found}`);
  }
  if (Math.abs(index) >= 2 ** 63) {
    throw raised("IndexError", "unsupported-operation", "cannot fit 'int' into an index-sized integer");
  }
  const place = index < 0 ? index + length : index;
  if (place < 0 || place >= length) throw raised("IndexError", "unsupported-operation", outOfRange);
  return place;
}

function byteOf(state: State, at: number, keyAt: number): number {
  const key = state.stack[keyAt];
  // CPython looks at the type of the index first, then at the value, then at the range of the index.
  if (integerOf(key) === undefined) indexOf(state, "bytearray", "", 0, keyAt);
  const value = state.stack[at];
  const byte = state.settings.exact && typeof value === "number" ? undefined : integerOf(value);
  if (byte === undefined) {
    const found = typeNameOf(state, value, state.kinds[at] as number);
    throw raised("TypeError", "unsupported-operation", `'${found}' object cannot be interpreted as an integer`);
  }
  if (byte < 0 || byte > 255) throw raised("ValueError", "unsupported-operation", "byte must be in range(0, 256)");
  return byte;
}
