import * as op from "../syntax/opcodes.ts";
import type { OpWriter } from "../syntax/op-writer.ts";

/** UTF-16 units of the longest text that is looked for here. */
export const LONGEST_SHORT = 64;

/** The text is not in the table, and cannot be put there. */
const NO_ROOM = -2;

/** Places that are tried for a text: more are taken on purpose only, and then time would not be linear. */
const TRIES = 16;
const FIRST_CAPACITY = 64;
/** The bits of a cell that are an index plus one; the others are of the hash. */
const INDEX_BITS = 0x00ff_ffff;
/** Largest table whose room is kept for the next pickle: 0.5 MB, and 1 MB of texts. */
const KEPT = 2 ** 17;

/** What a {@link TextTable} needs of a memo. */
export interface TextSlots {
  /** The slot that comes next. */
  size: number;
  /** The slot of the text that was written or fetched last. */
  textSlot: number;
}

/**
 * Which short texts were written, known by their very bytes in the output: a text is written, hashed on the way, and
 * taken back when it is there already. A `Map` by value alone takes longer than CPython for all of a pickle: 200,000
 * strings 45 → 18 ms. The bytes must stay in the writer as long as the table is not cleared.
 */
export class TextTable {
  /** Open addressing: 0, or a text's index plus one with the upper bits of its hash. */
  #table = new Int32Array(FIRST_CAPACITY);
  /** How much of the table is in use, less one. */
  #mask = FIRST_CAPACITY - 1;
  /** By text: hash, place in the output, length, memo slot. */
  #texts = new Int32Array(4 * FIRST_CAPACITY);
  #count = 0;
  /** A large table that was let go of, for it to be used again while it is there. */
  #spare: WeakRef<[Int32Array<ArrayBuffer>, Int32Array<ArrayBuffer>]> | undefined;

  /**
   * Writes a text of at most {@link LONGEST_SHORT} units at `head`, where there is room, and memoizes it; or fetches an equal
   * one. Its slot is noted in `memo`. Returns where it ends, −1 when nothing could be written. From protocol 1 on.
   */
  writeAt(writer: OpWriter, memo: TextSlots, text: string, head: number): number {
    const { bytes } = writer;
    const isShort = writer.protocol >= 4;
    const start = head + (isShort ? 2 : 5);
    if (start > 0x7fff_ff00 || this.#count >= INDEX_BITS - 1) return -1;
    let hash = 0;
    const units = text.length;
    let i = 0;
    // Apart from what follows: 200,000 strings 15.6 → 14.6 ms.
    for (; i < units; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) break;
      hash = Math.imul(hash ^ unit, 0x5bd1e995);
      bytes[start + i] = unit;
    }
    let at = start + i;
    for (; i < units; i++) {
      let unit = text.charCodeAt(i);
      hash = Math.imul(hash ^ unit, 0x5bd1e995);
      if (unit < 0x80) {
        bytes[at++] = unit;
        continue;
      }
      if (unit < 0x800) bytes[at++] = 0xc0 | (unit >> 6);
      else {
        const second = (unit & 0xfc00) === 0xd800 && i + 1 < units ? text.charCodeAt(i + 1) : 0;
        if ((second & 0xfc00) === 0xdc00) {
          unit = 0x10000 + ((unit & 0x3ff) << 10) + (second & 0x3ff);
          hash = Math.imul(hash ^ second, 0x5bd1e995);
          i++;
          bytes[at++] = 0xf0 | (unit >> 18);
          bytes[at++] = 0x80 | ((unit >> 12) & 0x3f);
        } else bytes[at++] = 0xe0 | (unit >> 12);
        bytes[at++] = 0x80 | ((unit >> 6) & 0x3f);
      }
      bytes[at++] = 0x80 | (unit & 0x3f);
    }
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash ^= hash >>> 13;
    const known = this.#find(bytes, hash, start, at, memo.size);
    if (known >= 0) {
      memo.textSlot = known;
      return writer.getAt(known, head);
    }
    if (known === NO_ROOM) return -1;
    const size = at - start;
    bytes[head] = isShort ? op.SHORT_BINUNICODE : op.BINUNICODE;
    bytes[head + 1] = size;
    if (!isShort) bytes[head + 2] = bytes[head + 3] = bytes[head + 4] = 0;
    return writer.putAt((memo.textSlot = memo.size++), at);
  }

  /** The slot of the text that is `bytes[start..end)`, −1 when it was put into the table. */
  #find(bytes: Uint8Array, hash: number, start: number, end: number, slot: number): number {
    const table = this.#table;
    const texts = this.#texts;
    const mask = this.#mask;
    const size = end - start;
    let cell = hash & mask;
    for (let step = 1; step <= TRIES; step++) {
      const found = table[cell] as number;
      if (found === 0) {
        const index = 4 * this.#count++;
        texts[index] = hash;
        texts[index + 1] = start;
        texts[index + 2] = size;
        texts[index + 3] = slot;
        table[cell] = (hash & ~INDEX_BITS) | this.#count;
        if (2 * this.#count > mask) this.#grow();
        return -1;
      }
      if (((found ^ hash) & ~INDEX_BITS) === 0) {
        const index = 4 * ((found & INDEX_BITS) - 1);
        if (texts[index] === hash && texts[index + 2] === size) {
          let from = texts[index + 1] as number;
          let at = start;
          while (at < end && bytes[from] === bytes[at]) {
            from++;
            at++;
          }
          if (at === end) return texts[index + 3] as number;
        }
      }
      cell = (cell + step) & mask;
    }
    return NO_ROOM;
  }

  #grow(): void {
    const capacity = 2 * (this.#mask + 1);
    const spare = this.#spare?.deref();
    this.#spare = undefined;
    if (spare !== undefined) {
      spare[1].set(this.#texts);
      [this.#table, this.#texts] = spare;
    }
    if (this.#table.length < capacity) {
      const texts = new Int32Array(4 * capacity);
      texts.set(this.#texts);
      this.#texts = texts;
      this.#table = new Int32Array(capacity);
    } else this.#table.fill(0, 0, capacity);
    this.#mask = capacity - 1;
    const table = this.#table;
    for (let index = 0; index < this.#count; index++) {
      const hash = this.#texts[4 * index] as number;
      let cell = hash & this.#mask;
      for (let step = 1; table[cell] !== 0; step++) cell = (cell + step) & this.#mask;
      table[cell] = (hash & ~INDEX_BITS) | (index + 1);
    }
  }

  /** Forgets all texts, and keeps the room: as much is used again as these texts needed. */
  clear(): void {
    if (this.#count === 0) return;
    if (this.#table.length > KEPT) {
      this.#spare = new WeakRef([this.#table, this.#texts]);
      this.#table = new Int32Array(FIRST_CAPACITY);
      this.#texts = new Int32Array(4 * FIRST_CAPACITY);
      this.#mask = FIRST_CAPACITY - 1;
    } else {
      this.#table.fill(0, 0, this.#mask + 1);
      while (this.#mask >= FIRST_CAPACITY && 4 * this.#count < this.#mask) this.#mask >>= 1;
    }
    this.#count = 0;
  }
}
