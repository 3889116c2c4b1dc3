import { decodeUsualUtf8 } from "../bytes/utf8.ts";
import { byteTable } from "../syntax/layouts.ts";
import * as op from "../syntax/opcodes.ts";
import type { PyDict } from "../values/py-dict.ts";
import { tupleOf } from "../values/tuple.ts";
import { textDict } from "./containers.ts";
import { CONTAINER_COST, ITEM_COST } from "./costs.ts";
import { DICT, LIST, NO_KIND, TUPLE, UNREAD_DICT } from "./kinds.ts";
import { PENDING, type State } from "./state.ts";

/** The longest opcode here with its operand, two opcodes behind it, and the longest operand of those. */
const MOST_BYTES = 16;

/** The opcodes that are read here, 1 each. */
export const isFrequent: Uint8Array = /* @__PURE__ */ byteTable({
  1: "}]ueasKMJGhjN\x88\x89\x8cX\x85\x86\x87",
});

/** Opcodes of numbers: lists of these are read apart. */
const isNumber: Uint8Array = /* @__PURE__ */ byteTable({ 1: "KMJG\x8a" });

/** Python's batches have 1000 items; what is shorter than this is the last one, or no batch of Python's. */
export const FULL_BATCH = 256;

/**
 * Reads scalars, texts, texts out of the memo, and lists, small tuples and dicts by text of all these, until something else
 * comes or `limit` is near; gives the position of that. The machine knows all of it too, but in a loop so small more stays
 * in registers: an opcode takes 5 ns here and 11 there (Node 20, 1024 small dicts). Nothing here throws.
 */
