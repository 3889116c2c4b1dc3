import type { StackItem } from "../syntax/opcodes.ts";

/** What is known of a value on the stack, as a byte; 0 is none. */
const kinds: Readonly<Record<StackItem, number>> = {
  any: 1,
  mark: 2,
  stackslice: 3,
  int: 4,
  int_or_bool: 5,
  bool: 6,
  float: 7,
  bytes_or_str: 8,
  bytes: 9,
  bytearray: 10,
  str: 11,
  None: 12,
  tuple: 13,
  list: 14,
  dict: 15,
  set: 16,
  frozenset: 17,
  buffer: 18,
};
const items = ["none", ...(Object.keys(kinds) as StackItem[])];

/** The kind of a mark. */
export const MARK_KIND = 2;

/** The byte for what the table of opcodes says of a value. */
export const kindOf = (item: StackItem): number => kinds[item];

/** What the table of opcodes calls a kind. */
export const itemOf = (kind: number): StackItem => items[kind] as StackItem;

/** The kinds of the values on a stack. The fields are there for hot code, which may write as far as `bytes` goes. */
export class KindStack {
  /** The kinds; those of the stack are the first `length`. */
  bytes: Uint8Array = new Uint8Array(256);
  /** How many values there are. */
  length = 0;

  /** Puts a value on top. */
  push(kind: number): void {
    const { bytes, length } = this;
    if (length === bytes.length) {
      this.bytes = new Uint8Array(2 * length);
      this.bytes.set(bytes);
    }
    this.bytes[this.length++] = kind;
  }

  /** The kind of the value on top, 0 if there is none. */
  get top(): number {
    return this.length === 0 ? 0 : (this.bytes[this.length - 1] as number);
  }

  /** The names of the kinds, topmost last. */
  names(): StackItem[] {
    return Array.from(this.bytes.subarray(0, this.length), itemOf);
  }
}
