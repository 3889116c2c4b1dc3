/** V8's own `Map` ends at 2^24 entries. */
const SHARD = 2 ** 23;

/** A map of any size. */
export class LargeMap<K, V> {
  readonly #shards: Map<K, V>[] = [new Map<K, V>()];
  readonly #shard: number;

  /** @param shard - how many entries one `Map` takes. */
  constructor(shard: number = SHARD) {
    this.#shard = shard;
  }

  #holding(key: K): Map<K, V> | undefined {
    const shards = this.#shards;
    for (let at = shards.length - 1; at >= 0; at--) {
      const shard = shards[at] as Map<K, V>;
      if (shard.has(key)) return shard;
    }
    return undefined;
  }

  get size(): number {
    return this.#shards.reduce((sum, { size }) => sum + size, 0);
  }

  get(key: K): V | undefined {
    const shards = this.#shards;
    return shards.length === 1 ? (shards[0] as Map<K, V>).get(key) : this.#holding(key)?.get(key);
  }

  has(key: K): boolean {
    return this.#holding(key) !== undefined;
  }

  set(key: K, value: V): void {
    let last = this.#shards.at(-1) as Map<K, V>;
    const shard = this.#shards.length > 1 || last.size >= this.#shard ? this.#holding(key) : undefined;
    if (shard === undefined && last.size >= this.#shard) this.#shards.push((last = new Map<K, V>()));
    (shard ?? last).set(key, value);
  }

  delete(key: K): void {
    this.#holding(key)?.delete(key);
  }

  clear(): void {
    this.#shards.splice(0, Infinity, new Map<K, V>());
  }

  *[Symbol.iterator](): Generator<[K, V], void> {
    for (const shard of this.#shards) yield* shard;
  }
}
