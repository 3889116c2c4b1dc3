import { FLOAT, INT, NO_OPERAND, ONE_BYTE, READ, SHORT_TEXT, TWO_BYTES, UINT } from "./operand-ways.ts";
import { locate, UnpicklingError } from "../errors.ts";
import { OpCursor } from "../syntax/cursor.ts";
import { BINSTRING, type Opcode, opcodeName, opcodes, type OperandKind, STRING } from "../syntax/opcodes.ts";
import { opFailure } from "./op-failures.ts";
import { type Operand, type OperandReader, operandReaders } from "./operands.ts";
import { plainBytes } from "./plain-text.ts";

const textKinds: ReadonlySet<OperandKind | null> = new Set<OperandKind | null>([
  "string1",
  "string4",
  "unicodestring1",
  "unicodestring4",
  "unicodestring8",
  "unicodestringnl",
  "stringnl",
  "stringnl_noescape",
  "stringnl_noescape_pair",
]);

const ways: Readonly<Partial<Record<OperandKind, number>>> = {
  uint1: ONE_BYTE,
  uint2: TWO_BYTES,
  int4: INT,
  float8: FLOAT,
  uint4: UINT,
  unicodestring1: SHORT_TEXT,
};

/** What there is to know by the code of an opcode. */
export interface OpTables {
  /** The opcode. */
  readonly opcodes: readonly Opcode[];
  /** What decodes its operand, `null` if it has none. */
  readonly readers: readonly (OperandReader | null)[];
  /** 1 if the operand is text, 2 if it is two lines. */
  readonly texts: Uint8Array;
  /** How the operand is read. */
  readonly ways: Uint8Array;
}

let tables: OpTables | undefined;

function makeTables(): OpTables {
  const byCode = new Array<Opcode>(256).fill(opcodes[0] as Opcode);
  const readers = new Array<OperandReader | null>(256).fill(null);
  const texts = new Uint8Array(256);
  const byWay = new Uint8Array(256);
  for (const opcode of opcodes) {
    const { code, operand } = opcode;
    byCode[code] = opcode;
    byWay[code] = operand === null ? NO_OPERAND : (ways[operand] ?? READ);
    if (operand !== null) readers[code] = operandReaders[operand];
    if (textKinds.has(operand)) texts[code] = operand === "stringnl_noescape_pair" ? 2 : 1;
  }
  return { opcodes: byCode, readers, texts, ways: byWay };
}

/** The tables, made once. */
export const opTables = (): OpTables => (tables ??= makeTables());

/** Walks over the opcodes of a pickle and decodes their operands; fails in the words of pickletools. */
export class OpReader {
  /** Where it stands. */
  readonly cursor: OpCursor;
  /** Whether the operand is text whose characters Python shows as they are, from `textStart` to `textEnd`. */
  isPlain = false;
  /** Where such a text begins, behind a quote. */
  textStart = 0;
  /** Where such a text ends, in front of a quote. */
  textEnd = 0;
  readonly #opcodes: readonly Opcode[];
  readonly #readers: readonly (OperandReader | null)[];
  readonly #texts: Uint8Array;
  readonly #ways: Uint8Array;
  readonly #plain: Uint8Array;
  /** The bytes, for numbers. */
  readonly view: DataView;
  readonly #base: number;
  #operand: Operand | null | undefined = null;

  /**
   * @param isLazy - whether a plain text is decoded only when it is asked for.
   * @param base - where the bytes begin in what errors count positions in.
   */
  constructor(bytes: Uint8Array, start: number, isLazy: boolean, base = 0) {
    this.#base = base;
    const { opcodes: byCode, readers, texts, ways: byWay } = opTables();
    this.#opcodes = byCode;
    this.#readers = readers;
    this.#texts = isLazy ? texts : new Uint8Array(256);
    this.#ways = byWay;
    this.#plain = plainBytes();
    this.cursor = new OpCursor(bytes, start);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The operand of the opcode it stands on, `null` if that has none. */
  get operand(): Operand | null {
    return this.#operand === undefined ? (this.#operand = this.#decode()) : this.#operand;
  }

  /**
   * Steps onto the next opcode, which has to be there, and its operand too.
   *
   * @throws UnpicklingError `no-data`, `truncated`, `invalid-opcode`, `invalid-operand`, `undecodable-text`,
   *   `unrepresentable`, with the opcode's position.
   */
  next(): Opcode {
    const { cursor } = this;
    const at = cursor.end;
    this.isPlain = false;
    try {
      // The length of a BINSTRING is signed, and no cursor minds that in a buffer of that size.
      if (
        !cursor.next() ||
        (cursor.code === BINSTRING && cursor.operandEnd - cursor.operandStart > 0x7fff_ffff)
      ) {
        throw opFailure(cursor.bytes, at, this.#base);
      }
      const { code, bytes, operandStart: start } = cursor;
      switch (this.#ways[code]) {
        case NO_OPERAND:
          this.#operand = null;
          break;
        case ONE_BYTE:
          this.#operand = bytes[start] as number;
          break;
        case TWO_BYTES:
          this.#operand = (bytes[start] as number) | ((bytes[start + 1] as number) << 8);
          break;
        case INT:
          this.#operand = this.view.getInt32(start, true);
          break;
        case FLOAT:
          this.#operand = this.view.getFloat64(start);
          break;
        case UINT:
          this.#operand = this.view.getUint32(start, true);
          break;
        default: {
          const text = this.#texts[code] as number;
          if (text > 0 && this.#findPlain(code, text === 2)) this.#operand = undefined;
          else this.#operand = this.#decode();
        }
      }
    } catch (error) {
      throw this.#explained(error, at);
    }
    return this.#opcodes[cursor.code] as Opcode;
  }

  #decode(): Operand | null {
    const { cursor } = this;
    const read = this.#readers[cursor.code] as OperandReader | null;
    return read === null ? null : read(cursor.bytes, this.view, cursor.operandStart, cursor.operandEnd);
  }

  #findPlain(code: number, isPair: boolean): boolean {
    const { bytes, operandStart, operandEnd } = this.cursor;
    const plain = this.#plain;
    let start = operandStart;
    let end = operandEnd;
    if (code === STRING) {
      const quote = bytes[start];
      end--;
      if ((quote !== 0x27 && quote !== 0x22) || end <= start || bytes[end] !== quote) return false;
      start++;
    }
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      if (plain[byte] === 0 && !(isPair && byte === 10)) return false;
    }
    this.textStart = start;
    this.textEnd = end;
    return (this.isPlain = true);
  }

  #explained(error: unknown, at: number): unknown {
    if (!(error instanceof UnpicklingError)) return error;
    let reason = error;
    // An error that has a place is the cursor's.
    if (error.offset !== undefined) {
      try {
        reason = opFailure(this.cursor.bytes, at, this.#base);
      } catch (other) {
        reason = other as UnpicklingError;
      }
    }
    return locate(reason, this.#base + at, opcodeName(this.cursor.bytes[at] ?? -1));
  }
}
