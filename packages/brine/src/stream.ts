import { getFrom } from "./stream/get.ts";
import { type ItemsOptions, itemsFrom } from "./stream/items.ts";
import {
  loadAllFrom,
  type LoadAllOptions,
  type LoadedEach,
  loadFrom,
  type StreamLoadOptions,
} from "./stream/load.ts";
import type { Path } from "./stream/path.ts";
import type { StreamSource } from "./stream/source.ts";
import { builtins } from "./types/builtins.ts";
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
): Promise<Loaded<Options>> {
  return loadFrom<Options>(source, options, builtins);
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
): AsyncGenerator<LoadedEach<Options>, void> {
  return loadAllFrom<Options>(source, options, builtins);
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
export function items(source: StreamSource, options?: ItemsOptions): AsyncGenerator<unknown, void> {
  return itemsFrom(source, options, builtins);
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
export function get(source: StreamSource, path: Path, options?: StreamLoadOptions): Promise<unknown> {
  return getFrom(source, path, options, builtins);
}

export type { ItemsOptions } from "./stream/items.ts";
export type { Path, PathElement } from "./stream/path.ts";
export type { LoadAllOptions, LoadedEach, Located, StreamLoadOptions } from "./stream/load.ts";
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
