// The classes that stand for those of test/support/classes_judge.py.
import {
  defineEnum,
  defineType,
  listState,
  namedTuple,
  PyDefaultDict,
  PyOrderedDict,
  pythonClass,
  stdlib,
  type TypeRegistry,
} from "../../../src/types.ts";
import { ByteArray, PyDict, PyFrozenSet, PySet, Tuple } from "../../../src/index.ts";

/** Fails when it is called: no constructor may run on data. */
const forbidden = (): never => {
  throw new Error("a constructor ran");
};

class Plain {
  id: unknown = forbidden();
  name: unknown;
}
class Vip extends Plain {}
class Empty {
  note: unknown;
}
class Node {
  value: unknown;
  self: Node = forbidden();
  parent: Node | undefined;
  children: Node[] = [];
}
class Slots {
  x: unknown = forbidden();
  y: unknown;
}
class SlotsAndDict extends Slots {
  z: unknown;
}

/** Its total is its own business. */
class State {
  #total: unknown;

  constructor(total: unknown) {
    this.#total = total;
  }

  get total(): unknown {
    return this.#total;
  }

  take(state: unknown): void {
    [this.#total] = state as unknown[];
  }
}
class FalseState {
  state: unknown;
}
class Reduced {
  x: unknown;
  y: unknown = forbidden();
}
class ReducedWithState {
  x: unknown;
  note: unknown;
}
class Made {
  a: unknown;
  b: unknown;
}
class Listed {
  label: unknown;
  items: unknown[] = [];
}
class Keyed {
  entries: [unknown, unknown][] = [];
}
class WithSetter {
  a: unknown;
}
class NewArgs {
  x: unknown;
  y: unknown;
}
class NewArgsEx {
  x: unknown;
  unit: unknown;
}
class MyDict extends PyDict {
  label: unknown;
}
class MyList extends Array<unknown> {
  owner: unknown;
}
class MySet extends PySet {}
class MyFrozenSet extends PyFrozenSet {}
class MyTuple extends Tuple {}
class MyInt {
  value: unknown;
}
class MyFloat {
  value: unknown;
  unit: unknown;
}
class MyText {
  value: unknown;
}
class MyBytes extends Uint8Array {}
class MyByteArray extends ByteArray {}
class ShopError extends Error {
  args: unknown;
  code: unknown;
}
class Registry extends PyOrderedDict {}
class Fallback extends PyDefaultDict {}
class Row extends namedTuple("shop.models", "Row", ["id", "name"]).class {}
class Tagged extends Tuple {
  tag: unknown;

  get id(): unknown {
    return this[0];
  }

  get name(): unknown {
    return this[1];
  }
}
class Inner {
  a: unknown;
}
class OldStyle {
  static readonly [pythonClass] = "shop.models.OldStyle";
  a: unknown;
}
class Color {
  static readonly RED = new Color(1);
  static readonly GREEN = new Color("g");
  readonly value: unknown;

  private constructor(value: unknown) {
    this.value = value;
  }
}
class Level {
  static readonly LOW = new Level(1);
  static readonly HIGH = new Level(2);
  readonly level: number;

  private constructor(level: number) {
    this.level = level;
  }
}
class Perm {
  readonly bits: bigint;

  constructor(bits: bigint) {
    this.bits = bits;
  }

