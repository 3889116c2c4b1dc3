import { failure } from "../../bytes/failure.ts";
import { IntList } from "./number-lists.ts";

/** The memo of a pickle that is read: slots may be filled in any order, and anew. */
export class SlotMap {
  readonly #dense = new IntList();
  readonly #others = new Map<number | bigint, number>();

  /** How many slots are filled: where MEMOIZE puts the next. */
  get size(): number {
    return this.#dense.length + this.#others.size;
  }

  set(slot: number | bigint, value: number): void {
    const dense = this.#dense;
    if (slot < 0) throw failure("invalid-operand", "negative PUT argument", "ValueError");
    if (slot === dense.length && !this.#others.has(slot)) dense.push(value);
    else if (slot < dense.length) dense.items[Number(slot)] = value;
    else this.#others.set(slot, value);
  }

  /** What is in a slot, which has to be filled. */
  get(slot: number | bigint): number {
    const value =
      slot >= 0 && slot < this.#dense.length ? this.#dense.items[Number(slot)] : this.#others.get(slot);
    if (value !== undefined) return value;
    throw failure("missing-memo", `memo key ${slot} has never been stored into`);
  }
}
