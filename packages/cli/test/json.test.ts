import { join } from "node:path";
import {
  ByteArray,
  dumps,
  PyComplex,
  PyDict,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PySet,
  Tuple,
} from "brine/core";
import { expect, test } from "vitest";
import { JsonWriter } from "../src/json-writer.ts";
import { brine, examples, file } from "./command.ts";

function json(
  value: unknown,
  options: { tagged?: boolean; nan?: "tag" | "null" | "string"; indent?: number } = {},
): string {
  let output = "";
  const { tagged = false, nan = "tag", indent } = options;
  new JsonWriter({ write: (text) => void (output += text) }, { tagged, nan, indent }).write(value);
  return output;
}

const order = new PyGlobal("shop.models", "Order");

test.each<[unknown, string]>([
  [null, "null"],
  [true, "true"],
  [2n ** 70n, "1180591620717411303424"],
  [1, "1.0"],
  [1e16, "1e+16"],
  [NaN, '{"$float":"nan"}'],
  [-Infinity, '{"$float":"-inf"}'],
  ["a\u2028\x7f\x9b\ud800\n", '"a\u2028\\u007f\\u009b\\ud800\\n"'],
  [Uint8Array.of(1, 2), '{"$bytes":"AQI="}'],
  [new ByteArray([1, 2]), '{"$bytes":"AQI="}'],
  [Tuple.of(1n, [2n]), "[1,[2]]"],
  [new PySet([1n]), "[1]"],
  [
    new PyDict([
      ["a", 1n],
      ["__proto__", 2n],
      ["$ref", 3n],
      ["$$", 4n],
    ]),
    '{"a":1,"__proto__":2,"$$ref":3,"$$$":4}',
  ],
  [
    new PyDict<unknown, unknown>([
      ["a", 1n],
      [Tuple.of(1n), 2n],
    ]),
    '{"$dict":[["a",1],[[1],2]]}',
  ],
  [new PyDict(), "{}"],
  [new PyComplex(1, NaN), '{"$complex":[1.0,{"$float":"nan"}]}'],
  [new PyGlobal("collections", "deque"), '{"$global":"collections.deque"}'],
  [
    new PyObject(order, Tuple.of(1n), { kwargs: new Map([["b", 2n]]) }),
    '{"$type":"shop.models.Order","$args":[1],"$kwargs":{"b":2}}',
  ],
  [
    new PyObject(order, [], {
      state: new PyDict([
        ["id", 1n],
        ["$type", 2n],
      ]),
    }),
    '{"$type":"shop.models.Order","id":1,"$$type":2}',
  ],
  [
    new PyObject(order, [], { state: Tuple.of(new PyDict([["a", 1n]]), new PyDict([["b", 2n]])) }),
    '{"$type":"shop.models.Order","a":1,"b":2}',
  ],
  [
    new PyObject(order, [], { state: Tuple.of(new PyDict([["a", 1n]]), new PyDict([["a", 2n]])) }),
    '{"$type":"shop.models.Order","$state":[{"a":1},{"a":2}]}',
  ],
  [new PyObject(order, [], { state: 5n }), '{"$type":"shop.models.Order","$state":5}'],
  [
    new PyObject(order, [], { items: [1n], entries: [["k", 2n]] }),
    '{"$type":"shop.models.Order","$items":[1],"$entries":{"k":2}}',
  ],
  [
    new PyObject(order, [], {
      entries: [
        ["k", 2n],
        ["k", 3n],
      ],
    }),
    '{"$type":"shop.models.Order","$entries":{"$dict":[["k",2],["k",3]]}}',
  ],
])("%o", (value, expected) => {
  expect(json(value)).toBe(expected);
  JSON.parse(expected);
});

test("keeps types apart with --tagged, and writes nan as asked", () => {
  const value = [Tuple.of(1n), new PySet([1n]), new PyFrozenSet([1n]), new ByteArray([1])];
  expect(json(value, { tagged: true })).toBe(
    '[{"$tuple":[1]},{"$set":[1]},{"$frozenset":[1]},{"$bytearray":"AQ=="}]',
  );
  expect(json([NaN, -Infinity], { nan: "null" })).toBe("[null,null]");
  expect(json([NaN, -Infinity], { nan: "string" })).toBe('["nan","-inf"]');
});

