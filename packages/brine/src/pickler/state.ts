import { OpWriter } from "../syntax/op-writer.ts";
import { Frame } from "./frame.ts";
import type { DumpSettings } from "./options.ts";
import { refusal } from "./refusal.ts";

/** How deep the containers must be before a cycle is looked for. Source: `_pickle.c`, `FAST_NESTING_LIMIT`. */
const FAST_NESTING = 50;

/** All that a dump under way knows. The functions of this folder take it first, as methods would have it as `this`. */
export class DumpState extends OpWriter {
  /** What was asked for. */
  declare settings: DumpSettings;
  /** Whether nothing is memoized: every value is written in full each time, and a cycle is an error. */
  isFast = false;
  /** Whether `run` returns when a frame is finished. */
  pauses = false;
  /** What each frame from 0 to `depth` does; those above are kept to be used again. */
  readonly frames: Frame[] = [];
  depth = -1;
  /** Number of memo slots: the index of the next. */
  slots = 0;
  /** Slots of objects, under what `identityOf` makes of them. */
  readonly objects = new Map<object, number>();
  /** Slots of strings: JavaScript cannot tell two equal ones apart. */
  readonly strings = new Map<string, number>();
  /** What stands for all objects that are one in CPython, by a text that is the same for them. */
  readonly twins = new Map<string, object>();
  /** Containers under way, kept only in fast mode and only when they are nested deeply. */
  readonly fastContainers = new Set<object>();
  /** Objects whose constructor arguments are under way, and how often; only when nested deeply. */
  readonly unbuilt = new Map<object, number>();
}

/** Begins with `items`; `value` is what they belong to, `undefined` for what is not memoized. */
export function push(
  state: DumpState,
  kind: number,
  value: object | undefined,
  items: readonly unknown[],
): Frame {
  const depth = ++state.depth;
  let frame = state.frames[depth];
  if (frame === undefined) state.frames.push((frame = new Frame()));
  frame.kind = kind;
  frame.value = value;
  frame.items = items;
  frame.index = 0;
  frame.batchEnd = 0;
  frame.opcode = -1;
  if (state.isFast && depth >= FAST_NESTING && value !== undefined) {
    if (state.fastContainers.has(value)) {
      throw refusal(
        "unrebuildable-cycle",
        "fast mode: can't pickle cyclic objects",
        "ValueError",
        "Leave fast off",
      );
    }
    state.fastContainers.add(value);
  }
  return frame;
}

/** Ends with the top frame. */
export function pop(state: DumpState): void {
  const frame = state.frames[state.depth--] as Frame;
  if (state.fastContainers.size > 0) state.fastContainers.delete(frame.value as object);
  frame.clear();
}
