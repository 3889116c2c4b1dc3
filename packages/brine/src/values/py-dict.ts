import type { Interner } from "./key.ts";
import { keyed, type Keyed, type TakingOver } from "./keyed.ts";
import { withoutPrototype } from "./python-type.ts";

/** The constructor of what is a `Map` and compares keys as Python does. */
type DictBase = new <K, V>(entries?: Iterable<readonly [K, V]> | null) => Map<K, V> & Keyed;
/** See the type. */
const DictBase: DictBase = /* @__PURE__ */ keyed(Map) as DictBase;

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
export class PyDict<K = unknown, V = unknown> extends DictBase<K, V> {
  /** The value of an equal key, or `undefined`. */
  override get(key: K): V | undefined {
    return this.entryOf(key)?.value as V | undefined;
  }

  /** Sets the value of an equal key, which stays as it is, or adds an entry at the end. Throws a TypeError on an unhashable key. */
  override set(key: K, value: V): this {
    return this.put(key, value);
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

  /** `"PyDict"`. */
  override get [Symbol.toStringTag](): string {
    return "PyDict";
  }

  /** An object without a prototype if every key is a string, else an array of pairs. `JSON.stringify` refuses bigints in either. */
  toJSON(): Record<string, V> | [K, V][] {
    const entries = [...this];
    return entries.some(([key]) => typeof key !== "string")
      ? entries
      : withoutPrototype(entries as [string, V][]);
  }
}

/**
 * A dict that takes over `flat` (`[key, value, key, value, …]`), whose keys are known to be hashable. Repeated keys are sorted out
 * as Python does, at the first access.
 *
 * @internal
 */
export function dictFromFlat(flat: unknown[], interner?: Interner): PyDict {
  return new (PyDict as TakingOver<PyDict>)(undefined, flat, interner);
}

/**
 * The dict's content as an array `[key, value, …]`, without repeats: for reading, until the dict changes.
 *
 * @internal
 */
export function flatOfDict(dict: PyDict): readonly unknown[] {
  const { untouched } = dict;
  if (untouched !== undefined && isDistinct(untouched)) return untouched;
  const flat: unknown[] = [];
  for (const [key, value] of dict) flat.push(key, value);
  return flat;
}

/** Whether few keys, all of them short texts, are seen at a glance to be different. */
function isDistinct(flat: readonly unknown[]): boolean {
  if (flat.length > 16) return false;
  for (let index = 0; index < flat.length; index += 2) {
    const key = flat[index];
    if (typeof key !== "string" || key.length > 64) return false;
    for (let before = 0; before < index; before += 2) if (flat[before] === key) return false;
  }
  return true;
}
