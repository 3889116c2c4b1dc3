import { failure } from "../bytes/failure.ts";
import { ByteReader } from "./byte-reader.ts";
import { type Codec, knownMagic } from "./codec.ts";

/** Symbols that share a selector. */
const GROUP = 50;
const LONGEST_CODE = 20;
/** Bits of a code that the table looks up at once. */
const TABLE_BITS = 10;
/** Bytes that the symbols of a group take at most. */
const GROUP_BYTES = (GROUP * LONGEST_CODE) / 8 + 8;
const CHUNK = 1 << 16;

/** The CRC that bzip2 uses, its bits not reflected. */
const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

function bad(): Error {
  return failure("invalid-compression", "Invalid data stream", "OSError", "The compressed data is damaged");
}

/** Bits, the first one on top. Who reads has made sure that the bytes are at hand, unless the data is at its end. */
class Bits {
  readonly reader: ByteReader;
  #bits = 0;
  #count = 0;

  constructor(reader: ByteReader) {
    this.reader = reader;
  }

  /** Has more bytes at hand if there are fewer than `count`. */
  fill(count: number): Promise<boolean> | undefined {
    const { reader } = this;
    return reader.available < count && !reader.ended ? reader.has(Math.max(count, 4096)) : undefined;
  }

  /** Up to 24 bits, without taking them; zeros behind the end. */
  peek(count: number): number {
    const { reader } = this;
    while (this.#count < count) {
      this.#bits = (this.#bits << 8) | (reader.bytes[reader.position++] ?? 0);
      this.#count += 8;
    }
    return (this.#bits >>> (this.#count - count)) & ((1 << count) - 1);
  }

  drop(count: number): void {
    this.#count -= count;
    this.#bits &= (1 << this.#count) - 1;
    const { reader } = this;
    if (reader.position > reader.bytes.length && reader.position - (this.#count >> 3) > reader.bytes.length) {
      throw reader.truncated();
    }
  }

  read(count: number): number {
    const value = this.peek(count);
    this.drop(count);
    return value;
  }

  /** Gives back whole bytes that were looked at and drops the rest of the byte under way. */
  align(): void {
    this.reader.position -= this.#count >> 3;
    this.#bits = 0;
    this.#count = 0;
  }
}

/** A prefix code: looked up by its first bits, or else by how large codes of each length can be. */
class Code {
  readonly table = new Uint16Array(1 << TABLE_BITS);
  readonly limits = new Int32Array(LONGEST_CODE + 2);
  readonly offsets = new Int32Array(LONGEST_CODE + 2);
  readonly symbols: Uint16Array;

  constructor(lengths: Uint8Array) {
    this.symbols = new Uint16Array(lengths.length);
    let at = 0;
    let code = 0;
    for (let length = 1; length <= LONGEST_CODE; length++) {
      this.offsets[length] = at - code;
      for (let symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] !== length) continue;
        this.symbols[at++] = symbol;
        if (length <= TABLE_BITS && code < 1 << length) {
          const first = code << (TABLE_BITS - length);
          this.table.fill((symbol << 5) | length, first, first + (1 << (TABLE_BITS - length)));
        }
        code++;
      }
      this.limits[length] = code;
      code <<= 1;
    }
  }

  read(bits: Bits): number {
    const entry = this.table[bits.peek(TABLE_BITS)] as number;
    if (entry !== 0) {
      bits.drop(entry & 31);
      return entry >> 5;
    }
    for (let length = 1; length <= LONGEST_CODE; length++) {
      const code = bits.peek(length);
      if (code >= (this.limits[length] as number)) continue;
      bits.drop(length);
      const symbol = this.symbols[code + (this.offsets[length] as number)];
      if (symbol === undefined) throw bad();
      return symbol;
    }
    throw bad();
  }
}

/** What a block is made of, before the transform is undone. */
interface Block {
  /** In the lower 8 bits of each, the bytes. */
  readonly links: Uint32Array;
  readonly length: number;
  readonly origin: number;
}

function toFront(list: Uint8Array, index: number): number {
  const value = list[index] as number;
  list.copyWithin(1, 0, index);
  list[0] = value;
  return value;
}

