import { entriesOf, isMapping } from "../values/attributes.ts";
import { ADD, type CanonicalKey, newInterner, pythonKey, simpleKey, UNEQUAL } from "../values/key.ts";
import { pythonTypeName } from "../values/python-type.ts";

/** What a value that is equal by its parts says them by: an array of them, the first being the Python class's name. */
export const equalParts: unique symbol = Symbol.for("brine.equalParts") as typeof equalParts;

type Comparable = { readonly [equalParts]?: () => readonly unknown[]; readonly [pythonKey]?: () => unknown };

/** The parts that two values are to be equal in, by pairs; `undefined` if they are not equal whatever their parts. */
function pairsOf(a: object, b: object): [unknown, unknown][] | undefined {
  const [parts, others] = [a, b].map((value: Comparable): unknown => value[equalParts]?.() ?? value);
  if (Array.isArray(parts) && Array.isArray(others)) {
    const isSame = parts.length === others.length && pythonTypeName(a) === pythonTypeName(b);
    return isSame ? parts.map((part: unknown, index) => [part, others[index] as unknown]) : undefined;
  }
  if (a instanceof Set && b instanceof Set) {
    return a.size === b.size && [...(a as Set<unknown>)].every((item) => b.has(item)) ? [] : undefined;
  }
  const entries = entriesOf(a);
  const otherEntries = entriesOf(b);
  if (!(isMapping(a) && isMapping(b)) || entries.length !== otherEntries.length) return undefined;
  if ([a, b].every((dict) => pythonTypeName(dict) === "collections.OrderedDict"))
    return entries.map((entry, index) => [entry, otherEntries[index]]);
  const lookup = b instanceof Map ? b : new Map(otherEntries);
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
  /** What is the same for equal values that are hashable; `undefined` for what is compared by its parts. */
  const keyOf = (value: unknown): CanonicalKey | undefined => {
    // A bytearray is equal to bytes.
    if (value instanceof Uint8Array) return interner.key(new Uint8Array(value), ADD);
    const isHashed = (value as Comparable | null)?.[pythonKey]?.() !== undefined;
    return simpleKey(value) ?? (isHashed ? interner.key(value, ADD) : undefined);
  };
  const known = new Map<unknown, Set<unknown>>();
  const compared: [unknown, unknown][] = [[a, b]];
  for (const [left, right] of compared) {
    const seen = known.get(left) ?? new Set();
    if (left === right || seen.has(right)) continue;
    known.set(left, seen.add(right));
    const [key, other] = [keyOf(left), keyOf(right)];
    if (key === undefined && other === undefined) {
      const pairs = pairsOf(left as object, right as object);
      if (pairs === undefined) return false;
      for (const next of pairs) compared.push(next);
    } else if (typeof key !== "string" || key === UNEQUAL || key !== other) return false;
  }
  return true;
}
