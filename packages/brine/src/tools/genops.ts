import { toBytes } from "../bytes/input.ts";
import { STOP } from "../syntax/opcodes.ts";
import { OpReader } from "./op-reader.ts";
import { isToolSource, opsOf, type ToolSource } from "./op-stream.ts";
import { PickleOp } from "./pickle-op.ts";
import { startOf, type StartOptions, type ToolInput } from "./tool-input.ts";

/** What {@link genops} returns: by hand, as a generator takes twice the time. */
class PickleOps implements IterableIterator<PickleOp, undefined> {
  readonly #reader: OpReader;
  #isDone = false;

  constructor(bytes: Uint8Array, start: number) {
    this.#reader = new OpReader(bytes, start, false);
  }

  [Symbol.iterator](): this {
    return this;
  }

  // Small, so that it is inlined, and with one object for both ends, so that V8 can do without it: two fifths of all memory.
  next(): IteratorResult<PickleOp, undefined> {
    const value = this.#step();
    return { value, done: value === undefined } as IteratorResult<PickleOp, undefined>;
  }

  #step(): PickleOp | undefined {
    if (this.#isDone) return undefined;
    const reader = this.#reader;
    const { cursor } = reader;
    // An error is the end.
    this.#isDone = true;
    const opcode = reader.next();
    if (cursor.code !== STOP) this.#isDone = false;
    return new PickleOp(opcode, reader.operand, cursor.position, cursor.end, cursor.bytes);
  }

  return(): IteratorResult<PickleOp, undefined> {
    this.#isDone = true;
    return { value: undefined, done: true };
  }
}

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
