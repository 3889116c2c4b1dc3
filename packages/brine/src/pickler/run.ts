import * as op from "../syntax/opcodes.ts";
import type { PyGlobal } from "../values/py-global.ts";
import type { PyObjectOperation } from "../values/py-object.ts";
import * as frames from "./frame.ts";
import type { Frame, ObjectParts } from "./frame.ts";
import { memoize, slotOf } from "./memo.ts";
import { saveNameLines } from "./names.ts";
import { save } from "./save.ts";
import { refusal } from "./refusal.ts";
import { type DumpState, pop, push } from "./state.ts";

/** Source: `_pickle.c`, `BATCHSIZE`. */
const BATCH = 1000;
/** How often an object may come again inside its own constructor arguments: Python's recursion limit, which stops CPython. */
const RECURSION_LIMIT = 1000;

/** Goes on with the top frame until there is none, or until there is reason to pause. */
export function run(state: DumpState): void {
  while (state.depth >= 0) {
    const frame = state.frames[state.depth] as Frame;
    switch (frame.kind) {
      case frames.LIST_ITEMS:
        writeBatches(state, frame, 1, op.APPEND, op.APPENDS, true, false);
        break;
      case frames.DICT_ITEMS:
        writeBatches(state, frame, 2, op.SETITEM, op.SETITEMS, true, true);
        break;
      case frames.OBJECT_ITEMS:
        writeBatches(state, frame, 1, op.APPEND, op.APPENDS, false, false);
        break;
      case frames.OBJECT_ENTRIES:
        writeBatches(state, frame, 2, op.SETITEM, op.SETITEMS, false, false);
        break;
      case frames.SET_ITEMS:
        writeBatches(state, frame, 1, -1, op.ADDITEMS, false, true);
        break;
      case frames.OBJECT:
        writeObject(state, frame, frame.parts as ObjectParts);
        break;
      case frames.PAUSE:
        pop(state);
        return;
      default:
        writeTogether(state, frame);
    }
  }
}

/**
 * Items in batches of 1000: MARK, items, `many`. One item alone is written with `one`: if it is all there is (`whole`),
 * or if it is all that is left. After a full batch an exact dict or set has another (`closed`), however empty.
 * Source: `batch_list`, `batch_list_exact`, `batch_dict`, `batch_dict_exact`, `save_set`.
 */
function writeBatches(
  state: DumpState,
  frame: Frame,
  step: number,
  one: number,
  many: number,
  whole: boolean,
  closed: boolean,
): void {
  const { items } = frame;
  const { depth } = state;
  for (;;) {
    while (frame.index < frame.batchEnd) {
      save(state, items[frame.index++]);
      if (state.depth !== depth) return;
    }
    const left = items.length - frame.index;
    if (frame.opcode >= 0) {
      state.u8(frame.opcode);
      if (left === 0) {
        if (closed && frame.opcode === many && frame.index % (BATCH * step) === 0) {
          state.u8(op.MARK);
          state.u8(many);
        }
        pop(state);
        return;
      }
    }
    const alone = state.protocol === 0 || (one >= 0 && left === step && (frame.index === 0 || !whole));
    if (!alone) state.u8(op.MARK);
    frame.opcode = alone ? one : many;
    frame.batchEnd = frame.index + (alone ? step : Math.min(left, BATCH * step));
  }
}

/** Items that are all on the stack before anything is made of them. */
function writeTogether(state: DumpState, frame: Frame): void {
  const { items, kind } = frame;
  const { depth, protocol } = state;
  while (frame.index < items.length) {
    save(state, items[frame.index++]);
    if (state.depth !== depth) return;
  }
  const value = frame.value as object;
  if (kind === frames.BARE_ITEMS) for (const code of frame.tail) state.u8(code);
  else {
    const isTuple = kind === frames.TUPLE_ITEMS;
    const short = isTuple && protocol >= 2 && items.length <= 3;
    const pops = short ? items.length : protocol > 0 ? 1 : items.length + 1;
    const isDropped = isTuple && isDroppedArguments(state, value);
    if (!isDropped && wasMemoized(state, value, pops, short || protocol === 0 ? op.POP : op.POP_MARK)) return;
    state.u8(isTuple ? (short ? op.TUPLE1 + items.length - 1 : op.TUPLE) : op.FROZENSET);
    memoize(state, isDropped ? undefined : value);
  }
  pop(state);
}

