import { ByteArray, MemoryView, PyComplex, PyFrozenSet, PyGlobal, PyObject, Tuple } from "brine/core";
import { PyValue } from "brine/types";
import { IdentityMap } from "./identity.ts";
import { extensionCode, OutOfBandBuffer, PersistentId } from "./stand-ins.ts";

/** A JSON array. Its items are values of the pickle, or shapes. */
export class ArrayShape {
  readonly items: Iterable<unknown>;

  constructor(items: Iterable<unknown>) {
    this.items = items;
  }
}

/** A JSON object. Its values are values of the pickle, or shapes. */
export class ObjectShape {
  readonly members: Iterable<readonly [string, unknown]>;

  constructor(members: Iterable<readonly [string, unknown]>) {
    this.members = members;
  }
}

/** Bytes as a string of base64. */
export class Base64 {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** How to write what JSON has no value for. */
export interface ShapeOptions {
  /** Whether to keep tuple, set, frozenset and bytearray apart from list and bytes. */
  readonly tagged: boolean;
  readonly nan: "tag" | "null" | "string";
}

function tag(name: string, content: unknown): ObjectShape {
  return new ObjectShape([[name, content]]);
}

/** A name that no tag can be. */
function escapeKey(key: string): string {
  return key.startsWith("$") ? `$${key}` : key;
}

function hasStringKeys(dict: ReadonlyMap<unknown, unknown>): dict is ReadonlyMap<string, unknown> {
  for (const key of dict.keys()) if (typeof key !== "string") return false;
  return true;
}

// A copy of a small dict is cheaper than its iterators, which counts where many are open at a time.
const FEW = 16;

function mapped<T, U>(source: Iterable<T>, size: number, map: (entry: T) => U): Iterable<U> {
  return size <= FEW ? Array.from(source, map) : mapLazily(source, map);
}

function* mapLazily<T, U>(source: Iterable<T>, map: (entry: T) => U): Generator<U> {
  for (const entry of source) yield map(entry);
}

function member([key, value]: readonly [string, unknown]): readonly [string, unknown] {
  return [escapeKey(key), value];
}

function pair(entry: readonly [unknown, unknown]): ArrayShape {
  return new ArrayShape(entry);
}

/** The Python name of a float that JSON has no number for. */
function nameOfNonFinite(value: number): string {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/** Says what a value of the pickle is in JSON. One serves for one pickle, however often it is gone through. */
export class Shaper {
  readonly #options: ShapeOptions;
  // A dict of attributes is written as members of its object. If several objects share it, of the first one only.
  readonly #owners = new IdentityMap<object>();

  constructor(options: ShapeOptions) {
    this.#options = options;
  }

  /** A shape, or what is no container: `null`, boolean, number, bigint, string, `Base64`. */
  shape(value: unknown): unknown {
    if (typeof value === "number" && !Number.isFinite(value)) return this.#nonFinite(value);
    if (typeof value !== "object" || value === null) return value ?? null;
    const { tagged } = this.#options;
    if (value instanceof Tuple) return tagged ? tag("$tuple", new ArrayShape(value)) : new ArrayShape(value);
    if (Array.isArray(value)) return new ArrayShape(value as unknown[]);
    if (value instanceof Map) return this.#dict(value as ReadonlyMap<unknown, unknown>);
    if (value instanceof Set) {
      const items = new ArrayShape(value as Set<unknown>);
      return tagged ? tag(value instanceof PyFrozenSet ? "$frozenset" : "$set", items) : items;
    }
    if (value instanceof Uint8Array) return this.#bytes(value);
    if (value instanceof PyComplex) return tag("$complex", new ArrayShape([value.real, value.imag]));
    if (value instanceof PyValue) return this.#text(value);
    if (value instanceof PyGlobal) return globalShape(value);
    if (value instanceof PyObject) return new ObjectShape(this.#object(value));
    return value;
  }

  #nonFinite(value: number): unknown {
    const name = nameOfNonFinite(value);
    switch (this.#options.nan) {
      case "null":
        return null;
      case "string":
        return name;
      case "tag":
        return tag("$float", name);
    }
  }

  #bytes(value: Uint8Array): ObjectShape {
    if (value instanceof OutOfBandBuffer) return tag("$buffer", BigInt(value.index));
    const { tagged } = this.#options;
    const name = !tagged
      ? "$bytes"
      : value instanceof ByteArray
        ? "$bytearray"
        : value instanceof MemoryView
          ? "$memoryview"
          : "$bytes";
    return tag(name, new Base64(value));
  }

  #text(value: PyValue): unknown {
    const text = value.toJSON();
    if (!this.#options.tagged) return text;
    return new ObjectShape([
      ["$type", String(value.type)],
      ["$value", text],
    ]);
  }

  #dict(dict: ReadonlyMap<unknown, unknown>): ObjectShape {
    return hasStringKeys(dict)
      ? new ObjectShape(mapped(dict, dict.size, member))
      : tag("$dict", new ArrayShape(mapped(dict, dict.size, pair)));
  }

  /** Entries that were set one by one: a key may come twice. */
  #entries(entries: readonly (readonly [unknown, unknown])[]): ObjectShape {
    const keys = new Set<unknown>();
    for (const [key] of entries) if (typeof key === "string") keys.add(key);
    return keys.size === entries.length
      ? new ObjectShape(mapped(entries as readonly (readonly [string, unknown])[], keys.size, member))
      : tag("$dict", new ArrayShape(mapped(entries, entries.length, pair)));
  }

  /** The dicts of attributes, if the state is one, or the pair of a class with slots. */
  #attributes(object: PyObject): ReadonlyMap<string, unknown>[] | undefined {
    const { state } = object;
    const parts: unknown[] = state instanceof Tuple && state.length === 2 ? [...state] : [state];
    const dicts: ReadonlyMap<string, unknown>[] = [];
    for (const part of parts) {
      if (part === null && parts.length === 2) continue;
      if (!(part instanceof Map) || !hasStringKeys(part)) return undefined;
      const owner = this.#owners.get(part);
      if (owner === undefined) this.#owners.set(part, object);
      else if (owner !== object) return undefined;
      dicts.push(part);
    }
    const [first, second] = dicts;
    if (first !== undefined && second !== undefined) {
      if (first === second) return undefined;
      for (const name of second.keys()) if (first.has(name)) return undefined;
    }
    return dicts;
  }

  *#object(object: PyObject): Generator<readonly [string, unknown]> {
    const { type, args, kwargs, state, items, entries } = object;
    yield ["$type", type instanceof PyGlobal && isNamed(type) ? type.toString() : type];
    if (!Array.isArray(args) || args.length > 0) yield ["$args", args];
    if (kwargs !== undefined && kwargs.size > 0) yield ["$kwargs", kwargs];
    if (items.length > 0) yield ["$items", new ArrayShape(items)];
    if (entries.length > 0) yield ["$entries", this.#entries(entries)];
    if (state === undefined) return;
    const attributes = this.#attributes(object);
    if (attributes === undefined) yield ["$state", state];
    else for (const dict of attributes) yield* mapped(dict, dict.size, member);
  }
}

function isNamed(global: PyGlobal): boolean {
  return !(global instanceof PersistentId) && extensionCode(global) === undefined;
}

function globalShape(global: PyGlobal): ObjectShape {
  if (global instanceof PersistentId) return tag("$persistent", global.id);
  const code = extensionCode(global);
  return code === undefined ? tag("$global", global.toString()) : tag("$extension", BigInt(code));
}
