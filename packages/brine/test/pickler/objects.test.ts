import { describe, expect, test } from "vitest";
import { dumps, Pickler, type PyObjectBuild, TypeDefinition, TypeRegistry } from "../../src/index.ts";
import { PyDict } from "../../src/values/py-dict.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import { PyObject } from "../../src/values/py-object.ts";
import { Tuple } from "../../src/values/tuple.ts";
import { askCPython } from "../bytes/cpython.ts";
import { agreeWithCPython, allProtocols, type DumpCase, Reduced } from "./cpython-pickler.ts";

const f = new PyGlobal("m", "f");
const Class = new PyGlobal("m", "Class");
const newobj = new PyGlobal("copyreg", "__newobj__");
const newobjEx = new PyGlobal("copyreg", "__newobj_ex__");
const sizes = [0, 1, 2, 3, 999, 1000, 1001, 1002, 2000, 2001];
const count = (n: number): bigint[] => Array.from({ length: n }, (_, i) => BigInt(i));
const pairs = (n: number): [bigint, string][] => count(n).map((i) => [i, `v${i % 3n}`]);
const each = (values: readonly unknown[], protocols: readonly number[] = allProtocols): DumpCase[] =>
  values.map((value) => ({ values: [value], protocols }));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("reductions", () => {
  test("callable and arguments, state, items, entries, state setter", () => {
    const state = new PyDict([["x", 1n]]);
    const args = Tuple.of<unknown>(1n, "a");
    const setter = new PyGlobal("m", "setter");
    agreeWithCPython(
      each([
        new Reduced({ callable: f, args: Tuple.of() }),
        new Reduced({ callable: f, args }),
        new Reduced({ callable: f, args: Tuple.of<unknown>(1n, 2n, 3n, 4n), state }),
        new Reduced({ callable: f, args, state: Tuple.of(state, state) }),
        new Reduced({ callable: f, args, state: 0n }),
        new Reduced({ callable: f, args, state: false }),
        new Reduced({ callable: f, args, state, stateSetter: setter }),
        new Reduced({
          callable: f,
          args,
          listItems: [1n, 2n],
          dictItems: [
            [1n, 2n],
            ["k", "v"],
          ],
          state,
        }),
        new Reduced({
          callable: f,
          args,
          listItems: [1n],
          dictItems: [["k", "v"]],
          state,
          stateSetter: setter,
        }),
        [new Reduced({ callable: f, args }), new Reduced({ callable: f, args: Tuple.from(args) }), f],
        new Reduced({ callable: new PyGlobal("builtins", "list"), args: Tuple.of(), listItems: [[]] }),
      ]),
    );
  });
  test("items in batches", () =>
    agreeWithCPython(
      each(sizes.map((n) => new Reduced({ callable: f, args: Tuple.of(), listItems: count(n) }))),
    ));
  test("entries in batches", () =>
    agreeWithCPython(
      each(sizes.map((n) => new Reduced({ callable: f, args: Tuple.of(), dictItems: pairs(n) }))),
    ));
  test("items and entries that are containers", () => {
    const listItems = [[1n], [], Tuple.of([])];
    agreeWithCPython(
      each([
        new Reduced({
          callable: f,
          args: Tuple.of(listItems),
          listItems,
          dictItems: [
            ["a", listItems],
            ["b", []],
          ],
        }),
      ]),
    );
  });
  test("__newobj__ and __newobj_ex__, which are opcodes from protocol 2 and 4 on", () => {
    const kwargs = new PyDict<string>([
      ["b", 2n],
      ["a", [1n]],
    ]);
    const state = new PyDict([["x", 1n]]);
    agreeWithCPython(
      each([
        new Reduced({ callable: newobj, args: Tuple.of(Class) }),
        new Reduced({ callable: newobj, args: Tuple.of<unknown>(Class, 1n), state }),
        new Reduced({
          callable: newobj,
          args: Tuple.of<unknown>(Class, 1n, 2n, 3n),
          state,
          listItems: [1n],
          dictItems: [[1n, 2n]],
        }),
        [Class, new Reduced({ callable: newobj, args: Tuple.of<unknown>(Class, Class) })],
      ]),
    );
    const withKeywords = [
      new Reduced({ callable: newobjEx, args: Tuple.of<unknown>(Class, Tuple.of(1n), kwargs) }),
      new Reduced({ callable: newobjEx, args: Tuple.of<unknown>(Class, Tuple.of(), new PyDict()), state }),
      new Reduced({
        callable: newobjEx,
        args: Tuple.of<unknown>(Class, Tuple.of(1n, 2n, 3n, 4n), kwargs),
        state,
        listItems: [1n],
      }),
    ];
    agreeWithCPython(each(withKeywords, [0, 1, 4, 5]));
  });
  test("an object inside its state, items and entries", () => {
    const make = (part: "state" | "listItems" | "dictItems"): Reduced => {
      const object = new Reduced({ callable: f, args: Tuple.of(1n) });
      const parts = {
        state: Tuple.of(object),
        listItems: [object, object],
        dictItems: [["me", object]] as [unknown, unknown][],
      };
      object.reduction = { ...object.reduction, [part]: parts[part] };
      return object;
    };
    agreeWithCPython(each([make("state"), make("listItems"), make("dictItems")]));
  });
  test("an object inside its own arguments, by way of a list or of another object's state", () => {
    const list: unknown[] = [];
    const object = new Reduced({ callable: f, args: Tuple.of(list) });
    list.push(object);
    const inner = new Reduced({ callable: f, args: Tuple.of() });
    const outer = new Reduced({ callable: f, args: Tuple.of<unknown>(inner) });
    inner.reduction = { ...inner.reduction, state: new PyDict([["outer", outer]]) };
    agreeWithCPython(each([object, list, [object, list], inner, outer, [outer, inner]]));
  });
});

