import { failure } from "../bytes/failure.ts";
import { ByteReader } from "./byte-reader.ts";
import { crc32 } from "./checksums.ts";
import { type Codec, knownMagic } from "./codec.ts";
import { Crc64 } from "./crc64.ts";
import { History } from "./history.ts";
import { corrupt, LzmaDecoder, MARKER, NEEDS_INPUT } from "./lzma-decoder.ts";

/** Output at a time. */
const ROOM = 1 << 16;
const LZMA2_FILTER = 0x21;
/** Bytes of each check, by its number. Source: the .xz file format 1.2.1, section 2.1.1.2. */
const checkSizes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const NO_CHECK = 0;
const CRC32 = 1;
const CRC64 = 4;

function unsupported(what: string): Error {
  return failure(
    "invalid-compression",
    `Unsupported ${what} in xz data`,
    "LZMAError",
    "Decompress it with another tool",
  );
}

function u32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at, true);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** LZMA2 chunks up to their end. Source: the .xz file format, section 5.3.1; `lzma2_decoder.c` of XZ Utils for the control bytes. */
async function* lzma2(reader: ByteReader, dictionary: number): AsyncGenerator<Uint8Array, void> {
  const decoder = new LzmaDecoder();
  const history = new History(dictionary);
  let needsDictionary = true;
  let needsProperties = true;
  for (;;) {
    const control = (await reader.take(1))[0] as number;
    if (control === 0) return;
    if (control >= 0xe0 || control === 1) {
      needsDictionary = false;
      decoder.written = 0;
      if (control === 1) needsProperties = true;
    } else if (needsDictionary) throw corrupt();
    if (control < 0x80) {
      if (control > 2) throw corrupt();
      const size = await reader.take(2);
      let left = (((size[0] as number) << 8) | (size[1] as number)) + 1;
      while (left > 0) {
        const chunk = await reader.takeSome(Math.min(left, ROOM));
        if (chunk.length === 0) throw reader.truncated();
        history.reserve(chunk.length);
        history.raw(chunk);
        decoder.written += chunk.length;
        left -= chunk.length;
        yield history.take();
      }
      continue;
    }
    const sizes = (await reader.take(4)).slice();
    let left = ((control & 31) << 16) + (((sizes[0] as number) << 8) | (sizes[1] as number)) + 1;
    const size = (((sizes[2] as number) << 8) | (sizes[3] as number)) + 1;
    if (control >= 0xc0) {
      decoder.properties((await reader.take(1))[0] as number, 4);
      needsProperties = false;
    } else if (needsProperties) throw corrupt();
    else if (control >= 0xa0) decoder.reset();
    await reader.need(size);
    // The reader's bytes stay where they are as no more are asked for.
    const end = reader.position + size;
    if (size < 5) throw corrupt();
    decoder.begin(await reader.take(5));
    while (left > 0) {
      const room = Math.min(left, ROOM);
      history.reserve(room);
      const start = history.at;
      const status = decoder.run(reader, end, true, history, start + room);
      if (status === MARKER || reader.position > end) throw corrupt();
      left -= history.at - start;
      yield history.take();
    }
    if (reader.position !== end || !decoder.isAtEnd || decoder.isInMatch) throw corrupt();
  }
}

/** Bytes of a header, read one after the other. */
class Fields {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw corrupt();
    return byte;
  }

  /** An integer of groups of 7 bits, the lowest first. */
  integer(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (value > Number.MAX_SAFE_INTEGER || (byte === 0 && scale > 1)) throw corrupt();
      if (byte < 128) return value;
    }
  }
}

interface BlockHeader {
  readonly dictionary: number;
  readonly size: number | undefined;
  readonly inflated: number | undefined;
  readonly length: number;
}

/** A block's header; `undefined` where the index begins. Source: the .xz file format, section 3.1. */
async function blockHeader(reader: ByteReader): Promise<BlockHeader | undefined> {
  const first = (await reader.take(1))[0] as number;
  if (first === 0) return undefined;
  const length = (first + 1) * 4;
  const bytes = (await reader.take(length - 1)).slice();
  if (crc32(bytes.subarray(0, -4), crc32(Uint8Array.of(first))) !== u32(bytes, bytes.length - 4))
    throw corrupt();
  const fields = new Fields(bytes.subarray(0, -4));
  const flags = fields.byte();
  const size = flags & 0x40 ? fields.integer() : undefined;
  const inflated = flags & 0x80 ? fields.integer() : undefined;
  if ((flags & 0x3f) !== 0 || fields.integer() !== LZMA2_FILTER) throw unsupported("filter");
  if (fields.integer() !== 1) throw corrupt();
  const power = fields.byte();
  if (power > 40) throw corrupt();
  const dictionary = power === 40 ? 2 ** 32 - 1 : (2 | (power & 1)) * 2 ** (11 + (power >> 1));
  return { dictionary, size, inflated, length };
}

/** The check of a block's data, as far as it is one that is known. */
class Check {
  readonly #kind: number;
  #crc32 = 0;
  readonly #crc64 = new Crc64();

  constructor(kind: number) {
    this.#kind = kind;
  }

