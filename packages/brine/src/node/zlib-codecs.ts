import * as zlib from "node:zlib";
import { pipeline, Readable, type Transform } from "node:stream";
import { type Compression, unwritable } from "../compression/compress.ts";
import type { DecompressionOptions } from "../compression/options.ts";
import { zstd } from "../compression/zstd.ts";
import { PicklingError } from "../errors.ts";

/** What Node has from 22.15 and 23.8 on. */
interface ZstdFunctions {
  readonly createZstdCompress?: (options?: object) => Transform;
  readonly constants: { readonly ZSTD_c_compressionLevel: number };
}
const { createZstdCompress, constants } = zlib as unknown as ZstdFunctions;

/** Output at a time. */
const CHUNK = 1 << 17;

/** What a transform makes of the chunks; what they throw comes out as it is. */
async function* through(
  chunks: AsyncIterable<Uint8Array>,
  transform: Transform,
): AsyncGenerator<Uint8Array, void> {
  const source = Readable.from(chunks, { objectMode: true, highWaterMark: 1 });
  // Errors and early ends go both ways; the loop below tells of them.
  pipeline(source, transform, () => undefined);
  try {
    for await (const chunk of transform) yield chunk as Uint8Array;
  } finally {
    transform.destroy();
  }
}

/**
 * The options, with zstd behind the codecs that were handed in. It is our own: Node 22.23 reads half a frame without an error,
 * and of two frames the first one.
 */
export function withZstd<Options extends DecompressionOptions>(options: Options): Options {
  return { ...options, codecs: [...(options.codecs ?? []), zstd] };
}

/** How a file is compressed: a format, or one with its level. */
export type FileCompression =
  | Compression
  | { readonly format: Compression; readonly level?: number | undefined };

function compressor(format: Compression, level: number | undefined): Transform {
  const options = { chunkSize: CHUNK, ...(level === undefined ? {} : { level }) };
  switch (format) {
    case "gzip":
      return zlib.createGzip(options);
    case "zlib":
      return zlib.createDeflate(options);
    case "zstd":
      if (createZstdCompress === undefined) throw unwritable(format);
      return createZstdCompress({
        chunkSize: CHUNK,
        params: level === undefined ? {} : { [constants.ZSTD_c_compressionLevel]: level },
      });
    default:
      throw unwritable(String(format satisfies never));
  }
}

/** The chunks, compressed by Node's zlib. */
export function zlibCompressed(
  chunks: AsyncIterable<Uint8Array>,
  compression: FileCompression,
): AsyncGenerator<Uint8Array, void> {
  const { format, level } =
    typeof compression === "string" ? { format: compression, level: undefined } : compression;
  try {
    return through(chunks, compressor(format, level));
  } catch (error) {
    if (error instanceof PicklingError) throw error;
    throw new PicklingError("invalid-option", error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}
