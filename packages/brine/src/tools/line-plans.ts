import * as op from "../syntax/opcodes.ts";
import { type Opcode, opcodes, type OperandKind } from "../syntax/opcodes.ts";
import { kindOf } from "./value-kinds.ts";

// What it takes to write a line of the usual kind, by opcode. How its operand is shown:
/** There is none. */
export const NONE = 1;
/** One byte, unsigned. */
export const BYTE = 2;
/** Two bytes, unsigned. */
export const SHORT = 3;
/** Four bytes, signed. */
export const INT = 4;
/** Four bytes, unsigned. */
export const UINT = 5;
/** A double. */
export const DOUBLE = 6;
/** A text with its length in one byte. */
export const TEXT = 7;
/** A text with its length in four bytes. */
const LONG_TEXT = 8;

// What an opcode does beside popping and pushing.
/** Fills the slot that its operand names. */
export const STORES = 1;
/** Fills the next slot. */
export const MEMOIZES = 2;
/** Pushes what a slot holds. */
export const FETCHES = 3;
/** Takes a mark and all above it. */
export const CLOSES = 4;
/** Pushes a mark. */
export const OPENS = 5;

const shown: Readonly<Partial<Record<OperandKind, number>>> = {
  uint1: BYTE,
  uint2: SHORT,
  int4: INT,
  uint4: UINT,
  float8: DOUBLE,
  string1: TEXT,
  unicodestring1: TEXT,
  string4: LONG_TEXT,
  unicodestring4: LONG_TEXT,
};

function planOf({ name, code, operand, protocol, stackBefore, stackAfter }: Opcode): number {
  const way = operand === null ? NONE : (shown[operand] ?? 0);
  // Those that do what no other does.
  if (way === 0 || stackAfter.length > 1 || code === op.POP || code === op.STOP) return 0;
  const mark = stackBefore.indexOf("mark");
  const effect =
    code === op.MEMOIZE
      ? MEMOIZES
      : name.endsWith("PUT")
        ? STORES
        : name.endsWith("GET")
          ? FETCHES
          : mark >= 0
            ? CLOSES
            : code === op.MARK
              ? OPENS
              : 0;
  const pops = mark >= 0 ? mark : stackBefore.length;
  const kind = stackAfter[0] === undefined ? 0 : kindOf(stackAfter[0]);
  return way | (effect << 4) | (pops << 8) | (kind << 12) | (protocol << 20);
}

let plans: Int32Array | undefined;

/**
 * By code, what there is to know of an opcode, 0 if its lines are not of the usual kind: how its operand is shown, and from
 * bit 4 on what else it does, from 8 how many values it pops (below a mark, if it takes one), from 12 the kind that it
 * pushes, from 20 its protocol.
 */
export function linePlans(): Int32Array {
  if (plans === undefined) {
    plans = new Int32Array(256);
    for (const opcode of opcodes) plans[opcode.code] = planOf(opcode);
  }
  return plans;
}

/** What a line has behind the padded name, before what is its own. */
export function suffixOf(plan: number): string {
  const way = plan & 15;
  if (way >= TEXT) return " '";
  if (way !== NONE) return " ";
  const effect = (plan >> 4) & 15;
  return effect === MEMOIZES ? " (as " : effect === CLOSES ? " (MARK at " : "";
}
