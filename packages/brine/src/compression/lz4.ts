import { failure } from "../bytes/failure.ts";
import { ByteReader } from "./byte-reader.ts";
import { type Codec, knownMagic } from "./codec.ts";
import { History } from "./history.ts";
import { XxHash32 } from "./xxhash.ts";

const MAGIC = 0x184d2204;
/** Sixteen magic numbers begin a frame to be skipped. */
const SKIPPABLE = 0x184d2a50;
/** How far back a match reaches. */
const REACH = 1 << 16;
/** Bytes that a byte of a block becomes at most. */
const MOST_GROWTH = 255;

function bad(words: string): Error {
  return failure("invalid-compression", words, "RuntimeError", "The compressed data is damaged");
}

async function u32(reader: ByteReader): Promise<number> {
  const [a = 0, b = 0, c = 0, d = 0] = await reader.take(4);
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

function hashOf(bytes: Uint8Array): number {
  const hash = new XxHash32();
  hash.add(bytes);
  return hash.digest();
}

/** One block, at most `most` bytes of output. Source: LZ4 block format description. */
function decodeBlock(block: Uint8Array, history: History, most: number, reach: number): void {
  const end = block.length;
  const start = history.at;
  const limit = start + most;
  let from = 0;
  const long = (first: number): number => {
    let length = first;
    if (first !== 15) return length;
    for (let byte = 255; byte === 255; length += byte) {
      if (from >= end) throw bad("LZ4F_decompress failed with code: ERROR_decompressionFailed");
      byte = block[from++] as number;
    }
    return length;
  };
  while (from < end) {
    const token = block[from++] as number;
    const literals = long(token >> 4);
    if (from + literals > end || history.at + literals > limit) break;
    history.raw(block.subarray(from, from + literals));
    from += literals;
    // The last sequence has literals only.
    if (from === end) return;
    if (from + 2 > end) break;
    const distance = (block[from] as number) | ((block[from + 1] as number) << 8);
    from += 2;
    const length = long(token & 15) + 4;
    if (distance === 0 || distance > Math.min(reach + history.at - start, history.at)) break;
    if (history.at + length > limit) break;
    history.copy(distance, length);
  }
  throw bad("LZ4F_decompress failed with code: ERROR_decompressionFailed");
}

/** A frame behind its magic number. Source: LZ4 frame format description 1.6.4. */
async function* frame(reader: ByteReader, history: History): AsyncGenerator<Uint8Array, void> {
  const flags = (await reader.take(1))[0] as number;
  const sizes = (await reader.take(1))[0] as number;
  if (flags >> 6 !== 1) throw bad("LZ4F_decompress failed with code: ERROR_headerVersion_wrong");
  const isIndependent = (flags & 32) !== 0;
  const hasBlockSums = (flags & 16) !== 0;
  const hasSize = (flags & 8) !== 0;
  const hasSum = (flags & 4) !== 0;
  const hasDictionary = (flags & 1) !== 0;
  const extra = (await reader.take((hasSize ? 8 : 0) + (hasDictionary ? 4 : 0))).slice();
  const sum = (await reader.take(1))[0];
  const descriptor = Uint8Array.of(flags, sizes, ...extra);
  if (sum !== ((hashOf(descriptor) >> 8) & 0xff)) {
    throw bad("LZ4F_decompress failed with code: ERROR_headerChecksum_invalid");
  }
  const code = (sizes >> 4) & 7;
  if (code < 4) throw bad("LZ4F_decompress failed with code: ERROR_maxBlockSize_invalid");
  if (hasDictionary) {
    throw failure(
      "invalid-compression",
      "the lz4 frame needs a dictionary",
      undefined,
      "Decompress it with another tool",
    );
  }
  const most = 1 << (8 + 2 * code);
  const expected = hasSize ? new DataView(extra.buffer).getBigUint64(0, true) : undefined;
  history.begin(REACH);
  const hash = hasSum ? new XxHash32() : undefined;
  let total = 0;
  for (;;) {
    const header = await u32(reader);
    if (header === 0) break;
    const size = header & 0x7fff_ffff;
    if (size > most) throw bad("LZ4F_decompress failed with code: ERROR_maxBlockSize_invalid");
    const block = await reader.take(size);
    history.reserve(Math.min(most, size * MOST_GROWTH));
    if (header >>> 31) history.raw(block);
    else
      decodeBlock(
        block,
        history,
        Math.min(most, size * MOST_GROWTH),
        isIndependent ? 0 : Math.min(total, REACH),
      );
    const expectedSum = hasBlockSums ? hashOf(block) : undefined;
    if (expectedSum !== undefined && (await u32(reader)) !== expectedSum) {
      throw bad("LZ4F_decompress failed with code: ERROR_blockChecksum_invalid");
    }
    const made = history.take();
    total += made.length;
    hash?.add(made);
    if (made.length > 0) yield made;
  }
  if (expected !== undefined && BigInt(total) !== expected) {
    throw bad("LZ4F_decompress failed with code: ERROR_frameSize_wrong");
  }
  if (hash !== undefined && (await u32(reader)) !== hash.digest()) {
    throw bad("LZ4F_decompress failed with code: ERROR_contentChecksum_invalid");
  }
}

async function* decompress(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = new ByteReader(chunks);
  const history = new History(REACH);
  try {
    while (await reader.has(1)) {
      const magic = await u32(reader);
      if (magic === MAGIC) yield* frame(reader, history);
      else if ((magic & ~15) >>> 0 === SKIPPABLE) {
        for (let left = await u32(reader); left > 0;) {
          const chunk = await reader.takeSome(left);
          if (chunk.length === 0) throw reader.truncated();
          left -= chunk.length;
        }
      } else throw bad("LZ4F_decompress failed with code: ERROR_frameType_unknown");
    }
  } finally {
    await reader.close();
  }
}

/**
 * LZ4 frames, as `lz4` and Python's `lz4.frame` write them, with their checksums.
 *
 * @example
 * await load(source, { codecs: [lz4] })
 */
export const lz4: Codec = { name: "lz4", magic: knownMagic.lz4, decompress };
