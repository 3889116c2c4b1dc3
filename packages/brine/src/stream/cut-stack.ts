/** Where the values and marks of a pickle stand that is walked over, none of them made. */
export class CutStack {
  size = 0;
  /** Absolute position of each value. */
  readonly starts: number[] = [];
  /** How many memo slots were filled before each value. */
  readonly memoCounts: number[] = [];
  /** Height of the stack at each mark. */
  readonly marks: number[] = [];
  readonly #markStarts: number[] = [];
  /** The event of each mark, −1 without. */
  readonly markEvents: number[] = [];
  /** Of the mark that was popped last. */
  lastMarkStart = 0;
  lastMarkEvent = -1;

  push(at: number, memoCount: number): void {
    this.memoCounts[this.size] = memoCount;
    this.starts[this.size++] = at;
  }

  pushMark(at: number, memoCount: number, event: number): void {
    this.memoCounts[this.size] = memoCount;
    this.marks.push(this.size);
    this.#markStarts.push(at);
    this.markEvents.push(event);
  }

  /** The height at the last mark, which is taken away; −1 without one. */
  popMark(): number {
    const bottom = this.marks.pop();
    if (bottom === undefined) return -1;
    this.lastMarkStart = this.#markStarts.pop() as number;
    this.lastMarkEvent = this.markEvents.pop() as number;
    return bottom;
  }

  /** Takes `count` values out from a height on; what is above comes down. */
  drop(from: number, count: number): void {
    this.starts.copyWithin(from, from + count, this.size);
    this.memoCounts.copyWithin(from, from + count, this.size);
    this.size -= count;
  }
}
