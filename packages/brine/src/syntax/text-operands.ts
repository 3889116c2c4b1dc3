import { decodeText, textOfUnits, unicodeDecodeError, within } from "../bytes/decode-text.ts";
import { strRepr } from "../bytes/repr.ts";
import { decodeLatin1 } from "../bytes/utf8.ts";
import { UnpicklingError } from "../errors.ts";

// The operands that protocol 0 writes as text. Every function takes the line without its newline, as the bytes from
// `start` to `end`. CPython hands the line to C functions for NUL-terminated strings, so that a NUL ends it.

function invalid(words: string, pythonException = "ValueError"): UnpicklingError {
  return new UnpicklingError("invalid-operand", words, { pythonException });
}

/** The line as the C string that CPython works on: latin-1 for bytes, up to the first NUL. */
function cString(bytes: Uint8Array, start: number, end: number, newline: "\n" | "" = "\n"): string {
  if (start >= end && newline !== "") throw new UnpicklingError("truncated", "pickle data was truncated");
  const text = decodeLatin1(bytes, start, end) + newline;
  const nul = text.indexOf("\0");
  return nul < 0 ? text : text.slice(0, nul);
}

/** What the words of an error quote: 200 bytes of the C string at most, taken for UTF-8. */
function excerpt(text: string, errors: "strict" | "replace"): string {
  return decodeText(
    Uint8Array.from(text.slice(0, 200), (c) => c.charCodeAt(0)),
    "utf-8",
    errors,
  );
}

/** What the common line, up to 15 decimal digits with or without a minus and no leading zero, stands for. */
function simpleInt(bytes: Uint8Array, start: number, end: number): number | undefined {
  const negative = bytes[start] === 45;
  let at = negative ? start + 1 : start;
  if (at >= end || end - at > 15 || (bytes[at] === 48 && end - start > 1)) return undefined;
  let value = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return negative ? -value : value;
}

/** Python's `int(text, base)` of a C string. Source: CPython `Objects/longobject.c`, `PyLong_FromString`. */
function pythonInt(text: string, base: 0 | 10): number | bigint {
  // Every line matches, and nothing in it is tried twice.
  const match = /^[\t-\r ]*([+-]?)(0[xob]_?)?([\da-f_]*)[\t-\r ]*([^]*)/i.exec(text)!;
  const [, sign, prefix = "", digits, rest] = match as unknown as string[] & { 1: string; 3: string };
  const literal = prefix.slice(0, 2) + digits.replaceAll("_", "");
  const radix = base === 0 && prefix !== "" ? [16, 8, 2]["xob".indexOf(prefix[1]!.toLowerCase())]! : 10;
  const value = Number(literal);
  const malformed =
    rest !== "" ||
    digits === "" ||
    /^_|__|_$/.test(digits) ||
    (radix === 10 ? /\D/.test(literal) : Number.isNaN(value));
  if (!malformed && radix === 10 && literal.length > 4300) {
    throw invalid(
      `Exceeds the limit (4300 digits) for integer string conversion: value has ${literal.length} digits; ` +
        "use sys.set_int_max_str_digits() to increase the limit",
    );
  }
  if (malformed || (base === 0 && radix === 10 && literal[0] === "0" && value !== 0)) {
    const quoted = Array.from(strRepr(excerpt(text, "strict")))
      .slice(0, 200)
      .join("");
    throw invalid(`invalid literal for int() with base ${malformed ? radix : 0}: ${quoted}`);
  }
  return signed(sign, value, literal);
}

/** The int of a JavaScript literal whose value is about `value`. */
function signed(sign: string, value: number, literal: string): number | bigint {
  const negative = sign === "-";
  if (value <= Number.MAX_SAFE_INTEGER) return negative ? 0 - value : value;
  const magnitude = within(() => BigInt(literal));
  return negative ? -magnitude : magnitude;
}

function fitsInt64(value: number | bigint): boolean {
  return BigInt.asIntN(64, BigInt(value)) === BigInt(value);
}

/**
 * The operand of INT: a bool for a line of two characters that C reads as 0 or 1 ("00", "01"), an int otherwise, as a
 * number if it is safe. C's `strtol` with base 0 comes first (so "010" is 8), then Python's `int(text, 0)`.
 * Source: CPython 3.13 `Modules/_pickle.c`, `load_int`.
 *
 * @throws UnpicklingError `invalid-operand` (Python's ValueError), `truncated` for an empty line.
 */
export function parseIntLine(bytes: Uint8Array, start: number, end: number): number | bigint | boolean {
  const simple = simpleInt(bytes, start, end);
  if (simple !== undefined) return simple;
  if (end - start === 2 && bytes[start] === 48 && (bytes[start + 1]! & 0xfe) === 48)
    return bytes[start + 1] === 49;
  const text = cString(bytes, start, end);
  const value = text === "" ? 0 : intOfC(text);
  if (end - start === 2 && (value === 0 || value === 1) && !/[\t-\r ]\n$/.test(text)) return value === 1;
  return value;
}

