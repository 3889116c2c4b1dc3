import { failure } from "../../bytes/failure.ts";
import { refusal } from "../../pickler/refusal.ts";
import { PyGlobal } from "../../values/py-global.ts";
import { pythonTypeName } from "../../values/python-type.ts";
import type { Construction, ConstructionContext, Reduction } from "../registry.ts";
import { entriesOf } from "../../values/attributes.ts";
import { newObject, tuple } from "../value.ts";
import { readAttributes, setAttribute } from "./attributes.ts";
import type { ClassOf, TypeOptions } from "./options.ts";
import { globalOf } from "./python-class.ts";
import { argumentsOfValue, namedTupleShell, scalarShell, type Shell, shellOf } from "./shells.ts";

/** How an instance was loaded, where that is not how a new one would be written. */
interface Loading {
  /** Its class, if the definition is one of many. */
  readonly type: PyGlobal | undefined;
  how: "newobj" | "reduce" | undefined;
  slots?: ReadonlySet<string>;
  /** Whether it was given a state with nothing in it. */
  hasEmptyState?: boolean;
}

type Properties = Record<string, unknown>;

/** Where the builtin's value is a property: what the option `base` says. */
function shellFor<T extends object>(type: ClassOf<T>, { base, args }: TypeOptions<T>): Shell {
  const [first] = args ?? [];
  if (typeof base === "string" && first !== undefined)
    return scalarShell(base, (instance) => (instance as Properties)[first]);
  const shell = shellOf(type);
  return shell.base === "tuple" && args ? namedTupleShell(args.length) : shell;
}

/** What a class and its options say, and what is known of the instances that were loaded. */
export class Instances<T extends object> {
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
  /** Properties that are in the arguments and so not in the state. */
  readonly #apart: ReadonlySet<string>;
  readonly #slots: ReadonlySet<string> | undefined;
  readonly #callable: PyGlobal | undefined;
  readonly #stateSetter: PyGlobal | undefined;

  constructor(type: PyGlobal | undefined, class_: ClassOf<T>, options: TypeOptions<T>) {
    this.#type = type;
    this.#class = class_;
    this.#options = options;
    this.shell = shellFor(class_, options);
    this.#args = this.shell.base === "tuple" ? [] : (options.args ?? []);
    this.#apart = new Set([...this.#args, ...(options.kwargs ?? [])]);
    this.#slots = options.slots && new Set(options.slots);
    const { callable, stateSetter } = options;
    this.#callable = callable === undefined ? undefined : globalOf(callable);
    this.#stateSetter = stateSetter === undefined ? undefined : globalOf(stateSetter);
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
    const call = { ...construction, how: "newobj" } as const;
    if (base.name === "list" || base.name === "dict") {
      // A definition for many classes does not know what each derives from.
      const { append, setItems } = this.#options;
      const isKnown = this.shell.base === base.name || (base.name === "list" ? append : setItems);
      const instance = this.#type || isKnown ? this.construct({ ...call, args: [] }) : undefined;
      if (instance === undefined) return undefined;
      if (Array.isArray(value)) this.takers.append?.(instance, value);
      else this.takers.setItems?.(instance, entriesOf(value));
      return instance;
    }
    const isNamedTuple = this.#options.args !== undefined && base.name === "tuple";
    return this.construct({ ...call, args: argumentsOfValue(base.name, value, isNamedTuple) });
  }

  /** What takes items: an object that is not made for them refuses them, and says which option takes them. */
  get takers(): Pick<TypeOptions<T>, "append" | "setItems"> {
    const refuse = (what: string, options: string, builtin: string) => {
      return (instance: T): never => {
        const type = this.#loadings.get(instance)?.type ?? this.#type;
        throw failure(
          "unsupported-operation",
          `${String(type)} is given ${what}`,
          "AttributeError",
          `Give defineType ${options}, or derive the class from ${builtin}`,
        );
      };
    };
    // A dict of plain mode is an Object too.
    const isPlain = this.shell.base === "object" && this.#class.prototype !== Object.prototype;
    const {
      append = this.shell.append ?? (isPlain ? refuse("items", "append and listItems", "Array") : undefined),
      setItems = this.shell.setItems ??
        (isPlain ? refuse("items by key", "setItems and dictItems", "PyDict") : undefined),
    } = this.#options;
    return { ...(append && { append }), ...(setItems && { setItems }) };
  }

