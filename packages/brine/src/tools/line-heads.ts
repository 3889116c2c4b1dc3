import { opcodeName, opcodes, STOP } from "../syntax/opcodes.ts";
import { linePlans, suffixOf } from "./line-plans.ts";

/** Characters for a name before its operand. */
export const NAME_WIDTH = 10;
/** More characters than a head has without its indentation. */
const LONGEST = 48;
/** Characters between a position and the indentation. */
export const BEFORE_INDENT = 7;
/** Heads that are indented by less than this are kept. */
const WIDEST = 128;
/** Depths of which they are kept. */
export const SHALLOW = 32;

/** A line from behind its position to the end of the opcode's name, not indented and padded. */
function headText(code: number): string {
  const shown = code < 0x7f ? String.fromCharCode(code) : `\\x${code.toString(16)}`;
  return `: ${shown.padEnd(4)} ${(opcodeName(code) ?? "").padEnd(NAME_WIDTH)}`;
}

/**
 * What lines have between the position and what is their own, made once for each opcode and depth. Eight bytes may be
 * read from anywhere in them.
 */
export class LineHeads {
  /** The texts, ASCII. */
  view: DataView<ArrayBuffer> = new DataView(new ArrayBuffer(4096));
  /**
   * By `depth * 256 + code`: where the text begins, times 256, and how long it is for a line of the usual kind; 0 if it
   * is not made.
   */
  readonly places: Int32Array = new Int32Array(256 * SHALLOW);
  readonly #indent: number;
  #length = 8;

  /** @param indent - blanks for an open MARK. */
  constructor(indent: number) {
    this.#indent = indent;
  }

  /** Makes the heads of a depth; `false` if they are too wide. */
  make(depth: number): boolean {
    const indent = this.#indent * depth;
    if (depth >= SHALLOW || indent >= WIDEST) return false;
    if (this.places[256 * depth + STOP] !== 0) return true;
    const room = opcodes.length * (indent + LONGEST) + 8;
    if (this.#length + room > this.view.byteLength) {
      const bytes = new Uint8Array(Math.max(2 * this.view.byteLength, this.#length + room));
      bytes.set(new Uint8Array(this.view.buffer));
      this.view = new DataView(bytes.buffer);
    }
    for (const { code, name } of opcodes) {
      const suffix = suffixOf(linePlans()[code] as number);
      const head = headText(code);
      const length = this.#write(
        head.slice(0, BEFORE_INDENT) + " ".repeat(indent) + head.slice(BEFORE_INDENT) + suffix,
      );
      const own = suffix === "" ? BEFORE_INDENT + indent + name.length : length;
      this.places[256 * depth + code] = (this.#length - length) * 256 + own;
    }
    return true;
  }

  #write(text: string): number {
    for (let at = 0; at < text.length; at++) this.view.setUint8(this.#length++, text.charCodeAt(at));
    return text.length;
  }
}

let usual: LineHeads | undefined;

/** The heads for an indentation; those for 4, which most have, are kept. */
export function headsFor(indent: number): LineHeads {
  return indent === 4 ? (usual ??= new LineHeads(4)) : new LineHeads(indent);
}
