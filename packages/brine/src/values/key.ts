import { decodeLatin1 } from "../bytes/utf8.ts";
import { pythonTypeName } from "./python-type.ts";
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

/** How a key is asked for: one of the three below. */
export type KeyMode = 0 | 1 | 2;
/** To look up: an `Array` counts as a tuple and a `Set` as a frozenset, and nothing is kept of what is not there. */
export const FIND = 0;
/** To add what a user gives. */
export const ADD = 1;
/** To index what was loaded, whose bytes do not change. */
export const LOAD = 2;

/** The canonical key of what is equal to nothing. */
export const UNEQUAL = "\0NaN";

/** In place of the canonical key of an unhashable value: the Python name of the offending type. */
interface Unhashable {
  readonly typeName: string;
}

/** Two of text are the same if and only if the values are equal in Python. */
export type CanonicalKey = string | Unhashable;

/** A composite half done. */
interface Composite {
  readonly value: unknown;
  /** What its text begins with; empty for what only hands on the key of its one child. */
  readonly tag: string;
  readonly children: readonly unknown[];
  /** The keys of the children done. */
  readonly parts: string[];
}

/** What gives ids; a `WeakMap` for objects. */
interface Ids<T> {
  get(thing: T): string | undefined;
  set(thing: T, id: string): unknown;
}

/** In a composite's key an id takes the place of a longer part, so that using that again costs little. */
const LONGEST = 128;

let idCount = 0;
/** A canonical key like no other. */
export function newId(): string {
  return `\0#${idCount++}`;
}

/**
 * The canonical key of a value without parts, `undefined` for any other: two values are equal in Python if and only if their canonical
 * keys are. It is text, for V8 hashes text with a seed, but neither numbers nor digits. Only a str is its own, the rest begins with NUL.
 */
export function simpleKey(value: unknown): string | undefined {
  if (typeof value === "string") {
    const first = value.charCodeAt(0);
    if (!(first < 58)) return value;
    // What begins with NUL is escaped; so are digits, as older V8s hash array indexes without a seed (CVE-2026-21717).
    return value.length <= LONGEST ? "\0s" + value : first > 0 ? value : undefined;
  }
  if (value == null) return `\0${String(value)}`;
  if (typeof value !== "number" && typeof value !== "bigint" && typeof value !== "boolean") return undefined;
  const number = Number(value);
  // Hexadecimal if no float is equal to it, as decimal text takes quadratic time.
  // oxlint-disable-next-line eqeqeq -- exact, between the two kinds of numbers
  return typeof value === "bigint" && number != (value as unknown)
    ? "\0x" + value.toString(16)
    : `\0${number}`;
}

function idIn<T>(ids: Ids<T>, thing: T, mode: KeyMode): string {
  let id = ids.get(thing);
  if (id === undefined) {
    if (mode === FIND) return UNEQUAL;
    ids.set(thing, (id = newId()));
  }
  return id;
}

// Of a memoryview Python asks the bytearray beneath.
const unhashable = (value: unknown): Unhashable => ({
  typeName: pythonTypeName(value).replace("memoryview", "bytearray"),
});

/**
 * Works out canonical keys without recursion, and of each shared part once. Dicts and sets that share an interner share that work; one
 * is made for a load. It holds text, never values.
 */
export class Interner {
  /** Of long keys that are part of others. */
  readonly #parts = new Map<string, string>();
  /** Of symbols, and of text too long to be escaped. */
  readonly #atoms = new Map<string | symbol, string>();
  /** Of objects equal to themselves only; and the long keys of others, once loaded. */
  readonly #objects = new WeakMap<object, string>();

  /** The canonical key of any value. Linear in its size the first time. */
  key(value: unknown, mode: KeyMode): CanonicalKey {
    const stack: Composite[] = [];
    // For this call only, as values may change. Unhashable until it is known: CPython comes to no end of a cycle either.
    const memo = new Map<unknown, CanonicalKey>();
    for (;;) {
      let key = simpleKey(value) ?? memo.get(value) ?? this.#open(value, mode);
      for (;;) {
        let top = stack.at(-1);
        if (typeof key === "string") {
          if (top === undefined) return key;
          top.parts.push(top.tag && key.length > LONGEST ? idIn(this.#parts, key, mode) : key);
        } else if ("typeName" in key) {
          return key;
        } else {
          stack.push((top = key));
          memo.set(key.value, unhashable(key.value));
        }
        const { tag, children, parts } = top;
        value = children[parts.length];
        if (parts.length < children.length) break;
        stack.pop();
        if (tag === "\0f") parts.sort();
        key = tag ? tag + parts.map((part) => part.length + part).join("") : parts[0]!;
        // In Python too, a tuple that has NaN in it is equal to itself only.
        if (parts.includes(UNEQUAL))
          key = mode === FIND ? UNEQUAL : idIn(this.#objects, top.value as object, mode);
        memo.set(top.value, key);
        // Spares the next use of something large all work.
        if (mode === LOAD && key.length > LONGEST) this.#objects.set(top.value as object, key);
      }
    }
  }

  #open(value: unknown, mode: KeyMode): CanonicalKey | Composite {
    if (typeof value === "string" || typeof value === "symbol") return idIn(this.#atoms, value, mode);
    const object = value as { readonly [pythonKey]?: () => unknown };
    const kept = this.#objects.get(object);
    const isBytes = value instanceof Uint8Array;
    if (kept !== undefined && (mode === LOAD || !isBytes)) return kept;
    const name = pythonTypeName(value);
    const composite = (tag: string, children: readonly unknown[]): Composite => ({
      value,
      tag,
      children,
      parts: [],
    });
    if (object[pythonKey] !== undefined) {
      const equal = object[pythonKey]();
      if (equal === undefined) return unhashable(value);
      if (equal !== value) {
        return Array.isArray(equal) && !(equal instanceof Tuple)
          ? composite("\0h", equal)
          : composite("", [equal]);
      }
    } else {
      if (Array.isArray(value) && (mode === FIND || value instanceof Tuple)) return composite("\0t", value);
      if (value instanceof Set && (mode === FIND || name === "frozenset"))
        return composite("\0f", [...(value as Set<unknown>)]);
      if (/^(list|dict|set|bytearray)$/.test(name)) return unhashable(value);
      if (isBytes) return composite("\0b" + decodeLatin1(value, 0, value.length), []);
    }
    return idIn(this.#objects, object, mode);
  }
}

const isAtom = (value: unknown): boolean => typeof value !== "object" || value === null;

/** One for a load, for all its dicts and sets. */
export function newInterner(): Interner {
  return new Interner();
}

/**
 * The Python name of the type that makes `value` no key: `"list"`, `"dict"`, `"set"`, `"bytearray"`, …, also of one deep inside a
 * tuple; `undefined` if `value` is hashable. Linear in its size, and once only for shared parts of one interner.
 */
export function unhashableType(value: unknown, interner: Interner = newInterner()): string | undefined {
  // The usual key needs no look at its parts.
  if (isAtom(value) || (value instanceof Tuple && value.length < 9 && value.every(isAtom))) return undefined;
  const key = interner.key(value, LOAD);
  return typeof key === "string" ? undefined : key.typeName;
}
