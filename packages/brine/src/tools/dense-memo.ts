import type { StackItem } from "../syntax/opcodes.ts";

/** What is asked of a memo; a `Map` is one. */
export interface MemoStore {
  /** How many slots are filled. */
  readonly size: number;
  /** What is in a slot. */
  get(key: number | bigint): StackItem | undefined;
  /** Fills a slot that is empty. */
  set(key: number | bigint, item: StackItem): unknown;
}

/** A memo whose slots are mostly filled one after the other: an array for these, a `Map` for the others. */
export class DenseMemo implements MemoStore {
  readonly #items: StackItem[] = [];
  readonly #others = new Map<number | bigint, StackItem>();

  get size(): number {
    return this.#items.length + this.#others.size;
  }

  get(key: number | bigint): StackItem | undefined {
    if (typeof key === "number" && key >= 0 && key < this.#items.length) return this.#items[key];
    return this.#others.size === 0 ? undefined : this.#others.get(key);
  }

  set(key: number | bigint, item: StackItem): void {
    if (key === this.#items.length) this.#items.push(item);
    else this.#others.set(key, item);
  }
}
