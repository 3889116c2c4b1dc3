/** As it is, until it is known whose it is. */
export const KEEP = 0;
/** Left out. */
export const STRIP = 1;
/** Writes a memo slot. */
export const PUT = 2;
/** Reads one. */
export const GET = 3;
/** POP in its place, so many. */
export const POPS = 4;
/** POP_MARK in its place. */
export const POP_ABOVE = 5;

/** Places in the source that a program does not simply copy, in order; in arrays that are used again. */
export class EventList {
  length = 0;
  readonly kind: number[] = [];
  /** Absolute position of the opcode. */
  readonly start: number[] = [];
  /** Absolute position behind it. */
  readonly end: number[] = [];
  /** The memo slot, or how many are popped. */
  readonly slot: number[] = [];

  /** Appends one and gives its place. */
  add(kind: number, start: number, end: number, slot: number): number {
    const at = this.length++;
    this.kind[at] = kind;
    this.start[at] = start;
    this.end[at] = end;
    this.slot[at] = slot;
    return at;
  }

  /** Makes another of the one at `at`. */
  change(at: number, kind: number, slot: number): void {
    this.kind[at] = kind;
    this.slot[at] = slot;
  }

  /** Gives the one at `at` another number. */
  note(at: number, slot: number): void {
    this.slot[at] = slot;
  }

  /** Drops those before an absolute position. */
  dropBefore(position: number): number {
    let count = 0;
    while (count < this.length && (this.start[count] as number) < position) count++;
    if (count > 0) {
      this.length -= count;
      for (const list of [this.kind, this.start, this.end, this.slot]) {
        list.copyWithin(0, count, count + this.length);
      }
    }
    return count;
  }
}
