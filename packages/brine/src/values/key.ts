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

/**
 * A canonical key: two values are equal in Python if and only if their canonical keys are the same for a `Map`. A number in Python's
 * sense is a scrambled int32, or text; what has no children is text or itself; the rest is text of its children's keys.
 * `undefined` is equal to nothing, not to itself either.
 */
export type CanonicalKey = string | number | symbol | object | undefined;

/** How a key is looked for: the sum of the flags below. */
export type KeyMode = number;
/** Refuse what Python refuses; else an `Array` counts as a tuple and a `Set` as a frozenset. */
const STRICT = 1;
/** Give a new id to what has none; else it is equal to nothing. */
const KEEP = 2;
/** Remember the key of mutable values too: they are keys already, or of a load. */
const TRUST = 4;
/** To look up. */
export const FIND: KeyMode = 0;
/** To add what a user gives. */
export const ADD: KeyMode = STRICT | KEEP;
/** To index what is in already. */
export const LOAD: KeyMode = KEEP | TRUST;

// Text of a derived key begins with NUL and is at most this long; longer ones are interned, so that using a key again costs little.
const LONGEST = 128;

/** Stands for a composite, a long text or an identity: the same object for equal ones of one interner. */
class Interned {
  readonly id: number;
  constructor(id: number) {
    this.id = id;
  }
}

/** What the canonical key of an unhashable value is, where it is asked for. */
export class Unhashable {
  /** The Python name of the offending value's type. */
  readonly typeName: string;
  constructor(typeName: string) {
    this.typeName = typeName;
  }
}

/** What {@link primitiveKey} gives for what needs an {@link Interner}. */
export const OTHER: unique symbol = Symbol("not a primitive with a short key");
const PENDING = Symbol("being worked out");

// V8 hashes numbers without a seed, so whoever knows that could make all of them collide: secret odd factors keep them apart.
const secret = (): number => (Math.random() * 2 ** 32) | 1;
const offset = secret();
const factor = secret();
const factor2 = secret();

/** A secret permutation of the int32s. */
function scramble(value: number): number {
  let mixed = Math.imul(value ^ offset, factor);
  mixed = Math.imul(mixed ^ (mixed >>> 15), factor2);
  return mixed ^ (mixed >>> 14);
}

const double = new Float64Array(1);
const units = new Uint16Array(double.buffer);

function numberKey(value: number): CanonicalKey {
  if ((value | 0) === value) return scramble(value);
  if (value !== value) return undefined;
  double[0] = value;
  return "\0d" + String.fromCharCode(units[0]!, units[1]!, units[2]!, units[3]!);
}

/** The canonical key of a primitive, `OTHER` for an object and a huge int. */
export function primitiveKey(value: unknown): CanonicalKey {
  switch (typeof value) {
    case "string": {
      const first = value.charCodeAt(0);
      // Escaped: what looks like a derived key; digits, as older V8s hash array indexes in text without a seed (CVE-2026-21717).
      return (first === 0 && value.length <= LONGEST) || (first < 58 && first > 47 && value.length < 11)
        ? "\0s" + value
        : value;
    }
    case "number":
      return numberKey(value);
    case "bigint": {
      const number = Number(value);
      // Exact in a double: that is its key, as Python's 2**60 == 2.0**60.
      if ((number | 0) === number || (Number.isFinite(number) && BigInt(number) === value))
        return numberKey(number);
      // Hexadecimal, as decimal text takes quadratic time; not the bigint, as V8 hashes only its lowest digit.
      return Math.abs(number) < 2 ** 480 ? "\0x" + value.toString(16) : OTHER;
    }
    case "boolean":
      return scramble(value ? 1 : 0);
    case "symbol":
      return value;
    case "undefined":
      return "\0u";
    default:
      return value === null ? "\0n" : OTHER;
  }
}

/** A composite half done. */
class Frame {
  readonly value: object;
  /** What its text begins with; empty for what only hands on the key of its one child. */
  readonly tag: string;
  readonly children: readonly unknown[];
  /** Of each child done its part of the text (for an empty tag, its key), `undefined` if it is equal to nothing. */
  readonly parts: CanonicalKey[] = [];

  constructor(value: object, tag: string, children: readonly unknown[]) {
    this.value = value;
    this.tag = tag;
    this.children = children;
  }
}

/**
 * Works out canonical keys of composites (tuples, frozensets, value classes) and of long texts, without recursion and each shared
 * part once. Dicts and sets that share an interner share that work; one is made for a load. It holds text, never values.
 */
