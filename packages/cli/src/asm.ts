import { assemble, AssemblyError } from "brine/tools";
import { eachFile } from "./each-file.ts";
import { InputError } from "./input.ts";
import { withBinaryOutput } from "./result-file.ts";

/** The options of `brine asm`. */
export interface AssembleOptions {
  readonly output?: string | undefined;
  readonly keepFrames?: boolean | undefined;
}

/** `brine asm`: the pickles of a text. The exit status is returned. */
export function asm(file: string, options: AssembleOptions): number {
  return withBinaryOutput(options.output, (output) =>
    eachFile([file], output, (bytes) => {
      try {
        const frames = options.keepFrames === true ? "keep" : "recompute";
        output.writeBytes(assemble(Buffer.from(bytes).toString("utf8"), { frames }));
      } catch (error) {
        throw error instanceof AssemblyError ? new InputError(error.words) : error;
      }
    }),
  );
}
