/** Name of an operand's encoding, as pickletools names its argument descriptors. */
export type OperandKind =
  | "uint1"
  | "uint2"
  | "int4"
  | "uint4"
  | "uint8"
  | "float8"
  | "decimalnl_short"
  | "decimalnl_long"
  | "floatnl"
  | "stringnl"
  | "stringnl_noescape"
  | "stringnl_noescape_pair"
  | "unicodestringnl"
  | "string1"
  | "string4"
  | "bytes1"
  | "bytes4"
  | "bytes8"
  | "bytearray8"
  | "unicodestring1"
  | "unicodestring4"
  | "unicodestring8"
  | "long1"
  | "long4";

/** What an opcode takes from the stack or leaves there, as pickletools names its stack objects. */
export type StackItem =
  | "any"
  | "mark"
  | "stackslice"
  | "int"
  | "int_or_bool"
  | "bool"
  | "float"
  | "bytes_or_str"
  | "bytes"
  | "bytearray"
  | "str"
  | "None"
  | "tuple"
  | "list"
  | "dict"
  | "set"
  | "frozenset"
  | "buffer";

/** One opcode of the pickle machine. */
export interface Opcode {
  /** Name, such as `"BININT1"`. */
  readonly name: string;
  /** The byte that stands for it, 0 to 255. */
  readonly code: number;
  /** The protocol that brought it, 0 to 5. */
  readonly protocol: number;
  /** How its operand is written, or `null` if it has none. */
  readonly operand: OperandKind | null;
  /** What it takes from the stack, topmost last. */
  readonly stackBefore: readonly StackItem[];
  /** What it leaves on the stack, topmost last. */
  readonly stackAfter: readonly StackItem[];
}

// The codes are constants of their own, so that bundlers inline them into `case` labels.

export const PROTO = 0x80;
export const FRAME = 0x95;
export const STOP = 0x2e;

export const MARK = 0x28;
export const POP = 0x30;
export const POP_MARK = 0x31;
export const DUP = 0x32;
export const GET = 0x67;
export const BINGET = 0x68;
export const LONG_BINGET = 0x6a;
export const PUT = 0x70;
export const BINPUT = 0x71;
export const LONG_BINPUT = 0x72;
export const MEMOIZE = 0x94;

export const NONE = 0x4e;
export const NEWTRUE = 0x88;
export const NEWFALSE = 0x89;

export const INT = 0x49;
export const BININT = 0x4a;
export const BININT1 = 0x4b;
export const BININT2 = 0x4d;
export const LONG = 0x4c;
export const LONG1 = 0x8a;
export const LONG4 = 0x8b;

export const FLOAT = 0x46;
export const BINFLOAT = 0x47;

export const UNICODE = 0x56;
export const SHORT_BINUNICODE = 0x8c;
export const BINUNICODE = 0x58;
export const BINUNICODE8 = 0x8d;
export const STRING = 0x53;
export const SHORT_BINSTRING = 0x55;
export const BINSTRING = 0x54;

export const SHORT_BINBYTES = 0x43;
export const BINBYTES = 0x42;
export const BINBYTES8 = 0x8e;
export const BYTEARRAY8 = 0x96;
export const NEXT_BUFFER = 0x97;
export const READONLY_BUFFER = 0x98;

export const EMPTY_TUPLE = 0x29;
export const TUPLE1 = 0x85;
export const TUPLE2 = 0x86;
export const TUPLE3 = 0x87;
export const TUPLE = 0x74;

export const EMPTY_LIST = 0x5d;
export const LIST = 0x6c;
export const APPEND = 0x61;
export const APPENDS = 0x65;

export const EMPTY_DICT = 0x7d;
export const DICT = 0x64;
export const SETITEM = 0x73;
export const SETITEMS = 0x75;

export const EMPTY_SET = 0x8f;
export const ADDITEMS = 0x90;
export const FROZENSET = 0x91;

