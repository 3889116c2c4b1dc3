import type { PyGlobal } from "../values/py-global.ts";
import type { PyObject } from "../values/py-object.ts";

/** How a pickle asks for an object to be made: the opcode, in lower case. */
export type ConstructionKind = "reduce" | "newobj" | "newobj_ex" | "inst" | "obj";

/** What a load does for those who build its objects. */
export interface ConstructionContext {
  /** How the load builds another class: for functions that are given the class to build, as `copyreg` has them. */
  definition(type: PyGlobal): TypeDefinition | undefined;
  /**
   * Takes bytes from `limits.allocation`. What takes memory or time by the size of its arguments must, as a pickle can give the same
   * large argument again and again.
   *
   * @throws UnpicklingError `limit-exceeded`
   */
  spend(bytes: number): void;
}

/** One object that a pickle asks for. */
export interface Construction {
  /** The opcode that asks. */
  readonly how: ConstructionKind;
  /** The class or function, by name. */
  readonly type: PyGlobal;
  /** Positional arguments: a frozen `Tuple` in exact mode, an `Array` in plain mode. */
  readonly args: readonly unknown[];
  /** Keyword arguments of NEWOBJ_EX. */
  readonly kwargs: ReadonlyMap<string, unknown> | undefined;
  /** Whether exact values are asked for. */
  readonly exact: boolean;
  /** The load that asks. */
  readonly definitions: ConstructionContext;
}

/** What Python's `__reduce_ex__` returns: how to rebuild a value. */
export interface Reduction {
  /** The class or function to call; one named `copyreg.__newobj__` or `copyreg.__newobj_ex__` makes NEWOBJ or NEWOBJ_EX. */
  readonly callable: PyGlobal | PyObject;
  /** Its positional arguments. */
  readonly args: readonly unknown[];
  /** What BUILD gives to `__setstate__` or `__dict__`; left out or `undefined`: nothing. */
  readonly state?: unknown;
  /** Items that `extend` or `append` adds. */
  readonly listItems?: Iterable<unknown> | undefined;
  /** Pairs that `__setitem__` sets. */
  readonly dictItems?: Iterable<readonly [unknown, unknown]> | undefined;
  /** Called as `stateSetter(object, state)` in the place of BUILD. */
  readonly stateSetter?: PyGlobal | PyObject | undefined;
}

/** What a {@link TypeDefinition} is made of; all but the name is optional. */
export interface TypeDefinitionParts<T = unknown> {
  /** The JavaScript class whose instances stand for the Python type, by which later opcodes and `dumps` find it. */
  readonly class?: (abstract new (...args: never) => T) | undefined;
  /**
   * What `Object.prototype.toString` says of instances of any class, beside `class`: `"[object Temporal.PlainDate]"`. `dumps` finds
   * by it what another realm or a polyfill made.
   */
  readonly tag?: string | undefined;
  /** What the result is when it is an `Array`, a `Set` or a `Uint8Array` and JavaScript alone can't tell. */
  readonly result?: "list" | "tuple" | "set" | "frozenset" | "bytes" | "bytearray" | undefined;
  /** Makes the value; `undefined` leaves it to be a `PyObject`. */
  construct?(this: void, construction: Construction): T | undefined;
  /** Makes what a call of the value (`type`) gives; without it a value that a pickle calls is an error. */
  call?(this: void, construction: Omit<Construction, "type"> & { readonly type: T }): unknown;
  /** Takes the state that BUILD gives; `load` is to be paid for a copy of it, as a pickle can give one state to many objects. */
  setState?(this: void, value: T, state: unknown, load: ConstructionContext): void;
  /** Whether the definition is for this class too, one that no other definition names: a later one that says so wins. */
  matches?(this: void, module: string, name: string): boolean;
  /** What `getattr(type, name)` gives, as for a member of an enumeration; `undefined` for a nested class or function. */
  attribute?(this: void, name: string): T | undefined;
  /** Makes an instance whose part of the builtin class `base` is `value`, as protocols 0 and 1 ask for it. */
  derive?(this: void, construction: Construction, base: PyGlobal, value: unknown): T | undefined;
  /** Definitions that it needs beside it. */
  readonly also?: readonly TypeDefinition[] | undefined;
  /** Takes the items that APPEND, APPENDS or ADDITEMS give. */
  append?(this: void, value: T, items: readonly unknown[]): void;
  /** Takes the pairs that SETITEM or SETITEMS give. */
  setItems?(this: void, value: T, entries: readonly (readonly [unknown, unknown])[]): void;
  /** Tells `dumps` how Python rebuilds the value under `protocol`; `undefined` to go on as without a definition. */
  reduce?(this: void, value: T, protocol: number): Reduction | PyGlobal | undefined;
}

