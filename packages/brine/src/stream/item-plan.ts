import { UnpicklingError } from "../errors.ts";
import { ByteWindow } from "./byte-window.ts";
import { GET } from "./event-list.ts";
import { type CutOptions, type CutSizes, MISTAKEN } from "./cut-options.ts";
import { LOW_SLOTS } from "./cut-slots.ts";
import { ItemCutter } from "./item-cutter.ts";
import type { PathElement } from "./path.ts";
import { readAhead } from "./read-ahead.ts";
import { UNTOLD } from "./shape-scanner.ts";
import type { LastReaders } from "./slot-plan.ts";
import { SlotTable } from "./slot-table.ts";
import type { ByteSource } from "./source.ts";
import { SpanReader } from "./span-reader.ts";

/** How to read the items of a container in a source that can be read twice. */
export interface ItemPlan {
  /** How to cut them into programs. */
  readonly cut: CutOptions;
  /** The last program to read each slot that is filled in another. */
  readonly lastReaders: LastReaders;
  /** The PROTO of the pickle. */
  readonly protocol: number;
  /** Opcodes that fill slots from before the container. */
  readonly prelude: Uint8Array;
}

/** Cuts as the reading will, and notes which program reads a slot of another last. */
async function lastReadersOf(
  source: ByteSource,
  cut: CutOptions,
): Promise<{ readonly lastReaders: LastReaders; readonly before: Set<number>; readonly protocol: number }> {
  const cutter = new ItemCutter(cut);
  const { events } = cutter;
  const others = new SlotTable();
  const before = new Set<number>();
  const window = new ByteWindow(source.open(cut.start), cut.start);
  let index = 0;
  const note = (end: number): void => {
    for (let i = 0; i < events.length && (events.start[i] as number) < end; i++) {
      const slot = events.slot[i] as number;
      if (events.kind[i] !== GET || slot < LOW_SLOTS || slot >= cutter.programSlots) continue;
      others.set(slot, index);
      if (slot < cut.memoCount) before.add(slot);
    }
  };
  try {
    await window.reach(cut.start, 1);
    for (;;) {
      while (!cutter.run(window.bytes, window.base, window.ended)) {
        await readAhead(window, cutter.position, cutter.position, cutter.needed);
      }
      if (!cutter.slots.isUsual) throw UNTOLD;
      note(cutter.programEnd);
      if (cutter.isLast) break;
      cutter.begin();
      index++;
    }
  } catch (error) {
    // What is broken is met again where it is, when all before it has been given.
    if (!(error instanceof UnpicklingError)) throw error;
    note(Infinity);
  } finally {
    await window.close();
  }
  const low = cutter.slots.lowReaders;
  for (let slot = 0; slot < Math.min(LOW_SLOTS, cut.memoCount); slot++) {
    if ((low[slot] as number) >= 0) before.add(slot);
  }
  return { lastReaders: { low, others }, before, protocol: cutter.protocol };
}

/**
 * What a pass over the opcodes tells of the container at a path, or two where the path or the shape asks for it; `undefined`
 * where the whole must be loaded to know.
 */
export async function itemPlan(
  source: ByteSource,
  start: number,
  elements: readonly PathElement[],
  sizes: CutSizes,
): Promise<ItemPlan | undefined> {
  const reader = new SpanReader(source);
  let cut: CutOptions = { start, end: Infinity, memoCount: 0, cutsWithin: true, sizes };
  try {
    if (elements.length === 0) {
      const told = await attempt(source, cut);
      if (told !== undefined) return { cut, ...told, prelude: new Uint8Array(0) };
    }
    const { span, shape } = await reader.find(start, elements);
    for (const cutsWithin of [true, false]) {
      cut = { ...span, shape, cutsWithin, sizes };
      const told = await attempt(source, cut);
      if (told === undefined) continue;
      const prelude = await reader.preludeFor(told.before, span);
      return { cut, lastReaders: told.lastReaders, protocol: reader.protocol, prelude };
    }
  } catch (error) {
    if (error instanceof UnpicklingError ? error.code === "missing-path" : error !== UNTOLD) throw error;
  }
  return undefined;
}

async function attempt(
  ...args: Parameters<typeof lastReadersOf>
): Promise<Awaited<ReturnType<typeof lastReadersOf>> | undefined> {
  try {
    return await lastReadersOf(...args);
  } catch (error) {
    if (error !== MISTAKEN) throw error;
    return undefined;
  }
}
