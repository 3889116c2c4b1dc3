import { decodeLongNumber } from "../../bytes/long.ts";
import { UnpicklingError } from "../../errors.ts";
import { length8 } from "../../syntax/layouts.ts";
import * as op from "../../syntax/opcodes.ts";
import { intRepr } from "../python-numbers.ts";
import { combine } from "./combine.ts";
import type { Context } from "./context.ts";
import { NOBODY, PICKLETOOLS, UNPICKLERS } from "./findings.ts";
import * as kind from "./machine.ts";
import { checkPython2, checkStringLine, checkUnicodeLine, checkUtf8 } from "./texts.ts";

export function step(context: Context, code: number): void {
  const machine = context.machine;
  const { position, operandStart: start, operandEnd: end } = context.cursor;
  const bytes = context.bytes;
  switch (code) {
    case op.PROTO:
      setProtocol(context, bytes[start] as number);
      return;
    case op.FRAME:
      context.frames.open(context.cursor.end, length8(context.view, start), bytes.length, context.report);
      return;
    case op.MARK:
      machine.openMark(position);
      return;
    case op.NONE:
      machine.push(kind.NONE);
      return;
    case op.NEWTRUE:
    case op.NEWFALSE:
      machine.push(kind.BOOL, code === op.NEWTRUE ? 1 : 0);
      return;
    case op.BININT:
      machine.push(kind.INT, context.view.getInt32(start, true));
      return;
    case op.BININT1:
      machine.push(kind.INT, bytes[start]);
      return;
    case op.BININT2:
      machine.push(kind.INT, context.view.getUint16(start, true));
      return;
    case op.INT:
    case op.LONG: {
      const value = context.number(code, start, end);
      machine.push(typeof value === "boolean" ? kind.BOOL : kind.INT, Number(value));
      return;
    }
    case op.LONG1:
    case op.LONG4:
      pushLong(context, start, end);
      return;
    case op.FLOAT:
      machine.push(kind.FLOAT, context.number(code, start, end) === 0 ? 0 : 1);
      return;
    case op.BINFLOAT:
      machine.push(kind.FLOAT, context.view.getFloat64(start) === 0 ? 0 : 1);
      return;
    case op.UNICODE:
      checkUnicodeLine(bytes, start, end, context.report, context.textNotes);
      machine.push(kind.STR, end > start ? position : -1);
      return;
    case op.SHORT_BINUNICODE:
    case op.BINUNICODE:
    case op.BINUNICODE8:
      checkUtf8(bytes, start, end, context.report, context.textNotes);
      machine.push(kind.STR, end > start ? position : -1);
      return;
    case op.STRING:
    case op.BINSTRING:
    case op.SHORT_BINSTRING: {
      const content =
        code === op.STRING ? checkStringLine(bytes, start, end, context.report) : bytes.subarray(start, end);
      const { encoding, errors } = context.options;
      if (content !== undefined) checkPython2(content, encoding, errors, context.textNotes);
      const isEmpty = content !== undefined && content.length === 0;
      machine.push(encoding === "bytes" ? kind.BYTES : kind.STR, isEmpty ? -1 : position);
      return;
    }
    case op.SHORT_BINBYTES:
    case op.BINBYTES:
    case op.BINBYTES8:
      machine.push(kind.BYTES, end > start ? position : -1);
      return;
    case op.BYTEARRAY8:
      machine.push(kind.BYTEARRAY, machine.container(end - start));
      return;
    case op.EMPTY_TUPLE:
      machine.push(kind.TUPLE, machine.container(0));
      return;
    case op.EMPTY_LIST:
    case op.EMPTY_DICT:
    case op.EMPTY_SET:
      machine.push(
        code === op.EMPTY_LIST ? kind.LIST : code === op.EMPTY_DICT ? kind.DICT : kind.SET,
        machine.container(0),
      );
      return;
    default:
      combine(context, code);
  }
}

function setProtocol(context: Context, protocol: number): void {
  if (protocol > op.HIGHEST_PROTOCOL) {
    context.report(
      "unknown-protocol",
      UNPICKLERS,
      `protocol ${protocol}; the highest there is is ${op.HIGHEST_PROTOCOL}`,
    );
  } else if (protocol < 2)
    context.report("proto-low", NOBODY, `PROTO ${protocol}; PROTO itself is of protocol 2`);
  if (context.protocol >= 0) {
    context.report("proto-repeated", NOBODY, `PROTO ${protocol} after PROTO ${context.protocol}`);
  } else if (context.cursor.position !== context.start) {
    context.report("proto-late", NOBODY, `PROTO ${protocol} is not at the beginning`);
  }
  context.protocol = protocol;
}

function pushLong(context: Context, start: number, end: number): void {
  const bytes = context.bytes;
  const length = end - start;
  const last = bytes[end - 1] as number;
  if (length > 1 && (last === 0 || last === 255) && (((bytes[end - 2] as number) ^ last) & 0x80) === 0) {
    context.count(
      "wasted-bytes",
      "note",
      NOBODY,
      (n) => (n === 1 ? "an int" : `${n} ints`) + " with leading bytes that say nothing",
    );
  }
  let value = length > 6 ? Infinity : Number(decodeLongNumber(bytes, start, end));
  if (length > 6 && last > 127) value = -Infinity;
  // 4300 digits are 1786 bytes.
  if (length > 1784) {
    try {
      intRepr(decodeLongNumber(bytes, start, end));
    } catch (error) {
      if (!(error instanceof UnpicklingError)) throw error;
      context.report("large-int", PICKLETOOLS, `an int of ${length} bytes, which is more than 4300 digits`);
    }
  }
  context.machine.push(kind.INT, value);
}
