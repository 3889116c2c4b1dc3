import { UnpicklingError, type UnpicklingErrorCode } from "../errors.ts";

/** An {@link UnpicklingError} without its place, which the machine adds. */
export function failure(code: UnpicklingErrorCode, words: string, advice?: string): UnpicklingError {
  return new UnpicklingError(code, words, { advice });
}

/** The same, for what CPython refuses with an exception other than `UnpicklingError`. */
export function raised(
  pythonException: string,
  code: UnpicklingErrorCode,
  words: string,
  advice?: string,
): UnpicklingError {
  return new UnpicklingError(code, words, { pythonException, advice });
}

/** Source: `Modules/_pickle.c`, `Pdata_stack_underflow`. */
export function underflow(markCount: number): UnpicklingError {
  return markCount > 0
    ? failure("unexpected-mark", "unexpected MARK found")
    : failure("stack-underflow", "unpickling stack underflow");
}

export function missingMark(): UnpicklingError {
  return failure("missing-mark", "could not find MARK");
}

export function missingMemo(index: number | bigint): UnpicklingError {
  return failure(
    "missing-memo",
    `Memo value not found at index ${index}`,
    "A pickle from a Pickler that was used before needs the Unpickler that read the ones before it",
  );
}

export function truncated(): UnpicklingError {
  return failure("truncated", "pickle data was truncated");
}

export function unhashable(type: string): UnpicklingError {
  return raised("TypeError", "unhashable-key", `unhashable type: '${type}'`);
}

/** Whatever was thrown, as an {@link UnpicklingError}: by a hook or codec, or by the engine at one of its own limits. */
export function asUnpicklingError(error: unknown): UnpicklingError {
  if (error instanceof UnpicklingError) return error;
  const words = error instanceof Error ? error.message : String(error);
  return error instanceof RangeError
    ? new UnpicklingError("limit-exceeded", `the JavaScript engine cannot hold this value: ${words}`, { cause: error })
    : new UnpicklingError("hook-failed", words, {
        cause: error,
        advice: "A function given as an option or a type definition threw this",
      });
}
