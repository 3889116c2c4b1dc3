import { floatRepr } from "../syntax/text-operands.ts";
import * as op from "../syntax/opcodes.ts";
import { ByteArray } from "../values/byte-array.ts";
import { MemoryView } from "../values/memory-view.ts";
import { PickleBuffer } from "../values/pickle-buffer.ts";
import { PyDict, flatOfDict } from "../values/py-dict.ts";
import { PyFrozenSet } from "../values/py-frozen-set.ts";
import { PyGlobal } from "../values/py-global.ts";
import { isPlainObject } from "../values/python-type.ts";
import { Tuple } from "../values/tuple.ts";
import { saveBuffer, saveByteArray, saveBytes, saveEmptyTuple } from "./binary.ts";
import * as frames from "./frame.ts";
import { memoize, recall, saveText } from "./memoize.ts";
import { builtin, isAsciiLine } from "./names.ts";
import { called } from "./reductions.ts";
import { saveReduced } from "./reduce.ts";
import { HIGHER, refusal } from "./refusal.ts";
import { type DumpState, push, pushObject } from "./state.ts";

/** Writes a value, or begins to: a frame on top is what is left to do. Source: `_pickle.c`, `save`. */
export function save(state: DumpState, value: unknown): void {
  const { writer } = state;
  if (writer.length < writer.boundary && state.persistentId === undefined) saveValue(state, value);
  else {
    const isFull = writer.length >= writer.boundary;
    if (isFull) writer.nextFrame();
    if (!savePersistent(state, value)) saveValue(state, value);
    if (isFull && state.pauses) push(state, frames.PAUSE, undefined, []);
  }
}

function saveValue(state: DumpState, value: unknown): void {
  switch (typeof value) {
    case "string":
      saveText(state, value);
      return;
    case "number":
      if (isInt(state, value)) state.writer.safeInteger(value);
      else state.writer.float(value);
      return;
    case "boolean":
      state.writer.boolean(value);
      return;
    case "bigint":
      state.writer.integer(value);
      return;
    case "object":
      if (value !== null) {
        if (value instanceof PyGlobal) saveReduced(state, value);
        else if (!recall(state, value)) saveObject(state, value);
        return;
      }
    // None, as undefined is.
    // oxlint-disable-next-line no-fallthrough
    case "undefined":
      state.writer.u8(op.NONE);
      return;
    default:
      saveReduced(state, value as object);
  }
}

function isInt(state: DumpState, value: number): boolean {
  return !state.isExact && Number.isSafeInteger(value) && !Object.is(value, -0);
}

function savePersistent(state: DumpState, value: unknown): boolean {
  const id = state.persistentId?.(value);
  if (id === undefined) return false;
  if (state.writer.protocol > 0) {
    push(state, frames.BARE_ITEMS, undefined, [], [op.BINPERSID]);
    saveValue(state, id);
    return true;
  }
  const text = strOf(state, id);
  if (!isAsciiLine(text)) {
    throw refusal(
      "invalid-persistent-id",
      "persistent IDs in protocol 0 must be ASCII strings",
      undefined,
      HIGHER,
    );
  }
  state.writer.line(op.PERSID, text);
  return true;
}

/** Python's `str(value)` of a primitive; a newline, which no id may have, for anything else. */
function strOf(state: DumpState, value: unknown): string {
  if (typeof value === "number" && !isInt(state, value)) return floatRepr(value);
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "object" ? "\n" : `${value as number}`;
}

function saveObject(state: DumpState, value: object): void {
  switch (Object.getPrototypeOf(value)) {
    case Array.prototype:
      saveList(state, value as unknown[]);
      return;
    case Object.prototype:
    case null:
      saveDict(state, value, flatOfObject(value as Record<string, unknown>));
      return;
    case PyDict.prototype:
      saveDict(state, value, flatOfDict(value as PyDict));
      return;
    case Map.prototype:
      saveDict(state, value, flatOfMap(value as Map<unknown, unknown>));
      return;
    case Tuple.prototype:
      saveTuple(state, value as Tuple);
      return;
    default:
      if (state.settings.types.of(value) !== undefined || !saveBuiltin(state, value))
        saveReduced(state, value);
  }
}

