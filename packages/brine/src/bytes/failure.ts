import { UnpicklingError, type UnpicklingErrorCode } from "../errors.ts";

/** An error without its place, which the machine adds. `pythonException` is what CPython raises if not `UnpicklingError`. */
export function failure(
  code: UnpicklingErrorCode,
  words: string,
  pythonException?: string,
  advice?: string,
): UnpicklingError {
  return new UnpicklingError(code, words, { pythonException, advice });
}

/** The error for a value that is larger than this JavaScript engine can hold, from the engine's own. */
export function tooLarge(cause: unknown): UnpicklingError {
  return new UnpicklingError("unrepresentable", "the value is too large for the JavaScript engine", {
    cause,
  });
}

/**
 * What `make` returns, unless the value is more than this JavaScript engine can hold.
 *
 * @throws UnpicklingError `unrepresentable` where `make` throws.
 */
export function within<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw tooLarge(cause);
  }
}
