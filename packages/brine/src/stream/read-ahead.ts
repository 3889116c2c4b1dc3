import { layouts, LINE, TWO_LINES } from "../syntax/layouts.ts";
import type { ByteWindow } from "./byte-window.ts";

/**
 * Gets what a reader asks for that stopped for want of `needed` bytes from `position` on, keeping all from `start` on. Of an
 * opcode with lines nobody knows how many they are.
 */
export async function readAhead(
  window: ByteWindow,
  start: number,
  position: number,
  needed: number,
): Promise<void> {
  const code = window.bytes[position - window.base];
  const layout = code === undefined ? 0 : (layouts[code] as number);
  const lines = layout === TWO_LINES ? 2 : layout === LINE ? 1 : 0;
  await window.reach(start, position - start + (lines > 0 ? 1 : needed), lines);
}
