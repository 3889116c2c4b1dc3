import { failure } from "../../bytes/failure.ts";
import { refusal } from "../../pickler/refusal.ts";
import { PyGlobal } from "../../values/py-global.ts";
import { pythonTypeName } from "../../values/python-type.ts";
import { reconstructors } from "../reconstructor.ts";
import type { Construction, ConstructionContext, Reduction, TypeDefinition } from "../registry.ts";
import { define, entriesOf, newObject, tuple } from "../value.ts";
import { readAttributes, setAttribute } from "./attributes.ts";
import { derivedFrom } from "./derived.ts";
import type { ClassOf, TypeOptions } from "./options.ts";
import { globalOf, patternOf, pythonClass, type PythonFace } from "./python-class.ts";
import { argumentsOfValue, namedTupleShell, scalarShell, type Shell, shellOf } from "./shells.ts";

/** How an instance was loaded, where that is not how a new one would be written. */
interface Loading {
  /** Its class, if the definition is one of many. */
  readonly type: PyGlobal | undefined;
  how: "newobj" | "reduce" | undefined;
  slots?: readonly string[] | undefined;
  /** Whether it was given a state with nothing in it. */
  hasEmptyState?: boolean;
}

type Properties = Record<string, unknown>;
type Named = readonly [string, unknown];

/** Where the builtin's value is a property: what the option `base` says. */
function shellFor<T extends object>(type: ClassOf<T>, { base, args }: TypeOptions<T>): Shell {
  const [first] = args ?? [];
  if (typeof base === "string" && first !== undefined)
    return scalarShell(base, (instance) => (instance as Properties)[first]);
  const shell = shellOf(type);
  return shell.base === "tuple" && args ? namedTupleShell(args.length) : shell;
}

/** What a class and its options say, and what is known of the instances that were loaded. */
class Instances<T extends object> {
  readonly #class: ClassOf<T>;
  readonly #options: TypeOptions<T>;
  readonly shell: Shell;
  /** The one class that it is for. */
  readonly #type: PyGlobal | undefined;
  /** Properties that are arguments: a namedtuple's are its items. */
  readonly #args: readonly string[];
  readonly #pythonNames: ReadonlyMap<string, string>;
  readonly #names: ReadonlyMap<string, string>;
  readonly #loadings = new WeakMap<object, Loading>();

  constructor(type: PyGlobal | undefined, class_: ClassOf<T>, options: TypeOptions<T>) {
    this.#type = type;
    this.#class = class_;
    this.#options = options;
    this.shell = shellFor(class_, options);
    this.#args = this.shell.base === "tuple" ? [] : (options.args ?? []);
    const renamed = Object.entries<string | undefined>(options.rename ?? {});
    this.#pythonNames = new Map(renamed.map(([own, python = own]) => [own, python]));
    this.#names = new Map(renamed.map(([own, python = own]) => [python, own]));
  }

  #set(instance: object, pythonName: string, value: unknown): void {
    const name = this.#names.get(pythonName) ?? pythonName;
    setAttribute(instance, name, value, this.#options.assign);
  }

