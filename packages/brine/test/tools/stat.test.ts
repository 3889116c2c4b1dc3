import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { dumps } from "../../src/index.ts";
import { genops, optimize, type Stat, stat, type StatNode } from "../../src/tools.ts";
import { assemble } from "../support/assemble.ts";
import { judgeInterpreter } from "../support/interpreters.ts";
import { everyByte, everyOperand, nonsense, programs } from "./pickles.ts";

const sum = (shares: readonly { readonly bytes: number }[]): number =>
  shares.reduce((total, { bytes }) => total + bytes, 0);

function nodesOf(tree: StatNode): StatNode[] {
  const nodes = [tree];
  // The list grows while it is walked.
  for (const node of nodes) nodes.push(...node.children);
  return nodes;
}

const byPath = ({ paths }: Stat): Record<string, number> =>
  Object.fromEntries(paths.map(({ path, count }) => [path, count]));

/** What the CPython of the judge pickles, of the value of an expression. */
function pickled(expression: string, protocol: number): Uint8Array {
  const program = `import sys, pickle, datetime, collections, types
shop = types.ModuleType("shop"); sys.modules["shop"] = shop
class Order:
    def __init__(self, id): self.id = id; self.lines = [id, id + 1]
class Slots:
    __slots__ = ("a", "b")
    def __init__(self): self.a = [1]; self.b = "two"
for each in (Order, Slots):
    each.__module__ = "shop"; each.__qualname__ = each.__name__; setattr(shop, each.__name__, each)
sys.stdout.buffer.write(pickle.dumps(${expression}, ${protocol}))`;
  const { stdout, stderr } = spawnSync(judgeInterpreter().path, ["-c", program], { maxBuffer: 2 ** 30 });
  if (stderr.length > 0) throw new Error(stderr.toString());
  return new Uint8Array(stdout);
}

test("whatever the bytes are, each has one opcode, one type and one path", () => {
  const cases = [
    ...everyOperand(),
    ...everyByte(),
    ...programs(600, 11),
    ...nonsense(600, 12),
    new Uint8Array(0),
    assemble(...programs(20, 13)),
  ];
  for (const bytes of cases) {
    for (const options of [{}, { maxPaths: 5, maxKeys: 2 }]) {
      const found = stat(bytes, options);
      expect(sum(found.opcodes)).toBe(bytes.length);
      expect(sum(found.types)).toBe(bytes.length);
      expect(sum(found.paths)).toBe(bytes.length);
      expect(found.types.every((type) => type.bytes >= 0 && type.count >= 0)).toBe(true);
      expect(found.tree.bytes).toBe(bytes.length);
      for (const { bytes: total, own, children } of nodesOf(found.tree)) {
        expect(own).toBeGreaterThanOrEqual(0);
        expect(own + sum(children)).toBe(total);
      }
      expect(found.error === undefined).toBe(
        found.unread === 0 && found.end === bytes.length && bytes.length > 0,
      );
    }
  }
});

test("opcodes are counted as genops gives them", () => {
  const bytes = pickled('[{"a": 1.5, "b": "x" * 300}, (1, 2), {3}, b"bytes", None, 2 ** 80]', 4);
  const counts = new Map<string, [count: number, bytes: number]>();
  for (const { opcode, position, end } of genops(bytes)) {
    const [count, size] = counts.get(opcode.name) ?? [0, 0];
    counts.set(opcode.name, [count + 1, size + end - position]);
  }
  const found = stat(bytes).opcodes.map(({ name, count, bytes: size }) => [name, [count, size]] as const);
  expect(new Map(found)).toEqual(counts);
});

