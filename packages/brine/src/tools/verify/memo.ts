import { LargeMap } from "../large-map.ts";

/** What a memo slot holds. */
export interface Slot {
  readonly kind: number;
  readonly ref: number;
  /** Where it was stored, and how many bytes that took. */
  readonly offset: number;
  readonly width: number;
  isRead: boolean;
}

/** What is kept in the memo and never read. */
export interface Unread {
  readonly count: number;
  readonly bytes: number;
  /** Where the first of them is stored. */
  readonly offset: number;
}

/** The memo of the unpicklers, with kinds in the place of values. */
export class Memo {
  readonly #slots: (Slot | undefined)[] = [];
  readonly #others = new LargeMap<number | bigint, Slot>();
  #count = 0;

  /** How many slots are filled: the one that MEMOIZE fills next. */
  get count(): number {
    return this.#count;
  }

  get(index: number | bigint): Slot | undefined {
    return typeof index === "number" && index >= 0 && index < this.#slots.length
      ? (this.#slots[index] ?? this.#others.get(index))
      : this.#others.get(index);
  }

  set(index: number | bigint, slot: Slot): void {
    if (this.get(index) === undefined) this.#count++;
    if (index === this.#slots.length) this.#slots.push(slot);
    else if (typeof index === "number" && index >= 0 && index < this.#slots.length) this.#slots[index] = slot;
    else this.#others.set(index, slot);
  }

  /** What was stored from `start` on and never read. */
  unread(start: number): Unread {
    let count = 0;
    let bytes = 0;
    let first = Infinity;
    const look = (slot: Slot | undefined): void => {
      if (slot === undefined || slot.isRead || slot.offset < start) return;
      count++;
      bytes += slot.width;
      first = Math.min(first, slot.offset);
    };
    this.#slots.forEach(look);
    for (const [, slot] of this.#others) look(slot);
    return { count, bytes, offset: first };
  }
}
