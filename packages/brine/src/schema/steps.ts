import { PyObject } from "../values/py-object.ts";

/** One step of a path, as the paths of errors have it: `.name`, `[3]`, `["a key"]`; of a symbol its description in brackets. */
export function stepText(key: unknown): string {
  if (typeof key === "symbol") return `[${key.description}]`;
  if (typeof key === "string") return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  return `[${typeof key === "object" && key !== null ? "…" : String(key)}]`;
}

/**
 * What a value has under a key: an index of a list or tuple, a key of a dict, an attribute of an object. `undefined` if there is
 * nothing; nothing is found on a prototype.
 */
export function childOf(value: unknown, key: unknown): unknown {
  if (value instanceof Map) {
    // In exact mode the int 1 is 1n.
    return value.get(Number.isSafeInteger(key) && !value.has(key) ? BigInt(key as number) : key) as unknown;
  }
  if (value instanceof PyObject) {
    const attribute = value.get(key as string);
    return attribute === undefined ? value.entries.findLast(([known]) => known === key)?.[1] : attribute;
  }
  const isKey = Array.isArray(value) || typeof key === "string";
  // No primitive has a key that is its own.
  return isKey && Object(value) === value && Object.hasOwn(value as object, key as string)
    ? (value as Record<string, unknown>)[key as string]
    : undefined;
}
