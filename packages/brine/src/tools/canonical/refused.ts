import { failure } from "../../bytes/failure.ts";
import type { UnpicklingError } from "../../errors.ts";

/** The error for a pickle that has no canonical form. */
export function refused(words: string): UnpicklingError {
  const advice = "Such a pickle has no canonical form: use its own bytes";
  return failure("unsupported-operation", words, undefined, advice);
}
