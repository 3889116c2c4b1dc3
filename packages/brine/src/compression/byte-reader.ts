import { failure } from "../bytes/failure.ts";

const EMPTY = new Uint8Array(0);

/**
 * Chunks read as one run of bytes. Hot code reads `bytes` from `position` on itself and moves `position`; `more` and `has`
 * get what is not there yet and keep only what is unread. Codecs are written on it.
 */
export class ByteReader {
  /** What is at hand; the unread part begins at {@link position}. Replaced by `more` and `has`. */
  bytes: Uint8Array = EMPTY;
  /** Index into {@link bytes} of the next byte to read. */
  position = 0;
  /** Whether the chunks are at their end: nothing comes behind {@link bytes}. */
  ended = false;
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** Bytes that came before `bytes[0]`. */
  #before = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** How many bytes were read. */
  get offset(): number {
    return this.#before + this.position;
  }

  /** How many unread bytes are at hand. */
  get available(): number {
    return this.bytes.length - this.position;
  }

  /** Gets at least one byte more behind those at hand; `false` at the end. */
  more(): Promise<boolean> {
    return this.has(this.available + 1);
  }

  /** Whether there are `count` unread bytes; they are at hand then. */
  async has(count: number): Promise<boolean> {
    let available = this.available;
    if (available >= count) return true;
    const parts = [this.bytes.subarray(this.position)];
    while (available < count && !this.ended) {
      const next = await this.#chunks.next();
      if (next.done === true) this.ended = true;
      else if (next.value.length > 0) {
        const { buffer, byteOffset, length } = next.value;
        // A Buffer of Node has a slice of its own, which is no copy.
        parts.push(new Uint8Array(buffer, byteOffset, length));
        available += length;
      }
    }
    this.#before += this.position;
    this.position = 0;
    this.bytes = joined(parts, available);
    return available >= count;
  }

  /**
   * Waits for `count` unread bytes.
   *
   * @throws UnpicklingError `truncated`
   */
  async need(count: number): Promise<void> {
    if (this.available < count && !(await this.has(count))) throw this.truncated();
  }

  /** The next `count` bytes, a view. */
  async take(count: number): Promise<Uint8Array> {
    await this.need(count);
    this.position += count;
    return this.bytes.subarray(this.position - count, this.position);
  }

  /** All at hand, a view, at least one byte but at the end. */
  async takeSome(most: number): Promise<Uint8Array> {
    if (this.available === 0) await this.more();
    const start = this.position;
    this.position = Math.min(this.bytes.length, start + most);
    return this.bytes.subarray(start, this.position);
  }

  /** Whether the unread bytes begin with one of these; all of them are waited for. What ends within one is truncated. */
  async startsWith(magics: readonly (readonly number[])[]): Promise<boolean> {
    await this.has(Math.max(...magics.map((magic) => magic.length)));
    for (const magic of magics) {
      const length = Math.min(this.available, magic.length);
      let same = 0;
      while (same < length && this.bytes[this.position + same] === magic[same]) same++;
      if (same === magic.length) return true;
      if (same === this.available && same > 0) throw this.truncated();
    }
    return false;
  }

  /** What is unread, as chunks. */
  async *rest(): AsyncGenerator<Uint8Array, void> {
    try {
      for (;;) {
        const chunk = await this.takeSome(Infinity);
        if (chunk.length === 0) return;
        yield chunk;
      }
    } finally {
      await this.close();
    }
  }

  /** Lets go of the chunks. */
  async close(): Promise<void> {
    this.ended = true;
    await this.#chunks.return?.();
  }

  /** The error of data that ends too early. */
  truncated(): Error {
    return failure(
      "truncated",
      "Compressed file ended before the end-of-stream marker was reached",
      "EOFError",
      "The file is incomplete: copy or download it again",
    );
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const filled = parts.filter((part) => part.length > 0);
  if (filled.length < 2) return filled[0] ?? EMPTY;
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of filled) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
