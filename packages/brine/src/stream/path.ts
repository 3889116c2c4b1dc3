import { failure } from "../bytes/failure.ts";
import { pythonTypeName } from "../values/python-type.ts";
import { PyObject } from "../values/py-object.ts";

/** One step into a value: a key or the name of an attribute, or an index or an int key. */
export type PathElement = string | number;

/** A way into a value: text such as `$.users[3].name` or `$["a key"]`, or its elements. */
export type Path = string | readonly PathElement[];

const step = /\.([\p{L}\p{N}_$-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/uy;

/**
 * The elements of a path.
 *
 * @throws UnpicklingError `invalid-input`
 */
export function pathElements(path: Path): readonly PathElement[] {
  if (typeof path !== "string") return path;
  const elements: PathElement[] = [];
  let at = path.startsWith("$") ? 1 : 0;
  // A first name may stand without its dot.
  const text = at === 0 && path !== "" && !/^[.[]/.test(path) ? `.${path}` : path;
  while (at < text.length) {
    step.lastIndex = at;
    const match = step.exec(text);
    if (match === null) {
      const words = `the path ${JSON.stringify(path)} is not understood from ${JSON.stringify(text.slice(at))} on`;
      throw failure("invalid-input", words, undefined, 'Write it as $.users[3].name or $["a key"]');
    }
    const [whole, name, index, quoted] = match;
    elements.push(name ?? (index === undefined ? (JSON.parse(quoted as string) as string) : Number(index)));
    at += whole.length;
  }
  return elements;
}

/** A path as text. */
function pathText(elements: readonly PathElement[]): string {
  return `$${elements
    .map((element) =>
      typeof element === "number"
        ? `[${element}]`
        : /^[\p{L}_][\p{L}\p{N}_]*$/u.test(element)
          ? `.${element}`
          : `[${JSON.stringify(element)}]`,
    )
    .join("")}`;
}

/** The error of a path that leads nowhere: what is where it still leads. */
export function missingPath(elements: readonly PathElement[], depth: number, what: string): Error {
  const words = `there is nothing at ${pathText(elements.slice(0, depth + 1))}`;
  return failure("missing-path", words, undefined, `${pathText(elements.slice(0, depth))} is ${what}`);
}

/**
 * What is at the path inside a loaded value.
 *
 * @throws UnpicklingError `missing-path`
 */
export function follow(root: unknown, elements: readonly PathElement[]): unknown {
  let value = root;
  for (const [depth, element] of elements.entries()) {
    const next = child(value, element);
    if (next === undefined) throw missingPath(elements, depth, describe(value));
    value = next;
  }
  return value;
}

function child(value: unknown, element: PathElement): unknown {
  if (Array.isArray(value)) return typeof element === "number" ? (value as unknown[])[element] : undefined;
  if (value instanceof Map) {
    return (
      (value as Map<unknown, unknown>).get(element) ??
      (typeof element === "number" ? value.get(BigInt(element)) : undefined)
    );
  }
  if (value instanceof PyObject) {
    const entry = value.entries.findLast(
      ([key]) => key === element || key === BigInt(Number.isSafeInteger(element) ? element : -1),
    );
    if (entry !== undefined) return entry[1];
    return typeof element === "number" ? value.items[element] : value.get(element);
  }
  const isOwn =
    typeof value === "object" &&
    value !== null &&
    typeof element === "string" &&
    Object.hasOwn(value, element);
  return isOwn ? (value as Record<string, unknown>)[element] : undefined;
}

function describe(value: unknown): string {
  const type = pythonTypeName(value);
  if (Array.isArray(value)) return `a ${type} of ${value.length} items`;
  if (value instanceof Map) return `a dict of ${value.size} entries`;
  if (type === "dict") return `a dict of ${Object.keys(value as object).length} entries`;
  return `of the type ${type}`;
}
