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
