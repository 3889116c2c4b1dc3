import * as op from "../syntax/opcodes.ts";
import type { PyGlobal } from "../values/py-global.ts";
import type { PyObjectOperation } from "../values/py-object.ts";
import * as frames from "./frame.ts";
import type { Frame, ObjectParts } from "./frame.ts";
import { memoize, slotOf } from "./memoize.ts";
import { saveNameLines } from "./names.ts";
import { save } from "./save.ts";
import { refusal } from "./refusal.ts";
import { type DumpState, pop, push } from "./state.ts";

/** Source: `_pickle.c`, `BATCHSIZE`. */
const BATCH = 1000;
/** How often an object may come again inside its own constructor arguments: Python's recursion limit, which stops CPython. */
const RECURSION_LIMIT = 1000;

/** Goes on with the innermost frame until there is none, or until there is reason to pause. */
export function run(state: DumpState): void {
  const { stack } = state;
  while (stack.length > 0) {
    const frame = stack[stack.length - 1] as Frame;
    if (frame.kind < frames.FROZENSET_ITEMS) writeBatches(state, frame);
    else if (frame.kind < frames.OBJECT) writeTogether(state, frame);
    else if (frame.kind === frames.OBJECT) writeObject(state, frame, frame.parts as ObjectParts);
    else {
      pop(state);
      return;
    }
  }
}

/**
 * Items in batches of 1000: MARK, items, and the opcode for many. One item alone has an opcode of its own: if it is all
 * of a list or dict, or of an object all that is left. After a full batch a dict or set has another, however empty.
 * Source: `batch_list`, `batch_list_exact`, `batch_dict`, `batch_dict_exact`, `save_set`.
 */
function writeBatches(state: DumpState, frame: Frame): void {
  const { writer, stack } = state;
  const { items, kind } = frame;
  const depth = stack.length;
  const isSet = kind === frames.SET_ITEMS;
  const step = (kind & 1) + 1;
  const one = step > 1 ? op.SETITEM : op.APPEND;
  const many = isSet ? op.ADDITEMS : step > 1 ? op.SETITEMS : op.APPENDS;
  for (;;) {
    while (frame.index < frame.batchEnd) {
      save(state, items[frame.index++]);
      if (stack.length !== depth) return;
    }
    const left = items.length - frame.index;
    if (frame.opcode > 0) writer.u8(frame.opcode);
    if (left === 0) {
      if (
        (isSet || kind === frames.DICT_ITEMS) &&
        frame.opcode === many &&
        frame.index % (BATCH * step) === 0
      ) {
        writer.u8(op.MARK);
        writer.u8(many);
      }
      pop(state);
      return;
    }
    const isAlone =
      writer.protocol === 0 ||
      (!isSet && left === step && (frame.index === 0 || kind >= frames.OBJECT_ITEMS));
    if (!isAlone) writer.u8(op.MARK);
    frame.opcode = isAlone ? one : many;
    frame.batchEnd = frame.index + (isAlone ? step : Math.min(left, BATCH * step));
  }
}

/** Items that are all on the stack before anything is made of them. */
function writeTogether(state: DumpState, frame: Frame): void {
  const { items, kind } = frame;
  const { writer, stack } = state;
  const { protocol } = writer;
  const depth = stack.length;
  while (frame.index < items.length) {
    save(state, items[frame.index++]);
    if (stack.length !== depth) return;
  }
  if (kind === frames.BARE_ITEMS) for (const code of frame.tail) writer.u8(code);
  else {
    const value = frame.value as object;
    const isTuple = kind === frames.TUPLE_ITEMS;
    const isShort = isTuple && protocol >= 2 && items.length <= 3;
    // The arguments of an object that turned out recursive: CPython reduces it anew each time, to a tuple of its own.
    const below = stack.at(-2);
    const owner = below?.parts?.args === value ? below.value : undefined;
    const isDropped = owner !== undefined && slotOf(state, owner) !== undefined;
    const pops = isShort ? items.length : protocol > 0 ? 1 : items.length + 1;
    if (!isDropped && wasMemoized(state, value, pops, isShort || protocol === 0 ? op.POP : op.POP_MARK))
      return;
    writer.u8(isShort ? op.TUPLE1 + items.length - 1 : isTuple ? op.TUPLE : op.FROZENSET);
    memoize(state, isDropped ? undefined : value);
  }
  pop(state);
}

/** A value that got its slot while its parts were written is recursive: the parts are dropped and it is fetched. */
function wasMemoized(state: DumpState, value: object, pops: number, code: number): boolean {
  const known = slotOf(state, value);
  if (known === undefined) return false;
  while (pops-- > 0) state.writer.u8(code);
  state.writer.get(known);
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
  const { writer, stack } = state;
  const depth = stack.length;
  const isOld = how === "inst" || how === "obj";
  do {
    const step = frame.index++;
    if (step === 0) {
      enterArguments(state, frame);
      if (isOld) writer.u8(op.MARK);
      if (how !== "inst") save(state, type);
    } else if (step === 1) {
      if (!isOld) save(state, args);
      else if (args.length > 0) push(state, frames.BARE_ITEMS, undefined, args);
    } else if (step === 2) {
      if (how === "newobj_ex") save(state, parts.kwargs);
    } else if (step === 3) {
      if (how !== "inst") writer.u8(opcodeOfBuild[how]);
      else {
        writer.u8(op.INST);
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
  } while (stack.length === depth);
}

function pushOperation(state: DumpState, value: unknown, operation: PyObjectOperation): void {
  const { kind } = operation;
  let items: readonly unknown[];
  let tail: readonly number[] = [op.BUILD];
  if (kind === "append" || kind === "set") {
    items = kind === "set" ? operation.entries.flat() : operation.items;
    push(state, kind === "set" ? frames.OBJECT_ENTRIES : frames.OBJECT_ITEMS, undefined, items);
    return;
  }
  if (kind === "add") {
    state.writer.u8(op.MARK);
    ({ items } = operation);
    tail = [op.ADDITEMS];
  } else if (kind === "build") items = [operation.state];
  else {
    const { callable, args } = operation as { callable: unknown; args: readonly unknown[] };
    const isSetter = args.length === 2 && args[0] === value;
    items = isSetter ? [callable, ...args] : [callable, args];
    tail = isSetter ? [op.TUPLE2, op.REDUCE, op.POP] : [op.REDUCE, op.POP];
  }
  push(state, frames.BARE_ITEMS, undefined, items, tail);
}

/** Refuses an object that comes again and again inside its own constructor arguments: it never ends. */
function enterArguments({ stack, unbuilt }: DumpState, frame: Frame): void {
  const below = stack.at(-2);
  const { value } = frame;
  if (below?.kind === frames.OBJECT && below.index === 1) frame.nesting = below.nesting + 1;
  if (stack.length <= RECURSION_LIMIT) return;
  const visits = value === undefined ? 0 : (unbuilt.get(value) ?? 0) + 1;
  if (value !== undefined) unbuilt.set(value, visits);
  if (visits > RECURSION_LIMIT || frame.nesting > RECURSION_LIMIT) {
    throw refusal(
      "unrebuildable-cycle",
      "an object is inside its own constructor arguments",
      "RecursionError",
      "Give the reference back in its state",
    );
  }
}
