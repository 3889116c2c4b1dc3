import {
  dumps,
  loads,
  ByteArray,
  MemoryView,
  PyComplex,
  PyDict,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PySet,
  Tuple,
} from "brine/core";
import { expect, test } from "vitest";
import { Printer, type PrintOptions } from "../src/printer.ts";
import { painter } from "../src/style.ts";

function print(value: unknown, options: Partial<PrintOptions> = {}): string {
  let output = "";
  const sink = { write: (text: string): void => void (output += text) };
  new Printer(sink, {
    depth: Infinity,
    maxItems: Infinity,
    maxLength: Infinity,
    width: 60,
    paint: painter(false),
    ...options,
  }).print(value);
  return output.replace(/\n$/, "");
}

const list = new PyGlobal("builtins", "list");
const order = new PyGlobal("shop.models", "Order");

test.each<[unknown, string]>([
  [null, "None"],
  [true, "True"],
  [1n, "1"],
  [-(2n ** 70n), "-1180591620717411303424"],
  [1, "1.0"],
  [-0, "-0.0"],
  [1e16, "1e+16"],
  [123456789012345680, "1.2345678901234568e+17"],
  [1e-5, "1e-05"],
  [0.0001, "0.0001"],
  [1.5e300, "1.5e+300"],
  [5e-324, "5e-324"],
  [NaN, "nan"],
  [-Infinity, "-inf"],
  ["it's", `"it's"`],
  [`it's "it"`, `'it\\'s "it"'`],
  [
    "tab\t\\ \x7f\u0000 \x1b[31m \u00a0 \u202e \ud800 \u{e0001} 🥒",
    "'tab\\t\\\\ \\x7f\\x00 \\x1b[31m \\xa0 \\u202e \\ud800 \\U000e0001 🥒'",
  ],
  [Uint8Array.of(0, 9, 39, 65, 92, 127, 255), `b"\\x00\\t'A\\\\\\x7f\\xff"`],
  [Uint8Array.of(34, 39), `b'"\\''`],
  [new ByteArray([97]), "bytearray(b'a')"],
  [new MemoryView(Uint8Array.of(97)), "memoryview(b'a')"],
  [new PyComplex(1, -2), "(1-2j)"],
  [new PyComplex(0, 1.5), "1.5j"],
  [new PyComplex(-0, NaN), "(-0+nanj)"],
  [list, "<global builtins.list>"],
  [[], "[]"],
  [Tuple.of(), "()"],
  [Tuple.of(1n), "(1,)"],
  [Tuple.of(1n, [2n]), "(1, [2])"],
  [new PyDict(), "{}"],
  [
    new PyDict<unknown, unknown>([
      ["a", 1n],
      [Tuple.of(1n, 2n), null],
    ]),
    "{'a': 1, (1, 2): None}",
  ],
  [new PySet(), "set()"],
  [new PySet([1n, "a"]), "{1, 'a'}"],
  [new PyFrozenSet(), "frozenset()"],
  [new PyFrozenSet([1n]), "frozenset({1})"],
  [new PyObject(order), "shop.models.Order()"],
  [
    new PyObject(order, Tuple.of(1n, "x"), { kwargs: new Map([["y", 2n]]) }),
    "shop.models.Order(1, 'x', y=2)",
  ],
  [new PyObject(order, [], { state: new PyDict([["id", 7n]]) }), "shop.models.Order {id: 7}"],
  [
    new PyObject(order, [], {
      state: new PyDict<unknown, unknown>([
        ["no name", 7n],
        [1n, 2n],
        ["__proto__", 3n],
      ]),
    }),
    "shop.models.Order {'no name': 7, 1: 2, __proto__: 3}",
  ],
  [new PyObject(order, [], { state: Tuple.of(null, new PyDict([["x", 1n]])) }), "shop.models.Order {x: 1}"],
  [
    new PyObject(order, [], { state: Tuple.of(new PyDict([["x", 1n]]), new PyDict([["y", 2n]])) }),
    "shop.models.Order {x: 1} {y: 2}",
  ],
  [new PyObject(order, [], { state: Tuple.of(1n, 2n) }), "shop.models.Order state (1, 2)"],
  [new PyObject(order, [], { items: [1n], entries: [["k", 2n]] }), "shop.models.Order [1] {'k': 2}"],
  [new PyObject(new PyObject(order, Tuple.of(1n)), []), "(shop.models.Order(1))()"],
  [new PyObject(new PyGlobal("a\x1b[2J", "b\n")), "a\\x1b[2J.b\\n()"],
])("%o", (value, expected) => {
  expect(print(value)).toBe(expected);
});

