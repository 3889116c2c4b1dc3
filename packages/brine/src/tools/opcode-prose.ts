import type * as op from "../syntax/opcodes.ts";
import type { OperandKind } from "../syntax/opcodes.ts";

/** Name of an opcode, as pickletools spells it. */
export type OpcodeName =
  | "PROTO"
  | "FRAME"
  | "STOP"
  | "MARK"
  | "POP"
  | "POP_MARK"
  | "DUP"
  | "GET"
  | "BINGET"
  | "LONG_BINGET"
  | "PUT"
  | "BINPUT"
  | "LONG_BINPUT"
  | "MEMOIZE"
  | "NONE"
  | "NEWTRUE"
  | "NEWFALSE"
  | "INT"
  | "BININT"
  | "BININT1"
  | "BININT2"
  | "LONG"
  | "LONG1"
  | "LONG4"
  | "FLOAT"
  | "BINFLOAT"
  | "UNICODE"
  | "SHORT_BINUNICODE"
  | "BINUNICODE"
  | "BINUNICODE8"
  | "STRING"
  | "SHORT_BINSTRING"
  | "BINSTRING"
  | "SHORT_BINBYTES"
  | "BINBYTES"
  | "BINBYTES8"
  | "BYTEARRAY8"
  | "NEXT_BUFFER"
  | "READONLY_BUFFER"
  | "EMPTY_TUPLE"
  | "TUPLE1"
  | "TUPLE2"
  | "TUPLE3"
  | "TUPLE"
  | "EMPTY_LIST"
  | "LIST"
  | "APPEND"
  | "APPENDS"
  | "EMPTY_DICT"
  | "DICT"
  | "SETITEM"
  | "SETITEMS"
  | "EMPTY_SET"
  | "ADDITEMS"
  | "FROZENSET"
  | "GLOBAL"
  | "STACK_GLOBAL"
  | "EXT1"
  | "EXT2"
  | "EXT4"
  | "REDUCE"
  | "NEWOBJ"
  | "NEWOBJ_EX"
  | "INST"
  | "OBJ"
  | "BUILD"
  | "PERSID"
  | "BINPERSID";

/** The names of the table's constants, which that list has to be: an opcode without its prose does not compile. */
type TableName = Exclude<
  { [Name in keyof typeof op]: Name extends Uppercase<Name> ? Name : never }[keyof typeof op],
  "HIGHEST_PROTOCOL" | "DEFAULT_PROTOCOL"
>;

