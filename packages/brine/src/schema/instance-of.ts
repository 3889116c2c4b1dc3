import type { PyObject } from "../values/py-object.ts";

/**
 * The static type of a `PyObject` whose attributes are known: what {@link printTypeScript} writes for an instance. `More` says what its
 * `args`, `items` and `entries` are.
 */
export type InstanceOf<Attributes extends object, More extends object = object> = Omit<
  PyObject,
  "get" | "toObject" | keyof More
> &
  More & {
    /** An attribute. */
    get<Name extends keyof Attributes & string>(name: Name): Attributes[Name];
    /** All attributes, in an object without a prototype. */
    toObject(): Attributes;
  };