describe("reductions of a type", () => {
  class Point {
    readonly x: number;
    readonly y: number;
    constructor(x: number, y: number) {
      this.x = x;
      this.y = y;
    }
  }
  class Sub extends Point {}
  const definition = new TypeDefinition<Point>("shapes", "Point", {
    class: Point,
    reduce: (point, protocol) => ({ callable: f, args: [point.x, point.y, protocol] }),
  });
  const types = new TypeRegistry([definition]);

  test("the same as reducerOverride gives, and it is told the protocol", () => {
    for (const protocol of allProtocols) {
      const expected = dumps([new PyObject(f, Tuple.of<unknown>(1, 2, protocol), { how: "reduce" }), null], {
        protocol,
      });
      expect(hex(dumps([new Point(1, 2), null], { protocol, types }))).toBe(hex(expected));
      expect(hex(dumps([new Sub(1, 2), null], { protocol, types }))).toBe(hex(expected));
    }
  });
  test("reducerOverride goes first, undefined goes on, a PyGlobal is a name", () => {
    const options = {
      types,
      protocol: 4,
      reducerOverride: (value: unknown) => (value instanceof Sub ? Class : undefined),
    };
    expect(hex(dumps([new Sub(1, 2), new Point(1, 2)], options))).toBe(
      hex(dumps([Class, new PyObject(f, Tuple.of<unknown>(1, 2, 4), { how: "reduce" })], { protocol: 4 })),
    );
  });
  test("one object that is a name is memoized as itself", () => {
    const point = new Point(1, 2);
    const options = { protocol: 4, reducerOverride: () => Class };
    expect(hex(dumps([point, point], options))).toBe(hex(dumps([Class, Class], { protocol: 4 })));
  });
  test("reducerOverride may stand for functions too", () => {
    const named = (): void => undefined;
    expect(hex(dumps([named], { reducerOverride: (value) => (value === named ? f : undefined) }))).toBe(
      hex(dumps([f])),
    );
  });
});

