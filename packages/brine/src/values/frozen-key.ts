import { PyFrozenSet, frozenSetFromArray } from "./py-frozen-set.ts";
import { Tuple, tupleOf } from "./tuple.ts";

function isPlainComposite(value: unknown): value is readonly unknown[] | Set<unknown> {
  return (
    (Array.isArray(value) && !(value instanceof Tuple)) ||
    (value instanceof Set && !(value instanceof PyFrozenSet))
  );
}

/**
 * A tuple that is an `Array`, or a frozenset that is a `Set`, as a `Tuple` or `PyFrozenSet`, and so all that is in it:
 * what a key must be to be compared by value. Each part is converted once, without recursion.
 */
export function frozenKey(root: object, known: WeakMap<object, unknown>): unknown {
  const convert = (part: unknown): unknown => (isPlainComposite(part) ? known.get(part) : part);
  const pending: object[] = [root];
  for (let top = root; pending.length > 0; top = pending.at(-1) as object) {
    if (!isPlainComposite(top) || known.has(top)) {
      pending.pop();
      continue;
    }
    const height = pending.length;
    for (const part of top) if (isPlainComposite(part) && !known.has(part)) pending.push(part);
    if (pending.length > height) continue;
    const parts = Array.from(top as Iterable<unknown>, convert);
    known.set(top, Array.isArray(top) ? tupleOf(parts, 0, parts.length) : frozenSetFromArray(parts));
  }
  return known.get(root) ?? root;
}
