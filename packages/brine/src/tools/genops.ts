import { toBytes } from "../bytes/input.ts";
import { isToolSource, opsOf, type ToolSource } from "./op-stream.ts";
import type { PickleOp } from "./pickle-op.ts";
import { PickleOps } from "./pickle-ops.ts";
import { startOf, type StartOptions, type ToolInput } from "./tool-input.ts";

/**
 * Gives the opcodes of one pickle, up to its STOP, as `pickletools.genops` does. Nothing is constructed.
 *
 * @throws UnpicklingError where CPython 3.13's `genops` raises ValueError, in its words and after what came before; but
 *   text beyond ASCII is fine in STRING (latin-1), GLOBAL, INST and PERSID (UTF-8, or else latin-1).
 * @example
 * for (const { opcode, operand, position } of genops(data)) console.log(position, opcode.name, operand);
 */
export function genops(data: ToolInput, options?: StartOptions): IterableIterator<PickleOp, undefined>;
/**
 * The same of data that comes in pieces, which may end anywhere: chunks of a file, a `ReadableStream`. Of these only what is
 * not read yet is kept. After STOP the source is closed; what comes behind it in the last piece is dropped.
 *
 * @throws UnpicklingError as for bytes; what the source throws.
 * @example
 * for await (const { opcode } of genops(createReadStream(path))) console.log(opcode.name);
 */
export function genops(
  source: ToolSource,
  options?: StartOptions,
): AsyncIterableIterator<PickleOp, undefined>;
export function genops(
  data: ToolInput | ToolSource,
  options: StartOptions = {},
): IterableIterator<PickleOp, undefined> | AsyncIterableIterator<PickleOp, undefined> {
  const start = startOf(options);
  if (isToolSource(data)) return opsOf(data, start);
  return new PickleOps(toBytes(data), start);
}
