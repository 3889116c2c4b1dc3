import type { TypeRegistry } from "../types/registry.ts";
import type { Loaded } from "../unpickler/loaded-types.ts";
import type { LoadOptions } from "../unpickler/options.ts";
import { settingsOf, withSharedBuffers } from "../unpickler/unpickler.ts";
import { byteSource, type SourceOptions, type StreamSource } from "./source.ts";
import { inPickle, StreamLoader } from "./stream-loader.ts";

/** Options of `load`. */
export interface StreamLoadOptions extends LoadOptions, SourceOptions {
  /** Where in the source the (first) pickle begins, in bytes; 0 unless set. */
  readonly start?: number | undefined;
}

/** Options of `loadAll`. */
export interface LoadAllOptions extends StreamLoadOptions {
  /** Gives `{ value, start, end }` for each pickle, its place in bytes, in the place of the value alone; `false` unless set. */
  readonly offsets?: boolean | undefined;
}

/** A pickle of several with its place. */
export interface Located<Value> {
  /** What it holds. */
  readonly value: Value;
  /** Absolute position of its first byte. */
  readonly start: number;
  /** Absolute position behind its STOP. */
  readonly end: number;
}

/** What `loadAll` gives for each pickle. */
export type LoadedEach<Options extends LoadAllOptions> = Options extends { readonly offsets: true }
  ? Located<Loaded<Options>>
  : Loaded<Options>;

/** Loads one pickle; `types` is the default of the entry. */
export async function loadFrom<Options extends StreamLoadOptions>(
  source: StreamSource,
  options: Options | undefined,
  types: TypeRegistry,
): Promise<Loaded<Options>> {
  const settings = settingsOf(options, types);
  const loader = new StreamLoader(byteSource(source), settings, options ?? {}, options?.start ?? 0);
  try {
    return (await loader.load()) as Loaded<Options>;
  } finally {
    await loader.close();
  }
}

/** Loads consecutive pickles; `types` is the default of the entry. */
export async function* loadAllFrom<Options extends LoadAllOptions>(
  source: StreamSource,
  options: Options | undefined,
  types: TypeRegistry,
): AsyncGenerator<LoadedEach<Options>, void> {
  const settings = withSharedBuffers(settingsOf(options, types));
  const loader = new StreamLoader(byteSource(source), settings, options ?? {}, options?.start ?? 0);
  try {
    for (let index = 0; await loader.hasMore(); index++) {
      const start = loader.position;
      let value: unknown;
      try {
        value = await loader.load();
      } catch (error) {
        throw inPickle(error, index, start);
      }
      yield (
        options?.offsets === true ? { value, start, end: loader.position } : value
      ) as LoadedEach<Options>;
    }
  } finally {
    await loader.close();
  }
}
