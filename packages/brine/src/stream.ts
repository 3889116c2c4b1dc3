import type { CompressionOption } from "./stream/dump-value.ts";
import { decompressed } from "./compression/decompress.ts";
import type { DecompressionOptions } from "./compression/options.ts";
import type { DumpOptions } from "./pickler/options.ts";
import type { ByteStream } from "./stream/byte-stream.ts";
import { type ChunkSink, writeTo } from "./stream/chunk-sink.ts";
import { type DumpItemsOptions, itemStream } from "./stream/dump-items.ts";
import { writtenChunks } from "./stream/dump-value.ts";
import { builtins } from "./types/builtins.ts";

/**
 * Writes one list, dict or set of unknown length, as a stream: no more of it is held than a chunk and the memo. Any Python
 * reads it, and can begin before the last item is there.
 *
 * @param items the items, or the entries `[key, value]` of a dict; each is written when it comes, and may be changed then
 * @throws PicklingError at once for an option; through the stream for an item, with a path such as `$[17].name`. What the
 *   items themselves throw comes through as it is.
 * @example
 * await dumpItems(rows()).pipeTo(response.writable)
 */
export function dumpItems(
  items: AsyncIterable<unknown> | Iterable<unknown>,
  options: DumpItemsOptions = {},
): ByteStream {
  return itemStream(items, options, builtins);
}

/** Options of `dumpTo`. */
export interface DumpToOptions extends DumpOptions, CompressionOption {
  /** Whether the sink stays open at the end, for more; `false` unless set. */
  readonly preventClose?: boolean | undefined;
}

/**
 * Writes a value as `dumps` does, frame by frame as the sink takes them. Bytes of 64 kB and more go out as they are,
 * without a copy: they must not change until the promise is done.
 *
 * @returns how many bytes were written
 * @throws PicklingError; whatever the sink throws. The sink is aborted with the error.
 * @example
 * await dumpTo(createWriteStream("model.pkl"), model)
 */
export async function dumpTo(sink: ChunkSink, value: unknown, options: DumpToOptions = {}): Promise<number> {
  return writeTo(sink, writtenChunks(value, options, builtins), options.preventClose ?? false);
}

/**
 * What chunks hold when every layer of compression is taken off; they come as they are if there is none. `load` and its
 * like do this by themselves.
 *
 * @throws UnpicklingError `invalid-compression`, `truncated`, `missing-codec`, `missing-member`, `limit-exceeded`, with the
 *   offset in the decompressed data
 */
export function decompress(
  chunks: AsyncIterable<Uint8Array>,
  options: DecompressionOptions = {},
): AsyncGenerator<Uint8Array, void> {
  return decompressed(chunks, options);
}

export { compressionOf } from "./compression/decompress.ts";
export { ByteReader } from "./compression/byte-reader.ts";
export type { Codec } from "./compression/codec.ts";
export type { Compression } from "./compression/compress.ts";
export type { DecompressionLimits, DecompressionOptions } from "./compression/options.ts";
export type { DumpOptions } from "./pickler/options.ts";
export type { ByteStream } from "./stream/byte-stream.ts";
export type { ChunkSink, NodeSink, WebSink } from "./stream/chunk-sink.ts";
export type { DumpItemsOptions } from "./stream/dump-items.ts";
export type { CompressionOption } from "./stream/dump-value.ts";
export { PickleError, PicklingError, UnpicklingError } from "./errors.ts";
