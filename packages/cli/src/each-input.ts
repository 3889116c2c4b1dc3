import { failureLine } from "./failure.ts";
import type { InputError } from "./input.ts";
import { breath } from "./interrupt.ts";
import { LargeFile } from "./large-file.ts";
import { type Output, OutputClosed } from "./output.ts";
import { takeSource } from "./prepared-input.ts";
import type { Progress } from "./progress.ts";

/** What a file holds, decompressed: its bytes, or where to read them if they are many. */
export type Source = Uint8Array | LargeFile;

/** As much of the beginning as a hint at what a file is takes. */
const HEAD = 1 << 16;

/** Tells on the terminal how far the reading of a large file is, until `output` is written there. */
export async function watchReading(file: LargeFile, name: string, output?: Output): Promise<Progress> {
  const { Progress } = await import("./progress.ts");
  const progress = new Progress(name, file.size);
  file.onRead = (end) => progress.reach(end);
  if (output?.isTerminal === true) output.beforeWrite = () => progress.end();
  return progress;
}

/**
 * As `eachFile`, of files that may be larger than memory: what `handle` yields to is the place for a signal to be handled.
 *
 * @returns the exit status
 */
export async function eachInput(
  files: readonly string[],
  output: Output,
  handle: (source: Source, file: string) => Iterable<void> | AsyncIterable<void>,
  finish?: () => void,
): Promise<number> {
  let status = 0;
  try {
    for (const file of files) {
      let source: Source | undefined;
      let damage: InputError | undefined;
      let progress: Progress | undefined;
      try {
        ({ source, error: damage } = takeSource(file));
        if (source instanceof LargeFile) progress = await watchReading(source, file, output);
        if (damage === undefined || !(source instanceof Uint8Array) || source.length > 0) {
          for await (const _ of handle(source, file)) await breath();
        }
        progress?.end();
        if (damage !== undefined) throw damage;
      } catch (error) {
        progress?.end();
        if (error instanceof OutputClosed) throw error;
        const reason = damage ?? error;
        // That what is left ends too early is no news.
        const line =
          source === undefined || source instanceof Uint8Array
            ? failureLine(reason, file, source)
            : failureLine(reason, file, source.read(0, HEAD), source.size);
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
