import { PyGlobal } from "../../values/py-global.ts";
import { globalOf } from "./python-class.ts";
import type { Construction, Reduction, TypeDefinition } from "../registry.ts";
import { define } from "../value.ts";
import type { TypeOptions } from "./options.ts";

/** What the base's definition made, as an instance of the class; what is frozen is made anew. */
function adopted<T extends object>(made: object, prototype: T): T {
  return Object.isExtensible(made)
    ? (Object.setPrototypeOf(made, prototype) as T)
    : Object.freeze(Object.create(prototype, Object.getOwnPropertyDescriptors(made)) as T);
}

/**
 * The definition of a class that derives in both languages from one that has a definition: read and written as that says, under its own
 * name. The options' hooks go before what the base has.
 */
export function derivedFrom<T extends object>(
  base: TypeDefinition,
  type: PyGlobal,
  constructor: abstract new (...args: never) => T,
  options: TypeOptions<T>,
): TypeDefinition {
  const { parts } = base;
  const isBase = (value: unknown): boolean =>
    value instanceof PyGlobal && value.module === base.module && value.name === base.name;
  const { getState, setState = parts.setState, append = parts.append, setItems = parts.setItems } = options;
  const own = {
    class: constructor,
    construct(call: Construction): T | undefined {
      if (options.construct) return options.construct(call);
      const made: unknown = parts.construct?.({ ...call, type });
      return typeof made === "object" && made !== null
        ? adopted(made, constructor.prototype as T)
        : undefined;
    },
    ...(setState && { setState }),
    ...(append && { append }),
    ...(setItems && { setItems }),
    reduce(instance: T, protocol: number): Reduction | PyGlobal | undefined {
      const reduction = options.reduce?.(instance, protocol) ?? parts.reduce?.(instance, protocol);
      if (reduction === undefined || reduction instanceof PyGlobal) return reduction;
      const { callable, args } = reduction;
      const { type: called } = instance as { readonly type?: unknown };
      const renamed = <V>(value: V): V => (isBase(value) || value === called ? (type as V) : value);
      return {
        ...reduction,
        callable: renamed(callable),
        args: args.map(renamed),
        ...(getState && { state: getState(instance) }),
      };
    },
  };
  const { aliases = [], also = [] } = options;
  const others = aliases.map((path) =>
    define<T>(globalOf(path), { construct: (call) => own.construct({ ...call, type }) }),
  );
  return define<T>(type, { ...own, also: [...also, ...others] });
}
