import { decodeUtf8 } from "../bytes/utf8.ts";
import { UnpicklingError } from "../errors.ts";
import { BINFLOAT, FLOAT, type OperandKind } from "../syntax/opcodes.ts";
import type { Disassembler } from "./disassembler.ts";
import { BEFORE_INDENT, headsFor, type LineHeads, NAME_WIDTH } from "./line-heads.ts";
import { opcodeProse, type OpcodeName } from "./opcode-prose.ts";
import { operandText } from "./operand-text.ts";
import { PositionHead } from "./position-head.ts";
import { TextSink } from "./text-sink.ts";

/** From this column on, annotations go back to where they were asked to be. */
const WIDEST = 50;
/** Characters for a position. */
const POSITION_WIDTH = 5;

/** Writes the lines of a disassembly as `pickletools.dis` does. */
export class LineWriter extends TextSink {
  /** What lines of the usual kind begin with. */
  readonly heads: LineHeads;
  /** The first digits of the position. */
  readonly positions: PositionHead = new PositionHead();
  readonly #indent: number;
  readonly #annotate: number;
  #column: number;

  /**
   * @param indent - blanks for an open MARK.
   * @param annotate - column of annotations, 0 for none.
   */
  constructor(indent: number, annotate: number) {
    super();
    this.#indent = Math.max(0, Math.trunc(indent) || 0);
    this.heads = headsFor(this.#indent);
    this.#annotate = this.#column = Math.trunc(annotate) || 0;
  }

  /** Whether all lines are without an annotation. */
  get isBare(): boolean {
    return this.#annotate === 0;
  }

  /**
   * Writes a line with its newline.
   *
   * @throws UnpicklingError `limit-exceeded` for an int of more than 4300 digits.
   */
  line(from: Disassembler): void {
    const before = this.length;
    try {
      this.#line(from);
    } catch (error) {
      this.length = before;
      throw error;
    }
    from.isLineOpen = false;
  }

  #line(from: Disassembler): void {
    const { opcode, depth, note } = from;
    const { code } = opcode;
    const hasOperand = opcode.operand !== null;
    this.decimal(from.position, POSITION_WIDTH);
    const start = this.length + 2 - this.surplus;
    const indent = depth * this.#indent;
    const name = opcode.name.length;
    const width = hasOperand || note !== "none" ? Math.max(NAME_WIDTH, name) : name;
    if (this.heads.make(depth)) this.#head(depth, code, 0, BEFORE_INDENT + indent + width);
    else {
      this.heads.make(0);
      this.#head(0, code, 0, BEFORE_INDENT);
      this.blanks(indent);
      this.#head(0, code, BEFORE_INDENT, width);
    }
    if (hasOperand) this.#operand(from, opcode.operand);
    if (note !== "none") this.#note(from);
    if (this.#annotate !== 0) this.#annotation(from, start);
    this.u8(0x0a);
  }

  /** What has been written, as a string; it is empty again. */
  takeText(): string {
    const text = decodeUtf8(this.bytes, 0, this.length);
    this.length = this.surplus = 0;
    return text;
  }

  #operand(from: Disassembler, kind: OperandKind): void {
    const { reader } = from;
    const { cursor } = reader;
    if (reader.isPlain) {
      this.quoted(cursor.bytes, reader.textStart, reader.textEnd);
      return;
    }
    this.u8(0x20);
    const { operand } = reader;
    if (typeof operand === "number" && operand >= 0 && cursor.code !== BINFLOAT && cursor.code !== FLOAT) {
      this.decimal(operand);
    } else if (operand !== null) {
      try {
        this.text(operandText(kind, operand, cursor.bytes, cursor.operandStart, cursor.operandEnd));
      } catch (error) {
        throw error instanceof UnpicklingError ? from.located(error) : error;
      }
    }
  }

  /** Part of what the line begins with, eight bytes at a time, the last of them beyond the end. */
  #head(depth: number, code: number, from: number, length: number): void {
    this.reserve(length + 8);
    const { view: heads, places } = this.heads;
    const start = ((places[256 * depth + code] as number) >>> 8) + from;
    const { view, length: to } = this;
    for (let at = 0; at < length; at += 8) {
      view.setFloat64(to + at, heads.getFloat64(start + at, true), true);
    }
    this.length = to + length;
  }

  #note({ note, noted }: Disassembler): void {
    if (note === "no-mark") this.text(" no MARK exists on stack");
    else {
      this.text(note === "mark" ? " (MARK at " : " (as ");
      this.decimal(noted);
      this.u8(0x29);
    }
  }

  #annotation({ opcode }: Disassembler, start: number): void {
    const length = this.length - this.surplus - start;
    this.blanks(this.#column - length);
    this.#column = Math.max(length, this.#column);
    if (this.#column > WIDEST) this.#column = this.#annotate;
    this.u8(0x20);
    this.text(opcodeProse[opcode.name as OpcodeName]);
  }
}
