/** Items that stay back where a batch is cut within: what follows an item may be its state yet. */
export const STAY_BACK = 4;

/** Slots below this are read by the number they have. Those of the keys of records are among them. */
export const LOW_SLOTS = 1024;

/** Python 2 begins with slot 1. */
const MOST_LEFT_OUT = 16;

/** The memo slots that programs fill and read. */
export class CutSlots {
  /** How many are filled. */
  count: number;
  /** Whether they were filled once each, and in order. */
  isUsual = true;
  /** The last program to read each low slot, or one of those behind it; −1 if none does. */
  readonly lowReaders: Int32Array = new Int32Array(LOW_SLOTS).fill(-1);
  /** A program behind the one that is cut: what stays back may be cut into so many. */
  reader = STAY_BACK + 1;
  /** Whether their numbers are counted, by MEMOIZE. */
  #areCounted: boolean | undefined;

  constructor(count: number) {
    this.count = count;
  }

  /** Notes that one is filled. Those that are filled again, or counted where some were left out, are not followed. */
  fill(slot: number, isCounted: boolean): void {
    const isNext = slot >= this.count && slot < this.count + MOST_LEFT_OUT;
    if (!isNext || (this.#areCounted ??= isCounted) !== isCounted) this.isUsual = false;
    if (slot >= this.count) this.count = slot + 1;
  }
}
