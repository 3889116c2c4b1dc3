import type { OpWriter } from "../syntax/op-writer.ts";
import * as op from "../syntax/opcodes.ts";
import { flatOfDict, PyDict } from "../values/py-dict.ts";
import { PyGlobal } from "../values/py-global.ts";
import type { PyObject } from "../values/py-object.ts";
import { isPlainObject } from "../values/python-type.ts";
import type { Tuple } from "../values/tuple.ts";
import { BATCH } from "./frame.ts";
import {
  contentOfBytes,
  isLeafBytes,
  contentOfList,
  hasLongText,
  isLongText,
  MOST_ITEMS,
  takeItem,
  takeTuple,
  writeLeaf,
  writeTaken,
} from "./leaf.ts";
import { fetchInstead, memoizeAt } from "./memoize.ts";
import { saveGlobal } from "./names.ts";
import { LARGE } from "./enclosing.ts";
import { inside } from "./path.ts";
import {
  arrayPrototype,
  isOwn,
  mapPrototype,
  objectPrototype,
  prototypeOf,
  pyDictPrototype,
  pyObjectPrototype,
  tuplePrototype,
  uint8ArrayPrototype,
} from "./prototypes.ts";
import { refusal, unsupported } from "./refusal.ts";
import { writeKey, writeScalar } from "./scalars.ts";
import { type DumpState, placeOf } from "./state.ts";

// Where the output ends is handed from function to function and noted in the writer for others only: 1024 dicts 0.19 → 0.17 ms.

/**
 * So many containers in each other are written by functions that call each other, for no data may exhaust the stack. By
 * frames alone 20,000 records took 41 ms, and take 34; a tree of 131,071 dicts 27 and 21 (Node 26).
 */
const DEEPEST = 40;

/** Writes a container at the end of the output, if that is possible and nothing may stop on the way: whether it did. */
export function writeDirectly(state: DumpState, value: object): boolean {
  if (!state.mayRecurse) return false;
  const { writer } = state;
  const end = writeContainer(state, value, writer.roomAt(), 0);
  if (end >= 0) writer.length = end;
  return end >= 0;
}

/** Writes any value that may begin at `at`: where it ends. `place` is which entry of a dict it is, for the keys inside. */
function writeItem(state: DumpState, value: unknown, at: number, place: number): number {
  const { writer } = state;
  const start = at < writer.limit ? at : writer.turn(at);
  let end = writeScalar(state, value, start);
  if (end < 0) end = writeContainer(state, value, start, place);
  if (end >= 0) return end;
  if (isAroundKnown(state)) return start;
  writer.length = start;
  state.saveWhole(state, value);
  return writer.roomAt();
}

function writeText(state: DumpState, key: string, place: number, at: number): number {
  const { writer } = state;
  return writeKey(state, key, place, at < writer.limit ? at : writer.turn(at));
}

/**
 * To be called before a value that does not tell whether the dict or list around it is known: whether that is, and is to be taken back, so
 * that the value need not be written.
 */
function isAroundKnown({ memo, level }: DumpState): boolean {
  // One that is too deep may have been told otherwise before.
  if (level >= DEEPEST) memo.closeEnclosing();
  return memo.enclosing.pending > 0 ? memo.settle() : memo.enclosing.pending < 0;
}

/** Whether the innermost container is known, if what was written last, or else its end or its eighth entry, tells. */
function isKnown({ memo }: DumpState, isLast: boolean): boolean {
  const { pending } = memo.enclosing;
  return pending < 0 || (pending > 0 && isLast && memo.settle());
}

/** To be called at the end of a dict or list that is new, which began at `start`: where it ends. */
function finish(state: DumpState, value: object, start: number, at: number): number {
  const { memo } = state;
  state.level--;
  if (at - start >= LARGE && memo.enclosing.isOpen && memo.enclosing.isTwice(value)) memo.closeEnclosing();
  return at;
}

/** Takes back a dict or list that is known after all, which began at `start`, in the frame with that boundary: where it ends. */
function takeBack(state: DumpState, start: number, boundary: number): number {
  const { memo, writer } = state;
  state.level--;
  // One around it is known as well.
  if (++memo.enclosing.pending < 0) return start;
  writer.reopen(boundary);
  return writer.getAt(memo.enclosing.known, start);
}

