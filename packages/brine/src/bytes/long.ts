import { within } from "./failure.ts";
import { decodeUtf8 } from "./utf8.ts";

/** The `length` bytes from `start`, least significant first, as a signed number: exact up to 6 bytes. */
function shortLong(bytes: Uint8Array, start: number, length: number): number {
  if (length === 0) return 0;
  let at = start + length - 1;
  let value = ((bytes[at] as number) << 24) >> 24;
  while (at > start) value = value * 256 + (bytes[--at] as number);
  return value;
}

/** So many bytes are put together by pieces of six: 12 bytes take 0.1 µs, by way of text 0.9; 48 take 0.5 and 3.4. */
const MOST_BY_PIECES = 48;

/** The character code of a hexadecimal digit. */
const hexDigit = (value: number): number => value + (value < 10 ? 48 : 87);

/**
 * The bytes from `start` to `end` as Python's LONG1 and LONG4 write an int: little-endian two's complement, 0 when
 * there is none. A safe integer comes as a number from up to 8 bytes, everything else as a bigint. Linear in the length.
 * Source: PEP 307, LONG1; CPython `Objects/longobject.c`, `_PyLong_FromByteArray`.
 *
 * @throws UnpicklingError `unrepresentable` for more bits than a bigint of this engine can have (V8: 2^30).
 */
export function decodeLongNumber(bytes: Uint8Array, start: number, end: number): number | bigint {
  const length = end - start;
  // Of up to 8 bytes: rounded if it is not safe, and then it is not safe rounded either.
  const safe = length > 8 ? NaN : shortLong(bytes, start, length);
  if (Number.isSafeInteger(safe)) return safe;
  if (length <= MOST_BY_PIECES) {
    let at = end - (length % 6 || 6);
    let value = BigInt(shortLong(bytes, at, end - at));
    while (at > start) {
      at -= 6;
      const piece = shortLong(bytes, at, 6);
      value = (value << 48n) + BigInt(piece < 0 ? piece + 2 ** 48 : piece);
    }
    return value;
  }
  // Hexadecimal text is the one way into a bigint that is linear: 1 MB takes 16 ms, byte-wise shifts minutes.
  const digits = new Uint8Array(2 * length);
  let to = 0;
  for (let at = end; at-- > start;) {
    const byte = bytes[at] as number;
    digits[to++] = hexDigit(byte >> 4);
    digits[to++] = hexDigit(byte & 15);
  }
  return within(() => BigInt.asIntN(8 * length, BigInt("0x" + decodeUtf8(digits, 0, to))));
}

/** {@link decodeLongNumber}, always as a bigint. */
export function decodeLong(bytes: Uint8Array, start: number, end: number): bigint {
  return BigInt(decodeLongNumber(bytes, start, end));
}

/** Ints of so many bytes are taken apart by pieces of eight. */
export const MOST_LONG_PIECES = 48;

/**
 * Writes an int as LONG1 holds it, if it takes at most {@link MOST_LONG_PIECES} bytes: two's complement, little-endian, as few bytes
 * as keep the sign. Returns how many, −1 for an int that is longer; so much room must be there in any case. 100,000 ints of
 * 65 to 128 bits: 41 → 12 ms. Source: CPython `Modules/_pickle.c`, `save_long`.
 */
export function writeShortLong(value: bigint, bytes: Uint8Array, view: DataView, at: number): number {
  let length = 0;
  for (;;) {
    const piece = BigInt.asIntN(64, value);
    view.setBigInt64(at + length, piece, true);
    length += 8;
    if (piece === value) break;
    if (length === MOST_LONG_PIECES) return -1;
    value >>= 64n;
  }
  return trimmed(bytes, at, length, value < 0n);
}

/**
 * An int as LONG1 and LONG4 hold it: two's complement, little-endian, as few bytes as keep the sign, none for 0.
 * Linear in the length. Source: CPython `Modules/_pickle.c`, `save_long`.
 */
export function encodeLong(value: bigint): Uint8Array<ArrayBuffer> {
  if (value === 0n) return new Uint8Array(0);
  const short = new Uint8Array(MOST_LONG_PIECES);
  const size = writeShortLong(value, short, new DataView(short.buffer), 0);
  if (size > 0) return short.slice(0, size);
  // ~value has the bits of value inverted, and a sign that text can show: -x - 1 = ~x.
  const negative = value < 0n;
  const text = (negative ? ~value : value).toString(16);
  const bytes = new Uint8Array((text.length >> 1) + 1);
  for (let i = 0, at = text.length; at > 0; i++, at -= 2) {
    bytes[i] = (at > 1 ? nibble(text, at - 2) << 4 : 0) | nibble(text, at - 1);
  }
  if (negative) for (let i = 0; i < bytes.length; i++) bytes[i] = ~bytes[i]!;
  return bytes.slice(0, trimmed(bytes, 0, bytes.length, negative));
}

function nibble(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code - (code < 58 ? 48 : 87);
}

/** How many of `length` bytes from `at` are left without the high ones that only repeat the sign. */
function trimmed(bytes: Uint8Array, at: number, length: number, negative: boolean): number {
  const sign = negative ? 0xff : 0;
  let end = at + length - 1;
  while (end > at && bytes[end] === sign && ((bytes[end - 1]! ^ sign) & 0x80) === 0) end--;
  return end - at + 1;
}
