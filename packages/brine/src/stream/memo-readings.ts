import type { MemoListener } from "./shape-scanner.ts";

/** Memo slots are let go by blocks of the source: a slot read within the block that fills it needs no note. */
export const BLOCK = 1 << 20;

/** Until where each memo slot is needed, as far as that is beyond the block where it is filled. */
export class MemoReadings implements MemoListener {
  readonly #last = new Map<number, number>();
  /** The first slot of each block. */
  readonly #firstSlots: number[] = [];
  readonly #start: number;

  constructor(start: number) {
    this.#start = start;
  }

  #blockOf(at: number): number {
    return Math.floor((at - this.#start) / BLOCK);
  }

  put(slot: number, _height: number, _scanner: unknown, at: number): void {
    const block = this.#blockOf(at);
    while (this.#firstSlots.length <= block) this.#firstSlots.push(slot);
  }

  get(slot: number, at: number): void {
    const first = this.#firstSlots[this.#blockOf(at)];
    // No slot was filled in this block, or this one before it.
    if (first === undefined || slot < first) this.#last.set(slot, at);
  }

  /** Whether a slot filled some blocks ago is read at `at` or behind it. */
  isNeeded(slot: number, at: number): boolean {
    return (this.#last.get(slot) ?? -1) >= at;
  }
}
