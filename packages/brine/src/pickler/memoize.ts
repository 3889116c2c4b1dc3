import type { DumpState } from "./state.ts";
import { LONGEST_SHORT } from "./text-table.ts";

/**
 * The ordinal of an object that is to be written, for {@link memoize}; −1 when it was written before, and is fetched. In fast mode
 * nothing is added to the memo, and what is there is fetched. Source: `_pickle.c`, `save`, `memo_put`.
 */
export function enter(state: DumpState, value: object): number {
  const ordinal = state.isFast ? ~state.memo.find(value) : state.memo.enter(value);
  if (ordinal >= 0) return ordinal;
  state.writer.get(~ordinal);
  return -1;
}

/** Gives a slot to what was written last: the object of an ordinal, or nothing that can come again. */
export function memoize(state: DumpState, ordinal = -1): void {
  const { memo } = state;
  if (state.isFast) return;
  if (ordinal >= 0) memo.setSlot(ordinal);
  state.writer.put(memo.size++);
}

/** {@link memoize} where there is room, and a memo: where it ends. */
export function memoizeAt({ memo, writer }: DumpState, ordinal: number, at: number): number {
  memo.setSlot(ordinal);
  return writer.putAt(memo.size++, at);
}

/** The slot of the object of an ordinal, negative if it has none. */
export function slotOf(state: DumpState, ordinal: number): number {
  return state.isFast ? -1 : state.memo.slotOf(ordinal);
}

/**
 * A value that got its slot while its parts were written is recursive: the parts are dropped, by so many of an opcode, and it
 * is fetched. Whether it was so.
 */
export function fetchInstead(state: DumpState, ordinal: number, pops: number, code: number): boolean {
  const known = slotOf(state, ordinal);
  if (known < 0) return false;
  while (pops-- > 0) state.writer.u8(code);
  state.writer.get(known);
  return true;
}

/** A text, which is the same object as any equal text. */
export function saveText(state: DumpState, value: string): void {
  state.writer.length = saveTextAt(state, value, state.writer.roomAt());
}

/** {@link saveText} where there is room: where it ends. `memo.textSlot` is its slot. */
export function saveTextAt(state: DumpState, value: string, at: number): number {
  const { texts, memo, writer } = state;
  if (
    texts !== undefined &&
    value.length <= LONGEST_SHORT &&
    writer.protocol > 0 &&
    !(state.hasOtherTexts && memo.text(value) !== undefined)
  ) {
    const end = texts.writeAt(writer, memo, value, at);
    if (end > 0) return end;
    state.hasOtherTexts = true;
  }
  writer.length = at;
  const slot = memo.text(value);
  memo.textSlot = slot ?? (state.isFast ? -1 : memo.size);
  if (slot !== undefined) writer.get(slot);
  else {
    writer.text(value);
    if (!state.isFast) {
      memo.setText(value);
      writer.put(memo.size++);
    }
  }
  return writer.roomAt();
}

/** A text that CPython makes on the fly, which is no other's twin. One of at most one character is always the same object. */
export function saveFreshText(state: DumpState, value: string): void {
  if (value.length < 2) saveText(state, value);
  else {
    state.writer.text(value);
    memoize(state);
  }
}