  static readonly R = new Perm(4n);
  static readonly W = new Perm(2n);
}
class Pair {
  readonly note = 1;
  static readonly A = new Pair();
}
class Data {
  id: unknown;
  tags: unknown;
}
class Frozen {
  id: unknown;
  label: unknown;
}
class Child extends Data {
  extra: unknown;
}
class DataSlots {
  id: unknown;
  name: unknown;
}
class FrozenSlots {
  x: unknown;
  y: unknown;
}

const path = (name: string): string => `shop.models.${name}`;

export const shop: TypeRegistry = stdlib.with(
  defineType(path("Plain"), Plain),
  defineType(path("Vip"), Vip),
  defineType(path("Empty"), Empty),
  defineType(path("Node"), Node),
  defineType(path("Slots"), Slots, { slots: ["x", "y"] }),
  defineType(path("SlotsAndDict"), SlotsAndDict),
  defineType(path("State"), State, {
    construct: () => new State(0),
    setState: (instance, state) => {
      instance.take(state);
    },
    getState: ({ total }) => [total, "EUR"],
  }),
  defineType(path("FalseState"), FalseState, {
    setState: (instance, state) => {
      instance.state = state;
    },
    getState: ({ state }) => state,
  }),
  defineType(path("Reduced"), Reduced, { how: "reduce", args: ["x", "y"] }),
  defineType(path("ReducedWithState"), ReducedWithState, { args: ["x"] }),
  defineType(path("Made"), Made, { callable: path("make_made"), args: ["a", "b"] }),
  defineType(path("Listed"), Listed, {
    construct: () => new Listed(),
    attributes: ["label"],
    append: (instance, items) => {
      instance.items.push(...items);
    },
    listItems: ({ items }) => items,
  }),
  defineType(path("Keyed"), Keyed, {
    construct: () => new Keyed(),
    attributes: [],
    setItems: (instance, entries) => {
      for (const [key, value] of entries) instance.entries.push([key, value]);
    },
    dictItems: ({ entries }) => entries,
  }),
  defineType(path("WithSetter"), WithSetter, { how: "reduce", stateSetter: path("set_state") }),
  defineType(path("NewArgs"), NewArgs, { args: ["x", "y"], attributes: ["x", "y"] }),
  defineType(path("NewArgsEx"), NewArgsEx, { args: ["x"], kwargs: ["unit"], attributes: ["x", "unit"] }),
  defineType(path("MyDict"), MyDict),
  defineType(path("MyList"), MyList),
  defineType(path("MySet"), MySet),
  defineType(path("MyFrozenSet"), MyFrozenSet),
  defineType(path("MyTuple"), MyTuple),
  defineType(path("MyInt"), MyInt, { base: "int", args: ["value"] }),
  defineType(path("MyFloat"), MyFloat, { base: "float", args: ["value"] }),
  defineType(path("MyText"), MyText, { base: "str", args: ["value"] }),
  defineType(path("MyBytes"), MyBytes),
  defineType(path("MyByteArray"), MyByteArray),
  defineType(path("ShopError"), ShopError),
  defineType(path("Registry"), Registry, { base: stdlib.get("collections", "OrderedDict") }),
  defineType(path("Fallback"), Fallback, { base: stdlib.get("collections", "defaultdict") }),
  defineType(path("Row"), Row, { base: namedTuple("shop.models", "Row", ["id", "name"]).definition }),
  defineType(path("Tagged"), Tagged, { args: ["id", "name"] }),
  defineType("shop.models:Outer.Inner", Inner),
  defineType(OldStyle),
  defineEnum(path("Color"), Color),
  defineEnum(path("Level"), Level, { value: ({ level }) => level }),
  defineEnum(path("Perm"), Perm, {
    value: ({ bits }) => bits,
    missing: (bits) => new Perm(BigInt(bits as number)),
  }),
  defineEnum(path("Pair"), Pair, { value: () => Tuple.of<unknown>(1n, "a") }),
  defineType(path("Data"), Data),
  defineType(path("Frozen"), Frozen, { rename: { label: "name" } }),
  defineType(path("Child"), Child),
  defineType(path("DataSlots"), DataSlots),
  defineType(path("FrozenSlots"), FrozenSlots, listState("x", "y")),
);

/** The classes by their names in Python. */
export const classes: Readonly<Record<string, { readonly prototype: object }>> = {
  Plain,
  Vip,
  Empty,
  Node,
  Slots,
  SlotsAndDict,
  State,
  FalseState,
  Reduced,
  ReducedWithState,
  Made,
  Listed,
  Keyed,
  WithSetter,
  NewArgs,
  NewArgsEx,
  MyDict,
  MyList,
  MySet,
  MyFrozenSet,
  MyTuple,
  MyInt,
  MyFloat,
  MyText,
  MyBytes,
  MyByteArray,
  ShopError,
  Registry,
  Fallback,
  Row,
  Tagged,
  Inner,
  OldStyle,
  Color,
  Level,
  Perm,
  Pair,
  Data,
  Frozen,
  Child,
  DataSlots,
  FrozenSlots,
};
