import { describe, expect, test } from "vitest";
import { loads, PyDict, Tuple } from "../../src/index.ts";
import { inferTypes, printTypeScript, type InferOptions, TypeInference } from "../../src/schema.ts";
import { typeName, TypeNames, singular } from "../../src/schema/names.ts";
import * as types from "../../src/types.ts";
import { libraryClass } from "../../src/schema/library-classes.ts";
import { cpython } from "./cpython.ts";

/** The declarations of what CPython pickles for each expression, on one line each. */
function inferred(expressions: readonly string[], before = "", options: InferOptions = {}): string[] {
  const values = expressions.map((expression) => loads(cpython(expression, before), { exact: true }));
  return lines(printTypeScript(inferTypes(values, options)));
}

function lines(text: string): string[] {
  return text
    .replaceAll(/\n(?=\})|\n {2}/g, " ")
    .split("\n")
    .filter((line) => line !== "");
}

describe("the type of", () => {
  test.each([
    ["None", "null"],
    ["True", "boolean"],
    ["5", "number"],
    ["2**53", "bigint"],
    ["-(2**53) + 1", "number"],
    ["-(2**53)", "bigint"],
    ["[5, 2**60]", "(number | bigint)[]"],
    ["1.5", "number"],
    ["[1, 1.5]", "number[]"],
    ["'x'", "string"],
    ["b'x'", "Uint8Array"],
    ["bytearray(b'x')", "Uint8Array"],
    ["[]", "unknown[]"],
    ["()", "[]"],
    ["(1, 'x')", "[number, string]"],
    ["[(1, 2), (1, 2, 3)]", "([number, number] | [number, number, number])[]"],
    ["[tuple(range(n)) for n in range(9)]", "number[][]"],
    ["{1, 2}", "Set<number>"],
    ["frozenset('a')", "Set<string>"],
    ["{1: 'x', (2, 3): None}", "Map<number | [number, number], string | null>"],
    ["{}", "Record<string, unknown>"],
    ["{str(n): n for n in range(100)}", "Record<string, number>"],
    ["{'2026-01-01': 1, '2026-01-02': 2, '2026-01-03': 3}", "Record<string, number>"],
    ["[None, 'x', [1]]", "(string | number[] | null)[]"],
    ["[[[1]], [['x']]]", "(number | string)[][][]"],
    ["array.array('d', [1])", "Float64Array"],
    ["array.array('u', 'x')", "string"],
    ["['a', 'b'] * 9", '("a" | "b")[]'],
    ["['a', 'b']", "string[]"],
    ["[str(n) for n in range(99)]", "string[]"],
  ])("%s is %s", (expression, type) => {
    expect(inferred([expression])).toEqual([`export type Root = ${type};`]);
  });

  test.each([
    ["datetime.datetime(2026, 1, 1)", "PyDateTime", "PyDateTime"],
    ["decimal.Decimal(1)", "PyDecimal", "PyDecimal"],
    ["uuid.uuid4()", "PyUUID", "PyUUID"],
    ["collections.deque([1, 'x'])", "PyDeque", "PyDeque<string | number>"],
    ["collections.OrderedDict(a=1)", "PyOrderedDict", "PyOrderedDict<string, number>"],
    ["collections.Counter('abc')", "PyCounter", "PyCounter<string>"],
    ["collections.defaultdict(list, a=[1])", "PyDefaultDict", "PyDefaultDict<string, number[]>"],
    ["random.Random(1)", "PyRandom", "PyRandom"],
    ["ValueError('x')", "PyException", "PyException"],
  ])("%s is that of the library", (expression, name, type) => {
    expect(inferred([expression])).toEqual([
      `import type { ${name} } from "brine/types";`,
      `export type Root = ${type.replace("string | number", "number | string").replace("<number | string>", "<number | string>")};`,
    ]);
  });

  test("records names them after their keys", () => {
    expect(inferred(["{'orders': [{'id': 1, 'lines': []}, {'id': 2}], 'full name': {'x': 1}}"])).toEqual([
      'export interface Root { orders: Order[]; "full name": FullName; }',
      "export interface Order { id: number; lines?: unknown[]; }",
      "export interface FullName { x: number; }",
    ]);
  });

  test("several pickles is that of all", () => {
    expect(
      inferred(["{'a': 1, 'b': None}", "{'a': 'x', 'b': 2.5}", "{'b': 1}"], "", { root: "Entry" }),
    ).toEqual(["export interface Entry { a?: number | string; b: number | null; }"]);
    expect(inferred(["{'a': 1}", "[1]"])).toEqual([
      "export type RootValue = number[] | Root;",
      "export interface Root { a: number; }",
    ]);
  });

  test("a tree of dicts refers to itself", () => {
    const tree = "{'name': 'a', 'kids': [{'name': 'b', 'kids': [{'name': 'c', 'kids': []}]}]}";
    expect(inferred([tree])).toEqual(["export interface Root { name: string; kids: Root[]; }"]);
    // The first child lacks what the second has.
    expect(inferred(["{'v': 1, 'kids': [{'v': 2}, {'v': 3, 'kids': [{'v': 4}]}]}"])).toEqual([
      "export interface Root { v: number; kids?: Root[]; }",
    ]);
  });

  test("instances has their attributes, by their Python names", () => {
    const before = `
class Order:
  def __init__(self, id, next=None): self.id = id; self.next = next
class Color(enum.Enum):
  RED = 1
class Bag(list): pass
class Table(dict): pass
`;
    expect(inferred(["[Order(1, Order('x')), Color.RED, Bag([1]), Table(a=1)]"], before)).toEqual([
      'import type { InstanceOf } from "brine/schema";',
      "export type Root = (Order | Color | Bag | Table)[];",
      "/** The attributes of __main__.Order. */",
      "export interface OrderAttributes { id: number | string; next: Order | null; }",
      "/** An instance of __main__.Order. */",
      "export type Order = InstanceOf<OrderAttributes>;",
      "/** An instance of __main__.Color. */",
      "export type Color = InstanceOf<object, { readonly args: [number] }>;",
      "/** An instance of __main__.Bag. */",
      "export type Bag = InstanceOf<object, { readonly items: number[] }>;",
      "/** An instance of __main__.Table. */",
      "export type Table = InstanceOf<object, { readonly entries: [string, number][] }>;",
    ]);
  });

  test("what is deeper than is told apart refers to itself", () => {
    let list: unknown[] = [1n];
    for (let depth = 0; depth < 100_000; depth++) list = [list, "x"];
    const text = printTypeScript(inferTypes([list]));
    expect(text.length).toBeLessThan(500);
    expect(text).toMatch(/export type (\w+) = \(number \| string \| \1\)\[\]|export type (\w+) = .*\2\[\]/);
  });

  test("a value in a cycle comes to an end", () => {
    const dict = new PyDict<unknown, unknown>([["x", 1n]]);
    dict.set("self", dict).set("list", [dict]);
    expect(lines(printTypeScript(inferTypes([dict])))).toEqual([
      "export interface Root { x: number; self: Root; list: Root[]; }",
    ]);
  });
});

