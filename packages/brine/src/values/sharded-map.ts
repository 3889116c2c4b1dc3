/** A `Map` of any size: V8's own ends at 2^24 entries, so this one goes on in another. */
export class ShardedMap<K, V> {
  /** Entries in one `Map`. Not 2^24: near its end V8's `Map` throws if more than a few entries have been deleted. */
  static shardLimit: number = 2 ** 23;
  /** One `Map` at least, in order. */
  readonly shards: Map<K, V>[] = [new Map()];

  get(key: K): V | undefined {
    for (const shard of this.shards) {
      const value = shard.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Adds an entry whose key is not there yet. */
  add(key: K, value: V): void {
    let shard = this.shards.at(-1)!;
    if (shard.size >= ShardedMap.shardLimit) this.shards.push((shard = new Map()));
    shard.set(key, value);
  }
}
