import { encodeLong } from "../../bytes/long.ts";
import { ByteSink } from "../../bytes/sink.ts";
import { decodeUtf8, isAscii } from "../../bytes/utf8.ts";
import type { OpCursor } from "../../syntax/cursor.ts";
import * as op from "../../syntax/opcodes.ts";
import {
  decodeRawUnicodeEscape,
  decodeStringEscapes,
  parseFloatLine,
  parseIntLine,
  parseLongLine,
} from "../../syntax/text-operands.ts";
import { BYTES, type Constants, FALSE, LONG, NONE, STRING, TEXT, TRUE } from "./constants.ts";

const scratch = /* @__PURE__ */ new DataView(new ArrayBuffer(8));

function putCodePoint(sink: ByteSink, codePoint: number): void {
  if (codePoint < 0x80) {
    sink.u8(codePoint);
    return;
  }
  if (codePoint < 0x800) sink.u8(0xc0 | (codePoint >> 6));
  else {
    if (codePoint < 0x1_0000) sink.u8(0xe0 | (codePoint >> 12));
    else {
      sink.u8(0xf0 | (codePoint >> 18));
      sink.u8(0x80 | ((codePoint >> 12) & 0x3f));
    }
    sink.u8(0x80 | ((codePoint >> 6) & 0x3f));
  }
  sink.u8(0x80 | (codePoint & 0x3f));
}

/** The operand of UNICODE as UTF-8. By code points, for two surrogates in escapes of their own stay apart. */
function escapedText(bytes: Uint8Array, start: number, end: number): Uint8Array {
  decodeRawUnicodeEscape(bytes, start, end);
  const sink = new ByteSink();
  for (let at = start; at < end;) {
    const byte = bytes[at++] as number;
    if (byte !== 0x5c || at === end) {
      putCodePoint(sink, byte);
      continue;
    }
    const next = bytes[at] as number;
    const digits = next === 0x75 ? 4 : next === 0x55 ? 8 : 0;
    if (digits > 0) {
      const from = at + 1;
      at = from + digits;
      putCodePoint(sink, parseInt(decodeUtf8(bytes, from, at), 16));
    } else {
      sink.u8(byte);
      if (next === 0x5c) sink.u8(bytes[at++] as number);
    }
  }
  return sink.take();
}

function text(constants: Constants, bytes: Uint8Array, start: number, end: number): number {
  if (!bytes.subarray(start, end).includes(0x5c) && isAscii(bytes, start, end)) {
    return constants.content(TEXT, bytes, start, end);
  }
  const content = escapedText(bytes, start, end);
  return constants.content(TEXT, content, 0, content.length);
}

/** An int, of two's complement that may be longer than it has to be. */
function long(constants: Constants, bytes: Uint8Array, start: number, end: number): number {
  let last = end - 1;
  if (last < start) return constants.int(0);
  const sign = (bytes[last] as number) >> 7 === 0 ? 0 : 0xff;
  while (last > start && bytes[last] === sign && (((bytes[last - 1] as number) ^ sign) & 0x80) === 0) last--;
  if (last - start >= 4) return constants.content(LONG, bytes, start, last + 1);
  let value = ((bytes[last] as number) << 24) >> 24;
  while (last > start) value = (value << 8) | (bytes[--last] as number);
  return constants.int(value);
}

function integer(constants: Constants, value: number | bigint): number {
  if (typeof value === "number" && (value | 0) === value) return constants.int(value | 0);
  const content = encodeLong(BigInt(value));
  return constants.content(LONG, content, 0, content.length);
}

/** A float from its 8 bytes, −1 for a NaN. */
function float(constants: Constants, view: DataView, at: number): number {
  const high = view.getInt32(at);
  const low = view.getInt32(at + 4);
  const isNaN = (high & 0x7ff0_0000) === 0x7ff0_0000 && ((high & 0xf_ffff) | low) !== 0;
  return isNaN ? -1 : constants.float(high, low);
}

/**
 * The constant that the opcode under the cursor pushes; −1 if it is none of those that push one by their operand alone,
 * or if it pushes a NaN.
 *
 * @throws UnpicklingError, without its place, where CPython's C unpickler refuses the operand.
 */
export function operandConstant(constants: Constants, cursor: OpCursor, view: DataView): number {
  const { bytes, operandStart: start, operandEnd: end } = cursor;
  switch (cursor.code) {
    case op.BININT1:
      return constants.int(bytes[start] as number);
    case op.BININT2:
      return constants.int(view.getUint16(start, true));
    case op.BININT:
      return constants.int(view.getInt32(start, true));
    case op.SHORT_BINUNICODE:
    case op.BINUNICODE:
    case op.BINUNICODE8:
      return constants.content(TEXT, bytes, start, end);
    case op.NONE:
      return NONE;
    case op.NEWTRUE:
      return TRUE;
    case op.NEWFALSE:
      return FALSE;
    case op.BINFLOAT:
      return float(constants, view, start);
    case op.LONG1:
    case op.LONG4:
      return long(constants, bytes, start, end);
    case op.SHORT_BINBYTES:
    case op.BINBYTES:
    case op.BINBYTES8:
      return constants.content(BYTES, bytes, start, end);
    case op.SHORT_BINSTRING:
    case op.BINSTRING:
      return constants.content(STRING, bytes, start, end);
    case op.STRING: {
      const content = decodeStringEscapes(bytes, start, end);
      return constants.content(STRING, content, 0, content.length);
    }
    case op.UNICODE:
      return text(constants, bytes, start, end);
    case op.INT: {
      const value = parseIntLine(bytes, start, end);
      return typeof value === "boolean" ? (value ? TRUE : FALSE) : integer(constants, value);
    }
    case op.LONG:
      return integer(constants, parseLongLine(bytes, start, end));
    case op.FLOAT:
      scratch.setFloat64(0, parseFloatLine(bytes, start, end));
      return float(constants, scratch, 0);
    default:
      return -1;
  }
}
