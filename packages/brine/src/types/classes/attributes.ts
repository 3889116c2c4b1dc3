import { failure } from "../../bytes/failure.ts";
import { isPlainObject, withoutPrototype } from "../../values/python-type.ts";
import { entriesOf, textOf } from "../../values/attributes.ts";

/** Whether a name is one that an `Array` or a typed array gives a meaning of its own. */
const isTaken = (instance: object, name: string): boolean =>
  (Array.isArray(instance) || ArrayBuffer.isView(instance)) && /^(?:length|\d+)$/.test(name);

/**
 * Sets a property that a pickle names. Unless by `assign` it becomes an own property: no setter runs, and `__proto__` is a name like any.
 *
 * @throws UnpicklingError `unrepresentable` if the object has no place for it
 */
export function setAttribute(instance: object, name: string, value: unknown, assign = false): void {
  if (isTaken(instance, name)) {
    throw failure(
      "unrepresentable",
      `an ${Array.isArray(instance) ? "Array" : "object"} cannot have the attribute '${name}'`,
      undefined,
      "Take it with setState",
    );
  }
  // What is nowhere yet can be assigned, which is faster than to define it.
  if (assign ? name !== "__proto__" : !(name in instance))
    (instance as Record<string, unknown>)[name] = value;
  else Object.defineProperty(instance, name, { value, writable: true, enumerable: true, configurable: true });
}

/** A state that is attributes: of a dict, of slots, or of both. */
export interface Attributes {
  /** Those of the dict. */
  readonly dict: readonly (readonly [string, unknown])[];
  /** Those of slots; `undefined` if the state has no such part. */
  readonly slots: readonly (readonly [string, unknown])[] | undefined;
}

const isDict = (value: unknown): value is object =>
  value instanceof Map || (typeof value === "object" && value !== null && isPlainObject(value));

function named(dict: object): readonly (readonly [string, unknown])[] {
  const entries = entriesOf(dict);
  // Those of Python 2 may be bytes.
  if (entries.every(([name]) => typeof name === "string")) return entries as [string, unknown][];
  return entries.map(([key, value]) => {
    const name = textOf(key);
    if (name === undefined) throw failure("invalid-state", "attribute name must be string", "TypeError");
    return [name, value];
  });
}

/** The attributes in a state; `undefined` if it is of another kind. Source: CPython `Lib/pickle.py`, `load_build`. */
export function readAttributes(state: unknown): Attributes | undefined {
  if (state === null) return { dict: [], slots: undefined };
  if (isDict(state)) return { dict: named(state), slots: undefined };
  const [dict, slots] = Array.isArray(state) && state.length === 2 ? (state as unknown[]) : [];
  if (!isDict(slots) || !(dict === null || isDict(dict))) return undefined;
  return { dict: dict === null ? [] : named(dict), slots: named(slots) };
}

/**
 * The attributes in a state that BUILD gives, those of slots too, in an object without a prototype: for a hook `setState`.
 *
 * @throws UnpicklingError `invalid-state` if it is no dict, nor the pair of dicts of a class with slots
 */
export function attributesOf(state: unknown): Record<string, unknown> {
  const attributes = readAttributes(state);
  if (attributes === undefined) throw failure("invalid-state", "state is not a dictionary");
  return withoutPrototype([...attributes.dict, ...(attributes.slots ?? [])]);
}
