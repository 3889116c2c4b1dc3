import { PyGlobal } from "../values/py-global.ts";
import { operationsOf } from "../values/py-object-operations.ts";
import { PyObject } from "../values/py-object.ts";
import { saveEncoded } from "./binary.ts";
import { memoize } from "./memoize.ts";
import { saveAttributes, saveGlobal } from "./names.ts";
import { partsOfObject, partsOfReduction } from "./reductions.ts";
import { unsupported } from "./refusal.ts";
import { type DumpState, pushObject } from "./state.ts";

/** A value that is no builtin: by name, or by how it is rebuilt. Source: `_pickle.c`, `save`, from `reduce_func` on. */
export function saveReduced(state: DumpState, value: object, ordinal: number): void {
  if (ordinal < 0) return;
  const { writer, settings } = state;
  const { protocol } = writer;
  const isObject = value instanceof PyObject;
  const reduction =
    settings.reducerOverride?.(value) ??
    (value instanceof PyGlobal
      ? value
      : // A class derived from PyObject may have a definition.
        Object.getPrototypeOf(value) === PyObject.prototype || typeof value === "function"
        ? undefined
        : settings.types.of(value)?.parts.reduce?.(value, protocol));
  if (reduction instanceof PyGlobal) saveGlobal(state, reduction, ordinal);
  else if (reduction !== undefined)
    pushObject(state, value, ordinal, partsOfReduction(value, reduction, protocol));
  else if (!isObject) throw unsupported(value);
  else if ((protocol < 4 && saveNested(state, value)) || saveOldBytes(state, value)) memoize(state, ordinal);
  else pushObject(state, value, ordinal, partsOfObject(value, protocol));
}

/** What was read as a chain of calls of getattr on a class: such a class or function, as {@link saveGlobal} writes it. */
function saveNested(state: DumpState, object: PyObject): boolean {
  const attributes: string[] = [];
  let owner: unknown = object;
  while (owner instanceof PyObject && owner.how === "getattr" && operationsOf(owner).length === 0) {
    const [next, name] = owner.args as readonly [unknown, string];
    attributes.unshift(name);
    owner = next;
  }
  if (attributes.length === 0 || !(owner instanceof PyGlobal)) return false;
  saveAttributes(state, object.type as PyGlobal, owner.module, owner.name, attributes);
  return true;
}

/** Bytes as protocols below 3 spell them, read without adapters. */
function saveOldBytes(state: DumpState, { how, type, args }: PyObject): boolean {
  if (how !== "reduce" || !(type instanceof PyGlobal) || String(type) !== "_codecs.encode") return false;
  const [text, encoding, ...more] = args as readonly unknown[];
  if (typeof text !== "string" || encoding !== "latin1" || more.length > 0) return false;
  saveEncoded(state, type, text);
  return true;
}
