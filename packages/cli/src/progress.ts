import { isatty } from "node:tty";
import { SingleBar } from "cli-progress";

/** Work that is done sooner needs no bar. */
const PATIENCE = 1000;
const MEBIBYTE = 2 ** 20;

/** A line on stderr that says how much was read, if it is a terminal and the work is long. */
export class Progress {
  readonly #started = Date.now();
  readonly #name: string;
  #bar: SingleBar | undefined;
  #bytes = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** The chunks as they come, counted. */
  async *of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of chunks) {
      this.add(chunk.length);
      yield chunk;
    }
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bar === undefined) {
      if (!isatty(2) || Date.now() - this.#started < PATIENCE) return;
      this.#bar = new SingleBar({
        format: "{name}: {value} MiB in {duration_formatted}",
        clearOnComplete: true,
        stream: process.stderr,
      });
      this.#bar.start(Infinity, 0, { name: this.#name });
    }
    this.#bar.update(Math.floor(this.#bytes / MEBIBYTE));
  }

  end(): void {
    this.#bar?.stop();
  }
}
