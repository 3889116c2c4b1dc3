import { frozenSetFromArray } from "./py-frozen-set.ts";
import { pythonTypeName } from "./python-type.ts";
import { Tuple } from "./tuple.ts";

const isPlain = (value: unknown): value is readonly unknown[] | Set<unknown> =>
  ["list", "set"].includes(pythonTypeName(value));

/**
 * A tuple that is an `Array`, or a frozenset that is a `Set`, as a `Tuple` or `PyFrozenSet`, and so all that is in it:
 * what a key must be to be compared by value. Each part is converted once, without recursion; anything else is itself.
 */
export function frozenKey(root: unknown, known: WeakMap<object, unknown>): unknown {
  const convert = (part: unknown): unknown => (isPlain(part) ? known.get(part) : part);
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const top = stack.at(-1);
    const height = stack.length;
    if (isPlain(top) && !known.has(top)) {
      for (const part of top) if (isPlain(part) && !known.has(part)) stack.push(part);
      if (stack.length > height) continue;
      known.set(
        top,
        Array.isArray(top) ? Tuple.from(top, convert) : frozenSetFromArray(Array.from(top, convert)),
      );
    }
    stack.pop();
  }
  return convert(root);
}
