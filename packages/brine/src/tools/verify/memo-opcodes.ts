import * as op from "../../syntax/opcodes.ts";
import type { Context } from "./context.ts";
import { ALL, NOBODY, UNPICKLERS } from "./findings.ts";
import { OPAQUE } from "./machine.ts";
import type { Slot } from "./memo.ts";

/** An index this high makes an array that is worth a warning. */
const HUGE_INDEX = 2 ** 20;

/** The memo slot that an opcode is about, `undefined` if it is about none. */
export function memoIndex(context: Context, code: number): number | bigint | undefined {
  const { operandStart: start, operandEnd: end } = context.cursor;
  switch (code) {
    case op.MEMOIZE:
      return context.memo.count;
    case op.BINPUT:
    case op.BINGET:
      return context.bytes[start];
    case op.LONG_BINPUT:
    case op.LONG_BINGET:
      return context.view.getUint32(start, true);
    case op.PUT:
    case op.GET:
      return context.number(code, start, end) as number | bigint;
    default:
      return undefined;
  }
}

/** GET and its like. */
export function getSlot(context: Context, index: number | bigint): void {
  const machine = context.machine;
  const slot = context.memo.get(index);
  if (slot === undefined) {
    if ((context.refusedBy & ALL) !== ALL) {
      const hint = context.start > 0 ? "; does it share a memo with the pickle before?" : "";
      context.core("memo-missing", `nothing is stored in slot ${index}${hint}`);
    }
    machine.push(OPAQUE);
    return;
  }
  slot.isRead = true;
  machine.push(slot.kind, slot.ref);
}

/** PUT and its like. */
export function putSlot(context: Context, index: number | bigint): void {
  const machine = context.machine;
  const { position, end } = context.cursor;
  if (machine.size === machine.fence && machine.marks.length > 0) {
    context.core("memo-of-mark", "on top of the stack is a MARK, which cannot be stored");
    return;
  }
  context.need(1);
  if (index < 0) context.report("memo-index", UNPICKLERS, `slot ${index}: an index is 0 or above`);
  const { count } = context.memo;
  if (index > count && !(index === 1 && count === 0)) {
    context.count("memo-gap", "note", NOBODY, (n) =>
      n === 1
        ? `slot ${index} after ${count} slots`
        : `${n} slots that leave a gap, the first ${index} after ${count}`,
    );
    if (index >= HUGE_INDEX && index > 16 * count) {
      const bytes = BigInt(index) * 16n;
      context.report(
        "memo-huge",
        NOBODY,
        `slot ${index}: CPython up to 3.13 takes ${bytes >> 20n} MiB of memory for it`,
      );
    }
  }
  const slot: Slot = {
    kind: machine.kinds[machine.size - 1] as number,
    ref: machine.refs[machine.size - 1] as number,
    offset: position,
    width: end - position,
    isRead: false,
  };
  context.memo.set(index, slot);
}
