import { MemoryView, ByteArray, PyComplex, PyFrozenSet, PyGlobal, PyObject, Tuple } from "brine/core";
import { PyValue } from "brine/types";
import { type Cut, plainName, reprBytes, reprComplex, reprFloat, reprInt, reprString } from "./repr.ts";
import { extensionCode, OutOfBandBuffer, PersistentId } from "./stand-ins.ts";
import { reprStandard } from "./standard-values.ts";
import type { Style } from "./style.ts";

/** Text that stays on one line. */
export interface TextPiece {
  readonly kind: "text";
  readonly text: string;
  readonly style: Style;
}

/** A value of the pickle. */
interface ValuePiece {
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
  /** How many containers what is in it is in. */
  readonly depth: number;
  readonly content: Content;
  /** Whether a single entry is followed by a comma. */
  readonly isTuple?: boolean;
}

type Pairs = Iterable<readonly [unknown, unknown]>;

/** Values, keys with values, attributes with values, or what a call is given. */
type Content =
  | { readonly of: "items"; readonly source: Iterable<unknown> }
  | { readonly of: "pairs" | "attributes"; readonly source: Pairs }
  | { readonly of: "arguments"; readonly source: PyObject; readonly isStarred: boolean };

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
  if (value instanceof PyComplex || value instanceof PyValue) return false;
  return value instanceof PersistentId || !(value instanceof PyGlobal);
}

/** A short tuple or frozenset of atoms, or a plain id: whether two are one makes no difference, so it gets no label. */
export function isTrivial(value: object): boolean {
  if (value instanceof PersistentId) return typeof value.id !== "object" || value.id === null;
  if (value instanceof Tuple) return value.length <= 4 && value.every((part) => !isComposite(part));
  return value instanceof PyFrozenSet && value.size <= 4 && [...value].every((part) => !isComposite(part));
}

const none: Atom = { text: "None", style: "constant", left: 0 };
const booleans: readonly Atom[] = ["False", "True"].map((word) => ({
  text: word,
  style: "constant",
  left: 0,
}));

// Written out: a spread takes some 300 ns.
function styled(style: Style, { text: content, left }: Cut): Atom {
  return { text: content, style, left };
}

function wrapped(name: string, bytes: Uint8Array, limit: number): Atom {
  const { text: content, left } = reprBytes(bytes, limit);
  return { text: `${name}(${content})`, style: "text", left };
}

/** The text of a value that is no container, its length cut to about `limit`. */
export function atomOf(value: unknown, limit: number): Atom | undefined {
  switch (typeof value) {
    case "string":
      return styled("text", reprString(value, limit));
    case "bigint":
      return styled("number", reprInt(value, limit));
    case "number":
      return { text: reprFloat(value), style: "number", left: 0 };
    case "boolean":
      return booleans[Number(value)];
    case "object":
      return value === null ? none : atomOfObject(value, limit);
    default:
      return none;
  }
}

function atomOfObject(value: object, limit: number): Atom | undefined {
  if (value instanceof Uint8Array) {
    if (value instanceof OutOfBandBuffer) return { text: `<buffer ${value.index}>`, style: "name", left: 0 };
    if (value instanceof ByteArray) return wrapped("bytearray", value, limit);
    if (value instanceof MemoryView) return wrapped("memoryview", value, limit);
    return styled("text", reprBytes(value, limit));
  }
  if (value instanceof PyComplex) return { text: reprComplex(value), style: "number", left: 0 };
  if (value instanceof PyValue) return styled("number", reprStandard(value, limit));
  if (value instanceof PyGlobal && !(value instanceof PersistentId)) {
    const name = globalName(value);
    return { text: extensionCode(value) === undefined ? `<global ${name}>` : name, style: "name", left: 0 };
  }
  return undefined;
}

/** The dotted name of a class or function. */
function globalName(global: PyGlobal): string {
  const code = extensionCode(global);
  return code === undefined ? plainName(global.toString()) : `<extension ${code}>`;
}

const identifier = /^[\p{L}_][\p{L}\p{N}_]*$/u;

function item(value: unknown, depth: number): ValuePiece {
  return { kind: "value", value, depth };
}

/** Of so many entries a copy is cheaper than what the iterator of a dict takes, which counts where many are open at a time. */
const FEW = 16;

/** An iterator of a dict's entries or a set's items. */
export function iteratorOf<T>(source: Iterable<T>, size: number): Iterator<T> {
  return (Array.isArray(source) || size > FEW ? source : Array.from(source))[Symbol.iterator]();
}

/** Goes through what is in a group, in order. Of values and pairs; not a generator, as there may be a million at a time. */
class EntryIterator implements Iterator<Entry, undefined> {
  readonly #source: Iterator<unknown>;
  readonly #of: "items" | "pairs" | "attributes";
  readonly #depth: number;

  constructor(
    content: Extract<Content, { of: "items" | "pairs" | "attributes" }>,
    size: number,
    depth: number,
  ) {
    this.#source = iteratorOf<unknown>(content.source, size);
    this.#of = content.of;
    this.#depth = depth;
  }

