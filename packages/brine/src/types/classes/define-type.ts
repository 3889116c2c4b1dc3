import { failure } from "../../bytes/failure.ts";
import { PyGlobal } from "../../values/py-global.ts";
import { PyObject } from "../../values/py-object.ts";
import { reconstructors } from "../reconstructor.ts";
import type { Construction, TypeDefinition } from "../registry.ts";
import { define } from "../value.ts";
import { derivedFrom } from "./derived.ts";
import { Instances } from "./instances.ts";
import type { ClassOf, TypeOptions } from "./options.ts";
import { globalOf, patternOf, pythonClass, type PythonFace } from "./python-class.ts";

const isInstanceOf = <T extends object>(value: unknown, { prototype }: ClassOf<T>): value is T =>
  typeof value === "object" && value !== null && Object.prototype.isPrototypeOf.call(prototype, value);

/** The definitions of the other names that go with a class. */
function definitionsBeside<T extends object>(
  type: PyGlobal,
  instances: Instances<T>,
  class_: ClassOf<T>,
  { aliases = [], callable, stateSetter, also = [] }: TypeOptions<T>,
): TypeDefinition[] {
  const construct = (call: Construction): T | undefined => instances.construct({ ...call, type });
  return [
    ...reconstructors,
    ...also,
    ...[...aliases, ...(callable === undefined ? [] : [callable])].map((path) =>
      define<T>(globalOf(path), {
        construct,
        derive: (call, base, value) => instances.derive({ ...call, type }, base, value),
      }),
    ),
    ...(stateSetter === undefined
      ? []
      : [
          define<T>(globalOf(stateSetter), {
            construct({ args: [instance, state], definitions }) {
              if (!isInstanceOf(instance, class_)) {
                if (instance instanceof PyObject) return undefined;
                throw failure(
                  "invalid-state",
                  `the state setter ${String(stateSetter)} is known for ${String(type)} alone`,
                  undefined,
                  "Give the setter a TypeDefinition of its own, for all its classes",
                );
              }
              instances.setState(instance, state, definitions);
              return instance;
            },
          }),
        ]),
  ];
}

/**
 * Tells `loads` and `dumps` of a class of yours and the Python class that it stands for. What it gives goes into a registry.
 *
 * The path is `"module.Class"`, `"module:Outer.Inner"`, or a pattern: `"shop.models.*"` is every class in that module or below it that has no
 * definition of its own, `"*"` every class; their instances remember which they are of.
 *
 * @throws TypeError if the path is none, or the class does not say one
 * @example
 * const types = stdlib.with(defineType("shop.models.Order", Order));
 * const order = loads(data, { types }) as Order;
 * dumps(order, { types });
 */
export function defineType<T extends object>(
  path: string | PyGlobal,
  type: ClassOf<T>,
  options?: TypeOptions<T>,
): TypeDefinition<T>;
/** The same for a class that says its Python class itself, under the symbol `pythonClass`. */
export function defineType<T extends object>(
  type: ClassOf<T> & { readonly [pythonClass]: PythonFace<T> },
): TypeDefinition<T>;
export function defineType<T extends object>(
  first: string | PyGlobal | (ClassOf<T> & { readonly [pythonClass]?: PythonFace<T> }),
  class_?: ClassOf<T>,
  given: TypeOptions<T> = {},
): TypeDefinition {
  if (typeof first === "string" || first instanceof PyGlobal)
    return definition(first, class_ as ClassOf<T>, given);
  const face = Object.hasOwn(first, pythonClass) ? first[pythonClass] : undefined;
  if (face === undefined)
    throw new TypeError("the class does not say its Python class under the symbol pythonClass");
  return typeof face === "string" ? definition(face, first, {}) : definition(face.name, first, face);
}

function definition<T extends object>(
  path: string | PyGlobal,
  class_: ClassOf<T>,
  options: TypeOptions<T>,
): TypeDefinition {
  const matches = patternOf(path);
  const type = matches ? new PyGlobal(String(path), "*") : globalOf(path);
  const constructor = class_ as unknown as abstract new (...args: never) => T;
  if (matches && typeof options.base === "object")
    throw new TypeError("a pattern takes no definition as its base");
  if (typeof options.base === "object") return derivedFrom(options.base, type, constructor, options);
  const instances = new Instances(matches ? undefined : type, class_, options);
  return define<T>(type, {
    class: constructor,
    ...(matches && { matches }),
    construct: (call) => instances.construct(call),
    derive: (call, base, value) => instances.derive(call, base, value),
    setState: (instance, state, load) => {
      instances.setState(instance, state, load);
    },
    ...instances.takers,
    reduce: (instance, protocol) => instances.reduce(instance, protocol),
    also: definitionsBeside(type, instances, class_, options),
  });
}
