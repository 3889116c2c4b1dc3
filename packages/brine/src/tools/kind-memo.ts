import type { StackItem } from "../syntax/opcodes.ts";
import { itemOf, kindOf } from "./value-kinds.ts";

/** Slots up to this are in the array, however few are filled. */
const SPARSE = 1024;

/**
 * The kinds of the values in a memo, by slot. Slots that are filled more or less in order are in `slots`, which is there
 * for hot code: it may fill those that are 0 there, and counts them in `filled`.
 */
export class KindMemo {
  /** The kinds by slot, 0 for none. A slot beyond is somewhere else. */
  slots: Uint8Array;
  /** How many of them are filled. */
  filled = 0;
  readonly #others: Map<number | bigint, StackItem>;

  /** @param given - what the slots hold and shall hold, if that is the caller's. */
  constructor(given?: Map<number | bigint, StackItem>) {
    this.slots = new Uint8Array(given === undefined ? SPARSE : 0);
    this.#others = given ?? new Map<number | bigint, StackItem>();
  }

  /** How many slots are filled. */
  get size(): number {
    return this.filled + this.#others.size;
  }

  /** The kind of what is in a slot, 0 if nothing is. */
  get(slot: number | bigint): number {
    if (typeof slot === "number" && slot >= 0 && slot < this.slots.length) return this.slots[slot] as number;
    const item = this.#others.size === 0 ? undefined : this.#others.get(slot);
    return item === undefined ? 0 : kindOf(item);
  }

  /** Fills a slot that is empty. */
  set(slot: number | bigint, kind: number): void {
    const { slots } = this;
    // At least a quarter of the array is filled when it is made longer, so that its size is bounded by the input's.
    if (
      typeof slot === "number" &&
      slot >= slots.length &&
      slot < 2 * slots.length &&
      4 * this.filled >= slots.length
    ) {
      this.slots = new Uint8Array(2 * slots.length);
      this.slots.set(slots);
      this.#moveIn();
    }
    if (typeof slot === "number" && slot >= 0 && slot < this.slots.length) {
      this.slots[slot] = kind;
      this.filled++;
    } else this.#others.set(slot, itemOf(kind));
  }

  /** Puts into the array what has a place there now. */
  #moveIn(): void {
    for (const [slot, item] of this.#others) {
      if (typeof slot !== "number" || slot < 0 || slot >= this.slots.length) continue;
      this.slots[slot] = kindOf(item);
      this.filled++;
      this.#others.delete(slot);
    }
  }
}
