import { frozenSetFromArray, PyFrozenSet } from "./py-frozen-set.ts";
import { Tuple, tupleOf } from "./tuple.ts";

const isPlainComposite = (value: unknown): value is readonly unknown[] | Set<unknown> =>
  Array.isArray(value) ? !(value instanceof Tuple) : value instanceof Set && !(value instanceof PyFrozenSet);

/**
 * A tuple that is an `Array`, or a frozenset that is a `Set`, as a `Tuple` or `PyFrozenSet`, and so all that is in it:
 * what a key must be to be compared by value. Each part is converted once, without recursion; anything else is itself.
 */
export function frozenKey(root: unknown, known: WeakMap<object, unknown>): unknown {
  const convert = (part: unknown): unknown => (isPlainComposite(part) ? known.get(part) : part);
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const top = pending.at(-1);
    const height = pending.length;
    if (isPlainComposite(top) && !known.has(top)) {
      for (const part of top) if (isPlainComposite(part) && !known.has(part)) pending.push(part);
      if (pending.length > height) continue;
      const parts = Array.from(top as Iterable<unknown>, convert);
      known.set(top, Array.isArray(top) ? tupleOf(parts, 0, parts.length) : frozenSetFromArray(parts));
    }
    pending.pop();
  }
  return convert(root);
}
