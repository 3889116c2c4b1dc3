import { eachInput, type Source } from "./each-input.ts";
import { InputError } from "./input.ts";
import { breath } from "./interrupt.ts";
import { withBinaryOutputOf } from "./result-file.ts";
import { ends, partsOf } from "./split.ts";

/** The options of `brine join`. */
export interface JoinOptions {
  readonly output?: string | undefined;
}

/** `brine join`: the pickles of several files in one. Nothing is written if one is broken. The exit status is returned. */
export async function join(files: readonly string[], options: JoinOptions): Promise<number> {
  const whole: { readonly source: Source; readonly end: number }[] = [];
  return withBinaryOutputOf(options.output, async (output) => {
    const status = await eachInput(files, output, async function* (source) {
      let last = 0;
      for await (const end of ends(source)) {
        last = end;
        yield;
      }
      if (last === 0) throw new InputError("it is empty");
      whole.push({ source, end: last });
    });
    if (status !== 0) return status;
    for (const { source, end } of whole) {
      for (const part of partsOf(source, 0, end)) {
        output.writeBytes(part);
        await breath();
      }
    }
    return 0;
  });
}