/** The arguments of an object that turned out recursive: CPython reduces it anew each time, to a tuple of its own. */
function isDroppedArguments(state: DumpState, value: object): boolean {
  const below = state.frames[state.depth - 1];
  return (
    below?.kind === frames.OBJECT &&
    below.parts?.args === value &&
    below.value !== undefined &&
    slotOf(state, below.value) !== undefined
  );
}

/** A value that got its slot while its parts were written is recursive: the parts are dropped and it is fetched. */
function wasMemoized(state: DumpState, value: object, pops: number, code: number): boolean {
  const known = slotOf(state, value);
  if (known === undefined) return false;
  while (pops-- > 0) state.u8(code);
  state.get(known);
  pop(state);
  return true;
}

const opcodeOfBuild = {
  reduce: op.REDUCE,
  getattr: op.REDUCE,
  newobj: op.NEWOBJ,
  newobj_ex: op.NEWOBJ_EX,
  obj: op.OBJ,
} as const;

/** An object: class and arguments, the opcode that makes it, then what is done to it. Source: `save_reduce`. */
function writeObject(state: DumpState, frame: Frame, parts: ObjectParts): void {
  const { how, type, args, operations } = parts;
  const { value } = frame;
  const { depth } = state;
  const isOld = how === "inst" || how === "obj";
  do {
    const step = frame.index++;
    if (step === 0) {
      enterArguments(state, frame);
      if (isOld) state.u8(op.MARK);
      if (how !== "inst") save(state, type);
    } else if (step === 1) {
      if (!isOld) save(state, args);
      else if (args.length > 0) push(state, frames.BARE_ITEMS, undefined, args).tail = [];
    } else if (step === 2) {
      if (how === "newobj_ex") save(state, parts.kwargs);
    } else if (step === 3) {
      if (how !== "inst") state.u8(opcodeOfBuild[how]);
      else {
        state.u8(op.INST);
        saveNameLines(state, (type as PyGlobal).module, (type as PyGlobal).name);
      }
      if (value !== undefined) {
        if (wasMemoized(state, value, 1, op.POP)) return;
        memoize(state, value);
        state.unbuilt.delete(value);
      }
    } else if (step - 4 < operations.length) {
      pushOperation(state, value, operations[step - 4] as PyObjectOperation);
    } else {
      pop(state);
      return;
    }
  } while (state.depth === depth);
}

function pushOperation(state: DumpState, value: unknown, operation: PyObjectOperation): void {
  switch (operation.kind) {
    case "append":
      if (operation.items.length > 0) push(state, frames.OBJECT_ITEMS, undefined, operation.items);
      return;
    case "set":
      if (operation.entries.length > 0)
        push(state, frames.OBJECT_ENTRIES, undefined, operation.entries.flat());
      return;
    case "add":
      state.u8(op.MARK);
      push(state, frames.BARE_ITEMS, undefined, operation.items).tail = [op.ADDITEMS];
      return;
    case "build":
      push(state, frames.BARE_ITEMS, undefined, [operation.state]).tail = [op.BUILD];
      return;
    case "call": {
      const given = operation.args as readonly unknown[];
      const isSetter = given.length === 2 && given[0] === value;
      const items = [operation.callable, ...(isSetter ? given : [given])];
      const tail = [op.REDUCE, op.POP];
      push(state, frames.BARE_ITEMS, undefined, items).tail = isSetter ? [op.TUPLE2, ...tail] : tail;
    }
  }
}

/** Refuses an object that comes again and again inside its own constructor arguments: it never ends. */
function enterArguments(state: DumpState, frame: Frame): void {
  const below = state.frames[state.depth - 1];
  const { value } = frame;
  frame.nesting = below?.kind === frames.OBJECT && below.index === 1 ? below.nesting + 1 : 0;
  if (state.depth < RECURSION_LIMIT) return;
  const visits = value === undefined ? 0 : (state.unbuilt.get(value) ?? 0) + 1;
  if (value !== undefined) state.unbuilt.set(value, visits);
  if (visits > RECURSION_LIMIT || frame.nesting > RECURSION_LIMIT) {
    throw refusal(
      "unrebuildable-cycle",
      "an object is inside its own constructor arguments",
      "RecursionError",
      "Python cannot rebuild it either: give the reference back in its state",
    );
  }
}
