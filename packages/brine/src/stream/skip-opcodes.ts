import { layouts } from "../syntax/layouts.ts";
import * as op from "../syntax/opcodes.ts";
import { NO_KEY, type PathKeys } from "./path-keys.ts";
import type { ScanStack } from "./scan-stack.ts";

/** No opcode that is skipped is longer: one byte, four of length, 255 of content. */
export const LONGEST_SKIPPED = 260;

// What the loop does about an opcode, by its code; what has no entry is for the scanner.
/** Pushes a value; the operand has a fixed length. */
const PUSH = 1;
/** Pushes a value; one byte says how long the operand is. */
const PUSH_COUNTED = 2;
const PUSH_TEXT = 3;
const PUSH_INT = 4;
const GET = 5;
const MEMOIZE = 6;
const PUT = 7;
const MARK = 8;
/** Adds what is above the mark to the value below. */
const ADD = 9;
const TUPLE = 10;
const BUILD = 11;
/** As PUSH_TEXT, with four bytes of length. */
const PUSH_LONG_TEXT = 13;
/** Makes one of so many values. */
const MAKE = 12;

/** Of an entry of the table: the action; above it is the length of the opcode, or of what it makes one of. */
const ACTION = 15;

// Opcodes as characters.
const groups: readonly (readonly [action: number, codes: string])[] = [
  [PUSH, "N\x88\x89G)]}\x8f"],
  [PUSH_COUNTED, "C"],
  [PUSH_TEXT, "\x8cU"],
  [PUSH_LONG_TEXT, "XT"],
  [PUSH_INT, "JKM"],
  [GET, "h"],
  [MEMOIZE, "\x94"],
  [PUT, "qr"],
  [MARK, "("],
  [ADD, "eu\x90"],
  [TUPLE, "t"],
  [BUILD, "b"],
];
const makers = ["", "\x85", "\x86R\x81\x93", "\x87"];

function table(): Uint8Array {
  const actions = new Uint8Array(256);
  for (const [action, codes] of groups) {
    for (let i = 0; i < codes.length; i++) {
      const code = codes.charCodeAt(i);
      actions[code] = ((1 + (layouts[code] as number)) << 4) | action;
    }
  }
  for (const [count, codes] of makers.entries())
    for (let i = 0; i < codes.length; i++) actions[codes.charCodeAt(i)] = (count << 4) | MAKE;
  return actions;
}

const actions: Uint8Array = /* @__PURE__ */ table();

/**
 * Skips over the usual opcodes from `position` on that do not change what is at the bottom of the stack: it counts values, and
 * of those that are children of the bottom it notes where they begin. An opcode takes a fraction of the time that it takes
 * the scanner.
 *
 * @param isDict whether the bottom is a dict, whose keys may be numbers of the path
 * @returns where it stopped: at an opcode for the scanner, or at `end` or shortly behind it
 */
export function skip(
  stack: ScanStack,
  keys: PathKeys,
  isDict: boolean,
  bytes: Uint8Array,
  base: number,
  position: number,
  end: number,
): number {
  const { starts, memoCounts, keyOf, isShared, marks, markStarts, memoizes } = stack;
  const { first, lengths, hasNumbers } = keys;
  // An import is looked up anew at every opcode.
  const actionOf = actions;
  let { size, memoCount } = stack;
  let depth = marks.length;
  let fence = depth > 0 ? (marks[depth - 1] as number) : 0;
  loop: while (position < end) {
    const code = bytes[position] as number;
    const entry = actionOf[code] as number;
    let next = position + (entry >> 4);
    let key = NO_KEY;
    let bottom = fence;
    switch (entry & ACTION) {
      case PUSH_TEXT: {
        const length = bytes[position + 1] as number;
        next = position + 2 + length;
        if (lengths[length] === 1) key = keys.of(code, length, bytes, position + 2, next);
        break;
      }
      case PUSH_LONG_TEXT: {
        const length = bytes[position + 1] as number;
        const isLong = bytes[position + 2] !== 0 || bytes[position + 3] !== 0 || bytes[position + 4] !== 0;
        if (isLong) break loop;
        next = position + 5 + length;
        if (lengths[length] === 1) key = keys.of(code, length, bytes, position + 5, next);
        break;
      }
      case PUSH_COUNTED:
        next = position + 2 + (bytes[position + 1] as number);
        break;
      case PUSH:
        break;
      case PUSH_INT: {
        if (!hasNumbers) break;
        // What may be a number of the path, for a key or for the memo.
        const behind = (actionOf[bytes[next] as number] as number) & ACTION;
        if ((isDict && depth <= 1) || behind === MEMOIZE || behind === PUT) break loop;
        break;
      }
      case GET:
        key = first[bytes[position + 1] as number] as number;
        if (depth <= 1) {
          starts[size] = base + position;
          memoCounts[size] = memoCount;
        }
        keyOf[size] = key;
        isShared[size++] = true;
        position = next;
        continue;
      case MEMOIZE: {
        if (memoizes !== true) break loop;
        const named = keyOf[size - 1] as number;
        if (named !== NO_KEY) keys.keep(memoCount, named);
        memoCount++;
        position = next;
        continue;
      }
      case PUT: {
        if (memoizes !== false) break loop;
        let slot = bytes[position + 1] as number;
        if (code === op.LONG_BINPUT) {
          slot |= ((bytes[position + 2] as number) << 8) | ((bytes[position + 3] as number) << 16);
          slot += (bytes[position + 4] as number) * 0x100_0000;
        }
        if (slot < memoCount) break loop;
        const named = keyOf[size - 1] as number;
        if (named !== NO_KEY) keys.keep(slot, named);
        memoCount = slot + 1;
        position = next;
        continue;
      }
      case MARK:
        marks.push((fence = size));
        markStarts.push(base + position);
        depth++;
        memoCounts[size] = memoCount;
        position = next;
        continue;
      case ADD:
        // What is added to the bottom, to what is shared, or to what is below another mark.
        if (depth === 0 || bottom <= 1 || isShared[bottom - 1] === true) break loop;
        if (depth > 1 && (marks[depth - 2] as number) >= bottom) break loop;
        size = bottom;
        depth--;
        marks.pop();
        markStarts.pop();
        fence = depth > 0 ? (marks[depth - 1] as number) : 0;
        position = next;
        continue;
      case TUPLE:
        if (depth === 0 || bottom < 1) break loop;
        depth--;
        marks.pop();
        starts[bottom] = markStarts.pop() as number;
        fence = depth > 0 ? (marks[depth - 1] as number) : 0;
        keyOf[bottom] = NO_KEY;
        isShared[bottom] = false;
        size = bottom + 1;
        position = next;
        continue;
      case BUILD:
        bottom = size - 1;
        if (bottom <= 1 || bottom <= fence || isShared[bottom - 1] === true) break loop;
        size = bottom;
        position = next;
        continue;
      case MAKE:
        bottom = size - (entry >> 4);
        if (bottom < 1 || bottom < fence) break loop;
        keyOf[bottom] = NO_KEY;
        isShared[bottom] = false;
        size = bottom + 1;
        position++;
        continue;
      default:
        break loop;
    }
    if (depth <= 1) {
      starts[size] = base + position;
      memoCounts[size] = memoCount;
    }
    keyOf[size] = key;
    isShared[size++] = false;
    position = next;
  }
  stack.size = size;
  stack.memoCount = memoCount;
  return position;
}
