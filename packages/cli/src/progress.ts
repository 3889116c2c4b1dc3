import { isatty } from "node:tty";
import { SingleBar } from "cli-progress";
import { atInterrupt } from "./interrupt.ts";

/** Work that is done sooner needs no bar. */
const PATIENCE = 1000;
const MEBIBYTE = 2 ** 20;

/** A line on stderr that says how far the reading is, if it is a terminal and the work is long. */
export class Progress {
  readonly #started = Date.now();
  readonly #name: string;
  readonly #total: number | undefined;
  readonly #isShown = isatty(2);
  #bar: SingleBar | undefined;
  #forget: (() => void) | undefined;
  #bytes = 0;
  #hasEnded = false;

  /** @param total bytes in all, where that is known */
  constructor(name: string, total?: number) {
    this.#name = name;
    this.#total = total;
  }

  /** The chunks as they come, counted. */
  async *of<Chunk extends Uint8Array>(
    chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
  ): AsyncGenerator<Chunk, void> {
    for await (const chunk of chunks) {
      this.reach(this.#bytes + chunk.length);
      yield chunk;
    }
  }

  /** Tells how many bytes were read; fewer than before where it is another pass. */
  reach(bytes: number): void {
    this.#bytes = bytes;
    if (!this.#isShown || this.#hasEnded) return;
    if (this.#bar === undefined) {
      if (Date.now() - this.#started < PATIENCE) return;
      this.#bar = this.#begun();
    }
    this.#bar.update(Math.floor(bytes / MEBIBYTE));
  }

  #begun(): SingleBar {
    const total = this.#total;
    const isKnown = total !== undefined;
    const bar = new SingleBar({
      format: isKnown
        ? "{name} {bar} {percentage} % of {total} MiB"
        : "{name}: {value} MiB in {duration_formatted}",
      barsize: 30,
      clearOnComplete: true,
      // Or a command that is killed leaves a terminal that does not wrap its lines.
      linewrap: true,
      stream: process.stderr,
    });
    this.#forget = atInterrupt(() => bar.stop());
    bar.start(isKnown ? Math.ceil(total / MEBIBYTE) : Infinity, 0, { name: this.#name });
    return bar;
  }

  /** Takes the line away. */
  end(): void {
    this.#hasEnded = true;
    this.#bar?.stop();
    this.#forget?.();
  }
}
