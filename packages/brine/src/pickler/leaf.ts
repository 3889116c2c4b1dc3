import * as op from "../syntax/opcodes.ts";
import type { Tuple } from "../values/tuple.ts";
import { saveTextAt } from "./memoize.ts";
import { inside } from "./path.ts";
import { arrayPrototype, objectPrototype, tuplePrototype, uint8ArrayPrototype } from "./prototypes.ts";
import { writeKey } from "./scalars.ts";
import type { DumpState } from "./state.ts";
import { LONGEST_SHORT } from "./text-table.ts";

/** Items of the largest leaf: see `leaves.ts`. */
export const MOST_ITEMS = 8;
/** So many of the bytes of a `bytes` are in its hash: of 1 kB one of each line of the cache. With 4, 10,000 of 1 kB take a quarter more. */
const SAMPLED = 16;

/**
 * Takes a value for {@link writeTaken}, if it may be in a leaf: whether it may. Numbers go apart: to keep a new one in an old array is
 * an entry in a list of V8's collector, which 20,000 records took 42 ms for, and not 38.
 */
export function takeItem(state: DumpState, item: unknown, index: number): boolean {
  const { leafItems, leafNumbers } = state;
  state.hasTaken = true;
  if (typeof item === "number") {
    leafNumbers[index] = item;
    leafItems[index] = undefined;
    return true;
  }
  if (typeof item !== "string" && typeof item !== "boolean" && item !== null) return false;
  leafItems[index] = item;
  return true;
}

/** Whether to look for a text takes long, as all of it may be compared. */
export function isLongText(item: unknown): boolean {
  return typeof item === "string" && item.length > LONGEST_SHORT;
}

/** Whether one of the first items that were taken is {@link isLongText}. */
export function hasLongText({ leafItems }: DumpState, count: number): boolean {
  for (let i = 0; i < count; i++) if (isLongText(leafItems[i])) return true;
  return false;
}

/** Takes the items of a tuple, if it is a leaf: whether it is. */
export function takeTuple(state: DumpState, items: Tuple): boolean {
  const { length } = items;
  if (length > MOST_ITEMS) return false;
  for (let i = 0; i < length; i++) if (!takeItem(state, items[i], i)) return false;
  return true;
}

/** A hash of a list of few numbers; 0 for any other, which is no leaf: lists of texts are alike more often. */
export function contentOfList(items: readonly unknown[]): number {
  const { length } = items;
  if (length > MOST_ITEMS) return 0;
  let content = 0;
  for (let i = 0; i < length; i++) {
    const item = items[i];
    if (typeof item !== "number") return 0;
    content = mixed(content, hashOfNumber(item));
  }
  return content;
}

/** Whether bytes are an object of their own, and have an opcode: what others are written as is told apart elsewhere. */
export function isLeafBytes({ writer }: DumpState, content: Uint8Array): boolean {
  return content.length >= 2 && writer.protocol >= 3;
}

/** A hash of bytes by some of them. */
export function contentOfBytes(content: Uint8Array): number {
  const { length } = content;
  let hash = length;
  const step = (length - 1) / (SAMPLED - 1);
  for (let i = 0; i < SAMPLED; i++) hash = mixed(hash, content[Math.floor(i * step)] as number);
  return hash;
}

/** To be called before a container is told by its identity: none may be known in two ways. */
export function tellByIdentity(state: DumpState, value: object, prototype: unknown): void {
  const { memo } = state;
  if (prototype === arrayPrototype || prototype === objectPrototype || prototype === null)
    memo.closeEnclosing();
  if (!memo.hasLeaves) return;
  let mayBeLeaf = false;
  if (prototype === tuplePrototype) mayBeLeaf = takeTuple(state, value as Tuple);
  else if (prototype === arrayPrototype) mayBeLeaf = contentOfList(value as unknown[]) !== 0;
  else if (prototype === uint8ArrayPrototype) mayBeLeaf = isLeafBytes(state, value as Uint8Array);
  else if (prototype === objectPrototype || prototype === null) mayBeLeaf = memo.hasLeafDicts;
  if (mayBeLeaf) memo.closeLeaves();
}

/**
 * Writes the dict or tuple that `count` items were taken of: where it ends. `kind` is EMPTY_DICT or TUPLE, `place` that of the keys.
 */
export function writeLeaf(
  state: DumpState,
  leaf: object,
  kind: number,
  count: number,
  at: number,
  place: number,
): number {
  const { writer, memo } = state;
  const isDict = kind === op.EMPTY_DICT;
  const known = count > 0 ? memo.placeLeaf(leaf, contentOfTaken(state, kind, count)) : memo.place(leaf);
  if (known >= 0) return writer.getAt(known, at);
  // The slot of a tuple comes behind those of its items.
  if (!isDict) memo.size--;
  else {
    writer.bytes[at] = kind;
    at = writer.putAt(~known, at + 1);
  }
  const hasMark = count > (isDict ? 1 : 3);
  if (hasMark) writer.bytes[at++] = op.MARK;
  at = writeTaken(state, isDict, count, place, at);
  if (!isDict) {
    memo.moveLast();
    writer.bytes[at] = hasMark ? op.TUPLE : op.TUPLE1 - 1 + count;
    return writer.putAt(memo.size++, at + 1);
  }
  if (count > 0) writer.bytes[at++] = hasMark ? op.SETITEMS : op.SETITEM;
  return at;
}

/** Writes items that were taken, behind their keys if they have any: where they end. */
export function writeTaken(
  state: DumpState,
  hasKeys: boolean,
  count: number,
  place: number,
  at: number,
): number {
  const { writer, leafKeys, leafItems, leafNumbers } = state;
  let i = 0;
  try {
    for (; i < count; i++) {
      if (hasKeys) {
        if (at >= writer.limit) at = writer.turn(at);
        at = writeKey(state, leafKeys[i] as string, place + i, at);
      }
      if (at >= writer.limit) at = writer.turn(at);
      const item = leafItems[i];
      if (item === undefined) at = writer.numberAt(leafNumbers[i] as number, state.isExact, at);
      else if (typeof item === "string") at = saveTextAt(state, item, at);
      else writer.bytes[at++] = item === null ? op.NONE : item === true ? op.NEWTRUE : op.NEWFALSE;
    }
  } catch (error) {
    throw inside(state, error, state.depth, hasKeys ? leafKeys[i] : i);
  }
  return at;
}

/** A hash of what was taken of a container. */
function contentOfTaken({ leafItems, leafNumbers }: DumpState, kind: number, count: number): number {
  let content = kind;
  for (let i = 0; i < count; i++) {
    const item = leafItems[i];
    let hash: number;
    if (item === undefined) hash = hashOfNumber(leafNumbers[i] as number);
    else if (typeof item === "string") hash = sampleOf(item);
    else hash = item === null ? 1 : item === true ? 2 : 3;
    content = mixed(content, hash);
  }
  return content;
}

function mixed(content: number, hash: number): number {
  return (Math.imul(content ^ hash, 0x5bd1e995) + 1) | 0;
}

/** Of an int, and of the first bits of a fraction. */
function hashOfNumber(value: number): number {
  return (value | 0) ^ ((value * 0x10_0000) | 0);
}

/** A hash of a text by three of its units: all are read once more when it is written. */
function sampleOf(text: string): number {
  const { length } = text;
  return length === 0
    ? 4
    : length ^
        (text.charCodeAt(0) << 5) ^
        (text.charCodeAt(length >> 1) << 10) ^
        (text.charCodeAt(length - 1) << 16);
}
