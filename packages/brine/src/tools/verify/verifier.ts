import { UnpicklingError } from "../../errors.ts";
import * as op from "../../syntax/opcodes.ts";
import { opFailure } from "../op-failures.ts";
import { bytesRepr } from "../python-repr.ts";
import type { Context } from "./context.ts";
import type { FindingCode } from "./explanations.ts";
import { ALL, NOBODY, PICKLETOOLS } from "./findings.ts";
import { memoIndex } from "./memo-opcodes.ts";
import { step } from "./step.ts";

/** Which Python brought a protocol. */
const since = ["any", "any", "2.3", "3.0", "3.4", "3.8"];

/** The least length of a pickle that CPython would put into a frame. */
const FRAME_MINIMUM = 16;

/**
 * Goes through one pickle opcode by opcode, and gives where its STOP ends; −1 if the rest could not be judged.
 */
export function verifyPickle(context: Context): number {
  const { cursor, tools, frames, memo } = context;
  while (next(context)) {
    const { code } = cursor;
    const opcode = op.opcodeOf(code) as op.Opcode;
    context.refusedBy = 0;
    frames.check(cursor, context.report);
    if (opcode.protocol > 1 && code !== op.PROTO) checkProtocol(context, opcode);
    // By the memo as it is before the opcode.
    const index = memoIndex(context, code);
    context.index = index;
    const isFilled = index !== undefined && memo.get(index) !== undefined;
    context.problem = tools.apply(opcode, isFilled);
    step(context, code);
    tellRest(context);
    if (code !== op.STOP) continue;
    finish(context);
    return cursor.end;
  }
  return -1;
}

/** Steps onto the next opcode, which should be there. */
function next(context: Context): boolean {
  const cursor = context.cursor;
  const at = cursor.end;
  let code: FindingCode = "missing-stop";
  try {
    if (cursor.next()) return true;
  } catch (error) {
    if (!(error instanceof UnpicklingError)) throw error;
    code =
      error.code === "invalid-opcode"
        ? "unknown-opcode"
        : error.code === "invalid-operand"
          ? "invalid-length"
          : "truncated";
  }
  const byte = context.bytes[at];
  const place = { offset: at, opcode: byte === undefined ? undefined : op.opcodeName(byte) };
  context.findings.add(code, place, ALL, endMessage(context, code, at));
  return false;
}

function endMessage(context: Context, code: FindingCode, at: number): string {
  if (code === "missing-stop")
    return at === context.start
      ? "there is no pickle"
      : "the data ends without a STOP; it may have been cut off";
  const left = context.bytes.length - at - 1;
  const rest = left === 0 ? "" : `; the ${left} bytes behind it cannot be judged`;
  if (code === "unknown-opcode") {
    const what = at === context.start && at === 0 ? "; this may be no pickle at all" : "";
    return `the byte ${bytesRepr(context.bytes, at, at + 1).slice(1)} is no opcode${rest}${what}`;
  }
  const advice =
    code === "truncated" ? "the data was cut off, or the length is wrong" : "nothing behind it can be judged";
  return `${lackOf(context.bytes, at)}; ${advice}`;
}

function checkProtocol(context: Context, { name, protocol }: op.Opcode): void {
  const declared = context.protocol;
  if (declared < 0) {
    context.count(
      "proto-missing",
      "note",
      NOBODY,
      () => `opcodes of protocol ${protocol}, and no PROTO at the beginning`,
    );
  } else if (protocol > declared) {
    context.count(
      "newer-opcode",
      "warning",
      NOBODY,
      (n) =>
        `${name} is of protocol ${protocol} (Python ${since[protocol] as string}), and PROTO says ${declared}${n > 1 ? ` (${n} times)` : ""}`,
      name,
    );
  }
}

/** What only pickletools minds. */
function tellRest(context: Context): void {
  const { problem, index } = context;
  if (problem === undefined || (context.refusedBy & PICKLETOOLS) !== 0) return;
  if (problem === "memo-overwritten") {
    context.report("memo-overwritten", PICKLETOOLS, `slot ${index as number} is filled already`);
  } else {
    const words =
      problem === "missing-mark"
        ? "an opcode before it took the MARK for a value"
        : "an opcode before it took more values than there are for pickletools";
    context.report(problem, PICKLETOOLS, words);
  }
}

function finish(context: Context): void {
  const machine = context.machine;
  const tools = context.tools;
  const { end } = context.cursor;
  context.frames.stop(end, context.report);
  if (tools.length > 0) {
    const { markCount } = tools;
    const others = tools.length - markCount;
    const [markPosition] = machine.markPositions;
    if (others > 0 || markCount === 0) {
      context.report(
        "stack-not-empty",
        PICKLETOOLS,
        `${others === 1 ? "a value is" : `${others} values are`} left on the stack`,
      );
    }
    if (markCount > 0) {
      const where = markPosition === undefined ? "" : `, the first at byte ${markPosition}`;
      context.report(
        "open-mark",
        PICKLETOOLS,
        `${markCount === 1 ? "a MARK is" : `${markCount} MARKs are`} not closed${where}`,
      );
    }
  }
  const unread = context.memo.unread(context.start);
  if (unread.count > 0 && !context.options.sharedMemo) {
    const place = { offset: unread.offset, opcode: op.opcodeName(context.bytes[unread.offset] as number) };
    const tell = (): string =>
      `${unread.count} of ${context.memo.count} memo slots are never read; optimize saves ${unread.bytes} bytes`;
    context.findings.tally("memo-unread", "note", place, NOBODY, "", tell);
  }
  if (context.protocol >= 4 && !context.frames.any && end - context.start >= FRAME_MINIMUM) {
    const place = { offset: context.start, opcode: "PROTO" };
    context.findings.tally(
      "frame-missing",
      "note",
      place,
      NOBODY,
      "",
      () => `protocol ${context.protocol} without frames`,
    );
  }
}

/** What is missing of the opcode at `at`. */
function lackOf(bytes: Uint8Array, at: number): string {
  try {
    return opFailure(bytes, at).words;
  } catch (error) {
    // The first of two lines is wrong too, and pickletools says that first.
    if (error instanceof UnpicklingError) return "no newline found";
    throw error;
  }
}
