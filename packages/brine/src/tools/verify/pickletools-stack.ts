import * as op from "../../syntax/opcodes.ts";
import type { Opcode } from "../../syntax/opcodes.ts";

/** What `pickletools.dis` finds wrong with an opcode. */
export type StackProblem =
  | "missing-mark"
  | "stack-underflow"
  | "memo-of-mark"
  | "memo-overwritten"
  | "memo-missing";

/**
 * The stack of `pickletools.dis`: it only counts. A MARK is an item like others there, and an opcode that takes so many
 * items takes it too. Source: CPython 3.13 `Lib/pickletools.py`, `dis`.
 */
export class PickletoolsStack {
  /** How many items there are, MARKs among them. */
  length = 0;
  /** Heights of the MARKs. */
  readonly #marks: number[] = [];
  /** How many MARKs it believes to be there. */
  #markCount = 0;

  /** Whether the topmost item is a MARK. */
  get isMarkOnTop(): boolean {
    return this.#marks.length > 0 && (this.#marks.at(-1) as number) === this.length - 1;
  }

  /** How many of the items are MARKs. */
  get markCount(): number {
    return this.#marks.length;
  }

  /** Does what an opcode does. What it is wrong with is passed over. */
  apply({ code, stackBefore, stackAfter }: Opcode, isFilled: boolean): StackProblem | undefined {
    let problem: StackProblem | undefined;
    let toPop = stackBefore.length;
    const mark = stackBefore.indexOf("mark");
    if (mark >= 0 || (code === op.POP && this.isMarkOnTop)) {
      if (this.#markCount === 0) problem = "missing-mark";
      else {
        this.#markCount--;
        const height = this.#marks.pop();
        this.length = height ?? 0;
        if (height === undefined) problem = "missing-mark";
      }
      toPop = Math.max(0, mark);
    } else if (code === op.MEMOIZE || code === op.PUT || code === op.BINPUT || code === op.LONG_BINPUT) {
      if (isFilled) problem = "memo-overwritten";
      else if (this.length === 0) problem = "stack-underflow";
      else if (this.isMarkOnTop) problem = "memo-of-mark";
    } else if (code === op.GET || code === op.BINGET || code === op.LONG_BINGET) {
      if (!isFilled) problem = "memo-missing";
    }
    if (this.length < toPop) problem ??= "stack-underflow";
    this.length = Math.max(0, this.length - toPop);
    while (this.#marks.length > 0 && (this.#marks.at(-1) as number) >= this.length) this.#marks.pop();
    if (code === op.MARK) {
      this.#marks.push(this.length);
      this.#markCount++;
    }
    this.length += stackAfter.length;
    return problem;
  }
}
