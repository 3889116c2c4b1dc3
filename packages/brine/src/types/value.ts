import { pythonKey } from "../values/key.ts";
import { type Reduction, TypeDefinition, type TypeDefinitionParts } from "./registry.ts";
import { type InspectArguments, inspectAs, inspectCustom } from "../values/inspect.ts";
import { pythonType, withoutPrototype } from "../values/python-type.ts";
import { Tuple } from "../values/tuple.ts";
import { equalParts, pythonEquals } from "./equality.ts";
import { attributeOf, attributesOf, entriesOf } from "../values/attributes.ts";
import { PyGlobal } from "../values/py-global.ts";

/** What a value of the standard library can do: a scalar, equal by its parts and shown as a text. Immutable. */
export abstract class PyValue {
  /** Takes over the properties of the value, which can't be changed then; without them a subclass sets its own. */
  constructor(properties?: object) {
    if (properties !== undefined) Object.freeze(Object.assign(this, properties));
  }

  /** The Python class. */
  abstract get type(): PyGlobal;

  /** The value as a text: the one that Python's class reads, or ISO 8601. */
  abstract toString(): string;

  /** What tells values of the class apart: all properties, unless a subclass says otherwise. */
  protected parts(): readonly unknown[] {
    return Object.values(this);
  }

  /** Whether Python holds the two to be equal. */
  equals(other: unknown): boolean {
    return pythonEquals(this, other);
  }

  /** As {@link PyValue.toString}. */
  toJSON(): unknown {
    return this.toString();
  }

  /** The Python type's name. */
  get [pythonType](): string {
    return String(this.type);
  }

  /** Equal to its own kind by its parts. */
  [pythonKey](): unknown {
    return [String(this.type), ...this.parts()];
  }

  /** What `util.inspect` shows. */
  [inspectCustom](): string {
    return `${String(this.type)}(${String(this)})`;
  }
}

/** A value of the standard library that holds other values. */
export abstract class PyRecord {
  /** Takes over the properties of the value, which can't be changed then; without them a subclass sets its own. */
  constructor(properties?: object) {
    if (properties !== undefined) Object.freeze(Object.assign(this, properties));
  }

  /** The Python class. */
  abstract get type(): PyGlobal;

  /** What it holds, by name: all properties but the type, unless a subclass says otherwise. */
  protected fields(): Record<string, unknown> {
    const { type: _, ...fields } = this;
    return fields;
  }

  /** Whether Python holds the two to be equal; without recursion. */
  equals(other: unknown): boolean {
    return pythonEquals(this, other);
  }

  /** What it holds, in an object without a prototype, the Python class as `$type`. */
  toJSON(): Record<string, unknown> {
    return withoutPrototype([["$type", String(this.type)], ...Object.entries(this.fields())]);
  }

  /** The Python type's name. */
  get [pythonType](): string {
    return String(this.type);
  }

  /** A key by identity; unhashable, or equal by value, in classes that are so in Python. */
  [pythonKey](): unknown {
    return this;
  }

  /** What it is equal by. */
  [equalParts](): readonly unknown[] {
    return [String(this.type), ...Object.values(this.fields())];
  }

  /** What `util.inspect` shows. */
  [inspectCustom](...how: InspectArguments): string {
    return inspectAs(this, String(this.type), () => ({ ...this.fields() }), ...how);
  }
}

/** An instance of a class of Python's own that is its attributes, in whatever state it was loaded with. */
export class PyInstance extends PyRecord {
  /** The Python class. */
  declare readonly type: PyGlobal;
  /** What BUILD gives, a dict of attributes as a rule; `dumps` writes it as it is. */
  declare state: unknown;

  /** An instance of `type` with these attributes. */
  constructor(type: PyGlobal, attributes: unknown = new Map()) {
    super();
    this.type = type;
    const isDict = attributes instanceof Map || Array.isArray(attributes);
    this.state = isDict ? attributes : new Map(Object.entries(attributes as object));
  }

  /** An attribute, `undefined` if there is none. */
  get(name: string): unknown {
    return attributeOf(this.state, name);
  }

  /** All attributes, in an object without a prototype. */
  toObject(): Record<string, unknown> {
    return attributesOf(this.state);
  }

  /** What it holds, by name. */
  protected override fields(): Record<string, unknown> {
    return this.toObject();
  }
}

/** A {@link PyInstance} of a class that compares by its attributes, and is unhashable therefore. */
export class PyMutableInstance extends PyInstance {
  /** Unhashable. */
  override [pythonKey](): unknown {
    return undefined;
  }
}

/** A builtin class or function. */
export const builtin = (name: string): PyGlobal => new PyGlobal("builtins", name);

const newobj: PyGlobal = /* @__PURE__ */ new PyGlobal("copyreg", "__newobj__");

