import type { OpWriter } from "../syntax/op-writer.ts";
import * as frames from "./frame.ts";
import { Frame, NONE, type ObjectParts } from "./frame.ts";
import type { PicklerMemo } from "./memo.ts";
import type { DumpSettings } from "./options.ts";
import { refusal } from "./refusal.ts";
import type { TextTable } from "./text-table.ts";

/** How deep the containers must be before a cycle is looked for. Source: `_pickle.c`, `FAST_NESTING_LIMIT`. */
const FAST_NESTING = 50;
/** So many values' and frames' room is kept for the next pickle. */
const KEPT = 2 ** 14;

/** All that a dump under way knows. The functions of this folder take it first, as methods would have it as `this`. */
export interface DumpState {
  settings: DumpSettings;
  /** Of the settings, what is asked for every value: whether every number is a float, and the hook. */
  isExact: boolean;
  persistentId: DumpSettings["persistentId"];
  /** Whether items may be written without a look by a hook, or by the rules of protocols 0 and 1. */
  isPlain: boolean;
  /** Whether containers may be written by recursion, as nothing may stop on the way. */
  mayRecurse: boolean;
  /** Whether an object's prototype is asked for, as what it says its class is may mislead. */
  asksPrototype: boolean;
  /** How many containers deep that is under way. */
  level: number;
  /** Writes all of a value that is no scalar: as a field, for what it calls calls it. */
  readonly saveWhole: (state: DumpState, value: unknown) => void;
  /** Goes on until there are no frames beyond `depth`, likewise. */
  readonly finish: (state: DumpState, depth: number) => void;
  /** What an error came through by recursion, the innermost first, and in which frame that was. */
  readonly passed: { readonly depth: number; readonly step: string }[];
  readonly writer: OpWriter;
  readonly memo: PicklerMemo;
  /** Short texts of the pickle, where there is but one, and its bytes stay where they are. */
  readonly texts: TextTable | undefined;
  /** Whether some of them are memoized by value, as longer ones are. */
  hasOtherTexts: boolean;
  /** Whether anything was taken of a container that may be a leaf, and what: see `leaf.ts`. */
  hasTaken: boolean;
  readonly leafKeys: (string | undefined)[];
  readonly leafItems: unknown[];
  /** The items that are numbers, which are `undefined` there. */
  readonly leafNumbers: Float64Array;
  /** Whether nothing is memoized: every value is written in full each time, and a cycle is an error. */
  isFast: boolean;
  /** Whether `run` returns when a frame of the pickle is finished. */
  pauses: boolean;
  /** Whether it is to return now. */
  isPausing: boolean;
  /** What is under way, the innermost at `depth`; those beyond are there to be used again. */
  readonly frames: Frame[];
  depth: number;
  /** The items of all frames, and where they end, and ended at most. */
  readonly stack: unknown[];
  top: number;
  highest: number;
  /** Containers under way, kept only in fast mode and only when they are nested deeply. */
  readonly fastContainers: Set<object>;
  /** Objects whose constructor arguments are under way, and how often; only when nested deeply. */
  readonly unbuilt: Map<object, number>;
}

/** Begins with `length` items, which are on the stack beyond its top; `value` is what they belong to, if that is memoized. */
export function push(
  state: DumpState,
  kind: number,
  value: object | undefined,
  ordinal: number,
  length: number,
): Frame {
  const { frames: all, top } = state;
  const depth = ++state.depth;
  if (depth === all.length) all.push(new Frame());
  const frame = all[depth] as Frame;
  frame.kind = kind;
  frame.value = value;
  frame.ordinal = ordinal;
  frame.base = frame.index = frame.end = top;
  frame.length = length;
  frame.pending = frame.before = frame.opcode = 0;
  frame.isFull = false;
  if ((kind & 1) > 0) {
    const around = depth > 0 ? (all[depth - 1] as Frame) : undefined;
    frame.place = placeOf(
      depth,
      around !== undefined && (around.kind & 1) > 0 ? around.index - around.base : 0,
    );
  }
  setTop(state, top + length);
  if (state.isFast && depth >= FAST_NESTING && value !== undefined) {
    if (state.fastContainers.has(value)) {
      throw refusal("unrebuildable-cycle", "fast mode: can't pickle cyclic objects", "ValueError");
    }
    state.fastContainers.add(value);
  }
  return frame;
}

/** Where the keys of a dict are guessed, see `PicklerMemo.guesses`: by how deep it is, and by which entry of the dict around it. */
export function placeOf(level: number, around: number): number {
  return ((level * 11 + around) & 31) << 4;
}

/** Says where the stack ends. */
export function setTop(state: DumpState, top: number): void {
  state.top = top;
  if (top > state.highest) state.highest = top;
}

/** Begins with the items of an array, which are taken from it batch by batch. */
export function pushArray(
  state: DumpState,
  kind: number,
  value: object | undefined,
  ordinal: number,
  items: readonly unknown[],
): Frame {
  const frame = push(state, kind, value, ordinal, 0);
  frame.source = items;
  frame.length = items.length;
  // What is not in batches is one.
  if (kind >= frames.FROZENSET_ITEMS) frame.pending = items.length;
  return frame;
}

/** Begins with an object. */
export function pushObject(state: DumpState, value: object, ordinal: number, parts: ObjectParts): void {
  const frame = push(state, frames.OBJECT, value, ordinal, 0);
  frame.parts = parts;
  frame.index = frame.nesting = 0;
}

/** Ends with the innermost. */
export function pop(state: DumpState): void {
  const frame = state.frames[state.depth--] as Frame;
  if (state.fastContainers.size > 0) state.fastContainers.delete(frame.value as object);
  state.top = frame.base;
  clear(frame);
}

function clear(frame: Frame): void {
  frame.value = frame.parts = frame.entries = undefined;
  frame.source = NONE;
}

/** Lets go of all values that were under way. */
export function release(state: DumpState): void {
  const { frames: all, stack, highest } = state;
  for (; state.depth >= 0; state.depth--) clear(all[state.depth] as Frame);
  if (all.length > KEPT) all.length = KEPT;
  if (highest > KEPT) stack.length = 0;
  else if (highest > 0) stack.fill(undefined, 0, highest);
  if (state.hasTaken) {
    // To fill an array is a call of 25 ns.
    for (let i = 0; i < state.leafKeys.length; i++) state.leafKeys[i] = state.leafItems[i] = undefined;
    state.hasTaken = false;
  }
  state.top = state.highest = state.level = 0;
  // To clear a Map or Set that is empty takes 30 ns.
  if (state.fastContainers.size > 0) state.fastContainers.clear();
  if (state.unbuilt.size > 0) state.unbuilt.clear();
  if (state.passed.length > 0) state.passed.length = 0;
}

/** Begins the next frame of the pickle once this one is full. To be called before every value. */
export function settle(state: DumpState): void {
  const { writer } = state;
  if (writer.length < writer.boundary) return;
  writer.nextFrame();
  state.isPausing = state.pauses;
}
