import type { OpWriter } from "../syntax/op-writer.ts";
import * as op from "../syntax/opcodes.ts";
import { flatOfDict, PyDict } from "../values/py-dict.ts";
import type { Tuple } from "../values/tuple.ts";
import { BATCH } from "./frame.ts";
import { fetchInstead, memoize, saveText } from "./memoize.ts";
import { inside } from "./path.ts";
import { type DumpState, placeOf } from "./state.ts";

/**
 * So many containers in each other are written by functions that call each other, for no data may exhaust the stack. By
 * frames alone 20,000 records took 41 ms, and take 34; a tree of 131,071 dicts 27 and 21 (Node 26).
 */
const DEEPEST = 40;

/** Whether a container may be written here: all of it, before the function returns. */
export function isDirect(state: DumpState): boolean {
  return state.mayRecurse && state.level < DEEPEST;
}

function writeItem(state: DumpState, value: unknown): void {
  const { writer } = state;
  if (writer.length >= writer.boundary) writer.nextFrame();
  // What V8 does not know to be a boolean is looked at each time as if it were anything.
  // oxlint-disable-next-line typescript/no-unnecessary-boolean-literal-compare
  if (typeof value === "number") writer.number(value, state.isExact === true);
  else if (typeof value === "string") saveText(state, value);
  else if (value === null || value === undefined) writer.u8(op.NONE);
  else if (value === true) writer.u8(op.NEWTRUE);
  else if (value === false) writer.u8(op.NEWFALSE);
  else state.saveWhole(state, value);
}

/** A key that is a text: as a rule the one that came at that place before. */
function writeKey(state: DumpState, key: string, place: number): void {
  const { writer, memo } = state;
  if (writer.length >= writer.boundary) writer.nextFrame();
  const slot = memo.guessedSlots[place] as number;
  if (slot < 0 || memo.guesses[place] !== key) memo.setGuess(place, key, saveText(state, key));
  else writer.get(slot);
}

/** Ends the entries of a dict of more than one, the last batch of which may be empty. Source: `batch_dict_exact`. */
function endEntries(writer: OpWriter, count: number): void {
  writer.u8(op.SETITEMS);
  if (count % BATCH > 0) return;
  writer.u8(op.MARK);
  writer.u8(op.SETITEMS);
}

/** Ends a batch, and begins the next. */
function turn(writer: OpWriter, many: number): void {
  writer.u8(many);
  writer.u8(op.MARK);
}

/**
 * Writes the properties of an object, whose dict is there. One whose value is `undefined` is left out, as `JSON.stringify`
 * does.
 */
export function writeProperties(state: DumpState, value: object): void {
  const { writer, depth, place: around, isInherited } = state;
  const place = placeOf(++state.level, around);
  // One alone has an opcode of its own, so that the first waits for the second.
  let firstKey = "";
  let firstItem: unknown;
  let count = 0;
  let key = "";
  try {
    // By way of for…in the engine knows where each value is: 34 ns for two entries, 45 with Object.keys.
    for (key in value) {
      if (isInherited && !Object.prototype.hasOwnProperty.call(value, key)) continue;
      const item = (value as Record<string, unknown>)[key];
      if (item === undefined) continue;
      if (count === 0) {
        firstKey = key;
        firstItem = item;
        count = 1;
        continue;
      }
      if (count === 1) {
        writer.u8(op.MARK);
        writeKey(state, firstKey, place);
        state.place = 0;
        writeItem(state, firstItem);
      } else if (count % BATCH === 0) turn(writer, op.SETITEMS);
      writeKey(state, key, place + (count & 15));
      state.place = count++;
      writeItem(state, item);
    }
    key = firstKey;
    if (count > 1) endEntries(writer, count);
    else if (count > 0) {
      writeKey(state, firstKey, place);
      state.place = 0;
      writeItem(state, firstItem);
      writer.u8(op.SETITEM);
    }
  } catch (error) {
    throw inside(state, error, depth, key);
  }
  state.level--;
  state.place = around;
}

/** Writes the entries of a `Map`, whose dict is there. */
export function writeEntries(state: DumpState, value: ReadonlyMap<unknown, unknown>): void {
  // A dict that was loaded has no index yet, and needs none for this.
  const flat = value instanceof PyDict ? flatOfDict(value) : undefined;
  const size = flat === undefined ? value.size : flat.length / 2;
  if (size === 0) return;
  const { writer, depth, place: around } = state;
  const place = placeOf(++state.level, around);
  let count = 0;
  let key: unknown;
  let isKey = true;
  try {
    if (size > 1) writer.u8(op.MARK);
    if (flat === undefined) {
      for (const [next, item] of value) {
        key = next;
        isKey = true;
        beginEntry(state, key, count, place);
        isKey = false;
        state.place = count++;
        writeItem(state, item);
      }
    } else {
      while (count < size) {
        key = flat[2 * count];
        isKey = true;
        beginEntry(state, key, count, place);
        isKey = false;
        state.place = count++;
        writeItem(state, flat[2 * count - 1]);
      }
    }
    if (size > 1) endEntries(writer, count);
    else writer.u8(op.SETITEM);
  } catch (error) {
    throw inside(state, error, depth, key, isKey ? count : -1);
  }
  state.level--;
  state.place = around;
}

/** Begins an entry of a `Map`, and the batch it is the first of: its key. */
function beginEntry(state: DumpState, key: unknown, count: number, place: number): void {
  if (count > 0 && count % BATCH === 0) turn(state.writer, op.SETITEMS);
  if (typeof key === "string") writeKey(state, key, place + (count & 15));
  else writeItem(state, key);
}

/** Writes the items of a list that is there. Source: `batch_list_exact`. */
export function writeList(state: DumpState, items: readonly unknown[]): void {
  const { length } = items;
  if (length === 0) return;
  const { writer, depth, place: around } = state;
  let index = 0;
  state.level++;
  state.place = 0;
  try {
    if (length === 1) {
      writeItem(state, items[0]);
      writer.u8(op.APPEND);
    } else {
      writer.u8(op.MARK);
      for (let end = BATCH; index < length; end += BATCH) {
        if (index > 0) turn(writer, op.APPENDS);
        while (index < end && index < length) {
          if (typeof items[index] === "number" && writer.length < writer.boundary)
            index += writer.numbers(items, index, Math.min(end, length), state.isExact);
          else writeItem(state, items[index++]);
        }
      }
      writer.u8(op.APPENDS);
    }
  } catch (error) {
    throw inside(state, error, depth, Math.max(index - 1, 0));
  }
  state.level--;
  state.place = around;
}

/** Writes a tuple that is not empty; one that came to be memoized while its items were written is fetched. Source: `save_tuple`. */
export function writeTuple(state: DumpState, items: Tuple, ordinal: number): void {
  const { writer, depth, place: around } = state;
  const { length } = items;
  const isLong = length > 3;
  let index = 0;
  state.level++;
  state.place = 0;
  try {
    if (isLong) writer.u8(op.MARK);
    while (index < length) writeItem(state, items[index++]);
  } catch (error) {
    throw inside(state, error, depth, index - 1);
  }
  state.level--;
  state.place = around;
  if (fetchInstead(state, ordinal, isLong ? 1 : length, isLong ? op.POP_MARK : op.POP)) return;
  writer.u8(isLong ? op.TUPLE : op.TUPLE1 - 1 + length);
  memoize(state, ordinal);
}
