import { inspectAs, inspectCustom, type Inspect, type InspectOptions } from "./inspect.ts";
import { KeyTable } from "./key-table.ts";
import { LOAD, type Interner } from "./key.ts";
import type { PyFrozenSet } from "./py-frozen-set.ts";
import type { PySet } from "./py-set.ts";

/** What the set operations take, as those of ES2025 do: a `Set`, a `Map`, or what has the like of these members. */
export interface SetLike<T = unknown> {
  readonly size: number;
  has(item: T): boolean;
  keys(): Iterator<T>;
}

// As for PyDict: no constructor of Set runs.
const SetShape = function () {} as unknown as new <T>() => Set<T>;
(SetShape as { prototype: unknown }).prototype = Set.prototype;

/** The kind of set that an operation on a set gives: frozen if that one is. */
export type SetOf<Frozen extends boolean, T> = Frozen extends true ? PyFrozenSet<T> : PySet<T>;

/** What `PySet` and `PyFrozenSet` share: all but changing. */
export abstract class PySetBase<T, Frozen extends boolean> extends SetShape<T> {
  /** Items as a load handed them over, until the first access; then a table. */
  #content: unknown[] | KeyTable;
  #interner: Interner | undefined;

  /** A set of these items; empty without any. Throws a TypeError on an unhashable item. */
  constructor(items?: Iterable<T> | null);
  constructor(items?: Iterable<T> | null, flat?: unknown[], interner?: Interner) {
    super();
    this.#content = flat ?? [];
    this.#interner = interner;
    if (items != null) for (const item of items) this.#table.put(item, undefined);
  }

  get #table(): KeyTable {
    const content = this.#content;
    return content instanceof KeyTable ? content : (this.#content = new KeyTable(content, 1, this.#interner));
  }

  /**
   * The table of any set: its own, or one of the keys it gives.
   *
   * @internal
   */
  static tableOf(set: SetLike): KeyTable {
    if (set instanceof PySetBase) return set.#table;
    const table = new KeyTable([], 1);
    const items = set.keys();
    for (let item = items.next(); item.done !== true; item = items.next()) table.put(item.value, undefined);
    return table;
  }

  /** The number of items. */
  override get size(): number {
    return this.#table.size;
  }

  /** Whether there is an equal item. */
  override has(item: T): boolean {
    return this.#table.find(item) >= 0;
  }

  /**
   * Adds the items in `source[start..end)`, which are known to be hashable.
   *
   * @internal
   */
  addMany(source: readonly unknown[], start: number, end: number): void {
    const content = this.#content;
    for (let index = start; index < end; index++) {
      if (content instanceof KeyTable) content.put(source[index], undefined, LOAD);
      else content.push(source[index]);
    }
  }

  /** The items in order of insertion; live, as all iterators of a `Set` are. */
  override keys(): SetIterator<T> {
    return this.#table.iterate((item) => item as T);
  }

  /** As {@link PySetBase.keys}. */
  override values(): SetIterator<T> {
    return this.keys();
  }

  /** As {@link PySetBase.keys}. */
  override [Symbol.iterator](): SetIterator<T> {
    return this.keys();
  }

  /** Pairs of an item with itself. */
  override entries(): SetIterator<[T, T]> {
    return this.#table.iterate((item) => [item, item] as [T, T]);
  }

  /** Calls `callback(item, item, set)` for each item in order. */
  override forEach(callback: (item: T, same: T, set: Set<T>) => void, thisArgument?: unknown): void {
    for (const item of this) callback.call(thisArgument, item, item, this);
  }

  /** The items that are in either, in a set of this kind. */
  union<U>(other: SetLike<U>): SetOf<Frozen, T | U> {
    return this.#make([...this, ...PySetBase.tableOf(other).items()]);
  }

  /** The items of this set that are in `other` too, in a set of this kind. */
  intersection<U>(other: SetLike<U>): SetOf<Frozen, T & U> {
    return this.#make(this.#table.select(PySetBase.tableOf(other), true));
  }

  /** The items of this set that are not in `other`, in a set of this kind. */
  difference<U>(other: SetLike<U>): SetOf<Frozen, T> {
    return this.#make(this.#table.select(PySetBase.tableOf(other), false));
  }

  /** The items that are in one of both only, in a set of this kind. */
  symmetricDifference<U>(other: SetLike<U>): SetOf<Frozen, T | U> {
    const table = PySetBase.tableOf(other);
    return this.#make([...this.#table.select(table, false), ...table.select(this.#table, false)]);
  }

  /** Whether every item of this set is in `other`. */
  isSubsetOf(other: SetLike): boolean {
    return this.difference(other).size === 0;
  }

  /** Whether every item of `other` is in this set. */
  isSupersetOf(other: SetLike): boolean {
    return PySetBase.tableOf(other).select(this.#table, false).length === 0;
  }

  /** Whether no item is in both. */
  isDisjointFrom(other: SetLike): boolean {
    return this.intersection(other).size === 0;
  }

  /** An array of the items. `JSON.stringify` refuses bigints in it. */
  toJSON(): T[] {
    return [...this];
  }

  [inspectCustom](depth: number | null, options: InspectOptions, inspect?: Inspect): string {
    const label = `${this[Symbol.toStringTag]}(${this.size})`;
    return inspectAs(this, label, () => new Set(this), depth, options, inspect);
  }

  #make<U>(items: unknown[]): SetOf<Frozen, U> {
    return new (this.constructor as new (items: undefined, flat: unknown[]) => SetOf<Frozen, U>)(
      undefined,
      items,
    );
  }
}

/**
 * The set's own array of items, without repeats or gaps: for reading, until the set changes.
 *
 * @internal
 */
export function itemsOfSet(set: PySet | PyFrozenSet): readonly unknown[] {
  return PySetBase.tableOf(set).items();
}
