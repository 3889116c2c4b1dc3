import * as op from "../syntax/opcodes.ts";
import { NO_KEY, type PathKeys } from "./path-keys.ts";
import type { ScanStack } from "./scan-stack.ts";
import * as act from "./skip-actions.ts";

/** No opcode that is skipped is longer: one byte, four of length, 255 of content. */
export const LONGEST_SKIPPED = 260;

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
  const actionOf = act.skipActions;
  let { size, memoCount } = stack;
  let depth = marks.length;
  let fence = depth > 0 ? (marks[depth - 1] as number) : 0;
  loop: while (position < end) {
    const code = bytes[position] as number;
    const entry = actionOf[code] as number;
    let next = position + (entry >> 4);
    let key = NO_KEY;
    let bottom = fence;
    switch (entry & act.ACTION) {
      case act.PUSH_TEXT: {
        const length = bytes[position + 1] as number;
        next = position + 2 + length;
        if (lengths[length] === 1) key = keys.of(code, length, bytes, position + 2, next);
        break;
      }
      case act.PUSH_LONG_TEXT: {
        const length = bytes[position + 1] as number;
        const isLong = bytes[position + 2] !== 0 || bytes[position + 3] !== 0 || bytes[position + 4] !== 0;
        if (isLong) break loop;
        next = position + 5 + length;
        if (lengths[length] === 1) key = keys.of(code, length, bytes, position + 5, next);
        break;
      }
      case act.PUSH_COUNTED:
        next = position + 2 + (bytes[position + 1] as number);
        break;
      case act.PUSH:
        break;
      case act.PUSH_INT: {
        if (!hasNumbers) break;
        // What may be a number of the path, for a key or for the memo.
        const behind = (actionOf[bytes[next] as number] as number) & act.ACTION;
        if ((isDict && depth <= 1) || behind === act.MEMOIZE || behind === act.PUT) break loop;
        break;
      }
      case act.GET:
        key = first[bytes[position + 1] as number] as number;
        if (depth <= 1) {
          starts[size] = base + position;
          memoCounts[size] = memoCount;
        }
        keyOf[size] = key;
        isShared[size++] = true;
        position = next;
        continue;
      case act.MEMOIZE: {
        if (memoizes !== true) break loop;
        const named = keyOf[size - 1] as number;
        if (named !== NO_KEY) keys.keep(memoCount, named);
        memoCount++;
        position = next;
        continue;
      }
      case act.PUT: {
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
      case act.MARK:
        marks.push((fence = size));
        markStarts.push(base + position);
        depth++;
        memoCounts[size] = memoCount;
        position = next;
        continue;
      case act.ADD:
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
      case act.TUPLE:
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
      case act.BUILD:
        bottom = size - 1;
        if (bottom <= 1 || bottom <= fence || isShared[bottom - 1] === true) break loop;
        size = bottom;
        position = next;
        continue;
      case act.MAKE:
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
