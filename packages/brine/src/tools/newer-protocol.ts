import * as op from "../syntax/opcodes.ts";

/** The protocol that sizes are estimated for. */
export const NEWEST = op.HIGHEST_PROTOCOL;
/** PROTO, and the FRAME of a pickle that is not tiny. */
const HEADER = 11;
const FRAME_SIZE = 9;
const FRAME_TARGET = 64 * 1024;

const textHead = (length: number): number => (length < 256 ? 2 : 5);

function intSize(magnitude: number): number {
  if (magnitude < 0x100) return 2;
  if (magnitude < 0x1_0000) return 3;
  return magnitude < 0x8000_0000 ? 5 : 2 + Math.ceil((Math.log2(magnitude) + 1) / 8);
}

function intLineSize(bytes: Uint8Array, start: number, end: number): number {
  const digits = end - start;
  if (digits > 15) return 2 + Math.ceil((digits * Math.log2(10)) / 8);
  let value = 0;
  const isNegative = bytes[start] === 45;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 48;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
  }
  // Negative ones have no shorter form than four bytes.
  return isNegative ? Math.max(5, intSize(value)) : intSize(value);
}

const hex = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 102));

/** Bytes of a raw-unicode-escape in UTF-8. */
function escapedSize(bytes: Uint8Array, start: number, end: number): number {
  let size = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === 92 && bytes[at + 1] === 117 && hex(bytes[at + 2])) {
      const isAscii = bytes[at + 2] === 48 && bytes[at + 3] === 48;
      size += isAscii ? 1 : bytes[at + 2] === 48 && ((bytes[at + 3] as number) & 15) < 8 ? 2 : 3;
      at += 5;
    } else if (byte === 92 && bytes[at + 1] === 85 && hex(bytes[at + 2])) {
      size += 4;
      at += 9;
    } else size += byte < 0x80 ? 1 : 2;
  }
  return size;
}

/**
 * Estimates what a pickle would take at the newest protocol, opcode by opcode. Of what another
 * protocol reduces in another way, only bytes and objects of plain classes are foreseen.
 */
export class NewerProtocol {
  /** The estimate for the pickles that have ended. */
  total = 0;
  #current = 0;
  #isText = false;
  readonly #modules = new Set<string>();

  /** Counts an opcode other than GLOBAL and INST. */
  add(bytes: Uint8Array, code: number, start: number, end: number, size: number): void {
    switch (code) {
      case op.PROTO:
      case op.FRAME:
        return;
      case op.PUT:
      case op.BINPUT:
      case op.LONG_BINPUT:
        this.#current += 1;
        return;
      case op.GET:
        this.#current += end - start < 3 ? 2 : Math.min(5, end - start);
        return;
      case op.INT:
        // True and False are 01 and 00.
        this.#current += end - start === 2 && bytes[start] === 48 ? 1 : intLineSize(bytes, start, end);
        return;
      case op.LONG:
        this.#current += intLineSize(bytes, start, end - 1);
        return;
      case op.FLOAT:
        this.#current += 9;
        return;
      case op.UNICODE: {
        const length = escapedSize(bytes, start, end);
        this.#current += textHead(length) + length;
        return;
      }
      case op.STRING:
        this.#current += textHead(end - start - 2) + Math.max(0, end - start - 2);
        return;
      case op.BINUNICODE:
      case op.BINSTRING:
        this.#current += textHead(end - start) + end - start;
        return;
      case op.LIST:
      case op.DICT:
        // EMPTY_LIST, and its MARK and APPENDS; the MARK in front of LIST is counted.
        this.#isText = true;
        this.#current += 2;
        return;
      case op.APPEND:
      case op.SETITEM:
        if (!this.#isText) this.#current += 1;
        return;
      default:
        this.#current += size;
    }
  }

  /** Counts a class or function by name. */
  addGlobal(module: string, nameLength: number): void {
    this.#current += this.#modules.has(module) ? 2 : textHead(module.length) + module.length + 1;
    if (this.#modules.size < 1000) this.#modules.add(module);
    this.#current += textHead(nameLength) + nameLength + 2;
  }

  /** Counts a tuple behind a MARK. */
  addTuple(length: number): void {
    if (length <= 3) this.#current -= 1;
  }

  /** Counts an object that is made with so many bytes less. */
  shrink(bytes: number): void {
    this.#current -= bytes;
  }

  /** At the end of a pickle. */
  close(): void {
    const frames = Math.max(0, Math.floor(this.#current / FRAME_TARGET));
    this.total += this.#current + HEADER + frames * FRAME_SIZE;
    this.#current = 0;
    this.#isText = false;
    this.#modules.clear();
  }
}
