import { UnpicklingError, locate } from "../errors.ts";
import { COUNTED, layouts, length8, LINE, TWO_LINES } from "./layouts.ts";
import { invalidLoadKey } from "./load-key.ts";
import { LONG4, opcodeName, STOP } from "./opcodes.ts";

const NEWLINE = 0x0a;
const NO_OPCODE = 255;
let known: Uint8Array | undefined;

/** The layouts, with {@link NO_OPCODE} for the bytes that are no opcode. */
function knownLayouts(): Uint8Array {
  return (known ??= layouts.map((layout, code) => (opcodeName(code) === undefined ? NO_OPCODE : layout)));
}

/**
 * Walks over the opcodes of a pickle, one {@link next} each. It allocates nothing per opcode and constructs nothing:
 * where the operand stands is told by {@link operandStart} and {@link operandEnd}; the readers of operands take it from there.
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
  readonly #layouts: Uint8Array = knownLayouts();
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
    if (layout < COUNTED) {
      this.operandStart = start;
      this.operandEnd = this.end = start + layout;
      if (this.end > bytes.length) this.#truncated();
      return true;
    }
    if (layout === LINE || layout === TWO_LINES) {
      let newline = bytes.indexOf(NEWLINE, start);
      if (newline >= 0 && layout === TWO_LINES) newline = bytes.indexOf(NEWLINE, newline + 1);
      if (newline < 0) this.#truncated();
      this.operandStart = start;
      this.operandEnd = newline;
      this.end = newline + 1;
      return true;
    }
    if (layout === NO_OPCODE) this.#fail("invalid-opcode", invalidLoadKey(code));
    const width = layout - COUNTED;
    if (start + width > bytes.length) this.#truncated();
    const length =
      width === 1
        ? (bytes[start] as number)
        : width === 8
          ? length8(this.#view, start)
          : code === LONG4
            ? this.#view.getInt32(start, true)
            : this.#view.getUint32(start, true);
    if (length < 0) this.#fail("invalid-operand", "LONG pickle has negative byte count");
    start += width;
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
