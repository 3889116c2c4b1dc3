import { failure } from "../../bytes/failure.ts";
import { simpleKey } from "../../values/key.ts";
import { PyDict } from "../../values/py-dict.ts";
import type { PyGlobal } from "../../values/py-global.ts";
import { getattr } from "../enum.ts";
import type { Construction, TypeDefinition } from "../registry.ts";
import { bigInteger, define } from "../value.ts";
import type { ClassOf } from "./options.ts";
import { globalOf } from "./python-class.ts";

/** What tells {@link defineEnum} of an enumeration. */
export interface EnumOptions<T extends object> {
  /** Other paths under which pickles have the class. */
  readonly aliases?: readonly (string | PyGlobal)[] | undefined;
  /** Python's value of a member; its property `value` unless set. */
  value?(this: void, member: T): unknown;
  /** What stands for a value that no member has: a union of flags, or a member that is new. Without it such a value is an error. */
  missing?(this: void, value: unknown): T | undefined;
}

/**
 * Tells `loads` and `dumps` of an enumeration whose members are static properties of a class: a pickle's member becomes that very
 * object, so that `===` holds.
 *
 * @example
 * class Color {
 *   static readonly RED = new Color(1);
 *   static readonly GREEN = new Color(2);
 *   private constructor(readonly value: number) {}
 * }
 * const types = stdlib.with(defineEnum("shop.models.Color", Color));
 */
export function defineEnum<T extends object>(
  path: string | PyGlobal,
  type: ClassOf<T>,
  options?: EnumOptions<T>,
): TypeDefinition<T>;
export function defineEnum<T extends object>(
  path: string | PyGlobal,
  type: ClassOf<T>,
  options: EnumOptions<T> = {},
): TypeDefinition {
  const global = globalOf(path);
  const valueOf = options.value ?? ((member: T): unknown => (member as { readonly value?: unknown }).value);
  const isMember = (value: unknown): value is T =>
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === type.prototype;
  const byName = new Map(Object.entries(type).filter((entry): entry is [string, T] => isMember(entry[1])));
  const byValue = new PyDict<unknown, T>();
  // Of two names of one value the first is the member's.
  for (const member of byName.values()) byValue.getOrInsert(valueOf(member), member);
  const construct = ({ args: [value, ...more] }: Construction): T => {
    const member = more.length > 0 ? undefined : (byValue.get(value) ?? options.missing?.(value));
    if (member !== undefined) return member;
    throw failure(
      "invalid-arguments",
      `${simpleKey(value) === undefined ? "that" : String(value)} is not a valid ${global.name}`,
      "ValueError",
      "Add the member, or give defineEnum missing",
    );
  };
  return define<T>(global, {
    class: type as unknown as abstract new (...args: never) => T,
    construct,
    attribute: (name) => byName.get(name),
    reduce(member) {
      const value = valueOf(member);
      return { callable: global, args: [typeof value === "number" ? (bigInteger(value) ?? value) : value] };
    },
    also: [getattr, ...(options.aliases ?? []).map((alias) => define<T>(globalOf(alias), { construct }))],
  });
}