describe("PyObject", () => {
  const parts = (n: number): { items: unknown[]; entries: [unknown, unknown][] } => ({
    items: count(n),
    entries: pairs(n),
  });
  const state = new PyDict([["x", 1n]]);
  test("REDUCE", () => {
    agreeWithCPython(
      each([
        new PyObject(f, Tuple.of(), { how: "reduce" }),
        new PyObject(f, Tuple.of<unknown>(1n), { how: "reduce", state }),
        ...sizes.map((n) => new PyObject(f, Tuple.of(), { how: "reduce", state, ...parts(n) })),
      ]),
    );
  });
  test("NEWOBJ", () => {
    agreeWithCPython(
      each(
        [
          new PyObject(Class),
          new PyObject(Class, Tuple.of<unknown>(1n, 2n), { state }),
          ...sizes.map((n) => new PyObject(Class, [], { state, ...parts(n) })),
        ],
        [2, 3, 4, 5],
      ),
    );
  });
  test("NEWOBJ_EX", () => {
    const kwargs = new Map<string, unknown>([
      ["k", 1n],
      ["l", [2n]],
    ]);
    agreeWithCPython(
      each(
        [
          new PyObject(Class, Tuple.of<unknown>(1n), { kwargs }),
          new PyObject(Class, [], { kwargs, state, ...parts(2) }),
        ],
        [4, 5],
      ),
    );
  });

  const classes = `
import copyreg, pickle, sys, types
module = sys.modules["m"] = types.ModuleType("m")
def define(cls):
    cls.__module__ = "m"
    cls.__qualname__ = "".join(list("Class"))
    if "__new__" in vars(cls): cls.__new__.__module__, cls.__new__.__qualname__ = "m", "Class.__new__"
    module.Class = cls
    return cls
class Plain: pass
class Args:
    def __new__(cls, *args): return object.__new__(cls)
    def __getnewargs__(self): return (1, "a")
class Keywords:
    def __new__(cls, *args, **kwargs): return object.__new__(cls)
    def __getnewargs_ex__(self): return (1, "a"), {"k": 2}
class Slots:
    __slots__ = ("s",)
class WithList(list): pass
class WithDict(dict): pass
def make(name, state):
    object = define(globals()[name])()
    if name == "Slots": object.s = 1
    elif state: object.x = 1
    if name == "WithList": object.append(5)
    if name == "WithDict": object["k"] = 5
    return object
`;
  const asked = (cases: readonly (readonly [string, boolean, readonly number[]])[]): string[][] =>
    askCPython(
      `${classes}
def write(object, protocol):
    try: return pickle.dumps([object, None], protocol).hex()
    except Exception as e: return type(e).__name__ + ": " + str(e)
answer([[write(make(name, state), protocol) for protocol in protocols] for name, state, protocols in cases])`,
      cases,
    );
  const written = (object: PyObject, protocols: readonly number[]): string[] =>
    protocols.map((protocol) => hex(dumps([object, null], { protocol, exact: true })));

  test("an instance of a class, as copyreg rebuilds it below protocol 2", () => {
    const cases = [
      ["Plain", false, allProtocols],
      ["Plain", true, allProtocols],
    ] as const;
    const ours = [new PyObject(Class), new PyObject(Class, [], { state: new PyDict([["x", 1n]]) })];
    expect(ours.map((object) => written(object, allProtocols))).toEqual(asked(cases));
  });
  test("with arguments of __new__, from protocol 2 on", () => {
    const protocols = [2, 3, 4, 5];
    expect([written(new PyObject(Class, Tuple.of<unknown>(1n, "a")), protocols)]).toEqual(
      asked([["Args", false, protocols]]),
    );
    expect([
      written(
        new PyObject(Class, [], { state: Tuple.of<unknown>(null, new PyDict([["s", 1n]])) }),
        protocols,
      ),
    ]).toEqual(asked([["Slots", false, protocols]]));
    expect([
      written(new PyObject(Class, [], { items: [5n], state: new PyDict([["x", 1n]]) }), protocols),
    ]).toEqual(asked([["WithList", true, protocols]]));
    expect([written(new PyObject(Class, [], { entries: [["k", 5n]] }), protocols)]).toEqual(
      asked([["WithDict", false, protocols]]),
    );
  });
  test("with keyword arguments of __new__: NEWOBJ_EX, and functools.partial below protocol 4", () => {
    const protocols = [2, 3, 4, 5];
    const object = new PyObject(Class, Tuple.of<unknown>(1n, "a"), { kwargs: new Map([["k", 2n]]) });
    expect([written(object, protocols)]).toEqual(asked([["Keywords", false, protocols]]));
  });

  test("INST and OBJ, which CPython reads and writes no more", () => {
    const make = (how: PyObjectBuild, ...args: unknown[]): PyObject =>
      new PyObject(Class, Tuple.from(args), { how, state: new PyDict([["x", 1n]]) });
    const text = (value: unknown, protocol: number): string =>
      Buffer.from(dumps(value, { protocol, exact: true })).toString("latin1");
    expect(text(make("inst", 1n, "a"), 0)).toBe("(I1\nVa\np0\nim\nClass\np1\n(dp2\nVx\np3\nI1\nsb.");
    expect(text(make("obj", 1n, "a"), 0)).toBe(text(make("inst", 1n, "a"), 0));
    expect(text(make("inst"), 2)).toBe("\x80\x02(im\nClass\nq\0}q\x01X\x01\0\0\0xq\x02K\x01sb.");
    expect(text(make("obj", 1n), 1)).toBe("(cm\nClass\nq\0K\x01oq\x01}q\x02X\x01\0\0\0xq\x03K\x01sb.");
    expect(text(new PyObject(make("inst"), Tuple.of(), { how: "obj" }), 0)).toBe(
      "(im\nClass\np0\n(dp1\nVx\np2\nI1\nsb(tRp3\n.",
    );
  });
  test("all that was done to it, in its order", () => {
    const object = new PyObject(Class, Tuple.of());
    object.build(1n);
    object.appendItems([2n, 3n]);
    object.setItems(["k", 4n]);
    object.addItems([5n]);
    object.build(6n);
    object.called(f, Tuple.of(object, 7n));
    object.appendItems([8n]);
    expect(
      Buffer.from(dumps(object, { protocol: 4, exact: true }))
        .toString("latin1")
        .slice(11),
    ).toBe(
      "\x8c\x01m\x94\x8c\x05Class\x94\x93\x94)\x81\x94K\x01b(K\x02K\x03e\x8c\x01k\x94K\x04s(K\x05\x90K\x06bh\x00\x8c\x01f\x94\x93\x94h\x03K\x07\x86R0K\x08a.",
    );
  });
});

