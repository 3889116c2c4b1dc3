import { failure } from "../bytes/failure.ts";

/** Any binary data. */
export type ToolInput = ArrayBufferView | ArrayBufferLike;

/** Where to begin. */
export interface StartOptions {
  /** Position of the first opcode, 0 unless given: the `end` of a pickle's STOP is where another may begin. */
  readonly start?: number | undefined;
}

/**
 * The position to begin at.
 *
 * @throws UnpicklingError `invalid-input` for what is no position (Python's ValueError).
 */
export function startOf({ start = 0 }: StartOptions): number {
  if (Number.isSafeInteger(start) && start >= 0) return start;
  throw failure("invalid-input", `start must be a position in bytes, not ${start}`, "ValueError");
}
