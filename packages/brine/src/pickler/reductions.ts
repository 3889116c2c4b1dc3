import type { PicklingError } from "../errors.ts";
import type { Reduction } from "../types/registry.ts";
import { PyGlobal } from "../values/py-global.ts";
import { PyObject, type PyObjectOperation } from "../values/py-object.ts";
import { operationsOf } from "../values/py-object-operations.ts";
import { Tuple } from "../values/tuple.ts";
import type { ObjectParts } from "./frame.ts";
import { refusal } from "./refusal.ts";

const invalid = (words: string, pythonException?: string): PicklingError =>
  refusal("invalid-reduction", words, pythonException);

const global = (module: string, name: string): PyGlobal => new PyGlobal(module, name);

/** The parts of what is the result of a call. */
export function called(
  type: unknown,
  args: readonly unknown[],
  operations: readonly PyObjectOperation[] = [],
): ObjectParts {
  return { how: "reduce", type, args: tupled(args), kwargs: undefined, operations };
}

function tupled(args: readonly unknown[]): Tuple {
  return args instanceof Tuple ? args : Tuple.from(args);
}

const isCallable = (value: unknown): boolean => value instanceof PyGlobal || value instanceof PyObject;

/** Refuses what is there and not of a kind. Source: `_pickle.c`, `save_reduce`. */
function require(is: boolean, value: unknown, which: string, kind: string): void {
  if (value != null && !is)
    throw invalid(
      `${which} element of the tuple returned by __reduce__ must be ${kind}, not ${typeof value}`,
    );
}

const isIterable = (value: unknown): boolean =>
  typeof (value as Partial<Iterable<unknown>> | undefined)?.[Symbol.iterator] === "function";

function operationsOfReduction(object: object, reduction: Reduction): PyObjectOperation[] {
  const { state, listItems, dictItems, stateSetter } = reduction;
  require(isIterable(listItems), listItems, "fourth", "an iterator");
  require(isIterable(dictItems), dictItems, "fifth", "an iterator");
  require(isCallable(stateSetter), stateSetter, "sixth", "a function");
  const operations: PyObjectOperation[] = [];
  if (listItems) operations.push({ kind: "append", items: [...listItems] });
  if (dictItems) {
    const entries = [...dictItems];
    if (!entries.every((entry: unknown) => Array.isArray(entry) && entry.length === 2))
      throw invalid("dict items iterator must return 2-tuples", "TypeError");
    operations.push({ kind: "set", entries });
  }
  if (state != null) {
    operations.push(
      stateSetter ? { kind: "call", callable: stateSetter, args: [object, state] } : { kind: "build", state },
    );
  }
  return operations;
}

/**
 * A reduction in the form that the protocol has. Source: CPython `Modules/_pickle.c`, `save_reduce`.
 *
 * @throws PicklingError `invalid-reduction`
 */
export function partsOfReduction(object: object, reduction: Reduction, protocol: number): ObjectParts {
  if (typeof (reduction as unknown) !== "object") throw invalid("__reduce__ must return a string or tuple");
  const { callable, args } = reduction;
  const ofTuple = "item of the tuple returned by __reduce__ must be";
  if (!isCallable(callable)) throw invalid(`first ${ofTuple} callable`);
  if (!Array.isArray(args)) throw invalid(`second ${ofTuple} a tuple`);
  const parts = called(callable, args, operationsOfReduction(object, reduction));
  const name = protocol >= 2 && callable instanceof PyGlobal ? callable.name : "";
  const [type, positional, keywords] = args as readonly unknown[];
  if (name === "__newobj__") {
    if (args.length === 0) throw invalid("__newobj__ arglist is empty");
    if (!(type instanceof PyGlobal)) throw invalid("args[0] from __newobj__ args is not a type");
    return { ...parts, how: "newobj", type, args: Tuple.from(args.slice(1)) };
  }
  if (name !== "__newobj_ex__") return parts;
  const ofArguments = "item from NEWOBJ_EX argument tuple must be a";
  if (args.length !== 3)
    throw invalid(`length of the NEWOBJ_EX argument tuple must be exactly 3, not ${args.length}`);
  if (!(type instanceof PyGlobal)) throw invalid(`first ${ofArguments} class`);
  if (!Array.isArray(positional)) throw invalid(`second ${ofArguments} tuple`);
  if (!(keywords instanceof Map)) throw invalid(`third ${ofArguments} dict`);
  return rebuilt(
    { ...parts, how: "newobj_ex", type, args: tupled(positional), kwargs: keywords as Map<string, unknown> },
    protocol,
  );
}

/**
 * An object's parts in a form that the protocol has: what it has no opcode for goes through the functions that CPython
 * uses in their place. Source: CPython `Modules/_pickle.c`, `save_reduce`; `Lib/copyreg.py`, `_reduce_ex`.
 */
function rebuilt(parts: ObjectParts, protocol: number): ObjectParts {
  const { how, type, args, operations } = parts;
  if (how === "newobj" && protocol < 2) {
    // What CPython writes for an instance of a class of its own; one derived from a builtin needs that one's __new__.
    const isPlain = args.length === 0 && operations.every((operation) => operation.kind === "build");
    return isPlain
      ? called(global("copyreg", "_reconstructor"), [type, global("builtins", "object"), null], operations)
      : called(global("copyreg", "__newobj__"), [type, ...args], operations);
  }
  if (how === "newobj_ex" && protocol < 4) {
    const kwargs = parts.kwargs ?? new Map<string, unknown>();
    if (protocol < 2) return called(global("copyreg", "__newobj_ex__"), [type, args, kwargs], operations);
    const makeNew =
      type instanceof PyGlobal
        ? global(type.module, `${type.name}.__new__`)
        : new PyObject(global("builtins", "getattr"), Tuple.of<unknown>(type, "__new__"), { how: "reduce" });
    const partial = new PyObject(global("functools", "partial"), Tuple.of<unknown>(makeNew), {
      how: "reduce",
      state: Tuple.of<unknown>(makeNew, Tuple.from([type, ...args]), kwargs, null),
    });
    return called(partial, [], operations);
  }
  if (how !== "inst" && how !== "obj") return parts;
  // INST names its class and is there from the start; OBJ takes any class and came with protocol 1.
  const byName = type instanceof PyGlobal && (how === "inst" || protocol < 1);
  return { ...parts, how: byName ? "inst" : protocol < 1 ? "reduce" : "obj" };
}

/**
 * How a `PyObject` is written: as it was read, where the protocol can.
 *
 * @throws PicklingError `plain-object`
 */
export function partsOfObject(object: PyObject, protocol: number): ObjectParts {
  if (object.loadedPlain) {
    throw refusal(
      "plain-object",
      "can't pickle a PyObject that was loaded plain",
      undefined,
      "Load it with exact: true",
    );
  }
  const { how, type, args, kwargs } = object;
  const operations = operationsOf(object);
  return rebuilt({ how, type, args: tupled(args as readonly unknown[]), kwargs, operations }, protocol);
}