export const GLOBAL = 0x63;
export const STACK_GLOBAL = 0x93;
export const EXT1 = 0x82;
export const EXT2 = 0x83;
export const EXT4 = 0x84;
export const REDUCE = 0x52;
export const NEWOBJ = 0x81;
export const NEWOBJ_EX = 0x92;
export const INST = 0x69;
export const OBJ = 0x6f;
export const BUILD = 0x62;
export const PERSID = 0x50;
export const BINPERSID = 0x51;

// The names: from PROTO on in the order of the codes, which have no gap there; below it each behind its code's character.
const textNames =
  ".STOP (MARK 0POP 1POP_MARK 2DUP gGET hBINGET jLONG_BINGET pPUT qBINPUT rLONG_BINPUT NNONE IINT " +
  "JBININT KBININT1 MBININT2 LLONG FFLOAT GBINFLOAT VUNICODE XBINUNICODE SSTRING USHORT_BINSTRING " +
  "TBINSTRING CSHORT_BINBYTES BBINBYTES )EMPTY_TUPLE tTUPLE ]EMPTY_LIST lLIST aAPPEND eAPPENDS " +
  "}EMPTY_DICT dDICT sSETITEM uSETITEMS cGLOBAL RREDUCE iINST oOBJ bBUILD PPERSID QBINPERSID";
const namesFromProto =
  "PROTO NEWOBJ EXT1 EXT2 EXT4 TUPLE1 TUPLE2 TUPLE3 NEWTRUE NEWFALSE LONG1 LONG4 SHORT_BINUNICODE " +
  "BINUNICODE8 BINBYTES8 EMPTY_SET ADDITEMS FROZENSET NEWOBJ_EX STACK_GLOBAL MEMOIZE FRAME " +
  "BYTEARRAY8 NEXT_BUFFER READONLY_BUFFER";

/** The name of the opcode that `code` stands for, or `undefined` if it is none. */
export function opcodeName(code: number): string | undefined {
  if (code >= PROTO) return namesFromProto.split(" ")[code - PROTO];
  return textNames
    .split(" ")
    .find((entry) => entry.charCodeAt(0) === code)
    ?.slice(1);
}

function op(
  code: number,
  protocol: number,
  operand: OperandKind | null,
  stackBefore: readonly StackItem[],
  stackAfter: readonly StackItem[],
): Opcode {
  return { name: opcodeName(code)!, code, protocol, operand, stackBefore, stackAfter };
}

/**
 * The 68 opcodes of protocols 0 to 5: the one place where the format is told.
 * Source: CPython `Lib/pickletools.py`, `opcodes`, against which a test checks every entry.
 */
