import { compressionOf, decompressed } from "../compression/decompress.ts";
import type { Inflate } from "../compression/inflate.ts";
import type { DecompressionOptions } from "../compression/options.ts";
import { type ByteSource, byteSource, type SourceOptions, type StreamSource, watched } from "./source.ts";

/** Enough to know every kind of compression. */
const HEAD = 16;

/** Options of all that reads from a source: how it is read, and how it is decompressed. */
export type OpenOptions = SourceOptions & DecompressionOptions;

/**
 * Makes a source ready: its signal ends it, its progress is told, its compression is taken off. One that can be read twice
 * still can, but if it is compressed every reading begins at its start.
 *
 * @param engine inflates for gzip, zlib and zip; the library's own unless given
 * @throws UnpicklingError `invalid-input` for what is no source
 */
export async function openSource(
  given: StreamSource,
  options: OpenOptions,
  engine?: Inflate,
): Promise<ByteSource> {
  const base = byteSource(given);
  const source: ByteSource = { ...base, open: (start) => watched(base, start, options) };
  if (options.decompress === false) return source;
  if (base.isRepeatable && compressionOf(await headOf(base)) === undefined) return source;
  return {
    byteLength: undefined,
    isRepeatable: base.isRepeatable,
    async *open(start) {
      let skipped = 0;
      for await (const chunk of decompressed(source.open(0), options, engine)) {
        const rest = chunk.subarray(Math.min(chunk.length, start - skipped));
        skipped += chunk.length - rest.length;
        if (rest.length > 0) yield rest;
      }
    },
  };
}

async function headOf(source: ByteSource): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD);
  let length = 0;
  for await (const chunk of source.open(0)) {
    const part = chunk.subarray(0, HEAD - length);
    head.set(part, length);
    length += part.length;
    if (length === HEAD) break;
  }
  return head.subarray(0, length);
}
