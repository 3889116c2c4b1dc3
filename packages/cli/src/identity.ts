/** V8's own `Map` and `Set` end at 2^24 entries. */
const SHARD = 2 ** 23;

/** A map from objects, by identity, of any size. */
export class IdentityMap<T> {
  readonly #shards: Map<object, T>[] = [new Map<object, T>()];

  get(key: object): T | undefined {
    for (const shard of this.#shards) {
      const value = shard.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  has(key: object): boolean {
    return this.get(key) !== undefined;
  }

  /** Adds or replaces. */
  set(key: object, value: T): void {
    let shard = this.#shards.find((candidate) => candidate.has(key)) ?? this.#shards.at(-1)!;
    if (shard.size >= SHARD && !shard.has(key)) this.#shards.push((shard = new Map<object, T>()));
    shard.set(key, value);
  }

  delete(key: object): void {
    for (const shard of this.#shards) shard.delete(key);
  }
}
