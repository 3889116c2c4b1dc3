import type { PyComplex } from "brine/core";

/** A text, or its beginning and how much of it was left out. */
export interface Cut {
  readonly text: string;
  /** Characters, bytes or digits that were left out. */
  readonly left: number;
}

// Not printable for Python: categories C and Z, but for the space. Nor does a terminal obey any of them.
const toEscape = /[\\']|(?! )[\p{C}\p{Z}]/gu;

function escapeCharacter(character: string): string {
  switch (character) {
    case "\\":
      return "\\\\";
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    case "\t":
      return "\\t";
  }
  const hex = (character.codePointAt(0) as number).toString(16);
  if (hex.length <= 2) return "\\x" + hex.padStart(2, "0");
  return hex.length <= 4 ? "\\u" + hex.padStart(4, "0") : "\\U" + hex.padStart(8, "0");
}

function escapeText(text: string, quote: string): string {
  return text.replace(toEscape, (c) => (c === "'" ? (quote === c ? "\\'" : c) : escapeCharacter(c)));
}

/** A name from a pickle, without quotes, with nothing in it that a terminal would obey. */
export function plainName(name: string): string {
  return name.replace(/[\p{C}\p{Z}]/gu, escapeCharacter);
}

function quoteOf(has: (quote: string) => boolean): string {
  return has("'") && !has('"') ? '"' : "'";
}

/** The position at or before `at` that is not inside a surrogate pair. */
function boundary(text: string, at: number): number {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >> 10 === 0x36 && after >> 10 === 0x37 ? at - 1 : at;
}

function codePoints(text: string, from: number): number {
  let count = text.length - from;
  for (let at = from + 1; at < text.length; at++) {
    if (text.charCodeAt(at) >> 10 === 0x37 && text.charCodeAt(at - 1) >> 10 === 0x36) count--;
  }
  return count;
}

/** Python's `repr` of a str, cut to some `limit` characters of output. Source: CPython `Objects/unicodeobject.c`, `unicode_repr`. */
export function reprString(text: string, limit: number): Cut {
  const quote = quoteOf((q) => text.includes(q));
  if (text.length <= limit) {
    const whole = escapeText(text, quote);
    if (whole.length <= limit) return { text: quote + whole + quote, left: 0 };
  }
  let body = "";
  let end = 0;
  for (const character of text.slice(0, boundary(text, Math.min(limit + 1, text.length)))) {
    const escaped = escapeText(character, quote);
    if (body.length + escaped.length > limit) break;
    body += escaped;
    end += character.length;
  }
  return { text: quote + body + quote, left: codePoints(text, end) };
}

const byteTexts = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (byte >= 0x20 && byte < 0x7f && character !== "\\") return character;
  return escapeCharacter(character);
});

/** Python's `repr` of bytes, cut to some `limit` characters of output. Source: CPython `Objects/bytesobject.c`, `PyBytes_Repr`. */
export function reprBytes(bytes: Uint8Array, limit: number): Cut {
  const quote = quoteOf((q) => bytes.includes(q.charCodeAt(0)));
  let body = "";
  let at = 0;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const text = byte === 0x27 && quote === "'" ? "\\'" : (byteTexts[byte] as string);
    if (body.length + text.length > limit) break;
    body += text;
  }
  return { text: `b${quote}${body}${quote}`, left: bytes.length - at };
}

const LONG = 1 << 15;

/** Whether the `repr` of this is better made by {@link reprInChunks}. */
export function isLong(value: unknown): value is string | Uint8Array {
  return (typeof value === "string" || value instanceof Uint8Array) && value.length > LONG;
}

/** Python's `repr` of something so long that one string may not hold it. */
export function* reprInChunks(value: string | Uint8Array): Generator<string> {
  const isText = typeof value === "string";
  const quote = quoteOf((q) => (isText ? value.includes(q) : value.includes(q.charCodeAt(0))));
  yield isText ? quote : `b${quote}`;
  for (let at = 0; at < value.length;) {
    let end = Math.min(at + LONG, value.length);
    if (isText) {
      end = boundary(value, end);
      yield escapeText(value.slice(at, end), quote);
    } else {
      let body = "";
      for (const byte of value.subarray(at, end))
        body += byte === 0x27 && quote === "'" ? "\\'" : byteTexts[byte];
      yield body;
    }
    at = end;
  }
  yield quote;
}

/** Python's `repr` of a float. Source: CPython `Python/pystrtod.c`, `PyOS_double_to_string` with format `r`. */
export function reprFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const [mantissa, power] = value.toExponential().split("e") as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  // Between these, JavaScript writes no exponent either.
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.includes(".") ? text : `${text}.0`;
}

/** Python's `repr` of a complex number. Source: CPython `Objects/complexobject.c`, `complex_repr`. */
export function reprComplex({ real, imag }: PyComplex): string {
  const part = (value: number): string => reprFloat(value).replace(/\.0$/, "");
  const imaginary = `${part(imag)}j`;
  if (Object.is(real, 0)) return imaginary;
  return `(${part(real)}${imaginary.startsWith("-") ? "" : "+"}${imaginary})`;
}

/** Python reads and writes no more decimal digits than these, unless told to. */
const MOST_DIGITS = 4300;
const MOST_DECIMAL = 10n ** BigInt(MOST_DIGITS);

/** An int as Python reads it: in decimal, or in hexadecimal where Python would refuse that. Cut to some `limit` digits. */
export function reprInt(value: bigint, limit: number): Cut {
  // No digits to spare, and most ints are such.
  if (limit >= 20 && BigInt.asIntN(64, value) === value) return { text: value.toString(), left: 0 };
  const isDecimal = value < MOST_DECIMAL && value > -MOST_DECIMAL;
  const sign = value < 0n ? "-" : "";
  const digits = (value < 0n ? -value : value).toString(isDecimal ? 10 : 16);
  const prefix = isDecimal ? sign : `${sign}0x`;
  if (digits.length <= limit) return { text: prefix + digits, left: 0 };
  return { text: prefix + digits.slice(0, Math.max(limit, 1)), left: digits.length - Math.max(limit, 1) };
}
