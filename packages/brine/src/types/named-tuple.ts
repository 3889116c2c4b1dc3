import { type InspectArguments, inspectAs, inspectCustom } from "../values/inspect.ts";
import { PyGlobal } from "../values/py-global.ts";
import { withoutPrototype } from "../values/python-type.ts";
import { Tuple } from "../values/tuple.ts";
import { pythonEquals } from "./equality.ts";
import type { TypeDefinition } from "./registry.ts";
import { defineValue, newObject, written } from "./value.ts";

/** A Python `namedtuple`: a {@link Tuple} whose items have names too. Made by {@link namedTuple}. */
export class NamedTuple<T = unknown> extends Tuple<T> {
  /** The Python class. */
  declare readonly type: PyGlobal;
  /** Names of the items. */
  declare readonly fields: readonly string[];

  /** The item of that name, `undefined` if there is none. */
  get(name: string): T | undefined {
    const index = this.fields.indexOf(name);
    return index < 0 ? undefined : this[index];
  }

  /** The items by name, in an object without a prototype. */
  toObject(): Record<string, T> {
    return withoutPrototype(this.fields.map((name, index) => [name, this[index] as T]));
  }

  /** Whether Python holds the two to be equal: any tuple of the same items is. */
  equals(other: unknown): boolean {
    return pythonEquals(this, other);
  }

  /** What `util.inspect` shows. */
  [inspectCustom](...how: InspectArguments): string {
    return inspectAs(this, String(this.type), () => ({ ...this.toObject() }), ...how);
  }
}

/** What {@link namedTuple} gives. */
export interface NamedTupleType {
  /** The class, with a getter for each name that `Array` has not taken. */
  readonly class: typeof NamedTuple;
  /** Makes one of the items in the order of the names. Throws a RangeError if there are more or less. */
  make(items: readonly unknown[]): NamedTuple;
  /** How it is read and written. */
  readonly definition: TypeDefinition;
}

/**
 * The class for a `namedtuple` of Python, and its definition.
 *
 * @example
 * const Point = namedTuple("shapes", "Point", ["x", "y"]);
 * Point.make([1, 2]);
 * loads(data, { types: stdlib.with(Point.definition) });
 */
export function namedTuple(module: string, name: string, fields: readonly string[]): NamedTupleType {
  const made = tupleClass(module, name, fields);
  const [definition] = writtenTuples([tupleReader(made)]) as [TypeDefinition];
  return { class: made, make: (items) => makeTuple(made, items), definition };
}

const writtenTuples = (readers: readonly TypeDefinition[]): TypeDefinition[] =>
  written<NamedTuple>(readers, (value, protocol) =>
    newObject(protocol, value.type, [...value], {}, "tuple", Tuple.from(value)),
  );

function tupleClass(module: string, name: string, fields: readonly string[]): typeof NamedTuple {
  const made = class extends NamedTuple {};
  const own: PropertyDescriptorMap = {
    type: { value: new PyGlobal(module, name) },
    fields: { value: fields },
  };
  fields.forEach((field, index) => {
    if (field in NamedTuple.prototype) return;
    own[field] = {
      get(this: readonly unknown[]): unknown {
        return this[index];
      },
    };
  });
  Object.defineProperties(made.prototype, own);
  return made;
}

function makeTuple(made: typeof NamedTuple, items: readonly unknown[]): NamedTuple {
  const { type, fields } = made.prototype;
  if (items.length !== fields.length) throw new RangeError(`${type.name} has ${fields.length} fields`);
  return made.from(items) as NamedTuple;
}

/** Of another number of items makeTuple throws a RangeError, and a PyObject shows them. */
const tupleReader = (made: typeof NamedTuple): TypeDefinition =>
  defineValue<NamedTuple>(made.prototype.type, [0, Infinity], {
    class: made,
    construct: ({ args }) => makeTuple(made, args),
  });

/** How the namedtuples of the standard library are read that one meets in pickles: results of `urllib.parse` and of `difflib`. */
export const namedTupleReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => {
  const kinds = [
    "difflib Match a b size",
    "urllib.parse DefragResult url fragment",
    "urllib.parse DefragResultBytes url fragment",
    "urllib.parse SplitResult scheme netloc path query fragment",
    "urllib.parse SplitResultBytes scheme netloc path query fragment",
    "urllib.parse ParseResult scheme netloc path params query fragment",
    "urllib.parse ParseResultBytes scheme netloc path params query fragment",
  ];
  return kinds.map((kind) => {
    const [module, name, ...fields] = kind.split(" ") as [string, string, ...string[]];
    return tupleReader(tupleClass(module, name, fields));
  });
})();

/** How they are read and written. */
export const namedTuples: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  writtenTuples(namedTupleReaders))();
