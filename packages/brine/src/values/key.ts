import { decodeLatin1 } from "../bytes/utf8.ts";
import { pythonTypeName } from "./python-type.ts";
import { ShardedMap } from "./sharded-map.ts";
import { Tuple } from "./tuple.ts";

/**
 * A value class says which values are equal to it, as a key of `PyDict` or in a `PySet`, by a method under this symbol. It returns
 * - `undefined` if it is unhashable;
 * - itself if it is equal to nothing else (as without this method);
 * - another hashable value (a number, a `Tuple`, …) to be equal to that one: `Decimal("1") == 1`, a named tuple;
 * - a plain `Array` that begins with its type's name to be equal to its own kind only: `["uuid.UUID", 5n]`.
 *
 * It must always return the equal thing while the value is a key, as `__hash__` must in Python.
 */
export const pythonKey: unique symbol = Symbol.for("brine.pythonKey") as typeof pythonKey;

/** To look up: an `Array` counts as a tuple and a `Set` as a frozenset, and nothing is kept of what is not there. */
export const FIND = 0;
/** To add what a user gives. */
export const ADD = 1;
/** To index what a load gives, whose bytes nobody changes. */
export const LOAD = 2;
/** What a key is asked for. */
export type KeyMode = typeof FIND | typeof ADD | typeof LOAD;

/** The canonical key of what is equal to nothing. */
export const UNEQUAL: string = "\0NaN";

/** In place of the canonical key of an unhashable value. */
export class Unhashable {
  /** The Python name of the offending value's type. */
  readonly typeName: string;
  constructor(value: unknown) {
    this.typeName = pythonTypeName(value);
  }
}

/** A composite half done: its children, and the text made of the keys of those done. */
interface Composite {
  readonly value: object;
  /** What its text begins with; empty for what only hands on the key of its one child. */
  readonly tag: string;
  readonly children: readonly unknown[];
  readonly parts: string[];
}

/** A longer key stands in a composite's as an id, so that using it again costs little. */
const LONGEST = 128;

let count = 0;
/** A key like no other. */
export const newId = (): string => `\0#${count++}`;

/**
 * The canonical key of a value without parts, else `undefined`: two values are equal in Python if and only if their canonical keys are.
 * It is text, as V8 hashes text with a secret seed, but neither numbers nor digits. A str is its own, all others begin with NUL.
 */
export function simpleKey(value: unknown): string | undefined {
  switch (typeof value) {
    case "string": {
      // Escaped: what looks like other text, and digits, as older V8s hash array indexes without a seed (CVE-2026-21717).
      const first = value.charCodeAt(0);
      return !(first < 58) ? value : value.length <= LONGEST ? "\0s" + value : first === 0 ? undefined : value;
    }
    case "number":
    case "bigint":
    case "boolean": {
      const number = Number(value);
      // Hexadecimal what no double is equal to, as decimal text takes quadratic time.
      return typeof value === "bigint" && BigInt(number) !== value ? "\0x" + value.toString(16) : "\0" + number;
    }
    default:
      return value == null ? "\0" + value : undefined;
  }
}

/** Whether a value's own content (not that of its parts) never changes. */
function isFrozen(value: object): boolean {
  return value instanceof Tuple || pythonTypeName(value) === "frozenset";
}

/**
 * Works out canonical keys, without recursion and each shared part once. Dicts and sets that share an interner share that work; one is
 * made for a load. It holds text, never values.
 */
export class Interner {
  /** Of long keys that are part of others, and of symbols. */
  readonly #ids = new ShardedMap<string | symbol, string>();
  /** Long keys of what does not change, and ids of what is equal to itself only. */
  readonly #seen = new WeakMap<object, string>();

  /** The canonical key of any `value`. Linear in its size the first time. */
  key(value: unknown, mode: KeyMode): string | Unhashable {
    const stack: Composite[] = [];
    // For this call only: of what may change; and of what is under way, as CPython runs into its recursion limit at a cycle.
    const memo = new Map<unknown, string | Unhashable>();
    for (;;) {
      let key = simpleKey(value) ?? memo.get(value) ?? this.#open(value, mode);
      if (typeof key === "object" && "parts" in key) {
        stack.push(key);
        if (!isFrozen(key.value)) memo.set(value, new Unhashable(value));
      } else if (stack.length === 0 || typeof key === "object") return key;
      else stack.at(-1)!.parts.push(key.length > LONGEST ? this.#id(key, "\0$", mode) : key);
      let top = stack.at(-1)!;
      while (top.parts.length === top.children.length) {
        key = this.#close(top, mode);
        memo.set(top.value, key);
        stack.pop();
        if (stack.length === 0) return key;
        top = stack.at(-1)!;
        top.parts.push(key.length > LONGEST ? this.#id(key, "\0$", mode) : key);
      }
      value = top.children[top.parts.length];
    }
  }
}