test.each([0, 1, 2, 3, 4, 5])("paths of lists, dicts, tuples, objects and sets, protocol %i", (protocol) => {
  const bytes = pickled(
    `{"users": [{"name": "a", "n": i, "at": (i, "x")} for i in range(5)], "two words": {7, 8},
      "orders": [shop.Order(1), shop.Order(2)], 5: b"\\xff", "when": datetime.date(2020, 1, 1)}`,
    protocol,
  );
  const found = stat(bytes);
  expect(byPath(found)).toMatchObject({
    $: 1,
    "$.users": 1,
    "$.users[*]": 5,
    "$.users[*].name": 5,
    "$.users[*].n": 5,
    "$.users[*].at": 5,
    "$.users[*].at[0]": 5,
    "$['two words']": 1,
    "$.orders[*]": 2,
    "$.orders[*].id": 2,
    "$.orders[*].lines[*]": 4,
    "$[5]": 1,
    "$.when": 1,
  });
  const types = Object.fromEntries(found.types.map(({ name, count }) => [name, count]));
  expect(types).toMatchObject({ "shop.Order": 2, "datetime.date": 1, set: 1 });
  const typesOf = (path: string): readonly string[] | undefined =>
    found.paths.find((each) => each.path === path)?.types;
  expect(typesOf("$.orders[*]")).toEqual(["shop.Order"]);
  expect(typesOf("$['two words']")).toEqual(["set"]);
  expect(typesOf("$[5]")).toEqual(["bytes"]);
});

test("attributes in slots, arguments that hold something, entries set on an object", () => {
  const slots = byPath(stat(pickled("[shop.Slots()]", 4)));
  expect(slots).toMatchObject({ "$[*]": 1, "$[*].a": 1, "$[*].a[*]": 1, "$[*].b": 1 });
  const ordered = byPath(stat(pickled("collections.OrderedDict(x=[1, 2])", 5)));
  expect(ordered).toMatchObject({ $: 1, "$.x": 1, "$.x[*]": 2 });
  expect(byPath(stat(assemble("cm\nf\n(](K\x01K\x02eX\x01\0\0\0atR.")))).toMatchObject({
    $: 1,
    "$()": 1,
    "$()[0][*]": 2,
    "$()[1]": 1,
  });
});

test("keys that are many are one path, and so are those of dicts that are many", () => {
  const many = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`key ${index}`, { same: index }]),
  );
  expect(byPath(stat(dumps({ many })))).toEqual({ $: 1, "$.many": 1, "$.many.*": 200, "$.many.*.same": 200 });
  const each = Array.from({ length: 200 }, (_, index) => ({ [`key ${index}`]: index, same: 1 }));
  expect(byPath(stat(dumps(each)))).toEqual({ $: 1, "$[*]": 200, "$[*].*": 400 });
  const kept = byPath(stat(dumps({ many }), { maxKeys: 200 }));
  expect(kept["$.many['key 199'].same"]).toBe(1);
});

test("the number of paths is bounded, and what is left out is told", () => {
  const value = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`k${index}`, "x".repeat(1000 - index)]),
  );
  const { paths, tree } = stat(dumps(value), { maxPaths: 11 });
  expect(paths.map(({ path }) => path)).toContain("$.k9");
  expect(paths.map(({ path }) => path)).not.toContain("$.k10");
  expect(paths[0]).toMatchObject({ path: "$…", count: 50 });
  expect(tree.children).toHaveLength(11);
});

test("a million levels take no recursion, and 64 of them are told apart", () => {
  const deep = assemble(new Uint8Array(1_000_000).fill(0x5d), new Uint8Array(999_999).fill(0x61), ".");
  const found = stat(deep);
  expect(found).toMatchObject({ values: 1_000_000, error: undefined });
  expect(nodesOf(found.tree)).toHaveLength(66);
});

test("repeated strings and bytes, and what they cost", () => {
  const { repeated } = stat(
    assemble("(X\x05\0\0\0helloX\x05\0\0\0hello\x8c\x05helloC\x05helloC\x05hello\x8c\x02hit."),
  );
  expect(repeated.values).toEqual([
    { type: "str", start: "hello", length: 5, count: 3, bytes: 27, excess: 18 },
    {
      type: "bytes",
      start: Uint8Array.from(Buffer.from("hello")),
      length: 5,
      count: 2,
      bytes: 14,
      excess: 7,
    },
  ]);
  expect(repeated).toMatchObject({ distinct: 2, excess: 25 });
  expect(stat(pickled('[f"value {i % 2500}" for i in range(5000)]', 4)).repeated.distinct).toBe(2500);
  // A pickler of CPython knows strings by identity.
  expect(stat(pickled("[str(i % 50) for i in range(500)]", 4), { maxRepeated: 7 }).repeated).toMatchObject({
    distinct: 50,
    values: { length: 7 },
  });
});

