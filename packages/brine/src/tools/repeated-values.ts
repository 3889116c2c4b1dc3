import { decodeLatin1, decodeUtf8 } from "../bytes/utf8.ts";

/** What a repeated value is. */
export type RepeatedKind = "str" | "bytes" | "str of Python 2";

/** Equal values that are written more than once. */
export interface RepeatedValue {
  /** Its type in Python. */
  readonly type: RepeatedKind;
  /** How it begins: the first bytes, or characters of its operand. */
  readonly start: string | Uint8Array;
  /** Length of its operand in bytes. */
  readonly length: number;
  /** How often it is written. */
  readonly count: number;
  /** Bytes of all its opcodes. */
  readonly bytes: number;
  /** Bytes of all but the first of them. */
  readonly excess: number;
}

const kinds: readonly RepeatedKind[] = ["str", "bytes", "str of Python 2"];
/** Bytes of a value that are shown. */
const SHOWN = 100;
/** Bytes of a long value that its hash is made of. */
const SAMPLES = 256;
/** Places that are looked at before a value is taken for a new one, or given up: what keeps the time linear. */
const PROBES = 256;

/** Finds equal values by a hash table in flat arrays: an entry takes 40 bytes, and a value at least two of the pickle. */
export class RepeatedValues {
  readonly #bytes: Uint8Array;
  // So that nobody can prepare a file whose values all have one hash.
  readonly #seed: number = (Math.random() * 0x1_0000_0000) | 0;
  #mask = 1023;
  #slots = new Int32Array(1024);
  #size = 0;
  // By entry, from 1.
  #hashes = new Int32Array(512);
  #starts = new Float64Array(512);
  #lengths = new Float64Array(512);
  #counts = new Uint32Array(512);
  #sums = new Float64Array(512);
  #kinds = new Uint8Array(512);

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /**
   * Counts a value.
   *
   * @param kind - 0 for str, 1 for bytes, 2 for a str of Python 2.
   * @param size - bytes of its opcode.
   */
  add(kind: number, start: number, end: number, size: number): void {
    const length = end - start;
    const hash = this.#hash(kind, start, length);
    const slots = this.#slots;
    const mask = this.#mask;
    for (let probe = 0, at = hash & mask; probe < PROBES; probe++, at = (at + 1) & mask) {
      const entry = slots[at] as number;
      if (entry === 0) {
        slots[at] = this.#enter(hash, kind, start, length, size);
        if (this.#size * 2 > mask) this.#grow();
        return;
      }
      if (this.#hashes[entry] === hash && this.#isEqual(entry, kind, start, length)) {
        this.#counts[entry] = (this.#counts[entry] as number) + 1;
        this.#sums[entry] = (this.#sums[entry] as number) + size;
        return;
      }
    }
  }

  /** The values that were counted more than once, those first that cost the most. */
  top(most: number): { readonly rows: RepeatedValue[]; readonly excess: number; readonly distinct: number } {
    const entries: number[] = [];
    let excess = 0;
    for (let entry = 1; entry <= this.#size; entry++) {
      if ((this.#counts[entry] as number) < 2) continue;
      entries.push(entry);
      excess += this.#excess(entry);
    }
    const distinct = entries.length;
    entries.sort((a, b) => this.#excess(b) - this.#excess(a) || a - b);
    const rows = entries.slice(0, most).map((entry) => {
      const length = this.#lengths[entry] as number;
      const kind = this.#kinds[entry] as number;
      return {
        type: kinds[kind] as RepeatedKind,
        start: this.#shown(kind, this.#starts[entry] as number, Math.min(length, SHOWN)),
        length,
        count: this.#counts[entry] as number,
        bytes: this.#sums[entry] as number,
        excess: this.#excess(entry),
      };
    });
    return { rows, excess, distinct };
  }

  // The first one is as large as the others but for the opcode that was chosen.
  #excess(entry: number): number {
    const count = this.#counts[entry] as number;
    return Math.round(((this.#sums[entry] as number) * (count - 1)) / count);
  }

  #shown(kind: number, start: number, length: number): string | Uint8Array {
    const bytes = this.#bytes;
    if (kind === 1) return bytes.slice(start, start + length);
    if (kind === 2) return decodeLatin1(bytes, start, start + length);
    let end = start + length;
    // Not within a character.
    if (length === SHOWN) while (end > start && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
    try {
      return decodeUtf8(bytes, start, end);
    } catch {
      return decodeLatin1(bytes, start, end);
    }
  }

  #hash(kind: number, start: number, length: number): number {
    const bytes = this.#bytes;
    let hash = Math.imul(this.#seed ^ length ^ (kind << 28), 0x9e3779b1);
    const end = start + length;
    const step = length > SAMPLES ? length / SAMPLES : 1;
    if (step === 1) {
      for (let at = start; at < end; at++) {
        hash = Math.imul(hash ^ (bytes[at] as number), 0x85ebca6b);
        hash ^= hash >>> 15;
      }
    } else {
      for (let at = start; at < end; at += step) {
        hash = Math.imul(hash ^ (bytes[Math.floor(at)] as number), 0x85ebca6b);
        hash ^= hash >>> 15;
      }
    }
    return hash | 0;
  }

  #isEqual(entry: number, kind: number, start: number, length: number): boolean {
    if (this.#lengths[entry] !== length || this.#kinds[entry] !== kind) return false;
    const bytes = this.#bytes;
    const other = this.#starts[entry] as number;
    for (let at = 0; at < length; at++) if (bytes[start + at] !== bytes[other + at]) return false;
    return true;
  }

  #enter(hash: number, kind: number, start: number, length: number, size: number): number {
    const entry = ++this.#size;
    if (entry === this.#hashes.length) this.#widen();
    this.#hashes[entry] = hash;
    this.#starts[entry] = start;
    this.#lengths[entry] = length;
    this.#counts[entry] = 1;
    this.#sums[entry] = size;
    this.#kinds[entry] = kind;
    return entry;
  }

  #widen(): void {
    const room = this.#hashes.length * 2;
    const wider = <T extends { set(from: T): void }>(made: T, from: T): T => {
      made.set(from);
      return made;
    };
    this.#hashes = wider(new Int32Array(room), this.#hashes);
    this.#starts = wider(new Float64Array(room), this.#starts);
    this.#lengths = wider(new Float64Array(room), this.#lengths);
    this.#counts = wider(new Uint32Array(room), this.#counts);
    this.#sums = wider(new Float64Array(room), this.#sums);
    this.#kinds = wider(new Uint8Array(room), this.#kinds);
  }

  #grow(): void {
    this.#mask = this.#mask * 2 + 1;
    const mask = this.#mask;
    const slots = new Int32Array(mask + 1);
    for (let entry = 1; entry <= this.#size; entry++) {
      let at = (this.#hashes[entry] as number) & mask;
      for (let probe = 0; probe < PROBES && slots[at] !== 0; probe++) at = (at + 1) & mask;
      if (slots[at] === 0) slots[at] = entry;
    }
    this.#slots = slots;
  }
}
