import { ByteArray } from "../values/byte-array.ts";
import { BufferView } from "../values/buffer-view.ts";
import { PyGlobal } from "../values/py-global.ts";
import { globalKey } from "./global-key.ts";
import type { DumpState } from "./state.ts";

/** What an object is memoized under: itself, or one for all where CPython has one copy: of globals, of bytes of length 0 and 1. */
function identityOf(state: DumpState, value: object): object {
  let key: string;
  if (value instanceof PyGlobal) key = globalKey(value);
  else if (
    value instanceof Uint8Array &&
    value.length < 2 &&
    !(value instanceof ByteArray || value instanceof BufferView)
  )
    key = value.join();
  else return value;
  const twin = state.twins.get(key);
  if (twin === undefined) state.twins.set(key, value);
  return twin ?? value;
}

/** The slot of an object, if it has one. */
export function slotOf(state: DumpState, value: object): number | undefined {
  return state.isFast ? undefined : state.objects.get(identityOf(state, value));
}

/** Gives a slot to what was written last, which is `value`, or nothing that can come again. */
export function memoize(state: DumpState, value?: object): void {
  if (state.isFast) return;
  if (value !== undefined) state.objects.set(identityOf(state, value), state.slots);
  state.put(state.slots++);
}

/** Fetches `value` if it was written before. */
export function recall(state: DumpState, value: object): boolean {
  const slot = slotOf(state, value);
  if (slot !== undefined) state.get(slot);
  return slot !== undefined;
}

/** A text, which is the same object as any equal text. */
export function saveText(state: DumpState, value: string): void {
  const slot = state.isFast ? undefined : state.strings.get(value);
  if (slot !== undefined) {
    state.get(slot);
    return;
  }
  if (!state.isFast) state.strings.set(value, state.slots);
  state.text(value);
  memoize(state);
}

/** A text that CPython makes on the fly, which is no other's twin. One of at most one character is always the same object. */
export function saveFreshText(state: DumpState, value: string): void {
  if (value.length < 2) saveText(state, value);
  else {
    state.text(value);
    memoize(state);
  }
}

/** Forgets the slots from `size` on. */
export function truncateMemo(state: DumpState, size: number): void {
  state.slots = size;
  const maps: Map<unknown, number>[] = [state.objects, state.strings];
  for (const map of maps) {
    if (size === 0) map.clear();
    else for (const [key, slot] of map) if (slot >= size) map.delete(key);
  }
}
