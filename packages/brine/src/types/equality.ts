import { entriesOf, isMapping } from "../values/attributes.ts";
import { ADD, newInterner, pythonKey, simpleKey, UNEQUAL } from "../values/key.ts";
import { pythonTypeName } from "../values/python-type.ts";

/** What a value that is equal by its parts says them by: an array of them, the first being the Python class's name. */
export const equalParts: unique symbol = Symbol.for("brine.equalParts") as typeof equalParts;

type Comparable = { readonly [equalParts]?: () => readonly unknown[]; readonly [pythonKey]?: () => unknown };

/** The parts that two values are to be equal in, by pairs; `undefined` if they are not equal whatever their parts. */
function pairsOf(a: object, b: object): [unknown, unknown][] | undefined {
  const parts = (a as Comparable)[equalParts]?.();
  const others = (b as Comparable)[equalParts]?.() ?? [];
  if (parts !== undefined) {
    return parts.length === others.length ? parts.map((part, index) => [part, others[index]]) : undefined;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    const isSame = a.length === b.length && pythonTypeName(a) === pythonTypeName(b);
    return isSame ? a.map((item: unknown, index) => [item, b[index] as unknown]) : undefined;
  }
  if (a instanceof Set && b instanceof Set) {
    return a.size === b.size && [...(a as Set<unknown>)].every((item) => b.has(item)) ? [] : undefined;
  }
  const entries = entriesOf(a);
  const otherEntries = entriesOf(b);
  if (!(isMapping(a) && isMapping(b)) || entries.length !== otherEntries.length) return undefined;
  if ([a, b].every((dict) => pythonTypeName(dict) === "collections.OrderedDict")) {
    return entries.flatMap((entry, index) =>
      entry.map((part, side): [unknown, unknown] => [part, otherEntries[index]?.[side]]),
    );
  }
  const lookup = b instanceof Map ? (b as Map<unknown, unknown>) : new Map(otherEntries);
  if (!entries.every(([key]) => lookup.has(key))) return undefined;
  return entries.map(([key, value]) => [value, lookup.get(key)]);
}

/**
 * Whether Python holds two exact values to be equal: numbers, texts and bytes by value, lists, tuples, dicts and sets by what they hold,
 * values of the standard library as their class does, anything else by identity. Without recursion; what contains itself is compared once.
 *
 * @example
 * pythonEquals(new PyDecimal("1.0"), 1n) // true
 */
export function pythonEquals(a: unknown, b: unknown): boolean {
  const interner = newInterner();
  const known = new Map<unknown, Set<unknown>>();
  const stack: [unknown, unknown][] = [[a, b]];
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const [left, right] = pair;
    if (left === right) continue;
    const simple = simpleKey(left);
    const seen = known.get(left);
    if (seen?.has(right)) continue;
    if (seen === undefined) known.set(left, new Set([right]));
    else seen.add(right);
    const isHashed = (value: unknown): boolean =>
      value instanceof Uint8Array || (value as Comparable)[pythonKey]?.() !== undefined;
    if (simple !== undefined || simpleKey(right) !== undefined || isHashed(left) || isHashed(right)) {
      const [key, other] = [left, right].map((value) => {
        const text = interner.key(value instanceof Uint8Array ? new Uint8Array(value) : value, ADD);
        return typeof text === "string" && text !== UNEQUAL ? text : undefined;
      });
      if (key === undefined || key !== other) return false;
      continue;
    }
    const pairs = pairsOf(left as object, right as object);
    if (pairs === undefined) return false;
    for (const next of pairs) stack.push(next);
  }
  return true;
}
