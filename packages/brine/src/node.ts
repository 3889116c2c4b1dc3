import { decompressed } from "./compression/decompress.ts";
import type { DecompressionOptions } from "./compression/options.ts";
import { type FileBuffer, fileChunks, openFile } from "./node/file-buffer.ts";
import { zlibInflate } from "./node/zlib-inflate.ts";
import type { DumpOptions } from "./pickler/options.ts";
import { replaceFile, type FilePath, type WriteFileOptions } from "./node/replace-file.ts";
import { type FileCompression, withZstd, zlibCompressed } from "./node/zlib-codecs.ts";
import { type DumpItemsOptions, itemChunks } from "./stream/dump-items.ts";
import { valueChunks } from "./stream/dump-value.ts";
import { getFrom } from "./stream/get.ts";
import { itemsFrom, type ItemsOptions } from "./stream/items.ts";
import {
  type CheckedEach,
  loadAllFrom,
  type LoadAllOptions,
  type LoadedEach,
  loadFrom,
  type Preset,
  type StreamLoadOptions,
} from "./stream/load.ts";
import type { Path } from "./stream/path.ts";
import type { StdlibValue } from "./types/stdlib-value.ts";
import type { Loaded } from "./unpickler/loaded-types.ts";
import { stdlib } from "./types/stdlib.ts";
import type { WithSchema } from "./schema/check.ts";
import type { SchemaOutput, StandardSchema } from "./schema/standard-schema.ts";
import { checkedEach, checkedOne } from "./stream/checked.ts";

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
  values: AsyncIterable<unknown> | Iterable<unknown>,
  options: DumpItemsFileOptions = {},
): Promise<number> {
  return write(path, itemChunks(values, { ...options, compression: undefined }, stdlib), options);
}

/**
 * What chunks hold when every layer of compression is taken off, as `decompress` of `brine/stream` does, by Node's zlib;
 * zstd needs no codec.
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

async function withFile<T>(path: FilePath, read: (file: FileBuffer) => Promise<T>): Promise<T> {
  const file = await openFile(path);
  try {
    return await read(file);
  } finally {
    await file.close();
  }
}

async function* throughFile<T>(
  path: FilePath,
  read: (file: FileBuffer) => AsyncIterable<T>,
): AsyncGenerator<T, void> {
  const file = await openFile(path);
  try {
    yield* read(file);
  } finally {
    await file.close();
  }
}

const preset: Preset = { types: stdlib, engine: zlibInflate };

/**
 * Loads the first pickle of a file, compressed or not; otherwise as `load` of `brine/stream`.
 *
 * @throws UnpicklingError as `loads` does; what `node:fs` throws
 */
export function load<const Options extends StreamLoadOptions = object>(
  path: FilePath,
  options?: Options & StreamLoadOptions,
): Promise<Loaded<Options, StdlibValue>>;
/**
 * The same, checked and maybe changed by a schema, which may be asynchronous.
 *
 * @throws UnpicklingError `schema-mismatch`, a `SchemaError`; what the schema throws
 */
export function load<Schema extends StandardSchema>(
  path: FilePath,
  options: WithSchema<Schema, StreamLoadOptions>,
): Promise<SchemaOutput<Schema>>;
export function load(path: FilePath, options?: StreamLoadOptions): Promise<unknown> {
  return withFile(path, (file) =>
    checkedOne(options, (rest) => loadFrom(file, withZstd({ ...rest }), preset)),
  );
}

/**
 * Loads the pickles of a file one after the other, compressed or not; otherwise as `loadAll` of `brine/stream`.
 *
 * @throws UnpicklingError at the pickle that is wrong; what `node:fs` throws
 */
export function loadAll<const Options extends LoadAllOptions = object>(
  path: FilePath,
  options?: Options & LoadAllOptions,
): AsyncGenerator<LoadedEach<Options>, void>;
/** The same, each value checked by a schema, as in {@link load}. */
export function loadAll<Schema extends StandardSchema, const Offsets extends boolean = false>(
  path: FilePath,
  options: WithSchema<Schema, Omit<LoadAllOptions, "offsets">> & {
    readonly offsets?: Offsets | undefined;
  },
): AsyncGenerator<CheckedEach<Schema, Offsets>, void>;
export function loadAll(path: FilePath, options?: LoadAllOptions): AsyncGenerator<unknown, void> {
  return throughFile(path, (file) => loadAllFrom(file, withZstd({ ...options }), preset));
}

/**
 * Yields the items of a container in a file while they are read, in constant memory, as `items` of `brine/stream` does over a
 * source that can be read twice. A compressed file is decompressed once for each pass.
 *
 * @throws UnpicklingError as `loads` does; `missing-path`; what `node:fs` throws
 */
export function items(path: FilePath, options?: ItemsOptions): AsyncGenerator<unknown, void>;
/** The same, each item checked by a schema, as in {@link load}. */
export function items<Schema extends StandardSchema>(
  path: FilePath,
  options: WithSchema<Schema, ItemsOptions>,
): AsyncGenerator<SchemaOutput<Schema>, void>;
export function items(path: FilePath, options?: ItemsOptions): AsyncGenerator<unknown, void> {
  return throughFile(path, (file) =>
    checkedEach(options, (rest) => itemsFrom(file, withZstd({ ...rest }), preset)),
  );
}

/**
 * The value at a path inside the first pickle of a file, as `get` of `brine/stream`: the rest is skipped.
 *
 * @throws UnpicklingError `missing-path`; otherwise as `loads` does; what `node:fs` throws
 */
export function get(path: FilePath, at: Path, options?: StreamLoadOptions): Promise<unknown>;
/** The same, checked by a schema, as in {@link load}. */
export function get<Schema extends StandardSchema>(
  path: FilePath,
  at: Path,
  options: WithSchema<Schema, StreamLoadOptions>,
): Promise<SchemaOutput<Schema>>;
export function get(path: FilePath, at: Path, options?: StreamLoadOptions): Promise<unknown> {
  return withFile(path, (file) =>
    checkedOne(options, (rest) => getFrom(file, at, withZstd({ ...rest }), preset)),
  );
}

export { compressionOf } from "./compression/decompress.ts";
export type { Codec } from "./compression/codec.ts";
export type { DecompressionLimits, DecompressionOptions } from "./compression/options.ts";
export { PickleError, PicklingError, UnpicklingError } from "./errors.ts";
export { openFile } from "./node/file-buffer.ts";
export type { FileBuffer } from "./node/file-buffer.ts";
export type { FilePath, WriteFileOptions } from "./node/replace-file.ts";
export type { FileCompression } from "./node/zlib-codecs.ts";
export type { ItemsOptions } from "./stream/items.ts";
export type { CheckedEach, LoadAllOptions, LoadedEach, Located, StreamLoadOptions } from "./stream/load.ts";
export { SchemaError } from "./schema/check.ts";
export type { SchemaIssue, WithSchema } from "./schema/check.ts";
export type * from "./schema/standard-schema.ts";
export type { Path, PathElement } from "./stream/path.ts";