  #loading(instance: object): Loading {
    let loading = this.#loadings.get(instance);
    if (loading === undefined) this.#loadings.set(instance, (loading = { type: undefined, how: undefined }));
    return loading;
  }

  /** Takes a state that is attributes. */
  setState(instance: T, state: unknown, load?: ConstructionContext): void {
    const { setState } = this.#options;
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
    const size = dict.length + (slots?.length ?? 0);
    load?.spend(48 * size);
    for (const [name, value] of dict) this.#set(instance, name, value);
    if (slots) {
      for (const [name, value] of slots) this.#set(instance, name, value);
      if (!this.#slots)
        this.#loading(instance).slots = new Set(slots.map(([name]) => this.#names.get(name) ?? name));
    }
    if (state !== null && size === 0) this.#loading(instance).hasEmptyState = true;
  }

  /** The values of properties by their names in Python. */
  #named(instance: T, names: Iterable<string>, without?: ReadonlySet<string>): Map<string, unknown> {
    const properties = instance as Properties;
    const named = new Map<string, unknown>();
    for (const name of names) {
      const value = without?.has(name) ? undefined : properties[name];
      if (value !== undefined) named.set(this.#pythonNames.get(name) ?? name, value);
    }
    return named;
  }

  /** The own properties that are attributes, in order. */
  #attributesOf(instance: T): readonly string[] {
    const names = Object.keys(instance);
    const isIndexed = Array.isArray(instance) || ArrayBuffer.isView(instance);
    if (this.#apart.size === 0 && !isIndexed) return names;
    return names.filter((name) => !(this.#apart.has(name) || (isIndexed && /^\d+$/.test(name))));
  }

  #state(instance: T, loading: Loading | undefined): unknown {
    const { getState, attributes } = this.#options;
    if (getState) return getState(instance);
    const slots = this.#slots ?? loading?.slots;
    const dict = this.#named(instance, attributes ?? this.#attributesOf(instance), slots);
    const ofSlots = slots && this.#named(instance, slots, this.#apart);
    if (ofSlots !== undefined && ofSlots.size > 0) return tuple(dict.size === 0 ? null : dict, ofSlots);
    return dict.size === 0 && loading?.hasEmptyState !== true ? undefined : dict;
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
    const { listItems, dictItems } = options;
    const isDerived = protocol < 2 && shell.base !== "object";
    const more = {
      state: this.#state(instance, loading),
      listItems: listItems ? listItems(instance) : isDerived ? undefined : shell.listItems?.(instance),
      dictItems: dictItems ? dictItems(instance) : isDerived ? undefined : shell.dictItems?.(instance),
      stateSetter: this.#stateSetter,
    };
    if (options.rebuild) return { ...more, ...options.rebuild(instance, type, more) };
    const properties = instance as Properties;
    const args =
      this.#args.length > 0
        ? this.#args.map((name) => properties[name] ?? null)
        : shell.args(instance, protocol);
    if (this.#callable) return { ...more, callable: this.#callable, args };
    if ((loading?.how ?? options.how ?? shell.how) === "reduce") return { ...more, callable: type, args };
    if (options.kwargs && protocol > 1) {
      const keywords = this.#named(instance, options.kwargs);
      return {
        ...more,
        callable: new PyGlobal("copyreg", "__newobj_ex__"),
        args: [type, tuple(...args), keywords],
      };
    }
    if (protocol > 1) return newObject(protocol, type, args, more);
    // Only here a value of the builtin, which has what the items would give.
    return { ...more, ...newObject(protocol, type, args, {}, shell.base, shell.value?.(instance)) };
  }
}
