import { PicklingError } from "../errors.ts";
import type { Reduction } from "../types/registry.ts";
import { PyGlobal } from "../values/py-global.ts";
import { PyObject, type PyObjectOperation } from "../values/py-object.ts";
import { operationsOf } from "../values/py-object-operations.ts";
import { Tuple } from "../values/tuple.ts";
import type { ObjectParts } from "./frame.ts";

const NEWOBJ_NAME = "__newobj__";
const NEWOBJ_EX_NAME = "__newobj_ex__";

function invalid(words: string): PicklingError {
  return new PicklingError("invalid-reduction", words, {
    advice: "See Reduction for what reducerOverride and a type's reduce may return",
  });
}

function operationsOfReduction(object: object, reduction: Reduction): PyObjectOperation[] {
  const { state, listItems, dictItems, stateSetter } = reduction;
  const operations: PyObjectOperation[] = [];
  if (listItems !== undefined) operations.push({ kind: "append", items: [...listItems] });
  if (dictItems !== undefined) {
    const entries = [...dictItems];
    for (const entry of entries as readonly unknown[]) {
      if (Array.isArray(entry) && entry.length === 2) continue;
      throw new PicklingError("invalid-reduction", "dict items iterator must return 2-tuples", {
        pythonException: "TypeError",
      });
    }
    operations.push({ kind: "set", entries });
  }
  if (state !== undefined && state !== null) {
    operations.push(
      stateSetter === undefined
        ? { kind: "build", state }
        : { kind: "call", callable: stateSetter, args: [object, state] },
    );
  }
  return operations;
}

function requireIterable(value: unknown, which: string): void {
  if (value === undefined || value === null) return;
  if (typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === "function") return;
  throw invalid(
    `${which} element of the tuple returned by __reduce__ must be an iterator, not ${typeof value}`,
  );
}

function isCallable(value: unknown): boolean {
  return value instanceof PyGlobal || value instanceof PyObject;
}

/**
 * A reduction in the form that the protocol has. Source: CPython `Modules/_pickle.c`, `save_reduce`.
 *
 * @throws PicklingError `invalid-reduction`
 */
export function partsOfReduction(object: object, reduction: Reduction, protocol: number): ObjectParts {
  if (typeof (reduction as unknown) !== "object") throw invalid("__reduce__ must return a string or tuple");
  const { callable, args } = reduction;
  if (!isCallable(callable)) throw invalid("first item of the tuple returned by __reduce__ must be callable");
  if (!Array.isArray(args)) throw invalid("second item of the tuple returned by __reduce__ must be a tuple");
  requireIterable(reduction.listItems, "fourth");
  requireIterable(reduction.dictItems, "fifth");
  if (reduction.stateSetter !== undefined && !isCallable(reduction.stateSetter)) {
    throw invalid(
      `sixth element of the tuple returned by __reduce__ must be a function, not ${typeof reduction.stateSetter}`,
    );
  }
  const operations = operationsOfReduction(object, reduction);
  const asCalled: ObjectParts = {
    how: "reduce",
    type: callable,
    args: tupled(args),
    kwargs: undefined,
    operations,
  };
  if (protocol < 2 || !(callable instanceof PyGlobal)) return asCalled;
  if (callable.name === NEWOBJ_NAME) {
    if (args.length === 0) throw invalid("__newobj__ arglist is empty");
    if (!(args[0] instanceof PyGlobal)) throw invalid("args[0] from __newobj__ args is not a type");
    return { ...asCalled, how: "newobj", type: args[0], args: Tuple.from(args.slice(1)) };
  }
  if (callable.name !== NEWOBJ_EX_NAME) return asCalled;
  if (args.length !== 3) {
    throw invalid(`length of the NEWOBJ_EX argument tuple must be exactly 3, not ${args.length}`);
  }
  const [type, positional, keywords] = args as readonly unknown[];
  if (!(type instanceof PyGlobal)) throw invalid("first item from NEWOBJ_EX argument tuple must be a class");
  if (!Array.isArray(positional)) throw invalid("second item from NEWOBJ_EX argument tuple must be a tuple");
  if (!(keywords instanceof Map)) throw invalid("third item from NEWOBJ_EX argument tuple must be a dict");
  const kwargs = keywords as Map<string, unknown>;
  return rebuilt({ ...asCalled, how: "newobj_ex", type, args: tupled(positional), kwargs }, protocol);
}

function tupled(args: readonly unknown[]): Tuple {
  return args instanceof Tuple ? args : Tuple.from(args);
}

const global = (module: string, name: string): PyGlobal => new PyGlobal(module, name);

/**
 * An object's parts in a form that the protocol has: what it has no opcode for goes through the functions that CPython
 * uses in their place. Source: CPython `Modules/_pickle.c`, `save_reduce`; `Lib/copyreg.py`, `_reduce_ex`.
 */
function rebuilt(parts: ObjectParts, protocol: number): ObjectParts {
  const { how, type, args, kwargs = new Map<string, unknown>(), operations } = parts;
  if (how === "newobj" && protocol < 2) {
    // What CPython writes for an instance of a class of its own; one derived from a builtin needs that one's __new__.
    const isPlain = args.length === 0 && operations.every((operation) => operation.kind === "build");
    return isPlain
      ? called(global("copyreg", "_reconstructor"), [type, global("builtins", "object"), null], operations)
      : called(global("copyreg", NEWOBJ_NAME), [type, ...args], operations);
  }
  if (how === "newobj_ex" && protocol < 2) {
    return called(global("copyreg", NEWOBJ_EX_NAME), [type, args, kwargs], operations);
  }
  if (how === "newobj_ex" && protocol < 4) {
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

function called(
  type: unknown,
  args: readonly unknown[],
  operations: readonly PyObjectOperation[],
): ObjectParts {
  return { how: "reduce", type, args: Tuple.from(args), kwargs: undefined, operations };
}

/**
 * How a `PyObject` is written: as it was read, where the protocol can.
 *
 * @throws PicklingError `plain-object`
 */
export function partsOfObject(object: PyObject, protocol: number): ObjectParts {
  if (object.loadedPlain) {
    throw new PicklingError("plain-object", "can't pickle a PyObject that was loaded plain", {
      advice: "Load it with exact: true, which keeps the Python types of what it holds",
    });
  }
  const args = object.args;
  return rebuilt(
    {
      how: object.how,
      type: object.type,
      args: args instanceof Tuple ? args : Tuple.from(args as readonly unknown[]),
      kwargs: object.kwargs,
      operations: operationsOf(object),
    },
    protocol,
  );
}
