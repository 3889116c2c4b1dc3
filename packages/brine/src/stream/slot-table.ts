const EMPTY = 0;

/**
 * A number for each of some memo slots below 2^32 - 1, in two typed arrays: 12 to 24 bytes for a slot, where a `Map` takes
 * 40 and ends at 2^24. What the first pass over a long list keeps must be small.
 */
export class SlotTable {
  /** How many slots there are. */
  size = 0;
  /** Each slot plus one, by open addressing. */
  #slots = new Uint32Array(64);
  #values = new Uint32Array(64);

  #find(slots: Uint32Array, slot: number): number {
    const mask = slots.length - 1;
    let at = Math.imul(slot, 0x9e3779b1) >>> 7;
    for (at &= mask; slots[at] !== EMPTY && slots[at] !== slot + 1;) at = (at + 1) & mask;
    return at;
  }

  /** The number of a slot, −1 if it has none. */
  get(slot: number): number {
    if (this.size === 0) return -1;
    const at = this.#find(this.#slots, slot);
    return this.#slots[at] === EMPTY ? -1 : (this.#values[at] as number);
  }

  /** Gives a slot a number below 2^32, in the place of the one it had. */
  set(slot: number, value: number): void {
    let at = this.#find(this.#slots, slot);
    if (this.#slots[at] === EMPTY) {
      if (++this.size * 3 > this.#slots.length * 2) {
        this.#grow();
        at = this.#find(this.#slots, slot);
      }
      this.#slots[at] = slot + 1;
    }
    this.#values[at] = value;
  }

  /** The slots that have a number, in order. */
  sorted(): Uint32Array {
    return this.#slots
      .filter((slot) => slot !== EMPTY)
      .map((slot) => slot - 1)
      .sort();
  }

  #grow(): void {
    const slots = this.#slots;
    const values = this.#values;
    this.#slots = new Uint32Array(slots.length * 2);
    this.#values = new Uint32Array(slots.length * 2);
    for (let i = 0; i < slots.length; i++) {
      if (slots[i] === EMPTY) continue;
      const at = this.#find(this.#slots, (slots[i] as number) - 1);
      this.#slots[at] = slots[i] as number;
      this.#values[at] = values[i] as number;
    }
  }
}
