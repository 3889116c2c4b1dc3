import { failure } from "../bytes/failure.ts";
import { decodeLatin1 } from "../bytes/utf8.ts";
import { bytesRepr } from "./python-repr.ts";

/** CPython's limit for the decimal text of an int. Source: `sys.int_info.default_max_str_digits`. */
const MAX_DIGITS = 4300;

/**
 * Python's `int(line)` of bytes: a number if it is safe. Not what the unpickler makes of the same line, which goes by C.
 * Source: CPython `Objects/longobject.c`, `_PyLong_FromBytes`.
 *
 * @throws UnpicklingError `invalid-operand` in Python's words.
 */
export function intOfBytes(bytes: Uint8Array, start: number, end: number): number | bigint {
  let at = start;
  const negative = bytes[at] === 0x2d;
  if (negative) at++;
  if (at < end && end - at <= 15) {
    let value = 0;
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === end) return negative ? 0 - value : value;
  }
  return uncommonInt(bytes, start, end);
}

function uncommonInt(bytes: Uint8Array, start: number, end: number): number | bigint {
  const text = decodeLatin1(bytes, start, end);
  const [, sign, digits] = /^[\t-\r ]*([+-]?)(\d+(?:_\d+)*)[\t-\r ]*$/.exec(text) ?? [];
  if (digits === undefined) {
    const quoted = bytesRepr(bytes, start, Math.min(end, start + 200)).slice(0, 200);
    throw failure("invalid-operand", `invalid literal for int() with base 10: ${quoted}`, "ValueError");
  }
  const literal = digits.replaceAll("_", "");
  if (literal.length > MAX_DIGITS) {
    throw failure(
      "invalid-operand",
      `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion: value has ${literal.length} digits; ` +
        "use sys.set_int_max_str_digits() to increase the limit",
      "ValueError",
    );
  }
  const value = Number(literal);
  if (value <= Number.MAX_SAFE_INTEGER) return sign === "-" ? 0 - value : value;
  return sign === "-" ? -BigInt(literal) : BigInt(literal);
}

const floatLiteral = /^([+-]?)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|(inf(?:inity)?)|(nan))$/i;

/**
 * Python's `float(line)` of bytes. Source: CPython `Objects/floatobject.c`, `PyFloat_FromString`.
 *
 * @throws UnpicklingError `invalid-operand` in Python's words.
 */
export function floatOfBytes(bytes: Uint8Array, start: number, end: number): number {
  const text = decodeLatin1(bytes, start, end);
  const literal = text.replace(/^[\t-\r ]+/, "").replace(/(?<![\t-\r ])[\t-\r ]+$/, "");
  const digits = literal.includes("_") ? literal.replace(/(?<=\d)_(?=\d)/g, "") : literal;
  const match = floatLiteral.exec(digits);
  if (match === null) {
    const words = `could not convert string to float: ${bytesRepr(bytes, start, end)}`;
    throw failure("invalid-operand", words, "ValueError");
  }
  const [, sign, infinity, nan] = match;
  if (nan !== undefined) return NaN;
  if (infinity !== undefined) return sign === "-" ? -Infinity : Infinity;
  return Number(digits);
}

const LARGEST_TEXT = /* @__PURE__ */ (() => 10n ** BigInt(MAX_DIGITS))();

/**
 * Python's `repr` of an int.
 *
 * @throws UnpicklingError `limit-exceeded` in Python's words, for more than 4300 digits.
 */
export function intRepr(value: number | bigint): string {
  if (typeof value === "bigint" && (value >= LARGEST_TEXT || value <= -LARGEST_TEXT)) {
    throw failure(
      "limit-exceeded",
      `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion; ` +
        "use sys.set_int_max_str_digits() to increase the limit",
      "ValueError",
    );
  }
  return value.toString();
}
