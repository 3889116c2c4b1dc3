/** So many values of a program that are items, or keys and values. */
export interface Stretch {
  readonly isDict: boolean;
  readonly count: number;
}

/** What of a container the programs that are cut make: of the one that was cut last, and what was read ahead. */
export class CutValues {
  /** What the values are, in order. */
  readonly stretches: Stretch[] = [];
  /** Absolute position of each of them. */
  readonly starts: number[] = [];
  /** How many of {@link stretches} belong to the program that was cut. */
  #cut = 0;

  /** Notes `count` values, of which `starts` has the positions from `from` on. */
  note(starts: readonly number[], from: number, count: number, isDict: boolean): void {
    for (let i = 0; i < count; i++) this.starts.push(starts[from + i] as number);
    if (count > 0) this.stretches.push({ isDict, count });
  }

  /** All that there are belong to one program. */
  cut(): void {
    this.#cut = this.stretches.length;
  }

  /** Drops those of the program that was cut. */
  drop(): void {
    const dropped = this.stretches.splice(0, this.#cut).reduce((sum, { count }) => sum + count, 0);
    this.starts.splice(0, dropped);
    this.#cut = 0;
  }
}