describe("memory and time", () => {
  test("are bounded by the kinds, not by sharing", () => {
    let value: unknown[] = [1n];
    // 2^40 items, if each were looked at.
    for (let depth = 0; depth < 40; depth++) value = [value, value];
    expect(printTypeScript(inferTypes([value]))).toContain("export type Root");
  });

  test("many items, many keys, many classes and many places come to an end", () => {
    const inference = new TypeInference({ maxPlaces: 200 });
    const add = inference.addContainer("list");
    for (let index = 0; index < 20_000; index++)
      add(new PyDict([[`key ${index}`, new PyDict([["id", BigInt(index)]])]]));
    expect(lines(printTypeScript(inference.types()))).toEqual([
      "export type Root = Record<string, RootItemItem>[];",
      "export interface RootItemItem { id: number; }",
    ]);
    const wide = new TypeInference({ maxPlaces: 10 });
    wide.add(Array.from({ length: 100 }, (_, index) => ({ [`k${index % 30}`]: { [`x${index % 7}`]: 1 } })));
    expect(printTypeScript(wide.types())).toContain("unknown");
  });
});

describe("a container whose items come one by one", () => {
  test.each(["list", "set"] as const)("%s", (kind) => {
    const inference = new TypeInference();
    const add = inference.addContainer(kind);
    for (const item of [1n, "x", null]) add(item);
    const whole = kind === "list" ? [1n, "x", null] : new Set([1n, "x", null]);
    expect(printTypeScript(inference.types())).toBe(printTypeScript(inferTypes([whole])));
  });

  test.each([
    [
      [
        ["a", 1n],
        ["b", Tuple.of(1n)],
      ],
    ],
    [
      [
        ["a", 1n],
        [5n, "x"],
        ["c", null],
      ],
    ],
    [
      [
        [5n, "x"],
        ["c", null],
      ],
    ],
    [Array.from({ length: 200 }, (_, index) => [`key${index}`, BigInt(index)])],
    [[...Array.from({ length: 200 }, (_, index) => [`key${index}`, BigInt(index)]), [1n, 2n]]],
  ] as [[unknown, unknown][]][])("a dict %#", (entries) => {
    const inference = new TypeInference();
    const add = inference.addContainer("dict");
    for (const entry of entries) add(entry);
    expect(printTypeScript(inference.types())).toBe(printTypeScript(inferTypes([new PyDict(entries)])));
  });
});

describe("names", () => {
  test("are identifiers", () => {
    expect(typeName("order_lines")).toBe("OrderLines");
    expect(typeName("x-ray vision")).toBe("XRayVision");
    expect(typeName("2fast")).toBe("Fast");
    expect(typeName("naïve größe")).toBe("NaïveGröße");
    expect(typeName("*/ evil()")).toBe("Evil");
    expect(typeName("\u{1F952}")).toBe("");
  });

  test("are taken once, and never those that the text needs", () => {
    const names = new TypeNames(["PyDate"]);
    expect(names.take("order")).toBe("Order");
    expect(names.take("order")).toBe("Order2");
    expect(names.take("map")).toBe("Map2");
    expect(names.take("PyDate", "my_date")).toBe("MyDate");
    expect(names.take("!")).toBe("Type2");
  });

  test("of one of several", () => {
    for (const [many, one] of [
      ["orders", "order"],
      ["entries", "entry"],
      ["boxes", "box"],
      ["status", "statu"],
      ["class", "class"],
      ["data", "data"],
    ] as const)
      expect(singular(many)).toBe(one);
  });
});

test("every class of brine/types that a load gives is known by its name", () => {
  const classes = Object.entries(types as Record<string, unknown>).filter(
    (entry): entry is [string, { readonly prototype: object }] =>
      typeof entry[1] === "function" && /^(Py|NamedTuple)/.test(entry[0]),
  );
  expect(classes.length).toBeGreaterThan(30);
  // What only others derive from, and what plain loads do not give.
  const bases = new Set(["PyTzInfo", "PyArray", "PyDerived", "PyMutableInstance"]);
  for (const [name, { prototype }] of classes) {
    if (!bases.has(name)) expect(libraryClass(Object.create(prototype) as object)).toMatchObject({ name });
  }
});
