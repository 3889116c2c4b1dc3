import * as op from "../syntax/opcodes.ts";
import { Tuple } from "../values/tuple.ts";
import { saveTextAt } from "./memoize.ts";
import type { DumpState } from "./state.ts";
import { LONGEST_SHORT } from "./text-table.ts";

/** Writes a scalar where there is room, from protocol 2 on: where it ends, −1 for what is none, or large. */
export function writeScalar(state: DumpState, value: unknown, at: number): number {
  const { writer } = state;
  // What V8 does not know to be a boolean is looked at each time as if it were anything.
  // oxlint-disable-next-line typescript/no-unnecessary-boolean-literal-compare
  if (typeof value === "number") return writer.numberAt(value, state.isExact === true, at);
  if (typeof value === "string") return saveTextAt(state, value, at);
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? writer.numberAt(number, false, at) : -1;
  }
  let code: number;
  if (value === null || value === undefined) code = op.NONE;
  else if (value === true) code = op.NEWTRUE;
  else if (value === false) code = op.NEWFALSE;
  else return -1;
  writer.bytes[at] = code;
  return at + 1;
}

/** {@link writeScalar} for a key that is a text: as a rule the one that came at that place before. */
export function writeKey(state: DumpState, key: string, place: number, at: number): number {
  const { memo } = state;
  const slot = memo.guessedSlots[place] as number;
  if (slot >= 0 && memo.guesses[place] === key) return state.writer.getAt(slot, at);
  const end = saveTextAt(state, key, at);
  memo.setGuess(place, key);
  return end;
}

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
  const { writer, stack } = state;
  if (!state.isPlain) return index;
  let at = writer.length;
  for (; index < end; index++) {
    if (at >= writer.limit) {
      if (state.pauses && at >= writer.boundary) break;
      at = writer.turn(at);
    }
    const value = stack[index];
    let next: number;
    if (typeof value !== "string") next = writeScalar(state, value, at);
    else if ((~(index - base) & kind & 1) > 0)
      next = writeKey(state, value, place + (((index - base) >> 1) & 15), at);
    else next = value.length > LONGEST_SHORT ? -1 : saveTextAt(state, value, at);
    if (next < 0) break;
    at = next;
  }
  writer.length = at;
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
