import { keyed, type Keyed } from "./keyed.ts";
import type { PyFrozenSet } from "./py-frozen-set.ts";
import type { PySet } from "./py-set.ts";

/** What the set operations take, as those of ES2025 do: a `Set`, a `Map`, or what has the like of these members. */
export interface SetLike<T = unknown> {
  /** How many items there are. */
  readonly size: number;
  /** Whether the item is one of them. */
  has(item: T): boolean;
  /** The items. */
  keys(): Iterator<T>;
}

/** The kind of set that an operation on a set gives: frozen if that one is. */
export type SetOf<Frozen extends boolean, T> = Frozen extends true ? PyFrozenSet<T> : PySet<T>;

/** The constructor of what is a `Set` and compares items as Python does. */
type SetBase = new <T>(items?: Iterable<T> | null) => Set<T> & Keyed;
/** See the type. */
const SetBase: SetBase = /* @__PURE__ */ keyed(Set) as SetBase;

/** What `PySet` and `PyFrozenSet` share: all but changing. */
export abstract class PySetBase<T, Frozen extends boolean> extends SetBase<T> {
  /** A set of this kind. */
  #make<U>(items: Iterable<unknown>): SetOf<Frozen, U> {
    return new (this.constructor as new (items: Iterable<unknown>) => SetOf<Frozen, U>)(items);
  }

  /** `other` as a set that compares as Python does. */
  #own(other: SetLike): PySetBase<unknown, Frozen> {
    return this.#make({ [Symbol.iterator]: () => other.keys() }) as unknown as PySetBase<unknown, Frozen>;
  }

  /** The items of this set that are in `other`, or those that are not. */
  #select<U>(other: SetLike, inside: boolean): SetOf<Frozen, U> {
    const own = this.#own(other);
    return this.#make([...this].filter((item) => own.has(item) === inside));
  }

  /** The items that are in either, in a set of this kind. */
  union<U>(other: SetLike<U>): SetOf<Frozen, T | U> {
    return this.#make([...this, ...this.#own(other)]);
  }

  /** The items of this set that are in `other` too, in a set of this kind. */
  intersection<U>(other: SetLike<U>): SetOf<Frozen, T & U> {
    return this.#select(other, true);
  }

  /** The items of this set that are not in `other`, in a set of this kind. */
  difference<U>(other: SetLike<U>): SetOf<Frozen, T> {
    return this.#select(other, false);
  }

  /** The items that are in one of both only, in a set of this kind. */
  symmetricDifference<U>(other: SetLike<U>): SetOf<Frozen, T | U> {
    return this.#make([...this.difference(other), ...this.#own(other).difference(this)]);
  }

  /** Whether every item of this set is in `other`. */
  isSubsetOf(other: SetLike): boolean {
    return this.difference(other).size === 0;
  }

  /** Whether every item of `other` is in this set. */
  isSupersetOf(other: SetLike): boolean {
    return this.#own(other).isSubsetOf(this);
  }

  /** Whether no item is in both. */
  isDisjointFrom(other: SetLike): boolean {
    return this.intersection(other).size === 0;
  }

  /** An array of the items. `JSON.stringify` refuses bigints in it. */
  toJSON(): T[] {
    return [...this];
  }
}

/**
 * The set's items as an array, without repeats.
 *
 * @internal
 */
export function itemsOfSet(set: PySet | PyFrozenSet): readonly unknown[] {
  return [...set];
}
