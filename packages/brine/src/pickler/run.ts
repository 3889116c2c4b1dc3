import * as op from "../syntax/opcodes.ts";
import type { PyGlobal } from "../values/py-global.ts";
import type { PyObjectOperation } from "../values/py-object.ts";
import * as frames from "./frame.ts";
import { BATCH, type Frame, type MapEntries, NONE, type ObjectParts } from "./frame.ts";
import { fetchInstead, memoize, slotOf } from "./memoize.ts";
import { saveNameLines } from "./names.ts";
import { save } from "./save.ts";
import { copyItems, writeScalars } from "./scalars.ts";
import { refusal } from "./refusal.ts";
import { type DumpState, pop, pushArray, setTop, settle } from "./state.ts";

/** How often an object may come again inside its own constructor arguments: Python's recursion limit, which stops CPython. */
const RECURSION_LIMIT = 1000;

/** Goes on with the innermost frame until there is none beyond `depth`, or until there is reason to pause. */
export function run(state: DumpState, depth = -1): void {
  while (state.depth > depth && !state.isPausing) {
    const frame = state.frames[state.depth] as Frame;
    if (frame.kind === frames.OBJECT) writeObject(state, frame, frame.parts as ObjectParts);
    else if (frame.index < frame.end) writeItems(state, frame);
    else if (frame.pending > 0) takeItems(state, frame);
    else if (frame.kind < frames.FROZENSET_ITEMS) nextBatch(state, frame);
    else writeTogether(state, frame);
  }
  state.isPausing = false;
}

/** Goes on with the items on the stack, up to one that has to be gone into. */
function writeItems(state: DumpState, frame: Frame): void {
  const { stack, depth } = state;
  while (frame.index < frame.end) {
    frame.index = writeScalars(state, frame.kind, frame.base, frame.index, frame.end, frame.place);
    if (frame.index >= frame.end) return;
    settle(state);
    if (state.isPausing) return;
    save(state, stack[frame.index++]);
    if (state.depth !== depth) return;
  }
}

/** Takes the next items of a batch from where they are to the stack; numbers are written at once. */
function takeItems(state: DumpState, frame: Frame): void {
  const { source, base } = frame;
  if (state.isPlain) {
    settle(state);
    // Nothing is changed before, for it is begun anew then.
    if (state.isPausing) return;
  }
  frame.before += frame.end - base;
  frame.index = frame.end = base;
  // Of keys and values by turns an odd number could be written.
  if (state.isPlain && (frame.kind & 1) === 0) {
    const written = state.writer.numbers(source, frame.before, frame.before + frame.pending, state.isExact);
    frame.before += written;
    frame.pending -= written;
    if (written > 0) return;
  }
  const { before, pending } = frame;
  setTop(state, base + pending);
  copyItems(source, before, state.stack, base, pending);
  frame.index = base;
  frame.end = base + pending;
  frame.pending = 0;
}

/** Takes the next entries of a Map. By two iterators 200,000 take 1 ms; 1.4 by forEach, which takes them all at once. */
function takeEntries(state: DumpState, frame: Frame, size: number): void {
  const { base } = frame;
  const { keys, values } = frame.entries as MapEntries;
  const { stack } = state;
  frame.before += frame.end - base;
  frame.index = base;
  frame.end = base + size;
  setTop(state, frame.end);
  for (let at = base; at < frame.end; at += 2) {
    stack[at] = keys.next().value;
    stack[at + 1] = values.next().value;
  }
}

/**
 * Items in batches of 1000: MARK, items, and the opcode for many. One item alone has an opcode of its own: if it is all
 * of a list or dict, or of an object all that is left. After a full batch a dict or set has another, however empty.
 * Source: `batch_list`, `batch_list_exact`, `batch_dict`, `batch_dict_exact`, `save_set`.
 */
function nextBatch(state: DumpState, frame: Frame): void {
  const { writer } = state;
  const { kind, index, length } = frame;
  const isSet = kind === frames.SET_ITEMS;
  const step = (kind & 1) + 1;
  const many = isSet ? op.ADDITEMS : step > 1 ? op.SETITEMS : op.APPENDS;
  const written = frame.before + index - frame.base;
  const left = length - written;
  if (frame.opcode > 0) writer.u8(frame.opcode);
  if (left === 0) {
    if ((isSet || kind === frames.DICT_ITEMS) && frame.isFull) {
      writer.u8(op.MARK);
      writer.u8(many);
    }
    pop(state);
    return;
  }
  const isAlone =
    writer.protocol === 0 || (!isSet && left === step && (written === 0 || kind >= frames.OBJECT_ITEMS));
  if (!isAlone) writer.u8(op.MARK);
  frame.opcode = isAlone ? (step > 1 ? op.SETITEM : op.APPEND) : many;
  const size = isAlone ? step : Math.min(left, BATCH * step);
  frame.isFull = size === BATCH * step;
  if (frame.entries !== undefined) takeEntries(state, frame, size);
  else if (frame.source === NONE) frame.end = index + size;
  else frame.pending = size;
}