export class Interner {
  #count = 0;
  /** By derived text, and by long string or symbol: apart, so that no string need be copied to be told from derived text. */
  readonly #ids: Record<"derived" | "given", ShardedMap<string | symbol, Interned> | undefined> = {
    derived: undefined,
    given: undefined,
  };
  /** By object: composites, long bytes, and identities. */
  #seen: WeakMap<object, Interned> | undefined;

  /** The canonical key of `value`, or an {@link Unhashable}. Linear in its size the first time. */
  key(value: unknown, mode: KeyMode): CanonicalKey {
    const stack: Frame[] = [];
    // What is being worked out, and keys that hold for this call only, as the values may change.
    let memo: Map<unknown, CanonicalKey> | undefined;
    let frame: Frame | undefined;
    for (;;) {
      let key: CanonicalKey = memo?.get(value) ?? primitiveKey(value);
      if (key === OTHER) key = this.#open(value as object | bigint, mode);
      // CPython runs into its recursion limit at a cycle.
      else if (key === PENDING) key = refusal(value, mode);
      if (key instanceof Frame) {
        if (frame !== undefined) {
          stack.push(frame);
          if (!isImmutable(frame.value)) (memo ??= new Map()).set(frame.value, PENDING);
        }
        frame = key;
      } else if (frame === undefined || key instanceof Unhashable) return key;
      else frame.parts.push(this.#part(frame, key, mode));
      while (frame.parts.length === frame.children.length) {
        key = this.#close(frame, mode);
        memo?.set(frame.value, key);
        frame = stack.pop();
        if (frame === undefined || (key === undefined && mode === FIND)) return key;
        frame.parts.push(this.#part(frame, key, mode));
      }
      value = frame.children[frame.parts.length];
    }
  }

  /** The key of what is no short primitive, or a frame to work it out. */
  #open(value: object | bigint, mode: KeyMode): CanonicalKey {
    if (typeof value === "bigint") return this.#intern("\0x" + value.toString(16), mode);
    if (typeof value === "function") return value;
    const hook = (value as { [pythonKey]?: () => unknown })[pythonKey];
    const immutable = isImmutable(value);
    if (typeof hook === "function") {
      const standIn = hook.call(value);
      if (standIn === value) return value;
      if (Array.isArray(standIn) && !(standIn instanceof Tuple)) return new Frame(value, "\0h", standIn);
      if (standIn !== undefined) return new Frame(value, "", [standIn]);
    } else if (value instanceof Uint8Array || immutable || !(mode & STRICT)) {
      const seen = immutable || mode & TRUST ? this.#seen?.get(value) : undefined;
      if (Array.isArray(value)) return seen ?? new Frame(value, "\0t", value);
      if (value instanceof Set) return seen ?? new Frame(value, "\0f", [...(value as Set<unknown>)]);
      if (value instanceof Uint8Array) {
        return seen ?? this.#intern("\0b" + decodeLatin1(value, 0, value.length), mode, value);
      }
    }
    const name = pythonTypeName(value);
    return hook === undefined && name !== "list" && name !== "dict" && name !== "set"
      ? value
      : refusal(value, mode);
  }

  /** A key as part of a composite's text, in a form that says where it ends; `undefined` if it is equal to nothing. */
  #part(frame: Frame, key: CanonicalKey, mode: KeyMode): CanonicalKey {
    if (frame.tag === "" || key === undefined) return key;
    if (typeof key === "number") return "i" + String.fromCharCode(key >>> 16, key & 0xffff);
    if (typeof key === "string" && key.length <= LONGEST + 2)
      return "s" + String.fromCharCode(key.length) + key;
    const interned =
      typeof key === "string" || typeof key === "symbol"
        ? this.#id("given", key, mode)
        : key instanceof Interned
          ? key
          : (this.#seen?.get(key) ?? this.#remember(key, mode | TRUST));
    return interned && `#${interned.id};`;
  }

  /** The key of a frame that has all its children's. */
  #close({ value, tag, parts }: Frame, mode: KeyMode): CanonicalKey {
    if (tag === "") return parts[0];
    // What has a child that is equal to nothing is equal to itself only.
    if (parts.includes(undefined)) return this.#remember(value, mode);
    const texts = parts as string[];
    if (tag === "\0f") texts.sort();
    return this.#intern(tag + texts.join(""), mode, value);
  }

  /** A derived text as a key: itself if it is short. */
  #intern(text: string, mode: KeyMode, value?: object): CanonicalKey {
    if (text.length <= LONGEST) return text;
    const interned = this.#id("derived", text, mode);
    return interned && value ? this.#remember(value, mode, interned) : interned;
  }

  /** The id of a text, a new one if need be and the mode allows. */
  #id(kind: "derived" | "given", text: string | symbol, mode: KeyMode): Interned | undefined {
    const ids = (this.#ids[kind] ??= new ShardedMap());
    let interned = ids.get(text);
    if (interned === undefined && mode & KEEP) ids.add(text, (interned = new Interned(this.#count++)));
    return interned;
  }

  /** Gives an object its id, a new one if need be and the mode allows; kept if its content cannot change, or is trusted not to. */
  #remember(value: object, mode: KeyMode, interned?: Interned): Interned | undefined {
    if (interned === undefined && mode & KEEP) interned = new Interned(this.#count++);
    if (interned !== undefined && (mode & TRUST || isImmutable(value))) {
      (this.#seen ??= new WeakMap()).set(value, interned);
    }
    return interned;
  }
}

/** What stands for the key of an unhashable value: to be refused, to be taken as it is (it is in already), or equal to nothing. */
function refusal(value: unknown, mode: KeyMode): CanonicalKey {
  return mode & STRICT ? new Unhashable(pythonTypeName(value)) : mode & KEEP ? (value as object) : undefined;
}

/** One for a load, for all its dicts and sets. */
export function newInterner(): Interner {
  return new Interner();
}

/** Whether a value's own content (not that of its parts) never changes. */
function isImmutable(value: object): boolean {
  return value instanceof Tuple || (value instanceof Set && pythonTypeName(value) === "frozenset");
}

/**
 * The Python name of the type that makes `value` no key: `"list"`, `"dict"`, `"set"`, `"bytearray"`, …, also of one deep inside a
 * tuple; `undefined` if `value` is hashable. Linear in its size, and once only for shared parts of one interner.
 */
export function unhashableType(value: unknown, interner?: Interner): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof Tuple && value.length < 9) {
    // The usual key needs no look at its content.
    let index = 0;
    while (index < value.length && (typeof value[index] !== "object" || value[index] === null)) index++;
    if (index === value.length) return undefined;
  }
  const key = (interner ?? new Interner()).key(value, STRICT | KEEP | TRUST);
  return key instanceof Unhashable ? key.typeName : undefined;
}
