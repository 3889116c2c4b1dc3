import { ByteSink } from "../../bytes/sink.ts";
import { decodeUtf8, isAscii } from "../../bytes/utf8.ts";
import { IntList, NumberList } from "./number-lists.ts";

// What a constant is.
export const NONE = 0;
export const TRUE = 1;
export const FALSE = 2;
/** An int of 32 bits. */
export const INT = 3;
/** Any other int: its two's complement, as short as can be. */
export const LONG = 4;
/** A float that is no NaN, as the two halves of its bits. */
export const FLOAT = 5;
/** A str: its UTF-8, a surrogate as three bytes. */
export const TEXT = 6;
export const BYTES = 7;
/** An 8-bit string of Python 2. */
export const STRING = 8;
/** A code of the extension registry. */
export const EXTENSION = 9;
/** A class or function by lines that are no usual names. */
export const NAME_LINES = 10;
/** A class or function: module and name, which are texts. */
export const GLOBAL = 11;
export const TUPLE = 12;
export const FROZENSET = 13;
/** What a persistent id, its one part, stands for. */
export const PERSISTENT = 14;

/**
 * How many constants of one place in the table are compared: more than there ever are but for bytes that were chosen so that
 * they collide, which are not compared with all others then, as that would take quadratic time.
 */
const MOST_PROBES = 512;

/**
 * The immutable values of a pickle, equal ones once, each known by its number. A NaN is none of them, for it is equal
 * to nothing and known by its identity. What a constant consists of has a lower number than the constant itself.
 */
export class Constants {
  /** By constant, what it is. */
  readonly kinds: IntList = new IntList();
  /** By constant: its int, its code, the high half of its bits, the start of its content or of its parts. */
  readonly first: NumberList = new NumberList();
  /** By constant: the low half of its bits, the length of its content, the count of its parts. */
  readonly second: NumberList = new NumberList();
  /** The parts of all. */
  readonly parts: IntList = new IntList();
  readonly #input: Uint8Array;
  /** Content that does not stand in the input as it is. */
  readonly #derived = new ByteSink();
  readonly #hashes = new IntList();
  readonly #mostProbes: number;
  readonly #seed = (Math.random() * 0x1_0000_0000) | 0;
  #table = new Int32Array(1024).fill(-1);
  #entries = 0;

  /** @param isExact - whether equal values must never be two constants. */
  constructor(input: Uint8Array, isExact = false) {
    this.#input = input;
    this.#mostProbes = isExact ? Infinity : MOST_PROBES;
    for (const kind of [NONE, TRUE, FALSE]) this.#add(kind, 0, 0, 0);
    // Those of one byte, without a look into the table.
    for (let value = 0; value < 256; value++) this.#add(INT, value, 0, 0);
  }

  /** How many there are. */
  get length(): number {
    return this.kinds.length;
  }

  /** From here on, what is equal to something before is not the same. */
  forget(): void {
    this.#table.fill(-1);
    this.#entries = 0;
  }

  /** An int of 32 bits. */
  int(value: number): number {
    return value >>> 8 === 0 ? value + INT : this.#simple(INT, value, 0);
  }

  /** A float that is no NaN, as the two halves of its bits. */
  float(high: number, low: number): number {
    return this.#simple(FLOAT, high, low);
  }

  /** A code of the extension registry. */
  extension(code: number): number {
    return this.#simple(EXTENSION, code, 0);
  }

  #simple(kind: number, first: number, second: number): number {
    const hash = mixed(Math.imul(first ^ this.#seed, 0x9e37_79b1) ^ Math.imul(second + kind, 0x85eb_ca6b));
    const mask = this.#table.length - 1;
    for (let at = hash & mask, left = this.#mostProbes; left > 0; at = (at + 1) & mask, left--) {
      const found = this.#table[at] as number;
      if (found < 0) return this.#enter(at, kind, first, second, hash);
      if (
        this.first.items[found] === first &&
        this.second.items[found] === second &&
        this.kinds.items[found] === kind
      ) {
        return found;
      }
    }
    return this.#add(kind, first, second, hash);
  }

  /**
   * A constant whose content is the bytes from `start` to `end`, either of the input or of anything else.
   *
   * @throws UnpicklingError `undecodable-text` for a text that is no UTF-8.
   */
  content(kind: number, bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    let hash = this.#seed ^ (kind << 24) ^ length;
    for (let at = start; at < end; at++) {
      hash = Math.imul(hash ^ (bytes[at] as number), 0x0100_0193);
      hash ^= hash >>> 15;
    }
    hash = mixed(hash);
    const mask = this.#table.length - 1;
    let at = hash & mask;
    let left = this.#mostProbes;
    for (; left > 0; at = (at + 1) & mask, left--) {
      const found = this.#table[at] as number;
      if (found < 0) break;
      if (
        this.#hashes.items[found] === hash &&
        this.kinds.items[found] === kind &&
        this.second.items[found] === length &&
        this.#isContent(found, bytes, start)
      ) {
        return found;
      }
    }
    if (kind === TEXT && !isAscii(bytes, start, end)) decodeUtf8(bytes, start, end);
    let first = start;
    if (bytes !== this.#input) {
      first = -1 - this.#derived.length;
      this.#derived.raw(bytes.subarray(start, end));
    }
    return left > 0 ? this.#enter(at, kind, first, length, hash) : this.#add(kind, first, length, hash);
  }

  #isContent(constant: number, bytes: Uint8Array, start: number): boolean {
    const first = this.first.items[constant] as number;
    const length = this.second.items[constant] as number;
    const source = first < 0 ? this.#derived.bytes : this.#input;
    const from = first < 0 ? -1 - first : first;
    for (let at = 0; at < length; at++) if (source[from + at] !== bytes[start + at]) return false;
    return true;
  }

