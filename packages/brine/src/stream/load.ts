import { checkedAsync } from "../schema/check.ts";
import type { SchemaOutput, StandardSchema } from "../schema/standard-schema.ts";
import type { TypeRegistry } from "../types/registry.ts";
import type { StdlibValue } from "../types/stdlib-value.ts";
import type { Loaded } from "../unpickler/loaded-types.ts";
import type { Limits, LoadOptions } from "../unpickler/options.ts";
import { settingsOf, withSharedBuffers } from "../unpickler/unpickler.ts";
import type { Inflate } from "../compression/inflate.ts";
import type { DecompressionLimits } from "../compression/options.ts";
import { type OpenOptions, openSource } from "./decompressed-source.ts";
import { type StreamSource, throwIfAborted } from "./source.ts";
import { inPickle, StreamLoader } from "./stream-loader.ts";

/** Options of `load`. */
export interface StreamLoadOptions extends Omit<LoadOptions, "limits">, Omit<OpenOptions, "limits"> {
  /** What untrusted bytes may cost, compressed and not. */
  readonly limits?: (Limits & DecompressionLimits) | undefined;
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
  ? Located<Loaded<Options, StdlibValue>>
  : Loaded<Options, StdlibValue>;

/** What `loadAll` gives for each pickle, with a schema. */
export type CheckedEach<Schema extends StandardSchema, Offsets> = Offsets extends true
  ? Located<SchemaOutput<Schema>>
  : SchemaOutput<Schema>;

/** What an entry presets. */
export interface Preset {
  /** The default of the option `types`. */
  readonly types: TypeRegistry;
  /** What inflates gzip, zlib and zip; the library's own unless set. */
  readonly engine?: Inflate | undefined;
}

/** Loads one pickle. */
export async function loadFrom<Options extends StreamLoadOptions>(
  source: StreamSource,
  options: Options | undefined,
  preset: Preset,
): Promise<Loaded<Options, StdlibValue>> {
  const settings = settingsOf(options, preset.types);
  const opened = await openSource(source, options ?? {}, preset.engine);
  const loader = new StreamLoader(opened, settings, options?.start ?? 0, true);
  try {
    return (await loader.load()) as Loaded<Options, StdlibValue>;
  } finally {
    await loader.close();
  }
}

/** Loads consecutive pickles, each checked by the schema of the options. */
export async function* loadAllFrom<Options extends LoadAllOptions>(
  source: StreamSource,
  options: Options | undefined,
  preset: Preset,
): AsyncGenerator<LoadedEach<Options>, void> {
  const { schema } = { ...options } as { readonly schema?: unknown } as { readonly schema?: StandardSchema };
  const settings = withSharedBuffers(settingsOf(options, preset.types));
  const opened = await openSource(source, options ?? {}, preset.engine);
  const loader = new StreamLoader(opened, settings, options?.start ?? 0, false);
  try {
    for (let index = 0; await loader.hasMore(); index++) {
      throwIfAborted(options?.signal);
      const start = loader.position;
      let value: unknown;
      try {
        value = await loader.load();
        if (schema !== undefined) value = await checkedAsync(value, schema);
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
