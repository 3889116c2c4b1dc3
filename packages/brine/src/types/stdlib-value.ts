import type { PyArray, TypedArray } from "./array.ts";
import type { PyDeque } from "./deque.ts";
import type { PyDictType } from "./dicts.ts";
import type { PyException } from "./exceptions.ts";
import type { NamedTuple } from "./named-tuple.ts";
import type { PyRecord, PyValue } from "./value.ts";

/** What `loads` gives for values of Python's standard library: one of the classes of `brine/types`. */
export type StdlibValue =
  | PyValue
  | PyRecord
  | PyDictType
  | PyDeque
  | NamedTuple
  | PyException
  | PyArray
  | TypedArray;
