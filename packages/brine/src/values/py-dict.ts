import { inspectAs, inspectCustom, type Inspect, type InspectOptions } from "./inspect.ts";
import { KeyTable } from "./key-table.ts";
import { LOAD, type Interner } from "./key.ts";
import { pythonType } from "./python-type.ts";

// Not Map itself: its constructor alone takes as long as all of a PyDict (some 180 ns), one is made for every dict of a pickle.
const MapShape = function () {} as unknown as new <K, V>() => Map<K, V>;
(MapShape as { prototype: unknown }).prototype = Map.prototype;

type DictConstructor = new (entries: undefined, flat: unknown[], interner?: Interner) => PyDict;

/**
 * A dict that takes over `flat` (`[key, value, key, value, …]`), whose keys are known to be hashable. Repeated keys are sorted out
 * as Python does, at the first access.
 *
 * @internal
 */
export let dictFromFlat: (flat: unknown[], interner?: Interner) => PyDict;

/**
 * The dict's own array `[key, value, …]`, without repeats or gaps: for reading, until the dict changes.
 *
 * @internal
 */
export let flatOfDict: (dict: PyDict) => readonly unknown[];

/**
 * Python's `dict`: a `Map` (`instanceof` holds, all its methods are there) that compares its keys as Python does.
 *
 * - `1`, `1n`, `1.0` and `true` are one key, so are `0`, `-0` and `false`, `2n ** 60n` and `2 ** 60`; the first one that came is kept.
 * - A `Tuple` and a `PyFrozenSet` are keys by value, however deep; `bytes` (a `Uint8Array`) by content, and never equal to a str.
 * - Two `PyGlobal`s of one name are one key; a value class may define its equality (`pythonKey`); other objects are keys by identity.
 * - NaN is equal to nothing, so that each one set is an entry of its own which no lookup finds. A tuple with NaN in it is equal to itself.
 * - What is unhashable in Python (a list, dict, set, bytearray) is refused by `set` with Python's words, in a TypeError. `get`, `has`
 *   and `delete` take an `Array` for the tuple of its items, and a `Set` for the frozenset.
 *
 * The order is that of insertion. The engine's limit of 2^24 entries does not hold. It has no internal slots of a `Map`:
 * for `structuredClone` and the like, hand over `new Map(dict)`.
 */
export class PyDict<K = unknown, V = unknown> extends MapShape<K, V> {
  /** Entries as a load handed them over, until the first access; then a table. */
  #content: unknown[] | KeyTable;
  #interner: Interner | undefined;

  /** A dict of these entries; empty without any. Throws a TypeError on an unhashable key. */
  constructor(entries?: Iterable<readonly [K, V]> | null);
  constructor(entries?: Iterable<readonly [K, V]> | null, flat?: unknown[], interner?: Interner) {
    super();
    this.#content = flat ?? [];
    this.#interner = interner;
    if (entries != null) for (const [key, value] of entries) this.set(key, value);
  }

  get #table(): KeyTable {
    const content = this.#content;
    return content instanceof KeyTable ? content : (this.#content = new KeyTable(content, 2, this.#interner));
  }

  /** The number of entries. */
  override get size(): number {
    return this.#table.size;
  }

  /** The value of an equal key, or `undefined`. */
  override get(key: K): V | undefined {
    const table = this.#table;
    const position = table.find(key);
    return position < 0 ? undefined : (table.flat[position + 1] as V);
  }

  /** Whether there is an equal key. */
  override has(key: K): boolean {
    return this.#table.find(key) >= 0;
  }

  /** Sets the value of an equal key, which stays as it is, or adds an entry at the end. Throws a TypeError on an unhashable key. */
  override set(key: K, value: V): this {
    this.#table.put(key, value);
    return this;
  }

  /** The value of an equal key; `value` is set and returned if there is none. */
  getOrInsert(key: K, value: V): V {
    return this.getOrInsertComputed(key, () => value);
  }

  /** The value of an equal key; what `compute(key)` gives is set and returned if there is none. */
  getOrInsertComputed(key: K, compute: (key: K) => V): V {
    if (!this.has(key)) this.set(key, compute(key));
    return this.get(key) as V;
  }

  /** Deletes the entry of an equal key; whether there was one. */
  override delete(key: K): boolean {
    return this.#table.remove(key);
  }

  /** Deletes all entries. */
  override clear(): void {
    this.#table.clear();
  }

  /**
   * Sets the entries in `flat[start..end)`, key and value by turns, whose keys are known to be hashable.
   *
   * @internal
   */
  setMany(flat: readonly unknown[], start: number, end: number): void {
    const content = this.#content;
    if (content instanceof KeyTable) {
      for (let index = start; index < end; index += 2) content.put(flat[index], flat[index + 1], LOAD);
    } else {
      for (let index = start; index < end; index++) content.push(flat[index]);
    }
  }

  /** The keys in order; live, as all iterators of a `Map` are. */
  override keys(): MapIterator<K> {
    return this.#table.iterate((key) => key as K);
  }

  /** The values in order of their keys. */
  override values(): MapIterator<V> {
    return this.#table.iterate((_, value) => value as V);
  }

  /** Pairs of key and value in order. */
  override entries(): MapIterator<[K, V]> {
    return this.#table.iterate((key, value) => [key, value] as [K, V]);
  }

  /** As {@link PyDict.entries}. */
  override [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  /** Calls `callback(value, key, dict)` for each entry in order. */
  override forEach(callback: (value: V, key: K, dict: Map<K, V>) => void, thisArgument?: unknown): void {
    for (const [key, value] of this) callback.call(thisArgument, value, key, this);
  }

  /** `"PyDict"`. */
  override get [Symbol.toStringTag](): string {
    return "PyDict";
  }

  /** The Python type's name, `"dict"`. */
  get [pythonType](): string {
    return "dict";
  }

  /** An object without a prototype if every key is a string, else an array of pairs. `JSON.stringify` refuses bigints in either. */
  toJSON(): Record<string, V> | [K, V][] {
    const entries = [...this];
    if (entries.some(([key]) => typeof key !== "string")) return entries;
    const object = Object.create(null) as Record<string, V>;
    for (const [key, value] of entries) object[key as string] = value;
    return object;
  }

  [inspectCustom](depth: number | null, options: InspectOptions, inspect?: Inspect): string {
    return inspectAs(this, `PyDict(${this.size})`, () => new Map(this), depth, options, inspect);
  }

  static {
    dictFromFlat = (flat, interner) => new (PyDict as DictConstructor)(undefined, flat, interner);
    flatOfDict = (dict) => dict.#table.items();
  }
}
