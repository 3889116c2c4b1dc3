import * as op from "../../syntax/opcodes.ts";
import { OpCursor } from "../../syntax/cursor.ts";
import type { Context } from "./context.ts";
import {
  addItems,
  build,
  callClass,
  checkHashable,
  checkNames,
  makeReadOnly,
  newObject,
  reduce,
} from "./effects.ts";
import { UNPICKLERS } from "./findings.ts";
import * as kind from "./machine.ts";
import { getSlot, putSlot } from "./memo-opcodes.ts";
import { checkName, checkNames2, checkPersistentLine, shortText } from "./texts.ts";

/** The opcodes that take something from the stack or the memo. */
export function combine(context: Context, code: number): void {
  const machine = context.machine;
  const { operandStart: start, operandEnd: end } = context.cursor;
  switch (code) {
    case op.TUPLE1:
    case op.TUPLE2:
    case op.TUPLE3:
      context.need(code - op.TUPLE1 + 1);
      machine.tuple(machine.size - (code - op.TUPLE1 + 1));
      return;
    case op.TUPLE:
      machine.tuple(context.close());
      return;
    case op.LIST:
    case op.FROZENSET:
    case op.DICT: {
      const from = context.close();
      const count = machine.size - from;
      if (code === op.FROZENSET) checkHashable(machine, context.report, from, 1);
      if (code === op.DICT) {
        if (count % 2 !== 0) context.report("odd-items", UNPICKLERS, `${count} items: a key without a value`);
        else checkHashable(machine, context.report, from, 2);
      }
      const row = machine.container(code === op.DICT ? 0 : count);
      if (code === op.DICT) machine.addEntries(row, from);
      machine.size = from;
      machine.push(code === op.LIST ? kind.LIST : code === op.DICT ? kind.DICT : kind.FROZENSET, row);
      return;
    }
    case op.APPEND:
    case op.SETITEM: {
      const count = code === op.APPEND ? 1 : 2;
      context.need(count + 1);
      const from = machine.size - count;
      addItems(machine, context.report, code === op.APPEND ? kind.LIST : kind.DICT, from);
      machine.size = from;
      return;
    }
    case op.APPENDS:
    case op.SETITEMS:
    case op.ADDITEMS:
      addBatch(context, code);
      return;
    case op.POP:
      if (machine.marks.length > 0 && machine.size === machine.fence) machine.closeMark();
      else {
        context.need(1);
        machine.size--;
      }
      return;
    case op.POP_MARK:
      machine.size = context.close();
      return;
    case op.DUP:
      context.need(1);
      machine.push(machine.kinds[machine.size - 1] as number, machine.refs[machine.size - 1]);
      return;
    case op.GET:
    case op.BINGET:
    case op.LONG_BINGET:
      getSlot(context, context.index as number | bigint);
      return;
    case op.PUT:
    case op.BINPUT:
    case op.LONG_BINPUT:
    case op.MEMOIZE:
      putSlot(context, context.index as number | bigint);
      return;
    case op.GLOBAL:
    case op.INST:
      if (code === op.INST) machine.size = context.close();
      checkNames2(context.bytes, start, end, code === op.INST, context.protocol, context.report);
      machine.push(kind.OPAQUE);
      return;
    case op.STACK_GLOBAL:
      context.need(2);
      if (checkNames(machine, context.report, machine.size - 2)) stackNames(context, machine.size - 2);
      machine.size -= 2;
      machine.push(kind.OPAQUE);
      return;
    case op.EXT1:
    case op.EXT2:
    case op.EXT4:
      extension(context, code, start);
      machine.push(kind.OPAQUE);
      return;
    case op.REDUCE:
    case op.NEWOBJ:
    case op.NEWOBJ_EX: {
      const count = code === op.NEWOBJ_EX ? 3 : 2;
      context.need(count);
      const at = machine.size - count;
      if (code === op.REDUCE) reduce(machine, context.report, at);
      else newObject(machine, context.report, at, code === op.NEWOBJ_EX);
      machine.size = at;
      machine.push(kind.OPAQUE);
      return;
    }
    case op.OBJ: {
      const at = context.close();
      callClass(machine, context.report, at);
      machine.size = at;
      machine.push(kind.OPAQUE);
      return;
    }
    case op.BUILD:
      context.need(2);
      build(machine, context.report, machine.size - 2);
      machine.size--;
      return;
    case op.PERSID:
    case op.BINPERSID:
      if (code === op.PERSID) checkPersistentLine(context.bytes, start, end, context.report);
      else {
        context.need(1);
        machine.size--;
      }
      context.needs("persistent-id", context.options.persistentIds, (n) =>
        n === 1 ? "a value by its persistent id" : `${n} values by their persistent ids`,
      );
      machine.push(kind.OPAQUE);
      return;
    case op.NEXT_BUFFER:
      context.needs("out-of-band-buffer", context.options.buffers, (n) =>
        n === 1
          ? "a buffer that was handed on beside the pickle"
          : `${n} buffers that were handed on beside the pickle`,
      );
      machine.push(kind.OPAQUE);
      return;
    case op.READONLY_BUFFER:
      context.need(1);
      makeReadOnly(machine, context.report);
      return;
    case op.STOP:
      context.need(1);
      machine.size--;
  }
}

function addBatch(context: Context, code: number): void {
  const machine = context.machine;
  const from = context.close();
  if (from <= machine.fence) {
    const items = machine.size - from;
    const isFenced = machine.marks.length > 0;
    context.core(
      isFenced ? "below-mark" : "stack-underflow",
      `has nothing to add ${items === 1 ? "the item" : "the items"} to${isFenced ? " above the MARK before" : ""}`,
    );
    machine.size = from;
    machine.push(kind.OPAQUE);
    return;
  }
  const wanted = code === op.APPENDS ? kind.LIST : code === op.SETITEMS ? kind.DICT : kind.SET;
  addItems(machine, context.report, wanted, from);
  machine.size = from;
}

/** The names of STACK_GLOBAL, where they are written. */
function stackNames(context: Context, at: number): void {
  const { refs } = context.machine;
  for (const [i, what] of (["module", "name"] as const).entries()) {
    const position = refs[at + i] as number;
    if (position < 0) {
      checkName("", what, context.protocol, context.report);
      continue;
    }
    const cursor = new OpCursor(context.bytes, position);
    cursor.next();
    checkName(
      shortText(context.bytes, cursor.operandStart, cursor.operandEnd),
      what,
      context.protocol,
      context.report,
    );
  }
}

function extension(context: Context, code: number, start: number): void {
  const number =
    code === op.EXT1
      ? (context.bytes[start] as number)
      : code === op.EXT2
        ? context.view.getUint16(start, true)
        : context.view.getInt32(start, true);
  if (number <= 0) context.report("invalid-extension", UNPICKLERS, `extension code ${number}`);
  else {
    context.needs("extension-code", context.options.extensions, (n) =>
      n === 1
        ? `a class by its extension code ${number}`
        : `${n} classes by their extension codes, the first ${number}`,
    );
  }
}
