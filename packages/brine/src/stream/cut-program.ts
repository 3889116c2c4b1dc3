import {
  BINGET,
  BINPUT,
  FROZENSET,
  LIST,
  LONG_BINGET,
  LONG_BINPUT,
  MARK,
  NONE,
  POP,
  POP_MARK,
  PROTO,
  STOP,
} from "../syntax/opcodes.ts";

/** The opcodes of a program that is put together from pieces of a source, and where each piece is from. */
export class CutProgram {
  #bytes = new Uint8Array(1 << 17);
  #length = 0;
  readonly #isGiven: boolean;
  readonly #outputStarts: number[] = [];
  readonly #sourceStarts: number[] = [];

  /** @param isGiven whether values are views of the program */
  constructor(isGiven: boolean) {
    this.#isGiven = isGiven;
  }

  /** The program so far. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** How long it is so far. */
  get length(): number {
    return this.#length;
  }

  /** Begins anew. */
  begin(protocol: number, isList: boolean): void {
    // Where values are views of it, it is theirs.
    if (this.#isGiven && this.#length > 0) this.#bytes = new Uint8Array(this.#bytes.length);
    this.#length = this.#outputStarts.length = this.#sourceStarts.length = 0;
    if (protocol > 0) this.#put(PROTO, protocol);
    if (isList) this.#put(MARK);
  }

  #room(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + count));
    larger.set(this.bytes);
    this.#bytes = larger;
  }

  #put(...codes: readonly number[]): void {
    this.#room(codes.length);
    for (const code of codes) this.#bytes[this.#length++] = code;
  }

  /** Copies `source` from `from` to `to`; what is at `from` is at absolute position `start`. */
  copy(source: Uint8Array, from: number, to: number, start: number): void {
    if (from === to) return;
    this.#room(to - from);
    this.#outputStarts.push(this.#length);
    this.#sourceStarts.push(start);
    const bytes = this.#bytes;
    let at = this.#length;
    // A view for some bytes takes longer than they do.
    if (to - from > 64) bytes.set(source.subarray(from, to), at);
    else for (let i = from; i < to; i++) bytes[at++] = source[i] as number;
    this.#length += to - from;
  }

  #memo(short: number, long: number, slot: number): void {
    this.#room(5);
    const bytes = this.#bytes;
    if (slot < 256) {
      bytes[this.#length++] = short;
      bytes[this.#length++] = slot;
      return;
    }
    bytes[this.#length++] = long;
    for (let shift = 0; shift < 32; shift += 8) bytes[this.#length++] = slot >>> shift;
  }

  /** Writes the topmost value into a memo slot. */
  write(slot: number): void {
    this.#memo(BINPUT, LONG_BINPUT, slot);
  }

  /** Puts another memo slot in the place of the four bytes of one at `at`. */
  patch(at: number, slot: number): void {
    const bytes = this.#bytes;
    bytes[at] = slot;
    bytes[at + 1] = slot >>> 8;
    bytes[at + 2] = slot >>> 16;
    bytes[at + 3] = slot >>> 24;
  }

  /** Pushes what is in a memo slot; an error in it is one at absolute position `start`. */
  read(slot: number, start: number): void {
    this.#outputStarts.push(this.#length);
    this.#sourceStarts.push(start);
    this.#memo(BINGET, LONG_BINGET, slot);
  }

  /** Drops the topmost values. */
  pops(count: number): void {
    for (let i = 0; i < count; i++) this.#put(POP);
  }

  /** Drops the values above the topmost mark. */
  popAbove(): void {
    this.#put(POP_MARK);
  }

  /** Pushes None. */
  pushNone(): void {
    this.#put(NONE);
  }

  /** Ends it: what stands above the first MARK becomes a list, or a set. */
  end(isList: boolean, isSet = false): Uint8Array {
    if (isList) this.#put(isSet ? FROZENSET : LIST);
    this.#put(STOP);
    return this.bytes;
  }

  /** Absolute position of what stands at `offset` of the program. */
  sourceOf(offset: number): number {
    const starts = this.#outputStarts;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return this.#sourceStarts[0] ?? 0;
    return (this.#sourceStarts[low - 1] as number) + offset - (starts[low - 1] as number);
  }
}
