import { decodeLatin1 } from "../bytes/utf8.ts";
import { pythonTypeName, withoutPrototype } from "./python-type.ts";

/** What a dict may be loaded as. */
export type Mapping = Map<unknown, unknown> | Record<string, unknown>;

/** Whether a value is a dict, in whatever form it was loaded. */
export const isMapping = (value: unknown): value is Mapping =>
  value instanceof Map || pythonTypeName(value) === "dict";

/** The entries of a dict, in whatever form it was loaded; none of anything else. */
export function entriesOf(dict: unknown): [unknown, unknown][] {
  if (dict instanceof Map) return [...(dict as Map<unknown, unknown>)];
  return isMapping(dict) ? Object.entries(dict) : [];
}

/** The text that a `str` of Python 3 or 2 is, the latter maybe left as bytes; `undefined` for anything else. */
export function textOf(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return decodeLatin1(value, 0, value.length);
  return typeof value === "string" ? value : undefined;
}

/** The entries of a dict whose keys are texts, of Python 2 too. */
export function namedEntriesOf(dict: unknown): [string, unknown][] {
  return entriesOf(dict)
    .map(([key, value]) => [textOf(key), value])
    .filter((entry): entry is [string, unknown] => entry[0] !== undefined);
}

/** The dicts of attributes in a state: one, or two for a class with slots, the slots last; none for another kind of state. */
function mappingsOf(state: unknown): Mapping[] {
  const parts: unknown[] = Array.isArray(state) && state.length === 2 ? state : [state];
  return parts.every((part) => part === null || isMapping(part)) ? parts.filter(isMapping) : [];
}

/** One attribute as a state gives it, without a look at the others; `undefined` if there is none. */
export function attributeOf(state: unknown, name: string): unknown {
  return mappingsOf(state)
    .map((dict) => {
      if (!(dict instanceof Map)) return Object.hasOwn(dict, name) ? dict[name] : undefined;
      // Python 2's may be bytes.
      return dict.get(dict.has(name) ? name : Uint8Array.from(name, (unit) => unit.charCodeAt(0)));
    })
    .findLast((value) => value !== undefined);
}

/** All attributes as a state gives them, in an object without a prototype. */
export function attributesOf(state: unknown): Record<string, unknown> {
  return withoutPrototype(mappingsOf(state).flatMap(namedEntriesOf));
}
