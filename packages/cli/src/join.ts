import { eachFile } from "./each-file.ts";
import { InputError } from "./input.ts";
import { withBinaryOutput } from "./result-file.ts";
import { ends } from "./split.ts";

/** The options of `brine join`. */
export interface JoinOptions {
  readonly output?: string | undefined;
}

/** `brine join`: the pickles of several files in one. Nothing is written if one is broken. The exit status is returned. */
export function join(files: readonly string[], options: JoinOptions): number {
  const whole: Uint8Array[] = [];
  return withBinaryOutput(options.output, (output) => {
    const status = eachFile(files, output, (bytes) => {
      const last = [...ends(bytes)].at(-1);
      if (last === undefined) throw new InputError("it is empty");
      whole.push(bytes.subarray(0, last));
    });
    if (status !== 0) return status;
    for (const bytes of whole) output.writeBytes(bytes);
    return 0;
  });
}