/** Writes a container of the usual kinds, all of it: where it ends, −1 for any other value and where it is too deep. */
function writeContainer(state: DumpState, value: unknown, at: number, place: number): number {
  if (typeof value !== "object" || value === null || state.level >= DEEPEST) return -1;
  const prototype = prototypeOf(value, state.asksPrototype);
  if (prototype === objectPrototype || prototype === null) return writeProperties(state, value, at, place);
  if (prototype === arrayPrototype) return writeList(state, value as unknown[], at);
  if (prototype === tuplePrototype) return writeTuple(state, value as Tuple, at);
  if (prototype === pyObjectPrototype) return writeInstance(state, value as PyObject, at);
  if (prototype === uint8ArrayPrototype) return writeBytes(state, value as Uint8Array, at);
  return prototype === mapPrototype || prototype === pyDictPrototype
    ? writeEntries(state, value as Map<unknown, unknown>, at, place)
    : -1;
}

/** The arguments of an object are looked at again when they are written: it may have turned out recursive. */
function isArguments({ depth, frames }: DumpState, value: readonly unknown[]): boolean {
  return depth >= 0 && frames[depth]?.parts?.args === value;
}

/** Begins what is there before its items, with the slot `~next`: where that ends. */
function begin(writer: OpWriter, empty: number, next: number, at: number): number {
  writer.bytes[at] = empty;
  return writer.putAt(~next, at + 1);
}

/** One opcode. */
function put(writer: OpWriter, code: number, at: number): number {
  writer.bytes[at] = code;
  return at + 1;
}

/** Ends a batch, and begins the next. */
function nextBatch({ bytes }: OpWriter, many: number, at: number): number {
  bytes[at] = many;
  bytes[at + 1] = op.MARK;
  return at + 2;
}

/** Ends the entries of a dict of more than one, the last batch of which may be empty. Source: `batch_dict_exact`. */
function endEntries(writer: OpWriter, count: number, at: number): number {
  return put(writer, op.SETITEMS, count % BATCH > 0 ? at : nextBatch(writer, op.SETITEMS, at));
}

/** Writes an object as a dict. A property whose value is `undefined` is left out, as `JSON.stringify` does. */
function writeProperties(state: DumpState, value: object, at: number, around: number): number {
  const { writer, memo, depth, leafKeys } = state;
  const { enclosing } = memo;
  const { boundary } = writer;
  const start = at;
  // Whether it may be a leaf, and nothing of it is written.
  let isOpen = memo.hasLeafDicts;
  if (!isOpen) {
    const known = memo.begin(value);
    if (known >= 0) return writer.getAt(known, at);
    at = begin(writer, op.EMPTY_DICT, known, at);
  }
  const place = placeOf(++state.level, around);
  let count = 0;
  let skipped = 0;
  // One entry alone has an opcode of its own, so that the first waits for the next.
  let first: string | undefined;
  let firstItem: unknown;
  // The key that an error is about; `undefined` for the object itself.
  let underway: string | undefined;
  try {
    // By way of for…in the engine knows where each value is: 34 ns for two entries, 45 with Object.keys.
    for (const key in value) {
      underway = undefined;
      if (!isOwn(value, key)) throw unsupported(value);
      underway = key;
      const item = (value as Record<string, unknown>)[key];
      if (item === undefined) {
        skipped++;
        continue;
      }
      if (isOpen) {
        if (count < MOST_ITEMS && takeItem(state, item, count)) {
          leafKeys[count++] = key;
          continue;
        }
        isOpen = false;
        memo.noteNested();
        const known = memo.begin(value);
        if (known >= 0) {
          state.level--;
          return writer.getAt(known, at);
        }
        at = begin(writer, op.EMPTY_DICT, known, at);
        if ((count === MOST_ITEMS || hasLongText(state, count)) && isKnown(state, true))
          return takeBack(state, start, boundary);
        if (count > 0) {
          underway = undefined;
          at = writeTaken(state, true, count, place, put(writer, op.MARK, at));
          underway = key;
        }
      }
      if (enclosing.pending > 0 && isLongText(item) && memo.settle()) return takeBack(state, start, boundary);
      if (count === 0) {
        first = key;
        firstItem = item;
        count = 1;
        continue;
      }
      if (first !== undefined) {
        underway = first;
        at = writeItem(state, firstItem, writeText(state, first, place, put(writer, op.MARK, at)), 0);
        first = undefined;
        underway = key;
        if (enclosing.pending < 0) return takeBack(state, start, boundary);
      }
      if (count % BATCH === 0) at = nextBatch(writer, op.SETITEMS, at);
      at = writeItem(state, item, writeText(state, key, place + (count & 15), at), count);
      count++;
      if (enclosing.pending !== 0 && isKnown(state, count >= MOST_ITEMS))
        return takeBack(state, start, boundary);
    }
    underway = first;
    if (count === 0 && !isPlainObject(value)) {
      if (!isOpen) memo.unplace();
      state.level--;
      return -1;
    }
    if (first !== undefined)
      at = put(writer, op.SETITEM, writeItem(state, firstItem, writeText(state, first, place, at), 0));
    else if (!isOpen && count > 0) at = endEntries(writer, count, at);
    if (!isOpen && isKnown(state, true)) return takeBack(state, start, boundary);
  } catch (error) {
    throw underway === undefined ? error : inside(state, error, depth, underway);
  }
  if (!isOpen) return finish(state, value, start, at);
  state.level--;
  at = writeLeaf(state, value, op.EMPTY_DICT, count, at, place);
  // All of it is read each time that it comes.
  if (skipped > MOST_ITEMS) memo.closeEnclosing();
  return at;
}

