import { failure } from "../bytes/failure.ts";
import { ByteReader } from "./byte-reader.ts";
import { adler32, crc32 } from "./checksums.ts";
import type { Codec } from "./codec.ts";
import type { Inflate } from "./inflate.ts";

// Source: RFC 1952, section 2.3.1.
const FLAG_HEADER_CRC = 2;
const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
const FLAG_COMMENT = 16;
// Source: RFC 1950, section 2.2.
const FLAG_DICTIONARY = 32;

function bad(words: string, pythonException: string): Error {
  return failure("invalid-compression", words, pythonException, "The compressed data is damaged");
}

const hexadecimal = (value: number): string => `0x${value.toString(16)}`;

function u32le(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

/** Reads past a text that ends with a zero byte. */
async function skipText(reader: ByteReader): Promise<void> {
  while ((await reader.take(1))[0] !== 0);
}

/** A member's header; `false` at the end of the data. Source: CPython `Lib/gzip.py`, `_read_gzip_header`. */
async function gzipHeader(reader: ByteReader): Promise<boolean> {
  if (!(await reader.has(1))) return false;
  const magic = await reader.takeSome(2);
  const second = magic.length === 2 ? magic[1] : (await reader.takeSome(1))[0];
  if (magic[0] !== 0x1f || second !== 0x8b) {
    throw failure(
      "invalid-compression",
      "Not a gzipped file: what follows a gzip member is none",
      "BadGzipFile",
      "What came before it is whole; Python refuses the rest too",
    );
  }
  const header = await reader.take(8);
  if (header[0] !== 8) throw bad("Unknown compression method", "BadGzipFile");
  const flags = header[1] as number;
  if (flags & FLAG_EXTRA) {
    const size = await reader.take(2);
    await reader.take((size[0] as number) | ((size[1] as number) << 8));
  }
  if (flags & FLAG_NAME) await skipText(reader);
  if (flags & FLAG_COMMENT) await skipText(reader);
  if (flags & FLAG_HEADER_CRC) await reader.take(2);
  return true;
}

/** A gzip file of one or more members, zeros after each ignored. Source: CPython `Lib/gzip.py`, `_GzipReader`. */
async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  inflate: Inflate,
): AsyncGenerator<Uint8Array, void> {
  const reader = new ByteReader(chunks);
  try {
    while (await gzipHeader(reader)) {
      let crc = 0;
      let size = 0;
      for await (const chunk of inflate(reader)) {
        crc = crc32(chunk, crc);
        size = (size + chunk.length) >>> 0;
        yield chunk;
      }
      const expected = u32le(await reader.take(4));
      if (expected !== crc) {
        throw bad(`CRC check failed ${hexadecimal(expected)} != ${hexadecimal(crc)}`, "BadGzipFile");
      }
      if (u32le(await reader.take(4)) !== size) throw bad("Incorrect length of data produced", "BadGzipFile");
      while ((await reader.has(1)) && reader.bytes[reader.position] === 0) reader.position++;
    }
  } finally {
    await reader.close();
  }
}

/** A zlib stream; what follows it is ignored, as `zlib.decompress` does. Source: RFC 1950. */
async function* unzlib(
  chunks: AsyncIterable<Uint8Array>,
  inflate: Inflate,
): AsyncGenerator<Uint8Array, void> {
  const reader = new ByteReader(chunks);
  try {
    const flags = (await reader.take(2))[1] as number;
    if (flags & FLAG_DICTIONARY) {
      throw failure(
        "invalid-compression",
        "Error 2 while decompressing data",
        "zlib.error",
        "The stream needs the dictionary that it was written with: decompress it with another tool",
      );
    }
    let adler = 1;
    for await (const chunk of inflate(reader)) {
      adler = adler32(chunk, adler);
      yield chunk;
    }
    const [a = 0, b = 0, c = 0, d = 0] = await reader.take(4);
    if (((a << 24) | (b << 16) | (c << 8) | d) >>> 0 !== adler) {
      throw bad("Error -3 while decompressing data: incorrect data check", "zlib.error");
    }
  } finally {
    await reader.close();
  }
}

/** Gzip, with the given engine. */
export function gzipCodec(inflate: Inflate): Codec {
  return {
    name: "gzip",
    magic: [[0x1f, 0x8b]],
    decompress: (chunks) => gunzip(chunks, inflate),
  };
}

/** Zlib, with the given engine. No opcode is 0x78, and so no pickle is taken for it. */
export function zlibCodec(inflate: Inflate): Codec {
  return {
    name: "zlib",
    // A window of 32 kB, as all write it; the four levels, and the same with a preset dictionary, which is refused.
    magic: [
      [0x78, 0x01],
      [0x78, 0x5e],
      [0x78, 0x9c],
      [0x78, 0xda],
      [0x78, 0x3f],
      [0x78, 0x7d],
      [0x78, 0xbb],
      [0x78, 0xf9],
    ],
    decompress: (chunks) => unzlib(chunks, inflate),
  };
}
