import { failure } from "../../bytes/failure.ts";
import { Tuple } from "../../values/tuple.ts";
import { setAttribute } from "./attributes.ts";
import type { StateHooks } from "./options.ts";

function stateOf<Name extends string>(
  names: readonly Name[],
  wrap: (values: unknown[]) => unknown,
): StateHooks<Record<Name, unknown>> {
  return {
    setState(instance, state) {
      if (!Array.isArray(state) || state.length !== names.length)
        throw failure("invalid-state", `the state is not the values of ${names.join(", ")}`);
      names.forEach((name, index) => {
        setAttribute(instance, name, state[index]);
      });
    },
    getState: (instance) => wrap(names.map((name) => instance[name])),
  };
}

/**
 * Options for `defineType`: a class whose state is the list of its values, as that of a dataclass with `frozen=True, slots=True`.
 * Source: CPython `Lib/dataclasses.py`, `_dataclass_getstate`.
 *
 * @param names the properties in the order of the fields
 * @example
 * defineType("shapes.Point", Point, listState("x", "y"));
 */
export function listState<Name extends string>(...names: Name[]): StateHooks<Record<Name, unknown>> {
  return stateOf(names, (values) => values);
}

/**
 * Options for `defineType`: a class whose state is the tuple of its values, as that of a class with slots by attrs before 22.2.
 *
 * @param names the properties in the order of the attributes
 */
export function tupleState<Name extends string>(...names: Name[]): StateHooks<Record<Name, unknown>> {
  return stateOf(names, (values) => Tuple.from(values));
}
