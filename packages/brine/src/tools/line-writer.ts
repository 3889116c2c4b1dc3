import { decodeUtf8 } from "../bytes/utf8.ts";
import { UnpicklingError } from "../errors.ts";
import { BINFLOAT, FLOAT, opcodeName, type OperandKind } from "../syntax/opcodes.ts";
import type { Disassembler } from "./disassembler.ts";
import { BEFORE_INDENT, headsFor, headText, type LineHeads } from "./line-heads.ts";
import { opcodeProse, type OpcodeName } from "./opcode-prose.ts";
import { operandText } from "./operand-text.ts";
import { TextSink } from "./text-sink.ts";

/** From this column on, annotations go back to where they were asked to be. */
const WIDEST = 50;
/** Characters for a position. */
const POSITION_WIDTH = 5;

/** Writes the lines of a disassembly as `pickletools.dis` does. */
export class LineWriter extends TextSink {
  /** What lines of the usual kind begin with. */
  readonly heads: LineHeads;
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
    const head = headText(code, hasOperand || note !== "none");
    this.text(head.slice(0, BEFORE_INDENT));
    this.blanks(indent);
    this.text(head.slice(BEFORE_INDENT));
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
