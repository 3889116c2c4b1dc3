import { eachInput, type Source } from "./each-input.ts";
import { InputError } from "./input.ts";
import { breath } from "./interrupt.ts";
import { withBinaryOutputOf } from "./result-file.ts";
import { ends, partsOf } from "./split.ts";

/** The options of `brine join`. */
export interface JoinOptions {
  /** Where the first pickle of each file begins, in bytes; 0 unless set. */
  readonly from?: number | undefined;
  readonly output?: string | undefined;
}

/** `brine join`: the pickles of several files in one. Nothing is written if one is broken. The exit status is returned. */
export async function join(files: readonly string[], options: JoinOptions): Promise<number> {
  const { from = 0 } = options;
  const whole: { readonly source: Source; readonly end: number }[] = [];
  return withBinaryOutputOf(options.output, async (output) => {
    const status = await eachInput(files, output, async function* (source) {
      let last = from;
      for await (const end of ends(source, from)) {
        last = end;
        yield;
      }
      if (last === from)
        throw new InputError(from === 0 ? "it is empty" : `there is nothing at byte ${from}`);
      whole.push({ source, end: last });
    });
    if (status !== 0) return status;
    for (const { source, end } of whole) {
      for (const part of partsOf(source, from, end)) {
        output.writeBytes(part);
        await breath();
      }
    }
    return 0;
  });
}