  next(): IteratorResult<Entry, undefined> {
    const next = this.#source.next();
    if (next.done === true) return { done: true, value: undefined };
    const depth = this.#depth;
    if (this.#of === "items") return { done: false, value: { value: item(next.value, depth) } };
    const [key, value] = next.value as readonly [unknown, unknown];
    const isName = this.#of === "attributes" && typeof key === "string" && identifier.test(key);
    const keyPiece = isName ? text(key, "attribute") : item(key, depth);
    return { done: false, value: { key: keyPiece, separator: ": ", value: item(value, depth) } };
  }
}

function* argumentsOf(
  { args, kwargs }: PyObject,
  isStarred: boolean,
  depth: number,
): Generator<Entry, undefined> {
  if (isStarred) yield { key: text("*"), separator: "", value: item(args, depth) };
  else for (const value of args as readonly unknown[]) yield { value: item(value, depth) };
  for (const [name, value] of kwargs ?? []) {
    yield { key: text(plainName(name), "attribute"), separator: "=", value: item(value, depth) };
  }
}

/** What is in a group, in order. */
export function entriesOf({ content, size, depth }: GroupPiece): Iterator<Entry, undefined> {
  if (content.of === "arguments") return argumentsOf(content.source, content.isStarred, depth);
  return new EntryIterator(content, size, depth);
}

function list(
  open: string,
  source: Iterable<unknown>,
  size: number,
  close: string,
  depth: number,
  isTuple = false,
): GroupPiece {
  return { kind: "group", open, close, size, depth, content: { of: "items", source }, isTuple };
}

function mapping(
  source: Pairs,
  size: number,
  depth: number,
  of: "pairs" | "attributes" = "pairs",
): GroupPiece {
  return { kind: "group", open: "{", close: "}", size, depth, content: { of, source } };
}

type IsShared = (part: object) => boolean;

function callPiece(object: PyObject, depth: number, isShared: IsShared): GroupPiece {
  const { args, kwargs } = object;
  const isStarred = !Array.isArray(args) || isShared(args);
  const size = (isStarred ? 1 : args.length) + (kwargs?.size ?? 0);
  return {
    kind: "group",
    open: "(",
    close: ")",
    size,
    depth,
    content: { of: "arguments", source: object, isStarred },
  };
}

function statePieces(state: unknown, depth: number, isShared: IsShared): Piece[] {
  const parts = state instanceof Tuple && state.length === 2 && !isShared(state) ? [...state] : [state];
  const isDict = (part: unknown): part is Map<unknown, unknown> => part instanceof Map && !isShared(part);
  const dicts = parts.filter(isDict);
  // The second of a pair holds the slots.
  if (dicts.length > 0 && parts.every((part) => part === null || isDict(part))) {
    return dicts.flatMap((dict) => [text(" "), mapping(dict, dict.size, depth, "attributes")]);
  }
  return [text(" state "), item(state, depth)];
}

function objectPieces(object: PyObject, depth: number, isShared: IsShared): Piece[] {
  const { type, state, items, entries } = object;
  const pieces: Piece[] =
    type instanceof PyGlobal && !(type instanceof PersistentId)
      ? [text(globalName(type), "name")]
      : [text("("), item(type, depth), text(")")];
  const call = callPiece(object, depth, isShared);
  const isBare = state === undefined && items.length === 0 && entries.length === 0;
  if (call.size > 0 || isBare) pieces.push(call);
  if (state !== undefined) pieces.push(...statePieces(state, depth, isShared));
  if (items.length > 0) pieces.push(text(" "), list("[", items, items.length, "]", depth));
  if (entries.length > 0) pieces.push(text(" "), mapping(entries, entries.length, depth));
  return pieces;
}

/** Makes the pieces of a value that is no atom, in `depth` containers. `isShared` says which objects have a label of their own. */
export function piecesOf(value: object, depth: number, isShared: IsShared): Piece[] {
  const inner = depth + 1;
  if (value instanceof Tuple) return [list("(", value, value.length, ")", inner, true)];
  if (Array.isArray(value)) return [list("[", value, value.length, "]", inner)];
  if (value instanceof Map) return [mapping(value, value.size, inner)];
  if (value instanceof PyObject) return objectPieces(value, inner, isShared);
  if (value instanceof PersistentId) {
    return [text("<persistent id ", "name"), item(value.id, inner), text(">", "name")];
  }
  if (value instanceof PyFrozenSet) {
    return value.size === 0 ? [text("frozenset()")] : [list("frozenset({", value, value.size, "})", inner)];
  }
  if (value instanceof Set)
    return value.size === 0 ? [text("set()")] : [list("{", value, value.size, "}", inner)];
  return [text(`<${plainName(value.constructor.name)}>`, "name")];
}

/** The most that is said of a value at the depth where the printing ends. */
export function summaryOf(value: object): Piece[] {
  if (value instanceof PersistentId) return [text("<persistent id …>", "name")];
  if (value instanceof PyObject) {
    const name = value.type instanceof PyGlobal ? globalName(value.type) : "(…)";
    return [text(name, "name"), text("("), text("…", "note"), text(")")];
  }
  return piecesOf(value, 0, () => false).map((piece) =>
    piece.kind === "group" ? { ...piece, content: { of: "items", source: [] } } : piece,
  );
}