/** A block's symbols. Source: the format as bzip2 1.0.8 reads it, `decompress.c`. */
async function readBlock(bits: Bits, links: Uint32Array): Promise<Block> {
  await bits.fill(64);
  if (bits.read(1) === 1) {
    throw failure(
      "invalid-compression",
      "a randomised bzip2 block, which no bzip2 since 0.9.5 writes",
      "OSError",
    );
  }
  const origin = bits.read(24);
  const used: number[] = [];
  const rows = bits.read(16);
  for (let row = 0; row < 16; row++) {
    if (((rows >> (15 - row)) & 1) === 0) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column++)
      if ((columns >> (15 - column)) & 1) used.push(16 * row + column);
  }
  const codeCount = bits.read(3);
  const selectorCount = bits.read(15);
  if (used.length === 0 || codeCount < 2 || codeCount > 6 || selectorCount === 0) throw bad();
  const order = Uint8Array.from({ length: codeCount }, (_, index) => index);
  const selectors = new Uint8Array(selectorCount);
  for (let i = 0; i < selectorCount; i++) {
    if (bits.reader.available < 8) await bits.fill(8);
    let index = 0;
    while (bits.read(1) === 1) if (++index >= codeCount) throw bad();
    selectors[i] = toFront(order, index);
  }
  const symbolCount = used.length + 2;
  const codes: Code[] = [];
  for (let i = 0; i < codeCount; i++) {
    await bits.fill(64);
    const lengths = new Uint8Array(symbolCount);
    let length = bits.read(5);
    for (let symbol = 0; symbol < symbolCount; symbol++) {
      for (;;) {
        if (bits.reader.available < 8) await bits.fill(8);
        if (length < 1 || length > LONGEST_CODE) throw bad();
        if (bits.read(1) === 0) break;
        length += bits.read(1) === 0 ? 1 : -1;
      }
      lengths[symbol] = length;
    }
    codes.push(new Code(lengths));
  }
  const list = Uint8Array.from(used);
  const end = symbolCount - 1;
  let length = 0;
  let run = 0;
  let runBit = 1;
  for (let group = 0; group < selectorCount; group++) {
    if (bits.reader.available < GROUP_BYTES) await bits.fill(GROUP_BYTES);
    const code = codes[selectors[group] as number] as Code;
    for (let i = 0; i < GROUP; i++) {
      const symbol = code.read(bits);
      if (symbol < 2) {
        // A run's length in digits 1 and 2, the lowest first.
        if (runBit > links.length) throw bad();
        run += (symbol + 1) * runBit;
        runBit *= 2;
        continue;
      }
      if (run > 0) {
        if (length + run > links.length) throw bad();
        links.fill(list[0] as number, length, length + run);
        length += run;
        run = 0;
        runBit = 1;
      }
      if (symbol === end) {
        if (origin >= length) throw bad();
        return { links, length, origin };
      }
      if (length >= links.length) throw bad();
      links[length++] = toFront(list, symbol - 1);
    }
  }
  throw bad();
}

/** The bytes of a block, the transform and then the runs undone. Returns their CRC. */
function* bytesOf({ links, length, origin }: Block): Generator<Uint8Array, number> {
  const starts = new Uint32Array(257);
  for (let i = 0; i < length; i++) {
    const byte = (links[i] as number) & 0xff;
    starts[byte + 1] = (starts[byte + 1] as number) + 1;
  }
  for (let byte = 0; byte < 256; byte++)
    starts[byte + 1] = (starts[byte + 1] as number) + (starts[byte] as number);
  for (let i = 0; i < length; i++) {
    const byte = (links[i] as number) & 0xff;
    const place = starts[byte] as number;
    starts[byte] = place + 1;
    links[place] = (links[place] as number) | (i << 8);
  }
  let out = new Uint8Array(CHUNK);
  let at = 0;
  let crc = -1;
  let link = (links[origin] as number) >>> 8;
  let previous = -1;
  let repeats = 0;
  for (let i = 0; i < length; i++) {
    const entry = links[link] as number;
    const byte = entry & 0xff;
    link = entry >>> 8;
    let count = 1;
    let value = byte;
    if (repeats === 4) {
      // Behind four equal bytes stands how many more there are.
      count = byte;
      value = previous;
      repeats = 0;
      previous = -1;
    } else {
      repeats = byte === previous ? repeats + 1 : 1;
      previous = byte;
    }
    for (; count > 0; count--) {
      out[at++] = value;
      crc = (crc << 8) ^ (crcTable[(crc >>> 24) ^ value] as number);
      if (at < CHUNK) continue;
      yield out;
      out = new Uint8Array(CHUNK);
      at = 0;
    }
  }
  if (at > 0) yield out.subarray(0, at);
  return ~crc >>> 0;
}

/** Streams one after the other; what follows and is none is ignored, as Python's `bz2` does. */
async function* decompress(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = new ByteReader(chunks);
  try {
    let links = new Uint32Array(0);
    while (await reader.startsWith(knownMagic.bz2)) {
      const blockSize = 100_000 * ((reader.bytes[reader.position + 3] as number) - 0x30);
      reader.position += 4;
      const bits = new Bits(reader);
      let streamCrc = 0;
      for (;;) {
        await bits.fill(32);
        const high = bits.read(24);
        const low = bits.read(24);
        const crc = ((bits.read(16) << 16) | bits.read(16)) >>> 0;
        if (high === 0x177245 && low === 0x385090) {
          if (crc !== streamCrc) throw bad();
          bits.align();
          break;
        }
        if (high !== 0x314159 || low !== 0x265359) throw bad();
        // A block takes that much if it is full; it is used again for the next.
        if (links.length !== blockSize) links = new Uint32Array(blockSize);
        const made = yield* bytesOf(await readBlock(bits, links));
        if (made !== crc) throw bad();
        streamCrc = (((streamCrc << 1) | (streamCrc >>> 31)) ^ crc) >>> 0;
      }
    }
  } finally {
    await reader.close();
  }
}

/**
 * Bzip2, as `bzip2` and Python's `bz2` write it, with its checksums.
 *
 * @example
 * await load(source, { codecs: [bz2] })
 */
export const bz2: Codec = { name: "bz2", magic: knownMagic.bz2, decompress };
