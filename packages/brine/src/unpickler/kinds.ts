// In plain mode a tuple and a list are both an Array, a set and a frozenset both a Set, bytes and bytearray both a
// Uint8Array. What REDUCE, BUILD and dict keys need to know of them stands beside the stack and the memo as a kind: the
// index of its Python name below. A pending container has one in exact mode too.

export const NO_KIND = 0;
export const LIST = 1;
export const DICT = 2;
export const SET = 3;
export const BYTEARRAY = 4;
/** A tuple that is unhashable, because something in it is. */
export const UNHASHABLE_TUPLE = 5;
export const TUPLE = 6;
export const FROZENSET = 7;
export const BYTES = 8;
/** In the memo only: a dict that no opcode has read from there yet, so that it stands on the stack and nowhere else. */
export const UNREAD_DICT = 9;

/** Python names of the kinds; of an unhashable tuple, what an error names in its place. */
export const kindNames = [
  "",
  "list",
  "dict",
  "set",
  "bytearray",
  "list",
  "tuple",
  "frozenset",
  "bytes",
  "dict",
] as const;
