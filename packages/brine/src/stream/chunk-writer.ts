import { OpWriter } from "../syntax/op-writer.ts";

/** Bytes that make a chunk: as many as a frame has. */
const CHUNK = 1 << 16;
/** Bytes from which on a `bytes` is handed on as it is. */
const UNBUFFERED = 1 << 16;
const EMPTY = new Uint8Array(0);

/** Writes one pickle of many values, and gives what is done with in chunks: whole frames, and large bytes as they are. */
export class ChunkWriter extends OpWriter {
  /** What is done with. */
  #chunks: Uint8Array[] = [];
  /** Whether the pickle has begun: what a value begins with is left out then. */
  #isUnderWay = false;

  override begin(): void {
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    super.begin();
    if (this.protocol < 4) this.openFrame();
  }

  /** Nothing: {@link finish} is the end of the pickle. */
  override end(): void {}

  /** STOP, and the last chunk. */
  finish(): void {
    super.end();
    this.#cut();
  }

  /** Nothing: {@link chunks} has what was written. */
  override take(): Uint8Array<ArrayBuffer> {
    return EMPTY;
  }

  override openFrame(): void {
    super.openFrame();
    // Without frames the chunks end where frames would.
    if (this.protocol < 4) this.boundary = this.length + CHUNK;
  }

  override closeFrame(): void {
    super.closeFrame();
    this.#cut();
  }

  override raw(bytes: Uint8Array): void {
    if (bytes.length < UNBUFFERED) super.raw(bytes);
    else {
      this.#cut();
      const { buffer, byteOffset, length } = bytes;
      // What is shared with other threads may change, and few sinks take it.
      this.#chunks.push(buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, length) : bytes.slice());
    }
  }

  /** A boundary: a frame that is full is closed. */
  settle(): void {
    if (this.length >= this.boundary) this.nextFrame();
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

  #cut(): void {
    if (this.length > 0) this.#chunks.push(super.take());
  }
}
