import { type Compression, compressed } from "../compression/compress.ts";
import { type DumpOptions, dumpSettings } from "../pickler/options.ts";
import { PicklerBase } from "../pickler/pickler.ts";
import { dumpInPieces } from "../pickler/pieces.ts";
import type { TypeRegistry } from "../types/registry.ts";
import { ChunkWriter } from "./chunk-writer.ts";

/** How a pickle that is written in chunks is compressed. */
export interface CompressionOption {
  /** The format; not compressed unless set. */
  readonly compression?: Compression | undefined;
}

/** Has the pickler pause where there is a chunk to take, a large text or bytes too, which are in no frame. */
class PausingWriter extends ChunkWriter {
  /** The boundary, while the next value is to pause. */
  #boundary = 0;

  override openFrame(): void {
    super.openFrame();
    if (!this.hasChunks) return;
    this.#boundary = this.boundary;
    this.boundary = -1;
  }

  override nextFrame(): void {
    if (this.boundary < 0) this.boundary = this.#boundary;
    if (this.length >= this.boundary) super.nextFrame();
  }

  override chunks(): Uint8Array[] {
    if (this.boundary < 0) this.boundary = this.#boundary;
    return super.chunks();
  }
}

async function* pieces(
  pickler: PicklerBase,
  writer: PausingWriter,
  value: unknown,
): AsyncGenerator<Uint8Array, void> {
  for (const _ of dumpInPieces(pickler, value)) yield* writer.chunks();
}

/**
 * The pickle of a value, as `dumps` writes it, made as it is taken: 64 kB at a time beside the value and the memo. Throws at
 * once what is wrong with the options.
 */
export function valueChunks(
  value: unknown,
  options: DumpOptions,
  types: TypeRegistry,
): AsyncGenerator<Uint8Array, void> {
  const writer = new PausingWriter(dumpSettings(options, types).protocol);
  return pieces(new PicklerBase(options, types, writer), writer, value);
}

/** {@link valueChunks}, compressed if asked for. */
export function writtenChunks(
  value: unknown,
  options: DumpOptions & CompressionOption,
  types: TypeRegistry,
): AsyncGenerator<Uint8Array, void> {
  const chunks = valueChunks(value, options, types);
  return options.compression === undefined ? chunks : compressed(chunks, options.compression);
}
