import { ChunkWriter } from "./chunk-writer.ts";

/** Writes one pickle of many values: each is dumped as if it were a pickle, and begins and ends none. */
export class ItemWriter extends ChunkWriter {
  #isUnderWay = false;

  override begin(): void {
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    super.begin();
    if (this.protocol < 2) this.openFrame();
  }

  /** Nothing: {@link finish} is the end of the pickle. */
  override end(): void {}

  /** STOP, and the last chunk. */
  finish(): void {
    super.end();
  }

  /** Closes a frame that is full. */
  settle(): void {
    if (this.length >= this.boundary) this.nextFrame();
  }
}
