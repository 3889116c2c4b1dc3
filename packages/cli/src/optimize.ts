import { genops, optimize as optimized, UnpicklingError } from "brine/tools";
import { toldAt } from "./dis.ts";
import { eachFile } from "./each-file.ts";
import { jsonText } from "./json-text.ts";
import { Output } from "./output.ts";
import { withBinaryOutput } from "./result-file.ts";
import { inputName } from "./input-name.ts";

/** The options of `brine optimize`. */
export interface OptimizeOptions {
  readonly output?: string | undefined;
  readonly json?: boolean | undefined;
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
export function optimize(file: string, { output: path, json = false }: OptimizeOptions): number {
  const rewrite = (bytes: Uint8Array): Uint8Array[] => {
    try {
      return Array.from(pickles(bytes), optimized);
    } catch (error) {
      throw error instanceof UnpicklingError ? toldAt(error) : error;
    }
  };
  const sizes = (bytes: Uint8Array, results: readonly Uint8Array[]): string => {
    const after = results.reduce((sum, { length }) => sum + length, 0);
    const saved = bytes.length - after;
    return jsonText({ file: inputName(file), pickles: results.length, before: bytes.length, after, saved });
  };
  // The report takes the place of the bytes on standard output.
  if (json && path === undefined) {
    const output = new Output();
    return eachFile([file], output, (bytes) => output.write(`${sizes(bytes, rewrite(bytes))}\n`));
  }
  return withBinaryOutput(path, (output) =>
    eachFile([file], output, (bytes) => {
      const results = rewrite(bytes);
      for (const result of results) output.writeBytes(result);
      if (json) console.log(sizes(bytes, results));
    }),
  );
}
