import { describe, expect, expectTypeOf, test } from "vitest";
import { builtins, dumps as dumpsCore } from "../../../src/core.ts";
import {
  dumps,
  loads,
  PyDict,
  PyGlobal,
  PyObject,
  Tuple,
  TypeDefinition,
  TypeRegistry,
  UnpicklingError,
} from "../../../src/index.ts";
import {
  attributesOf,
  defineEnum,
  defineType,
  namedTuple,
  PyException,
  pythonClass,
  stdlib,
} from "../../../src/types.ts";

const path = "shop.models.Order";
const model = (name = "Order"): PyGlobal => new PyGlobal("shop.models", name);

/** A pickle of an object with a state, as Python writes it. */
const pickled = (state: unknown, args: readonly unknown[] = [], name = "Order"): Uint8Array =>
  dumps(new PyObject(model(name), Tuple.from(args), { state }));

class Order {
  id = 0;
  total: unknown = "initial";
}

const load = (data: Uint8Array, types: TypeRegistry): unknown => loads(data, { types });

describe("no code of the class runs on data", () => {
  class Guarded {
    ran: string[] = [];

    constructor() {
      throw new Error("the constructor ran");
    }

    get total(): number {
      throw new Error("the getter ran");
    }

    set total(_: number) {
      throw new Error("the setter ran");
    }
  }
  const types = stdlib.with(defineType(path, Guarded));

  test("neither constructor nor setter", () => {
    const value = load(pickled(new Map([["total", 5]])), types) as Guarded;
    expect(Object.getPrototypeOf(value)).toBe(Guarded.prototype);
    expect(Object.getOwnPropertyDescriptor(value, "total")).toEqual({
      value: 5,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  });

  test("__proto__, constructor and toString are names like any", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const state = new Map(names.map((name) => [name, { polluted: true }]));
    const value = load(pickled(state), types) as object;
    expect(Object.getPrototypeOf(value)).toBe(Guarded.prototype);
    expect(Object.keys(value)).toEqual(names);
    expect("polluted" in {}).toBe(false);
    const back = loads(dumps(value, { types })) as PyObject;
    expect([...Object.keys(back.toObject())]).toEqual(names);
  });

  test("not even methods that a derived container overrides", () => {
    class List extends Array<unknown> {
      override push(): number {
        throw new Error("push ran");
      }
    }
    class Dict extends PyDict {
      override set(): this {
        throw new Error("set ran");
      }
    }
    const registry = stdlib.with(defineType("shop.models.List", List), defineType("shop.models.Dict", Dict));
    const list = new PyObject(model("List"), Tuple.of(), { items: [1n, 2n] });
    const dict = new PyObject(model("Dict"), Tuple.of(), { entries: [["a", 1n]] });
    const [a, b] = load(dumps([list, dict]), registry) as [List, Dict];
    expect([a instanceof List, ...a]).toEqual([true, 1, 2]);
    expect([b instanceof Dict, ...b]).toEqual([true, ["a", 1]]);
  });

  test("but setters if asked for, and never that of __proto__", () => {
    class Measured {
      #total = 0;

      get total(): number {
        return this.#total;
      }

      set total(value: number) {
        this.#total = value * 2;
      }
    }
    const registry = stdlib.with(
      defineType(path, Measured, { construct: () => new Measured(), assign: true, attributes: ["total"] }),
    );
    const state = new Map<string, unknown>([
      ["total", 5],
      ["__proto__", { polluted: true }],
    ]);
    const value = load(pickled(state), registry) as Measured;
    expect(value.total).toBe(10);
    expect(Object.getPrototypeOf(value)).toBe(Measured.prototype);
    expect((loads(dumps(value, { types: registry })) as PyObject).toObject()).toEqual({ total: 10 });
  });
});

describe("hooks", () => {
  class Money {
    readonly #cents: bigint;

    private constructor(cents: bigint) {
      this.#cents = cents;
    }

    static of(cents: bigint): Money {
      return new Money(cents);
    }

    get cents(): bigint {
      return this.#cents;
    }
  }
  const types = stdlib.with(
    defineType("shop.models.Money", Money, {
      how: "reduce",
      construct: ({ args: [cents] }) => Money.of(BigInt(cents as number)),
      reduce: ({ cents }) => ({ callable: model("Money"), args: [cents] }),
    }),
  );

  test("construct a class whose constructor is private", () => {
    const data = dumps(new PyObject(model("Money"), Tuple.of(250n), { how: "reduce" }));
    const money = load(data, types) as Money;
    expect(money.cents).toBe(250n);
    expect(dumps(money, { types })).toEqual(data);
  });

  test("take any state, and give it back", () => {
    class Versioned {
      version = 0;
      data: unknown;
    }
    const registry = stdlib.with(
      defineType(path, Versioned, {
        setState(value, state) {
          const [version, data] = state as [number, unknown];
          Object.assign(value, { version, data });
        },
        getState: ({ version, data }) => Tuple.of<unknown>(version, data),
      }),
    );
    const data = pickled(Tuple.of<unknown>(3n, "data"));
    const value = load(data, registry) as Versioned;
    expect([value.version, value.data]).toEqual([3, "data"]);
    expect(dumps(value, { types: registry })).toEqual(data);
  });

  test("an error in one is told with its place", () => {
    const registry = stdlib.with(
      defineType(path, Order, {
        setState() {
          throw new RangeError("no");
        },
      }),
    );
    expect(() => load(pickled(new Map()), registry)).toThrow(UnpicklingError);
  });

  test("attributesOf reads dicts and slots", () => {
    expect({ ...attributesOf(new Map([["a", 1]])) }).toEqual({ a: 1 });
    expect({ ...attributesOf([null, { b: 2 }]) }).toEqual({ b: 2 });
    expect({ ...attributesOf([{ a: 1 }, { a: 2 }]) }).toEqual({ a: 2 });
    expect({ ...attributesOf(null) }).toEqual({});
    expect(() => attributesOf([1, 2])).toThrow("state is not a dictionary");
    expect(() => attributesOf(new Map([[1, 2]]))).toThrow("attribute name must be string");
  });
});

describe("what a definition does not know is an error that says what to do", () => {
  const types = stdlib.with(defineType(path, Order, { args: ["id"] }));

  test.each([
    ["more arguments", pickled(undefined, [1n, 2n]), "shop.models.Order is built with 2 arguments"],
    ["another state", pickled([1n, 2n, 3n]), "the state of shop.models.Order is a list"],
    ["a name that is no text", pickled(new Map([[1n, 2n]])), "attribute name must be string"],
    [
      "keyword arguments",
      dumps(new PyObject(model(), Tuple.of(), { kwargs: new Map([["x", 1n]]) })),
      "shop.models.Order is built with the keyword argument x",
    ],
    [
      "items",
      dumps(new PyObject(model(), Tuple.of(), { items: [1n] })),
      "shop.models.Order is given items (APPEND at byte 40). Give defineType append",
    ],
    [
      "items by key",
      dumps(new PyObject(model(), Tuple.of(), { entries: [["a", 1n]] })),
      "shop.models.Order is given items by key (SETITEM at byte 44). Give defineType setItems",
    ],
    [
      "items of protocol 0",
      Buffer.from("ccopy_reg\n_reconstructor\n(cshop.models\nOrder\nc__builtin__\nlist\n(lI1\natR."),
      "shop.models.Order is given items (REDUCE at byte 70). Give defineType append",
    ],
    [
      "items by key of protocol 0",
      Buffer.from("ccopy_reg\n_reconstructor\n(cshop.models\nOrder\nc__builtin__\ndict\n(dI1\nI2\nstR."),
      "shop.models.Order is given items by key (REDUCE at byte 73). Give defineType setItems",
    ],
  ])("%s", (_, data, message) => {
    expect(() => load(data, types)).toThrow(message);
  });

  test("an attribute that an Array has no place for", () => {
    class List extends Array<unknown> {}
    const registry = stdlib.with(defineType("shop.models.List", List));
    for (const name of ["length", "0"])
      expect(() => load(pickled(new Map([[name, 2 ** 32]]), [], "List"), registry)).toThrow(
        `an Array cannot have the attribute '${name}'`,
      );
  });

  test("paths", () => {
    expect(() => defineType("Order", Order)).toThrow("Order is no class of Python");
    for (const pattern of ["shop.*.Order", "*.Order", "shop.Ord*"])
      expect(() => defineType(pattern, Order)).toThrow(`${pattern} is the path of no one class`);
    expect(() => defineType(path, Order, { aliases: ["old_shop.*"] })).toThrow("old_shop.* is the path");
    expect(() => defineEnum("shop.*", Order)).toThrow("shop.* is the path");
    class Faceless {
      declare static readonly [pythonClass]: string;
      id = 1;
    }
    expect(() => defineType(Faceless)).toThrow("does not say its Python class");
  });
});

describe("names", () => {
  test("aliases are read, and written under the class's own", () => {
    const types = stdlib.with(defineType(path, Order, { aliases: ["old_shop.Order"] }));
    const old = dumps(
      new PyObject(new PyGlobal("old_shop", "Order"), Tuple.of(), { state: new Map([["id", 7n]]) }),
    );
    const order = load(old, types) as Order;
    expect(order).toBeInstanceOf(Order);
    expect(dumps(order, { types })).toEqual(pickled(new Map([["id", 7n]])));
  });

  test("a renamed property has Python's name in the pickle, of state and keywords", () => {
    class Shipment {
      sentAt = 0;
      weight = 0;
    }
    const types = stdlib.with(
      defineType(path, Shipment, { kwargs: ["weight"], rename: { sentAt: "sent_at", weight: "weight_kg" } }),
    );
    const data = dumps(
      new PyObject(model(), Tuple.of(), {
        kwargs: new Map([["weight_kg", 2n]]),
        state: new Map([["sent_at", 5n]]),
      }),
    );
    const shipment = load(data, types) as Shipment;
    expect({ ...shipment }).toEqual({ weight: 2, sentAt: 5 });
    expect(dumps(shipment, { types })).toEqual(data);
  });

  test("a class says its own under a symbol", () => {
    class Described {
      static readonly [pythonClass] = { name: "shop.models:Outer.Described", rename: { id: "pk" } } as const;
      id = 0;
    }
    expect(pythonClass).toBe(Symbol.for("brine.pythonClass"));
    const definition = defineType(Described);
    expect([definition.module, definition.name]).toEqual(["shop.models", "Outer.Described"]);
    const types = stdlib.with(definition);
    const data = pickled(new Map([["pk", 7n]]), [], "Outer.Described");
    expect((load(data, types) as Described).id).toBe(7);
    class Heir extends Described {}
    expect(() => defineType(Heir)).toThrow("does not say its Python class");
  });

  test("a pattern is for all that have no definition, and remembers the class", () => {
    class Model {
      id = 0;
    }
    const types = stdlib.with(
      defineType("shop.*", Object),
      defineType("shop.models.*", Model),
      defineType(path, Order),
    );
    const of = (module: string, name: string): Uint8Array =>
      dumps(new PyObject(new PyGlobal(module, name), Tuple.of(), { state: new Map([["id", 7n]]) }));
    const constructorOf = (module: string, name: string): unknown =>
      (load(of(module, name), types) as object).constructor;
    expect(constructorOf("shop.models", "Order")).toBe(Order);
    expect(constructorOf("shop.models", "Customer")).toBe(Model);
    expect(constructorOf("shop.models.deep", "Customer")).toBe(Model);
    expect(constructorOf("shop.modelsmith", "Customer")).toBe(Object);
    expect(constructorOf("shopping", "Customer")).toBe(PyObject);
    for (const module of ["shop.models", "shop.models.deep"])
      expect(dumps(load(of(module, "Customer"), types), { types })).toEqual(of(module, "Customer"));
    expect(() => dumps(new Model(), { types })).toThrow("a definition for many classes");
    // What the pattern can't take stays what it is without it.
    expect(load(dumps(new PyObject(model("Odd"), Tuple.of(1n))), types)).toBeInstanceOf(PyObject);
    const derived = Buffer.from(
      "ccopy_reg\n_reconstructor\n(cshop.models\nOdd\nc__builtin__\nlist\n(lI1\natR.",
    );
    expect(load(derived, types)).toBeInstanceOf(PyObject);
    expect(load(derived, types)).toEqual(load(derived, TypeRegistry.empty));
    expect(load(of("any.where", "Thing"), stdlib.with(defineType("*", Model)))).toBeInstanceOf(Model);
  });
});

describe("registries", () => {
  test("brine/core's builtins are enough, at every protocol", () => {
    const types = builtins.with(defineType(path, Order));
    const order = Object.assign(new Order(), { id: 7, total: null });
    for (let protocol = 0; protocol <= 5; protocol++) {
      const back = load(dumpsCore(order, { types, protocol }), types);
      expect(back).toEqual(order);
      expect(back).toBeInstanceOf(Order);
    }
  });

  test("a later definition wins over what another one brought along", () => {
    class Old {
      id = 0;
    }
    const first = defineType(path, Order, { aliases: ["old.Order"] });
    const types = stdlib.with(first).with(defineType("old.Order", Old)).with(defineType("x.Y", Empty));
    expect(types.get("old", "Order")?.parts.class).toBe(Old);
    expect([...types].at(-1)?.name).toBe("Y");
  });

  test("nothing is global", () => {
    defineType(path, Order);
    expect(loads(pickled(new Map()))).toBeInstanceOf(PyObject);
    expect(() => dumps(new Order())).toThrow("can't pickle an instance of Order");
  });

  test("findClass may give a definition too", () => {
    const definition = defineType(path, Order, { args: ["id"] });
    const data = dumps(new PyObject(model("Moved"), Tuple.of(7n)));
    const order = loads(data, { findClass: (_, name) => (name === "Moved" ? definition : undefined) });
    expect((order as Order).id).toBe(7);
  });
});

class Empty {
  id?: number;
}

describe("writing", () => {
  const types = stdlib.with(defineType(path, Order, { slots: ["id"] }));

  test("a property that is undefined is left out, as in a plain object", () => {
    const order = Object.assign(new Order(), { id: 7, total: undefined });
    const back = loads(dumps(order, { types }), { exact: true }) as PyObject;
    expect(back.state).toEqual(Tuple.of<unknown>(null, new PyDict([["id", 7n]])));
  });

  test("a class derived from a defined one, and not defined itself, is written as that", () => {
    class Vip extends Order {}
    expect(load(dumps(new Vip(), { types }), types)).toBeInstanceOf(Order);
  });

  test("cycles and sharing", () => {
    class Node {
      next: Node | undefined;
      list: unknown[] = [];
    }
    const registry = stdlib.with(defineType("shop.models.Node", Node));
    const node = new Node();
    const other = new Node();
    node.next = other;
    other.next = node;
    node.list = other.list = [node];
    for (const exact of [true, false]) {
      for (let protocol = 0; protocol <= 5; protocol++) {
        const data = dumps(node, { types: registry, protocol });
        const back = loads(data, { types: registry, exact }) as Node;
        expect(back.next?.next).toBe(back);
        expect(back.list).toBe(back.next?.list);
        expect(back.list[0]).toBe(back);
      }
    }
  });

  test("a state that is given to many objects is paid for each time", () => {
    const registry = stdlib.with(defineType("shop.models.Node", Empty));
    const state = new PyDict(Array.from({ length: 1000 }, (_, i) => [`a${i}`, i]));
    const objects = Array.from({ length: 1000 }, () => new PyObject(model("Node"), Tuple.of(), { state }));
    const data = dumps(objects);
    expect(loads(data, { types: registry })).toHaveLength(1000);
    expect(() => loads(data, { types: registry, limits: { allocation: 2 ** 22 } })).toThrow(
      "limits.allocation",
    );
  });
});

describe("classes derived from those of the standard library", () => {
  test("an exception, by its base", () => {
    class ShopError extends PyException {}
    const types = stdlib.with(
      defineType("shop.models.ShopError", ShopError, { base: stdlib.get("builtins", "Exception") }),
    );
    const data = dumps(new PyObject(model("ShopError"), Tuple.of<unknown>("no", 3n), { how: "reduce" }));
    const error = load(data, types) as ShopError;
    expect([error instanceof ShopError, error instanceof Error, error.name]).toEqual([
      true,
      true,
      "ShopError",
    ]);
    expect(dumps(error, { types })).toEqual(data);
    expect(dumps(loads(data, { types, exact: true }), { types, exact: true })).toEqual(data);
  });

  test("a namedtuple with methods of its own", () => {
    const Base = namedTuple("shop.models", "Point", ["x", "y"]);
    class Point extends Base.class {
      get norm(): number {
        return Math.hypot(Number(this[0]), Number(this[1]));
      }
    }
    const types = stdlib.with(defineType("shop.models.Point", Point, { base: Base.definition }));
    const data = dumps(new PyObject(model("Point"), Tuple.of(3n, 4n)));
    const point = load(data, types) as Point;
    expect([point.norm, point.get("y")]).toEqual([5, 4]);
    expect(dumps(loads(data, { types, exact: true }), { types, exact: true })).toEqual(data);
  });
});

describe("state setters, the sixth item of a reduce", () => {
  const setter = new PyGlobal("shop.models", "set_state");
  const object = (): PyObject => {
    const value = new PyObject(model(), Tuple.of(), { how: "reduce" });
    value.called(setter, Tuple.of<unknown>(value, new PyDict([["id", 7n]])));
    return value;
  };

  test("of a class with a definition are told of", () => {
    const types = stdlib.with(defineType(path, Order, { stateSetter: "shop.models.set_state" }));
    const data = dumps(object());
    const order = load(data, types) as Order;
    expect(order.id).toBe(7);
    expect(order).toBeInstanceOf(Order);
    expect(dumps(loads(data, { types, exact: true }), { types, exact: true })).toEqual(data);
    expect(dumps(order, { types })).toEqual(data);
  });

  test("of two classes with definitions must have one of its own", () => {
    class Other extends Empty {}
    const types = stdlib.with(
      defineType(path, Order, { stateSetter: "shop.models.set_state" }),
      defineType("shop.models.Other", Other, { stateSetter: "shop.models.set_state" }),
    );
    expect(() => load(dumps(object()), types)).toThrow("is known for shop.models.Other alone");
    const apply = new TypeDefinition("shop.models", "set_state", {
      construct: ({ args: [value, state] }) => Object.assign(value as object, attributesOf(state)),
    });
    expect((load(dumps(object()), types.with(apply)) as Order).id).toBe(7);
  });

  test("of a class without one survive, at every protocol", () => {
    for (let protocol = 0; protocol <= 5; protocol++) {
      const data = dumps(object(), { protocol });
      expect(dumps(loads(data, { exact: true }), { exact: true, protocol })).toEqual(data);
    }
  });
});

describe("enumerations", () => {
  class Color {
    static readonly RED = new Color(1);
    static readonly SCARLET = Color.RED;
    static readonly GREEN = new Color(2);
    readonly value: number;

    private constructor(value: number) {
      this.value = value;
    }
  }
  const types = stdlib.with(defineEnum("shop.models.Color", Color));
  const member = (value: unknown): Uint8Array =>
    dumps(new PyObject(model("Color"), Tuple.of(value), { how: "reduce" }));

  test("a member is the very object", () => {
    expect(load(member(1n), types)).toBe(Color.RED);
    expect(loads(member(2n), { types, exact: true })).toBe(Color.GREEN);
    expect(dumps(Color.RED, { types })).toEqual(member(1n));
    expect(dumps(Color.RED, { types, exact: true })).toEqual(member(1n));
  });

  test("by its name, as Python 3.11 has it", () => {
    const getattr = new PyGlobal("builtins", "getattr");
    const byName = (name: string): Uint8Array =>
      dumps(new PyObject(getattr, Tuple.of<unknown>(model("Color"), name), { how: "reduce" }));
    expect(load(byName("GREEN"), types)).toBe(Color.GREEN);
    expect(load(byName("SCARLET"), types)).toBe(Color.RED);
    expect(load(byName("prototype"), types)).toBeInstanceOf(PyGlobal);
  });

  test("a value that no member has", () => {
    expect(() => load(member(3n), types)).toThrow("3 is not a valid Color");
    const lenient = stdlib.with(defineEnum("shop.models.Color", Color, { missing: () => Color.GREEN }));
    expect(load(member(3n), lenient)).toBe(Color.GREEN);
  });
});

test("types", () => {
  expectTypeOf(defineType(path, Order)).toEqualTypeOf<TypeDefinition<Order>>();
  defineType(path, Order, {
    args: ["id"],
    setState(order) {
      expectTypeOf(order).toEqualTypeOf<Order>();
    },
    getState: (order) => {
      expectTypeOf(order.id).toBeNumber();
      return undefined;
    },
  });
  // @ts-expect-error no property of an Order
  defineType(path, Order, { slots: ["ident"] });
  // @ts-expect-error nor this
  defineType(path, Order, { rename: { ident: "id" } });
  // @ts-expect-error makes something else
  defineType(path, Order, { construct: () => 5 });
  class Faced {
    static readonly [pythonClass] = "a.B";
    id = 1;
  }
  expectTypeOf(defineType(Faced)).toEqualTypeOf<TypeDefinition<Faced>>();
  class Bare {
    id = 1;
  }
  // @ts-expect-error says no Python class
  expect(() => defineType(Bare)).toThrow(TypeError);
});
