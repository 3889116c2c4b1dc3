import { type CatOptions, printOptions } from "./cat.ts";
import { eachInput } from "./each-input.ts";
import { JsonWriter } from "./json-writer.ts";
import { InputError } from "./input.ts";
import { Output } from "./output.ts";
import { LARGE, LargeFile } from "./large-file.ts";
import { LargePickle, picklesOf, readLargePickles } from "./large-pickles.ts";
import type { PrepareOptions } from "./prepared-input.ts";
import { skipPickle, valueIn } from "./skipped-value.ts";
import { Printer } from "./printer.ts";
import { parsePath, type Step, valueAt } from "./value-path.ts";

/** A pickle of a large file that is longer is skipped through in the place of loaded, which is quicker. */
const WINDOW = 1 << 24;

/** The options of `brine get`. */
export interface GetOptions extends CatOptions {
  /** Whether the value is written as JSON. */
  readonly json?: boolean | undefined;
}

/** `brine get`: prints what is at a path of each pickle of a file. The exit status is returned. */
export async function get(file: string, path: string, options: GetOptions & PrepareOptions): Promise<number> {
  let steps: Step[];
  try {
    steps = parsePath(path);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(`brine: ${error.message}`);
    return 2;
  }
  const output = new Output();
  const writer = new JsonWriter(output, { indent: undefined, tagged: false, nan: "tag" });
  const printer = new Printer(output, printOptions(options));
  const print = (value: unknown): void => {
    if (options.json === true) {
      writer.write(value, "$");
      output.write("\n");
    } else printer.print(value);
  };
  return eachInput([file], output, async function* (source) {
    if (!(source instanceof LargeFile)) {
      for (const { value } of picklesOf(source, options)) {
        print(valueAt(value, steps));
        yield;
      }
      return;
    }
    // Items counted from the end are found only in what is loaded.
    const window = steps.some((step) => typeof step !== "string" && step < 0n) ? LARGE : WINDOW;
    // What is larger than a window is not loaded: all but the value is skipped.
    for (let from = options.from ?? 0, before = 0; from < source.size;) {
      try {
        const settings = { refusesLarge: true, before, window };
        for (const { value } of readLargePickles(source, { ...options, from }, undefined, settings)) {
          print(valueAt(value, steps));
          yield;
        }
        return;
      } catch (error) {
        if (!(error instanceof LargePickle)) throw error;
        print(await valueIn(source, error.start, steps, options));
        output.flush();
        from = await skipPickle(source, error.start);
        before = error.number;
      }
    }
  });
}
