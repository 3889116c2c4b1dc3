import { decodeLong } from "../../bytes/long.ts";
import type { ByteSink } from "../../bytes/sink.ts";
import { decodeUtf8 } from "../../bytes/utf8.ts";
import * as op from "../../syntax/opcodes.ts";
import { encodeRawUnicodeEscape } from "../../syntax/text-operands.ts";
import { quotedBytes } from "../python-repr.ts";
import * as constant from "./constants.ts";
import type { Constants } from "./constants.ts";

const scratch = /* @__PURE__ */ new DataView(new ArrayBuffer(8));

/** A text longer than this is not written as a line, for it takes longer to read, and two or three bytes are saved. */
const LONGEST_LINE = 0xff;

function floatOf(constants: Constants, value: number): number {
  scratch.setInt32(0, constants.first.items[value] as number);
  scratch.setInt32(4, constants.second.items[value] as number);
  return scratch.getFloat64(0);
}

/** A float in the fewest characters that Python's `float` reads as the same. */
function floatText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return `${value}`
    .replace("e+", "e")
    .replace(/^(-?)0\./, "$1.")
    .replace(/^(-?\d*[1-9])(0{3,})$/, (_, digits: string, zeros: string) => `${digits}e${zeros.length}`)
    .replace(/^(-?)\.(0{3,})(\d+)$/, (_, sign: string, zeros: string, digits: string) => {
      const text = `${digits}e-${zeros.length + digits.length}`;
      return sign + (text.length < zeros.length + digits.length + 1 ? text : `.${zeros}${digits}`);
    });
}

/** Whether the text of a float may have 6 characters or fewer; it tells most of the others without making their text. */
function mayBeShort(value: number): boolean {
  const magnitude = Math.abs(value);
  if (magnitude < 1e5 && magnitude > 1e-3) return Math.round(value * 1e5) / 1e5 === value;
  return magnitude < 1e22 ? magnitude <= 1e-3 || magnitude < 1e6 || magnitude % 100 === 0 : true;
}

/** The line of a float where FLOAT is the shorter opcode, or the only one. */
function floatLine(constants: Constants, value: number, level: number): string | undefined {
  const float = floatOf(constants, value);
  if (level > 0 && !mayBeShort(float)) return undefined;
  const text = floatText(float);
  return level === 0 || text.length < 7 ? text : undefined;
}

/** Bytes of a 32-bit int's two's complement. */
const longWidth = (value: number): number => {
  const bits = 33 - Math.clz32(value < 0 ? ~value : value);
  return (bits + 7) >> 3;
};

/**
 * The operand of UNICODE, as characters of one byte each; each surrogate by itself, so that no two become one character.
 * NUL, CR and SUB need no escape: CPython writes one since 3.7, for files that are opened as text.
 */