function intOfC(text: string): number | bigint {
  // What strtol reads and Python does not: an octal number such as 0644.
  const octal = /^[\t-\r ]*([+-]?)0([0-7]*)\n?$/.exec(text);
  try {
    if (octal === null) return pythonInt(text, 0);
    const literal = `0o0${octal[2]!}`;
    const value = signed(octal[1]!, Number(literal), literal);
    if (fitsInt64(value)) return value;
  } catch (error) {
    if ((error as UnpicklingError).code === "unrepresentable") throw error;
  }
  throw invalid("could not convert string to int");
}

/**
 * The operand of LONG, `int(text, 0)` after a trailing "L" is taken off; a number if it is safe. Linear in the length:
 * more than 4300 decimal digits are refused, as Python does, and the other bases are powers of two.
 * Source: CPython `Modules/_pickle.c`, `load_long`.
 *
 * @throws UnpicklingError `invalid-operand` (Python's ValueError), `undecodable-text` (its UnicodeDecodeError, where
 *   the words of that ValueError could not quote the text), `truncated` for an empty line, `unrepresentable`.
 */
export function parseLongLine(bytes: Uint8Array, start: number, end: number): number | bigint {
  const simple = simpleInt(bytes, start, end);
  if (simple !== undefined) return simple;
  const suffixed = start < end && bytes[end - 1] === 76;
  return (
    (suffixed ? simpleInt(bytes, start, end - 1) : undefined) ??
    pythonInt(suffixed ? cString(bytes, start, end - 1, "") : cString(bytes, start, end), 0)
  );
}

/**
 * The operand of GET and PUT, `int(text, 10)`: a number if it is safe, negative ones too, which are the caller's to
 * judge. Source: CPython `Modules/_pickle.c`, `load_get` and `load_put`.
 *
 * @throws UnpicklingError `invalid-operand` (Python's ValueError, or OverflowError beyond 64 bits), `undecodable-text`,
 *   `truncated` for an empty line.
 */
export function parseMemoIndex(bytes: Uint8Array, start: number, end: number): number | bigint {
  const index = simpleInt(bytes, start, end) ?? pythonInt(cString(bytes, start, end), 10);
  if (typeof index === "bigint" && !fitsInt64(index))
    throw invalid("Python int too large to convert to C ssize_t", "OverflowError");
  return index;
}

const floatLiteral = /^([+-]?)(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|(inf(?:inity)?)|(nan))/i;

/**
 * The operand of FLOAT, as C reads a double: decimal, `inf`, `infinity` or `nan` in any case, no space and no
 * underscore, correctly rounded. Source: CPython `Modules/_pickle.c`, `load_float`; `Python/pystrtod.c`.
 *
 * @throws UnpicklingError `invalid-operand` (Python's ValueError, or OverflowError for what is beyond a double),
 *   `truncated` for an empty line.
 */
export function parseFloatLine(bytes: Uint8Array, start: number, end: number): number {
  const text = cString(bytes, start, end);
  const match = floatLiteral.exec(text);
  const words = "could not convert string to float";
  if (match === null) throw invalid(`${words}: '${excerpt(text, "replace")}'`);
  const [literal, sign, infinity, nan] = match;
  let value = Number(literal);
  if (nan !== undefined) value = NaN;
  else if (infinity !== undefined) value = sign === "-" ? -Infinity : Infinity;
  else if (!Number.isFinite(value)) {
    throw invalid(`value too large to convert to float: '${excerpt(text, "replace")}'`, "OverflowError");
  }
  if (literal !== text && text[literal.length] !== "\n") throw invalid(words);
  return value;
}

// \\ \' \" \a \b \t \n \v \f \r
const escapes = [92, 39, 34, 97, 98, 116, 110, 118, 102, 114];
const unescaped = [92, 39, 34, 7, 8, 9, 10, 11, 12, 13];

/**
 * The operand of STRING: a quoted bytes literal, its escapes undone, in an array of its own.
 * Source: CPython `Modules/_pickle.c`, `load_string`; `Objects/bytesobject.c`, `PyBytes_DecodeEscape`.
 *
 * @throws UnpicklingError `invalid-operand`: not quoted, or (Python's ValueError) a broken escape.
 */
