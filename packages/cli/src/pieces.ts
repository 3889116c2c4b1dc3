import { MemoryView, ByteArray, PyComplex, PyFrozenSet, PyGlobal, PyObject, Tuple } from "brine/core";
import { plainName, reprBytes, reprComplex, reprFloat, reprInt, reprString } from "./repr.ts";
import { extensionCode, OutOfBandBuffer, PersistentId } from "./stand-ins.ts";
import type { Style } from "./style.ts";

/** Text that stays on one line. */
export interface TextPiece {
  readonly kind: "text";
  readonly text: string;
  readonly style: Style;
}

/** A value of the pickle. */
export interface ValuePiece {
  readonly kind: "value";
  readonly value: unknown;
  /** How many containers it is in. */
  readonly depth: number;
}

/** Something between brackets. */
export interface GroupPiece {
  readonly kind: "group";
  readonly open: string;
  readonly close: string;
  /** What is in it in all. */
  readonly size: number;
  readonly entries: () => Iterator<Entry>;
  /** Whether a single entry is followed by a comma. */
  readonly isTuple?: boolean;
  /** Whether values may stand in columns, or else be aligned behind their keys. */
  readonly layout: "columns" | "aligned" | "plain";
}

export type Piece = TextPiece | ValuePiece | GroupPiece;

/** What stands between two commas. */
export interface Entry {
  readonly key?: Piece;
  readonly separator?: string;
  readonly value: Piece;
}

/** Something that is no container, as text. */
export interface Atom {
  readonly text: string;
  readonly style: Style;
  /** How much of it was left out. */
  readonly left: number;
}

export function text(content: string, style: Style = "plain"): TextPiece {
  return { kind: "text", text: content, style };
}

/** Whether a value is changed in place, or holds others, so that it matters whether two are one. */
export function isComposite(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof Uint8Array) return value instanceof ByteArray;
  return value instanceof PersistentId || !(value instanceof PyGlobal || value instanceof PyComplex);
}

/** A short tuple or frozenset of atoms, or a plain id: whether two are one makes no difference, so it gets no label. */
export function isTrivial(value: object): boolean {
  if (value instanceof PersistentId) return !isComposite(value.id) || isTrivial(value.id);
  if (value instanceof Tuple) return value.length <= 4 && value.every((item) => !isComposite(item));
  return value instanceof PyFrozenSet && value.size <= 4 && [...value].every((item) => !isComposite(item));
}

function wrapped(before: string, { text: inner, left }: { text: string; left: number }, after: string): Atom {
  return { text: before + inner + after, style: "text", left };
}

/** The text of a value that is no container, its length cut to about `limit`. */
export function atomOf(value: unknown, limit: number): Atom | undefined {
  switch (typeof value) {
    case "string":
      return { ...reprString(value, limit), style: "text" };
    case "bigint":
      return { ...reprInt(value, limit), style: "number" };
    case "number":
      return { text: reprFloat(value), style: "number", left: 0 };
    case "boolean":
      return { text: value ? "True" : "False", style: "constant", left: 0 };
    case "object":
      break;
    default:
      return { text: "None", style: "constant", left: 0 };
  }
  if (value === null) return { text: "None", style: "constant", left: 0 };
  if (value instanceof Uint8Array) {
    if (value instanceof OutOfBandBuffer) return { text: `<buffer ${value.index}>`, style: "name", left: 0 };
    if (value instanceof ByteArray) return wrapped("bytearray(", reprBytes(value, limit), ")");
    if (value instanceof MemoryView) return wrapped("memoryview(", reprBytes(value, limit), ")");
    return { ...reprBytes(value, limit), style: "text" };
  }
  if (value instanceof PyComplex) return { text: reprComplex(value), style: "number", left: 0 };
  if (value instanceof PyGlobal && !(value instanceof PersistentId)) {
    const code = extensionCode(value);
    return { text: code === undefined ? `<global ${globalName(value)}>` : globalName(value), style: "name", left: 0 };
  }
  return undefined;
}

/** The dotted name of a class or function. */
export function globalName(global: PyGlobal): string {
  const code = extensionCode(global);
  return code === undefined ? plainName(global.toString()) : `<extension ${code}>`;
}

