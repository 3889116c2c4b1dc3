import { failure } from "../bytes/failure.ts";
import type { UnpicklingError } from "../errors.ts";
import { opcodeOf, type OperandKind } from "../syntax/opcodes.ts";
import { nameLine } from "./operands.ts";
import { bytesRepr } from "./python-repr.ts";

const truncated = (words: string): UnpicklingError => failure("truncated", words, "ValueError");
const notEnough = (kind: string): UnpicklingError => truncated(`not enough data in stream to read ${kind}`);

/** By kind of operand: how many bytes hold its length, and the kind of that length. */
const lengths: Partial<Record<OperandKind, readonly [width: number, kind: OperandKind]>> = {
  string1: [1, "uint1"],
  bytes1: [1, "uint1"],
  unicodestring1: [1, "uint1"],
  long1: [1, "uint1"],
  string4: [4, "int4"],
  long4: [4, "int4"],
  bytes4: [4, "uint4"],
  unicodestring4: [4, "uint4"],
  bytes8: [8, "uint8"],
  bytearray8: [8, "uint8"],
  unicodestring8: [8, "uint8"],
};

function lineFailure(kind: OperandKind, bytes: Uint8Array, start: number): UnpicklingError {
  if (kind === "stringnl_noescape_pair") {
    const newline = bytes.indexOf(10, start);
    // The first of the two lines is decoded before the other is read.
    if (newline >= 0) nameLine(bytes, start, newline);
  }
  return truncated(`no newline found when trying to read ${kind === "unicodestringnl" ? kind : "stringnl"}`);
}

function operandFailure(kind: OperandKind, bytes: Uint8Array, start: number): UnpicklingError {
  const [width, lengthKind] = lengths[kind] ?? [];
  if (width === undefined || lengthKind === undefined) {
    return /nl(?:$|_)/.test(kind) ? lineFailure(kind, bytes, start) : notEnough(kind);
  }
  const left = bytes.length - start - width;
  if (left < 0) return notEnough(lengthKind);
  let length = 0n;
  for (let at = start + width; at-- > start;) length = (length << 8n) | BigInt(bytes[at] as number);
  if (lengthKind === "int4") length = BigInt.asIntN(32, length);
  if (length < 0n) return failure("invalid-operand", `${kind} byte count < 0: ${length}`, "ValueError");
  if (length > 0x7fff_ffff_ffff_ffffn) {
    return failure("invalid-operand", `${kind} byte count > sys.maxsize: ${length}`, "ValueError");
  }
  if (kind === "long1" || kind === "long4") return notEnough(kind);
  return truncated(`expected ${length} bytes in a ${kind}, but only ${left} remain`);
}

/**
 * Why there is no opcode with a whole operand at `position`, in the words of pickletools.
 *
 * @param base - where the bytes begin in what the words count positions in; 0 unless given.
 */
export function opFailure(bytes: Uint8Array, position: number, base = 0): UnpicklingError {
  if (position >= bytes.length) {
    return failure("no-data", "pickle exhausted before seeing STOP", "ValueError");
  }
  const opcode = opcodeOf(bytes[position] as number);
  if (opcode === undefined) {
    const shown = bytesRepr(bytes, position, position + 1);
    return failure("invalid-opcode", `at position ${base + position}, opcode ${shown} unknown`, "ValueError");
  }
  return operandFailure(opcode.operand as OperandKind, bytes, position + 1);
}
