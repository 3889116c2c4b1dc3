import type { OpWriter } from "../syntax/op-writer.ts";
import * as frames from "./frame.ts";
import type { Frame, ObjectParts } from "./frame.ts";
import type { PicklerMemo } from "./memo.ts";
import type { DumpSettings } from "./options.ts";
import { refusal } from "./refusal.ts";

/** How deep the containers must be before a cycle is looked for. Source: `_pickle.c`, `FAST_NESTING_LIMIT`. */
const FAST_NESTING = 50;

/** All that a dump under way knows. The functions of this folder take it first, as methods would have it as `this`. */
export interface DumpState {
  settings: DumpSettings;
  /** Of the settings, what is asked for every value: whether every number is a float, and the hook. */
  isExact: boolean;
  persistentId: DumpSettings["persistentId"];
  readonly writer: OpWriter;
  readonly memo: PicklerMemo;
  /** Whether nothing is memoized: every value is written in full each time, and a cycle is an error. */
  isFast: boolean;
  /** Whether `run` returns when a frame is finished. */
  pauses: boolean;
  /** What is under way, the innermost last. */
  readonly stack: Frame[];
  /** Containers under way, kept only in fast mode and only when they are nested deeply. */
  readonly fastContainers: Set<object>;
  /** Objects whose constructor arguments are under way, and how often; only when nested deeply. */
  readonly unbuilt: Map<object, number>;
}

const NO_TAIL: readonly number[] = [];

/** Begins with `items`; `value` is what they belong to, `undefined` for what is not memoized. */
export function push(
  { stack, isFast, fastContainers }: DumpState,
  kind: number,
  value: object | undefined,
  items: readonly unknown[],
  tail: readonly number[] = NO_TAIL,
  parts?: ObjectParts,
): void {
  if (isFast && stack.length >= FAST_NESTING && value !== undefined) {
    if (fastContainers.has(value)) {
      throw refusal("unrebuildable-cycle", "fast mode: can't pickle cyclic objects", "ValueError");
    }
    fastContainers.add(value);
  }
  stack.push({ kind, value, items, tail, parts, index: 0, batchEnd: 0, opcode: 0, nesting: 0 });
}

/** Begins with an object. */
export function pushObject(state: DumpState, value: object, parts: ObjectParts): void {
  push(state, frames.OBJECT, value, [], undefined, parts);
}

/** Ends with the innermost. */
export function pop({ stack, fastContainers }: DumpState): void {
  const frame = stack.pop() as Frame;
  if (fastContainers.size > 0) fastContainers.delete(frame.value as object);
}