export const opcodes: readonly Opcode[] = /* @__PURE__ */ (() => [
  op(PROTO, 2, "uint1", [], []),
  op(FRAME, 4, "uint8", [], []),
  op(STOP, 0, null, ["any"], []),
  op(MARK, 0, null, [], ["mark"]),
  op(POP, 0, null, ["any"], []),
  op(POP_MARK, 1, null, ["mark", "stackslice"], []),
  op(DUP, 0, null, ["any"], ["any", "any"]),
  op(GET, 0, "decimalnl_short", [], ["any"]),
  op(BINGET, 1, "uint1", [], ["any"]),
  op(LONG_BINGET, 1, "uint4", [], ["any"]),
  op(PUT, 0, "decimalnl_short", [], []),
  op(BINPUT, 1, "uint1", [], []),
  op(LONG_BINPUT, 1, "uint4", [], []),
  op(MEMOIZE, 4, null, ["any"], ["any"]),
  op(NONE, 0, null, [], ["None"]),
  op(NEWTRUE, 2, null, [], ["bool"]),
  op(NEWFALSE, 2, null, [], ["bool"]),
  op(INT, 0, "decimalnl_short", [], ["int_or_bool"]),
  op(BININT, 1, "int4", [], ["int"]),
  op(BININT1, 1, "uint1", [], ["int"]),
  op(BININT2, 1, "uint2", [], ["int"]),
  op(LONG, 0, "decimalnl_long", [], ["int"]),
  op(LONG1, 2, "long1", [], ["int"]),
  op(LONG4, 2, "long4", [], ["int"]),
  op(FLOAT, 0, "floatnl", [], ["float"]),
  op(BINFLOAT, 1, "float8", [], ["float"]),
  op(UNICODE, 0, "unicodestringnl", [], ["str"]),
  op(SHORT_BINUNICODE, 4, "unicodestring1", [], ["str"]),
  op(BINUNICODE, 1, "unicodestring4", [], ["str"]),
  op(BINUNICODE8, 4, "unicodestring8", [], ["str"]),
  op(STRING, 0, "stringnl", [], ["bytes_or_str"]),
  op(SHORT_BINSTRING, 1, "string1", [], ["bytes_or_str"]),
  op(BINSTRING, 1, "string4", [], ["bytes_or_str"]),
  op(SHORT_BINBYTES, 3, "bytes1", [], ["bytes"]),
  op(BINBYTES, 3, "bytes4", [], ["bytes"]),
  op(BINBYTES8, 4, "bytes8", [], ["bytes"]),
  op(BYTEARRAY8, 5, "bytearray8", [], ["bytearray"]),
  op(NEXT_BUFFER, 5, null, [], ["buffer"]),
  op(READONLY_BUFFER, 5, null, ["buffer"], ["buffer"]),
  op(EMPTY_TUPLE, 1, null, [], ["tuple"]),
  op(TUPLE1, 2, null, ["any"], ["tuple"]),
  op(TUPLE2, 2, null, ["any", "any"], ["tuple"]),
  op(TUPLE3, 2, null, ["any", "any", "any"], ["tuple"]),
  op(TUPLE, 0, null, ["mark", "stackslice"], ["tuple"]),
  op(EMPTY_LIST, 1, null, [], ["list"]),
  op(LIST, 0, null, ["mark", "stackslice"], ["list"]),
  op(APPEND, 0, null, ["list", "any"], ["list"]),
  op(APPENDS, 1, null, ["list", "mark", "stackslice"], ["list"]),
  op(EMPTY_DICT, 1, null, [], ["dict"]),
  op(DICT, 0, null, ["mark", "stackslice"], ["dict"]),
  op(SETITEM, 0, null, ["dict", "any", "any"], ["dict"]),
  op(SETITEMS, 1, null, ["dict", "mark", "stackslice"], ["dict"]),
  op(EMPTY_SET, 4, null, [], ["set"]),
  op(ADDITEMS, 4, null, ["set", "mark", "stackslice"], ["set"]),
  op(FROZENSET, 4, null, ["mark", "stackslice"], ["frozenset"]),
  op(GLOBAL, 0, "stringnl_noescape_pair", [], ["any"]),
  op(STACK_GLOBAL, 4, null, ["str", "str"], ["any"]),
  op(EXT1, 2, "uint1", [], ["any"]),
  op(EXT2, 2, "uint2", [], ["any"]),
  op(EXT4, 2, "int4", [], ["any"]),
  op(REDUCE, 0, null, ["any", "any"], ["any"]),
  op(NEWOBJ, 2, null, ["any", "any"], ["any"]),
  op(NEWOBJ_EX, 4, null, ["any", "any", "any"], ["any"]),
  op(INST, 0, "stringnl_noescape_pair", ["mark", "stackslice"], ["any"]),
  op(OBJ, 1, null, ["mark", "any", "stackslice"], ["any"]),
  op(BUILD, 0, null, ["any", "any"], ["any"]),
  op(PERSID, 0, "stringnl_noescape", [], ["any"]),
  op(BINPERSID, 1, null, ["any"], ["any"]),
])();

let table: (Opcode | undefined)[] | undefined;

/** The opcode that `code` stands for, or `undefined` if it is none. */
export function opcodeOf(code: number): Opcode | undefined {
  if (table === undefined) {
    table = new Array<Opcode | undefined>(256).fill(undefined);
    for (const opcode of opcodes) table[opcode.code] = opcode;
  }
  return table[code];
}

/** Highest protocol there is. */
export const HIGHEST_PROTOCOL = 5;

/** The protocol written unless another is asked for; Python 3.8 and newer read it. */
export const DEFAULT_PROTOCOL = 5;
