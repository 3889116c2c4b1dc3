import { LargeMap } from "../large-map.ts";

// What a node of the value graph is.
export const NONE = 0;
export const BOOL = 1;
export const INT = 2;
export const FLOAT = 3;
export const STR = 4;
export const BYTES = 5;
export const GLOBAL = 6;
export const EXTENSION = 7;
/** An out-of-band buffer, by its number. */
export const BUFFER = 8;
/** The first kind that is a node of its own each time; those before are one node for equal values. */
export const BYTEARRAY = 9;
export const LIST = 10;
export const TUPLE = 11;
export const DICT = 12;
export const SET = 13;
export const FROZENSET = 14;
export const OBJECT = 15;
export const PERSISTENT = 16;

/** By kind, how Python calls the type. */
export const kindNames: readonly string[] = [
  "NoneType",
  "bool",
  "int",
  "float",
  "str",
  "bytes",
  "global",
  "extension",
  "buffer",
  "bytearray",
  "list",
  "tuple",
  "dict",
  "set",
  "frozenset",
  "object",
  "persistent id",
];

/** What is known of an instance: nodes, −1 for what there is none of. */
export interface ObjectParts {
  readonly callable: number;
  /** A tuple. */
  readonly args: number;
  /** A dict. */
  readonly kwargs: number;
  /** What BUILD gave, and calls on it whose results were dropped. */
  readonly states: number[];
  readonly items: number[];
  /** Keys and values by turns. */
  readonly entries: number[];
}

type Data = null | boolean | number | bigint | string | Uint8Array | number[] | ObjectParts;

/** Bytes up to this length are told apart as text. */
const SHORT = 1 << 12;

const POSITIVE_ZERO = "0";

/**
 * The values of both pickles, as nodes by number. A value without identity, such as an int or a str, is the same node
 * wherever it comes. Containers hold the numbers of what is in them: a dict, keys and values by turns.
 */
export class Store {
  readonly kinds: number[] = [];
  readonly data: Data[] = [];
  readonly #ints = new LargeMap<number | bigint, number>();
  readonly #floats = new LargeMap<number | string, number>();
  readonly #texts = new LargeMap<string, number>();
  readonly #bytes = new LargeMap<string, number[]>();
  readonly #names = new LargeMap<string, number>();
  readonly none: number = this.add(NONE, null);
  readonly #false: number = this.add(BOOL, false);
  readonly #true: number = this.add(BOOL, true);

  /** A node of its own. */
  add(kind: number, data: Data): number {
    this.kinds.push(kind);
    return this.data.push(data) - 1;
  }

  boolean(value: boolean): number {
    return value ? this.#true : this.#false;
  }

  #once<K>(map: LargeMap<K, number>, key: K, kind: number, data: Data): number {
    let node = map.get(key);
    if (node === undefined) map.set(key, (node = this.add(kind, data)));
    return node;
  }

  int(value: number | bigint): number {
    return this.#once(this.#ints, value, INT, value);
  }

  float(value: number): number {
    const key = value === 0 && !Object.is(value, -0) ? POSITIVE_ZERO : value === 0 ? "-0" : value;
    return this.#once(this.#floats, key, FLOAT, value);
  }

  text(value: string): number {
    return this.#once(this.#texts, value, STR, value);
  }

  /** A class or function, extension or buffer. */
  named(kind: number, name: string): number {
    return this.#once(this.#names, `${kind} ${name}`, kind, name);
  }

  /** Bytes, which are kept and not copied. */
  bytes(value: Uint8Array): number {
    const key = value.length <= SHORT ? String.fromCharCode(...value) : digest(value);
    let bucket = this.#bytes.get(key);
    if (bucket === undefined) this.#bytes.set(key, (bucket = []));
    for (const node of bucket) if (isSame(this.data[node] as Uint8Array, value)) return node;
    const node = this.add(BYTES, value);
    bucket.push(node);
    return node;
  }

  /** The nodes in a list, tuple, dict, set or frozenset. */
  children(node: number): number[] {
    return this.data[node] as number[];
  }

  object(node: number): ObjectParts {
    return this.data[node] as ObjectParts;
  }
}

/** Two sums over the bytes, and their length. */
function digest(bytes: Uint8Array): string {
  let first = 0x811c9dc5;
  let second = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    first = Math.imul(first ^ byte, 0x01000193);
    second = (Math.imul(second, 31) + byte) | 0;
  }
  return `${bytes.length} ${first} ${second}`;
}

/** Whether two runs of bytes are equal. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