  add(bytes: Uint8Array): void {
    if (this.#kind === CRC32) this.#crc32 = crc32(bytes, this.#crc32);
    else if (this.#kind === CRC64) this.#crc64.add(bytes);
  }

  isRight(expected: Uint8Array): boolean {
    if (this.#kind === CRC32) return u32(expected, 0) === this.#crc32;
    return this.#kind !== CRC64 || sameBytes(expected, this.#crc64.digest());
  }
}

/** One stream, its 12 bytes of header unread. Source: the .xz file format, section 2.1. */
async function* stream(reader: ByteReader): AsyncGenerator<Uint8Array, void> {
  const header = (await reader.take(12)).slice();
  const flags = header.subarray(6, 8);
  const kind = header[7] as number;
  if (crc32(flags) !== u32(header, 8)) throw corrupt();
  if (header[6] !== 0 || kind > 15) throw unsupported("options");
  const blocks: { readonly unpadded: number; readonly inflated: number }[] = [];
  for (;;) {
    const block = await blockHeader(reader);
    if (block === undefined) break;
    const start = reader.offset;
    const check = new Check(kind);
    let inflated = 0;
    for await (const chunk of lzma2(reader, block.dictionary)) {
      check.add(chunk);
      inflated += chunk.length;
      yield chunk;
    }
    const size = reader.offset - start;
    if ((block.size ?? size) !== size || (block.inflated ?? inflated) !== inflated) throw corrupt();
    if ((await reader.take((4 - (size % 4)) % 4)).some((byte) => byte !== 0)) throw corrupt();
    const checkSize = checkSizes[kind] ?? NO_CHECK;
    if (!check.isRight(await reader.take(checkSize))) throw corrupt();
    blocks.push({ unpadded: block.length + size + checkSize, inflated });
  }
  // The index, which says again how long each block is.
  let crc = crc32(Uint8Array.of(0));
  let length = 1;
  const integer = async (): Promise<number> => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = await reader.take(1);
      crc = crc32(byte, crc);
      length++;
      value += ((byte[0] as number) & 127) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw corrupt();
      if ((byte[0] as number) < 128) return value;
    }
  };
  if ((await integer()) !== blocks.length) throw corrupt();
  for (const { unpadded, inflated } of blocks) {
    if ((await integer()) !== unpadded || (await integer()) !== inflated) throw corrupt();
  }
  const padding = await reader.take((4 - (length % 4)) % 4);
  crc = crc32(padding, crc);
  length += padding.length;
  if (padding.some((byte) => byte !== 0) || u32(await reader.take(4), 0) !== crc) throw corrupt();
  const footer = (await reader.take(12)).slice();
  const isFooter =
    u32(footer, 0) === crc32(footer.subarray(4, 10)) &&
    (u32(footer, 4) + 1) * 4 === length + 4 &&
    sameBytes(footer.subarray(8, 10), flags) &&
    footer[10] === 0x59 &&
    footer[11] === 0x5a;
  if (!isFooter) throw corrupt();
}

/** Streams one after the other, zeros between them; what follows and is none is ignored, as Python's `lzma` does. */
async function* unxz(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = new ByteReader(chunks);
  try {
    while (await reader.startsWith(knownMagic.xz)) {
      yield* stream(reader);
      while ((await reader.has(4)) && u32(reader.bytes, reader.position) === 0) reader.position += 4;
    }
  } finally {
    await reader.close();
  }
}

/** An .lzma file: 13 bytes of header, then LZMA. Source: the LZMA specification, "The LZMA file format". */
async function* unlzma(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = new ByteReader(chunks);
  try {
    const header = (await reader.take(13)).slice();
    const decoder = new LzmaDecoder();
    decoder.properties(header[0] as number, 12);
    const history = new History(Math.max(u32(header, 1), 4096));
    const size = new DataView(header.buffer).getBigUint64(5, true);
    const hasSize = size !== 0xffff_ffff_ffff_ffffn;
    decoder.begin(await reader.take(5));
    for (let left = hasSize ? Number(size) : Infinity; left > 0;) {
      const room = Math.min(left, ROOM);
      history.reserve(room);
      const start = history.at;
      const status = decoder.run(reader, reader.bytes.length, reader.ended, history, start + room);
      const made = history.take();
      left -= made.length;
      if (made.length > 0) yield made;
      if (status === MARKER) {
        if (decoder.wantsByte) throw reader.truncated();
        if ((hasSize && left > 0) || !decoder.isAtEnd) throw corrupt();
        return;
      }
      if (status === NEEDS_INPUT) await reader.more();
    }
  } finally {
    await reader.close();
  }
}

/**
 * Xz, as `xz` and Python's `lzma` write it, with its checksums (but for SHA-256); filters other than LZMA2 are refused.
 *
 * @example
 * await load(source, { codecs: [xz] })
 */
export const xz: Codec = { name: "xz", magic: knownMagic.xz, decompress: unxz };

/** The older .lzma, which Python's `lzma.FORMAT_ALONE` and joblib write. It has no checksum. */
export const lzma: Codec = { name: "lzma", magic: knownMagic.lzma, decompress: unlzma };
