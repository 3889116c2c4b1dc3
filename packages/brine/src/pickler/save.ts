import { isFloat } from "../syntax/op-writer.ts";
import { floatRepr } from "../syntax/text-operands.ts";
import * as op from "../syntax/opcodes.ts";
import { ByteArray } from "../values/byte-array.ts";
import { MemoryView } from "../values/memory-view.ts";
import { PickleBuffer } from "../values/pickle-buffer.ts";
import { flatOfDict, PyDict } from "../values/py-dict.ts";
import { PyFrozenSet } from "../values/py-frozen-set.ts";
import type { PyGlobal } from "../values/py-global.ts";
import { isPlainObject } from "../values/python-type.ts";
import { Tuple } from "../values/tuple.ts";
import { saveBuffer, saveByteArray, saveBytes, saveEmptyTuple } from "./binary.ts";
import * as frames from "./frame.ts";
import { writeDirectly } from "./direct.ts";
import { tellByIdentity } from "./leaf.ts";
import { enter, memoize, saveText } from "./memoize.ts";
import { builtin, isAsciiLine } from "./names.ts";
import {
  arrayPrototype,
  isOwn,
  mapPrototype,
  objectPrototype,
  pyDictPrototype,
  pyGlobalPrototype,
  prototypeOf,
  pyObjectPrototype,
  tuplePrototype,
  uint8ArrayPrototype,
} from "./prototypes.ts";
import { called } from "./reductions.ts";
import { saveReduced } from "./reduce.ts";
import { HIGHER, refusal, unsupported } from "./refusal.ts";
import { type DumpState, push, pushArray, pushObject, settle } from "./state.ts";

/** Writes a value, or begins to: a frame on top is what is left to do. Source: `_pickle.c`, `save`. */
export function save(state: DumpState, value: unknown): void {
  settle(state);
  if (state.persistentId === undefined || !savePersistent(state, value)) saveValue(state, value);
}

function saveValue(state: DumpState, value: unknown): void {
  const { writer } = state;
  // No switch over typeof, for which V8 makes the text that it compares.
  if (typeof value === "object" && value !== null) {
    if (!writeDirectly(state, value)) saveObject(state, value);
  } else if (typeof value === "string") saveText(state, value);
  else if (typeof value === "number") writer.number(value, state.isExact);
  else if (value === null || value === undefined) writer.u8(op.NONE);
  else if (typeof value === "boolean") writer.boolean(value);
  else if (typeof value === "bigint") writer.integer(value);
  else saveReduced(state, value, enter(state, value));
}

/** Writes a value that is no scalar, all of it. */
export function saveWhole(state: DumpState, value: unknown): void {
  const { depth } = state;
  if (typeof value === "object") saveObject(state, value as object);
  else saveValue(state, value);
  if (state.depth > depth) state.finish(state, depth);
}

