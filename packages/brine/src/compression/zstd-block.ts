import type { History } from "./history.ts";
import {
  BackwardBits,
  corrupt,
  type FseTable,
  fseTable,
  type HuffmanTable,
  readFseTable,
  readHuffmanTable,
  singleTable,
} from "./zstd-entropy.ts";

/** What a block may hold at most. */
export const LARGEST_BLOCK = 1 << 17;

// Source: RFC 8878, section 3.1.1.3.2.1.1.
const literalExtra = Uint8Array.of(
  ...new Array<number>(16).fill(0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
);
const matchExtra = Uint8Array.of(
  ...new Array<number>(32).fill(0),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
);

function basesOf(extra: Uint8Array, first: number): Uint32Array {
  const bases = new Uint32Array(extra.length);
  for (let code = 0, base = first; code < extra.length; code++) {
    bases[code] = base;
    base += 1 << (extra[code] as number);
  }
  return bases;
}
const literalBases = basesOf(literalExtra, 0);
const matchBases = basesOf(matchExtra, 3);

// Source: RFC 8878, section 3.1.1.3.2.2.
const predefined = [
  fseTable(
    [
      4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1,
      -1, -1,
    ],
    6,
  ),
  fseTable([1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1], 5),
  fseTable(
    [
      1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
    ],
    6,
  ),
] as const;
/** Of literal lengths, offsets and match lengths: the largest accuracy, and how many codes there are. */
const mostLogs = [9, 8, 9] as const;
const codeCounts = [36, 32, 53] as const;

/** Decodes blocks, with what those of a frame have in common. */
export class ZstdBlocks {
  readonly #history: History;
  readonly #literals = new Uint8Array(LARGEST_BLOCK);
  #huffman: HuffmanTable | undefined;
  readonly #tables: (FseTable | undefined)[] = [undefined, undefined, undefined];
  #offset1 = 1;
  #offset2 = 4;
  #offset3 = 8;

  constructor(history: History) {
    this.#history = history;
  }

  /** Begins a frame. */
  begin(): void {
    this.#huffman = undefined;
    this.#tables.fill(undefined);
    this.#offset1 = 1;
    this.#offset2 = 4;
    this.#offset3 = 8;
  }

  /** Decodes a compressed block; there must be room for `most` bytes, and it gives no more. */
  decode(block: Uint8Array, most: number): void {
    const [count, used] = this.#readLiterals(block);
    this.#sequences(block.subarray(used), count, most);
  }

  /** The literals section. Returns how many there are, and the bytes that they took. */
  #readLiterals(block: Uint8Array): [number, number] {
    const [b0, b1 = 0, b2 = 0, b3 = 0, b4 = 0] = block;
    if (b0 === undefined) throw corrupt();
    const kind = b0 & 3;
    const format = (b0 >> 2) & 3;
    if (kind < 2) {
      const header = (format & 1) === 0 ? 1 : format === 1 ? 2 : 3;
      const size =
        header === 1 ? b0 >> 3 : header === 2 ? (b0 >> 4) | (b1 << 4) : (b0 >> 4) | (b1 << 4) | (b2 << 12);
      const end = header + (kind === 0 ? size : 1);
      if (size > LARGEST_BLOCK || end > block.length) throw corrupt();
      if (kind === 0) this.#literals.set(block.subarray(header, end));
      else this.#literals.fill(block[header] as number, 0, size);
      return [size, end];
    }
    const width = format < 2 ? 10 : format === 2 ? 14 : 18;
    const header = format < 2 ? 3 : format === 2 ? 4 : 5;
    // Up to 40 bits, by arithmetic.
    const bits = b0 + b1 * 2 ** 8 + b2 * 2 ** 16 + b3 * 2 ** 24 + b4 * 2 ** 32;
    const size = Math.floor(bits / 16) % 2 ** width;
    const compressed = Math.floor(bits / 2 ** (4 + width)) % 2 ** width;
    const end = header + compressed;
    if (size > LARGEST_BLOCK || end > block.length) throw corrupt();
    let data = block.subarray(header, end);
    if (kind === 2) {
      const [table, used] = readHuffmanTable(data);
      this.#huffman = table;
      data = data.subarray(used);
    }
    const table = this.#huffman;
    if (table === undefined) throw corrupt();
    if (format === 0) huffmanStream(data, table, this.#literals.subarray(0, size));
    else {
      if (data.length < 6) throw corrupt();
      const each = (size + 3) >> 2;
      let from = 6;
      for (let stream = 0; stream < 4; stream++) {
        const length =
          stream === 3
            ? data.length - from
            : (data[2 * stream] as number) | ((data[2 * stream + 1] as number) << 8);
        const start = stream * each;
        const until = stream === 3 ? size : start + each;
        if (until > size || start > size || length < 1 || from + length > data.length) throw corrupt();
        huffmanStream(data.subarray(from, from + length), table, this.#literals.subarray(start, until));
        from += length;
      }
    }
    return [size, end];
  }

  /** The table of one kind of code, and the bytes that it took. */
  #table(kind: 0 | 1 | 2, mode: number, bytes: Uint8Array): [FseTable, number] {
    let table: FseTable | undefined;
    let used = 0;
    if (mode === 0) table = predefined[kind];
    else if (mode === 1) {
      const symbol = bytes[0];
      if (symbol === undefined || symbol >= codeCounts[kind]) throw corrupt();
      table = singleTable(symbol);
      used = 1;
    } else if (mode === 2) [table, used] = readFseTable(bytes, mostLogs[kind], codeCounts[kind]);
    else table = this.#tables[kind];
    if (table === undefined) throw corrupt();
    this.#tables[kind] = table;
    return [table, used];
  }

  /** The sequences section, carried out. Source: RFC 8878, sections 3.1.1.3.2 and 3.1.1.4. */
  #sequences(section: Uint8Array, literalCount: number, most: number): void {
    const history = this.#history;
    const literals = this.#literals;
    const limit = history.at + most;
    const [b0, b1 = 0, b2 = 0] = section;
    if (b0 === undefined) throw corrupt();
    let taken = 0;
    const giveLiterals = (count: number): void => {
      if (taken + count > literalCount || history.at + count > limit) throw corrupt();
      history.raw(literals.subarray(taken, taken + count));
      taken += count;
    };
    if (b0 === 0) {
      if (section.length !== 1) throw corrupt();
      giveLiterals(literalCount);
      return;
    }
    let at = b0 < 128 ? 1 : b0 < 255 ? 2 : 3;
    const count = b0 < 128 ? b0 : b0 < 255 ? ((b0 - 128) << 8) + b1 : b1 + (b2 << 8) + 0x7f00;
    const modes = section[at++];
    if (modes === undefined || (modes & 3) !== 0) throw corrupt();
    const tables: FseTable[] = [];
    for (const kind of [0, 1, 2] as const) {
      const [table, used] = this.#table(kind, (modes >> (6 - 2 * kind)) & 3, section.subarray(at));
      tables.push(table);
      at += used;
    }
    const [literalTable, offsetTable, matchTable] = tables as [FseTable, FseTable, FseTable];
    const bits = new BackwardBits(section.subarray(at));
    let literalState = bits.read(literalTable.log);
    let offsetState = bits.read(offsetTable.log);
    let matchState = bits.read(matchTable.log);
    for (let i = 0; i < count; i++) {
      const offsetCode = offsetTable.symbols[offsetState] as number;
      const matchCode = matchTable.symbols[matchState] as number;
      const literalCode = literalTable.symbols[literalState] as number;
      const high = offsetCode > 24 ? bits.read(offsetCode - 24) * 0x100_0000 : 0;
      const offsetValue = 2 ** offsetCode + high + bits.read(Math.min(offsetCode, 24));
      const length = (matchBases[matchCode] as number) + bits.read(matchExtra[matchCode] as number);
      const literalLength =
        (literalBases[literalCode] as number) + bits.read(literalExtra[literalCode] as number);
      const offset = this.#offset(offsetValue, literalLength === 0);
      if (i < count - 1) {
        literalState =
          (literalTable.bases[literalState] as number) + bits.read(literalTable.bits[literalState] as number);
        matchState =
          (matchTable.bases[matchState] as number) + bits.read(matchTable.bits[matchState] as number);
        offsetState =
          (offsetTable.bases[offsetState] as number) + bits.read(offsetTable.bits[offsetState] as number);
      }
      if (bits.left < 0) throw corrupt();
      giveLiterals(literalLength);
      if (offset < 1 || offset > history.at || history.at + length > limit) throw corrupt();
      history.copy(offset, length);
    }
    if (bits.left !== 0) throw corrupt();
    giveLiterals(literalCount - taken);
  }

  /** The offset that a value stands for: one of the last three, or a new one. Source: RFC 8878, section 3.1.1.5. */
  #offset(value: number, hasNoLiterals: boolean): number {
    let offset = value - 3;
    if (value <= 3) {
      const which = value - (hasNoLiterals ? 0 : 1);
      if (which === 0) return this.#offset1;
      offset = which === 1 ? this.#offset2 : which === 2 ? this.#offset3 : this.#offset1 - 1;
      if (which !== 1) this.#offset3 = this.#offset2;
    } else this.#offset3 = this.#offset2;
    this.#offset2 = this.#offset1;
    this.#offset1 = offset;
    return offset;
  }
}

/** One Huffman stream, which must fill the target and be used up. */
function huffmanStream(bytes: Uint8Array, { log, entries }: HuffmanTable, target: Uint8Array): void {
  const bits = new BackwardBits(bytes);
  for (let i = 0; i < target.length; i++) {
    const entry = entries[bits.peek(log)] as number;
    target[i] = entry >> 4;
    bits.left -= entry & 15;
  }
  if (bits.left !== 0) throw corrupt();
}
