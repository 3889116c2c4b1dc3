import { BINPUT, LONG_BINPUT, MARK, MEMOIZE } from "../syntax/opcodes.ts";
import type { State } from "./state.ts";

/** What {@link itemsAhead} gives when the items do not follow at once. */
export const EAGER = 0;

/**
 * Whether the items of the empty container just read follow at once: MARK, or MARK after the opcode that memoizes it at
 * the next slot. Gives how many bytes that takes, {@link EAGER} if not; where the bytes end before that shows, minus how
 * many it takes to know. A guess would make a dict of a stream begin the load anew.
 */
export function itemsAhead(
  bytes: Uint8Array,
  view: DataView,
  position: number,
  state: State,
  memoLength: number,
): number {
  const code = bytes[position];
  const skipped =
    code === MARK ? 0 : code === MEMOIZE ? 1 : code === BINPUT ? 2 : code === LONG_BINPUT ? 5 : -1;
  if (position + Math.max(skipped, 0) >= bytes.length) return -1 - Math.max(skipped, 0);
  if (skipped < 0 || bytes[position + skipped] !== MARK) return EAGER;
  const index =
    skipped === 5
      ? view.getUint32(position + 1, true)
      : skipped === 2
        ? bytes[position + 1]
        : state.memoCount;
  const isNext = index === memoLength && state.sparse === undefined;
  return skipped === 0 || isNext ? skipped + 1 : EAGER;
}
