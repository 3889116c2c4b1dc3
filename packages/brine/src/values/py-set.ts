import type { Interner } from "./key.ts";
import { PySetBase } from "./py-set-base.ts";
import { pythonType } from "./python-type.ts";

/**
 * Python's `set`: a `Set` (`instanceof` holds, all its methods are there, those of ES2025 on every engine) that compares its items
 * as Python does; see `PyDict` for how. What is unhashable in Python is refused by `add` with a TypeError. It has no internal slots
 * of a `Set`: for `structuredClone` and the like, hand over `new Set(set)`.
 */
export class PySet<T = unknown> extends PySetBase<T, false> {
  /** Adds an item unless there is an equal one. Throws a TypeError on an unhashable one. */
  override add(item: T): this {
    PySetBase.tableOf(this).put(item, undefined);
    return this;
  }

  /** Deletes the item equal to this one; whether there was one. */
  override delete(item: T): boolean {
    return PySetBase.tableOf(this).remove(item);
  }

  /** Deletes all items. */
  override clear(): void {
    PySetBase.tableOf(this).clear();
  }

  /** `"PySet"`. */
  override get [Symbol.toStringTag](): string {
    return "PySet";
  }

  /** The Python type's name, `"set"`. */
  get [pythonType](): string {
    return "set";
  }
}

/**
 * A set that takes over `items`, which are known to be hashable. Repeated ones are sorted out at the first access.
 *
 * @internal
 */
export function setFromArray(items: unknown[], interner?: Interner): PySet {
  return new (PySet as TakingOver)(undefined, items, interner);
}

type TakingOver = new (items: undefined, flat: unknown[], interner?: Interner) => PySet;
