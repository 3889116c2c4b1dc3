import type { Interner } from "./key.ts";
import type { TakingOver } from "./keyed.ts";
import { PySetBase } from "./py-set-base.ts";

/**
 * Python's `set`: a `Set` (`instanceof` holds, all its methods are there, those of ES2025 on every engine) that compares its items
 * as Python does; see `PyDict` for how. What is unhashable in Python is refused by `add` with a TypeError. It has no internal slots
 * of a `Set`: for `structuredClone` and the like, hand over `new Set(set)`.
 */
export class PySet<T = unknown> extends PySetBase<T, false> {
  /** Adds an item unless there is an equal one. Throws a TypeError on an unhashable one. */
  override add(item: T): this {
    return this.put(item, item);
  }

  /** `"PySet"`. */
  override get [Symbol.toStringTag](): string {
    return "PySet";
  }
}

/**
 * A set that takes over `items`, which are known to be hashable. Repeated ones are sorted out at the first access.
 *
 * @internal
 */
export function setFromArray(items: unknown[], interner?: Interner): PySet {
  return new (PySet as TakingOver<PySet>)(undefined, items, interner);
}