  /** Makes an instance of the arguments. */
  construct(construction: Construction): T | undefined {
    const { how, args, kwargs } = construction;
    const type = this.#type ?? construction.type;
    const call = { ...construction, type };
    const { construct, kwargs: keywords = [] } = this.#options;
    const own = this.#args;
    const instance = (
      construct
        ? construct(call)
        : this.shell.make(this.#class, own.length > 0 ? { ...call, args: [] } : call)
    ) as T | undefined;
    const isPlain = this.shell.base === "object" && this.shell.how === "newobj";
    const isTaken = construct || own.length > 0 || isPlain ? args.length <= own.length : true;
    if (instance === undefined || !(construct || isTaken)) {
      // A definition for many classes does not know them all.
      if (this.#type === undefined) return undefined;
      throw failure(
        "invalid-arguments",
        `${String(type)} is built with ${args.length} argument${args.length === 1 ? "" : "s"}`,
        undefined,
        "Name their properties in the option args of defineType, or give it construct",
      );
    }
    if (!construct) {
      args.slice(0, own.length).forEach((arg, index) => {
        setAttribute(instance, own[index] as string, arg, this.#options.assign);
      });
      for (const [name, value] of kwargs ?? []) {
        const property = this.#names.get(name) ?? name;
        if (!(keywords as readonly string[]).includes(property))
          throw failure(
            "invalid-arguments",
            `${String(type)} is built with the keyword argument ${name}`,
            undefined,
            "Name its property in the option kwargs of defineType, or give it construct",
          );
        setAttribute(instance, property, value, this.#options.assign);
      }
    }
    const isCall = how !== "newobj" && how !== "newobj_ex";
    const usual = this.#options.callable === undefined ? (this.#options.how ?? this.shell.how) : "reduce";
    if (this.#type === undefined || isCall !== (usual === "reduce")) {
      this.#loadings.set(instance, {
        type: this.#type ? undefined : type,
        how: isCall ? "reduce" : "newobj",
      });
    }
    return instance;
  }

  /** Makes an instance as `copyreg._reconstructor` does. */
  derive(construction: Construction, base: PyGlobal, value: unknown): T | undefined {
    const { append, setItems } = this.shell;
    const call = { ...construction, how: "newobj" } as const;
    if (base.name === "list" || base.name === "dict") {
      const instance = this.construct({ ...call, args: [] });
      if (instance === undefined) return undefined;
      const { append: take = append, setItems: put = setItems } = this.#options;
      if (Array.isArray(value)) take?.(instance, value);
      else put?.(instance, entriesOf(value));
      return instance;
    }
    const isNamedTuple = this.#options.args !== undefined && base.name === "tuple";
    return this.construct({ ...call, args: argumentsOfValue(base.name, value, isNamedTuple) });
  }

  #loading(instance: object): Loading {
    let loading = this.#loadings.get(instance);
    if (loading === undefined) this.#loadings.set(instance, (loading = { type: undefined, how: undefined }));
    return loading;
  }

  /** Takes a state that is attributes. */
  setState(instance: T, state: unknown, load?: ConstructionContext): void {
    const { setState, slots: known } = this.#options;
    if (setState) {
      setState(instance, state);
      return;
    }
    const attributes = readAttributes(state);
    if (attributes === undefined) {
      throw failure(
        "invalid-state",
        `the state of ${String(this.#loadings.get(instance)?.type ?? this.#type)} is a ${pythonTypeName(state)}`,
        undefined,
        "Give defineType setState, and getState for dumps",
      );
    }
    const { dict, slots } = attributes;
    const all = [...dict, ...(slots ?? [])];
    load?.spend(48 * all.length);
    for (const [name, value] of all) this.#set(instance, name, value);
    if (slots && !known) this.#loading(instance).slots = slots.map(([name]) => this.#names.get(name) ?? name);
    if (state !== null && all.length === 0) this.#loading(instance).hasEmptyState = true;
  }

  /** The values of properties by their names in Python. */
  #named(instance: T, names: readonly string[]): Named[] {
    const properties = instance as Properties;
    return names
      .filter((name) => name in properties && properties[name] !== undefined)
      .map((name) => [this.#pythonNames.get(name) ?? name, properties[name]]);
  }

  #state(instance: T, loading: Loading | undefined): unknown {
    const { getState, attributes, kwargs, slots: known } = this.#options;
    if (getState) return getState(instance);
    const isIndexed = Array.isArray(instance) || ArrayBuffer.isView(instance);
    const apart = new Set<string>([...this.#args, ...(kwargs ?? [])]);
    const names: readonly string[] =
      attributes ??
      Object.keys(instance).filter((name) => !(apart.has(name) || (isIndexed && /^\d+$/.test(name))));
    const slots = new Set<string>(known ?? loading?.slots);
    const dict = this.#named(instance, slots.size > 0 ? names.filter((name) => !slots.has(name)) : names);
    const ofSlots = this.#named(
      instance,
      [...slots].filter((name) => !apart.has(name)),
    );
    const isEmpty = dict.length === 0;
    if (ofSlots.length > 0) return tuple(isEmpty ? null : new Map(dict), new Map(ofSlots));
    return isEmpty && loading?.hasEmptyState !== true ? undefined : new Map(dict);
  }

  /** How Python makes an equal instance. */
  reduce(instance: T, protocol: number): Reduction | PyGlobal {
    const options = this.#options;
    const { shell } = this;
    const own = options.reduce?.(instance, protocol);
    if (own !== undefined) return own;
    const loading = this.#loadings.get(instance);
    const type = loading?.type ?? this.#type;
    if (type === undefined) {
      throw refusal(
        "unsupported-type",
        "a definition for many classes cannot tell which of them a new instance is of",
        undefined,
        "Define its class by name",
      );
    }
    const { listItems, dictItems, stateSetter } = options;
    const isDerived = protocol < 2 && shell.base !== "object";
    const more = {
      state: this.#state(instance, loading),
      listItems: listItems ? listItems(instance) : isDerived ? undefined : shell.listItems?.(instance),
      dictItems: dictItems ? dictItems(instance) : isDerived ? undefined : shell.dictItems?.(instance),
      stateSetter: stateSetter === undefined ? undefined : globalOf(stateSetter),
    };
    if (options.rebuild) return { ...more, ...options.rebuild(instance, type, more) };
    const properties = instance as Properties;
    const args =
      this.#args.length > 0
        ? this.#args.map((name) => properties[name] ?? null)
        : shell.args(instance, protocol);
    if (options.callable !== undefined) return { ...more, callable: globalOf(options.callable), args };
    if ((loading?.how ?? options.how ?? shell.how) === "reduce") return { ...more, callable: type, args };
    if (options.kwargs && protocol > 1) {
      const keywords = new Map(this.#named(instance, options.kwargs));
      return {
        ...more,
        callable: new PyGlobal("copyreg", "__newobj_ex__"),
        args: [type, tuple(...args), keywords],
      };
    }
    const made = newObject(protocol, type, args, {}, shell.base, shell.value?.(instance));
    return { ...more, ...made };
  }
}

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
              if (
                typeof instance !== "object" ||
                !Object.prototype.isPrototypeOf.call(class_.prototype, instance!)
              )
                return undefined;
              instances.setState(instance as T, state, definitions);
              return instance as T;
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
  if (typeof options.base === "object") return derivedFrom(options.base, type, constructor, options);
  const instances = new Instances(matches ? undefined : type, class_, options);
  const { append = instances.shell.append, setItems = instances.shell.setItems } = options;
  return define<T>(type, {
    class: constructor,
    ...(matches && { matches }),
    construct: (call) => instances.construct(call),
    derive: (call, base, value) => instances.derive(call, base, value),
    setState: (instance, state, load) => {
      instances.setState(instance, state, load);
    },
    ...(append && { append }),
    ...(setItems && { setItems }),
    reduce: (instance, protocol) => instances.reduce(instance, protocol),
    also: definitionsBeside(type, instances, class_, options),
  });
}
