import { failure } from "../bytes/failure.ts";
import { ByteSink } from "../bytes/sink.ts";
import { UnpicklingError } from "../errors.ts";
import { FRAME, type Opcode, opcodes, type OperandKind, STOP } from "../syntax/opcodes.ts";
import { type Literal, readBytes, readFloat, readInt, readStr } from "./literals.ts";
import { type WritableOperand, writeOperand } from "./operand-writers.ts";

/** How {@link assemble} goes about it. */
export interface AssembleOptions {
  /** `"keep"` (the default) writes the frame lengths that the text has; `"recompute"` those that are right. */
  readonly frames?: "keep" | "recompute" | undefined;
}

/** A line of the text that cannot be assembled. */
export class AssemblyError extends UnpicklingError {
  /** Its number, from 1. */
  readonly line: number;

  constructor(code: "invalid-opcode" | "invalid-operand", words: string, line: number, cause?: unknown) {
    super(code, `line ${line}: ${words}`, { cause });
    this.name = "AssemblyError";
    this.line = line;
  }
}

const byName: ReadonlyMap<string, Opcode> = /* @__PURE__ */ (() =>
  new Map(opcodes.map((opcode) => [opcode.name, opcode])))();

/** Content that picklers write outside the frames. Source: CPython `Modules/_pickle.c`, `_Pickler_write_bytes`. */
const FRAME_TARGET = 64 * 1024;

const quote = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

const invalid = (words: string): UnpicklingError => failure("invalid-operand", words);

function readOperand(kind: OperandKind, text: string): Literal<WritableOperand> {
  switch (kind) {
    case "float8":
    case "floatnl":
      return readFloat(text);
    case "bytes1":
    case "bytes4":
    case "bytes8":
    case "bytearray8":
      return readBytes(text);
    case "uint1":
    case "uint2":
    case "int4":
    case "uint4":
    case "uint8":
    case "long1":
    case "long4":
    case "decimalnl_long":
      return readInt(text, false);
    case "decimalnl_short":
      return readInt(text, true);
    default:
      return readStr(text);
  }
}

/** Fills in the lengths of frames once it is known where they end. */
class Frames {
  readonly #sink: ByteSink;
  #start = -1;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** A frame whose header has just been written. */
  open(): void {
    this.#start = this.#sink.length;
  }

  /** The frame, if one is open, ends at `end`. */
  close(end: number): void {
    if (this.#start < 0) return;
    const { view } = this.#sink;
    const length = end - this.#start;
    view.setUint32(this.#start - 8, length, true);
    view.setUint32(this.#start - 4, Math.floor(length / 0x1_0000_0000), true);
    this.#start = -1;
  }
}

/** The name of the opcode on a line, and what is behind it; the position and the character in front may be missing. */
function splitLine(line: string): readonly [name: string, rest: string] {
  const behindPosition = line.trimStart().replace(/^\d+:/, "").trimStart();
  const behindCode = behindPosition.replace(/^(?:\\x[\da-f]{2}|\S)(?=\s)/, "").trimStart();
  const [name = ""] = /^[A-Z][A-Z_\d]*(?!\S)/.exec(behindCode) ?? [];
  return [name, behindCode.slice(name.length).trimStart()];
}

function* linesOf(text: string): Generator<string, void> {
  for (let from = 0; from <= text.length;) {
    const newline = text.indexOf("\n", from);
    const end = newline < 0 ? text.length : newline;
    yield text.slice(from, end);
    from = end + 1;
  }
}

/** How long the content of an operand is that picklers write outside the frames; 0 for any other. */
function contentLength({ operand }: Opcode, length: number): number {
  const [, width] = /^(?:bytes|bytearray|unicodestring)([48])$/.exec(operand ?? "") ?? [];
  return width === undefined ? 0 : length - 1 - Number(width);
}

/**
 * Assembles the output of {@link dis}, of one pickle or several, edited or not. A line is an opcode's name and its operand
 * as Python shows it; positions, opcode characters, notes and annotations may be missing and count for nothing. Blank lines
 * and those that begin with # or "highest protocol" are passed over. A FRAME without an operand gets the length that is
 * right: up to the next FRAME, the STOP, or content of 64 KiB and more, which picklers write outside.
 *
 * `assemble(dis(data))` loads to the same. It is `data` byte for byte as far as the operands are written in their usual
 * form: text has none for how a number, an escape or a quote of protocol 0 is spelt, nor for the payload of a NaN.
 *
 * @throws AssemblyError `invalid-opcode`, `invalid-operand`, with the number of the line.
 * @example
 * assemble("PROTO 4\nFRAME\nSHORT_BINUNICODE 'hi'\nSTOP"); // Uint8Array [ 128, 4, 149, 5, … ]
 */
export function assemble(text: string, options: AssembleOptions = {}): Uint8Array {
  const sink = new ByteSink();
  const frames = new Frames(sink);
  let number = 0;
  for (const line of linesOf(text)) {
    number++;
    if (/^\s*(?:#|highest protocol|$)/.test(line)) continue;
    const [name, rest] = splitLine(line);
    const opcode = byName.get(name);
    if (opcode === undefined) {
      throw new AssemblyError("invalid-opcode", `no opcode in ${quote(line)}`, number);
    }
    const before = sink.length;
    if (opcode.code === FRAME) frames.close(before);
    sink.u8(opcode.code);
    if (opcode.code === FRAME && (options.frames === "recompute" || !/^\d/.test(rest))) {
      sink.u64le(0);
      frames.open();
    } else if (opcode.operand !== null) {
      try {
        const literal = readOperand(opcode.operand, rest);
        if (/\S/.test(rest.charAt(literal.length)))
          throw invalid(`unexpected ${quote(rest.slice(literal.length))} behind the operand`);
        writeOperand(sink, opcode.operand, literal.value);
      } catch (error) {
        if (!(error instanceof UnpicklingError)) throw error;
        throw new AssemblyError("invalid-operand", `${name}: ${error.words}`, number, error);
      }
    }
    if (contentLength(opcode, sink.length - before) >= FRAME_TARGET) frames.close(before);
    if (opcode.code === STOP) frames.close(sink.length);
  }
  frames.close(sink.length);
  return sink.take();
}
