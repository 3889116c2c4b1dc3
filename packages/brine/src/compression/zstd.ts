import { failure } from "../bytes/failure.ts";
import { ByteReader } from "./byte-reader.ts";
import { type Codec, knownMagic } from "./codec.ts";
import { History } from "./history.ts";
import { XxHash64 } from "./xxhash.ts";
import { LARGEST_BLOCK, ZstdBlocks } from "./zstd-block.ts";
import { corrupt } from "./zstd-entropy.ts";

const MAGIC = 0xfd2fb528;
/** Sixteen magic numbers begin a frame to be skipped. */
const SKIPPABLE = 0x184d2a50;
/** What `zstd --ultra -22 --long=31` needs; how far back matches reach is bounded by what was written, too. */
const LARGEST_WINDOW = 2 ** 31;

/** An integer of so many bytes, the lowest first. */
async function integer(reader: ByteReader, size: number): Promise<number> {
  let value = 0;
  let scale = 1;
  for (const byte of await reader.take(size)) {
    value += byte * scale;
    scale *= 256;
  }
  return value;
}

/** A frame behind its magic number. Source: RFC 8878, section 3.1.1. */
async function* frame(
  reader: ByteReader,
  history: History,
  blocks: ZstdBlocks,
): AsyncGenerator<Uint8Array, void> {
  const descriptor = await integer(reader, 1);
  if ((descriptor & 8) !== 0) throw corrupt();
  const isSingle = (descriptor & 32) !== 0;
  const windowByte = isSingle ? 0 : await integer(reader, 1);
  const dictionary = await integer(reader, [0, 1, 2, 4][descriptor & 3] as number);
  if (dictionary !== 0) {
    throw failure(
      "invalid-compression",
      "Dictionary mismatch",
      "ZstdError",
      "The data needs a dictionary: decompress it with zstd -D",
    );
  }
  const sizeBytes = descriptor >> 6 === 0 ? (isSingle ? 1 : 0) : 1 << (descriptor >> 6);
  const size = (await integer(reader, sizeBytes)) + (sizeBytes === 2 ? 256 : 0);
  const windowBase = 2 ** (10 + (windowByte >> 3));
  const window = isSingle ? size : windowBase + (windowBase / 8) * (windowByte & 7);
  if (!isSingle && window > LARGEST_WINDOW) {
    throw failure(
      "limit-exceeded",
      `Frame requires too much memory for decoding: a window of ${window} bytes`,
      "ZstdError",
    );
  }
  const most = Math.min(LARGEST_BLOCK, Math.max(window, 1));
  history.begin(Math.min(window, LARGEST_WINDOW));
  blocks.begin();
  const hash = (descriptor & 4) !== 0 ? new XxHash64() : undefined;
  let total = 0;
  for (let isLast = false; !isLast;) {
    const header = await integer(reader, 3);
    isLast = (header & 1) === 1;
    const kind = (header >> 1) & 3;
    const length = header >> 3;
    if (kind === 3 || length > most) throw corrupt();
    history.reserve(kind === 2 ? most : length);
    if (kind === 0) history.raw(await reader.take(length));
    else if (kind === 1) {
      const byte = (await reader.take(1))[0] as number;
      history.bytes.fill(byte, history.at, history.at + length);
      history.at += length;
    } else blocks.decode(await reader.take(length), most);
    const made = history.take();
    total += made.length;
    hash?.add(made);
    if (made.length > 0) yield made;
  }
  if (sizeBytes > 0 && total !== size) throw corrupt();
  if (hash !== undefined && (await integer(reader, 4)) !== hash.digest()) {
    throw failure(
      "invalid-compression",
      "Restored data doesn't match checksum",
      "ZstdError",
      "The compressed data is damaged",
    );
  }
}

async function* decompress(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = new ByteReader(chunks);
  const history = new History(0);
  const blocks = new ZstdBlocks(history);
  try {
    while (await reader.has(1)) {
      const magic = await integer(reader, 4);
      if (magic === MAGIC) yield* frame(reader, history, blocks);
      else if (magic - (magic % 16) === SKIPPABLE) {
        for (let left = await integer(reader, 4); left > 0;) {
          const chunk = await reader.takeSome(left);
          if (chunk.length === 0) throw reader.truncated();
          left -= chunk.length;
        }
      } else {
        throw failure(
          "invalid-compression",
          "Unknown frame descriptor",
          "ZstdError",
          "What came before it is whole",
        );
      }
    }
  } finally {
    await reader.close();
  }
}

/**
 * Zstandard, as `zstd` and Python's `compression.zstd` write it, with its checksums; dictionaries are refused.
 *
 * @example
 * await load(source, { codecs: [zstd] })
 */
export const zstd: Codec = { name: "zstd", magic: knownMagic.zstd, decompress };
