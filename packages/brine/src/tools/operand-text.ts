import { decodeLatin1, decodeUtf8 } from "../bytes/utf8.ts";
import type { OperandKind } from "../syntax/opcodes.ts";
import { decodeRawUnicodeEscape, floatRepr } from "../syntax/text-operands.ts";
import type { Operand } from "./operands.ts";
import { byteArrayRepr, bytesRepr, piecesRepr, strRepr } from "./python-repr.ts";
import { intRepr } from "./python-numbers.ts";

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/;

/** UTF-8 in pieces, each surrogate that is written by itself a piece of its own. */
function utf8Pieces(bytes: Uint8Array, start: number, end: number): string[] {
  const pieces: string[] = [];
  let from = start;
  for (let at = start; at < end; at++) {
    if (bytes[at] !== 0xed || (bytes[at + 1] as number) < 0xa0) continue;
    if (at > from) pieces.push(decodeUtf8(bytes, from, at));
    from = at + 3;
    pieces.push(decodeUtf8(bytes, at, from));
    at += 2;
  }
  pieces.push(decodeUtf8(bytes, from, end));
  return pieces;
}

/** The operand of UNICODE in pieces, the escape of a low surrogate at the beginning of one. */
function escapePieces(bytes: Uint8Array, start: number, end: number): string[] {
  const pieces: string[] = [];
  let from = 0;
  const push = (to: number): void => {
    pieces.push(decodeRawUnicodeEscape(bytes, start + from, start + to));
    from = to;
  };
  for (const { 0: escape, index } of decodeLatin1(bytes, start, end).matchAll(
    /\\(?:u[dD][c-fC-F]|U0000[dD][c-fC-F]|[^])/g,
  )) {
    if (escape.length > 2) push(index);
  }
  push(end - start);
  return pieces;
}

/** Python's `repr` of a float. Where JavaScript has no exponent either, the digits are the same, and 4 times as fast. */
export function floatText(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude < 1e-4 || !(magnitude < 1e16)) return floatRepr(value);
  return Number.isInteger(value) ? `${value}.0` : `${value}`;
}

/** Python's `repr` of a decoded operand, which stands from `start` to `end`. */
export function operandText(
  kind: OperandKind,
  operand: Operand,
  bytes: Uint8Array,
  start: number,
  end: number,
): string {
  if (typeof operand === "number") {
    return kind === "float8" || kind === "floatnl" ? floatText(operand) : `${operand}`;
  }
  if (typeof operand === "bigint") return intRepr(operand);
  if (typeof operand === "boolean") return operand ? "True" : "False";
  if (typeof operand === "object") return kind === "bytearray8" ? byteArrayRepr(operand) : bytesRepr(operand);
  // A pair may have been two characters in Python.
  if (!kind.startsWith("unicode") || !PAIR.test(operand)) return strRepr(operand);
  return piecesRepr(
    kind === "unicodestringnl" ? escapePieces(bytes, start, end) : utf8Pieces(bytes, start, end),
  );
}
