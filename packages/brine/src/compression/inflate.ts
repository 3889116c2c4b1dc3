import { failure } from "../bytes/failure.ts";
import type { ByteReader } from "./byte-reader.ts";

/** How far back a match reaches. */
const WINDOW = 32768;
const LONGEST_MATCH = 258;
/** Bytes of output between two moves of the window. */
const ROOM = 1 << 16;
/** No symbol with its extra bits, and no header but that of a dynamic block, takes more bytes. */
const LONGEST_SYMBOL = 8;

const NEEDS_INPUT = 0;
const NEEDS_OUTPUT = 1;
const DONE = 2;

const HEADER = 0;
const STORED = 1;
const CODES = 2;
const END = 3;

// Source: RFC 1951, section 3.2.5.
const lengthBase = new Uint16Array(32);
const lengthExtra = new Uint8Array(32);
const distanceBase = new Uint16Array(32);
const distanceExtra = new Uint8Array(32);
for (let code = 0, base = 3; code < 28; code++) {
  lengthBase[code] = base;
  const extra = code < 8 ? 0 : (code >> 2) - 1;
  lengthExtra[code] = extra;
  base += 1 << extra;
}
lengthBase[28] = LONGEST_MATCH;
for (let code = 0, base = 1; code < 30; code++) {
  distanceBase[code] = base;
  const extra = code < 4 ? 0 : (code >> 1) - 1;
  distanceExtra[code] = extra;
  base += 1 << extra;
}
/** The order in which the lengths of the code lengths stand. */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A prefix code as a table: for each run of `bits` bits, the symbol × 16 + its length; 0 where no symbol begins so. */
interface Code {
  readonly table: Uint16Array;
  readonly bits: number;
}

function invalid(what: string): Error {
  return failure(
    "invalid-compression",
    `Error -3 while decompressing data: ${what}`,
    "zlib.error",
    "The compressed data is damaged",
  );
}

/** The table of a code, with the same codes refused that zlib refuses. Source: zlib `inftrees.c`. */
function codeOf(lengths: Uint8Array, what: string, mayBeIncomplete: boolean): Code {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  let bits = 15;
  while (bits > 0 && counts[bits] === 0) bits--;
  if (bits === 0 && !mayBeIncomplete) throw invalid(what);
  const next = new Uint16Array(16);
  let left = 1;
  let code = 0;
  for (let length = 1; length <= 15; length++) {
    left = (left << 1) - (counts[length] as number);
    if (left < 0) throw invalid(what);
    code = length === 1 ? 0 : (code + (counts[length - 1] as number)) << 1;
    next[length] = code;
  }
  if (left > 0 && bits > 0 && (!mayBeIncomplete || bits !== 1)) throw invalid(what);
  const table = new Uint16Array(1 << bits);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] as number;
    if (length === 0) continue;
    const value = next[length] as number;
    next[length] = value + 1;
    let reversed = 0;
    for (let bit = 0; bit < length; bit++) reversed |= ((value >> bit) & 1) << (length - 1 - bit);
    for (let at = reversed; at < table.length; at += 1 << length) table[at] = (symbol << 4) | length;
  }
  return { table, bits };
}

let fixedCodes: readonly [Code, Code] | undefined;

/** Source: RFC 1951, section 3.2.6. */
function fixed(): readonly [Code, Code] {
  if (fixedCodes !== undefined) return fixedCodes;
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
  fixedCodes = [codeOf(lengths, "", true), codeOf(new Uint8Array(32).fill(5), "", true)];
  return fixedCodes;
}

/**
 * Inflates one deflate stream and says where it ends, which `DecompressionStream` does not: it refuses what follows, the
 * next member of a gzip file for one. Source: RFC 1951.
 */
class Inflater {
  readonly #window = new Uint8Array(WINDOW + ROOM + LONGEST_MATCH);
  /** Where in the window the next byte goes. */
  #at = 0;
  /** Up to where the window was handed out. */
  #given = 0;
  #state = HEADER;
  #isLast = false;
  /** Bytes left of a stored block. */
  #stored = 0;
  #literals: Code = { table: new Uint16Array(1), bits: 0 };
  #distances: Code = this.#literals;
  /** Bits of the byte at the reader's position that are used up. */
  #bit = 0;

