/** A `Map` of any size: V8's own ends at 2^24 entries, so this one goes on in another. */
export class ShardedMap<K, V> {
  /** Entries in one `Map`. Not 2^24: near its end V8's `Map` throws if more than a few entries have been deleted. */
  static shardLimit: number = 2 ** 23;
  #open = new Map<K, V>();
  #full: Map<K, V>[] = [];

  get(key: K): V | undefined {
    let value = this.#open.get(key);
    for (let shard = this.#full.length; value === undefined && shard-- > 0;)
      value = this.#full[shard]!.get(key);
    return value;
  }

  /** Adds an entry whose key is not there yet. */
  add(key: K, value: V): void {
    if (this.#open.size >= ShardedMap.shardLimit) {
      this.#full.push(this.#open);
      this.#open = new Map();
    }
    this.#open.set(key, value);
  }

  delete(key: K): void {
    if (!this.#open.delete(key)) this.#full.some((shard) => shard.delete(key));
  }
}
