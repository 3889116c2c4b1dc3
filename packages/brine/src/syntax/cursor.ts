import { UnpicklingError, locate } from "../errors.ts";
import { invalidLoadKey } from "./load-key.ts";
import { opcodeName, opcodeOf, STOP, type OperandKind } from "./opcodes.ts";

// Operand layouts, by opcode: 0..8 a fixed width, the others a length in front or a line.
const LINE = 16;
const TWO_LINES = 17;
const COUNTED1 = 18;
const COUNTED4 = 19;
const COUNTED4_SIGNED = 20;
const COUNTED8 = 21;
const NO_OPCODE = 255;

function layoutOf(kind: OperandKind | null): number {
  switch (kind) {
    case null:
      return 0;
    case "uint1":
      return 1;
    case "uint2":
      return 2;
    case "int4":
    case "uint4":
      return 4;
    case "uint8":
    case "float8":
      return 8;
    case "string1":
    case "bytes1":
    case "unicodestring1":
    case "long1":
      return COUNTED1;
    case "string4":
    case "bytes4":
    case "unicodestring4":
      return COUNTED4;
    case "long4":
      return COUNTED4_SIGNED;
    case "bytes8":
    case "bytearray8":
    case "unicodestring8":
      return COUNTED8;
    case "stringnl_noescape_pair":
      return TWO_LINES;
    default:
      return LINE;
  }
}

let layouts: Uint8Array | undefined;

function layoutTable(): Uint8Array {
  if (layouts === undefined) {
    layouts = new Uint8Array(256).fill(NO_OPCODE);
    for (let code = 0; code < 256; code++) {
      const opcode = opcodeOf(code);
      if (opcode !== undefined) layouts[code] = layoutOf(opcode.operand);
    }
  }
  return layouts;
}

/**
 * Walks over the opcodes of a pickle, one {@link next} each. It allocates nothing per opcode and constructs nothing:
 * where the operand stands is told by {@link operandStart} and {@link operandEnd}, and what it means is for
 * `operand-readers.ts` to say.
 */
export class OpCursor {
  /** The bytes walked over. */
  readonly bytes: Uint8Array;
  /** Code of the opcode the cursor stands on; −1 before the first. */
  code = -1;
  /** Where that opcode stands, in bytes from the start of `bytes`. */
  position = 0;
  /** First byte of its operand, after a length in front of it. */
  operandStart = 0;
  /** End of its operand; of a line, the position of its newline. */
  operandEnd = 0;
  /** Where the next opcode stands. */
  end: number;
  readonly #layouts: Uint8Array = layoutTable();
  readonly #view: DataView;

  /** @param start position of the first opcode, 0 unless given */
  constructor(bytes: Uint8Array, start = 0) {
    this.bytes = bytes;
    this.end = start;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * Steps onto the next opcode. After STOP the next one begins another pickle.
   *
   * @returns `false` at the end of the bytes
   * @throws UnpicklingError `invalid-opcode` or `truncated`, with the opcode's position; `invalid-operand` for a negative LONG4 length
   */
  next(): boolean {
    const { bytes } = this;
    const at = this.end;
    if (at >= bytes.length) return false;
    const code = bytes[at] as number;
    this.code = code;
    this.position = at;
    const layout = this.#layouts[code] as number;
    let start = at + 1;
    if (layout <= 8) {
      this.operandStart = start;
      this.operandEnd = this.end = start + layout;
      if (this.end > bytes.length) this.#truncated();
      return true;
    }
    if (layout === LINE || layout === TWO_LINES) {
      let newline = bytes.indexOf(10, start);
      if (newline >= 0 && layout === TWO_LINES) newline = bytes.indexOf(10, newline + 1);
      if (newline < 0) this.#truncated();
      this.operandStart = start;
      this.operandEnd = newline;
      this.end = newline + 1;
      return true;
    }
    let length = 0;
    if (layout === COUNTED1) {
      if (start >= bytes.length) this.#truncated();
      length = bytes[start++] as number;
    } else if (layout === COUNTED4 || layout === COUNTED4_SIGNED) {
      if (start + 4 > bytes.length) this.#truncated();
      length = layout === COUNTED4 ? this.#view.getUint32(start, true) : this.#view.getInt32(start, true);
      start += 4;
      if (length < 0) this.#fail("invalid-operand", "LONG pickle has negative byte count");
    } else if (layout === COUNTED8) {
      if (start + 8 > bytes.length) this.#truncated();
      // Above 2^53 the sum is inexact, and far beyond any buffer all the same.
      length = this.#view.getUint32(start, true) + this.#view.getUint32(start + 4, true) * 0x1_0000_0000;
      start += 8;
    } else {
      this.#fail("invalid-opcode", invalidLoadKey(code));
    }
    this.operandStart = start;
    this.operandEnd = this.end = start + length;
    if (this.end > bytes.length) this.#truncated();
    return true;
  }

  /** Whether the cursor stands on STOP, the end of a pickle. */
  get stopped(): boolean {
    return this.code === STOP;
  }

  #truncated(): never {
    this.#fail("truncated", "pickle data was truncated");
  }

  #fail(code: "truncated" | "invalid-opcode" | "invalid-operand", words: string): never {
    this.end = this.position;
    throw locate(new UnpicklingError(code, words), this.position, opcodeName(this.code));
  }
}
