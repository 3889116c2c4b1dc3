import { pythonKey } from "../values/key.ts";
import { nestedIn, PyGlobal } from "../values/py-global.ts";
import type { TypeDefinition } from "./registry.ts";
import { bigInteger, builtin, define, defineValue, PyRecord, written } from "./value.ts";
import { equalParts } from "./equality.ts";

/** What tells {@link enumDefinition} of an enumeration. */
export interface EnumParts {
  /** Values of the members by name, as far as they are known: ints may be numbers. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Whether members are ints or strs themselves, as those of `IntEnum`, `IntFlag` and `StrEnum`: equal to their values. */
  readonly isValue?: boolean;
}

/** A member of a Python `Enum` or `Flag`. A pickle names it by its value, one of Python 3.11 by its name. */
export class PyEnum extends PyRecord {
  /** The Python class. */
  declare readonly type: PyGlobal;
  /** The member's name; `undefined` if the pickle doesn't say it and the definition has no members. */
  declare readonly name: string | undefined;
  /** The member's value; `undefined` if the pickle has the name only. */
  declare readonly value: unknown;
  /** Whether it is equal to its value. */
  declare readonly isValue: boolean;

  constructor(type: PyGlobal, name: string | undefined, value?: unknown, isValue = false) {
    super({ type, name, value, isValue });
  }

  /** What it holds, by name. */
  protected override fields(): Record<string, unknown> {
    return { name: this.name, value: this.value };
  }

  /** Equal to the same member, and of an `IntEnum` and its like to the value. */
  override [pythonKey](): unknown {
    return this.isValue ? this.value : this[equalParts]();
  }

  /** What it is equal by. */
  override [equalParts](): readonly unknown[] {
    return [String(this.type), this.value ?? this.name];
  }

  /** The member as Python's code has it: `Color.RED`, or `Color(1)` without the name. */
  override toString(): string {
    const { name } = this.type;
    const value = typeof this.value === "object" ? "…" : `${this.value as number}`;
    return this.name === undefined ? `${name}(${value})` : `${name}.${this.name}`;
  }
}

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (bigInteger(a) !== undefined && bigInteger(a) === bigInteger(b));

/**
 * Tells `loads` and `dumps` of an enumeration of yours. Without it a member is a `PyObject`, or a `PyGlobal` if the pickle has its name.
 *
 * @example
 * const types = stdlib.with(enumDefinition("shop.models", "Color", { members: { RED: 1, GREEN: 2 } }));
 */
export function enumDefinition(module: string, name: string, parts: EnumParts = {}): TypeDefinition {
  const known = new Map(Object.entries(parts.members ?? {}));
  const reader = enumReader(
    module,
    name,
    parts.isValue,
    (memberName) => known.get(memberName),
    (value) => [...known].find(([, candidate]) => isSame(candidate, value))?.[0],
  );
  return writtenEnums([reader])[0] as TypeDefinition;
}

const writtenEnums = (readers: readonly TypeDefinition[]): TypeDefinition[] =>
  written<PyEnum>(
    readers,
    ({ type: callable, name, value }) => {
      if (value === undefined) return { callable: builtin("getattr"), args: [callable, name] };
      return { callable, args: [typeof value === "number" ? (bigInteger(value) ?? value) : value] };
    },
    PyEnum,
  );

/** How an enumeration is read, with what gives the value of a name and the name of a value if its members are known. */
function enumReader(
  module: string,
  name: string,
  isValue?: boolean,
  valueOf?: (memberName: string) => unknown,
  nameOf?: (value: unknown) => string | undefined,
): TypeDefinition {
  const type = new PyGlobal(module, name);
  return defineValue<PyEnum>(type, [1, 1], {
    attribute: (memberName) => new PyEnum(type, memberName, valueOf?.(memberName), isValue),
    construct: ({ args: [value] }) => new PyEnum(type, nameOf?.(value), value, isValue),
  });
}

/**
 * `getattr` on a class: how Python 3.11 names the members of enumerations, and protocols below 4 nested classes.
 * Source: CPython `Lib/enum.py`, `__reduce_ex__`; `Modules/_pickle.c`, `save_global`.
 */
export const getattr: TypeDefinition = /* @__PURE__ */ (() =>
  define(builtin("getattr"), {
    construct({ args: [owner, name, ...more], definitions }) {
      if (!(owner instanceof PyGlobal) || typeof name !== "string" || more.length > 0) return undefined;
      return definitions.definition(owner)?.parts.attribute?.(name) ?? nestedIn(owner, name);
    },
  }))();

const valueEnums = [
  ["http", "HTTPStatus"],
  ["http", "HTTPMethod"],
  ["re", "RegexFlag"],
  ["signal", "Signals"],
  ["socket", "AddressFamily"],
  ["socket", "SocketKind"],
  ["inspect", "_ParameterKind"],
] as const;

/** How members of enumerations of the standard library are read that one meets. */
export const enumReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  ...valueEnums.map(([module, name]) => enumReader(module, name, true)),
  enumReader("uuid", "SafeUUID"),
])();

/** How members are found by their name, and `|` of members. */
export const memberReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  getattr,
  // Python 3.11 writes Flag.A | Flag.B so.
  define(new PyGlobal("_operator", "or_"), {
    construct({ args: [a, b] }) {
      if (!(a instanceof PyEnum && b instanceof PyEnum && String(a.type) === String(b.type)))
        return undefined;
      const [left, right] = [a, b].map(({ value }) => bigInteger(value));
      if (left === undefined || right === undefined) return undefined;
      const name = a.name && b.name && `${a.name}|${b.name}`;
      return new PyEnum(a.type, name, left | right, a.isValue);
    },
  }),
])();

/** How members of enumerations are read and written. */
export const enums: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  ...writtenEnums(enumReaders),
  ...memberReaders,
])();