  /** What was made since the last call, a copy. */
  take(): Uint8Array {
    const made = this.#window.slice(this.#given, this.#at);
    if (this.#at > WINDOW) {
      this.#window.copyWithin(0, this.#at - WINDOW, this.#at);
      this.#at = WINDOW;
    }
    this.#given = this.#at;
    return made;
  }

  /** Goes on until input or room for output is wanting. */
  run(reader: ByteReader): number {
    for (;;) {
      const state = this.#state;
      if (state === HEADER) {
        if (!this.#header(reader)) return NEEDS_INPUT;
      } else if (state === STORED) {
        const count = Math.min(this.#stored, reader.available, this.#window.length - this.#at);
        this.#window.set(reader.bytes.subarray(reader.position, reader.position + count), this.#at);
        this.#at += count;
        reader.position += count;
        this.#stored -= count;
        if (this.#stored > 0) return reader.available === 0 ? NEEDS_INPUT : NEEDS_OUTPUT;
        this.#endBlock();
      } else if (state === CODES) {
        const status = this.#codes(reader);
        if (status !== DONE) return status;
        this.#endBlock();
      } else {
        if (this.#bit > 0) {
          this.#bit = 0;
          reader.position++;
        }
        return DONE;
      }
    }
  }

  #endBlock(): void {
    this.#state = this.#isLast ? END : HEADER;
  }

  /** A block's header; `false`, and nothing read, if it is not all there. */
  #header(reader: ByteReader): boolean {
    const { bytes } = reader;
    const start = reader.position * 8 + this.#bit;
    const end = bytes.length * 8;
    let at = start;
    const take = (count: number): number => {
      const index = at >> 3;
      const value = (bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8) | ((bytes[index + 2] ?? 0) << 16);
      at += count;
      return (value >> ((at - count) & 7)) & ((1 << count) - 1);
    };
    const isLast = take(1) === 1;
    const kind = take(2);
    if (at > end) return false;
    if (kind === 3) throw invalid("invalid block type");
    if (kind === 0) {
      at = (at + 7) & ~7;
      const length = take(16);
      const complement = take(16);
      if (at > end) return false;
      if ((length ^ complement) !== 0xffff) throw invalid("invalid stored block lengths");
      this.#stored = length;
      this.#state = STORED;
    } else {
      if (kind === 1) [this.#literals, this.#distances] = fixed();
      else {
        const literalCount = take(5) + 257;
        const distanceCount = take(5) + 1;
        const lengthCount = take(4) + 4;
        if (at > end) return false;
        if (literalCount > 286 || distanceCount > 30) throw invalid("too many length or distance symbols");
        const order = new Uint8Array(19);
        for (let i = 0; i < lengthCount; i++) order[lengthOrder[i] as number] = take(3);
        if (at > end) return false;
        const code = codeOf(order, "invalid code lengths set", false);
        const lengths = new Uint8Array(literalCount + distanceCount);
        for (let i = 0; i < lengths.length;) {
          const entry = code.table[take(code.bits)] as number;
          at += (entry & 15) - code.bits;
          const symbol = entry >> 4;
          let repeat = 1;
          let value = symbol;
          if (symbol === 16) {
            repeat = 3 + take(2);
            value = i === 0 ? -1 : (lengths[i - 1] as number);
          } else if (symbol === 17) repeat = 3 + take(3);
          else if (symbol === 18) repeat = 11 + take(7);
          if (symbol > 16) value = 0;
          // What stands behind the end reads as zeros: that it is not there is to be known before it is judged.
          if (at > end) return false;
          if (value < 0 || i + repeat > lengths.length) throw invalid("invalid bit length repeat");
          lengths.fill(value, i, i + repeat);
          i += repeat;
        }
        if (lengths[256] === 0) throw invalid("invalid code -- missing end-of-block");
        this.#literals = codeOf(lengths.subarray(0, literalCount), "invalid literal/lengths set", true);
        this.#distances = codeOf(lengths.subarray(literalCount), "invalid distances set", true);
      }
      this.#state = CODES;
    }
    this.#isLast = isLast;
    reader.position = at >> 3;
    this.#bit = at & 7;
    return true;
  }

  /** Literals and matches until the block ends. */
  #codes(reader: ByteReader): number {
    const { bytes } = reader;
    const window = this.#window;
    const { table: literals, bits: literalBits } = this.#literals;
    const { table: distances, bits: distanceBits } = this.#distances;
    const literalMask = (1 << literalBits) - 1;
    const distanceMask = (1 << distanceBits) - 1;
    const room = window.length - LONGEST_MATCH;
    // Behind this, a symbol may not be all there; at the very end of the input what is not there reads as zeros.
    const last = reader.ended ? bytes.length : bytes.length - LONGEST_SYMBOL;
    let index = reader.position;
    let bit = this.#bit;
    let at = this.#at;
    let status = DONE;
    for (;;) {
      if (at > room) {
        status = NEEDS_OUTPUT;
        break;
      }
      if (index >= last) {
        status = NEEDS_INPUT;
        break;
      }
      const symbolIndex = index;
      const symbolBit = bit;
      let entry = literals[
        (((bytes[index] as number) |
          ((bytes[index + 1] as number) << 8) |
          ((bytes[index + 2] as number) << 16)) >>>
          bit) &
          literalMask
      ] as number;
      bit += entry & 15;
      index += bit >> 3;
      bit &= 7;
      const symbol = entry >> 4;
      if (symbol < 256) {
        if (entry === 0) throw invalid("invalid literal/length code");
        window[at++] = symbol;
      } else if (symbol === 256) {
        if (index + (bit > 0 ? 1 : 0) > bytes.length) {
          index = symbolIndex;
          bit = symbolBit;
          status = NEEDS_INPUT;
        }
        break;
      } else {
        const lengthCode = symbol - 257;
        if (lengthCode > 28) throw invalid("invalid literal/length code");
        let extra = lengthExtra[lengthCode] as number;
        const length =
          (lengthBase[lengthCode] as number) +
          ((((bytes[index] as number) | ((bytes[index + 1] as number) << 8)) >>> bit) & ((1 << extra) - 1));
        bit += extra;
        index += bit >> 3;
        bit &= 7;
        entry = distances[
          (((bytes[index] as number) |
            ((bytes[index + 1] as number) << 8) |
            ((bytes[index + 2] as number) << 16)) >>>
            bit) &
            distanceMask
        ] as number;
        bit += entry & 15;
        index += bit >> 3;
        bit &= 7;
        extra = distanceExtra[entry >> 4] as number;
        const distance =
          (distanceBase[entry >> 4] as number) +
          ((((bytes[index] as number) |
            ((bytes[index + 1] as number) << 8) |
            ((bytes[index + 2] as number) << 16)) >>>
            bit) &
            ((1 << extra) - 1));
        bit += extra;
        index += bit >> 3;
        bit &= 7;
        if (index + (bit > 0 ? 1 : 0) > bytes.length) {
          index = symbolIndex;
          bit = symbolBit;
          status = NEEDS_INPUT;
          break;
        }
        if (entry === 0 || entry >> 4 > 29) throw invalid("invalid distance code");
        if (distance > at) throw invalid("invalid distance too far back");
        for (let from = at - distance, end = at + length; at < end;) window[at++] = window[from++] as number;
      }
    }
    reader.position = index;
    this.#bit = bit;
    this.#at = at;
    return status;
  }
}

/** Inflates one deflate stream; the reader is right behind it at the end. */
export type Inflate = (reader: ByteReader) => AsyncIterable<Uint8Array>;

/** {@link Inflate} in JavaScript. */
export async function* inflate(reader: ByteReader): AsyncGenerator<Uint8Array, void> {
  const inflater = new Inflater();
  for (let isWhole = false; ;) {
    const status = inflater.run(reader);
    const made = inflater.take();
    if (made.length > 0) yield made;
    if (status === DONE) return;
    if (status === NEEDS_OUTPUT) continue;
    if (isWhole) throw reader.truncated();
    isWhole = !(await reader.more());
  }
}
