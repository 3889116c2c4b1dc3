import { failure } from "../bytes/failure.ts";
import { UnpicklingError } from "../errors.ts";

/** Source: `Modules/_pickle.c`, `Pdata_stack_underflow`. */
export function underflow(markCount: number): UnpicklingError {
  return markCount > 0
    ? failure("unexpected-mark", "unexpected MARK found")
    : failure("stack-underflow", "unpickling stack underflow");
}

export function missingMemo(index: number | bigint): UnpicklingError {
  return failure("missing-memo", `Memo value not found at index ${index}`);
}

export function truncated(): UnpicklingError {
  return failure("truncated", "pickle data was truncated");
}

/** What no restart mends: a plain container that was handed out gets a key which it cannot hold. */
export function noPlainForm(): UnpicklingError {
  return failure("unrepresentable", "the pickle cannot be loaded plain", undefined, "Load with exact: true");
}

/** What a value of this Python type cannot do. */
export function unsupported(pythonException: string, words: string): UnpicklingError {
  return failure("unsupported-operation", words, pythonException);
}

/** Whatever was thrown, as an {@link UnpicklingError}: by a hook or codec, or by the engine at one of its own limits. */
export function asUnpicklingError(error: unknown): UnpicklingError {
  if (error instanceof UnpicklingError) return error;
  const words = error instanceof Error ? error.message : String(error);
  const isLimit = error instanceof RangeError && /length|maximum|allocation/.test(words);
  return new UnpicklingError(isLimit ? "limit-exceeded" : "hook-failed", words, {
    cause: error,
    advice: "Thrown by the JavaScript engine, a hook or a type definition",
  });
}
