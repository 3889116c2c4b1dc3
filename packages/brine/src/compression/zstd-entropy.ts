import { failure } from "../bytes/failure.ts";

/** The error of data that is no zstd. */
export function corrupt(): Error {
  return failure(
    "invalid-compression",
    "Data corruption detected",
    "ZstdError",
    "The compressed data is damaged",
  );
}

/** A bitstream that is read from its end, below the topmost 1 of its last byte. Source: RFC 8878, section 4.1. */
export class BackwardBits {
  readonly #bytes: Uint8Array;
  /** How many bits are left; below zero when more were read than there are, which read as zeros. */
  left: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const last = bytes.at(-1);
    if (last === undefined || last === 0) throw corrupt();
    this.left = bytes.length * 8 - 1 - Math.clz32(last << 24);
  }

  /** Up to 24 bits. */
  read(count: number): number {
    this.left -= count;
    return this.at(this.left, count);
  }

  /** Up to 24 bits, without taking them. */
  peek(count: number): number {
    return this.at(this.left - count, count);
  }

  private at(position: number, count: number): number {
    const bytes = this.#bytes;
    if (position < 0) {
      const missing = -position;
      if (missing >= count) return 0;
      return this.at(0, count - missing) << missing;
    }
    const index = position >> 3;
    const bits =
      (bytes[index] as number) |
      ((bytes[index + 1] as number) << 8) |
      ((bytes[index + 2] as number) << 16) |
      ((bytes[index + 3] as number) << 24);
    return (bits >>> (position & 7)) & ((1 << count) - 1);
  }
}

/** A table of states: for each, the symbol, how many bits to read, and what to add to them for the next. */
export interface FseTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

/** Source: RFC 8878, section 4.1.1, "From Normalized Distribution to Decoding Tables". */
export function fseTable(counts: ArrayLike<number>, log: number): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const next = new Uint16Array(counts.length);
  let high = size;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    const count = counts[symbol] as number;
    next[symbol] = Math.abs(count);
    if (count < 0) symbols[--high] = symbol;
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let position = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    for (let i = counts[symbol] as number; i > 0; i--) {
      symbols[position] = symbol;
      do position = (position + step) & (size - 1);
      while (position >= high);
    }
  }
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state] as number;
    const value = next[symbol] as number;
    next[symbol] = value + 1;
    const count = log - (31 - Math.clz32(value));
    bits[state] = count;
    bases[state] = (value << count) - size;
  }
  return { log, symbols, bits, bases };
}

/** A table with one symbol, which takes no bits. */
export function singleTable(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: Uint8Array.of(0), bases: Uint16Array.of(0) };
}

/**
 * A table's description. Returns the table and the bytes that it took. Source: RFC 8878, section 4.1.1.
 *
 * @param mostLog the largest accuracy
 * @param symbolCount how many symbols there can be
 */
export function readFseTable(bytes: Uint8Array, mostLog: number, symbolCount: number): [FseTable, number] {
  let position = 0;
  const peek = (count: number): number => {
    const index = position >> 3;
    const bits = (bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8) | ((bytes[index + 2] ?? 0) << 16);
    return (bits >>> (position & 7)) & ((1 << count) - 1);
  };
  const log = peek(4) + 5;
  position += 4;
  if (log > mostLog) throw corrupt();
  const counts: number[] = [];
  for (let left = (1 << log) + 1; left > 1;) {
    if (counts.length >= symbolCount || position > bytes.length * 8) throw corrupt();
    // Values below `short` take one bit less.
    const width = 32 - Math.clz32(left);
    const short = (1 << width) - 1 - left;
    let value = peek(width);
    const low = value & ((1 << (width - 1)) - 1);
    if (low < short) {
      value = low;
      position += width - 1;
    } else {
      if (value >= 1 << (width - 1)) value -= short;
      position += width;
    }
    const count = value - 1;
    counts.push(count);
    left -= Math.abs(count);
    if (left < 1) throw corrupt();
    if (count !== 0) continue;
    for (let repeat = 3; repeat === 3;) {
      repeat = peek(2);
      position += 2;
      if (counts.length + repeat > symbolCount || position > bytes.length * 8) throw corrupt();
      for (let i = 0; i < repeat; i++) counts.push(0);
    }
  }
  const used = (position + 7) >> 3;
  if (used > bytes.length) throw corrupt();
  return [fseTable(counts, log), used];
}

/** A prefix code: by the next `log` bits, the symbol × 16 + how many of them are its own. */
export interface HuffmanTable {
  readonly log: number;
  readonly entries: Uint16Array;
}

const LONGEST_CODE = 11;

/** Weights of an FSE stream: two states by turns. Source: RFC 8878, section 4.2.1.2. */
function fseWeights(bytes: Uint8Array): number[] {
  const [table, used] = readFseTable(bytes, 6, 256);
  const bits = new BackwardBits(bytes.subarray(used));
  const states = [bits.read(table.log), bits.read(table.log)];
  if (bits.left < 0) throw corrupt();
  const weights: number[] = [];
  for (let turn = 0; ; turn ^= 1) {
    if (weights.length > 254) throw corrupt();
    const state = states[turn] as number;
    weights.push(table.symbols[state] as number);
    states[turn] = (table.bases[state] as number) + bits.read(table.bits[state] as number);
    if (bits.left < 0) {
      weights.push(table.symbols[states[turn ^ 1] as number] as number);
      return weights;
    }
  }
}

/** A Huffman tree's description. Returns the table and the bytes that it took. Source: RFC 8878, section 4.2.1. */
export function readHuffmanTable(bytes: Uint8Array): [HuffmanTable, number] {
  const first = bytes[0];
  if (first === undefined) throw corrupt();
  let weights: number[];
  let used: number;
  if (first < 128) {
    used = 1 + first;
    if (used > bytes.length) throw corrupt();
    weights = fseWeights(bytes.subarray(1, used));
  } else {
    const count = first - 127;
    used = 1 + ((count + 1) >> 1);
    if (used > bytes.length) throw corrupt();
    weights = Array.from({ length: count }, (_, i) => {
      const byte = bytes[1 + (i >> 1)] as number;
      return i % 2 === 0 ? byte >> 4 : byte & 15;
    });
  }
  let sum = 0;
  for (const weight of weights) {
    if (weight > LONGEST_CODE) throw corrupt();
    if (weight > 0) sum += 1 << (weight - 1);
  }
  if (sum === 0) throw corrupt();
  const log = 32 - Math.clz32(sum);
  const rest = (1 << log) - sum;
  if (log > LONGEST_CODE || (rest & (rest - 1)) !== 0) throw corrupt();
  // The last symbol's weight is what makes the sum a power of two.
  weights.push(32 - Math.clz32(rest));
  const entries = new Uint16Array(1 << log);
  let at = 0;
  for (let weight = 1; weight <= log; weight++) {
    for (const [symbol, own] of weights.entries()) {
      if (own !== weight) continue;
      const end = at + (1 << (weight - 1));
      entries.fill((symbol << 4) | (log + 1 - weight), at, end);
      at = end;
    }
  }
  return [{ log, entries }, used];
}
