import { PyGlobal } from "../../values/py-global.ts";
import { PyObject } from "../../values/py-object.ts";
import type { Construction, Reduction, TypeDefinition } from "../registry.ts";
import { textOf } from "../../values/attributes.ts";
import { define, tuple } from "../value.ts";
import type { TypeOptions } from "./options.ts";

const modelUnpickle: PyGlobal = /* @__PURE__ */ new PyGlobal("django.db.models.base", "model_unpickle");
const modelState: PyGlobal = /* @__PURE__ */ new PyGlobal("django.db.models.base", "ModelState");

/** The model that `model_unpickle` is told of: by its app's label and its name, or the class itself. */
function modelOf(id: unknown): PyGlobal | undefined {
  if (id instanceof PyGlobal) return id;
  const [app, name] = (Array.isArray(id) ? id : []).map(textOf);
  return app === undefined || name === undefined ? undefined : new PyGlobal(app, name);
}

/**
 * How models of Django are made. One is called by its app's label and its name, as in Django's settings: `"shop.Order"`.
 * Source: Django `db/models/base.py`, `model_unpickle`.
 */
export const djangoModels: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  define(modelUnpickle, {
    construct(call: Construction): unknown {
      const type = call.args.length === 1 ? modelOf(call.args[0]) : undefined;
      return (
        type &&
        call.definitions.definition(type)?.parts.construct?.({ ...call, how: "newobj", type, args: [] })
      );
    },
  }),
])();

/**
 * Options for `defineType`: a model of Django, under its app's label and its name. Fields are properties, and so are `_state` (the database
 * that it is from) and `_django_version`, both of which Django expects back.
 *
 * @example
 * defineType("shop.Order", Order, djangoModel());
 */
export function djangoModel(): Pick<TypeOptions<object>, "rebuild" | "also"> {
  return {
    also: djangoModels,
    rebuild(instance, type, { state }): Reduction {
      // A new instance has no database yet; Django relies on its saying so.
      const isNew = state === undefined || (state instanceof Map && !state.has("_state"));
      const before: [string, unknown][] = [["_state", new PyObject(modelState)]];
      return {
        callable: modelUnpickle,
        args: [tuple(type.module, type.name)],
        state: isNew ? new Map([...before, ...((state as Map<string, unknown> | undefined) ?? [])]) : state,
      };
    },
  };
}
