import { failure } from "../bytes/failure.ts";
import { decodeLongNumber } from "../bytes/long.ts";
import { decodeLatin1, decodeUtf8, isAscii } from "../bytes/utf8.ts";
import { UnpicklingError } from "../errors.ts";
import type { OperandKind } from "../syntax/opcodes.ts";
import { decodeRawUnicodeEscape, decodeStringEscapes } from "../syntax/text-operands.ts";
import { floatOfBytes, intOfBytes } from "./python-numbers.ts";
import { bytesRepr } from "./python-repr.ts";

/**
 * A decoded operand, of the type that `pickletools.genops` gives: an int is a number if it is safe, else a bigint; a
 * GLOBAL or INST is "module name"; the bytes are a copy.
 */
export type Operand = number | bigint | boolean | string | Uint8Array;

/** Decodes the operand from `start`, after a length in front of it, to `end`, before the newline of a line. */
export type OperandReader = (bytes: Uint8Array, view: DataView, start: number, end: number) => Operand;

const invalid = (words: string): UnpicklingError => failure("invalid-operand", words, "ValueError");

/** Undoes the escapes of a line without quotes. */
function unescapedLine(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const line = bytes.subarray(start, end);
  if (!line.includes(92)) return line;
  const quoted = new Uint8Array(line.length + 2).fill(39);
  quoted.set(line, 1);
  return decodeStringEscapes(quoted, 0, quoted.length);
}

/** A name or persistent id. CPython's pickletools refuses what is beyond ASCII, though protocol 3 writes it as UTF-8. */
export function nameLine(bytes: Uint8Array, start: number, end: number): string {
  const line = unescapedLine(bytes, start, end);
  if (isAscii(line, 0, line.length)) return decodeLatin1(line, 0, line.length);
  try {
    return decodeUtf8(line, 0, line.length);
  } catch (error) {
    if (error instanceof UnpicklingError && error.code === "undecodable-text")
      return decodeLatin1(line, 0, line.length);
    throw error;
  }
}

/** Source: CPython `Lib/pickletools.py`, `read_stringnl`, but for bytes beyond ASCII, which are latin-1 here. */
function stringLine(bytes: Uint8Array, start: number, end: number): string {
  const quote = bytes[start];
  if (start === end || (quote !== 34 && quote !== 39)) {
    throw invalid(`no string quotes around ${bytesRepr(bytes, start, end)}`);
  }
  if (bytes[end - 1] !== quote) {
    const mark = quote === 34 ? `b'"'` : `b"'"`;
    throw invalid(`strinq quote ${mark} not found at both ends of ${bytesRepr(bytes, start, end)}`);
  }
  if (end - start === 1) return "";
  const content = decodeStringEscapes(bytes, start, end);
  return decodeLatin1(content, 0, content.length);
}

function decimalShort(bytes: Uint8Array, _: DataView, start: number, end: number): number | bigint | boolean {
  if (end - start === 2 && bytes[start] === 48) {
    if (bytes[start + 1] === 48) return false;
    if (bytes[start + 1] === 49) return true;
  }
  return intOfBytes(bytes, start, end);
}

const utf8: OperandReader = (bytes, _, start, end) => decodeUtf8(bytes, start, end);
const latin1: OperandReader = (bytes, _, start, end) => decodeLatin1(bytes, start, end);
const copy: OperandReader = (bytes, _, start, end) => new Uint8Array(bytes.subarray(start, end));
const long: OperandReader = (bytes, _, start, end) => decodeLongNumber(bytes, start, end);

/** By kind of operand, what decodes it. Source: the readers of CPython 3.13's `Lib/pickletools.py`. */
export const operandReaders: Readonly<Record<OperandKind, OperandReader>> = {
  uint1: (bytes, _, start) => bytes[start] as number,
  uint2: (bytes, _, start) => (bytes[start] as number) | ((bytes[start + 1] as number) << 8),
  int4: (_, view, start) => view.getInt32(start, true),
  uint4: (_, view, start) => view.getUint32(start, true),
  uint8: (_, view, start) => {
    const value = view.getUint32(start + 4, true) * 0x1_0000_0000 + view.getUint32(start, true);
    return Number.isSafeInteger(value) ? value : view.getBigUint64(start, true);
  },
  float8: (_, view, start) => view.getFloat64(start),
  decimalnl_short: decimalShort,
  decimalnl_long: (bytes, _, start, end) =>
    intOfBytes(bytes, start, end > start && bytes[end - 1] === 76 ? end - 1 : end),
  floatnl: (bytes, _, start, end) => floatOfBytes(bytes, start, end),
  stringnl: (bytes, _, start, end) => stringLine(bytes, start, end),
  stringnl_noescape: (bytes, _, start, end) => nameLine(bytes, start, end),
  stringnl_noescape_pair: (bytes, _, start, end) => {
    const middle = bytes.indexOf(10, start);
    return `${nameLine(bytes, start, middle)} ${nameLine(bytes, middle + 1, end)}`;
  },
  unicodestringnl: (bytes, _, start, end) => decodeRawUnicodeEscape(bytes, start, end),
  string1: latin1,
  string4: latin1,
  bytes1: copy,
  bytes4: copy,
  bytes8: copy,
  bytearray8: copy,
  unicodestring1: utf8,
  unicodestring4: utf8,
  unicodestring8: utf8,
  long1: long,
  long4: long,
};
