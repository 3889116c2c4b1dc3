import { failure } from "../bytes/failure.ts";
import { encodeLong } from "../bytes/long.ts";
import { ByteSink } from "../bytes/sink.ts";
import type { OperandKind } from "../syntax/opcodes.ts";
import { encodeRawUnicodeEscape, floatRepr } from "../syntax/text-operands.ts";
import { nameLine, type Operand } from "./operands.ts";
import { quotedBytes } from "./python-repr.ts";

/** An operand to be written; a text may come in pieces, at whose seams surrogates stay apart. */
export type WritableOperand = Operand | readonly string[];

type OperandWriter = (sink: ByteSink, operand: WritableOperand) => void;

const typeName = (operand: WritableOperand): string =>
  Array.isArray(operand) ? "string" : operand instanceof Uint8Array ? "bytes" : typeof operand;

function mismatch(expected: string, operand: WritableOperand): Error {
  return failure("invalid-operand", `expected ${expected}, not ${typeName(operand)}`, "TypeError");
}

function outOfRange(kind: string): Error {
  return failure("invalid-operand", `the operand is out of the range of ${kind}`, "ValueError");
}

function integer(operand: WritableOperand): bigint {
  if (typeof operand === "bigint") return operand;
  if (typeof operand !== "number") throw mismatch("an int", operand);
  if (!Number.isSafeInteger(operand))
    throw failure("invalid-operand", `${operand} is no safe integer`, "ValueError");
  return BigInt(operand);
}

function float(operand: WritableOperand): number {
  if (typeof operand !== "number") throw mismatch("a float", operand);
  return operand;
}

function pieces(operand: WritableOperand): readonly string[] {
  if (typeof operand === "string") return [operand];
  if (!Array.isArray(operand)) throw mismatch("a str", operand);
  return operand as readonly string[];
}

const text = (operand: WritableOperand): string => pieces(operand).join("");

function fixed(kind: string, width: number, signed: boolean): OperandWriter {
  return (sink, operand) => {
    const value = integer(operand);
    const bits = 8 * width;
    if ((signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)) !== value) throw outOfRange(kind);
    for (let at = 0, rest = value; at < width; at++, rest >>= 8n) sink.u8(Number(rest & 0xffn));
  };
}

function counted(
  kind: string,
  width: 1 | 4 | 8,
  content: (operand: WritableOperand) => Uint8Array,
): OperandWriter {
  const signed = kind === "string4" || kind === "long4";
  const limit = width === 1 ? 0xff : width === 4 ? (signed ? 0x7fff_ffff : 0xffff_ffff) : Infinity;
  return (sink, operand) => {
    const bytes = content(operand);
    if (bytes.length > limit) throw outOfRange(kind);
    if (width === 1) sink.u8(bytes.length);
    else if (width === 4) sink.u32le(bytes.length);
    else sink.u64le(bytes.length);
    sink.raw(bytes);
  };
}

function utf8(operand: WritableOperand): Uint8Array {
  const sink = new ByteSink();
  for (const piece of pieces(operand)) sink.utf8(piece);
  return sink.take();
}

function latin1(operand: WritableOperand): Uint8Array {
  const units = text(operand);
  const bytes = new Uint8Array(units.length);
  for (let at = 0; at < units.length; at++) {
    const unit = units.charCodeAt(at);
    if (unit > 0xff)
      throw failure("invalid-operand", "an 8-bit string has no character beyond U+00FF", "ValueError");
    bytes[at] = unit;
  }
  return bytes;
}

function binary(operand: WritableOperand): Uint8Array {
  if (!(operand instanceof Uint8Array)) throw mismatch("bytes", operand);
  return operand;
}

const long = (operand: WritableOperand): Uint8Array => encodeLong(integer(operand));

/** A line that pickletools reads as `name`: as it is, or its backslashes escaped if they would be taken for escapes. */
function nameBytes(name: string): Uint8Array {
  const sink = new ByteSink();
  sink.utf8(name);
  const plain = sink.take();
  if (!plain.includes(10)) {
    try {
      if (nameLine(plain, 0, plain.length) === name) return plain;
    } catch {
      // A broken escape as it is.
    }
  }
  sink.utf8(name.replaceAll("\\", "\\\\").replaceAll("\n", "\\n"));
  return sink.take();
}

function nameLineOf(sink: ByteSink, value: string): void {
  sink.raw(nameBytes(value));
  sink.u8(10);
}

function line(sink: ByteSink, value: string): void {
  sink.latin1(value);
  sink.u8(10);
}

/** By kind of operand, what writes it in its usual form, such as CPython's pickler gives it. */
const writers: Readonly<Record<OperandKind, OperandWriter>> = {
  uint1: fixed("uint1", 1, false),
  uint2: fixed("uint2", 2, false),
  int4: fixed("int4", 4, true),
  uint4: fixed("uint4", 4, false),
  uint8: fixed("uint8", 8, false),
  float8: (sink, operand) => sink.f64be(float(operand)),
  decimalnl_short: (sink, operand) =>
    line(sink, typeof operand === "boolean" ? (operand ? "01" : "00") : integer(operand).toString()),
  decimalnl_long: (sink, operand) => line(sink, `${integer(operand)}L`),
  floatnl: (sink, operand) => line(sink, floatRepr(float(operand))),
  stringnl: (sink, operand) => {
    const bytes = latin1(operand);
    line(sink, quotedBytes(bytes, 0, bytes.length));
  },
  stringnl_noescape: (sink, operand) => nameLineOf(sink, text(operand)),
  stringnl_noescape_pair: (sink, operand) => {
    const [, module, rest] = /^([^ ]*) ([^]*)$/.exec(text(operand)) ?? [];
    if (module === undefined || rest === undefined) {
      throw failure("invalid-operand", "module and name must be parted by a blank", "ValueError");
    }
    nameLineOf(sink, module);
    nameLineOf(sink, rest);
  },
  unicodestringnl: (sink, operand) => line(sink, pieces(operand).map(encodeRawUnicodeEscape).join("")),
  string1: counted("string1", 1, latin1),
  string4: counted("string4", 4, latin1),
  bytes1: counted("bytes1", 1, binary),
  bytes4: counted("bytes4", 4, binary),
  bytes8: counted("bytes8", 8, binary),
  bytearray8: counted("bytearray8", 8, binary),
  unicodestring1: counted("unicodestring1", 1, utf8),
  unicodestring4: counted("unicodestring4", 4, utf8),
  unicodestring8: counted("unicodestring8", 8, utf8),
  long1: counted("long1", 1, long),
  long4: counted("long4", 4, long),
};

/**
 * Writes an operand of a kind.
 *
 * @throws UnpicklingError `invalid-operand` for one of another type, or out of range.
 */
export function writeOperand(sink: ByteSink, kind: OperandKind, operand: WritableOperand): void {
  writers[kind](sink, operand);
}