export function readFrequent(
  state: State,
  bytes: Uint8Array,
  view: DataView,
  position: number,
  limit: number,
  bigints: boolean,
): number {
  const { stack, kinds, marks, slots, memo, memoKinds, isDense, lazy, exact } = state;
  let { size, markCount, memoLength } = state;
  const memoized = memoLength;
  // The pending container on top: where its items begin on the stack, 0 if there is none, and its entry of `slots`.
  let bottom = pendingAt(stack, marks, markCount);
  let openSlot = bottom > 0 ? (slots[--markCount] as number) : 0;
  /** What an opcode here made last and is empty, or was. */
  let lastMade: object | undefined;
  const stop = limit - MOST_BYTES;
  while (position < stop) {
    const code = bytes[position] as number;
    if (code === op.BINGET || code === op.LONG_BINGET) {
      const isShort = code === op.BINGET;
      const index = isShort ? (bytes[position + 1] as number) : view.getUint32(position + 1, true);
      if (index >= memoLength) break;
      const value = memo[index];
      // Of anything else the kind matters, and whether it is pending.
      if (typeof value !== "string") break;
      stack[size++] = value;
      position += isShort ? 2 : 5;
    } else if (code === op.SHORT_BINUNICODE || code === op.BINUNICODE) {
      const isShort = code === op.SHORT_BINUNICODE;
      const from = position + (isShort ? 2 : 5);
      const to = from + (isShort ? (bytes[position + 1] as number) : view.getUint32(position + 1, true));
      const text = to <= stop ? decodeUsualUtf8(bytes, from, to) : undefined;
      if (text === undefined) break;
      stack[size++] = text;
      position = to;
      const width = isDense ? putWidth(bytes, view, to, memoLength) : 0;
      if (width === 0) continue;
      position += width;
      memo[memoLength] = text;
      memoKinds[memoLength++] = NO_KIND;
    } else if (code === op.BINFLOAT) {
      stack[size++] = view.getFloat64(position + 1);
      position += 9;
    } else if (code === op.BININT1 || code === op.BININT2 || code === op.BININT) {
      const width = code === op.BININT1 ? 1 : code === op.BININT2 ? 2 : 4;
      const value =
        width === 1
          ? (bytes[position + 1] as number)
          : width === 2
            ? view.getUint16(position + 1, true)
            : view.getInt32(position + 1, true);
      stack[size++] = bigints ? BigInt(value) : value;
      position += 1 + width;
    } else if (code === op.NONE) {
      stack[size++] = null;
      position++;
    } else if (code === op.NEWTRUE || code === op.NEWFALSE) {
      stack[size++] = code === op.NEWTRUE;
      position++;
    } else if (code === op.TUPLE2 || code === op.TUPLE3 || code === op.TUPLE1) {
      const from = size - (code - op.TUPLE1 + 1);
      if (from < (bottom > 0 ? bottom : markCount > 0 ? (marks[markCount - 1] as number) : 0)) break;
      let tuple: readonly unknown[];
      if (exact) tuple = tupleOf(stack, from, size);
      else {
        const first = stack[from];
        const last = stack[size - 1];
        const middle = stack[size - 2];
        // Whether it is hashable depends on what is in it.
        if (typeof first === "object" || typeof last === "object") break;
        if (code === op.TUPLE2) tuple = [first, last];
        else if (code === op.TUPLE1) tuple = [first];
        else if (typeof middle === "object") break;
        else tuple = [first, middle, last];
      }
      state.budget -= CONTAINER_COST;
      kinds[from] = TUPLE;
      stack[from] = tuple;
      size = from + 1;
      position++;
      const width = isDense ? putWidth(bytes, view, position, memoLength) : 0;
      if (width === 0) continue;
      position += width;
      memo[memoLength] = tuple;
      memoKinds[memoLength++] = TUPLE;
    } else if (code === op.SETITEMS || code === op.APPENDS) {
      const kind = code === op.APPENDS ? LIST : DICT;
      const count = size - bottom;
      if (bottom === 0 || count === 0 || kinds[bottom - 1] !== kind) break;
      let value: object | undefined;
      if (kind === LIST) {
        // A long list is made of its batches when the last one is there.
        if (count >= FULL_BATCH || state.batches[markCount] !== undefined) break;
        value = stack.slice(bottom, size);
      } else {
        if (count % 2 !== 0 || !lazy) break;
        value = textDict(state, bottom, size);
        if (value === undefined) break;
      }
      state.budget -= CONTAINER_COST + count * ITEM_COST;
      size = bottom;
      stack[size - 1] = value;
      const slot = openSlot >> 1;
      if (openSlot % 2 === 1 && memo[slot] === PENDING) {
        memo[slot] = value;
        if (kind === DICT) {
          memoKinds[slot] = UNREAD_DICT;
          state.places[size - 1] = slot;
        }
      }
      position++;
      // Is the one below pending, too?
      bottom = pendingAt(stack, marks, markCount);
      if (bottom > 0) openSlot = slots[--markCount] as number;
    } else if (code === op.SETITEM || code === op.APPEND) {
      const under = size - (code === op.APPEND ? 2 : 3);
      // That it lies there says that it is below no MARK that came since.
      if (under < bottom || lastMade === undefined || stack[under] !== lastMade) break;
      const key = stack[under + 1];
      if (Array.isArray(lastMade) !== (code === op.APPEND)) break;
      if (code === op.APPEND) (lastMade as unknown[]).push(key);
      else if (typeof key !== "string" || key === "__proto__") break;
      else if (state.hasPlainDicts) (lastMade as Record<string, unknown>)[key] = stack[under + 2];
      else if (exact) (lastMade as PyDict).addMany(stack, under + 1, size);
      else break;
      state.budget -= 2 * ITEM_COST;
      size = under + 1;
      position++;
    } else if ((code === op.EMPTY_DICT || code === op.EMPTY_LIST) && lazy) {
      const kind = code === op.EMPTY_LIST ? LIST : DICT;
      const width = isDense ? putWidth(bytes, view, position + 1, memoLength) : 0;
      if (bytes[position + 1 + width] !== op.MARK) {
        // It is empty, or has one item.
        state.budget -= CONTAINER_COST;
        lastMade = state.newContainer(kind, -1);
        kinds[size] = kind;
        stack[size] = lastMade;
        position += width + 1;
        if (width > 0) {
          if (kind === DICT) state.places[size] = memoLength;
          memo[memoLength] = lastMade;
          memoKinds[memoLength++] = kind === DICT ? UNREAD_DICT : kind;
        }
        size++;
        continue;
      }
      if (kind === LIST && isNumber[bytes[position + 2 + width] as number] === 1) break;
      if (bottom > 0) {
        marks[markCount] = bottom;
        slots[markCount++] = openSlot;
      }
      position += width + 2;
      openSlot = 2 * memoLength;
      if (width > 0) {
        openSlot++;
        memo[memoLength] = PENDING;
        memoKinds[memoLength++] = kind;
      }
      kinds[size] = kind;
      stack[size++] = PENDING;
      bottom = size;
    } else break;
  }
  if (bottom > 0) {
    marks[markCount] = bottom;
    slots[markCount++] = openSlot;
  }
  state.size = size;
  state.markCount = markCount;
  state.memoLength = memoLength;
  state.memoCount += memoLength - memoized;
  return position;
}

/** Where the items of the container below the last MARK begin if it is pending, 0 if not: it belongs to the lowest MARK there. */
function pendingAt(stack: readonly unknown[], marks: readonly number[], count: number): number {
  const bottom = count > 0 ? (marks[count - 1] as number) : 0;
  const isPending =
    bottom > 0 && stack[bottom - 1] === PENDING && (count < 2 || (marks[count - 2] as number) < bottom);
  return isPending ? bottom : 0;
}

/** The width of an opcode that memoizes under `index`, 0 if there is none. */
function putWidth(bytes: Uint8Array, view: DataView, position: number, index: number): number {
  const code = bytes[position];
  if (code === op.MEMOIZE) return 1;
  if (code === op.BINPUT) return bytes[position + 1] === index ? 2 : 0;
  return code === op.LONG_BINPUT && view.getUint32(position + 1, true) === index ? 5 : 0;
}