function escapedLine(content: Uint8Array): string {
  let text = "";
  let from = 0;
  const escape = (to: number): void => {
    text += encodeRawUnicodeEscape(decodeUtf8(content, from, to));
    from = to;
  };
  for (let at = content.indexOf(0xed); at >= 0; at = content.indexOf(0xed, at + 1)) {
    if ((content[at + 1] as number) < 0xa0) continue;
    escape(at);
    escape(at + 3);
  }
  escape(content.length);
  return text.replace(/\\u00(00|0d|1a)/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** How many characters a text has, if UNICODE needs an escape for none of them; else −1. */
function unescapedLength(content: Uint8Array): number {
  let characters = 0;
  for (const byte of content) {
    if (byte > 0xc3 || byte === 0x5c || byte === 0x0a) return -1;
    if (byte < 0x80 || byte > 0xbf) characters++;
  }
  return characters;
}

/** The binary opcode of a text and the size of its header. */
function textHeader(length: number, level: number): number {
  if (level >= 4 && length <= 0xff) return 2;
  return length <= 0xffff_ffff ? 5 : 9;
}

/** How long the line of a text is where UNICODE is the shorter opcode, else −1. */
function shorterLineLength(content: Uint8Array, level: number): number {
  if (content.length > LONGEST_LINE) return -1;
  const characters = unescapedLength(content);
  return characters + 2 < textHeader(content.length, level) + content.length ? characters : -1;
}

/** How many bytes {@link writeConstant} writes of one without parts. */
export function constantSize(constants: Constants, value: number, level: number): number {
  switch (constants.kinds.items[value]) {
    case constant.NONE:
      return 1;
    case constant.TRUE:
    case constant.FALSE:
      return level >= 2 ? 1 : 4;
    case constant.INT: {
      const int = constants.first.items[value] as number;
      if (level > 0 && int >>> 8 === 0) return 2;
      if (level > 0 && int >>> 16 === 0) return 3;
      if (level >= 2) return Math.min(5, 2 + longWidth(int));
      const text = 2 + `${int}`.length;
      return level === 1 ? Math.min(5, text) : text;
    }
    case constant.LONG: {
      const length = constants.second.items[value] as number;
      if (level >= 2) return length + (length < 256 ? 2 : 5);
      return 2 + longLine(constants, value).length;
    }
    case constant.FLOAT: {
      const text = floatLine(constants, value, level);
      return text === undefined ? 9 : text.length + 2;
    }
    case constant.TEXT: {
      const content = constants.contentOf(value);
      if (level === 0) return escapedLine(content).length + 2;
      const characters = shorterLineLength(content, level);
      return characters < 0 ? textHeader(content.length, level) + content.length : characters + 2;
    }
    case constant.BYTES: {
      const length = constants.second.items[value] as number;
      return length + (length < 256 ? 2 : length <= 0xffff_ffff ? 5 : 9);
    }
    case constant.STRING: {
      const length = constants.second.items[value] as number;
      return level > 0 ? length + (length < 256 ? 2 : 5) : 2 + stringLine(constants, value).length;
    }
    case constant.EXTENSION: {
      const code = constants.first.items[value] as number;
      return code < 0x100 ? 2 : code < 0x1_0000 ? 3 : 5;
    }
    default:
      return 1 + (constants.second.items[value] as number);
  }
}

function longLine(constants: Constants, value: number): string {
  const content = constants.contentOf(value);
  return decodeLong(content, 0, content.length).toString();
}

function stringLine(constants: Constants, value: number): string {
  const content = constants.contentOf(value);
  return quotedBytes(content, 0, content.length);
}

function line(sink: ByteSink, code: number, text: string): void {
  sink.u8(code);
  sink.latin1(text);
  sink.u8(10);
}

/** Writes a length in so many bytes, and the content. */
function counted(sink: ByteSink, code: number, width: 1 | 4 | 8, content: Uint8Array): void {
  sink.u8(code);
  if (width === 1) sink.u8(content.length);
  else if (width === 4) sink.u32le(content.length);
  else sink.u64le(content.length);
  sink.raw(content);
}

function writeInt(sink: ByteSink, value: number, level: number): void {
  if (level > 0 && value >>> 8 === 0) {
    sink.u8(op.BININT1);
    sink.u8(value);
  } else if (level > 0 && value >>> 16 === 0) {
    sink.u8(op.BININT2);
    sink.u16le(value);
  } else if (level >= 2 && longWidth(value) < 3) {
    const width = longWidth(value);
    sink.u8(op.LONG1);
    sink.u8(width);
    if (width === 1) sink.u8(value);
    else sink.u16le(value);
  } else if (level === 0 || (level === 1 && value < 0 && value > -10)) line(sink, op.INT, `${value}`);
  else {
    sink.u8(op.BININT);
    sink.u32le(value);
  }
}

function writeText(sink: ByteSink, content: Uint8Array, level: number): void {
  const { length } = content;
  if (level === 0 || shorterLineLength(content, level) >= 0) line(sink, op.UNICODE, escapedLine(content));
  else if (level >= 4 && length <= 0xff) counted(sink, op.SHORT_BINUNICODE, 1, content);
  else if (length <= 0xffff_ffff) counted(sink, op.BINUNICODE, 4, content);
  else counted(sink, op.BINUNICODE8, 8, content);
}

/** Writes a constant without parts by the shortest of the opcodes that a protocol has for it. */
export function writeConstant(sink: ByteSink, constants: Constants, value: number, level: number): void {
  switch (constants.kinds.items[value]) {
    case constant.NONE:
      sink.u8(op.NONE);
      return;
    case constant.TRUE:
      if (level >= 2) sink.u8(op.NEWTRUE);
      else line(sink, op.INT, "01");
      return;
    case constant.FALSE:
      if (level >= 2) sink.u8(op.NEWFALSE);
      else line(sink, op.INT, "00");
      return;
    case constant.INT:
      writeInt(sink, constants.first.items[value] as number, level);
      return;
    case constant.LONG:
      if (level < 2) line(sink, op.LONG, longLine(constants, value));
      else {
        const content = constants.contentOf(value);
        if (content.length < 256) counted(sink, op.LONG1, 1, content);
        else counted(sink, op.LONG4, 4, content);
      }
      return;
    case constant.FLOAT: {
      const text = floatLine(constants, value, level);
      if (text !== undefined) line(sink, op.FLOAT, text);
      else {
        sink.u8(op.BINFLOAT);
        sink.f64be(floatOf(constants, value));
      }
      return;
    }
    case constant.TEXT:
      writeText(sink, constants.contentOf(value), level);
      return;
    case constant.BYTES: {
      const content = constants.contentOf(value);
      if (content.length < 256) counted(sink, op.SHORT_BINBYTES, 1, content);
      else if (content.length <= 0xffff_ffff) counted(sink, op.BINBYTES, 4, content);
      else counted(sink, op.BINBYTES8, 8, content);
      return;
    }
    case constant.STRING: {
      const content = constants.contentOf(value);
      if (level === 0) line(sink, op.STRING, stringLine(constants, value));
      else if (content.length < 256) counted(sink, op.SHORT_BINSTRING, 1, content);
      else counted(sink, op.BINSTRING, 4, content);
      return;
    }
    case constant.EXTENSION: {
      const code = constants.first.items[value] as number;
      if (code < 0x100) {
        sink.u8(op.EXT1);
        sink.u8(code);
      } else if (code < 0x1_0000) {
        sink.u8(op.EXT2);
        sink.u16le(code);
      } else {
        sink.u8(op.EXT4);
        sink.u32le(code);
      }
      return;
    }
    default:
      // The lines of a GLOBAL.
      sink.u8(op.GLOBAL);
      sink.raw(constants.contentOf(value));
  }
}
