import { IntList } from "../compact/number-lists.ts";

// What the stack holds, as far as opcodes tell.
/** What a class, a hook or an extension makes: anything. */
export const OPAQUE = 0;
export const NONE = 1;
export const BOOL = 2;
export const INT = 3;
export const FLOAT = 4;
export const STR = 5;
export const BYTES = 6;
export const BYTEARRAY = 7;
/** A read-only view of a bytearray. */
export const VIEW = 8;
export const LIST = 9;
export const TUPLE = 10;
export const DICT = 11;
export const SET = 12;
export const FROZENSET = 13;

/** By kind, how Python calls the type. */
export const kindNames: readonly string[] = [
  "object",
  "NoneType",
  "bool",
  "int",
  "float",
  "str",
  "bytes",
  "bytearray",
  "memoryview",
  "list",
  "tuple",
  "dict",
  "set",
  "frozenset",
];

const UNHASHABLE_TUPLE = 1;
const OTHER_KEYS = 2;
const OPAQUE_KEYS = 4;

/**
 * The stack of the two unpicklers with kinds in the place of values. Beside each kind stands a reference: the value of an
 * int or bool, 0 for a float that is 0, the position of a text's opcode (negative if the text is empty), and for a
 * container its row in the tables here.
 */
export class Machine {
  readonly kinds: number[] = [];
  readonly refs: number[] = [];
  size = 0;
  /** Height of the stack at each MARK, and where the MARKs stand. */
  readonly marks: number[] = [];
  readonly markPositions: number[] = [];
  /** Height of the stack at the topmost MARK, 0 without one. */
  fence = 0;

  // The containers: how many items, and what {@link flags} say; of a pair, its two items.
  readonly counts: IntList = new IntList();
  readonly #flags = new IntList();
  /** By row, where the two items of a pair stand among {@link #pairs}, 0 for what is none. */
  readonly #pairPlaces = new IntList();
  readonly #pairs: number[] = [0];

  /** Makes ready for the next pickle, whose memo may hold containers of the one before. */
  reset(): void {
    this.size = this.fence = 0;
    this.marks.length = this.markPositions.length = 0;
  }

  push(kind: number, ref = 0): void {
    this.kinds[this.size] = kind;
    this.refs[this.size++] = ref;
  }

  /** A new container of so many items. */
  container(count: number): number {
    this.#flags.push(0);
    this.#pairPlaces.push(0);
    this.counts.push(count);
    return this.counts.length - 1;
  }

  /** Puts a tuple of the stack from `from` in the place of what is in it. */
  tuple(from: number): void {
    const { size } = this;
    const row = this.container(size - from);
    for (let at = from; at < size; at++) {
      if (!this.isHashable(at)) this.#flags.items[row] = UNHASHABLE_TUPLE;
    }
    if (size - from === 2) {
      this.#pairPlaces.items[row] = this.#pairs.length;
      for (let at = from; at < size; at++)
        this.#pairs.push(this.kinds[at] as number, this.refs[at] as number);
    }
    this.size = from;
    this.push(TUPLE, row);
  }

  /** The two items of a tuple, each a kind and a reference; `undefined` if it has more or less. */
  pair(row: number): readonly [number, number, number, number] | undefined {
    const at = this.#pairPlaces.items[row] as number;
    if (at === 0) return undefined;
    const [first, firstRef, second, secondRef] = this.#pairs.slice(at, at + 4) as [
      number,
      number,
      number,
      number,
    ];
    return [first, firstRef, second, secondRef];
  }

  /** Whether what is at `at` can be a key, as far as is known. */
  isHashable(at: number): boolean {
    const kind = this.kinds[at] as number;
    if (kind === TUPLE)
      return ((this.#flags.items[this.refs[at] as number] as number) & UNHASHABLE_TUPLE) === 0;
    return kind < BYTEARRAY || kind === FROZENSET;
  }

  /** Puts keys and values from `from` on into a dict. */
  addEntries(row: number, from: number): void {
    this.counts.items[row] = (this.counts.items[row] as number) + this.size - from;
    for (let at = from; at < this.size; at += 2) {
      const kind = this.kinds[at];
      if (kind !== STR)
        this.#flags.items[row] =
          (this.#flags.items[row] as number) | (kind === OPAQUE ? OPAQUE_KEYS : OTHER_KEYS);
    }
  }

  /** What the keys of a dict are. */
  keys(row: number): "str" | "opaque" | "other" {
    const flags = this.#flags.items[row] as number;
    return (flags & OTHER_KEYS) !== 0 ? "other" : (flags & OPAQUE_KEYS) !== 0 ? "opaque" : "str";
  }

  /** Whether Python takes a value of a known kind for false. */
  isFalsy(kind: number, ref: number): boolean {
    if (kind >= BYTEARRAY) return this.counts.items[ref] === 0;
    if (kind === STR || kind === BYTES) return ref < 0;
    return kind !== OPAQUE && ref === 0;
  }

  openMark(position: number): void {
    this.marks.push((this.fence = this.size));
    this.markPositions.push(position);
  }

  /** Takes the topmost MARK off and gives where the items above it begin; −1 if there is none. */
  closeMark(): number {
    const bottom = this.marks.pop();
    if (bottom === undefined) return -1;
    this.markPositions.pop();
    this.fence = this.marks.at(-1) ?? 0;
    return bottom;
  }
}
