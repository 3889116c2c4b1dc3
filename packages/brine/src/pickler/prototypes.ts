import type { TypeRegistry } from "../types/registry.ts";
import { PyDict } from "../values/py-dict.ts";
import { PyGlobal } from "../values/py-global.ts";
import { PyObject } from "../values/py-object.ts";
import { Tuple } from "../values/tuple.ts";

// A property that is read is an effect to bundlers, which what only reads pickles would keep; this call they may leave out.
function partOf(type: { readonly prototype: unknown }): unknown {
  return type.prototype;
}

// As constants they cost a comparison; `Tuple.prototype` where it is needed, a look at the class each time.
export const objectPrototype: unknown = /* @__PURE__ */ partOf(Object);
export const arrayPrototype: unknown = /* @__PURE__ */ partOf(Array);
export const tuplePrototype: unknown = /* @__PURE__ */ partOf(Tuple);
export const pyGlobalPrototype: unknown = /* @__PURE__ */ partOf(PyGlobal);
export const pyObjectPrototype: unknown = /* @__PURE__ */ partOf(PyObject);
export const uint8ArrayPrototype: unknown = /* @__PURE__ */ partOf(Uint8Array);
export const mapPrototype: unknown = /* @__PURE__ */ partOf(Map);
export const pyDictPrototype: unknown = /* @__PURE__ */ partOf(PyDict);

const builtins = /* @__PURE__ */ new Set<unknown>([Object, Array, Tuple, Uint8Array]);
const isAmbiguous = /* @__PURE__ */ new WeakMap<TypeRegistry, boolean>();

/** Whether an instance of a class that has a definition says that its class is a builtin, as its prototype is a literal. */
export function hasLiteralPrototypes(types: TypeRegistry): boolean {
  let is = isAmbiguous.get(types);
  if (is === undefined) {
    is = [...types].some(({ parts }) =>
      [parts, ...(parts.also ?? []).map((other) => other.parts)].some((one) => {
        const { constructor } = (one.class?.prototype ?? {}) as object;
        return one.class !== undefined && constructor !== one.class && builtins.has(constructor);
      }),
    );
    isAmbiguous.set(types, is);
  }
  return is;
}

/** The prototype of a builtin class that a value says it is of. */
function told(value: object): unknown {
  if (Array.isArray(value)) {
    // Not in one place with that of objects, for V8 to know the few kinds of each: 20,000 records a twentieth less.
    const { constructor } = value;
    if (constructor === Array) return arrayPrototype;
    return (constructor as unknown) === Tuple ? tuplePrototype : undefined;
  }
  const { constructor } = value;
  if (constructor === Object) return objectPrototype;
  return constructor === Uint8Array && value instanceof Uint8Array ? uint8ArrayPrototype : undefined;
}

/**
 * What tells an object's kind: its prototype, or that of the class it says it is of. V8's runtime is called for a prototype: a
 * tenth of the time of small dicts, 13 % of that of tuples. One that says it is an `Object` may be an instance of a class that has
 * no name: see {@link isOwn}, and `isPlainObject` where it has no properties.
 */
export function prototypeOf(value: object, isAsked: boolean): unknown {
  return (isAsked ? undefined : told(value)) ?? Object.getPrototypeOf(value);
}

/**
 * Whether a name that `for…in` gave is that of a property of the object itself. What has others is no dict. V8 knows the answer from
 * the loop.
 */
export function isOwn(value: object, key: string): boolean {
  return Object.prototype.hasOwnProperty.call(value, key);
}
