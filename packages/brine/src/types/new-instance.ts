import type { PyGlobal } from "../values/py-global.ts";
import { PyObject } from "../values/py-object.ts";
import { Tuple } from "../values/tuple.ts";
import type { Construction } from "./registry.ts";

/** What `type.__new__(type, *args, **kwargs)` makes, for functions that are given the class: by its definition, or a `PyObject`. */
export function newInstance(
  { exact, definitions }: Pick<Construction, "exact" | "definitions">,
  type: PyGlobal,
  items: readonly unknown[],
  kwargs?: Map<string, unknown>,
): unknown {
  const args = exact ? Tuple.from(items) : items;
  const how = kwargs ? "newobj_ex" : "newobj";
  return (
    definitions.definition(type)?.parts.construct?.({ how, type, args, kwargs, exact, definitions }) ??
    new PyObject(type, args, { kwargs, plain: !exact })
  );
}
