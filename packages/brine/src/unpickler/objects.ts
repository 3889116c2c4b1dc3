import { PyObject } from "../values/py-object.ts";
import type { State } from "./state.ts";
import { failure } from "../bytes/failure.ts";
import { unsupported } from "./failures.ts";
import { entriesOf, isMapping } from "../values/attributes.ts";
import { PyGlobal } from "../values/py-global.ts";
import { pythonTypeName } from "../values/python-type.ts";
import { PyDict } from "../values/py-dict.ts";
import { extendContainer } from "./containers.ts";
import { Tuple } from "../values/tuple.ts";
import { type ConstructionKind, type TypeDefinitionParts, TypeRegistry } from "../types/registry.ts";
import { DICT, kindNames, LIST, NO_KIND, SET, TUPLE, UNHASHABLE_TUPLE } from "./kinds.ts";

/** Whether a plain value is one that its kind speaks of. */
const hasKind = (value: unknown): boolean =>
  Array.isArray(value) || value instanceof Set || value instanceof Uint8Array;

/** Name of the Python type of the value at `at`. */
export function typeNameAt({ exact, stack, kinds }: State, at: number): string {
  const value = stack[at];
  const kind = kinds[at] as number;
  if (!exact && Number.isInteger(value)) return "int";
  if (exact || kind === NO_KIND || !hasKind(value)) return pythonTypeName(value);
  return kind === UNHASHABLE_TUPLE ? "tuple" : (kindNames[kind] as string);
}

function isTupleAt({ exact, stack, kinds }: State, at: number): boolean {
  const value = stack[at];
  if (exact || value instanceof Tuple) return value instanceof Tuple;
  return Array.isArray(value) && (kinds[at] as number) >= UNHASHABLE_TUPLE && (kinds[at] as number) <= TUPLE;
}

const isDict = (value: unknown, exact: boolean): boolean =>
  exact ? value instanceof PyDict : isMapping(value);

/** Puts what `type(*args, **kwargs)` would make in Python on the stack at `at`, calling nothing. */
export function construct(
  state: State,
  how: ConstructionKind | "getattr",
  type: unknown,
  args: readonly unknown[],
  kwargs: Map<string, unknown> | undefined,
  at: number,
): void {
  const { exact } = state;
  let value: unknown;
  let kind = NO_KIND;
  state.spend(160);
  const isGlobal = type instanceof PyGlobal;
  const parts = (isGlobal ? state.definition(type) : state.settings.types.of(type))?.parts;
  const make: TypeDefinitionParts["call"] = isGlobal ? parts?.construct : parts?.call;
  if (make !== undefined) {
    value = make({ how: how === "getattr" ? "reduce" : how, type, args, kwargs, exact, definitions: state });
    kind = kindNames.indexOf(parts?.result ?? "");
  } else if (!(isGlobal || type instanceof PyObject || typeof type === "function")) {
    throw failure("invalid-arguments", `'${typeNameAt(state, at)}' object is not callable`, "TypeError");
  }
  state.stack[at] = value ?? new PyObject(type, args, { kwargs, how, plain: !exact });
  state.kinds[at] = kind;
}

const isGetattr = (type: unknown): boolean =>
  type instanceof PyGlobal && type.name === "getattr" && /^(__builtin__|builtins)$/.test(type.module);

/** REDUCE. Source: `Modules/_pickle.c`, `load_reduce`. */
export function reduce(state: State, at: number): void {
  const { stack, memo, memoLength } = state;
  if (!isTupleAt(state, at + 1))
    throw failure("invalid-arguments", "argument list must be a tuple", "TypeError");
  const args = stack[at + 1] as readonly unknown[];
  const type = stack[at];
  // Below protocol 4 CPython writes a nested class by getattr, with no memo slot for the arguments.
  construct(
    state,
    isGetattr(type) && memo[memoLength - 1] !== args ? "getattr" : "reduce",
    type,
    args,
    undefined,
    at,
  );
}

/** NEWOBJ, and NEWOBJ_EX with keywords. Source: `load_newobj`. */
export function newObject(state: State, at: number, withKeywords: boolean): void {
  const { stack, exact, settings } = state;
  const type = stack[at];
  const keywords = stack[at + 2];
  // A call may have made a class (cloudpickle's do); without adapters what it gives is an instance, as for the C code.
  const isMade = type instanceof PyObject && settings.types !== TypeRegistry.empty;
  if (!(type instanceof PyGlobal || typeof type === "function" || isMade)) {
    throw wrongArgument(state, withKeywords, "class argument must be a type", at);
  }
  if (!isTupleAt(state, at + 1))
    throw wrongArgument(state, withKeywords, "args argument must be a tuple", at + 1);
  let kwargs: Map<string, unknown> | undefined;
  if (withKeywords) {
    if (!isDict(keywords, exact)) throw wrongArgument(state, true, "kwargs argument must be a dict", at + 2);
    // A copy, as Python's call makes one: the dict may change yet.
    kwargs = new Map(entriesOf(keywords) as [string, unknown][]);
    for (const key of kwargs.keys()) {
      if (typeof key !== "string")
        throw failure("invalid-arguments", "keywords must be strings", "TypeError");
    }
  }
  const args = stack[at + 1] as readonly unknown[];
  construct(state, withKeywords ? "newobj_ex" : "newobj", type, args, kwargs, at);
}

