import { unicodeDecodeError } from "../bytes/decode-text.ts";
import { failure, within } from "../bytes/failure.ts";
import { decodeLatin1 } from "../bytes/utf8.ts";
import type { UnpicklingError } from "../errors.ts";

// The operands that protocol 0 writes as text. Every function takes the line without its newline, as the bytes from
// `start` to `end`. CPython hands the line to C functions for NUL-terminated strings, so that a NUL ends it.

const invalid = (words: string, pythonException = "ValueError"): UnpicklingError =>
  failure("invalid-operand", words, pythonException);

/** The line as the C string that CPython works on: latin-1 for bytes, up to the first NUL. */
function cString(bytes: Uint8Array, start: number, end: number, newline = "\n"): string {
  if (start >= end && newline !== "") throw failure("truncated", "pickle data was truncated");
  const text = decodeLatin1(bytes, start, end) + newline;
  const nul = text.indexOf("\0");
  return nul < 0 ? text : text.slice(0, nul);
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
  // Every text matches, and nothing in it is tried twice.
  const [, sign, prefix = "", digits, rest] = /^[\t-\r ]*([+-]?)(0[xob]_?)?([\da-f_]*)[\t-\r ]*([^]*)/i.exec(
    text,
  ) as unknown as [string, string, string | undefined, string, string];
  const literal = prefix.slice(0, 2) + digits.replaceAll("_", "");
  const value = Number(literal);
  const isDecimal = base === 10 || prefix === "";
  const isLiteral =
    rest === "" &&
    /^[^_]+(_[^_]+)*$/.test(digits) &&
    (isDecimal ? !/\D/.test(literal) : !Number.isNaN(value));
  if (isLiteral && isDecimal && literal.length > 4300) {
    throw invalid(
      `Exceeds the limit (4300 digits) for integer string conversion: value has ${literal.length} digits`,
    );
  }
  if (!isLiteral || (base === 0 && isDecimal && literal[0] === "0" && value > 0)) {
    const radix = isDecimal ? 10 : [16, 8, 2]["xob".indexOf(prefix[1]!.toLowerCase())];
    const quoted = `'${JSON.stringify(text).slice(1, -1)}'`.slice(0, 200);
    throw invalid(`invalid literal for int() with base ${isLiteral ? 0 : radix}: ${quoted}`);
  }
  const magnitude = value > Number.MAX_SAFE_INTEGER ? within(() => BigInt(literal)) : value;
  return sign === "-" && value > 0 ? -magnitude : magnitude;
}

const fitsInt64 = (value: number | bigint): boolean => BigInt.asIntN(64, BigInt(value)) === BigInt(value);

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
  // What C reads and Python does not: nothing at all before a NUL, and an octal number such as 0644.
  const pythonText = text.replace(/^(?<signs>[\t-\r ]*[+-]?)0(?=[0-7]+\n?$)/, "$<signs>0o") || "0";
  let value: number | bigint | undefined;
  try {
    value = pythonInt(pythonText, 0);
  } catch {
    // In C's words.
  }
  if (value === undefined || (pythonText !== text && !fitsInt64(value))) {
    throw invalid("could not convert string to int");
  }
  const isBool = end - start === 2 && (value === 0 || value === 1) && !/[\t-\r ]\n$/.test(text);
  return isBool ? value === 1 : value;
}

/**
 * The operand of LONG, `int(text, 0)` after a trailing "L" is taken off; a number if it is safe. Linear in the length:
 * more than 4300 decimal digits are refused, as Python does, and the other bases are powers of two.
 * Source: CPython `Modules/_pickle.c`, `load_long`.
 *
 * @throws UnpicklingError `invalid-operand` (Python's ValueError), `truncated` for an empty line, `unrepresentable`.
 */
export function parseLongLine(bytes: Uint8Array, start: number, end: number): number | bigint {
  const isSuffixed = end > start && bytes[end - 1] === 76;
  if (isSuffixed) end--;
  return simpleInt(bytes, start, end) ?? pythonInt(cString(bytes, start, end, isSuffixed ? "" : "\n"), 0);
}

/**
 * The operand of GET and PUT, `int(text, 10)`: a number if it is safe, negative ones too, which are the caller's to
 * judge. Source: CPython `Modules/_pickle.c`, `load_get` and `load_put`.
 *
 * @throws UnpicklingError `invalid-operand` (Python's ValueError, or OverflowError beyond 64 bits), `truncated` for an
 *   empty line.
 */
export function parseMemoIndex(bytes: Uint8Array, start: number, end: number): number | bigint {
  const index = simpleInt(bytes, start, end) ?? pythonInt(cString(bytes, start, end), 10);
  if (fitsInt64(index)) return index;
  throw invalid("Python int too large to convert to C ssize_t", "OverflowError");
}

