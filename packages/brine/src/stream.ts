import {
  loadAllFrom,
  type LoadAllOptions,
  type LoadedEach,
  loadFrom,
  type StreamLoadOptions,
} from "./stream/load.ts";
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
