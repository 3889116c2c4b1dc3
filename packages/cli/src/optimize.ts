import { genops, optimize as optimized, UnpicklingError } from "brine/tools";
import { toldAt } from "./dis.ts";
import { eachFile } from "./each-file.ts";
import { withBinaryOutput } from "./result-file.ts";

/** The options of `brine optimize`. */
export interface OptimizeOptions {
  readonly output?: string | undefined;
}

/** Each pickle of the bytes. */
function* pickles(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let start = 0; start < bytes.length || start === 0;) {
    let end = start;
    for (const op of genops(bytes, { start })) ({ end } = op);
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** `brine optimize`: the pickles of a file, smaller. Nothing is written if one is wrong. The exit status is returned. */
export function optimize(file: string, options: OptimizeOptions): number {
  return withBinaryOutput(options.output, (output) =>
    eachFile([file], output, (bytes) => {
      try {
        const results = Array.from(pickles(bytes), optimized);
        for (const result of results) output.writeBytes(result);
      } catch (error) {
        throw error instanceof UnpicklingError ? toldAt(error) : error;
      }
    }),
  );
}
