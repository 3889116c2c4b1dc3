import { failure } from "../bytes/failure.ts";
import { ByteSink } from "../bytes/sink.ts";
import type { Opcode } from "../syntax/opcodes.ts";
import { writeOperand } from "./operand-writers.ts";
import type { Operand } from "./operands.ts";

/** An opcode to be written: a row of {@link genops}, or one made by hand. */
export interface WritableOp {
  /** One of `opcodes`. */
  readonly opcode: Opcode;
  /** The operand as it is written, with its length or its newlines; it goes before `operand`. */
  readonly raw?: Uint8Array | undefined;
  /** The operand to be written in its usual form, if there is no `raw`. */
  readonly operand?: Operand | null | undefined;
}

/**
 * The bytes of opcodes: `reassemble(genops(data))` is `data` up to the end of its STOP, byte for byte.
 *
 * @throws UnpicklingError `invalid-operand` for an operand that the opcode cannot have; and what `ops` throws.
 * @example
 * const ops = [...genops(data)];
 * reassemble(ops.filter(({ opcode }) => opcode.name !== "FRAME")); // without its frames
 */
export function reassemble(ops: Iterable<WritableOp>): Uint8Array {
  const sink = new ByteSink();
  for (const { opcode, raw, operand } of ops) {
    sink.u8(opcode.code);
    if (raw !== undefined) sink.raw(raw);
    else if (opcode.operand !== null) {
      if (operand == null) throw failure("invalid-operand", `${opcode.name} needs an operand`, "TypeError");
      writeOperand(sink, opcode.operand, operand);
    }
  }
  return sink.take();
}
