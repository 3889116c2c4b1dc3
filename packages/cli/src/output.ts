import { writeSync } from "node:fs";
import { isatty } from "node:tty";

/** Whoever read the output has gone away, as `head` does: a reason to stop, not an error. */
export class OutputClosed extends Error {}

/** What text can be written to. */
export interface TextSink {
  write(text: string): void;
}

const CHUNK = 1 << 16;

/** Waits without a turn of the event loop. */
export function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Text to a file descriptor, in large chunks. Synchronous, so that nothing piles up and a closed pipe is known at once. */
export class Output implements TextSink {
  readonly #descriptor: number | (() => number);
  #pending = "";
  /** Bytes that went out. */
  written = 0;
  /** Called once, before something is written. */
  beforeWrite: (() => void) | undefined;

  /** @param descriptor where to write, or what opens that when there is something to write */
  constructor(descriptor: number | (() => number) = 1) {
    this.#descriptor = descriptor;
  }

  /** Whether it is what the user looks at. */
  get isTerminal(): boolean {
    return this.#descriptor === 1 && isatty(1);
  }

  /** Throws {@link OutputClosed}. */
  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= CHUNK) this.flush();
  }

  /** Throws {@link OutputClosed}. */
  flush(): void {
    const bytes = Buffer.from(this.#pending);
    this.#pending = "";
    this.#put(bytes);
  }

  /** Bytes as they are. Throws {@link OutputClosed}. */
  writeBytes(bytes: Uint8Array): void {
    this.flush();
    this.#put(bytes);
  }

  #put(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.beforeWrite?.();
    this.beforeWrite = undefined;
    const descriptor = typeof this.#descriptor === "number" ? this.#descriptor : this.#descriptor();
    for (let start = 0; start < bytes.length;) {
      try {
        const count = writeSync(descriptor, bytes, start);
        start += count;
        this.written += count;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "EPIPE") throw new OutputClosed();
        // A pipe that another process has made non-blocking is full.
        if (code !== "EAGAIN") throw error;
        pause(5);
      }
    }
  }
}
