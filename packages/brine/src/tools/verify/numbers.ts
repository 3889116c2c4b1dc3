import { UnpicklingError } from "../../errors.ts";
import * as op from "../../syntax/opcodes.ts";
import {
  floatRepr,
  parseFloatLine,
  parseIntLine,
  parseLongLine,
  parseMemoIndex,
} from "../../syntax/text-operands.ts";
import { failure } from "../../bytes/failure.ts";
import { floatOfBytes, intOfBytes } from "../python-numbers.ts";
import { C, PICKLETOOLS, PYTHON } from "./findings.ts";

/** What a reader makes of a number in text. */
type Numeric = number | bigint | boolean;

/** What the readers make of a number in text. */
export interface NumberReading {
  /** What the C unpickler reads, else the one in Python, else pickletools; 0 if nobody reads it. */
  readonly value: Numeric;
  /** Who refuses it. */
  readonly refusedBy: number;
  /** Why the first of them does, in Python's words. */
  readonly reason: string;
  /** By reader, what comes of it, where that is not the same for all who read it. */
  readonly disagreement: readonly (readonly [reader: number, value: Numeric])[] | undefined;
  /** Whether it is written as CPython writes it. */
  readonly isUsual: boolean;
}

type Parse = (bytes: Uint8Array, start: number, end: number) => Numeric;

/** Python's `int(line, 0)` of bytes. */
function intLiteral(bytes: Uint8Array, start: number, end: number): number | bigint {
  if (bytes.subarray(start, end).includes(0)) {
    throw failure("invalid-operand", "invalid literal for int() with base 0", "ValueError");
  }
  return parseLongLine(bytes, start, end);
}

/** Source: CPython `Lib/pickle.py`, `load_int`. */
function pythonInt(bytes: Uint8Array, start: number, end: number): Numeric {
  if (end - start === 2 && bytes[start] === 48 && ((bytes[start + 1] as number) & 0xfe) === 48)
    return bytes[start + 1] === 49;
  // An L is what only LONG takes off.
  if (bytes[end - 1] === 76) {
    throw failure("invalid-operand", "invalid literal for int() with base 0", "ValueError");
  }
  return intLiteral(bytes, start, end);
}

/** Source: CPython `Lib/pickletools.py`, `read_decimalnl_short`. */
function toolsInt(bytes: Uint8Array, start: number, end: number): Numeric {
  if (end - start === 2 && bytes[start] === 48 && ((bytes[start + 1] as number) & 0xfe) === 48)
    return bytes[start + 1] === 49;
  return intOfBytes(bytes, start, end);
}

const toolsIndex: Parse = (bytes, start, end) => Number(toolsInt(bytes, start, end));

/** Source: CPython `Lib/pickletools.py`, `read_decimalnl_long`. */
const toolsLong: Parse = (bytes, start, end) =>
  intOfBytes(bytes, start, end > start && bytes[end - 1] === 76 ? end - 1 : end);

const INT: readonly Parse[] = [parseIntLine, pythonInt, toolsInt];
const LONG: readonly Parse[] = [parseLongLine, intLiteral, toolsLong];
const FLOAT: readonly Parse[] = [parseFloatLine, floatOfBytes, floatOfBytes];
const INDEX: readonly Parse[] = [parseMemoIndex, intOfBytes, toolsIndex];

const readers = [C, PYTHON, PICKLETOOLS];

/** Longer texts are not looked at for their form. */
const FORM_LIMIT = 5000;

function isUsualForm(code: number, bytes: Uint8Array, start: number, end: number, value: Numeric): boolean {
  if (end - start > FORM_LIMIT) return true;
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] as number);
  if (code === op.FLOAT) {
    // The second is what the C pickler of Python 2 writes: "%.17g".
    return (
      text === floatRepr(value as number) || /^-?\d(?:\d*\.?\d*[1-9])?(?:e[+-]\d{2,3})?$|^-?\d+$/.test(text)
    );
  }
  if (code === op.LONG) return /^(?:0|-?[1-9]\d*)L$/.test(text);
  return /^(?:0|-?[1-9]\d*)$/.test(text) || (code === op.INT && /^0[01]$/.test(text));
}

const same = (a: Numeric, b: Numeric): boolean => Object.is(a, b) || (a === 0 && b === 0);

/** What the readers make of the operand of INT, LONG, FLOAT, GET or PUT. */
export function readNumber(code: number, bytes: Uint8Array, start: number, end: number): NumberReading {
  const parsers = code === op.INT ? INT : code === op.LONG ? LONG : code === op.FLOAT ? FLOAT : INDEX;
  const values: [number, Numeric][] = [];
  let refusedBy = 0;
  let reason = "";
  readers.forEach((reader, at) => {
    try {
      let value = (parsers[at] as Parse)(bytes, start, end);
      if (parsers === INDEX && typeof value === "boolean") value = Number(value);
      values.push([reader, value]);
    } catch (error) {
      if (!(error instanceof UnpicklingError)) throw error;
      refusedBy |= reader;
      reason ||= error.words;
    }
  });
  const value = values[0]?.[1] ?? 0;
  const agree = values.every(([, other]) => same(other, value));
  return {
    value,
    refusedBy,
    reason,
    disagreement: agree ? undefined : values,
    isUsual: refusedBy === 0 && agree && isUsualForm(code, bytes, start, end, value),
  };
}
