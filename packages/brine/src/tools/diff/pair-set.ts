import { LargeMap } from "../large-map.ts";

/** A set of pairs of numbers below a base. */
export class PairSet {
  readonly #pairs = new LargeMap<number, true>();
  readonly #base: number;

  constructor(base: number) {
    this.#base = base;
  }

  /** Adds a pair; `false` if it was there. */
  add(first: number, second: number): boolean {
    const key = first * this.#base + second;
    if (this.#pairs.has(key)) return false;
    this.#pairs.set(key, true);
    return true;
  }
}
