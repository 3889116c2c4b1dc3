import { decompressed } from "./compression/decompress.ts";
import type { DecompressionOptions } from "./compression/options.ts";
import { fileChunks } from "./node/file-buffer.ts";
import { zlibInflate } from "./node/zlib-inflate.ts";
import type { DumpOptions } from "./pickler/options.ts";
import { replaceFile, type FilePath, type WriteFileOptions } from "./node/replace-file.ts";
import { type FileCompression, withZstd, zlibCompressed } from "./node/zlib-codecs.ts";
import { type DumpItemsOptions, itemChunks } from "./stream/dump-items.ts";
import { valueChunks } from "./stream/dump-value.ts";
import { stdlib } from "./types/stdlib.ts";

/** Options of `dump`. */
export interface DumpFileOptions extends DumpOptions, WriteFileOptions {
  /** How the file is compressed, by Node's zlib; not, unless set. */
  readonly compression?: FileCompression | undefined;
}

/** Options of `dumpItems`. */
export interface DumpItemsFileOptions extends Omit<DumpItemsOptions, "compression">, WriteFileOptions {
  /** How the file is compressed, by Node's zlib; not, unless set. */
  readonly compression?: FileCompression | undefined;
}

function write(
  path: FilePath,
  chunks: AsyncGenerator<Uint8Array, void>,
  options: WriteFileOptions & { readonly compression?: FileCompression | undefined },
): Promise<number> {
  const { compression } = options;
  return replaceFile(path, compression === undefined ? chunks : zlibCompressed(chunks, compression), options);
}

/**
 * Writes a value into a file, as `dumps` writes it. The file has its name only when it is whole: on failure there is
 * nothing new, and what was there stays as it was.
 *
 * @returns how many bytes the file has
 * @throws PicklingError; what `node:fs` throws
 * @example
 * await dump("orders.pkl.gz", orders, { compression: "gzip" })
 */
export async function dump(path: FilePath, value: unknown, options: DumpFileOptions = {}): Promise<number> {
  return write(path, valueChunks(value, options, stdlib), options);
}

/**
 * Writes one list, dict or set of unknown length into a file, as `dumpItems` of `brine/stream` does, and names it when it
 * is whole, as {@link dump} does.
 *
 * @returns how many bytes the file has
 * @throws PicklingError; what `node:fs` and the items throw
 */
export async function dumpItems(
  path: FilePath,
  items: AsyncIterable<unknown> | Iterable<unknown>,
  options: DumpItemsFileOptions = {},
): Promise<number> {
  return write(path, itemChunks(items, { ...options, compression: undefined }, stdlib), options);
}

/**
 * What chunks hold when every layer of compression is taken off, as `decompress` of `brine/stream` does, by Node's zlib:
 * zstd, too, where it has it (Node 22.15).
 *
 * @throws UnpicklingError `invalid-compression`, `truncated`, `missing-codec`, `missing-member`, `limit-exceeded`, with the
 *   offset in the decompressed data
 */
export function decompress(
  chunks: AsyncIterable<Uint8Array>,
  options: DecompressionOptions = {},
): AsyncGenerator<Uint8Array, void> {
  return decompressed(chunks, withZstd(options), zlibInflate);
}

/**
 * A file in chunks, decompressed: what there is to read of `FILE.pkl.gz`.
 *
 * @throws UnpicklingError as {@link decompress}; what `node:fs` throws
 */
export function readFile(
  path: FilePath,
  options: DecompressionOptions = {},
): AsyncGenerator<Uint8Array, void> {
  return decompress(fileChunks(path), options);
}

export { compressionOf } from "./compression/decompress.ts";
export type { Codec } from "./compression/codec.ts";
export type { DecompressionLimits, DecompressionOptions } from "./compression/options.ts";
export { PickleError, PicklingError, UnpicklingError } from "./errors.ts";
export { openFile } from "./node/file-buffer.ts";
export type { FileBuffer } from "./node/file-buffer.ts";
export type { FilePath, WriteFileOptions } from "./node/replace-file.ts";
export type { FileCompression } from "./node/zlib-codecs.ts";