/** Builtins that are rarer, come from another realm, or are of a class derived from a builtin that has no definition. */
function saveBuiltin(state: DumpState, value: object): boolean {
  if (Array.isArray(value)) (value instanceof Tuple ? saveTuple : saveList)(state, value as Tuple);
  else if (value instanceof Set) saveSet(state, value, value instanceof PyFrozenSet);
  else if (value instanceof Map)
    saveDict(state, value, value instanceof PyDict ? flatOfDict(value) : flatOfMap(value));
  else if (value instanceof Uint8Array || isBuffer(value)) {
    if (value instanceof PickleBuffer || value instanceof MemoryView) {
      if (!saveBuffer(state, value as MemoryView, value instanceof MemoryView)) return true;
    } else if (value instanceof ByteArray) saveByteArray(state, value);
    else {
      const bytes = value instanceof Uint8Array ? value : new Uint8Array(value);
      const identity = bytes === value && bytes.length < 2 ? state.memo.twin(bytes) : value;
      if (identity !== value && recall(state, identity)) return true;
      saveBytes(state, bytes);
      value = identity;
    }
    memoize(state, value);
  } else if (isPlainObject(value)) saveDict(state, value, flatOfObject(value as Record<string, unknown>));
  else return false;
  return true;
}

function saveList(state: DumpState, value: readonly unknown[]): void {
  begin(state, frames.LIST_ITEMS, value, value, op.EMPTY_LIST, op.LIST);
}

function saveDict(state: DumpState, value: object, flat: readonly unknown[]): void {
  begin(state, frames.DICT_ITEMS, value, flat, op.EMPTY_DICT, op.DICT);
}

/** A container that is there before its items: `empty` makes it, at protocol 0 MARK and `old`. */
function begin(
  state: DumpState,
  kind: number,
  value: object,
  items: readonly unknown[],
  empty: number,
  old: number,
): void {
  if (state.writer.protocol > 0) state.writer.u8(empty);
  else {
    state.writer.u8(op.MARK);
    state.writer.u8(old);
  }
  memoize(state, value);
  if (items.length > 0) push(state, kind, value, items);
}

function saveTuple(state: DumpState, value: Tuple): void {
  if (value.length === 0) saveEmptyTuple(state);
  else {
    if (state.writer.protocol < 2 || value.length > 3) state.writer.u8(op.MARK);
    push(state, frames.TUPLE_ITEMS, value, value);
  }
}

function saveSet(state: DumpState, value: ReadonlySet<unknown>, isFrozen: boolean): void {
  const items = [...value];
  if (state.writer.protocol < 4)
    pushObject(state, value, called(builtin(isFrozen ? "frozenset" : "set"), [items]));
  else if (!isFrozen) begin(state, frames.SET_ITEMS, value, items, op.EMPTY_SET, op.EMPTY_SET);
  else {
    state.writer.u8(op.MARK);
    push(state, frames.FROZENSET_ITEMS, value, items);
  }
}

function isBuffer(value: object): value is ArrayBufferLike {
  return /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
}

/** Keys and values by turns; a property whose value is `undefined` is left out, as `JSON.stringify` does. */
function flatOfObject(object: Record<string, unknown>): unknown[] {
  const flat: unknown[] = [];
  // By way of for…in the engine knows where each value is: 34 ns for two entries, 45 with Object.keys.
  for (const key in object) {
    if (Object.prototype.hasOwnProperty.call(object, key)) {
      const value = object[key];
      if (value !== undefined) flat.push(key, value);
    }
  }
  return flat;
}

function flatOfMap(map: ReadonlyMap<unknown, unknown>): unknown[] {
  // Made in its full length: 200,000 entries take 6 ms, 14 with for…of and push.
  const flat = new Array<unknown>(2 * map.size);
  let length = 0;
  map.forEach((value, key) => {
    flat[length++] = key;
    flat[length++] = value;
  });
  return flat;
}
