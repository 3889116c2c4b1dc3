import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { PyDict } from "../../src/values/py-dict.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import { operationsOf } from "../../src/values/py-object-operations.ts";
import { PyObject } from "../../src/values/py-object.ts";
import { pythonTypeName } from "../../src/values/python-type.ts";
import { Tuple } from "../../src/values/tuple.ts";

const type = new PyGlobal("shop", "Basket.Item");

describe("PyObject", () => {
  it("says how it is to be built", () => {
    expect(new PyObject(type)).toMatchObject({
      type,
      args: [],
      kwargs: undefined,
      how: "newobj",
      loadedPlain: false,
    });
    const args = Tuple.of(1n);
    const kwargs = new Map([["a", 1n]]);
    expect(new PyObject(type, args, { kwargs })).toMatchObject({ args, kwargs, how: "newobj_ex" });
    expect(new PyObject(type, args, { how: "reduce", plain: true })).toMatchObject({
      how: "reduce",
      loadedPlain: true,
    });
    expect(
      new PyObject(type, args, { how: "inst", state: null, items: [1], entries: [[2, 3]] }),
    ).toMatchObject({
      how: "inst",
      state: null,
      items: [1],
      entries: [[2, 3]],
    });
  });

  it("gives the usual operations in the usual order, batches made one", () => {
    const object = new PyObject(type);
    expect([object.items, object.entries, object.state, operationsOf(object)]).toEqual([
      [],
      [],
      undefined,
      [],
    ]);
    object.appendItems(["-", 1, 2, "-"], 1, 3);
    object.appendItems([3]);
    object.appendItems([], 0, 0);
    object.setItems(["-", "a", 1, "b", 2], 1, 5);
    object.setItems(["c", 3]);
    object.build("state");
    expect(object.log).toBeUndefined();
    const operations = [
      { kind: "append", items: [1, 2, 3] },
      {
        kind: "set",
        entries: [
          ["a", 1],
          ["b", 2],
          ["c", 3],
        ],
      },
      { kind: "build", state: "state" },
    ];
    expect(operationsOf(object)).toEqual(operations);
    expect(
      operationsOf(
        new PyObject(type, [], {
          state: "state",
          items: [1, 2, 3],
          entries: [
            ["a", 1],
            ["b", 2],
            ["c", 3],
          ],
        }),
      ),
    ).toEqual(operations);
    expect(operationsOf(new PyObject(type, [], { state: null }))).toEqual([{ kind: "build", state: null }]);
  });

  it("keeps any other order", () => {
    const object = new PyObject(type);
    object.appendItems([1]);
    object.setItems(["a", 1]);
    object.appendItems([2]);
    object.appendItems([3]);
    object.addItems([4]);
    object.build(null);
    object.build("second");
    object.setItems(["b", 2]);
    object.called("callable", [object, 1]);
    object.build("third");
    expect([object.items, object.entries, object.state]).toEqual([
      [1, 2, 3, 4],
      [
        ["a", 1],
        ["b", 2],
      ],
      "third",
    ]);
    const operations = [
      { kind: "append", items: [1] },
      { kind: "set", entries: [["a", 1]] },
      { kind: "append", items: [2, 3] },
      { kind: "add", items: [4] },
      { kind: "build", state: null },
      { kind: "build", state: "second" },
      { kind: "set", entries: [["b", 2]] },
      { kind: "call", callable: "callable", args: [object, 1] },
      { kind: "build", state: "third" },
    ];
    expect(operationsOf(object)).toEqual(operations);
    // What is changed by hand is written as it is then.
    object.items[0] = "one";
    object.items.push(5);
    object.entries[1] = ["c", 3];
    object.state = "fourth";
    expect(operationsOf(object)).toEqual([
      { kind: "append", items: ["one"] },
      ...operations.slice(1, 6),
      { kind: "set", entries: [["c", 3]] },
      operations[7],
      { kind: "build", state: "fourth" },
      { kind: "append", items: [5] },
    ]);
    object.items.length = 2;
    object.entries.length = 0;
    expect(operationsOf(object).map(({ kind }) => kind)).toEqual([
      "append",
      "append",
      "build",
      "build",
      "call",
      "build",
    ]);
  });

  it.each(["added", "called", "set after state", "appended after state"])(
    "keeps the order when %s comes first",
    (kind) => {
      const object = new PyObject(type);
      if (kind === "added") {
        object.addItems([1], 0, 1);
        object.build(1);
        expect(operationsOf(object)).toEqual([
          { kind: "add", items: [1] },
          { kind: "build", state: 1 },
        ]);
      } else if (kind === "called") {
        object.called("f", []);
        object.setItems([1, 2]);
        expect(operationsOf(object).map((each) => each.kind)).toEqual(["call", "set"]);
      } else {
        object.build({});
        if (kind.startsWith("set")) object.setItems([1, 2]);
        else object.appendItems([1]);
        expect(operationsOf(object).map((each) => each.kind)).toEqual([
          "build",
          kind.startsWith("set") ? "set" : "append",
        ]);
      }
    },
  );

  const dict = (): PyDict<string> =>
    new PyDict([
      ["a", 1n],
      ["__proto__", 2n],
      ["constructor", 3n],
    ]);
  it.each([
    ["a PyDict", dict()],
    ["a Map", new Map(dict())],
    ["a plain object", JSON.parse('{"a": 1, "__proto__": 2, "constructor": 3}') as object],
    ["an object without a prototype", dict().toJSON()],
    [
      "a dict and slots",
      Tuple.of(
        dict(),
        new PyDict<string>([
          ["a", "slot"],
          ["b", 4n],
        ]),
      ),
    ],
    ["slots alone, plain", [null, new Map([...dict()])]],
  ])("reads attributes from %s, own ones only", (kind, state) => {
    const object = new PyObject(type, [], { state });
    const slots = kind.includes("and slots");
    expect(String(object.get("a"))).toBe(slots ? "slot" : "1");
    expect(String(object.get("__proto__"))).toBe("2");
    expect(String(object.get("constructor"))).toBe("3");
    expect([object.get("toString"), object.get("size"), object.get("length")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const all = object.toObject();
    expect(Object.getPrototypeOf(all)).toBeNull();
    expect(Object.keys(all)).toEqual(["a", "__proto__", "constructor", ...(slots ? ["b"] : [])]);
    expect(String(all["__proto__"])).toBe("2");
  });

  it.each([[undefined], [null], ["text"], [[1n, 2n]], [[{}, {}, {}]], [new Date()], [new Set()]])(
    "has no attributes with the state %s",
    (state) => {
      const object = new PyObject(type, [], { state });
      expect([object.get("a"), object.get("length"), Object.keys(object.toObject())]).toEqual([
        undefined,
        undefined,
        [],
      ]);
    },
  );

  it("leaves out attributes whose name is no string", () => {
    const object = new PyObject(type, [], {
      state: new Map<unknown, unknown>([
        [1, 2],
        ["a", 3],
      ]),
    });
    expect(Object.entries(object.toObject())).toEqual([["a", 3]]);
  });

  it("has the name of its class as its type's", () => {
    expect(pythonTypeName(new PyObject(type))).toBe("Item");
    expect(pythonTypeName(new PyObject(new PyObject(type)))).toBe("object");
  });

  it("shows itself to JSON and util.inspect without what is empty, cycles too", () => {
    expect(JSON.stringify(new PyObject(type))).toBe('{"$type":"shop.Basket.Item"}');
    const object = new PyObject(type, Tuple.of(1), {
      kwargs: new Map([["__proto__", 2]]),
      state: { a: 1 },
      items: [3],
      entries: [["k", 4]],
    });
    expect(JSON.stringify(object)).toBe(
      '{"$type":"shop.Basket.Item","args":[1],"kwargs":{"__proto__":2},"state":{"a":1},"items":[3],"entries":[["k",4]]}',
    );
    expect(inspect(new PyObject(type))).toBe("PyObject(shop.Basket.Item) {}");
    const cycle = new PyObject(type, Tuple.of());
    cycle.build({ self: cycle });
    expect(inspect(cycle)).toBe("PyObject(shop.Basket.Item) { state: { self: [Circular] } }");
    expect(inspect(new PyObject(new PyObject(type), "odd"))).toBe(
      "PyObject { '$type': PyObject(shop.Basket.Item) {}, args: 'odd' }",
    );
  });
});
