import { eachFile } from "./each-file.ts";
import { JsonWriter } from "./json-writer.ts";
import { Output } from "./output.ts";
import { readPickles, type ReadOptions } from "./pickles.ts";

/** The options of `brine json`. */
export interface JsonOptions extends ReadOptions {
  readonly indent?: number | undefined;
  readonly array?: boolean | undefined;
  readonly tagged?: boolean | undefined;
  readonly nan?: "tag" | "null" | "string" | undefined;
}

/** `brine json`: every pickle of every file as strict JSON. The exit status is returned. */
export function json(files: readonly string[], options: JsonOptions): number {
  const { indent, array = false, tagged = false, nan = "tag" } = options;
  const output = new Output();
  const writer = new JsonWriter(output, { indent, tagged, nan });
  let count = 0;
  const handle = (bytes: Uint8Array): void => {
    for (const { value } of readPickles(bytes, options)) {
      if (array) output.write(count === 0 ? "[" : ",\n");
      writer.write(value, array ? `$[${count}]` : "$");
      if (!array) output.write("\n");
      count++;
    }
  };
  // Closed after an error too: what was good is good JSON.
  return eachFile(files, output, handle, () => {
    if (array) output.write(count === 0 ? "[]\n" : "]\n");
  });
}