/** Ends with items that are all on the stack before anything is made of them. */
function writeTogether(state: DumpState, frame: Frame): void {
  const { ordinal, length } = frame;
  const { writer } = state;
  if (frame.kind === frames.BARE_ITEMS) for (const code of frame.tail) writer.u8(code);
  else {
    const { protocol } = writer;
    const isTuple = frame.kind === frames.TUPLE_ITEMS;
    const isShort = isTuple && protocol >= 2 && length <= 3;
    // The arguments of an object that turned out recursive: CPython reduces it anew each time, to a tuple of its own.
    const { depth } = state;
    const below = depth > 0 ? state.frames[depth - 1] : undefined;
    const isDropped =
      below?.parts !== undefined && below.parts.args === frame.value && slotOf(state, below.ordinal) >= 0;
    const pops = isShort ? length : protocol > 0 ? 1 : length + 1;
    if (!isDropped && wasMemoized(state, ordinal, pops, isShort || protocol === 0 ? op.POP : op.POP_MARK))
      return;
    writer.u8(isShort ? op.TUPLE1 + length - 1 : isTuple ? op.TUPLE : op.FROZENSET);
    memoize(state, isDropped ? -1 : ordinal);
  }
  pop(state);
}

/** {@link fetchInstead} for what the innermost frame writes, which is done then. */
function wasMemoized(state: DumpState, ordinal: number, pops: number, code: number): boolean {
  const was = fetchInstead(state, ordinal, pops, code);
  if (was) pop(state);
  return was;
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
  const { value, ordinal } = frame;
  const { writer, depth } = state;
  const isOld = how === "inst" || how === "obj";
  do {
    if (frame.opcode > 0) {
      writer.u8(frame.opcode);
      frame.opcode = 0;
    }
    const step = frame.index++;
    if (step === 0) {
      enterArguments(state, frame);
      if (isOld) writer.u8(op.MARK);
      if (how !== "inst") save(state, type);
    } else if (step === 1) {
      if (!isOld) save(state, args);
      else if (args.length > 0) pushBare(state, args);
    } else if (step === 2) {
      if (how === "newobj_ex") save(state, parts.kwargs);
    } else if (step === 3) {
      if (how !== "inst") writer.u8(opcodeOfBuild[how]);
      else {
        writer.u8(op.INST);
        saveNameLines(state, (type as PyGlobal).module, (type as PyGlobal).name);
      }
      if (value !== undefined) {
        if (wasMemoized(state, ordinal, 1, op.POP)) return;
        memoize(state, ordinal);
        if (state.unbuilt.size > 0) state.unbuilt.delete(value);
      }
    } else if (step - 4 < operations.length) {
      const operation = operations[step - 4] as PyObjectOperation;
      if (operation.kind === "build") {
        frame.opcode = op.BUILD;
        save(state, operation.state);
      } else pushOperation(state, value, operation);
    } else {
      pop(state);
      return;
    }
  } while (state.depth === depth);
}

/** Items with opcodes behind them. */
function pushBare(state: DumpState, items: readonly unknown[], ...tail: number[]): void {
  pushArray(state, frames.BARE_ITEMS, undefined, -1, items).tail = tail;
}

function pushOperation(state: DumpState, value: unknown, operation: PyObjectOperation): void {
  const { kind } = operation;
  if (kind === "append") pushArray(state, frames.OBJECT_ITEMS, undefined, -1, operation.items);
  else if (kind === "set") pushArray(state, frames.OBJECT_ENTRIES, undefined, -1, operation.entries.flat());
  else if (kind === "add") {
    state.writer.u8(op.MARK);
    pushBare(state, operation.items, op.ADDITEMS);
  } else {
    const { callable, args } = operation as { callable: unknown; args: readonly unknown[] };
    if (args.length === 2 && args[0] === value)
      pushBare(state, [callable, ...args], op.TUPLE2, op.REDUCE, op.POP);
    else pushBare(state, [callable, args], op.REDUCE, op.POP);
  }
}

/** Refuses an object that comes again and again inside its own constructor arguments: it never ends. */
function enterArguments({ frames: all, depth, unbuilt }: DumpState, frame: Frame): void {
  // Not at -1, which V8 would look up as the name of a property.
  const below = depth > 0 ? all[depth - 1] : undefined;
  const { value } = frame;
  if (below?.kind === frames.OBJECT && below.index === 1) frame.nesting = below.nesting + 1;
  if (depth < RECURSION_LIMIT) return;
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
