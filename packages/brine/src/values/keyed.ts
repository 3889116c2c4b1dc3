import { inspectAs, inspectCustom, type InspectArguments } from "./inspect.ts";
import {
  ADD,
  FIND,
  Interner,
  LOAD,
  newId,
  simpleKey,
  UNEQUAL,
  type CanonicalKey,
  type KeyMode,
} from "./key.ts";

/** A key with its value; of a set, an item twice. An object, as an array takes twice the memory. */
interface Entry {
  /** The key as it came. */
  readonly key: unknown;
  /** Its value. */
  value: unknown;
}

/** What dicts and sets have in common besides what a `Map` and a `Set` have. */
export interface Keyed {
  /**
   * What a load gave, if no access has come yet.
   *
   * @internal
   */
  readonly untouched: readonly unknown[] | undefined;
  /**
   * The entry of an equal key: for reading.
   *
   * @internal
   */
  entryOf(key: unknown): Entry | undefined;
  /**
   * Adds an entry, or gives the one of an equal key its new value. Throws a TypeError on an unhashable key; unless it was loaded: then it
   * is equal to nothing.
   *
   * @internal
   */
  put(key: unknown, value: unknown, mode?: KeyMode): this;
  /**
   * Adds what `source[start..end)` holds, keys known to be hashable; of a dict, each with its value after it.
   *
   * @internal
   */
  addMany(source: readonly unknown[], start: number, end: number): void;
}

/** Makes one of {@link Keyed} that takes over keys known to be hashable; of a dict, each with its value after it. */
export type TakingOver<T> = new (entries: undefined, flat: unknown[], interner?: Interner) => T;

/** Up to so many keys are searched one by one in what a load gave: cheaper than to make a table. */
const FEW = 8;

/**
 * The base class of dicts (made of `Map`) and sets (of `Set`), which compares keys as Python does. `instanceof` holds, but no constructor
 * of those runs: that alone takes as long as all of this one (some 180 ns), and one is made for every dict of a pickle.
 *
 * @param shardLimit entries in one native `Map`. V8's ends at 2^24, and near its end throws if more than a few have been deleted.
 */
export function keyed(native: MapConstructor | SetConstructor, shardLimit: number = 2 ** 23): unknown {
  const stride = native === Map ? 2 : 1;

  class KeyedCollection implements Keyed {
    /** Entries as a load handed them over, until an access needs an index. */
    #flat: unknown[] | undefined;
    /** Entries by canonical key, in order, in as many native ones as it takes. */
    #shards: Map<CanonicalKey, Entry>[] | undefined;
    #interner: Interner | undefined;

    constructor(entries?: Iterable<unknown> | null, flat: unknown[] = [], interner?: Interner) {
      this.#flat = flat;
      this.#interner = interner;
      if (entries == null) return;
      for (const entry of entries) {
        const [key, value] = stride === 2 ? (entry as [unknown, unknown]) : [entry, entry];
        this.put(key, value);
      }
    }

    get untouched(): readonly unknown[] | undefined {
      return this.#flat;
    }

    #index(): Map<CanonicalKey, Entry>[] {
      const flat = this.#flat;
      if (flat !== undefined) {
        this.#flat = undefined;
        this.#shards = [new Map()];
        this.addMany(flat, 0, flat.length);
      }
      return this.#shards!;
    }

    #key(key: unknown, mode: KeyMode): CanonicalKey {
      return simpleKey(key) ?? (this.#interner ??= new Interner()).key(key, mode);
    }

    #find(canonical: CanonicalKey): Entry | undefined {
      for (const shard of this.#index()) {
        const entry = shard.get(canonical);
        if (entry !== undefined) return entry;
      }
      return undefined;
    }

    entryOf(key: unknown): Entry | undefined {
      const flat = this.#flat;
      if (typeof key === "string" && flat !== undefined && flat.length <= FEW * stride) {
        // From the end: of equal keys the last one's value counts.
        let index = flat.length - stride;
        while (typeof flat[index] === "string" && flat[index] !== key) index -= stride;
        if (index < 0) return undefined;
        if (flat[index] === key) return { key, value: flat[index + stride - 1] };
      }
      // Indexing gives the ids by which a key is looked for.
      this.#index();
      return this.#find(this.#key(key, FIND));
    }

    put(key: unknown, value: unknown, mode: KeyMode = ADD): this {
      let canonical = this.#key(key, mode);
      if (typeof canonical !== "string" && mode === ADD)
        throw new TypeError(`unhashable type: '${canonical.typeName}'`);
      if (canonical === UNEQUAL) canonical = newId();
      const entry = this.#find(canonical);
      if (entry === undefined) {
        let last = this.#shards!.at(-1)!;
        if (last.size >= shardLimit) this.#shards!.push((last = new Map<CanonicalKey, Entry>()));
        last.set(canonical, { key, value });
      } else if (stride === 2) entry.value = value;
      return this;
    }

    addMany(source: readonly unknown[], start: number, end: number): void {
      if (this.#flat !== undefined)
        for (let index = start; index < end; index++) this.#flat.push(source[index]);
      else
        for (let index = start; index < end; index += stride)
          this.put(source[index], source[index + stride - 1], LOAD);
    }

    get size(): number {
      return this.#index().reduce((size, shard) => size + shard.size, 0);
    }

    has(key: unknown): boolean {
      return this.entryOf(key) !== undefined;
    }

    delete(key: unknown): boolean {
      const shards = this.#index();
      const canonical = this.#key(key, FIND);
      const found = shards.some((shard) => shard.delete(canonical));
      // An interner's texts would never go.
      if (this.size === 0) this.clear();
      return found;
    }

    clear(): void {
      for (const shard of this.#index()) shard.clear();
      this.#interner = undefined;
    }

    // Live, as the iterators of a `Map` are.
    *#iterate(part?: keyof Entry): Generator<unknown, undefined> {
      for (const shard of this.#index()) {
        for (const entry of shard.values()) yield part ? entry[part] : [entry.key, entry.value];
      }
    }

    keys(): Generator<unknown, undefined> {
      return this.#iterate("key");
    }

    values(): Generator<unknown, undefined> {
      return this.#iterate("value");
    }

    entries(): Generator<unknown, undefined> {
      return this.#iterate();
    }

    [Symbol.iterator](): Generator<unknown, undefined> {
      return stride === 2 ? this.entries() : this.values();
    }

    forEach(
      callback: (value: unknown, key: unknown, collection: this) => void,
      thisArgument?: unknown,
    ): void {
      for (const [key, value] of this.entries() as Generator<[unknown, unknown]>)
        callback.call(thisArgument, value, key, this);
    }

    [inspectCustom](...how: InspectArguments): string {
      const label = `${(this as { [Symbol.toStringTag]?: string })[Symbol.toStringTag]}(${this.size})`;
      return inspectAs(this, label, () => new (native as new (entries: unknown) => object)(this), ...how);
    }
  }
  Object.setPrototypeOf(KeyedCollection.prototype, native.prototype as object);
  return KeyedCollection;
}