function wrongArgument(state: State, withKeywords: boolean, what: string, at: number): Error {
  const name = withKeywords ? "NEWOBJ_EX" : "NEWOBJ";
  return failure("invalid-arguments", `${name} ${what}, not ${typeNameAt(state, at)}`);
}

function noAttribute(state: State, at: number, name: string, more = ""): Error {
  const object = state.stack[at];
  const owner =
    object instanceof PyGlobal ? `type object '${object.name}'` : `'${typeNameAt(state, at)}' object`;
  return unsupported("AttributeError", `${owner} has no attribute '${name}'${more}`);
}

/** BUILD: the state at `at + 1` for the object at `at`. Source: `load_build`. */
export function build(state: State, at: number): void {
  const { stack, exact, settings } = state;
  const object = stack[at];
  const given = stack[at + 1];
  if (object instanceof PyObject) {
    object.build(given);
    return;
  }
  const setState = settings.types.of(object)?.parts.setState;
  if (setState !== undefined) {
    setState(object, given, state);
    return;
  }
  const isPair = isTupleAt(state, at + 1) && (given as readonly unknown[]).length === 2;
  const [dict, slots] = (isPair ? given : [given]) as readonly unknown[];
  if (dict !== null) {
    if (!isDict(dict, exact)) throw failure("invalid-state", "state is not a dictionary");
    if (!(object instanceof PyGlobal)) throw noAttribute(state, at, "__dict__");
    if (entriesOf(dict).length > 0) {
      throw unsupported("TypeError", "'mappingproxy' object does not support item assignment");
    }
  }
  if (!isPair) return;
  if (!isDict(slots, exact)) throw failure("invalid-state", "slot state is not a dictionary");
  for (const [name] of entriesOf(slots)) {
    if (typeof name !== "string") {
      throw failure(
        "invalid-state",
        `attribute name must be string, not '${pythonTypeName(name)}'`,
        "TypeError",
      );
    }
    // CPython sets attributes of the class itself. Here is no class to set them on.
    if (!(object instanceof PyGlobal)) {
      throw noAttribute(state, at, name, " and no __dict__ for setting new attributes");
    }
  }
}

/**
 * Adds the stack's values from `from` to `to` to the object below them: as items of a list (`kind` LIST: APPEND, APPENDS),
 * of a set (SET: ADDITEMS), or as keys and values (DICT: SETITEM, SETITEMS).
 * Source: `do_append`, `load_additems`, `do_setitems`.
 */
export function addTo(state: State, kind: number, from: number, to: number): void {
  const { exact, settings, stack, kinds } = state;
  const object = stack[from - 1];
  if (object instanceof PyObject) {
    if (kind === LIST) object.appendItems(stack, from, to);
    else if (kind === SET) object.addItems(stack, from, to);
    else object.setItems(stack, from, to);
    return;
  }
  const parts = settings.types.of(object)?.parts;
  if (kind === DICT ? parts?.setItems : parts?.append) {
    const items = stack.slice(from, to);
    if (kind !== DICT) parts?.append?.(object, items);
    else
      parts?.setItems?.(
        object,
        items.flatMap((key, i) => (i % 2 === 0 ? [[key, items[i + 1]]] : [])),
      );
    return;
  }
  const type = typeNameAt(state, from - 1);
  const isIt =
    exact || kind === DICT ? type === kindNames[kind] : kinds[from - 1] === kind && hasKind(object);
  if (isIt && kind === LIST) for (let i = from; i < to; i++) (object as unknown[]).push(stack[i]);
  else if (isIt || (kind === DICT && object instanceof PyDict))
    extendContainer(state, object as object, from, to);
  else if (kind === DICT) setByIndex(state, type, from, to);
  else if (kind === LIST && type === "bytearray") {
    throw failure("unrepresentable", "a bytearray cannot grow in JavaScript");
  } else throw noAttribute(state, from - 1, kind === SET ? "add" : "append");
}

function setByIndex(state: State, type: string, from: number, to: number): void {
  const { stack } = state;
  if (type !== "list" && type !== "bytearray") {
    throw unsupported(
      "TypeError",
      type === "memoryview"
        ? "cannot modify read-only memory"
        : `'${type}' object does not support item assignment`,
    );
  }
  const items = stack[from - 1] as unknown[];
  for (let i = from; i < to; i += 2) {
    const index = integerAt(state, i, `${type} indices must be integers or slices, not `, "");
    if (type === "bytearray") {
      const byte = integerAt(state, i + 1, "'", "' object cannot be interpreted as an integer");
      if (byte < 0 || byte > 255) throw unsupported("ValueError", "byte must be in range(0, 256)");
      stack[i + 1] = byte;
    }
    const place = index < 0 ? index + items.length : index;
    if (place < 0 || place >= items.length) {
      const words = `${type === "list" ? "list assignment" : type} index out of range`;
      throw unsupported(
        "IndexError",
        Math.abs(index) < 2 ** 63 ? words : "cannot fit 'int' into an index-sized integer",
      );
    }
    items[place] = stack[i + 1];
  }
}

/** The int at `at`. In plain mode a float that is whole passes for one. */
function integerAt(state: State, at: number, before: string, after: string): number {
  const value = state.stack[at];
  const isInteger = typeof value === "bigint" || (!state.exact && Number.isInteger(value));
  if (isInteger || typeof value === "boolean") return Number(value);
  throw unsupported("TypeError", before + typeNameAt(state, at) + after);
}
