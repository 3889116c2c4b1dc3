import { decodeText, decodeWellFormed } from "./decode-text.ts";
import { tooLarge, within } from "./failure.ts";

/** Whether every byte from `start` to `end` is below 0x80. */
export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  while (start < end) if ((bytes[start++] as number) > 0x7f) return false;
  return true;
}

/**
 * Decodes UTF-8 as the unpickler does, Python's `bytes.decode("utf-8", "surrogatepass")`: strict, but lone surrogates
 * (ED A0..BF xx) stand for themselves; a BOM is kept. Two surrogates that make a pair become one character, which is
 * what JavaScript makes of them.
 *
 * @throws UnpicklingError `undecodable-text` (Python's UnicodeDecodeError, positions from `start`), or
 *   `unrepresentable` when the text is longer than a string can be (V8: 2^29 - 24 units).
 */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  const short = shortText(bytes, start, end);
  if (short !== undefined) return short;
  try {
    return decodeWellFormed(bytes.subarray(start, end));
  } catch (error) {
    // A TypeError, of whatever realm, is malformed UTF-8 or shared memory; anything else is the engine's limit.
    if ((error as Error).name !== "TypeError") throw tooLarge(error);
    return decodeText(bytes.subarray(start, end), "utf-8", "surrogatepass");
  }
}

/** What {@link decodeUtf8} gives for short text, well-formed; `undefined` for any other. */
function shortText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const isShort = end - start <= LONGEST_SHORT;
  return (
    (isShort ? shortAscii(bytes, start, end) : undefined) ??
    (isShort || (bytes[start] as number) > 0x7f ? shortWide(bytes, start, end) : undefined)
  );
}

/** {@link decodeUtf8}, but `undefined` where that has more to do than decode well-formed text. */
export function decodeUsualUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  const short = shortText(bytes, start, end);
  if (short !== undefined) return short;
  try {
    return decodeWellFormed(bytes.subarray(start, end));
  } catch {
    return undefined;
  }
}

const LONGEST_SHORT = 24;
const MOST_UNITS = 32;

// An array of each length, whose units are overwritten.
const spareUnits: number[][] = [];

const unitsOf = (length: number): number[] => (spareUnits[length] ??= Array.from({ length }, () => 0));

/**
 * ASCII text of at most 24 bytes, `undefined` for any other. One call with all the characters makes a flat string at
 * once; arguments by name take two thirds of what an array of them takes. Measured per string (Node 20, ns), against 90
 * for TextDecoder at every length up to 64: 2 bytes 14, 8 bytes 20, 12 bytes 25, 16 bytes 55, 24 bytes 76. Pieces joined
 * by + take 100 more when the rope is used as a key.
 */
function shortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  switch (length) {
    case 1: {
      const a = bytes[start] as number;
      return a > 0x7f ? undefined : String.fromCharCode(a);
    }
    case 2: {
      const a = bytes[start] as number;
      const b = bytes[start + 1] as number;
      return (a | b) > 0x7f ? undefined : String.fromCharCode(a, b);
    }
    case 3: {
      const a = bytes[start] as number;
      const b = bytes[start + 1] as number;
      const c = bytes[start + 2] as number;
      return (a | b | c) > 0x7f ? undefined : String.fromCharCode(a, b, c);
    }
    case 4: {
      const a = bytes[start] as number;
      const b = bytes[start + 1] as number;
      const c = bytes[start + 2] as number;
      const d = bytes[start + 3] as number;
      return (a | b | c | d) > 0x7f ? undefined : String.fromCharCode(a, b, c, d);
    }
    case 5: {
      const a = bytes[start] as number;
      const b = bytes[start + 1] as number;
      const c = bytes[start + 2] as number;
      const d = bytes[start + 3] as number;
      const e = bytes[start + 4] as number;
      return (a | b | c | d | e) > 0x7f ? undefined : String.fromCharCode(a, b, c, d, e);
    }
    case 6: {
      const a = bytes[start] as number;
      const b = bytes[start + 1] as number;
      const c = bytes[start + 2] as number;
      const d = bytes[start + 3] as number;
      const e = bytes[start + 4] as number;
      const f = bytes[start + 5] as number;
      return (a | b | c | d | e | f) > 0x7f ? undefined : String.fromCharCode(a, b, c, d, e, f);
    }
    case 7: {
      const a = bytes[start] as number;
      const b = bytes[start + 1] as number;
      const c = bytes[start + 2] as number;
      const d = bytes[start + 3] as number;
      const e = bytes[start + 4] as number;
      const f = bytes[start + 5] as number;
      const g = bytes[start + 6] as number;
      return (a | b | c | d | e | f | g) > 0x7f ? undefined : String.fromCharCode(a, b, c, d, e, f, g);
    }
    case 8: {
      const a = bytes[start] as number;
      const b = bytes[start + 1] as number;
      const c = bytes[start + 2] as number;
      const d = bytes[start + 3] as number;
      const e = bytes[start + 4] as number;
      const f = bytes[start + 5] as number;
      const g = bytes[start + 6] as number;
      const h = bytes[start + 7] as number;
      return (a | b | c | d | e | f | g | h) > 0x7f ? undefined : String.fromCharCode(a, b, c, d, e, f, g, h);
    }
    case 9: {
      const a = bytes[start] as number;
      const b = bytes[start + 1] as number;
      const c = bytes[start + 2] as number;
      const d = bytes[start + 3] as number;
      const e = bytes[start + 4] as number;
      const f = bytes[start + 5] as number;
      const g = bytes[start + 6] as number;
      const h = bytes[start + 7] as number;
      const i = bytes[start + 8] as number;
      return (a | b | c | d | e | f | g | h | i) > 0x7f
        ? undefined
        : String.fromCharCode(a, b, c, d, e, f, g, h, i);
    }
    case 10: {
      const a = bytes[start] as number;
      const b = bytes[start + 1] as number;
      const c = bytes[start + 2] as number;
      const d = bytes[start + 3] as number;
      const e = bytes[start + 4] as number;
      const f = bytes[start + 5] as number;
      const g = bytes[start + 6] as number;
      const h = bytes[start + 7] as number;
      const i = bytes[start + 8] as number;
      const j = bytes[start + 9] as number;
      return (a | b | c | d | e | f | g | h | i | j) > 0x7f
        ? undefined
        : String.fromCharCode(a, b, c, d, e, f, g, h, i, j);
    }
    case 11: {
      const a = bytes[start] as number;
      const b = bytes[start + 1] as number;
      const c = bytes[start + 2] as number;
      const d = bytes[start + 3] as number;
      const e = bytes[start + 4] as number;
      const f = bytes[start + 5] as number;
      const g = bytes[start + 6] as number;
      const h = bytes[start + 7] as number;
      const i = bytes[start + 8] as number;
      const j = bytes[start + 9] as number;
      const k = bytes[start + 10] as number;
      return (a | b | c | d | e | f | g | h | i | j | k) > 0x7f
        ? undefined
        : String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k);
    }
    case 12: {
      const a = bytes[start] as number;
      const b = bytes[start + 1] as number;
      const c = bytes[start + 2] as number;
      const d = bytes[start + 3] as number;
      const e = bytes[start + 4] as number;
      const f = bytes[start + 5] as number;
      const g = bytes[start + 6] as number;
      const h = bytes[start + 7] as number;
      const i = bytes[start + 8] as number;
      const j = bytes[start + 9] as number;
      const k = bytes[start + 10] as number;
      const l = bytes[start + 11] as number;
      return (a | b | c | d | e | f | g | h | i | j | k | l) > 0x7f
        ? undefined
        : String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l);
    }
  }
  const units = unitsOf(length);
  for (let i = 0; i < length; i++) {
    const byte = bytes[start + i] as number;
    if (byte > 0x7f) return undefined;
    units[i] = byte;
  }
  return String.fromCharCode(...units);
}

/**
 * Well-formed text of at most 32 units, `undefined` for any other. Measured per string of 44 bytes that are no ASCII
 * (Node 20): 130 ns, against 310 for TextDecoder.
 */
function shortWide(bytes: Uint8Array, start: number, end: number): string | undefined {
  const units = unitsOf(MOST_UNITS + 1);
  let count = 0;
  let at = start;
  while (at < end) {
    if (count >= MOST_UNITS) return undefined;
    const lead = bytes[at++] as number;
    if (lead < 0x80) {
      units[count++] = lead;
      continue;
    }
    // What is no continuation byte is above 0x3f then, what is not there too.
    const second = (bytes[at++] as number) ^ 0x80;
    let unit = ((lead & 0x1f) << 6) | second;
    let bits = second;
    let least = 0x80;
    if (lead >= 0xe0) {
      const third = (bytes[at++] as number) ^ 0x80;
      unit = ((lead & 0xf) << 12) | (second << 6) | third;
      bits |= third;
      least = 0x800;
      if (lead >= 0xf0) {
        const fourth = (bytes[at++] as number) ^ 0x80;
        unit = ((lead & 0xf) << 18) | (second << 12) | (third << 6) | fourth;
        bits |= fourth;
        least = 0x10000;
      }
    }
    if (lead < 0xc0 || bits > 0x3f || unit < least || unit > 0x10ffff || (unit & 0xfffff800) === 0xd800) {
      return undefined;
    }
    if (unit > 0xffff) {
      units[count++] = 0xd7c0 + (unit >> 10);
      unit = 0xdc00 | (unit & 0x3ff);
    }
    units[count++] = unit;
  }
  if (at > end) return undefined;
  const exact = unitsOf(count);
  for (let i = 0; i < count; i++) exact[i] = units[i] as number;
  return String.fromCharCode(...exact);
}

/** Decodes latin-1: every byte is the character of its number. Throws as {@link decodeUtf8} for a text too long. */
export function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  if (isAscii(bytes, start, end)) return decodeUtf8(bytes, start, end);
  let text = "";
  // 4096 arguments are what no engine minds.
  for (; start < end; start += 4096) {
    const chunk = bytes.subarray(start, Math.min(start + 4096, end)) as unknown as number[];
    text = within(() => text + String.fromCharCode.apply(null, chunk));
  }
  return text;
}
