import { PyDict } from "../values/py-dict.ts";
import { PyGlobal } from "../values/py-global.ts";
import { PyObject } from "../values/py-object.ts";
import { Tuple } from "../values/tuple.ts";
import { fillDict, PyDictType } from "./dicts.ts";
import type { Construction, TypeDefinition } from "./registry.ts";
import { entriesOf, namedEntriesOf } from "../values/attributes.ts";
import { newInstance } from "./new-instance.ts";
import { define, written } from "./value.ts";

const reconstructor: PyGlobal = /* @__PURE__ */ new PyGlobal("copyreg", "_reconstructor");

/**
 * An instance of an unknown class that derives from a builtin, as protocols 0 and 1 write it: `class MyDict(dict)`. It reads as it
 * does from the other protocols: a dict's entries are its `entries`, a list's items its `items`, any other value its one argument. It is
 * written as it was, for the class may take other arguments.
 */
export class PyDerived extends PyObject {
  /** The builtin class that it derives from. */
  declare readonly base: PyGlobal;

  /** An instance of `type` whose part of the builtin `base` is `value`. */
  constructor(type: PyGlobal, base: PyGlobal, value: unknown, plain = false) {
    const isDict = String(base) === "builtins.dict";
    const items =
      String(base) === "builtins.list" && Array.isArray(value) ? [...(value as unknown[])] : undefined;
    const entries = isDict ? entriesOf(value) : undefined;
    const args = isDict || items ? [] : [value];
    super(type, plain ? args : Tuple.from(args), { entries, items, plain });
    this.base = base;
  }

  /** Its part of the builtin class, as it is now. */
  get value(): unknown {
    if (String(this.base) === "builtins.dict") return new PyDict(this.entries);
    return String(this.base) === "builtins.list" ? this.items : (this.args as readonly unknown[])[0];
  }
}

function reconstruct({ args: [type, base, value, ...more], ...call }: Construction): unknown {
  if (!(type instanceof PyGlobal && base instanceof PyGlobal) || more.length > 0) return undefined;
  const parts = call.definitions.definition(type)?.parts;
  const args = String(base) === "builtins.tuple" && Array.isArray(value) ? (value as unknown[]) : [];
  const made = { ...call, how: "newobj", type, args } as const;
  if (parts?.derive) return parts.derive(made, base, value);
  const known = parts?.construct?.(made);
  if (known === undefined) {
    const isPlain = String(base) === "builtins.object" && value === null;
    return isPlain ? newInstance(call, type, []) : new PyDerived(type, base, value, !call.exact);
  }
  if (known instanceof PyDictType) fillDict(known, entriesOf(value), call.exact);
  else if (Array.isArray(value) && args.length === 0) parts?.append?.(known, value);
  return known;
}

/** What NEWOBJ and NEWOBJ_EX are below protocol 2. */
function newObject(call: Construction, type: unknown, args: unknown, kwargs?: unknown): unknown {
  if (!(type instanceof PyGlobal) || !Array.isArray(args)) return undefined;
  return newInstance(call, type, args, kwargs === undefined ? undefined : new Map(namedEntriesOf(kwargs)));
}

/** How what {@link PyDerived} stands for is read. */
export const derivedReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  define<PyDerived>(reconstructor, {
    construct: (call) => reconstruct(call) as PyDerived | undefined,
  }),
])();

/** How NEWOBJ and NEWOBJ_EX are read below protocol 2. */
export const newObjectReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  define(new PyGlobal("copyreg", "__newobj__"), {
    construct: (call) => newObject(call, call.args[0], call.args.slice(1)),
  }),
  define(new PyGlobal("copyreg", "__newobj_ex__"), {
    construct: (call) => newObject(call, call.args[0], call.args[1], call.args[2]),
  }),
])();

/** The functions of `copyreg` by which the old protocols spell what later ones have opcodes for. Source: CPython `Lib/copyreg.py`. */
export const reconstructors: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  ...written<PyDerived>(
    derivedReaders,
    ({ type, base, value, state, loadedPlain }) =>
      // What was loaded plain is refused, like any PyObject.
      loadedPlain ? undefined : { callable: reconstructor, args: [type, base, value], state },
    PyDerived,
  ),
  ...newObjectReaders,
])();
