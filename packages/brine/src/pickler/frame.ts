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
/** How an object is written: the parts of a `PyObject` or of a `Reduction`, in the form that the protocol has. */
export interface ObjectParts {
  readonly how: PyObjectBuild;
  readonly type: unknown;
  readonly args: readonly unknown[];
  readonly kwargs: Map<string, unknown> | undefined;
  readonly operations: readonly PyObjectOperation[];
}

/** How many items a batch has. Source: `_pickle.c`, `BATCHSIZE`. */
export const BATCH = 1000;

/** No items. */
export const NONE: readonly never[] = [];

/** What is left of a `Map`. */
export interface MapEntries {
  readonly keys: Iterator<unknown>;
  readonly values: Iterator<unknown>;
}

/**
 * One value under way. Its items lie on the stack of the state: all of them, or those of a batch at a time. Frames are
 * used again, so that a deep value costs no garbage.
 */
export class Frame {
  kind = LIST_ITEMS;
  /** The value itself; `undefined` for one that is not memoized. */
  value: object | undefined = undefined;
  /** Under which `value` is memoized, see `PicklerMemo.enter`. */
  ordinal = 0;
  /** Where its items begin on the stack. */
  base = 0;
  /** Index on the stack of what comes next; of an {@link OBJECT}, the step that comes next. */
  index = 0;
  /** Where the items end that may be written now. */
  end = 0;
  /** Where items are taken from that are not on the stack yet. */
  source: readonly unknown[] = NONE;
  /** The same for a `Map`. */
  entries: MapEntries | undefined = undefined;
  /** How many items of the batch are still to be taken from there. */
  pending = 0;
  /** How many items came before the one at `base`. */
  before = 0;
  /** The number of items in all. */
  length = 0;
  /** The opcode that ends the batch under way, 0 before the first. */
  opcode = 0;
  /** Whether that is one of 1000. */
  isFull = false;
  /** Of a dict: where its keys are guessed, see `PicklerMemo.guesses`. */
  place = 0;
  /** Of {@link BARE_ITEMS}: the opcodes that follow. */
  tail: readonly number[] = NONE;
  parts: ObjectParts | undefined = undefined;
  /** Of an {@link OBJECT}: how many objects deep it is the callable of a callable. */
  nesting = 0;
}