/** What each opcode does, in a line. */
export const opcodeProse: Readonly<Record<OpcodeName, string>> = {
  PROTO: "Names the protocol; the first opcode from protocol 2 on.",
  FRAME: "Begins a frame of so many bytes, which can be read at one go.",
  STOP: "Ends the pickle; the topmost value is its result.",
  MARK: "Sets a mark, down to which a later opcode takes everything.",
  POP: "Drops the topmost value, or the mark if that is topmost.",
  POP_MARK: "Drops everything down to the topmost mark, and the mark.",
  DUP: "Pushes the topmost value once more.",
  GET: "Pushes what the memo holds in a slot, its number in decimal.",
  BINGET: "Pushes what the memo holds in one of the slots 0 to 255.",
  LONG_BINGET: "Pushes what the memo holds in a slot with a four-byte number.",
  PUT: "Keeps the topmost value in a memo slot, its number in decimal.",
  BINPUT: "Keeps the topmost value in one of the memo slots 0 to 255.",
  LONG_BINPUT: "Keeps the topmost value in a memo slot with a four-byte number.",
  MEMOIZE: "Keeps the topmost value in the next memo slot.",
  NONE: "Pushes None.",
  NEWTRUE: "Pushes True.",
  NEWFALSE: "Pushes False.",
  INT: "Pushes an int in decimal, or a bool for 00 and 01.",
  BININT: "Pushes an int of four bytes, with a sign.",
  BININT1: "Pushes an int from 0 to 255.",
  BININT2: "Pushes an int from 0 to 65535.",
  LONG: "Pushes an int of any size in decimal, an L behind it.",
  LONG1: "Pushes an int of up to 255 bytes.",
  LONG4: "Pushes an int of any size.",
  FLOAT: "Pushes a float in decimal.",
  BINFLOAT: "Pushes a float of eight bytes.",
  UNICODE: "Pushes a str, written as a line with \\u escapes.",
  SHORT_BINUNICODE: "Pushes a str of up to 255 bytes of UTF-8.",
  BINUNICODE: "Pushes a str of up to 4 GiB of UTF-8.",
  BINUNICODE8: "Pushes a str of any length.",
  STRING: "Pushes an 8-bit string of Python 2, written as its literal.",
  SHORT_BINSTRING: "Pushes an 8-bit string of Python 2 of up to 255 bytes.",
  BINSTRING: "Pushes an 8-bit string of Python 2 of up to 2 GiB.",
  SHORT_BINBYTES: "Pushes up to 255 bytes.",
  BINBYTES: "Pushes up to 4 GiB of bytes.",
  BINBYTES8: "Pushes bytes of any length.",
  BYTEARRAY8: "Pushes a bytearray of any length.",
  NEXT_BUFFER: "Pushes the next of the buffers that are kept beside the pickle.",
  READONLY_BUFFER: "Makes the topmost buffer read-only.",
  EMPTY_TUPLE: "Pushes an empty tuple.",
  TUPLE1: "Makes a tuple of the topmost value.",
  TUPLE2: "Makes a tuple of the two topmost values.",
  TUPLE3: "Makes a tuple of the three topmost values.",
  TUPLE: "Makes a tuple of everything above the mark.",
  EMPTY_LIST: "Pushes an empty list.",
  LIST: "Makes a list of everything above the mark.",
  APPEND: "Appends the topmost value to the list below it.",
  APPENDS: "Appends everything above the mark to the list below it.",
  EMPTY_DICT: "Pushes an empty dict.",
  DICT: "Makes a dict of the keys and values above the mark.",
  SETITEM: "Sets a key to a value, the two topmost, in the dict below them.",
  SETITEMS: "Sets the keys above the mark to their values in the dict below it.",
  EMPTY_SET: "Pushes an empty set.",
  ADDITEMS: "Adds everything above the mark to the set below it.",
  FROZENSET: "Makes a frozenset of everything above the mark.",
  GLOBAL: "Pushes a class or function, found by the two lines that name it.",
  STACK_GLOBAL: "Pushes a class or function, found by the two topmost strs: module, name.",
  EXT1: "Pushes what extension code 1 to 255 stands for.",
  EXT2: "Pushes what extension code 1 to 65535 stands for.",
  EXT4: "Pushes what an extension code of four bytes stands for.",
  REDUCE: "Calls what is below the topmost tuple, with that as arguments.",
  NEWOBJ: "Makes an instance: cls.__new__(cls, *args) of the class and the tuple above it.",
  NEWOBJ_EX: "Makes an instance: cls.__new__(cls, *args, **kwargs) of the three topmost values.",
  INST: "Calls the class that two lines name, with everything above the mark as arguments.",
  OBJ: "Calls the class right above the mark, with everything above it as arguments.",
  BUILD: "Gives the topmost value, its state, to the object below it.",
  PERSID: "Pushes what the application keeps under an id, which is the line.",
  BINPERSID: "Pushes what the application keeps under the topmost value, its id.",
} satisfies Record<TableName, string>;

/** How each kind of operand is written, in a line. */
export const operandProse: Readonly<Record<OperandKind, string>> = {
  uint1: "One byte, 0 to 255.",
  uint2: "Two bytes, little-endian, 0 to 65535.",
  int4: "Four bytes, little-endian, two's complement: −2³¹ to 2³¹ − 1.",
  uint4: "Four bytes, little-endian, 0 to 2³² − 1.",
  uint8: "Eight bytes, little-endian, 0 to 2⁶⁴ − 1.",
  float8: "Eight bytes, big-endian, an IEEE 754 double.",
  decimalnl_short: "A line with a decimal int; 00 and 01 are False and True.",
  decimalnl_long: "A line with a decimal int of any size, which an L may follow.",
  floatnl: "A line with a decimal float, nan or inf.",
  stringnl: "A line with a string literal of Python 2 in its quotes, \\n, \\x41 and the like in it.",
  stringnl_noescape: "A line of text without quotes.",
  stringnl_noescape_pair: "Two lines of text without quotes: module and name.",
  unicodestringnl: "A line of latin-1, with \\uXXXX and \\UXXXXXXXX for what that does not have.",
  string1: "A length of one byte, and so many bytes of an 8-bit string.",
  string4: "A length of four bytes with a sign, and so many bytes of an 8-bit string.",
  bytes1: "A length of one byte, and so many bytes.",
  bytes4: "A length of four bytes, little-endian, and so many bytes.",
  bytes8: "A length of eight bytes, little-endian, and so many bytes.",
  bytearray8: "A length of eight bytes, little-endian, and so many bytes of a bytearray.",
  unicodestring1: "A length of one byte, and so many bytes of UTF-8.",
  unicodestring4: "A length of four bytes, little-endian, and so many bytes of UTF-8.",
  unicodestring8: "A length of eight bytes, little-endian, and so many bytes of UTF-8.",
  long1: "A length of one byte, and so many bytes of an int: little-endian, two's complement, none for 0.",
  long4: "A length of four bytes with a sign, and so many bytes of an int as in long1.",
};
