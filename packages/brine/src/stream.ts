import type { CompressionOption } from "./stream/dump-value.ts";
import { decompressed } from "./compression/decompress.ts";
import type { DecompressionOptions } from "./compression/options.ts";
import type { DumpOptions } from "./pickler/options.ts";
import type { ByteStream } from "./stream/byte-stream.ts";
import { type ChunkSink, writeTo } from "./stream/chunk-sink.ts";
import { type DumpItemsOptions, itemStream } from "./stream/dump-items.ts";
import { writtenChunks } from "./stream/dump-value.ts";
import { getFrom } from "./stream/get.ts";
import { type ItemsOptions, itemsFrom } from "./stream/items.ts";
import {
  type CheckedEach,
  loadAllFrom,
  type LoadAllOptions,
  type LoadedEach,
  loadFrom,
  type StreamLoadOptions,
} from "./stream/load.ts";
import type { Path } from "./stream/path.ts";
import type { StreamSource } from "./stream/source.ts";
import { stdlib } from "./types/stdlib.ts";
import type { WithSchema } from "./schema/check.ts";
import type { SchemaOutput, StandardSchema } from "./schema/standard-schema.ts";
import { checkedEach, checkedOne } from "./stream/checked.ts";
import type { StdlibValue } from "./types/stdlib-value.ts";
import type { Loaded } from "./unpickler/loaded-types.ts";

/**
 * Loads one pickle from a source that may give it in pieces: decoding begins with the first, and what is held of the source
 * is what is unread. The value and the errors are those of `loads`.
 *
 * @throws UnpicklingError as `loads` does; what the source throws, and the reason of `signal`, as they are
 * @example
 * const value = await load(await fetch("https://example.org/data.pkl"));
 */
export function load<const Options extends StreamLoadOptions = object>(
  source: StreamSource,
  options?: Options & StreamLoadOptions,
): Promise<Loaded<Options, StdlibValue>>;
/**
 * The same, checked and maybe changed by a schema, which may be asynchronous.
 *
 * @throws UnpicklingError `schema-mismatch`, a `SchemaError`; what the schema throws
 */
export function load<Schema extends StandardSchema>(
  source: StreamSource,
  options: WithSchema<Schema, StreamLoadOptions>,
): Promise<SchemaOutput<Schema>>;
export function load(source: StreamSource, options?: StreamLoadOptions): Promise<unknown> {
  return checkedOne(options, (rest) => loadFrom(source, rest, { types: stdlib }));
}

/**
 * Loads consecutive pickles from a source, each with a memo of its own, while they come.
 *
 * @throws UnpicklingError at the pickle that is wrong, told with which it was; those before it have been given
 * @example
 * for await (const { value, end } of loadAll(stream, { offsets: true })) console.log(value, end);
 */
export function loadAll<const Options extends LoadAllOptions = object>(
  source: StreamSource,
  options?: Options & LoadAllOptions,
): AsyncGenerator<LoadedEach<Options>, void>;
/** The same, each value checked by a schema, as in {@link load}. */
export function loadAll<Schema extends StandardSchema, const Offsets extends boolean = false>(
  source: StreamSource,
  options: WithSchema<Schema, Omit<LoadAllOptions, "offsets">> & {
    readonly offsets?: Offsets | undefined;
  },
): AsyncGenerator<CheckedEach<Schema, Offsets>, void>;
export function loadAll(source: StreamSource, options?: LoadAllOptions): AsyncGenerator<unknown, void> {
  return loadAllFrom(source, options, { types: stdlib });
}

/**
 * Yields the items of a list, tuple or set, the entries of a dict as pairs, or the items or entries of an object, while they
 * are read, and keeps none. Over a source that can be read twice (a `Blob`, an `AsyncBuffer`, bytes) two passes over the
 * opcodes come first, so that memo slots are let go when they were read last: memory stays constant. A stream that is read
 * once keeps the memo, and with a `path` the value is loaded whole. An item that two share is one object only if both are
 * near each other; tuples and frozensets, and what a type definition builds, are made before their items are given.
 *
 * @throws UnpicklingError as `loads` does; `missing-path`; `missing-memo` where an item refers to the container
 * @example
 * for await (const record of items(file, { path: "$.records" })) console.log(record);
 */
export function items(source: StreamSource, options?: ItemsOptions): AsyncGenerator<unknown, void>;
/** The same, each item checked by a schema, as in {@link load}. */
export function items<Schema extends StandardSchema>(
  source: StreamSource,
  options: WithSchema<Schema, ItemsOptions>,
): AsyncGenerator<SchemaOutput<Schema>, void>;
export function items(source: StreamSource, options?: ItemsOptions): AsyncGenerator<unknown, void> {
  return checkedEach(options, (rest) => itemsFrom(source, rest, { types: stdlib }));
}

/**
 * The value at a path, such as `$.users[3].name` or `["users", 3, "name"]`: a key, an index, the name of an attribute. Over a
 * source that can be read twice only that value is decoded, and what it shares with what is before it; the rest is skipped
 * by opcode. A stream that is read once is loaded whole.
 *
 * @throws UnpicklingError `missing-path` with how far the path leads; otherwise as `loads` does
 * @example
 * const name = await get(file, "$.users[3].name");
 */
export function get(source: StreamSource, path: Path, options?: StreamLoadOptions): Promise<unknown>;
/** The same, checked by a schema, as in {@link load}. */
export function get<Schema extends StandardSchema>(
  source: StreamSource,
  path: Path,
  options: WithSchema<Schema, StreamLoadOptions>,
): Promise<SchemaOutput<Schema>>;
export function get(source: StreamSource, path: Path, options?: StreamLoadOptions): Promise<unknown> {
  return checkedOne(options, (rest) => getFrom(source, path, rest, { types: stdlib }));
}

/**
 * Writes one list, dict or set of unknown length, as a stream: no more of it is held than a chunk and the memo. Any Python
 * reads it, and can begin before the last item is there.
 *
 * @param values the items, or the entries `[key, value]` of a dict; each is written when it comes, and may be changed then
 * @throws PicklingError at once for an option; through the stream for an item, with a path such as `$[17].name`. What the
 *   items themselves throw comes through as it is.
 * @example
 * await dumpItems(rows()).pipeTo(response.writable)
 */
export function dumpItems(
  values: AsyncIterable<unknown> | Iterable<unknown>,
  options: DumpItemsOptions = {},
): ByteStream {
  return itemStream(values, options, stdlib);
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
  return writeTo(sink, writtenChunks(value, options, stdlib), options.preventClose ?? false);
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

export type { ItemsOptions } from "./stream/items.ts";
export type { Path, PathElement } from "./stream/path.ts";
export type { CheckedEach, LoadAllOptions, LoadedEach, Located, StreamLoadOptions } from "./stream/load.ts";
export { SchemaError } from "./schema/check.ts";
export type { SchemaIssue, WithSchema } from "./schema/check.ts";
export type * from "./schema/standard-schema.ts";
export type {
  AbortSignalLike,
  AsyncBuffer,
  BlobLike,
  Progress,
  ReadableStreamLike,
  ResponseLike,
  SourceOptions,
  StreamSource,
} from "./stream/source.ts";
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
