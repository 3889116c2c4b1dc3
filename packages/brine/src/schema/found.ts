import { PyValue } from "../types/value.ts";
import { PyObject } from "../values/py-object.ts";
import { isPlainObject, pythonTypeName } from "../values/python-type.ts";

/** Characters of a value that a message shows. */
const LONGEST = 60;

/** What has a length, in one way or the other. */
interface Sized {
  readonly length?: number;
  readonly size?: number;
}

function shortText(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, LONGEST));
  // Decimal text of a large int takes quadratic time.
  if (typeof value === "bigint" && BigInt.asIntN(128, value) !== value) return "";
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof PyValue) return value.toString();
  const { length, size = length }: Sized = isPlainObject(value) ? {} : value;
  return size === undefined ? "" : `of length ${size}`;
}

/**
 * What a value is, for a message: its Python type, and the value if it is short. A JavaScript `number` is told as such, for it may be
 * an int or a float.
 */
export function foundText(value: unknown): string {
  if (value == null) return value === null ? "None" : "nothing";
  const name =
    value instanceof PyObject ? value.type : Number.isInteger(value) ? "number" : pythonTypeName(value);
  const text = `${String(name)} ${shortText(value)}`.trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