describe("names", () => {
  test("every entry of the reverse import maps, and names beside them", () => {
    const written = askCPython<{ names: [string, string][]; pickles: string[][] }>(
      `
import _compat_pickle as c, pickle, sys, types, io
names = [*c.REVERSE_NAME_MAPPING, *c.NAME_MAPPING.values(), *c.NAME_MAPPING]
names += [(module, "other") for module in [*c.REVERSE_IMPORT_MAPPING, *c.IMPORT_MAPPING, *c.IMPORT_MAPPING.values()]]
class Named: pass
class Pickler(pickle.Pickler):
    def reducer_override(self, value): return value.name if type(value) is Named else NotImplemented
def write(module, name, protocol):
    value = Named()
    value.name, value.__module__ = "".join(list(name)), module
    out = io.BytesIO()
    pickler = Pickler(out, protocol)
    before = dict(sys.modules)
    parts = module.split(".")
    for i in range(len(parts)): sys.modules[".".join(parts[:i + 1])] = types.ModuleType("fake")
    setattr(sys.modules[module], name, value)
    try: pickler.dump(value)
    finally:
        sys.modules.clear()
        sys.modules.update(before)
    return out.getvalue().hex()
names = [name for name in names if "." not in name[1]]
answer({"names": names, "pickles": [[write(*name, protocol) for protocol in (0, 2, 3, 4)] for name in names]})`,
      [],
    );
    expect(written.names.length).toBeGreaterThan(350);
    const ours = written.names.map(([module, name]) =>
      [0, 2, 3, 4].map((protocol) => hex(dumps(new PyGlobal(module, name), { protocol }))),
    );
    expect(ours).toEqual(written.pickles);
  });
  test("one PyGlobal and its equal are one", () => {
    const pickler = new Pickler({ protocol: 4 });
    pickler.dump(f);
    expect(Buffer.from(pickler.dump(new PyGlobal("m", "f"))).toString("latin1")).toBe("\x80\x04h\x02.");
  });
});
