import type { PyObjectBuild, PyObjectOperation } from "../values/py-object.ts";

// What a frame writes. Of the batches, the last bit says whether items are keys and values by turns.
/** The items of a list: batches of 1000, a list of one in all with APPEND. */
export const LIST_ITEMS = 0;
/** The keys and values of a dict, by turns: batches of 1000, the last of which may be empty. */
export const DICT_ITEMS = 1;
/** The items of an object: batches of 1000, a last one of one with APPEND. */
export const OBJECT_ITEMS = 2;
/** The keys and values of an object, by turns, in batches like {@link OBJECT_ITEMS}. */
export const OBJECT_ENTRIES = 3;
/** The items of a set. */
export const SET_ITEMS = 4;
/** The items of a frozenset, which is made when they are all there. */
export const FROZENSET_ITEMS = 5;
/** The items of a tuple, likewise. */
export const TUPLE_ITEMS = 6;
/** Items with opcodes behind them: the arguments of INST and OBJ, a state and its BUILD, a persistent id. */
export const BARE_ITEMS = 7;
/** An object: how it is built, then what is done to it. */
export const OBJECT = 8;
/** Nothing: what is written so far may be taken out. */
export const PAUSE = 9;

/** How an object is written: the parts of a `PyObject` or of a `Reduction`, in the form that the protocol has. */
export interface ObjectParts {
  readonly how: PyObjectBuild;
  readonly type: unknown;
  readonly args: readonly unknown[];
  readonly kwargs: Map<string, unknown> | undefined;
  readonly operations: readonly PyObjectOperation[];
}

/** One value under way. */
export interface Frame {
  readonly kind: number;
  /** The value itself, under which it is memoized; `undefined` for one that is not. */
  readonly value: object | undefined;
  readonly items: readonly unknown[];
  /** Of {@link BARE_ITEMS}: the opcodes that follow. */
  readonly tail: readonly number[];
  readonly parts: ObjectParts | undefined;
  /** Index into `items` of what comes next; of an {@link OBJECT}, the step that comes next. */
  index: number;
  /** Where the batch ends. */
  batchEnd: number;
  /** The opcode that ends the batch under way, 0 before the first. */
  opcode: number;
  /** Of an {@link OBJECT}: how many objects deep it is the callable of a callable. */
  nesting: number;
}
