/** A list of 32-bit ints that grows. Hot code reads `items` itself, and not over a `push`. */
export class IntList {
  items: Int32Array = new Int32Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.items.length) {
      const items = new Int32Array(2 * this.length);
      items.set(this.items);
      this.items = items;
    }
    this.items[this.length++] = value;
  }

  /** Takes off the last one. */
  pop(): number {
    return this.items[--this.length] as number;
  }
}

/** The same of numbers that are too large for that: positions in bytes. */
export class NumberList {
  items: Float64Array = new Float64Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.items.length) {
      const items = new Float64Array(2 * this.length);
      items.set(this.items);
      this.items = items;
    }
    this.items[this.length++] = value;
  }
}
