import { PicklingError, type PicklingErrorCode } from "../errors.ts";

/** An error without its path, which `dump` adds. */
export function refusal(
  code: PicklingErrorCode,
  words: string,
  pythonException?: string,
  advice?: string,
): PicklingError {
  return new PicklingError(code, words, { pythonException, advice });
}