/**
 * The operand of FLOAT, as C reads a double: decimal, `inf`, `infinity` or `nan` in any case, no space and no
 * underscore, correctly rounded. Source: CPython `Modules/_pickle.c`, `load_float`; `Python/pystrtod.c`.
 *
 * @throws UnpicklingError `invalid-operand` (Python's ValueError, or OverflowError for what is beyond a double),
 *   `truncated` for an empty line.
 */
export function parseFloatLine(bytes: Uint8Array, start: number, end: number): number {
  const text = cString(bytes, start, end);
  const words = "could not convert string to float";
  const quote = (): string => `: '${text.slice(0, 200)}'`;
  const literal = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)/i.exec(text)?.[0];
  if (literal === undefined) throw invalid(words + quote());
  let value = Number(literal);
  if (Number.isNaN(value)) value = Number(literal.replace(/i.*/i, "Infinity"));
  else if (!Number.isFinite(value) && /\d/.test(literal)) {
    throw invalid(`value too large to convert to float${quote()}`, "OverflowError");
  }
  if (literal !== text && text[literal.length] !== "\n") throw invalid(words);
  return value;
}

/** The value of a hexadecimal digit, NaN for anything else. */
const hexDigit = (byte: number | undefined): number => parseInt(String.fromCharCode(byte!), 16);

const escapeLetters = "\\'\"abtnvfr";
const escaped = "\\'\"\x07\b\t\n\v\f\r";

/**
 * The operand of STRING: a quoted bytes literal, its escapes undone, in an array of its own.
 * Source: CPython `Modules/_pickle.c`, `load_string`; `Objects/bytesobject.c`, `PyBytes_DecodeEscape`.
 *
 * @throws UnpicklingError `invalid-operand`: not quoted, or (Python's ValueError) a broken escape.
 */
export function decodeStringEscapes(bytes: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> {
  const quote = bytes[start];
  if (end - start < 2 || bytes[end - 1] !== quote || (quote !== 39 && quote !== 34)) {
    throw failure("invalid-operand", "the STRING opcode argument must be quoted");
  }
  const source = new Uint8Array(bytes.subarray(start + 1, end - 1));
  let at = source.indexOf(92);
  if (at < 0) return source;
  // Nothing gets longer, so that the escapes are undone in place. (As a regular expression: 60 times the time, and
  // 100 bytes of heap for a byte.)
  let to = at;
  while (at < source.length) {
    let byte = source[at++]!;
    if (byte === 92) {
      if (at === source.length) throw invalid("Trailing \\ in string");
      byte = source[at++]!;
      const letter = escapeLetters.indexOf(String.fromCharCode(byte));
      if (letter >= 0) byte = escaped.charCodeAt(letter);
      else if (byte === 120) {
        byte = 16 * hexDigit(source[at++]) + hexDigit(source[at++]);
        if (Number.isNaN(byte)) throw invalid(`invalid \\x escape at position ${at - 4}`);
      } else if ((byte & 0xf8) === 48) {
        byte -= 48;
        for (let more = 2; more-- > 0 && (source[at]! & 0xf8) === 48;) byte = 8 * byte + source[at++]! - 48;
      } else source[to++] = 92;
    }
    source[to++] = byte;
  }
  return source.slice(0, to);
}

/**
 * The operand of UNICODE: latin-1 text with \uXXXX and \UXXXXXXXX escapes, which count only behind an odd number of
 * backslashes. Source: CPython `Objects/unicodeobject.c`, `_PyUnicode_DecodeRawUnicodeEscapeStateful`.
 *
 * @throws UnpicklingError `undecodable-text` (Python's UnicodeDecodeError), `unrepresentable`.
 */
export function decodeRawUnicodeEscape(bytes: Uint8Array, start: number, end: number): string {
  return decodeLatin1(bytes, start, end).replace(
    /(?:\\\\)+|\\(u[\da-fA-F]{0,4}|U[\da-fA-F]{0,8})/g,
    (escape: string, digits: string | undefined, at: number) => {
      if (digits === undefined) return escape;
      const form = digits[0] === "u" ? "\\uXXXX" : "\\UXXXXXXXX";
      const codePoint = parseInt(digits.slice(1), 16);
      const isWhole = escape.length === form.length;
      if (isWhole && codePoint <= 0x10ffff) return String.fromCodePoint(codePoint);
      const reason = isWhole ? "\\Uxxxxxxxx out of range" : `truncated ${form} escape`;
      const source = bytes.subarray(start, end);
      throw unicodeDecodeError("rawunicodeescape", source, at, at + escape.length, reason);
    },
  );
}

/**
 * The operand of UNICODE for `text`, as a string of characters below 0x100, one byte each.
 * Source: CPython `Modules/_pickle.c`, `raw_unicode_escape`.
 */
export function encodeRawUnicodeEscape(text: string): string {
  // oxlint-disable-next-line no-control-regex -- what CPython escapes
  return text.replace(/[\0\n\r\x1a\\]|[^\0-\xff]/gu, (character) => {
    const hex = character.codePointAt(0)!.toString(16);
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
