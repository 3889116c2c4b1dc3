import * as op from "../syntax/opcodes.ts";
import { Tuple } from "../values/tuple.ts";
import { saveText } from "./memoize.ts";
import type { DumpState } from "./state.ts";
import { LONGEST_SHORT } from "./text-table.ts";

/**
 * Writes what is on the stack from `index` up to `end`, or to what has to be gone into, may fail, or has to wait: its
 * index. Of keys and values by turns, which begin at `base`, a key is looked for first among those that came at `place`.
 */
export function writeScalars(
  state: DumpState,
  kind: number,
  base: number,
  index: number,
  end: number,
  place: number,
): number {
  const { writer, stack, memo } = state;
  const { guesses, guessedSlots } = memo;
  if (!state.isPlain) return index;
  // What V8 does not know to be a boolean is looked at each time as if it were anything.
  // oxlint-disable-next-line typescript/no-unnecessary-boolean-literal-compare
  const isExact = state.isExact === true;
  for (; index < end; index++) {
    if (writer.length >= writer.boundary) {
      if (state.pauses) return index;
      writer.nextFrame();
    }
    const value = stack[index];
    if (typeof value === "number") writer.number(value, isExact);
    else if (typeof value === "string") {
      if ((~(index - base) & kind & 1) > 0) {
        const at = place + (((index - base) >> 1) & 15);
        const slot = guessedSlots[at] as number;
        if (slot < 0 || guesses[at] !== value) memo.setGuess(at, value, saveText(state, value));
        else writer.get(slot);
      } else if (value.length > LONGEST_SHORT) return index;
      else saveText(state, value);
    } else if (value === null) writer.u8(op.NONE);
    else if (value === true) writer.u8(op.NEWTRUE);
    else if (value === false) writer.u8(op.NEWFALSE);
    else return index;
  }
  return index;
}

/** Copies items to the stack. */
export function copyItems(
  source: readonly unknown[],
  from: number,
  stack: unknown[],
  base: number,
  count: number,
): void {
  if (source instanceof Tuple) copyTuple(source, from, stack, base, count);
  else for (let i = 0; i < count; i++) stack[base + i] = source[from + i];
}

/** A function of its own: where V8 has met frozen arrays, it reads all arrays four times as slowly. */
function copyTuple(source: Tuple, from: number, stack: unknown[], base: number, count: number): void {
  for (let i = 0; i < count; i++) stack[base + i] = source[from + i];
}
