import { OpWriter } from "../syntax/op-writer.ts";

/** Bytes that make a chunk: as many as a frame has. */
const CHUNK = 1 << 16;
/** Bytes from which on a `bytes` is handed on as it is. */
const UNBUFFERED = 1 << 16;
const EMPTY = new Uint8Array(0);

/** Writes a pickle, and gives what is done with in chunks: whole frames, and large bytes as they are. */
export class ChunkWriter extends OpWriter {
  /** What is done with. */
  #chunks: Uint8Array[] = [];

  /** Nothing: {@link chunks} has what was written. */
  override take(): Uint8Array<ArrayBuffer> {
    return EMPTY;
  }

  /** Nothing, likewise. */
  override takeFinished(): Uint8Array<ArrayBuffer> {
    return EMPTY;
  }

  override end(): void {
    super.end();
    this.cut();
  }

  override openFrame(): void {
    super.openFrame();
    // Without frames the chunks end where frames would.
    if (this.protocol < 4) this.boundary = this.length + CHUNK;
  }

  override closeFrame(): void {
    super.closeFrame();
    this.cut();
  }

  override raw(bytes: Uint8Array): void {
    if (bytes.length < UNBUFFERED) super.raw(bytes);
    else {
      this.cut();
      const { buffer, byteOffset, length } = bytes;
      // What is shared with other threads may change, and few sinks take it.
      this.#chunks.push(
        buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, length) : bytes.slice(),
      );
    }
  }

  /** Whether there are chunks to take. */
  get hasChunks(): boolean {
    return this.#chunks.length > 0;
  }

  /** What is done with since the last call. */
  chunks(): Uint8Array[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  /** Makes what was written a chunk. */
  protected cut(): void {
    if (this.length > 0) this.#chunks.push(super.take());
  }
}
