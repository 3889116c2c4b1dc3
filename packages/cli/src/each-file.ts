import { failureLine } from "./failure.ts";
import { readInput } from "./input.ts";
import { type Output, OutputClosed } from "./output.ts";

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
      try {
        bytes = readInput(file);
        handle(bytes, file);
      } catch (error) {
        if (error instanceof OutputClosed) throw error;
        const line = failureLine(error, file, bytes);
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
