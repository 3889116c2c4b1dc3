import { decodeUtf8 } from "../bytes/utf8.ts";
import { UnpicklingError } from "../errors.ts";
import { BINFLOAT, FLOAT, opcodeName, type OperandKind } from "../syntax/opcodes.ts";
import type { Disassembler } from "./disassembler.ts";
import { opcodeProse, type OpcodeName } from "./opcode-prose.ts";
import { operandText } from "./operand-text.ts";
import { RunningDecimal } from "./running-decimal.ts";
import { TextSink } from "./text-sink.ts";

/** From this column on, annotations go back to where they were asked to be. */
const WIDEST = 50;
/** Characters for a position. */
const POSITION_WIDTH = 5;
/** Characters between a position and the indentation. */
const HEAD_WIDTH = 7;
/** Of lines that are indented by less, the heads are kept. */
const SHALLOW = 16;
const NARROW = 64;
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

/** What is made once: the heads of lines by opcode and depth, and the notes. */
interface Texts {
  /** For an indentation of 4, which most have. */
  readonly heads: (Words | undefined)[];
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

function headText(code: number, indent: number, isPadded: boolean): string {
  const shown = code < 0x7f ? String.fromCharCode(code) : `\\x${code.toString(16)}`;
  const name = opcodeName(code) ?? "";
  return `: ${shown.padEnd(4)} ${" ".repeat(indent)}${isPadded ? name.padEnd(NAME_WIDTH) : name}`;
}

// All of its length at once: one that grew by jumps would be a dictionary for V8.
const noHeads = (): (Words | undefined)[] => new Array<Words | undefined>(256 * 2 * SHALLOW).fill(undefined);

function makeTexts(): Texts {
  const notes = [wordsOf(" no MARK exists on stack"), wordsOf(" (MARK at "), wordsOf(" (as ")] as const;
  return { heads: noHeads(), notes };
}

/** Writes the lines of a disassembly as `pickletools.dis` does. */
export class LineWriter extends TextSink {
  readonly #texts = (texts ??= makeTexts());
  readonly #heads: (Words | undefined)[];
  readonly #position = new RunningDecimal();
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
    this.#heads = this.#indent === 4 ? this.#texts.heads : noHeads();
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
    const hasOperand = opcode.operand !== null;
    this.reserve(NARROW + FIXED_WIDTH);
    this.#writePosition(from.position);
    const start = this.length + 2 - this.surplus;
    this.#head(code, depth, hasOperand || note !== "none");
    if (hasOperand) this.#operand(from, opcode.operand);
    if (note !== "none") this.#note(from);
    if (this.#annotate !== 0) this.#annotation(from, start);
    this.u8(0x0a);
  }

  /** What stands between the position and the operand: most of it is made once, and written in one go. */
  #head(code: number, depth: number, isPadded: boolean): void {
    const indent = depth * this.#indent;
    if (depth < SHALLOW && indent <= NARROW) {
      const key = (code << 5) | (depth << 1) | (isPadded ? 1 : 0);
      this.#words((this.#heads[key] ??= wordsOf(headText(code, indent, isPadded))));
      return;
    }
    this.text(headText(code, 0, false).slice(0, HEAD_WIDTH));
    this.blanks(indent);
    this.text(headText(code, 0, isPadded).slice(HEAD_WIDTH));
    this.reserve(FIXED_WIDTH);
  }

  #writePosition(position: number): void {
    const running = this.#position;
    running.set(position);
    const width = Math.max(POSITION_WIDTH, running.digits);
    const { view, length } = this;
    const from = running.end - width;
    // Eight bytes at a time, the last of them beyond the number.
    for (let at = 0; at < width; at += 8) {
      view.setUint32(length + at, running.view.getUint32(from + at));
      view.setUint32(length + at + 4, running.view.getUint32(from + at + 4));
    }
    this.length += width;
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