/** Writes a `Map`. */
function writeEntries(
  state: DumpState,
  value: ReadonlyMap<unknown, unknown>,
  at: number,
  around: number,
): number {
  const { writer, memo, depth } = state;
  const known = memo.place(value);
  if (known >= 0) return writer.getAt(known, at);
  // A dict that was loaded has no index yet, and needs none for this.
  const flat = value instanceof PyDict ? flatOfDict(value) : undefined;
  const size = flat === undefined ? value.size : flat.length / 2;
  // Pairs, as the Map itself gives them, take 200,000 entries 7.5 ms, and not 5.7.
  const keys = flat === undefined ? value.keys() : undefined;
  const values = flat === undefined ? value.values() : undefined;
  at = begin(writer, op.EMPTY_DICT, known, at);
  const place = placeOf(++state.level, around);
  let count = 0;
  let key: unknown;
  let isKey = true;
  try {
    if (size > 1) at = put(writer, op.MARK, at);
    while (count < size) {
      key = flat === undefined ? keys?.next().value : flat[2 * count];
      isKey = true;
      if (count > 0 && count % BATCH === 0) at = nextBatch(writer, op.SETITEMS, at);
      at =
        typeof key === "string"
          ? writeText(state, key, place + (count & 15), at)
          : writeItem(state, key, at, 0);
      isKey = false;
      at = writeItem(state, flat === undefined ? values?.next().value : flat[2 * count + 1], at, count++);
    }
    if (size > 1) at = endEntries(writer, count, at);
    else if (size > 0) at = put(writer, op.SETITEM, at);
    if ((flat === undefined ? value.size : flat.length / 2) !== size)
      throw refusal("hook-failed", "dictionary changed size during iteration", "RuntimeError");
  } catch (error) {
    throw inside(state, error, depth, key, isKey ? count : -1);
  }
  state.level--;
  return at;
}

/** Writes bytes that are an object of their own and have an opcode. Source: `save_bytes`. */
function writeBytes(state: DumpState, value: Uint8Array, at: number): number {
  const { writer, memo } = state;
  if (!isLeafBytes(state, value)) return -1;
  const known = memo.hasLeaves ? memo.placeLeaf(value, contentOfBytes(value)) : memo.place(value);
  if (known >= 0) return writer.getAt(known, at);
  writer.length = at;
  writer.binary(value);
  return writer.putAt(~known, writer.roomAt());
}