const identifier = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** Makes the pieces of a value that is no atom. `isShared` says which objects have a label of their own. */
export function piecesOf(value: object, depth: number, isShared: (part: object) => boolean): Piece[] {
  const inner = depth + 1;
  const item = (content: unknown): ValuePiece => ({ kind: "value", value: content, depth: inner });

  function* items(source: Iterable<unknown>): Generator<Entry, undefined> {
    for (const content of source) yield { value: item(content) };
  }
  function* pairs(source: Iterable<readonly [unknown, unknown]>): Generator<Entry, undefined> {
    for (const [key, content] of source) yield { key: item(key), separator: ": ", value: item(content) };
  }
  function* attributes(source: Iterable<readonly [unknown, unknown]>): Generator<Entry, undefined> {
    for (const [key, content] of source) {
      const isName = typeof key === "string" && identifier.test(key);
      yield { key: isName ? text(key, "attribute") : item(key), separator: ": ", value: item(content) };
    }
  }
  function* callArguments(args: readonly unknown[], kwargs: Map<string, unknown> | undefined): Generator<Entry, undefined> {
    yield* items(args);
    for (const [name, content] of kwargs ?? []) {
      yield { key: text(plainName(name), "attribute"), separator: "=", value: item(content) };
    }
  }
  const list = (open: string, source: Iterable<unknown>, size: number, close: string): GroupPiece => ({
    kind: "group",
    open,
    close,
    size,
    entries: () => items(source),
    layout: "columns",
  });
  const mapping = (source: Iterable<readonly [unknown, unknown]>, size: number, entries = pairs): GroupPiece => ({
    kind: "group",
    open: "{",
    close: "}",
    size,
    entries: () => entries(source),
    layout: "aligned",
  });
  const call = ({ args, kwargs }: PyObject): GroupPiece => {
    const isStarred = !Array.isArray(args) || isShared(args);
    const positional: unknown[] = isStarred ? [] : args;
    const starred: Entry[] = isStarred ? [{ key: text("*"), separator: "", value: item(args) }] : [];
    return {
      kind: "group",
      open: "(",
      close: ")",
      size: positional.length + starred.length + (kwargs?.size ?? 0),
      entries: function* () {
        yield* starred;
        yield* callArguments(positional, kwargs);
        return undefined;
      },
      layout: "plain",
    };
  };
  const statePieces = (state: unknown): Piece[] => {
    const parts = state instanceof Tuple && state.length === 2 && !isShared(state) ? [...state] : [state];
    const dicts = parts.filter((part) => part instanceof Map && !isShared(part)) as Map<unknown, unknown>[];
    // The second of a pair holds the slots.
    if (dicts.length > 0 && parts.every((part) => dicts.includes(part as Map<unknown, unknown>) || part === null)) {
      return dicts.flatMap((dict) => [text(" "), mapping(dict, dict.size, attributes)]);
    }
    return [text(" state "), item(state)];
  };
  const objectPieces = (object: PyObject): Piece[] => {
    const { type, state } = object;
    const pieces: Piece[] = [];
    if (type instanceof PyGlobal && !(type instanceof PersistentId)) pieces.push(text(globalName(type), "name"));
    else pieces.push(text("("), item(type), text(")"));
    const group = call(object);
    const isBare = state === undefined && object.items.length === 0 && object.entries.length === 0;
    if (group.size > 0 || isBare) pieces.push(group);
    if (state !== undefined) pieces.push(...statePieces(state));
    if (object.items.length > 0) pieces.push(text(" "), list("[", object.items, object.items.length, "]"));
    if (object.entries.length > 0) pieces.push(text(" "), mapping(object.entries, object.entries.length));
    return pieces;
  };

  if (value instanceof PyObject) return objectPieces(value);
  if (value instanceof PersistentId) {
    return [text("<persistent id ", "name"), item(value.id), text(">", "name")];
  }
  if (value instanceof Tuple) return [{ ...list("(", value, value.length, ")"), isTuple: true }];
  if (Array.isArray(value)) return [list("[", value, value.length, "]")];
  if (value instanceof Map) return [mapping(value, value.size)];
  if (value instanceof PyFrozenSet) {
    return value.size === 0 ? [text("frozenset()")] : [list("frozenset({", value, value.size, "})")];
  }
  if (value instanceof Set) return value.size === 0 ? [text("set()")] : [list("{", value, value.size, "}")];
  return [text(`<${plainName(value.constructor.name)}>`, "name")];
}

/** The most that is said of a value at the depth where the printing ends. */
export function summaryOf(value: object): Piece[] {
  if (value instanceof PersistentId) return [text("<persistent id …>", "name")];
  if (value instanceof PyObject) {
    const name = value.type instanceof PyGlobal ? globalName(value.type) : "(…)";
    return [text(name, "name"), text("("), text("…", "note"), text(")")];
  }
  return piecesOf(value, 0, () => false).map((piece) => (piece.kind === "group" ? { ...piece, entries: () => [][Symbol.iterator]() } : piece));
}
