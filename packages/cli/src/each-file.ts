import { failureLine } from "./failure.ts";
import type { InputError } from "./input.ts";
import { type Output, OutputClosed } from "./output.ts";
import { takeInput } from "./prepared-input.ts";

/**
 * Reads each file and hands it on; what goes wrong with one is told on stderr, and the next one follows. At the end,
 * `finish` may write what is due.
 *
 * @returns the exit status
 */
export function eachFile(
  files: readonly string[],
  output: Output,
  handle: (bytes: Uint8Array, file: string) => void,
  finish?: () => void,
): number {
  let status = 0;
  try {
    for (const file of files) {
      let bytes: Uint8Array | undefined;
      let damage: InputError | undefined;
      try {
        const input = takeInput(file);
        bytes = input.bytes;
        damage = input.error;
        // What comes before the damage is handled, unless there is nothing.
        if (damage === undefined || bytes.length > 0) handle(bytes, file);
        if (damage !== undefined) throw damage;
      } catch (error) {
        if (error instanceof OutputClosed) throw error;
        // That what is left ends too early is no news.
        const line = failureLine(damage ?? error, file, bytes);
        output.flush();
        console.error(line);
        status = 1;
      }
    }
    finish?.();
    output.flush();
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error;
  }
  return status;
}