/** Writes a list. Source: `batch_list_exact`. */
function writeList(state: DumpState, items: readonly unknown[], at: number): number {
  const { writer, memo, depth, isExact } = state;
  const { enclosing } = memo;
  const { length } = items;
  const content = memo.hasLeaves ? contentOfList(items) : 0;
  const { boundary } = writer;
  const start = at;
  const mayTell = length > 0 && typeof items[0] === "object" && items[0] !== null;
  const known =
    content !== 0 ? memo.placeLeaf(items, content) : mayTell ? memo.begin(items) : memo.place(items);
  if (known >= 0) return writer.getAt(known, at);
  at = begin(writer, op.EMPTY_LIST, known, at);
  let index = 0;
  state.level++;
  try {
    if (length === 1) at = put(writer, op.APPEND, writeItem(state, items[0], at, 0));
    else if (length > 0) {
      at = put(writer, op.MARK, at);
      for (let last = BATCH; index < length; last += BATCH) {
        if (index > 0) at = nextBatch(writer, op.APPENDS, at);
        while (index < last && index < length) {
          const from = index;
          if (typeof items[index] === "number" && at < writer.boundary) {
            writer.length = at;
            index += writer.numbers(items, index, Math.min(last, length), isExact);
            at = writer.length;
          }
          // A getter may give a number once only.
          if (index === from) at = writeItem(state, items[index++], at, 0);
          if (enclosing.pending < 0) return takeBack(state, start, boundary);
        }
      }
      at = put(writer, op.APPENDS, at);
    }
    if (isKnown(state, true)) return takeBack(state, start, boundary);
  } catch (error) {
    throw inside(state, error, depth, Math.max(index - 1, 0));
  }
  return finish(state, items, start, at);
}

/** Writes a tuple that is neither empty nor the arguments of an object; one that came to be memoized while its items were written is fetched. Source: `save_tuple`. */
function writeTuple(state: DumpState, items: Tuple, at: number): number {
  const { writer, memo, depth } = state;
  const { length } = items;
  if (length === 0 || isArguments(state, items)) return -1;
  if (memo.hasLeaves && takeTuple(state, items)) return writeLeaf(state, items, op.TUPLE, length, at, 0);
  if (isAroundKnown(state)) return at;
  const ordinal = memo.enter(items);
  if (ordinal < 0) return writer.getAt(~ordinal, at);
  const isLong = length > 3;
  let index = 0;
  state.level++;
  try {
    if (isLong) at = put(writer, op.MARK, at);
    while (index < length) at = writeItem(state, items[index++], at, 0);
  } catch (error) {
    throw inside(state, error, depth, index - 1);
  }
  state.level--;
  if (memo.slotOf(ordinal) < 0)
    return memoizeAt(state, ordinal, put(writer, isLong ? op.TUPLE : op.TUPLE1 - 1 + length, at));
  writer.length = at;
  fetchInstead(state, ordinal, isLong ? 1 : length, isLong ? op.POP_MARK : op.POP);
  return writer.roomAt();
}

/**
 * Writes an instance that is made without arguments and then given its state, if that is all: as most are. 100,000 of them took
 * 61 ms by frames. Source: `save_reduce`.
 */
function writeInstance(state: DumpState, object: PyObject, at: number): number {
  const { writer, memo, depth } = state;
  const { type, args, state: given } = object;
  const isUsual =
    object.how === "newobj" &&
    type instanceof PyGlobal &&
    Array.isArray(args) &&
    args.length === 0 &&
    object.log === undefined &&
    !object.hasParts;
  if (!isUsual || object.loadedPlain || state.settings.reducerOverride !== undefined) return -1;
  if (isAroundKnown(state)) return at;
  const ordinal = memo.enter(object);
  if (ordinal < 0) return writer.getAt(~ordinal, at);
  let part = "type";
  state.level++;
  try {
    at = writeClass(state, type, at);
    at = put(writer, op.EMPTY_TUPLE, at < writer.limit ? at : writer.turn(at));
    at = memoizeAt(state, ordinal, put(writer, op.NEWOBJ, at));
    part = "state";
    if (given !== undefined) at = put(writer, op.BUILD, writeItem(state, given, at, 0));
  } catch (error) {
    throw inside(state, error, depth, part);
  }
  state.level--;
  return at;
}

/** Writes a class. */
function writeClass(state: DumpState, type: PyGlobal, at: number): number {
  const { writer, memo } = state;
  const slot = memo.classSlots.get(type);
  if (slot !== undefined) return writer.getAt(slot, at);
  writer.length = at;
  saveGlobal(state, type);
  const ordinal = memo.enter(memo.twin(type));
  // One with an extension code has no slot.
  if (ordinal < 0) memo.classSlots.set(type, ~ordinal);
  return writer.roomAt();
}
