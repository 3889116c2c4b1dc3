import type { Opcode } from "../syntax/opcodes.ts";
import type { Operand } from "./operands.ts";

/** One opcode of a pickle, with its operand. */
export class PickleOp {
  /** What the table says of the opcode. */
  readonly opcode: Opcode;
  /** Its operand decoded, `null` if it has none. */
  readonly operand: Operand | null;
  /** Where the opcode stands, in bytes from the start of `data`. */
  readonly position: number;
  /** Where the next opcode would stand. */
  readonly end: number;
  /** The bytes that `position` and `end` are positions in; of data that came in pieces, those of this opcode alone. */
  readonly data: Uint8Array;

  constructor(opcode: Opcode, operand: Operand | null, position: number, end: number, data: Uint8Array) {
    this.opcode = opcode;
    this.operand = operand;
    this.position = position;
    this.end = end;
    this.data = data;
  }

  /** The operand as it is written, with its length or its newlines: a view of `data`. */
  get raw(): Uint8Array {
    return this.data.subarray(this.position + 1, this.end);
  }
}