/**
 * How `object.__reduce_ex__` has an instance rebuilt: by NEWOBJ with `args`; below protocol 2 by `copyreg._reconstructor`, which is given
 * the value of the builtin that the class derives from. Source: CPython `Lib/copyreg.py`, `_reduce_ex`.
 */
export function newObject(
  protocol: number,
  type: PyGlobal,
  args: readonly unknown[],
  more: Omit<Reduction, "callable" | "args"> = {},
  base = "object",
  baseValue: unknown = null,
): Reduction {
  if (protocol > 1) return { ...more, callable: newobj, args: [type, ...args] };
  const { dictItems: _, ...rest } = more;
  return {
    ...rest,
    callable: new PyGlobal("copyreg", "_reconstructor"),
    args: [type, builtin(base), baseValue],
  };
}

/** A number or bigint that is an integer from `low` to `high`, as a number. */
export function integer(
  value: unknown,
  low = -Number.MAX_SAFE_INTEGER,
  high = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const number = typeof value === "bigint" ? Number(value) : value;
  return Number.isInteger(number) && (number as number) >= low && (number as number) <= high
    ? (number as number)
    : undefined;
}

/** An integer as a bigint; `undefined` for anything else. */
export function bigInteger(value: unknown): bigint | undefined {
  return typeof value === "bigint" ? value : Number.isInteger(value) ? BigInt(value as number) : undefined;
}

/** Bytes that a copy of an argument would take, about. */
function sizeOf(value: unknown): number {
  if (typeof value === "string" || value instanceof Uint8Array) return value.length;
  return 64 * (Array.isArray(value) ? value : entriesOf(value)).length;
}

/** A definition for `type`, what it constructs being paid for by the size of the arguments. */
export function define<T>(type: PyGlobal, parts: TypeDefinitionParts<T>): TypeDefinition {
  const { construct } = parts;
  if (construct === undefined) return new TypeDefinition(type.module, type.name, parts);
  return new TypeDefinition(type.module, type.name, {
    ...parts,
    construct(call) {
      let size = 16 * call.args.length;
      for (const arg of call.args) size += sizeOf(arg);
      call.definitions.spend(size);
      return construct(call);
    },
  });
}

/**
 * A definition of a class of Python's own. A call with fewer or more arguments than `arity` says is left to be a `PyObject`, and so is
 * one for which `construct` throws a RangeError, as the classes do for what is no value of theirs.
 */
export function defineValue<T>(
  type: PyGlobal,
  [least, most]: readonly [least: number, most: number],
  parts: TypeDefinitionParts<T> & Required<Pick<TypeDefinitionParts<T>, "construct">>,
): TypeDefinition {
  return define<T>(type, {
    ...parts,
    construct(call) {
      if (call.args.length < least || call.args.length > most) return undefined;
      try {
        return parts.construct(call);
      } catch (error) {
        if (error instanceof RangeError) return undefined;
        throw error;
      }
    },
  });
}

/**
 * Definitions with how `dumps` writes their values. It stands apart from how they are read, so that who imports `loads` alone does not
 * carry it. `type` is the class that it finds them by, where reading does not need it.
 */
export function written<T>(
  readers: readonly TypeDefinition[],
  reduce: NonNullable<TypeDefinitionParts<T>["reduce"]>,
  type?: TypeDefinitionParts<T>["class"],
): TypeDefinition[] {
  return readers.map(
    ({ module, name, parts }) =>
      new TypeDefinition(module, name, { class: type, ...(parts as TypeDefinitionParts<T>), reduce }),
  );
}

/** What BUILD gives becomes the value's state. */
export function keepState(value: { state: unknown }, state: unknown): void {
  value.state = state;
}

/** Instances of old-style classes of Python 2, which has no NEWOBJ for them. */
const oldStyle = /* @__PURE__ */ new WeakSet();

/** How classes are read that are their attributes, made with NEWOBJ or by a call without arguments. */
export function instanceReader<T extends PyInstance>(
  type: PyGlobal,
  base: abstract new (...args: never) => T,
  make: (type: PyGlobal) => T,
  more: Pick<TypeDefinitionParts<T>, "matches"> = {},
): TypeDefinition {
  return defineValue<T>(type, [0, 0], {
    ...more,
    class: base,
    construct({ how, type: called }) {
      const value = make(called);
      if (how === "inst" || how === "obj") oldStyle.add(value);
      return value;
    },
    setState: keepState,
  });
}

/** How such instances are written. */
export function reduceInstance(value: PyInstance, protocol: number): Reduction {
  const { type, state } = value;
  return oldStyle.has(value) ? { callable: type, args: [], state } : newObject(protocol, type, [], { state });
}

/** A `Tuple` of these, in the form that `dumps` takes for a tuple whatever it was loaded as. */
export const tuple = (...items: unknown[]): Tuple => Tuple.from(items);
