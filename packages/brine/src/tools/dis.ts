import { tooLarge } from "../bytes/failure.ts";
import { toBytes } from "../bytes/input.ts";
import { PicklingError, UnpicklingError } from "../errors.ts";
import type { Opcode, StackItem } from "../syntax/opcodes.ts";
import { Disassembler } from "./disassembler.ts";
import { DisassemblyError } from "./disassembly-error.ts";
import { startOf, type StartOptions, type ToolInput } from "./tool-input.ts";
import { LineWriter } from "./line-writer.ts";
import { plainLines } from "./plain-lines.ts";
import { operandText } from "./operand-text.ts";
import type { Operand } from "./operands.ts";

/** What the memo holds, by its key: the kind of each value, as far as the opcodes tell. */
export type DisMemo = Map<number | bigint, StackItem>;

/** How {@link disRows} goes about it. */
export interface DisRowsOptions extends StartOptions {
  /**
   * What the memo holds, changed while it goes. The same map given again disassembles a pickle that the same pickler
   * wrote with the same memo.
   */
  readonly memo?: DisMemo | undefined;
}

/** What {@link dis} writes. */
export interface DisOptions extends DisRowsOptions {
  /** Blanks by which a MARK indents; 4 unless given. */
  readonly indentLevel?: number | undefined;
  /** Column where a short text on the opcode begins, unless the line is longer; 0, as if not given, is none. */
  readonly annotate?: number | undefined;
}

/** One line of a disassembly, for programs. */
export interface DisRow {
  /** What the table says of the opcode. */
  readonly opcode: Opcode;
  /** Its operand decoded, `null` if it has none. */
  readonly operand: Operand | null;
  /** The operand as the line shows it, Python's `repr`; empty if it has none. */
  readonly operandText: string;
  /** Where the opcode stands, in bytes from the start of the data. */
  readonly position: number;
  /** Where the next opcode would stand. */
  readonly end: number;
  /** How many MARKs are open where it begins: how deep the line is indented. */
  readonly depth: number;
  /** Position of the MARK that it closes. */
  readonly markPosition: number | undefined;
  /** The memo slot that MEMOIZE fills. */
  readonly memoIndex: number | undefined;
  /** What the line says behind the operand: `"(MARK at 0)"`, `"(as 3)"`, or empty. */
  readonly note: string;
}

/**
 * Bytes of text that are made into a string at a time. Measured for 42 MB of lines: 57 ms by 64 kB, which V8 moves about as
 * young objects, 30 ms by 1 MB.
 */
const CHUNK = 1 << 20;
/** Bytes of lines that are made ahead of the one asked for. */
const BATCH = 4096;

const begin = (data: ToolInput, options: DisRowsOptions): Disassembler =>
  new Disassembler(toBytes(data), startOf(options), options.memo);

const writerFor = ({ indentLevel = 4, annotate = 0 }: DisOptions): LineWriter =>
  new LineWriter(indentLevel, annotate);

const lastLine = (from: Disassembler): string => `highest protocol among opcodes = ${from.highestProtocol}`;

/** Writes lines up to so many bytes; `false` if that of STOP is one of them. */
function writeLines(from: Disassembler, writer: LineWriter, limit: number): boolean {
  while (writer.length < limit) {
    if (writer.isBare && !from.isLast) plainLines(from, writer, limit);
    if (!from.next()) return false;
    writer.line(from);
  }
  return true;
}

/** An error of a disassembly, with what had been printed by then. */
function withText(error: unknown, from: Disassembler, text: string): unknown {
  // A string that is too long, or a buffer.
  const reason =
    error instanceof RangeError || (error instanceof PicklingError && error.code === "too-large")
      ? from.located(tooLarge(error))
      : error;
  if (!(reason instanceof UnpicklingError)) return reason;
  return new DisassemblyError(
    reason,
    from.isLineOpen ? `${text}${String(from.position).padStart(5)}: ` : text,
  );
}

function noteText({ note, noted }: Disassembler): string {
  switch (note) {
    case "mark":
      return `(MARK at ${noted})`;
    case "memo":
      return `(as ${noted})`;
    case "no-mark":
      return "no MARK exists on stack";
    case "none":
      return "";
  }
}

function rowOf(from: Disassembler): DisRow {
  const { opcode, reader, position, depth, note, noted } = from;
  const { operand } = reader;
  const { bytes, operandStart, operandEnd, end } = reader.cursor;
  const kind = opcode.operand;
  return {
    opcode,
    operand,
    operandText:
      kind === null || operand === null ? "" : operandText(kind, operand, bytes, operandStart, operandEnd),
    position,
    end,
    depth,
    markPosition: note === "mark" ? noted : undefined,
    memoIndex: note === "memo" ? noted : undefined,
    note: noteText(from),
  };
}

/**
 * Disassembles one pickle, up to its STOP: the very text of `pickletools.dis` of CPython 3.13. The annotations are in
 * brine's own words.
 *
 * @throws DisassemblyError where `pickletools.dis` raises, in its words, with the text it has printed by then; or
 *   (`unrepresentable`) where the text is longer than a string can be, which {@link disLines} is not.
 * @example
 * dis(data); // "    0: \\x80 PROTO      2\n    2: N    NONE\n    3: .    STOP\nhighest protocol among opcodes = 2\n"
 */
export function dis(data: ToolInput, options: DisOptions = {}): string {
  const from = begin(data, options);
  const writer = writerFor(options);
  let text = "";
  try {
    while (writeLines(from, writer, CHUNK)) text += writer.takeText();
    text += `${writer.takeText()}${lastLine(from)}\n`;
    from.finish();
  } catch (error) {
    throw withText(error, from, text + writer.takeText());
  }
  return text;
}

/**
 * The lines of {@link dis}, one at a time and without their newlines.
 *
 * @throws DisassemblyError as {@link dis} does, after the lines before it
 */
export function* disLines(data: ToolInput, options: DisOptions = {}): Generator<string, void> {
  const from = begin(data, options);
  const writer = writerFor(options);
  let failed: { readonly error: unknown } | undefined;
  // Some lines at a time: decoding each by itself made 310 ns a line of 190.
  const batch = (): string[] => {
    try {
      writeLines(from, writer, BATCH);
    } catch (error) {
      failed = { error: withText(error, from, "") };
    }
    return writer.takeText().split("\n").slice(0, -1);
  };
  for (let lines = batch(); lines.length > 0; lines = failed === undefined ? batch() : []) yield* lines;
  if (failed !== undefined) throw failed.error;
  yield lastLine(from);
  finish(from);
}

/**
 * What the lines of {@link dis} say, one row at a time.
 *
 * @throws DisassemblyError as {@link dis} does, after the rows before it
 */
export function* disRows(data: ToolInput, options: DisRowsOptions = {}): Generator<DisRow, void> {
  const from = begin(data, options);
  const step = (): DisRow | undefined => {
    try {
      return from.next() ? rowOf(from) : undefined;
    } catch (error) {
      throw withText(error, from, "");
    }
  };
  for (let row = step(); row !== undefined; row = step()) yield row;
  finish(from);
}

function finish(from: Disassembler): void {
  try {
    from.finish();
  } catch (error) {
    throw withText(error, from, "");
  }
}
