import { inspectAs, inspectCustom, type InspectArguments } from "./inspect.ts";
import { ADD, FIND, Interner, LOAD, newId, simpleKey, UNEQUAL, type KeyMode } from "./key.ts";
import { ShardedMap } from "./sharded-map.ts";

/** A key with its value; of a set, an item twice. An object, as an array takes twice the memory. */
export interface Entry {
  readonly key: unknown;
  value: unknown;
}

/** What dicts and sets have in common besides what a `Map` and a `Set` have. */
export interface Keyed {
  /** @internal */
  readonly untouched: readonly unknown[] | undefined;
  /** @internal */
  entryOf(key: unknown): Entry | undefined;
  /** @internal */
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
 */
export function keyed(native: MapConstructor | SetConstructor): unknown {
  const stride = native === Map ? 2 : 1;

  class KeyedCollection implements Keyed {
    /** Entries as a load handed them over, until a first access needs a table, by canonical key. */
    #content: unknown[] | ShardedMap<string, Entry>;
    #interner: Interner | undefined;

    constructor(entries?: Iterable<unknown> | null, flat: unknown[] = [], interner?: Interner) {
      this.#content = flat;
      this.#interner = interner;
      if (entries == null) return;
      for (const entry of entries) stride === 2 ? this.put(...(entry as [unknown, unknown])) : this.put(entry, entry);
    }

    get untouched(): readonly unknown[] | undefined {
      return Array.isArray(this.#content) ? this.#content : undefined;
    }

    #table(): ShardedMap<string, Entry> {
      const flat = this.#content;
      if (!Array.isArray(flat)) return flat;
      const table = (this.#content = new ShardedMap());
      this.addMany(flat, 0, flat.length);
      return table;
    }

    #key(key: unknown, mode: KeyMode): ReturnType<Interner["key"]> {
      return simpleKey(key) ?? (this.#interner ??= new Interner()).key(key, mode);
    }

    entryOf(key: unknown): Entry | undefined {
      const content = this.#content;
      if (typeof key === "string" && Array.isArray(content) && content.length <= FEW * stride) {
        // From the end: of equal keys the last one's value counts.
        let index = content.length - stride;
        while (typeof content[index] === "string" && content[index] !== key) index -= stride;
        if (index < 0) return undefined;
        if (content[index] === key) return { key, value: content[index + stride - 1] };
      }
      return this.#table().get(this.#key(key, FIND) as string);
    }

    /** Adds an entry, or gives the one of an equal key its new value. Throws a TypeError on an unhashable key. */
    put(key: unknown, value: unknown, mode: KeyMode = ADD): this {
      const table = this.#table();
      let canonical = this.#key(key, mode);
      if (typeof canonical !== "string") {
        if (mode === ADD) throw new TypeError(`unhashable type: '${canonical.typeName}'`);
        canonical = UNEQUAL;
      }
      const entry = table.get(canonical);
      if (entry === undefined) table.add(canonical === UNEQUAL ? newId() : canonical, { key, value });
      else if (stride === 2) entry.value = value;
      return this;
    }

    addMany(source: readonly unknown[], start: number, end: number): void {
      const content = this.#content;
      if (Array.isArray(content)) for (let index = start; index < end; index++) content.push(source[index]);
      else for (let index = start; index < end; index += stride) this.put(source[index], source[index + stride - 1], LOAD);
    }

    get size(): number {
      return this.#table().shards.reduce((size, shard) => size + shard.size, 0);
    }

    has(key: unknown): boolean {
      return this.entryOf(key) !== undefined;
    }

    delete(key: unknown): boolean {
      const canonical = this.#key(key, FIND) as string;
      const found = this.#table().shards.some((shard) => shard.delete(canonical));
      // An interner's texts would never go.
      if (this.size === 0) this.clear();
      return found;
    }

    clear(): void {
      for (const shard of this.#table().shards) shard.clear();
      this.#interner = undefined;
    }

    // The iterators are live, as those of a `Map` are.
    *#iterate(pick: (entry: Entry) => unknown): Generator<unknown, undefined> {
      for (const shard of this.#table().shards) for (const entry of shard.values()) yield pick(entry);
    }

    keys(): Iterator<unknown> {
      return this.#iterate(({ key }) => key);
    }

    values(): Iterator<unknown> {
      return this.#iterate(({ value }) => value);
    }

    entries(): Generator<unknown, undefined> {
      return this.#iterate(({ key, value }) => [key, value]);
    }

    [Symbol.iterator](): Iterator<unknown> {
      return stride === 2 ? this.entries() : this.values();
    }

    forEach(callback: (value: unknown, key: unknown, collection: this) => void, thisArgument?: unknown): void {
      for (const [key, value] of this.entries() as Generator<[unknown, unknown]>) callback.call(thisArgument, value, key, this);
    }

    [inspectCustom](...how: InspectArguments): string {
      const label = `${(this as { [Symbol.toStringTag]?: string })[Symbol.toStringTag]}(${this.size})`;
      return inspectAs(this, label, () => new (native as new (entries: unknown) => object)(this), ...how);
    }
  }
  Object.setPrototypeOf(KeyedCollection.prototype, native.prototype as object);
  return KeyedCollection;
}