/** How one Python class or function is read into, and written from, a JavaScript value. It is data: a {@link TypeRegistry} holds it. */
export class TypeDefinition<T = unknown> {
  /** Module of the Python name, such as `"collections"`. */
  declare readonly module: string;
  /** Qualified name inside the module, such as `"OrderedDict"`. */
  declare readonly name: string;
  /** What it is made of. */
  declare readonly parts: TypeDefinitionParts<T>;

  constructor(module: string, name: string, parts: TypeDefinitionParts<T>) {
    this.module = module;
    this.name = name;
    this.parts = parts;
  }
}

/**
 * The types that `loads` builds and `dumps` reduces. A registry is a value: it never changes, and nothing is global.
 *
 * @example
 * const types = standard.with(new TypeDefinition("shop.models", "Order", { construct: ({ args }) => new Order(...args) }));
 */
export class TypeRegistry {
  /** No adapters: whatever is not an opcode's own value is a `PyGlobal` or a `PyObject`. */
  static readonly empty: TypeRegistry = /* @__PURE__ */ new TypeRegistry();

  readonly #given: readonly TypeDefinition[];
  /** Those that are in no table yet. */
  #left: readonly TypeDefinition[];
  readonly #byName = new Map<string, Map<string, TypeDefinition>>();
  readonly #patterns: readonly TypeDefinition[];
  /** By the prototype or the tag of the instances. */
  readonly #byPrototype = new Map<unknown, TypeDefinition>();

  constructor(definitions: Iterable<TypeDefinition> = []) {
    this.#given = [...definitions];
    this.#left = this.#given.flatMap((given) => [...(given.parts.also ?? []), given]);
    this.#patterns = this.#left.filter(({ parts }) => parts.matches);
  }

  /** The tables, made when first asked for: an import makes registries that most programs never ask. */
  #index(): void {
    for (const definition of this.#left) {
      const { module, name, parts } = definition;
      const names = this.#byName.get(module) ?? new Map<string, TypeDefinition>();
      this.#byName.set(module, names.set(name, definition));
      // What is not there is a key too, which nothing looks for.
      for (const key of [parts.class?.prototype, parts.tag]) this.#byPrototype.set(key, definition);
    }
    this.#left = [];
  }

  /** All definitions, in the order they were given. */
  *[Symbol.iterator](): Generator<TypeDefinition, void> {
    yield* this.#given;
  }

  /** A registry with these definitions beside its own; a later one of the same name wins. */
  with(...definitions: readonly TypeDefinition[]): TypeRegistry {
    return new TypeRegistry([...this, ...definitions]);
  }

  /** The definition of the class or function `module.name`, or one that matches it, if there is one. */
  get(module: string, name: string): TypeDefinition | undefined {
    this.#index();
    return (
      this.#byName.get(module)?.get(name) ??
      this.#patterns.findLast(({ parts }) => parts.matches!(module, name))
    );
  }

  /** The definition whose class `value` is an instance of, the nearest class first. */
  of(value: unknown): TypeDefinition | undefined {
    if (this.#given.length === 0 || typeof value !== "object") return undefined;
    this.#index();
    for (let p = value; p !== null; p = Object.getPrototypeOf(p) as object | null) {
      const definition = this.#byPrototype.get(p);
      if (definition !== undefined) return definition;
    }
    return this.#byPrototype.get(Object.prototype.toString.call(value));
  }
}
