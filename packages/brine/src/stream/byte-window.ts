const EMPTY: Uint8Array = new Uint8Array(0);

/** A load that must begin anew has what it read so far, up to 4 MiB, from here; most that must do so much sooner. */
const LONGEST_LOG = 1 << 22;

/** The part of a source that is at hand: what has been asked for and is not read yet. */
export class ByteWindow {
  /** What is at hand. */
  bytes: Uint8Array = EMPTY;
  /** Absolute position of `bytes[0]`. */
  base: number;
  /** Whether nothing comes behind {@link bytes}. */
  ended = false;
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** All from absolute position `#logStart` on, as long as it is little. */
  #log: Uint8Array[] | undefined;
  #logStart = 0;
  #logLength = 0;

  /** @param base absolute position of the first byte of the chunks */
  constructor(chunks: AsyncIterable<Uint8Array>, base: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.base = base;
  }

  /** Absolute end of what is at hand. */
  get end(): number {
    return this.base + this.bytes.length;
  }

  /** Forgets what lies before absolute position `start`, which may be ahead, and gets what it takes to have `count` bytes from there on. */
  async reach(start: number, count: number): Promise<void> {
    // What was claimed may be more than there is: parts are gathered, nothing is allocated before they are there.
    const parts = [this.bytes.subarray(Math.min(start - this.base, this.bytes.length))];
    let length = (parts[0] as Uint8Array).length;
    let skipped = this.end;
    while (length < count && !this.ended) {
      const next = await this.#chunks.next();
      if (next.done === true) this.ended = true;
      else {
        this.#note(next.value);
        const part = next.value.subarray(Math.max(0, Math.min(start - skipped, next.value.length)));
        skipped += next.value.length;
        parts.push(part);
        length += part.length;
      }
    }
    this.base = start;
    this.bytes = joined(parts, length);
  }

  /** Keeps what comes from absolute position `start` on, as far as {@link LONGEST_LOG}, so that it can be read again. */
  remember(start: number): void {
    this.#log = [];
    this.#logStart = start;
    this.#logLength = 0;
    this.#note(this.bytes.subarray(start - this.base));
  }

  #note(part: Uint8Array): void {
    this.#logLength += part.length;
    if (this.#logLength > LONGEST_LOG) this.#log = undefined;
    this.#log?.push(part);
  }

  /** Has all at hand that came since {@link remember}; `false` if that was too much to keep. */
  rewind(): boolean {
    if (this.#log === undefined) return false;
    this.bytes = joined(this.#log, this.#logLength);
    this.base = this.#logStart;
    return true;
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    this.ended = true;
    await this.#chunks.return?.();
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
