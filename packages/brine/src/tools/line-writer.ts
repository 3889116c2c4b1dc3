import { decodeUtf8 } from "../bytes/utf8.ts";
import { UnpicklingError } from "../errors.ts";
import { BINFLOAT, FLOAT, opcodes, type OperandKind } from "../syntax/opcodes.ts";
import type { Disassembler } from "./disassembler.ts";
import { opcodeProse, type OpcodeName } from "./opcode-prose.ts";
import { operandText } from "./operand-text.ts";
import { TextSink } from "./text-sink.ts";

/** From this column on, annotations go back to where they were asked to be. */
const WIDEST = 50;
/** Characters for a position. */
const POSITION_WIDTH = 5;
/** Characters for a name before its operand. */
const NAME_WIDTH = 10;
/** More than a line takes before its operand, but for the indentation. */
const FIXED_WIDTH = 64;
const FOUR_BLANKS = 0x20202020;

/** A short text of ASCII, four bytes a word, blanks behind it. */
interface Words {
  readonly words: Uint32Array;
  /** How many bytes it takes. */
  readonly length: number;
}

/** By opcode, what a line has in front of the indentation, and behind it. */
interface Texts {
  readonly heads: readonly Words[];
  readonly names: readonly Words[];
  /** The names with blanks behind them, up to where an operand may begin. */
  readonly paddedNames: readonly Words[];
  readonly notes: readonly [noMark: Words, mark: Words, memo: Words];
}

let texts: Texts | undefined;

function wordsOf(text: string): Words {
  const words = new Uint32Array(Math.ceil(text.length / 4)).fill(FOUR_BLANKS);
  for (let at = 0; at < text.length; at++) {
    const shift = (at & 3) * 8;
    words[at >> 2] = ((words[at >> 2] as number) & ~(0xff << shift)) | (text.charCodeAt(at) << shift);
  }
  return { words, length: text.length };
}

function makeTexts(): Texts {
  const heads: Words[] = [];
  const names: Words[] = [];
  const paddedNames: Words[] = [];
  for (const { name, code } of opcodes) {
    const shown = code < 0x7f ? String.fromCharCode(code) : `\\x${code.toString(16)}`;
    heads[code] = wordsOf(`: ${shown.padEnd(4)} `);
    names[code] = wordsOf(name);
    paddedNames[code] = wordsOf(name.padEnd(NAME_WIDTH));
  }
  const notes = [wordsOf(" no MARK exists on stack"), wordsOf(" (MARK at "), wordsOf(" (as ")] as const;
  return { heads, names, paddedNames, notes };
}

/** Writes the lines of a disassembly as `pickletools.dis` does. */
export class LineWriter extends TextSink {
  readonly #texts = (texts ??= makeTexts());
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
    this.#annotate = this.#column = Math.trunc(annotate) || 0;
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
    const { heads, names, paddedNames } = this.#texts;
    const hasOperand = opcode.operand !== null;
    const indent = depth * this.#indent;
    this.reserve(indent + FIXED_WIDTH);
    this.decimal(from.position, POSITION_WIDTH);
    const start = this.length + 2 - this.surplus;
    this.#words(heads[code] as Words);
    for (let at = 0; at < indent; at += 4) this.view.setUint32(this.length + at, FOUR_BLANKS, true);
    this.length += indent;
    this.#words((hasOperand || note !== "none" ? paddedNames : names)[code] as Words);
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

  /** Four bytes at a time, the last of them beyond the end: a byte at a time took 1.1 times as long for all of `dis`. */
  #words({ words, length }: Words): void {
    const { view } = this;
    for (let i = 0; i < words.length; i++) view.setUint32(this.length + 4 * i, words[i] as number, true);
    this.length += length;
  }

  #note({ note, noted }: Disassembler): void {
    this.reserve(FIXED_WIDTH);
    const { notes } = this.#texts;
    if (note === "no-mark") this.#words(notes[0]);
    else {
      this.#words(note === "mark" ? notes[1] : notes[2]);
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
