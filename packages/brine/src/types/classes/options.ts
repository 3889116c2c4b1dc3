import type { PyGlobal } from "../../values/py-global.ts";
import type { Construction, Reduction, TypeDefinition } from "../registry.ts";

/** A class, by what its instances are: also one whose constructor is private. */
export interface ClassOf<T extends object> {
  /** What instances inherit from. */
  readonly prototype: T;
}

/** Names of the properties of `T` that TypeScript lets others see. */
export type PropertyOf<T> = keyof T & string;

/**
 * How instances of a class of Python become, and are made of, instances of a JavaScript class. With no options their attributes are
 * properties of the same names; each option says in what the class is different. A hook comes before what the other options say.
 */
export interface TypeOptions<T extends object> {
  /** Other paths under which pickles have the class: those of older versions. It is written under its own. */
  readonly aliases?: readonly (string | PyGlobal)[] | undefined;
  /** Property names that Python's attributes have another name for: `{ createdAt: "created_at" }`. */
  readonly rename?: { readonly [Name in PropertyOf<T>]?: string } | undefined;

  /**
   * Properties that the positional arguments are, in order: those of `__reduce__` or `__getnewargs__`. They are not in the state, unless
   * `attributes` says so. For a class derived from `Tuple` it names the items, as for a namedtuple.
   */
  readonly args?: readonly PropertyOf<T>[] | undefined;
  /** Properties that the keyword arguments of `__getnewargs_ex__` are. */
  readonly kwargs?: readonly PropertyOf<T>[] | undefined;
  /**
   * How Python makes the object: `"newobj"`, by `__new__` as `object.__reduce_ex__` says, or `"reduce"`, by a call of the class as most
   * methods `__reduce__` do. Unless set as it was loaded, `"newobj"` for a new one.
   */
  readonly how?: "newobj" | "reduce" | undefined;
  /** The function that `__reduce__` names in the place of the class: `"shop.models.make_order"`. */
  readonly callable?: string | PyGlobal | undefined;
  /**
   * What the Python class derives from, if the JavaScript class does not say it by deriving from `Array`, `Tuple`, `Map`, `PyDict`, `Set`,
   * `PySet`, `PyFrozenSet`, `Uint8Array`, `ByteArray` or `Error`: a builtin whose value is the first of `args`, or the definition of
   * the class that it derives from in both languages, such as `stdlib.get("collections", "OrderedDict")`.
   */
  readonly base?: "str" | "int" | "float" | "complex" | "bytes" | TypeDefinition | undefined;

  /** The properties that the state has, in order. Unless set all own ones that are enumerable, but for those of `args` and `kwargs`. */
  readonly attributes?: readonly PropertyOf<T>[] | undefined;
  /** The properties that are `__slots__`, which the state has apart. Unless set as they were loaded. */
  readonly slots?: readonly PropertyOf<T>[] | undefined;
  /**
   * Whether properties are set by assignment, so that setters of the class run on what the pickle says, and never one named `__proto__`.
   * Unless set they become own properties of the instance, whatever the class has under that name.
   */
  readonly assign?: boolean | undefined;
  /** The function that the sixth item of `__reduce__` names, which Python calls with the object and its state. */
  readonly stateSetter?: string | PyGlobal | undefined;
  /** Definitions that it needs beside it. */
  readonly also?: readonly TypeDefinition[] | undefined;

  /**
   * Makes the instance of the arguments. Without it no constructor of yours runs: the instance is `Object.create(Class.prototype)`, or
   * what the builtin makes that the class derives from. Its state comes later, to `setState`.
   */
  construct?(this: void, construction: Construction): T;
  /** Takes the state, as `__setstate__` does. */
  setState?(this: void, instance: T, state: unknown): void;
  /** Gives the state, as `__getstate__` does; `undefined` for none. */
  getState?(this: void, instance: T): unknown;
  /** Takes what `append` or `extend` would; `listItems` is its counterpart. */
  append?(this: void, instance: T, items: readonly unknown[]): void;
  /** Takes what is set by key; `dictItems` is its counterpart. */
  setItems?(this: void, instance: T, entries: readonly (readonly [unknown, unknown])[]): void;
  /** The fourth item of `__reduce__`. */
  listItems?(this: void, instance: T): Iterable<unknown> | undefined;
  /** The fifth item of `__reduce__`. */
  dictItems?(this: void, instance: T): Iterable<readonly [unknown, unknown]> | undefined;
  /**
   * How Python makes an object that has no state yet, in the place of `args`, `how` and `callable`. `reduction` is what the other options
   * say of the rest; what this returns goes over it.
   */
  rebuild?(
    this: void,
    instance: T,
    type: PyGlobal,
    reduction: Omit<Reduction, "callable" | "args">,
  ): Reduction;
  /** All that `__reduce_ex__` returns; `undefined` to go on as without it. */
  reduce?(this: void, instance: T, protocol: number): Reduction | PyGlobal | undefined;
}

/** Options that take the state and give it back. */
export interface StateHooks<T extends object> {
  /** See {@link TypeOptions.setState}. */
  setState(this: void, instance: T, state: unknown): void;
  /** See {@link TypeOptions.getState}. */
  getState(this: void, instance: T): unknown;
}