export function decodeStringEscapes(bytes: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> {
  const quote = bytes[start];
  if (end - start < 2 || bytes[end - 1] !== quote || (quote !== 39 && quote !== 34)) {
    throw new UnpicklingError("invalid-operand", "the STRING opcode argument must be quoted");
  }
  const source = new Uint8Array(bytes.subarray(start + 1, end - 1));
  const { length } = source;
  let at = source.indexOf(92);
  if (at < 0) return source;
  // Nothing gets longer, so that the escapes are undone in place. (As a regular expression: 60 times the time, and
  // 100 bytes of heap for a byte.)
  let to = at;
  while (at < length) {
    let byte = source[at++]!;
    if (byte === 92) {
      if (at === length) throw invalid("Trailing \\ in string");
      byte = source[at++]!;
      if (byte === 120) {
        byte = 16 * digitValue(source[at]) + digitValue(source[at + 1]);
        if (byte > 255) throw invalid(`invalid \\x escape at position ${at - 2}`);
        at += 2;
      } else if ((byte & 0xf8) === 48) {
        byte -= 48;
        for (let more = 2; more-- > 0 && (source[at]! & 0xf8) === 48; at++)
          byte = 8 * byte + source[at]! - 48;
      } else {
        const known = unescaped[escapes.indexOf(byte)];
        if (known === undefined) source[to++] = 92;
        else byte = known;
      }
    }
    source[to++] = byte;
  }
  return source.slice(0, to);
}

/** The value of a hexadecimal digit, 256 for anything else. */
function digitValue(byte = 0): number {
  const letter = byte | 32;
  return byte >= 48 && byte <= 57 ? byte - 48 : letter >= 97 && letter <= 102 ? letter - 87 : 256;
}

/**
 * The operand of UNICODE: latin-1 text with \uXXXX and \UXXXXXXXX escapes, which count only behind an odd number of
 * backslashes. Source: CPython `Objects/unicodeobject.c`, `_PyUnicode_DecodeRawUnicodeEscapeStateful`.
 *
 * @throws UnpicklingError `undecodable-text` (Python's UnicodeDecodeError), `unrepresentable`.
 */
export function decodeRawUnicodeEscape(bytes: Uint8Array, start: number, end: number): string {
  const text = decodeLatin1(bytes, start, end);
  if (!text.includes("\\")) return text;
  const source = bytes.subarray(start, end);
  const units = within(() => new Uint16Array(source.length));
  let count = 0;
  for (let at = 0; at < source.length;) {
    const first = at;
    const byte = source[at++]!;
    const letter = byte === 92 ? source[at] : 0;
    if (letter !== 117 && letter !== 85) {
      units[count++] = byte;
      if (letter === 92) units[count++] = source[at++]!;
      continue;
    }
    const last = ++at + (letter === 117 ? 4 : 8);
    let codePoint = 0;
    for (; at < last; at++) {
      const digit = digitValue(source[at]);
      if (digit > 15) {
        const form = letter === 117 ? "\\uXXXX" : "\\UXXXXXXXX";
        throw unicodeDecodeError("rawunicodeescape", source, first, at, `truncated ${form} escape`);
      }
      codePoint = codePoint * 16 + digit;
    }
    if (codePoint > 0x10ffff) {
      throw unicodeDecodeError("rawunicodeescape", source, first, at, "\\Uxxxxxxxx out of range");
    }
    if (codePoint > 0xffff) {
      units[count++] = 0xd7c0 + (codePoint >> 10);
      codePoint = 0xdc00 | (codePoint & 0x3ff);
    }
    units[count++] = codePoint;
  }
  return textOfUnits(units.subarray(0, count));
}

/**
 * The operand of UNICODE for `text`, as a string of characters below 0x100, one byte each.
 * Source: CPython `Modules/_pickle.c`, `raw_unicode_escape`.
 */
export function encodeRawUnicodeEscape(text: string): string {
  return text.replace(/[^ -[\]-\xff]/gu, (character) => {
    const codePoint = character.codePointAt(0)!;
    if (codePoint < 0x100 && !"\0\n\r\x1a\\".includes(character)) return character;
    const hex = codePoint.toString(16);
    return hex.length > 4 ? "\\U" + hex.padStart(8, "0") : "\\u" + hex.padStart(4, "0");
  });
}

/** Python's `repr(x)` of a float, which is what FLOAT holds: the shortest digits that read back the same. */
export function floatRepr(x: number): string {
  if (x === 0) return Object.is(x, -0) ? "-0.0" : "0.0";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : x < 0 ? "-inf" : "nan";
  const [mantissa, exponent] = x.toExponential().split("e") as [string, string];
  // Where Python changes to an exponent: below 1e-4 and from 1e16 on; JavaScript below 1e-6 and from 1e21 on.
  if (Number(exponent) < -4 || Number(exponent) >= 16) {
    return `${mantissa}e${exponent[0]!}${exponent.slice(1).padStart(2, "0")}`;
  }
  return Number.isInteger(x) ? `${x}.0` : `${x}`;
}
