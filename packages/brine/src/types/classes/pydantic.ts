import { failure } from "../../bytes/failure.ts";
import { PyDict } from "../../values/py-dict.ts";
import { PySet } from "../../values/py-set.ts";
import { attributesOf, setAttribute } from "./attributes.ts";
import type { StateHooks } from "./options.ts";

/** What pydantic's state has beside the fields, for an instance that has none from a pickle. */
const parts = {
  1: (names: readonly string[]): [string, unknown][] => [
    ["__fields_set__", new PySet(names)],
    ["__private_attribute_values__", new PyDict()],
  ],
  2: (names: readonly string[]): [string, unknown][] => [
    ["__pydantic_extra__", null],
    ["__pydantic_fields_set__", new PySet(names)],
    ["__pydantic_private__", null],
  ],
} as const;

/**
 * Options for `defineType`: a model of pydantic. Its fields are properties; what else pydantic keeps of a loaded instance (the fields that
 * were set, private attributes) goes back as it came, and of a new one every field counts as set.
 * Source: pydantic 1 `main.py` and 2 `main.py`, `BaseModel.__getstate__`.
 *
 * @param version of pydantic that is to read what is written for a new instance; 2 unless told
 * @example
 * defineType("shop.models.Item", Item, pydanticModel());
 */
export function pydanticModel(version: 1 | 2 = 2): StateHooks<object> {
  const loaded = new WeakMap<object, [string, unknown][]>();
  return {
    setState(instance, state) {
      const { __dict__: fields, ...rest } = attributesOf(state);
      if (fields === undefined) throw failure("invalid-state", "the state is not that of a pydantic model");
      for (const [name, value] of Object.entries(attributesOf(fields))) setAttribute(instance, name, value);
      loaded.set(instance, Object.entries(rest));
    },
    getState(instance) {
      const fields = Object.entries(instance) as [string, unknown][];
      const rest = loaded.get(instance) ?? parts[version](fields.map(([name]) => name));
      return new Map([["__dict__", new Map(fields)], ...rest]);
    },
  };
}
