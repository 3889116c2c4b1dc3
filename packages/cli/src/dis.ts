import { disLines, type DisMemo, DisassemblyError } from "brine/tools";
import { eachFile } from "./each-file.ts";
import { InputError } from "./input.ts";
import { withOutput } from "./result-file.ts";

/** The options of `brine dis`: those of `python -m pickletools`. */
export interface DisOptions {
  readonly output?: string | undefined;
  readonly memo?: boolean | undefined;
  readonly indentlevel?: number | undefined;
  readonly annotate?: boolean | undefined;
  readonly preamble?: string | undefined;
}

/** Where annotations begin. Source: CPython `Lib/pickletools.py`. */
const ANNOTATION_COLUMN = 30;

/** Python's `text.format(name=name)`, as far as a preamble needs it. */
function formatted(text: string, name: string): string {
  return text.replace(/\{\{|\}\}|\{name\}/g, (found) => (found === "{name}" ? name : found.charAt(0)));
}

/** `brine dis`: the disassembly of the first pickle of each file. The exit status is returned. */
export function dis(files: readonly string[], options: DisOptions): number {
  const memo: DisMemo | undefined = options.memo === true ? new Map() : undefined;
  const settings = {
    indentLevel: options.indentlevel,
    annotate: options.annotate === true ? ANNOTATION_COLUMN : 0,
    memo,
  };
  return withOutput(options.output, (output) =>
    eachFile(files, output, (bytes, file) => {
      if (files.length > 1) {
        output.write(`${formatted(options.preamble ?? "==> {name} <==", file === "-" ? "<stdin>" : file)}\n`);
      }
      try {
        for (const line of disLines(bytes, settings)) output.write(`${line}\n`);
      } catch (error) {
        if (!(error instanceof DisassemblyError)) throw error;
        if (error.text !== "") output.write(`${error.text}\n`);
        throw toldAt(error);
      }
    }),
  );
}

/** An error of the library as a line for the terminal. */
export function toldAt({ offset, words }: { offset: number | undefined; words: string }): InputError {
  return new InputError(offset === undefined ? words : `at byte ${offset}: ${words}`);
}
