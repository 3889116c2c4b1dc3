// In plain mode a tuple and a list are both an Array, a set and a frozenset both a Set, bytes and bytearray both a
// Uint8Array. What REDUCE, BUILD and dict keys need to know of them stands beside the stack and the memo as a kind.

export const NO_KIND = 0;
export const LIST = 1;
export const TUPLE = 2;
/** A tuple that is unhashable, because something in it is. */
export const UNHASHABLE_TUPLE = 3;
export const SET = 4;
export const FROZENSET = 5;
export const BYTES = 6;
export const BYTEARRAY = 7;

const names = ["", "list", "tuple", "list", "set", "frozenset", "bytes", "bytearray"] as const;

/** The Python type that a kind stands for, as an error message names it; for an unhashable tuple, what is in it. */
export function unhashableKindName(kind: number): string {
  return names[kind] as string;
}

/** The kind of a type definition's `result`. */
export function kindOfResult(result: string | undefined): number {
  switch (result) {
    case "list":
      return LIST;
    case "tuple":
      return TUPLE;
    case "set":
      return SET;
    case "frozenset":
      return FROZENSET;
    case "bytes":
      return BYTES;
    case "bytearray":
      return BYTEARRAY;
    default:
      return NO_KIND;
  }
}
