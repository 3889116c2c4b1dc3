import { eachInput, type Source } from "./each-input.ts";
import { JsonWriter } from "./json-writer.ts";
import { picklesOf } from "./large-pickles.ts";
import { Output } from "./output.ts";
import type { ReadOptions } from "./pickles.ts";

/** The options of `brine json`. */
export interface JsonOptions extends ReadOptions {
  readonly indent?: number | undefined;
  readonly array?: boolean | undefined;
  readonly tagged?: boolean | undefined;
  readonly nan?: "tag" | "null" | "string" | undefined;
}

/** `brine json`: every pickle of every file as strict JSON. The exit status is returned. */
export async function json(files: readonly string[], options: JsonOptions): Promise<number> {
  const { indent, array = false, tagged = false, nan = "tag" } = options;
  const output = new Output();
  const writer = new JsonWriter(output, { indent, tagged, nan });
  let count = 0;
  const handle = function* (source: Source): Generator<void, void> {
    for (const { value } of picklesOf(source, options)) {
      if (array) output.write(count === 0 ? "[" : ",\n");
      writer.write(value, array ? `$[${count}]` : "$");
      if (!array) output.write("\n");
      count++;
      yield;
    }
  };
  // Closed after an error too: what was good is good JSON.
  return eachInput(files, output, handle, () => {
    if (array) output.write(count === 0 ? "[]\n" : "]\n");
  });
}
