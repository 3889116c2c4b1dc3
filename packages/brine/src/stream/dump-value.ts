import { type Compression, compressed } from "../compression/compress.ts";
import { type DumpOptions, dumpSettings } from "../pickler/options.ts";
import { PicklerBase } from "../pickler/pickler.ts";
import type { TypeRegistry } from "../types/registry.ts";
import { ChunkWriter } from "./chunk-writer.ts";

/** How a pickle that is written in chunks is compressed. */
export interface CompressionOption {
  /** The format; not compressed unless set. */
  readonly compression?: Compression | undefined;
}

/** Stops the pickler at each chunk. */
class StoppingWriter extends ChunkWriter {
  isEnded = false;

  override begin(): void {
    super.begin();
    if (this.protocol < 2) this.openFrame();
  }

  override end(): void {
    super.end();
    this.isEnded = true;
  }

  override chunks(): Uint8Array[] {
    this.isFull = false;
    return super.chunks();
  }

  protected override cut(): void {
    super.cut();
    this.isFull = this.hasChunks;
  }
}

class ChunkPickler extends PicklerBase {
  readonly #output: StoppingWriter;

  constructor(options: DumpOptions, types: TypeRegistry, output: StoppingWriter) {
    super(options, types, output);
    this.#output = output;
  }

  async *chunks(value: unknown): AsyncGenerator<Uint8Array, void> {
    const output = this.#output;
    for (this.dump(value); ; this.resume()) {
      yield* output.chunks();
      if (output.isEnded) return;
    }
  }
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
  const output = new StoppingWriter(dumpSettings(options, types).protocol);
  return new ChunkPickler(options, types, output).chunks(value);
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
