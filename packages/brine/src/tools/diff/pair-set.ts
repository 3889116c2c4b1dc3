/** V8's own `Set` ends at 2^24 entries. */
const SHARD = 2 ** 23;

/** A set of pairs of numbers. */
export class PairSet {
  readonly #shards: Set<number>[] = [new Set()];
  readonly #base: number;

  constructor(base: number) {
    this.#base = base;
  }

  /** Adds a pair; `false` if it was there. */
  add(before: number, after: number): boolean {
    const key = before * this.#base + after;
    if (this.#shards.some((shard) => shard.has(key))) return false;
    let last = this.#shards.at(-1) as Set<number>;
    if (last.size >= SHARD) this.#shards.push((last = new Set()));
    last.add(key);
    return true;
  }
}
