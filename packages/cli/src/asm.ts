import { assemble, AssemblyError } from "brine/tools";
import { eachFile } from "./each-file.ts";
import { inputName } from "./input-name.ts";
import { InputError } from "./input.ts";
import { jsonText } from "./json-text.ts";
import { Output } from "./output.ts";
import { withBinaryOutput } from "./result-file.ts";

/** The options of `brine asm`. */
export interface AssembleOptions {
  readonly output?: string | undefined;
  readonly keepFrames?: boolean | undefined;
  readonly json?: boolean | undefined;
}

function assembled(text: Uint8Array, frames: "keep" | "recompute"): Uint8Array {
  // PROTO, with which pickles begin since protocol 2: no text in UTF-8 does.
  if (text[0] === 0x80)
    throw new InputError("it is a pickle: asm takes the text that brine dis prints of one");
  let pickle: Uint8Array;
  try {
    pickle = assemble(Buffer.from(text).toString("utf8"), { frames });
  } catch (error) {
    throw error instanceof AssemblyError ? new InputError(error.words) : error;
  }
  if (pickle.length === 0) throw new InputError("there is no opcode in it");
  return pickle;
}

/** `brine asm`: the pickles of a text. The exit status is returned. */
export function asm(file: string, { output: path, keepFrames, json = false }: AssembleOptions): number {
  const make = (text: Uint8Array): Uint8Array => assembled(text, keepFrames === true ? "keep" : "recompute");
  const report = ({ length }: Uint8Array): string =>
    jsonText({ file: inputName(file), output: path ?? null, bytes: length });
  // The report takes the place of the bytes on standard output.
  if (json && path === undefined) {
    const output = new Output();
    return eachFile([file], output, (text) => output.write(`${report(make(text))}\n`));
  }
  return withBinaryOutput(path, (output) =>
    eachFile([file], output, (text) => {
      const pickle = make(text);
      output.writeBytes(pickle);
      if (json) console.log(report(pickle));
    }),
  );
}