test.each([0, 2, 3, 4])("memo that is never read is what optimize takes out, protocol %i", (protocol) => {
  const bytes = pickled('(lambda a: [a, a, ["b", a], {"c": a}, "b"])(["shared"])', protocol);
  const isStore = ({ opcode: { name } }: { opcode: { name: string } }): boolean =>
    name === "MEMOIZE" || name.endsWith("PUT");
  const stored = [...genops(bytes)].filter(isStore).length;
  const kept = [...genops(optimize(bytes))].filter(isStore).length;
  const read = [...genops(bytes)].filter(({ opcode: { name } }) => name.endsWith("GET")).length;
  const { memo, savings } = stat(bytes);
  expect(memo).toMatchObject({ stored, unused: stored - kept, read });
  expect(memo.wastedBytes).toBeGreaterThan(0);
  expect(savings[0]).toEqual({
    by: "optimize",
    bytes: optimize(bytes).length,
    saved: bytes.length - optimize(bytes).length,
    isEstimate: false,
  });
});

test.each([0, 1, 2])("what protocol 5 would take is estimated for protocol %i", (protocol) => {
  const expression = `[{"id": i, "name": "user %d" % i, "score": i * 1.1, "tags": ["a", "b"], "at": (1, i),
    "blob": b"x" * 20, "order": shop.Order(i), "big": 10 ** 20, "yes": True} for i in range(300)]`;
  const estimate = stat(pickled(expression, protocol)).savings.find(({ by }) => by === "protocol 5");
  const real = pickled(expression, 5).length;
  expect(estimate?.isEstimate).toBe(true);
  expect(Math.abs((estimate?.bytes ?? 0) - real) / real).toBeLessThan(0.1);
});

test("protocols, frames and globals", () => {
  const bytes = assemble(
    dumps(new Set([1]), { protocol: 2 }),
    pickled("[shop.Order(1), shop.Order(2), datetime.date, datetime.date]", 4),
  );
  const found = stat(bytes);
  expect(found).toMatchObject({
    pickles: 2,
    end: bytes.length,
    highestProtocol: 4,
    protocols: [
      { protocol: 2, count: 1 },
      { protocol: 4, count: 1 },
    ],
    frames: { count: 1 },
  });
  expect(found.globals).toEqual([
    { name: "datetime.date", written: 1, used: 2 },
    { name: "shop.Order", written: 1, used: 2 },
    { name: "__builtin__.set", written: 1, used: 1 },
  ]);
});

test("what cannot be read is told, with what comes before", () => {
  const cut = stat(assemble("\x80\x04](K\x01NX\x05\0\0\0two"));
  expect(cut).toMatchObject({ pickles: 0, end: 0, savings: [] });
  expect(cut.error).toMatchObject({ code: "truncated" });
  expect(cut.values).toBeGreaterThan(2);
  expect(stat(assemble("N.\xff\xff"))).toMatchObject({
    pickles: 1,
    end: 2,
    unread: 2,
    error: { code: "invalid-opcode", offset: 2 },
  });
  expect(stat(new Uint8Array(0)).error).toMatchObject({ code: "no-data" });
});

test("names of a pickle are looked up on no object", () => {
  const bytes = dumps({ ["__proto__"]: 1, constructor: { toString: 2 } });
  expect(byPath(stat(bytes))).toMatchObject({ "$.constructor.toString": 1 });
  expect(stat(bytes).paths.map(({ path }) => path)).toContain("$.__proto__");
  const globals = assemble("c__proto__\nconstructor\n(tR.");
  expect(stat(globals).types.map(({ name }) => name)).toContain("__proto__.constructor");
});
