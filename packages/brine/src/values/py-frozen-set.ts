import type { Interner } from "./key.ts";
import type { TakingOver } from "./keyed.ts";
import { PySetBase } from "./py-set-base.ts";
import { pythonType } from "./python-type.ts";

function refuse(method: string): never {
  throw new TypeError(`'frozenset' object has no attribute '${method}'`);
}

/**
 * Python's `frozenset`: a {@link PySet} that never changes and so is hashable, by value, whatever the order: as a key, or an item
 * of a set, it is equal to every frozenset of the same items. `add`, `delete` and `clear` throw a TypeError.
 */
export class PyFrozenSet<T = unknown> extends PySetBase<T, true> {
  /** Throws a TypeError: a frozenset never changes. */
  override add(_item: T): never {
    refuse("add");
  }

  /** Throws a TypeError: a frozenset never changes. */
  override delete(_item: T): never {
    refuse("discard");
  }

  /** Throws a TypeError: a frozenset never changes. */
  override clear(): never {
    refuse("clear");
  }

  /** `"PyFrozenSet"`. */
  override get [Symbol.toStringTag](): string {
    return "PyFrozenSet";
  }

  /** The Python type's name, `"frozenset"`. */
  get [pythonType](): string {
    return "frozenset";
  }
}

/**
 * A frozenset that takes over `items`, which are known to be hashable. Repeated ones are sorted out at the first access.
 *
 * @internal
 */
export function frozenSetFromArray(items: unknown[], interner?: Interner): PyFrozenSet {
  return new (PyFrozenSet as TakingOver<PyFrozenSet>)(undefined, items, interner);
}
