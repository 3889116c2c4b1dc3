import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { PyObject } from "../../src/index.ts";
import { dumps, loads, unpack, UnpicklingError } from "../../src/index.ts";
import { PyDateTime, PyDecimal } from "../../src/types.ts";
import { cpython } from "./cpython.ts";

const classes = `
class Order:
  def __init__(self): self.id = 7; self.note = None; self.tags = ("a", "b")
class Table(dict): pass`;
const source = `{
  "order": Order(), "when": datetime.datetime(2026, 3, 16), "ratio": 0.5, "big": 2**70, "data": b"xyz", "none": None,
  "yes": True, "pair": (1, "x"), "list": [1, 2, 3], "set": {1, 2}, "by_id": {1: "one", 2: "two"}, "names": {"a": 1},
  "text": "hi", "table": Table(key=[5]), "deque": collections.deque([1]), "__proto__": {"x": 1}}`;
const data = cpython(source, classes);
const modes = [
  ["plain", loads(data)],
  ["exact", loads(data, { exact: true })],
] as const;

/** The message of the UnpicklingError that it throws. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(UnpicklingError);
    expect((error as UnpicklingError).code).toBe("unexpected-value");
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

describe.each(modes)("%s values", (_, value) => {
  const root = unpack(value);

  test("are taken apart", () => {
    expect(root.get("ratio").number()).toBe(0.5);
    expect(root.get("big").bigint()).toBe(2n ** 70n);
    expect(root.get("big").number()).toBe(2 ** 70);
    expect([...root.get("data").bytes()]).toEqual([120, 121, 122]);
    expect(root.get("none").none()).toBe(null);
    expect(root.get("yes").boolean()).toBe(true);
    expect(root.get("text").string()).toBe("hi");
    expect(root.get("when").instance(PyDateTime).year).toBe(2026);
    const pair = root.get("pair").tuple(
      (item) => item.int(),
      (item) => item.string(),
    );
    expectTypeOf(pair).toEqualTypeOf<[number, string]>();
    expect(pair).toEqual([1, "x"]);
    const list = root.get("list").list((item) => item.int({ min: 1, max: 3 }));
    expectTypeOf(list).toEqualTypeOf<number[]>();
    expect(list).toEqual([1, 2, 3]);
    expect(root.get("deque").list((item) => item.int())).toEqual([1]);
    expect(root.get("set").set((item) => item.int())).toEqual(new Set([1, 2]));
    const names = root.get("names").dict((item) => item.int());
    expectTypeOf(names).toEqualTypeOf<Map<string, number>>();
    expect(names).toEqual(new Map([["a", 1]]));
    const byId = root.get("by_id").dict(
      (item) => item.string(),
      (key) => key.bigint(),
    );
    expectTypeOf(byId).toEqualTypeOf<Map<bigint, string>>();
    expect(byId).toEqual(
      new Map([
        [1n, "one"],
        [2n, "two"],
      ]),
    );
    expect(root.get("by_id").get(2).string()).toBe("two");
    expect(root.get("list").at(-1).int()).toBe(3);
    expect(root.get("list").at(-1).path).toBe("$.list[2]");
    expect({ ...root.get("names").record((item) => item.int()) }).toEqual({ a: 1 });
  });

  test("of a class: its attributes, and the entries of a dict's subclass", () => {
    const order = root.get("order");
    expectTypeOf(order.instance("__main__.Order")).toEqualTypeOf<PyObject>();
    expect(order.instance("__main__.Order").get("note")).toBe(null);
    const shape = order.object({
      id: (item) => item.int(),
      note: (item) => item.nullable((note) => note.string()),
      tags: (item) => item.list((tag) => tag.literal("a", "b")),
      owner: (item) => item.optional((owner) => owner.string()),
    });
    expectTypeOf(shape).toEqualTypeOf<{
      id: number;
      note: string | null;
      tags: ("a" | "b")[];
      owner: string | undefined;
    }>();
    expect(shape).toEqual({ id: 7, note: null, tags: ["a", "b"], owner: undefined });
    expect(root.get("table").get("key").at(0).int()).toBe(5);
    expect(order.get("missing").exists).toBe(false);
  });

  test("of a class of one's own are its properties", () => {
    class Own {
      id = 7;
    }
    const own = unpack({ own: new Own() }).get("own");
    expect(own.get("id").int()).toBe(7);
    expect(own.object({ id: (item) => item.int() })).toEqual({ id: 7 });
    expect(own.get("constructor").exists).toBe(false);
    for (const other of [[1], new Set(), new Uint8Array(1), new PyDateTime(2026, 1, 1)])
      expect(refusal(() => unpack(other).get("length"))).toContain("a dict, or an instance with attributes");
  });

  test("are looked up without prototypes", () => {
    for (const name of ["toString", "constructor", "hasOwnProperty"])
      expect(root.get(name).exists).toBe(false);
    expect(root.get("__proto__").get("x").int()).toBe(1);
    expect(root.get("names").get("__proto__").exists).toBe(false);
    const record = unpack(loads(cpython("{'__proto__': {'evil': 1}}"))).record((item) => item.value);
    expect(Object.getPrototypeOf(record)).toBe(null);
    expect((record as { evil?: unknown }).evil).toBe(undefined);
  });

  test("that are others are refused, with path and what is there", () => {
    const number = (path: string, found: string, what = "a str"): string =>
      `expected ${what} (${path}). Found ${found}`;
    expect(refusal(() => root.get("ratio").string())).toBe(number("$.ratio", "float 0.5"));
    expect(refusal(() => root.get("ratio").int())).toBe(number("$.ratio", "float 0.5", "an int"));
    expect(refusal(() => root.get("yes").int())).toBe(number("$.yes", "bool true", "an int"));
    expect(refusal(() => root.get("yes").number())).toBe(number("$.yes", "bool true", "a number"));
    expect(refusal(() => root.get("gone").get("x"))).toBe(
      number("$.gone", "nothing", "a dict, or an instance with attributes"),
    );
    expect(refusal(() => root.get("big").int())).toMatch(
      /^expected an int that a number holds \(bigint\(\) takes larger ones\) \(\$\.big\)\. Found int 11805/,
    );
    expect(refusal(() => root.get("list").list((item) => item.int({ max: 2 })))).toMatch(
      /^expected an int of at most 2 \(\$\.list\[2\]\)\. Found (?:int|number) 3$/,
    );
    expect(refusal(() => root.get("pair").tuple((item) => item.int()))).toMatch(
      /^expected a tuple of length 1 \(\$\.pair\)\. Found (?:list|tuple) of length 2$/,
    );
    expect(refusal(() => root.get("by_id").dict((item) => item.string()))).toMatch(
      /^expected a str \(\$\.by_id\[key 0\]\)\. Found (?:int|number) 1$/,
    );
    expect(refusal(() => root.get("order").instance("shop.Order"))).toBe(
      number("$.order", "__main__.Order", "an instance of shop.Order"),
    );
    expect(refusal(() => root.get("when").instance("datetime.datetime"))).toBe(
      number(
        "$.when",
        "datetime.datetime 2026-03-16T00:00:00",
        "a PyObject of datetime.datetime (instance(PyDateTime) takes this one)",
      ),
    );
    expect(refusal(() => root.get("when").instance(PyDecimal))).toBe(
      number("$.when", "datetime.datetime 2026-03-16T00:00:00", "an instance of PyDecimal"),
    );
    expect(refusal(() => root.get("text").literal("a", 1, null))).toBe(
      number("$.text", 'str "hi"', '"a" or 1 or null'),
    );
    expect(
      refusal(() =>
        root.get("text").as("a word of 3 letters", (text) => (text === "abc" ? text : undefined)),
      ),
    ).toBe(number("$.text", 'str "hi"', "a word of 3 letters"));
    for (const method of ["bytes", "none", "boolean", "bigint"] as const)
      expect(refusal(() => root.get("text")[method]())).toContain('($.text). Found str "hi"');
    expect(refusal(() => root.get("text").set((item) => item.int()))).toContain("expected a set");
    expect(refusal(() => root.get("text").list((item) => item.int()))).toContain("expected a list");
    expect(refusal(() => root.get("text").record((item) => item.int()))).toContain("expected a dict");
  });

  test("one of several", () => {
    const read = root
      .get("list")
      .at(0)
      .oneOf(
        (item) => item.string(),
        (item) => item.int(),
      );
    expectTypeOf(read).toEqualTypeOf<string | number>();
    expect(read).toBe(1);
    const wrong = () =>
      root.get("order").oneOf(
        (item) => item.string(),
        (item) => item.get("id").string(),
      );
    expect(refusal(wrong)).toBe("expected a str, or a str at $.order.id ($.order). Found __main__.Order");
    const mine = new Error("mine");
    const thrower = (): never => {
      throw mine;
    };
    expect(() => root.oneOf(thrower, (item) => item.int())).toThrow(mine);
  });
});

test("a float and an int that a number holds are numbers; what would be lost is refused", () => {
  expect(unpack(2n ** 53n).number()).toBe(2 ** 53);
  expect(refusal(() => unpack(2n ** 53n + 1n).number())).toContain("an int that a number holds exactly");
  expect(refusal(() => unpack(2n ** 2000n).number())).toContain("an int that a number holds exactly");
  expect(refusal(() => unpack(1e20).int())).toBe("expected an int ($). Found number 100000000000000000000");
  expect(refusal(() => unpack(Number.NaN).number({ min: 0 }))).toContain("a number of at least 0");
  expect(refusal(() => unpack(Infinity).number({ finite: true }))).toContain("a finite number");
  expect(unpack(Number.NaN).number()).toBeNaN();
  expect(Object.is(unpack(-0).int(), 0)).toBe(true);
});

test("an int is taken if it is safe and in the range, as a number or a bigint", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }), fc.bigInt(), fc.bigInt(), (int, a, b) => {
      const [min, max] = a < b ? [a, b] : [b, a];
      const isSafe = Number.isSafeInteger(Number(int));
      for (const value of isSafe ? [int, Number(int)] : [int]) {
        const expected = isSafe && int >= min && int <= max;
        if (expected) expect(unpack(value).int({ min, max })).toBe(Number(int));
        else expect(refusal(() => unpack(value).int({ min, max }))).toContain("expected an int");
        if (int >= min && int <= max) expect(unpack(value).bigint({ min, max })).toBe(int);
        else expect(refusal(() => unpack(value).bigint({ min, max }))).toContain("expected an int");
      }
    }),
  );
});

test("what is read is what was written", () => {
  const records = fc.array(
    fc.record({
      id: fc.maxSafeInteger(),
      name: fc.string(),
      tags: fc.array(fc.string()),
      score: fc.double(),
    }),
  );
  fc.assert(
    fc.property(records, fc.boolean(), (value, exact) => {
      const read = unpack(loads(dumps(value), { exact })).list((item) =>
        item.object({
          id: (id) => id.int(),
          name: (name) => name.string(),
          tags: (tags) => tags.list((tag) => tag.string()),
          score: (score) => score.number(),
        }),
      );
      // An integer is an int to dumps, so that a zero has no sign.
      expect(read.map((item) => ({ ...item, id: item.id + 0 }))).toEqual(
        value.map((item) => ({ ...item, id: item.id + 0 })),
      );
    }),
  );
});
