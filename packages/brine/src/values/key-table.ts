import {
  ADD,
  FIND,
  Interner,
  LOAD,
  OTHER,
  Unhashable,
  primitiveKey,
  type CanonicalKey,
  type KeyMode,
} from "./key.ts";
import { ShardedMap } from "./sharded-map.ts";

/** Takes the place of the key of an entry that was deleted. */
const DELETED = Symbol("deleted");

/** Up to so many entries with short primitive keys are searched one by one: cheaper than an index, to make and to search. */
const SMALL = 8;

/** The array that has taken an array's place, for the iterators on the way through the old one. */
const successors = new WeakMap<unknown[], unknown[]>();

/** Whether a key is compared rightly, and in a bounded time, by {@link sameShort}. */
function isShort(key: unknown): boolean {
  switch (typeof key) {
    case "string":
      return key.length <= 64;
    case "bigint":
      return key < 0x1_0000_0000_0000_0000n && key > -0x1_0000_0000_0000_0000n;
    case "undefined":
    case "function":
      return false;
    default:
      return typeof key !== "object" || key === null;
  }
}

/** Python's equality of two short keys: `==` of JavaScript compares booleans, numbers and bigints exactly. */
function sameShort(left: unknown, right: unknown): boolean {
  // oxlint-disable-next-line eqeqeq -- what makes 1 == 1n == true
  return left === right || (typeof left !== "string" && typeof right !== "string" && left == right);
}

/** The content of a dict or set: its entries in order of insertion, and an index of the keys when one is worth it. */
export class KeyTable {
  /** Keys, each followed by its value if `stride` is 2. */
  flat: unknown[];
  /** The number of entries. */
  size: number;
  readonly stride: number;
  #interner: Interner | undefined;
  /** From canonical key to position in `flat`; undefined while there are few keys, all of them short primitives. */
  #index: ShardedMap<CanonicalKey, number> | undefined;

  /** Takes `flat` over; its keys are hashable, and may repeat. */
  constructor(flat: unknown[], stride: number, interner?: Interner) {
    this.flat = flat;
    this.stride = stride;
    this.size = flat.length / stride;
    this.#interner = interner;
    if (!this.#isSmallAndDistinct()) this.#reindex();
  }

  #isSmallAndDistinct(): boolean {
    const { flat, stride } = this;
    if (this.size > SMALL) return false;
    for (let position = 0; position < flat.length; position += stride) {
      if (!isShort(flat[position]) || this.#scan(flat[position], position) >= 0) return false;
    }
    return true;
  }

  #key(key: unknown, mode: KeyMode): CanonicalKey {
    const canonical = primitiveKey(key);
    return canonical === OTHER ? (this.#interner ??= new Interner()).key(key, mode) : canonical;
  }

  /** Makes the index. Of equal keys the first one stays, with the last value, as in Python. */
  #reindex(): void {
    const { flat, stride } = this;
    const index = (this.#index = new ShardedMap<CanonicalKey, number>());
    let end = 0;
    for (let position = 0; position < flat.length; position += stride) {
      const key = flat[position];
      if (key !== DELETED) {
        const canonical = this.#key(key, LOAD);
        const first = canonical === undefined ? undefined : index.get(canonical);
        if (first !== undefined) {
          if (stride === 2) flat[first + 1] = flat[position + 1];
          this.size--;
          continue;
        }
        if (canonical !== undefined) index.add(canonical, end);
      }
      flat[end] = key;
      if (stride === 2) flat[end + 1] = flat[position + 1];
      end += stride;
    }
    if (end < flat.length) flat.length = end;
  }

  #scan(key: unknown, end: number): number {
    const { flat, stride } = this;
    for (let position = 0; position < end; position += stride) {
      if (sameShort(flat[position], key)) return position;
    }
    return -1;
  }

  /** The position of a key in `flat`, or -1. An `Array` is looked up as the tuple of its items, a `Set` as a frozenset. */
  find(key: unknown): number {
    if (this.#index === undefined) {
      if (typeof key === "string" || isShort(key)) return this.#scan(key, this.flat.length);
      this.#reindex();
    }
    const canonical = this.#key(key, FIND);
    return (canonical === undefined ? undefined : this.#index!.get(canonical)) ?? -1;
  }

  /** Adds an entry, or gives the one of an equal key its new value. Throws a TypeError on an unhashable key, but for `LOAD`. */
  put(key: unknown, value: unknown, mode: KeyMode = ADD): void {
    const { flat, stride } = this;
    if (this.#index === undefined && (flat.length >= SMALL * stride || !isShort(key))) this.#reindex();
    let position: number | undefined;
    let canonical: CanonicalKey;
    if (this.#index === undefined) {
      position = this.#scan(key, flat.length);
    } else {
      canonical = this.#key(key, mode);
      if (canonical instanceof Unhashable) throw new TypeError(`unhashable type: '${canonical.typeName}'`);
      position = canonical === undefined ? undefined : this.#index.get(canonical);
    }
    if (position !== undefined && position >= 0) {
      if (stride === 2) flat[position + 1] = value;
      return;
    }
    if (canonical !== undefined) this.#index!.add(canonical, flat.length);
    flat.push(key);
    if (stride === 2) flat.push(value);
    this.size++;
  }

  /** Deletes an entry; whether there was one. */
  remove(key: unknown): boolean {
    const position = this.find(key);
    if (position < 0) return false;
    this.#index?.delete(this.#key(key, FIND));
    this.flat[position] = DELETED;
    if (this.stride === 2) this.flat[position + 1] = undefined;
    this.size--;
    if (this.flat.length > (this.size * 2 + 16) * this.stride) this.compact();
    return true;
  }

  /** Deletes all entries. */
  clear(): void {
    this.flat.fill(DELETED);
    this.size = 0;
    this.compact();
  }

  /** Leaves out what was deleted, in a new array, so that iterators can tell where they were. */
  compact(): void {
    const { flat, stride } = this;
    if (flat.length === this.size * stride) return;
    const compacted: unknown[] = [];
    for (let position = 0; position < flat.length; position++) {
      if (flat[position] === DELETED) position += stride - 1;
      else compacted.push(flat[position]);
    }
    successors.set(flat, compacted);
    this.flat = compacted;
    // A new one, as this one's texts of deleted keys would never go.
    this.#interner = undefined;
    if (this.#index !== undefined) this.#reindex();
  }

  /** `flat` without what was deleted. */
  items(): readonly unknown[] {
    this.compact();
    return this.flat;
  }

  /** The keys of this table, one of a set, that are, or are not, in another one. */
  select(other: KeyTable, inside: boolean): unknown[] {
    return this.items().filter((item) => other.find(item) >= 0 === inside);
  }

  /**
   * Goes through the entries, live as a `Map`'s iterator: what is added on the way is reached, what is deleted is not. `pick` takes
   * the key and what stands after it.
   */
  *iterate<T>(pick: (key: unknown, value: unknown) => T): Generator<T, undefined, unknown> {
    let { flat } = this;
    for (let position = 0; ; position += this.stride) {
      while (flat !== this.flat) {
        let live = 0;
        for (let before = 0; before < position; before += this.stride) if (flat[before] !== DELETED) live++;
        position = live * this.stride;
        flat = successors.get(flat)!;
      }
      while (flat[position] === DELETED) position += this.stride;
      if (position >= flat.length) return undefined;
      yield pick(flat[position], flat[position + 1]);
    }
  }
}
