import { decodeUtf8 } from "../bytes/utf8.ts";
import { type Opcode, STOP } from "../syntax/opcodes.ts";
import { OpReader, opTables } from "./op-reader.ts";
import { FLOAT, INT, NO_OPERAND, ONE_BYTE, SHORT_TEXT, TWO_BYTES, UINT } from "./operand-ways.ts";
import type { Operand } from "./operands.ts";
import { PickleOp } from "./pickle-op.ts";

/** More bytes than the longest of the opcodes that are read in place. */
const SLACK = 2 + 255;

/** The opcodes of one pickle, up to its STOP: by hand, as a generator takes twice the time. */
export class PickleOps implements IterableIterator<PickleOp, undefined> {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #opcodes: readonly Opcode[];
  readonly #ways: Uint8Array;
  readonly #reader: OpReader;
  #at: number;
  /** Before this, an opcode that is read in place is there as a whole. */
  #safe: number;

  constructor(bytes: Uint8Array, start: number) {
    const { opcodes, ways } = opTables();
    this.#bytes = bytes;
    this.#opcodes = opcodes;
    this.#ways = ways;
    this.#reader = new OpReader(bytes, start, false);
    this.#view = this.#reader.view;
    this.#at = start;
    this.#safe = bytes.length - SLACK;
  }

  [Symbol.iterator](): this {
    return this;
  }

  // Small, so that it is inlined, and with one object for both ends, so that V8 can do without it: two fifths of all memory.
  next(): IteratorResult<PickleOp, undefined> {
    const value = this.#step();
    return { value, done: value === undefined } as IteratorResult<PickleOp, undefined>;
  }

  /** The usual opcodes in place: through the reader, all took 1.25 times as long. */
  #step(): PickleOp | undefined {
    const at = this.#at;
    if (at >= this.#safe) return this.#read();
    const bytes = this.#bytes;
    const code = bytes[at] as number;
    let operand: Operand | null;
    let end: number;
    switch (this.#ways[code]) {
      case NO_OPERAND:
        if (code === STOP) return this.#read();
        operand = null;
        end = at + 1;
        break;
      case ONE_BYTE:
        operand = bytes[at + 1] as number;
        end = at + 2;
        break;
      case TWO_BYTES:
        operand = (bytes[at + 1] as number) | ((bytes[at + 2] as number) << 8);
        end = at + 3;
        break;
      case INT:
        operand = this.#view.getInt32(at + 1, true);
        end = at + 5;
        break;
      case UINT:
        operand = this.#view.getUint32(at + 1, true);
        end = at + 5;
        break;
      case FLOAT:
        operand = this.#view.getFloat64(at + 1);
        end = at + 9;
        break;
      case SHORT_TEXT:
        end = at + 2 + (bytes[at + 1] as number);
        try {
          operand = decodeUtf8(bytes, at + 2, end);
        } catch {
          // The reader knows how to say it.
          return this.#read();
        }
        break;
      default:
        return this.#read();
    }
    this.#at = end;
    return new PickleOp(this.#opcodes[code] as Opcode, operand, at, end, bytes);
  }

  /** Any opcode. */
  #read(): PickleOp | undefined {
    const safe = this.#safe;
    if (safe === Number.NEGATIVE_INFINITY) return undefined;
    // An error is the end.
    this.#safe = Number.NEGATIVE_INFINITY;
    const reader = this.#reader;
    const { cursor } = reader;
    cursor.end = this.#at;
    const opcode = reader.next();
    if (cursor.code !== STOP) this.#safe = safe;
    this.#at = cursor.end;
    return new PickleOp(opcode, reader.operand, cursor.position, cursor.end, cursor.bytes);
  }

  return(): IteratorResult<PickleOp, undefined> {
    this.#safe = Number.NEGATIVE_INFINITY;
    return { value: undefined, done: true };
  }
}
