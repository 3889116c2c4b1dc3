import { PicklingError, type PicklingErrorCode } from "../errors.ts";

/** Advice. */
export const HIGHER = "A higher protocol can";

/** An error without its path, which `dump` adds. */
export function refusal(
  code: PicklingErrorCode,
  words: string,
  pythonException?: string,
  advice?: string,
): PicklingError {
  return new PicklingError(code, words, { pythonException, advice });
}

/** A value that is no builtin, and has no definition. */
export function unsupported(value: object): PicklingError {
  const { constructor } = value as { constructor?: unknown };
  const isObject = typeof value === "object";
  const name = (typeof constructor === "function" && constructor.name) || "object";
  return refusal(
    "unsupported-type",
    `can't pickle ${isObject ? `an instance of ${name}` : `a ${typeof value}`}`,
    undefined,
    isObject
      ? "Give types that reduce it, or reducerOverride"
      : "A class or function of Python is a PyGlobal",
  );
}
