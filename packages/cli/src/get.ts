import { type CatOptions, printOptions } from "./cat.ts";
import { eachFile } from "./each-file.ts";
import { JsonWriter } from "./json-writer.ts";
import { InputError } from "./input.ts";
import { Output } from "./output.ts";
import { readPickles } from "./pickles.ts";
import { Printer } from "./printer.ts";
import { parsePath, type Step, valueAt } from "./value-path.ts";

/** The options of `brine get`. */
export interface GetOptions extends CatOptions {
  /** Whether the value is written as JSON. */
  readonly json?: boolean | undefined;
}

/** `brine get`: prints what is at a path of each pickle of a file. The exit status is returned. */
export function get(file: string, path: string, options: GetOptions): number {
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
  return eachFile([file], output, (bytes) => {
    for (const { value: root } of readPickles(bytes, options)) {
      const value = valueAt(root, steps);
      if (options.json === true) {
        writer.write(value, "$");
        output.write("\n");
      } else printer.print(value);
    }
  });
}