function savePersistent(state: DumpState, value: unknown): boolean {
  const id = state.persistentId?.(value);
  if (id === undefined) return false;
  if (state.writer.protocol > 0) {
    push(state, frames.BARE_ITEMS, undefined, -1, 0).tail = [op.BINPERSID];
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
  if (typeof value === "number" && isFloat(value, state.isExact)) return floatRepr(value);
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "object" ? "\n" : `${value as number}`;
}

/** Writes what has an identity, or begins to; containers by frames. */
function saveObject(state: DumpState, value: object): void {
  let prototype = prototypeOf(value, state.asksPrototype);
  if (prototype === objectPrototype && Object.keys(value).length === 0)
    prototype = Object.getPrototypeOf(value);
  if (prototype === tuplePrototype && (value as Tuple).length === 0) {
    // It needs no identity, and many objects have one for their arguments.
    saveEmptyTuple(state);
    return;
  }
  const isGlobal = prototype === pyGlobalPrototype;
  tellByIdentity(state, value, prototype);
  const ordinal = enter(state, isGlobal ? state.memo.twin(value as PyGlobal) : value);
  if (ordinal < 0) return;
  switch (prototype) {
    case objectPrototype:
    case null:
      saveDict(state, value, ordinal);
      return;
    case arrayPrototype:
      saveList(state, value as unknown[], ordinal);
      return;
    case tuplePrototype:
      saveTuple(state, value as Tuple, ordinal);
      return;
    case pyGlobalPrototype:
    case pyObjectPrototype:
      saveReduced(state, value, ordinal);
      return;
    case uint8ArrayPrototype:
      saveOwnBytes(state, value as Uint8Array, ordinal);
      return;
    case mapPrototype:
    case pyDictPrototype:
      saveMap(state, value as Map<unknown, unknown>, ordinal);
      return;
    default:
      if (state.settings.types.of(value) !== undefined || !saveBuiltin(state, value, ordinal))
        saveReduced(state, value, ordinal);
  }
}

/** Builtins that are rarer, come from another realm, or are of a class derived from a builtin that has no definition. */
function saveBuiltin(state: DumpState, value: object, ordinal: number): boolean {
  if (Array.isArray(value)) (value instanceof Tuple ? saveTuple : saveList)(state, value as Tuple, ordinal);
  else if (value instanceof Set) saveSet(state, value, ordinal, value instanceof PyFrozenSet);
  else if (value instanceof Map) saveMap(state, value, ordinal);
  else if (value instanceof Uint8Array || isBuffer(value)) {
    if (value instanceof PickleBuffer || value instanceof MemoryView) {
      if (!saveBuffer(state, value as MemoryView, value instanceof MemoryView)) return true;
    } else if (value instanceof ByteArray) saveByteArray(state, value);
    else if (value instanceof Uint8Array) {
      saveOwnBytes(state, value, ordinal);
      return true;
    } else saveBytes(state, new Uint8Array(value));
    memoize(state, ordinal);
  } else if (isPlainObject(value)) saveDict(state, value, ordinal);
  else return false;
  return true;
}

/** Bytes; of those of length 0 and 1 CPython has one each. */
function saveOwnBytes(state: DumpState, value: Uint8Array, ordinal: number): void {
  if (value.length < 2) {
    const twin = state.memo.twin(value);
    if (twin !== value && (ordinal = enter(state, twin)) < 0) return;
  }
  saveBytes(state, value);
  memoize(state, ordinal);
}

/** A container that is there before its items: `empty` makes it, at protocol 0 MARK and `old`. */
function begin(state: DumpState, ordinal: number, empty: number, old: number): void {
  if (state.writer.protocol >= 4 && !state.isFast) {
    state.memo.setSlot(ordinal);
    state.memo.size++;
    state.writer.pair(empty, op.MEMOIZE);
    return;
  }
  if (state.writer.protocol > 0) state.writer.u8(empty);
  else {
    state.writer.u8(op.MARK);
    state.writer.u8(old);
  }
  memoize(state, ordinal);
}

function saveList(state: DumpState, value: readonly unknown[], ordinal: number): void {
  begin(state, ordinal, op.EMPTY_LIST, op.LIST);
  if (value.length > 0) pushArray(state, frames.LIST_ITEMS, value, ordinal, value);
}

function saveDict(state: DumpState, value: object, ordinal: number): void {
  begin(state, ordinal, op.EMPTY_DICT, op.DICT);
  const items: unknown[] = [];
  for (const [key, item] of Object.entries(value) as [string, unknown][])
    if (item !== undefined) items.push(key, item);
  if (!state.asksPrototype) for (const key in value) if (!isOwn(value, key)) throw unsupported(value);
  if (items.length > 0) pushArray(state, frames.DICT_ITEMS, value, ordinal, items);
}

function saveMap(state: DumpState, value: ReadonlyMap<unknown, unknown>, ordinal: number): void {
  begin(state, ordinal, op.EMPTY_DICT, op.DICT);
  if (value instanceof PyDict) {
    const flat = flatOfDict(value);
    if (flat.length > 0) pushArray(state, frames.DICT_ITEMS, value, ordinal, flat);
    return;
  }
  if (value.size === 0) return;
  const frame = push(state, frames.DICT_ITEMS, value, ordinal, 0);
  frame.entries = { keys: value.keys(), values: value.values() };
  frame.length = 2 * value.size;
}

function saveTuple(state: DumpState, value: Tuple, ordinal: number): void {
  if (value.length === 0) {
    saveEmptyTuple(state);
    return;
  }
  if (state.writer.protocol < 2 || value.length > 3) state.writer.u8(op.MARK);
  pushArray(state, frames.TUPLE_ITEMS, value, ordinal, value);
}

function saveSet(state: DumpState, value: ReadonlySet<unknown>, ordinal: number, isFrozen: boolean): void {
  const items = [...value];
  if (state.writer.protocol < 4)
    pushObject(state, value, ordinal, called(builtin(isFrozen ? "frozenset" : "set"), [items]));
  else {
    if (isFrozen) state.writer.u8(op.MARK);
    else begin(state, ordinal, op.EMPTY_SET, 0);
    pushArray(state, isFrozen ? frames.FROZENSET_ITEMS : frames.SET_ITEMS, value, ordinal, items);
  }
}

function isBuffer(value: object): value is ArrayBufferLike {
  return /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
}
