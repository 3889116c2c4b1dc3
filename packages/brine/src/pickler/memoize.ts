import type { DumpState } from "./state.ts";

/** The slot of an object, if it has one. */
export function slotOf(state: DumpState, value: object): number | undefined {
  return state.isFast ? undefined : state.memo.object(value);
}

/** Gives a slot to what was written last, which is `value`, or nothing that can come again. */
export function memoize(state: DumpState, value?: object): void {
  const { memo } = state;
  if (state.isFast) return;
  if (value !== undefined) memo.setObject(value);
  state.writer.put(memo.size++);
}

/** Fetches `value` if it was written before. */
export function recall(state: DumpState, value: object): boolean {
  const slot = slotOf(state, value);
  if (slot !== undefined) state.writer.get(slot);
  return slot !== undefined;
}

/** A text, which is the same object as any equal text. */
export function saveText(state: DumpState, value: string): void {
  const { memo, writer, isFast } = state;
  const slot = isFast ? undefined : memo.text(value);
  if (slot !== undefined) writer.get(slot);
  else {
    writer.text(value);
    if (!isFast) memo.setText(value);
    memoize(state);
  }
}

/** A text that CPython makes on the fly, which is no other's twin. One of at most one character is always the same object. */
export function saveFreshText(state: DumpState, value: string): void {
  if (value.length < 2) saveText(state, value);
  else {
    state.writer.text(value);
    memoize(state);
  }
}