  /** A constant of the `count` parts in `list` from `start` on: a tuple, a frozenset, a global. */
  compound(kind: number, list: Int32Array, start: number, count: number): number {
    let hash = this.#seed ^ (kind << 24) ^ count;
    for (let at = start; at < start + count; at++) {
      hash = Math.imul(hash ^ (list[at] as number), 0x85eb_ca6b);
      hash ^= hash >>> 13;
    }
    hash = mixed(hash);
    const mask = this.#table.length - 1;
    let at = hash & mask;
    let left = this.#mostProbes;
    for (; left > 0; at = (at + 1) & mask, left--) {
      const found = this.#table[at] as number;
      if (found < 0) break;
      if (
        this.#hashes.items[found] === hash &&
        this.kinds.items[found] === kind &&
        this.second.items[found] === count &&
        this.#hasParts(found, list, start)
      ) {
        return found;
      }
    }
    const first = this.parts.length;
    for (let part = start; part < start + count; part++) this.parts.push(list[part] as number);
    return left > 0 ? this.#enter(at, kind, first, count, hash) : this.#add(kind, first, count, hash);
  }

  #hasParts(constant: number, list: Int32Array, start: number): boolean {
    const first = this.first.items[constant] as number;
    const count = this.second.items[constant] as number;
    for (let at = 0; at < count; at++) if (this.parts.items[first + at] !== list[start + at]) return false;
    return true;
  }

  /** The content of one that has content: a view. */
  contentOf(constant: number): Uint8Array {
    const first = this.first.items[constant] as number;
    const length = this.second.items[constant] as number;
    return first < 0
      ? this.#derived.bytes.subarray(-1 - first, length - 1 - first)
      : this.#input.subarray(first, first + length);
  }

  /** The content of two that have content, by bytes: below 0 if that of `a` comes first. */
  compareContent(a: number, b: number): number {
    const [firstA, firstB] = [this.first.items[a] as number, this.first.items[b] as number];
    const [lengthA, lengthB] = [this.second.items[a] as number, this.second.items[b] as number];
    const bytesA = firstA < 0 ? this.#derived.bytes : this.#input;
    const bytesB = firstB < 0 ? this.#derived.bytes : this.#input;
    const [fromA, fromB] = [firstA < 0 ? -1 - firstA : firstA, firstB < 0 ? -1 - firstB : firstB];
    const length = Math.min(lengthA, lengthB);
    for (let at = 0; at < length; at++) {
      const difference = (bytesA[fromA + at] as number) - (bytesB[fromB + at] as number);
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  /** The part at `index`. */
  part(constant: number, index: number): number {
    return this.parts.items[(this.first.items[constant] as number) + index] as number;
  }

  #add(kind: number, first: number, second: number, hash: number): number {
    this.first.push(first);
    this.second.push(second);
    this.#hashes.push(hash);
    this.kinds.push(kind);
    return this.kinds.length - 1;
  }

  #enter(at: number, kind: number, first: number, second: number, hash: number): number {
    const constant = this.#add(kind, first, second, hash);
    this.#table[at] = constant;
    if (++this.#entries * 2 > this.#table.length) this.#grow();
    return constant;
  }

  #grow(): void {
    const old = this.#table;
    const table = new Int32Array(4 * old.length).fill(-1);
    const mask = table.length - 1;
    for (const constant of old) {
      if (constant < 0) continue;
      let at = (this.#hashes.items[constant] as number) & mask;
      let left = this.#mostProbes;
      while (left > 0 && (table[at] as number) >= 0) {
        at = (at + 1) & mask;
        left--;
      }
      if (left > 0) table[at] = constant;
    }
    this.#table = table;
  }
}

/** Spreads the bits of a hash. Source: the finalizer of MurmurHash3, which is in the public domain. */
function mixed(hash: number): number {
  let mix = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2_ae35);
  return mix ^ (mix >>> 16);
}
