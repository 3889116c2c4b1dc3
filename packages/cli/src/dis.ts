import { isatty } from "node:tty";
import {
  disLines,
  type DisMemo,
  type DisOptions as LineOptions,
  type DisRow,
  disRows,
  DisassemblyError,
} from "brine/tools";
import { eachInput } from "./each-input.ts";
import { InputError } from "./input.ts";
import { jsonText } from "./json-text.ts";
import type { LargeFile } from "./large-file.ts";
import { withOutputOf } from "./result-file.ts";
import { skipPickle } from "./skipped-value.ts";
import { type Paint, painter, wantsColor } from "./style.ts";

/** The options of `brine dis`: those of `python -m pickletools`. */
export interface DisOptions {
  readonly output?: string | undefined;
  readonly memo?: boolean | undefined;
  readonly indentlevel?: number | undefined;
  readonly annotate?: boolean | undefined;
  readonly preamble?: string | undefined;
  readonly json?: boolean | undefined;
  readonly color?: boolean | undefined;
}

/** Where annotations begin. Source: CPython `Lib/pickletools.py`. */
const ANNOTATION_COLUMN = 30;

/** Python's `text.format(name=name)`, as far as a preamble needs it. */
function formatted(text: string, name: string): string {
  return text.replace(/\{\{|\}\}|\{name\}/g, (found) => (found === "{name}" ? name : found.charAt(0)));
}

// Position, code, and the name behind the indentation.
const headPattern = /^( *\d+: \S+ +)([A-Z][A-Z_\d]*)/;
const notePattern = /^ *\((?:MARK at|as) \d+\)$/;

/** A line of `dis` in colours. */
function coloured(line: string, paint: Paint): string {
  const [whole, before, name] = headPattern.exec(line) ?? [];
  if (whole === undefined || before === undefined || name === undefined) return line;
  const noteStart = line.endsWith(")") ? line.lastIndexOf("(") : -1;
  const hasNote = noteStart >= whole.length && notePattern.test(line.slice(noteStart));
  const operand = line.slice(whole.length, hasNote ? noteStart : undefined);
  const kind = /^ +(?:b|bytearray\()?['"]/.test(operand) ? "text" : "number";
  return [
    paint("note", before),
    paint("name", name),
    operand.trim() === "" ? operand : paint(kind, operand),
    hasNote ? paint("note", line.slice(noteStart)) : "",
  ].join("");
}

/** The lines of `dis` in colours. */
function* colouredLines(bytes: Uint8Array, settings: LineOptions, paint: Paint): Generator<string, void> {
  if (settings.annotate === 0) {
    for (const line of disLines(bytes, settings)) yield coloured(line, paint);
    return;
  }
  // Where the annotation begins does not show: it is what the line has beyond the same one without.
  const bare = disLines(bytes, { ...settings, annotate: 0, memo: settings.memo && new Map(settings.memo) });
  for (const line of disLines(bytes, settings)) {
    const start = bare.next().value as string;
    yield coloured(start, paint) + paint("note", line.slice(start.length));
  }
}

/** A row for programs: names and numbers, the operand as a value of JSON and as Python shows it. */
function jsonRow({ opcode, operand, operandText, ...rest }: DisRow): string {
  const { position, end, depth, markPosition = null, memoIndex = null } = rest;
  return jsonText({
    position,
    end,
    opcode: opcode.name,
    operand,
    operandText,
    depth,
    markPosition,
    memoIndex,
  });
}

function* rowLines(bytes: Uint8Array, memo: DisMemo | undefined): Generator<string, void> {
  for (const row of disRows(bytes, { memo })) yield jsonRow(row);
}

/** Of a large file the first pickle, which is all that is shown; all of it where that is broken, up to where it is. */
async function firstPickle(file: LargeFile): Promise<Uint8Array> {
  try {
    return file.read(0, await skipPickle(file, 0));
  } catch (error) {
    if (error instanceof InputError) return file.whole();
    if (!(error instanceof RangeError)) throw error;
    throw new InputError("its first pickle is too large to be held in memory");
  }
}

/** `brine dis`: the disassembly of the first pickle of each file. The exit status is returned. */
export async function dis(files: readonly string[], options: DisOptions): Promise<number> {
  const memo: DisMemo | undefined = options.memo === true ? new Map() : undefined;
  const settings = {
    indentLevel: options.indentlevel,
    annotate: options.annotate === true ? ANNOTATION_COLUMN : 0,
    memo,
  };
  const { json = false } = options;
  const isTerminal = options.output === undefined && isatty(1);
  const hasColor = wantsColor(options.color, isTerminal, process.env);
  const paint = painter(hasColor);
  return withOutputOf(options.output, (output) =>
    eachInput(files, output, async function* (source, file) {
      const bytes = source instanceof Uint8Array ? source : await firstPickle(source);
      if (files.length > 1 && !json) {
        const preamble = formatted(options.preamble ?? "==> {name} <==", file === "-" ? "<stdin>" : file);
        output.write(`${paint("note", preamble)}\n`);
      }
      try {
        const lines = json
          ? rowLines(bytes, memo)
          : hasColor
            ? colouredLines(bytes, settings, paint)
            : disLines(bytes, settings);
        let count = 0;
        for (const line of lines) {
          output.write(`${line}\n`);
          // Now and then: each of them is little.
          if ((++count & 1023) === 0) yield;
        }
      } catch (error) {
        if (!(error instanceof DisassemblyError)) throw error;
        if (error.text !== "" && !json) output.write(`${error.text}\n`);
        throw toldAt(error);
      }
    }),
  );
}

/** An error of the library as a line for the terminal. */
export function toldAt({ offset, words }: { offset: number | undefined; words: string }): InputError {
  return new InputError(offset === undefined ? words : `at byte ${offset}: ${words}`);
}