test("breaks what does not fit, and aligns the values of short keys", () => {
  const value = new PyDict<string, unknown>([
    ["id", 1n],
    [
      "customer",
      new PyObject(order, [], {
        state: new PyDict([
          ["name", "Ada"],
          ["mail", "ada@example.org, and more text"],
        ]),
      }),
    ],
    ["a key that is much longer than the other ones", null],
    ["日本", [1n]],
  ]);
  expect(print(value)).toBe(`{
  'id':       1,
  'customer': shop.models.Order {
    name: 'Ada',
    mail: 'ada@example.org, and more text',
  },
  'a key that is much longer than the other ones': None,
  '日本':     [1],
}`);
});

test("puts short atoms in columns", () => {
  const numbers = Array.from({ length: 25 }, (_, index) => BigInt(index) ** 3n);
  expect(print(numbers, { width: 40 })).toBe(`[
      0,     1,     8,    27,    64,
    125,   216,   343,   512,   729,
   1000,  1331,  1728,  2197,  2744,
   3375,  4096,  4913,  5832,  6859,
   8000,  9261, 10648, 12167, 13824,
]`);
  expect(print(Tuple.of("alpha", "be", "日本", "gamma", "delta", "epsilon"), { width: 40 })).toBe(`(
  'alpha',   'be',      '日本',
  'gamma',   'delta',   'epsilon',
)`);
});

test("labels what is met again, and what is in itself", () => {
  const shared = ["x"];
  const cycle: unknown[] = [shared];
  cycle.push(cycle, shared);
  expect(print(cycle)).toBe("&1 [&2 ['x'], *1, *2]");
  const bytes = new ByteArray([1]);
  expect(print([bytes, bytes])).toBe("[&1 bytearray(b'\\x01'), *1]");
  const person = new PyObject(order);
  person.build(new PyDict([["self", person]]));
  expect(print(person)).toBe("&1 shop.models.Order {self: *1}");
});

test("gives no label where it makes no difference", () => {
  const point = Tuple.of(1n, 2n);
  expect(print([point, point, list])).toBe("[(1, 2), (1, 2), <global builtins.list>]");
});

test("labels arguments and state that two objects share", () => {
  const args = Tuple.of(["a"]);
  const state = new PyDict([["x", 1n]]);
  const [one, two] = [new PyObject(order, args, { state }), new PyObject(order, args, { state })];
  expect(print([one, two], { width: 200 })).toBe(
    "[shop.models.Order(*&1 (['a'],)) state &2 {'x': 1}, shop.models.Order(**1) state *2]",
  );
});

test("numbers labels in the order they are read, whatever was tried before", () => {
  const a = ["a".repeat(30)];
  const b = ["b".repeat(30)];
  expect(
    print([
      [a, b],
      [b, a],
    ]),
  ).toBe(`[
  [
    &1 ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
    &2 ['bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'],
  ],
  [*2, *1],
]`);
});

test("says how much it leaves out", () => {
  const cut = { depth: 2, maxItems: 3, maxLength: 10 };
  expect(print([1n, 2n, 3n, 4n], cut)).toBe("[1, 2, 3, … 1 more]");
  expect(
    print(
      Array.from({ length: 5000 }, () => null),
      cut,
    ),
  ).toBe("[None, None, None, … 4,997 more]");
  expect(print("x".repeat(1010), cut)).toBe("'xxxxxxxxxx'… (1,000 more)");
  expect(print("🥒".repeat(9), { maxLength: 8 })).toBe("'🥒🥒🥒🥒'… (5 more)");
  expect(print(new Uint8Array(10), cut)).toBe("b'\\x00\\x00'… (8 more)");
  expect(print(10n ** 12n, { maxLength: 5 })).toBe("10000… (8 more)");
  expect(print(10n ** 30n, cut)).toBe("1000000000… (21 more)");
  expect(print([[["deep", [1n]]]], cut)).toBe("[[['deep', [… 1 item]]]]");
  expect(print([[[{}]]], { depth: 1 })).toBe("[[[… 1 item]]]");
  expect(print([[new PyObject(order, Tuple.of(1n)), Tuple.of()]], { depth: 1 })).toBe(
    "[[shop.models.Order(…), ()]]",
  );
  expect(print(new PyFrozenSet([1n]), { depth: -1 })).toBe("frozenset({… 1 item})");
});

test("an int that Python would refuse in decimal is in hexadecimal", () => {
  expect(print(10n ** 4299n)).toHaveLength(4300);
  expect(print(-(16n ** 5000n))).toBe(`-0x1${"0".repeat(5000)}`);
});

test("colours each kind of text, and nothing but that changes", () => {
  const value = loads(dumps([1n, "a", null, new PyObject(order)], { exact: true }), { exact: true });
  const colored = print(value, { paint: painter(true) });
  // oxlint-disable-next-line no-control-regex -- the escape sequences of colours
  expect(colored.replace(/\x1b\[\d+m/g, "")).toBe(print(value));
  expect(colored).toContain("\x1b[33m1\x1b[39m");
  expect(colored).toContain("\x1b[32m'a'\x1b[39m");
});
