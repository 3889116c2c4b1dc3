const NEWLINE = 0x0a;
const EMPTY: Uint8Array = new Uint8Array(0);

/** A load that must begin anew has what it read so far, up to 4 MiB, from here; most that must do so much sooner. */
const LONGEST_LOG = 1 << 22;

/** What is held over from one reach to the next has room for as much again behind it from so many bytes on. */
const LONG = 1 << 10;

/** The part of a source that is at hand: what has been asked for and is not read yet. */
export class ByteWindow {
  /** What is at hand. */
  bytes: Uint8Array = EMPTY;
  /** Absolute position of `bytes[0]`. */
  base: number;
  /** Whether nothing comes behind {@link bytes}. */
  ended = false;
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** What `bytes` is a part of, and where that part ends; what lies behind is room. */
  #store: Uint8Array = EMPTY;
  #storeEnd = 0;
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

  /**
   * Forgets what lies before absolute position `start`, which may be ahead, and gets what it takes to have `count` bytes from
   * there on; or, if `lines` is more than 0, so many newlines behind the first `count` bytes.
   */
  async reach(start: number, count: number, lines = 0): Promise<void> {
    // What was claimed may be more than there is: parts are gathered, nothing is allocated before they are there.
    const first = this.bytes.subarray(Math.min(start - this.base, this.bytes.length));
    const parts: Uint8Array[] = [];
    let length = first.length;
    let skipped = this.end;
    // Newlines are looked for once in each part: a long line in small chunks would take time squared otherwise.
    let missing = lines;
    if (lines > 0) missing -= newlinesIn(first.subarray(Math.min(count, first.length)), missing);
    while ((length < count || missing > 0) && !this.ended) {
      const next = await this.#chunks.next();
      if (next.done === true) this.ended = true;
      else {
        this.#note(next.value);
        const part = next.value.subarray(Math.max(0, Math.min(start - skipped, next.value.length)));
        skipped += next.value.length;
        if (part.length > 0) parts.push(part);
        if (missing > 0) missing -= newlinesIn(part.subarray(Math.max(0, count - length)), missing);
        length += part.length;
      }
    }
    this.base = start;
    this.#join(first, parts, length);
  }

  #join(first: Uint8Array, parts: readonly Uint8Array[], length: number): void {
    if (first.length === 0 && parts.length < 2) {
      // The usual case: a whole chunk, as it is.
      this.bytes = parts[0] ?? EMPTY;
      this.#store = EMPTY;
      this.#storeEnd = 0;
      return;
    }
    if (parts.length === 0) {
      this.bytes = first;
      return;
    }
    const added = length - first.length;
    let begin = this.#storeEnd - first.length;
    if (first.buffer !== this.#store.buffer || this.#storeEnd + added > this.#store.length) {
      // With room behind it, so that what is held over for long is not copied with every chunk.
      this.#store = new Uint8Array(first.length > LONG ? 2 * length : length);
      this.#store.set(first);
      begin = 0;
    }
    let at = begin + first.length;
    for (const part of parts) {
      this.#store.set(part, at);
      at += part.length;
    }
    this.#storeEnd = at;
    this.bytes = this.#store.subarray(begin, at);
  }

  /** Keeps what comes from absolute position `start` on, as far as {@link LONGEST_LOG}, so that it can be read again. */
  remember(start: number): void {
    this.#log = [];
    this.#logStart = start;
    this.#logLength = 0;
    this.#note(this.bytes.subarray(start - this.base));
  }

  #note(part: Uint8Array): void {
    if (this.#log === undefined) return;
    this.#logLength += part.length;
    if (this.#logLength > LONGEST_LOG) this.#log = undefined;
    else if (part.length > 0) this.#log.push(part);
  }

  /** Has all at hand that came since {@link remember}; `false` if that was too much to keep. */
  rewind(): boolean {
    if (this.#log === undefined) return false;
    const bytes = new Uint8Array(this.#logLength);
    let at = 0;
    for (const part of this.#log) {
      bytes.set(part, at);
      at += part.length;
    }
    this.bytes = bytes;
    this.base = this.#logStart;
    return true;
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    this.ended = true;
    await this.#chunks.return?.();
  }
}

/** How many newlines there are, `most` at most. */
function newlinesIn(bytes: Uint8Array, most: number): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0 && count < most; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
