/** What a pickle does with its memo. */
export interface MemoUse {
  /** How often something is kept: PUT, BINPUT, LONG_BINPUT, MEMOIZE. */
  readonly stored: number;
  /** How often it is read: GET, BINGET, LONG_BINGET. */
  readonly read: number;
  /** Bytes of the opcodes that keep. */
  readonly storeBytes: number;
  /** Bytes of the opcodes that read. */
  readonly readBytes: number;
  /** How many of what is kept nothing reads. */
  readonly unused: number;
  /** Bytes of the opcodes that keep these: what `optimize` takes out. */
  readonly wastedBytes: number;
}

/** The memo of one pickle after the other: what each slot holds, and whether it was read. */
export class MemoTable {
  stored = 0;
  read = 0;
  storeBytes = 0;
  readBytes = 0;
  unused = 0;
  wastedBytes = 0;
  // By slot, as far as they are filled one after the other.
  readonly #dense: number[] = [];
  readonly #sparse = new Map<number, number>();
  // By entry.
  readonly #types: number[] = [];
  readonly #infos: number[] = [];
  readonly #sizes: number[] = [];
  readonly #isRead: boolean[] = [];

  /** How many slots are filled. */
  get size(): number {
    return this.#dense.length + this.#sparse.size;
  }

  /** Keeps what stands on the stack: its type, and what else is known of it. */
  store(slot: number, type: number, info: number, size: number): void {
    this.stored++;
    this.storeBytes += size;
    const entry = this.#types.push(type) - 1;
    this.#infos.push(info);
    this.#sizes.push(size);
    this.#isRead.push(false);
    if (slot === this.#dense.length) this.#dense.push(entry);
    else if (slot >= 0 && slot < this.#dense.length) this.#dense[slot] = entry;
    // V8's own `Map` ends at 2^24 entries.
    else if (this.#sparse.size < 2 ** 23) this.#sparse.set(slot, entry);
  }

  /** Reads a slot; gives its entry, −1 if it is empty. */
  fetch(slot: number, size: number): number {
    this.read++;
    this.readBytes += size;
    const entry = this.#dense[slot] ?? this.#sparse.get(slot);
    if (entry === undefined) return -1;
    this.#isRead[entry] = true;
    return entry;
  }

  typeOf(entry: number): number {
    return this.#types[entry] as number;
  }

  infoOf(entry: number): number {
    return this.#infos[entry] as number;
  }

  /** At the end of a pickle: counts what nothing has read, and empties it. */
  close(): void {
    for (let entry = 0; entry < this.#sizes.length; entry++) {
      if (this.#isRead[entry] === true) continue;
      this.unused++;
      this.wastedBytes += this.#sizes[entry] as number;
    }
    for (const list of [this.#dense, this.#types, this.#infos, this.#sizes, this.#isRead]) list.length = 0;
    this.#sparse.clear();
  }

  /** The sums. */
  use(): MemoUse {
    const { stored, read, storeBytes, readBytes, unused, wastedBytes } = this;
    return { stored, read, storeBytes, readBytes, unused, wastedBytes };
  }
}
