import { fstatSync, openSync, readSync } from "node:fs";
import { InputError } from "./input.ts";

/** A file of more bytes is read part by part; below that, reading it at once is quicker, and other commands hold it too. */
export const LARGE: number = 2 ** 28;

const PART = 1 << 20;

/** A file that is not held in memory, read where it is asked for; open until the command ends. */
export class LargeFile {
  readonly size: number;
  readonly #descriptor: number;
  /** Told where each part that is read ends. */
  onRead: ((end: number) => void) | undefined;

  constructor(path: string) {
    this.#descriptor = openSync(path, "r");
    this.size = fstatSync(this.#descriptor).size;
  }

  /** The bytes from `start` on, `length` of them or as many as there are. Throws what `node:fs` throws. */
  read(start: number, length: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - start)));
    let at = 0;
    while (at < bytes.length) {
      const most = Math.min(bytes.length - at, 2 ** 30);
      const count = readSync(this.#descriptor, bytes, at, most, start + at);
      // It was made shorter meanwhile.
      if (count === 0) return bytes.subarray(0, at);
      at += count;
    }
    this.onRead?.(start + at);
    return bytes;
  }

  /** All of it. Throws InputError. */
  whole(): Uint8Array {
    try {
      return this.read(0, this.size);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new InputError("it is too large to be held in memory");
    }
  }

  /** The bytes from `start` to `end` in parts. */
  *parts(start: number, end: number = this.size): Generator<Uint8Array, void> {
    for (let at = start; at < end; at += PART) yield this.read(at, Math.min(PART, end - at));
  }
}
