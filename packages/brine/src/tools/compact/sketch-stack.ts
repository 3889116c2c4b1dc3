import { failure } from "../../bytes/failure.ts";
import { IntList } from "./number-lists.ts";

/** The stack of a pickle: for each value which constant it is, or a reference to an object, and the step it starts at. */
export class SketchStack {
  /** By height, the constant, or the reference to an object. */
  readonly values: IntList = new IntList();
  /** By height, the first step of the value. */
  readonly starts: IntList = new IntList();
  readonly #fences = new IntList();
  readonly #markSteps = new IntList();
  /** The height of the topmost mark. */
  #fence = 0;

  /** How many values there are. */
  get height(): number {
    return this.values.length;
  }

  /** Whether a mark is topmost. */
  get isMarkOnTop(): boolean {
    return this.#fences.length > 0 && this.#fence === this.height;
  }

  push(value: number, start: number): void {
    this.values.push(value);
    this.starts.push(start);
  }

  /** Makes sure that there are `count` values above the topmost mark. */
  need(count: number): void {
    if (this.height - this.#fence >= count) return;
    throw this.#fences.length > 0
      ? failure("unexpected-mark", "unexpected MARK found")
      : failure("stack-underflow", "unpickling stack underflow");
  }

  /** Takes off `count` values, which are there. */
  drop(count: number): void {
    this.values.length -= count;
    this.starts.length -= count;
  }

  /** The value on top, or below it. */
  value(depth = 0): number {
    return this.values.items[this.height - 1 - depth] as number;
  }

  /** The first step of the value on top, or of one below it. */
  start(depth = 0): number {
    return this.starts.items[this.height - 1 - depth] as number;
  }

  mark(step: number): void {
    this.#fences.push(this.height);
    this.#markSteps.push(step);
    this.#fence = this.height;
  }

  /** The step of the topmost mark, which has to be there. */
  get markStep(): number {
    if (this.#fences.length === 0) throw failure("missing-mark", "could not find MARK");
    return this.#markSteps.items[this.#markSteps.length - 1] as number;
  }

  /** Takes away the topmost mark, but not what is above it; says how many values that are. */
  unmark(): number {
    if (this.#fences.length === 0) throw failure("missing-mark", "could not find MARK");
    const count = this.height - this.#fences.pop();
    this.#markSteps.pop();
    const { items, length } = this.#fences;
    this.#fence = length === 0 ? 0 : (items[length - 1] as number);
    return count;
  }
}