test("indents", () => {
  const value = new PyDict<string, unknown>([
    ["a", [1n, new PyDict()]],
    ["b", []],
  ]);
  expect(json(value, { indent: 2 })).toBe('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}');
});

test("refers to the place of what is in itself", () => {
  const root = new PyDict<string, unknown>();
  const inner = new PyDict<string, unknown>([["up", root]]);
  inner.set("self", inner);
  root.set("a b", [inner]).set("again", inner);
  expect(json(root)).toBe(
    '{"a b":[{"up":{"$ref":"$"},"self":{"$ref":"$[\\"a b\\"][0]"}}],"again":{"$ref":"$[\\"a b\\"][0]"}}',
  );
});

test("repeats what is small and shared, and refers to what is large", () => {
  const small = [1n];
  expect(json([small, small])).toBe("[[1],[1]]");
  const large = Array.from({ length: 1001 }, () => 0n);
  expect(json([large, large]).endsWith(',{"$ref":"$[0]"}]')).toBe(true);
  const bytes = new Uint8Array(100_000);
  expect(json([bytes, bytes]).endsWith(',{"$ref":"$[0]"}]')).toBe(true);
});

test("is bounded where repeating would double at each level, or take every way through a graph", () => {
  let doubled: unknown[] = [];
  for (let level = 0; level < 100; level++) doubled = [doubled, doubled];
  expect(json(doubled).length).toBeLessThan(20_000);
  const complete: unknown[][] = Array.from({ length: 40 }, () => []);
  for (const node of complete) node.push(...complete);
  expect(json(complete).length).toBeLessThan(150_000);
  // The dict of attributes that objects share is written with the first of them.
  const state = new PyDict<string, unknown>([["x", "y".repeat(100_000)]]);
  const objects = Array.from({ length: 100 }, () => new PyObject(order, [], { state }));
  expect(json(objects).length).toBeLessThan(220_000);
});

test("a path that is too long is a number among the arrays and objects", () => {
  const loop: unknown[] = [];
  loop.push(loop);
  let value: unknown = loop;
  for (let level = 0; level < 300; level++) value = [value];
  expect(json(value)).toContain('[{"$ref":"#300"}]');
});

test("the command: one line a pickle, or an array", () => {
  const path = join(examples, "log.pkl");
  const lines = brine(["json", path]);
  expect(
    lines.stdout
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { level: string }).level),
  ).toEqual(["info", "warning", "info"]);
  expect(JSON.parse(brine(["json", "--array", path, path]).stdout)).toHaveLength(6);
  expect(brine(["json", "--array"], { input: "" })).toMatchObject({ status: 1, stdout: "[]\n" });
  expect(brine(["json", "--indent", "2"], { input: dumps({ a: [1] }) }).stdout).toBe(
    '{\n  "a": [\n    1\n  ]\n}\n',
  );
  const cycle: unknown[] = [];
  cycle.push(cycle);
  expect(brine(["json", "--array"], { input: Buffer.concat([dumps(1), dumps(cycle)]) }).stdout).toBe(
    '[1,\n[{"$ref":"$[1]"}]]\n',
  );
});

test("the command: stand-ins, and Python 2 strings only with an encoding", () => {
  expect(brine(["json"], { input: Buffer.from("\x80\x05K\x05Q\x82\x05\x97\x87.", "latin1") }).stdout).toBe(
    '[{"$persistent":5},{"$extension":5},{"$buffer":0}]\n',
  );
  const python2 = join(examples, "python2-session.pkl");
  const refused = brine(["json", python2]);
  expect(refused).toMatchObject({ status: 1, stdout: "" });
  expect(refused.stderr).toContain("Try --encoding latin1");
  expect(brine(["json", "--encoding", "latin1", python2]).stdout.trimEnd().split("\n")).toHaveLength(2);
});

test("a real pickle", () => {
  const value = JSON.parse(brine(["json", join(examples, "orders.pkl")]).stdout) as {
    orders: [{ customer: { name: string }; next: { next: unknown } }];
  };
  expect(value.orders[0].customer.name).toBe("Ada Løvdal 🥒");
  expect(value.orders[0].next.next).toEqual({ $ref: "$.orders[0]" });
  expect(brine(["json", file("one.pkl", dumps("x"))]).stdout).toBe('"x"\n');
});
