import { inspectCustom } from "./inspect.ts";
import { pythonKey } from "./key.ts";
import { pythonType } from "./python-type.ts";

/**
 * A class or function that a pickle names, never looked up anywhere. Immutable. Two of the same module and name are equal as
 * keys of `PyDict` and `PySet`; `===` tells objects apart as everywhere.
 */
export class PyGlobal {
  /** The module's dotted name, such as `"collections"`. */
  declare readonly module: string;
  /** The qualified name in the module, such as `"OrderedDict"` or, from protocol 4 on, `"Outer.Inner"`. */
  declare readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
    Object.freeze(this);
  }

  /** Module and name, with a dot between. */
  toString(): string {
    return `${this.module}.${this.name}`;
  }

  /** As {@link PyGlobal.toString}. */
  toJSON(): string {
    return String(this);
  }

  /** The Python type's name: a global is a class, mostly. */
  get [pythonType](): string {
    return "type";
  }

  /** Equal by module and name. */
  [pythonKey](): readonly unknown[] {
    return ["PyGlobal", this.module, this.name];
  }

  /** What `util.inspect` shows. */
  [inspectCustom](): string {
    return `PyGlobal(${String(this)})`;
  }
}

/** The class or function that `getattr(owner, name)` is when `owner` is a class: nested in it. `undefined` for other arguments. */
export function nestedIn(owner: unknown, name: unknown): PyGlobal | undefined {
  const isNested = owner instanceof PyGlobal && typeof name === "string";
  return isNested ? new PyGlobal(owner.module, `${owner.name}.${name}`) : undefined;
}
