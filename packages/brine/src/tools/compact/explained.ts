import { locate, UnpicklingError } from "../../errors.ts";
import * as op from "../../syntax/opcodes.ts";
import { opFailure } from "../op-failures.ts";

/** An error with its place; the cursor's, in the words of the other tools. */
export function explained(error: unknown, bytes: Uint8Array, at: number): unknown {
  if (!(error instanceof UnpicklingError)) return error;
  let reason = error;
  if (error.offset !== undefined || error.code === "no-data") {
    try {
      reason = opFailure(bytes, at);
    } catch (other) {
      reason = other as UnpicklingError;
    }
  }
  return locate(reason, at, op.opcodeName(bytes[at] ?? -1));
}
