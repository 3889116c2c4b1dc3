/**
 * A value class says its Python type's name by a string under this symbol (a field or a getter, on the prototype as a rule).
 * The name is the one CPython puts into its messages: `"bytearray"`, `"collections.OrderedDict"`, or a class's bare `__name__`.
 */
export const pythonType: unique symbol = Symbol.for("brine.pythonType") as typeof pythonType;

const primitiveNames: Readonly<Record<string, string>> = {
  undefined: "NoneType",
  boolean: "bool",
  bigint: "int",
  number: "float",
  string: "str",
  function: "function",
};

/** Whether a prototype is that of plain objects: of `{}`, also of another realm, or of `Object.create(null)`. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** An object of these entries that has no prototype, so that any name can be looked up on it. */
export function withoutPrototype<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.setPrototypeOf(Object.fromEntries(entries), null) as Record<string, T>;
}

/**
 * The name of the Python type that an exact value stands for, as CPython prints it in an error (`type(value).__name__`, and
 * `tp_name` for a type written in C). A value of no Python type gives `"object"`.
 */
export function pythonTypeName(value: unknown): string {
  if (value === null) return "NoneType";
  if (typeof value !== "object") return primitiveNames[typeof value] ?? "object";
  const name: unknown = (value as { [pythonType]?: unknown })[pythonType];
  if (typeof name === "string") return name;
  if (Array.isArray(value)) return "list";
  if (value instanceof Map || isPlainObject(value)) return "dict";
  if (value instanceof Set) return "set";
  return value instanceof Uint8Array ? "bytes" : "object";
}
