import { opcodeName, opcodes } from "../syntax/opcodes.ts";
import { linePlans, suffixOf } from "./line-plans.ts";

/** Characters for a name before its operand. */
const NAME_WIDTH = 10;
/** Characters between a position and the indentation. */
export const BEFORE_INDENT = 7;
/** Heads that are indented by less than this are kept. */
const WIDEST = 128;
/** Depths of which they are kept. */
export const SHALLOW = 32;

/** A line from behind its position to the end of the opcode's name, which is padded if something comes behind it. */
export function headText(code: number, isPadded: boolean): string {
  const shown = code < 0x7f ? String.fromCharCode(code) : `\\x${code.toString(16)}`;
  const name = opcodeName(code) ?? "";
  return `: ${shown.padEnd(4)} ${isPadded ? name.padEnd(NAME_WIDTH) : name}`;
}

/**
 * What lines have between the position and what is their own, made once for each opcode and depth. Eight bytes may be
 * read from anywhere in them.
 */
export class LineHeads {
  /** The texts, ASCII. */
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(4096);
  /** The same memory. */
  view: DataView<ArrayBuffer> = new DataView(this.bytes.buffer);
  /** By `depth * 256 + code`: where the text begins, times 256, and its length; 0 if it is not made. */
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
    for (const { code } of opcodes) this.#add(code, depth, indent);
    return true;
  }

  #add(code: number, depth: number, indent: number): void {
    const suffix = suffixOf(linePlans()[code] as number);
    const head = headText(code, suffix !== "");
    const text = head.slice(0, BEFORE_INDENT) + " ".repeat(indent) + head.slice(BEFORE_INDENT) + suffix;
    const start = this.#length;
    if (start + text.length + 8 > this.bytes.length) {
      const { bytes } = this;
      this.bytes = new Uint8Array(2 * bytes.length);
      this.bytes.set(bytes);
      this.view = new DataView(this.bytes.buffer);
    }
    for (let at = 0; at < text.length; at++) this.bytes[start + at] = text.charCodeAt(at);
    this.#length = start + text.length;
    this.places[256 * depth + code] = start * 256 + text.length;
  }
}

let usual: LineHeads | undefined;

/** The heads for an indentation; those for 4, which most have, are kept. */
export function headsFor(indent: number): LineHeads {
  return indent === 4 ? (usual ??= new LineHeads(4)) : new LineHeads(indent);
}
