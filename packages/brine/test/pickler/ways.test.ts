import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dumps, Pickler, PyDict, Tuple } from "../../src/index.ts";

// `dumps` knows texts by their bytes in the output, and writes plain objects and Maps as their entries come; a `Pickler`
// knows texts by value, and a PyDict is written from an array. CPython judges the second way; both give the same bytes.

/** The same value, of PyDicts. */
function twin(value: unknown, known = new Map<object, unknown>()): unknown {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  let same = known.get(value);
  if (same !== undefined) return same;
  const next = (item: unknown): unknown => twin(item, known);
  if (value instanceof Tuple) same = Tuple.from(value.map(next));
  else if (Array.isArray(value)) same = value.map(next);
  else {
    const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
    const defined = entries.filter(([, item]) => value instanceof Map || item !== undefined);
    same = new PyDict(defined.map(([key, item]) => [next(key), next(item)]));
  }
  known.set(value, same);
  return same;
}

function agree(value: unknown): void {
  for (const protocol of [0, 1, 2, 3, 4, 5]) {
    const one = Buffer.from(dumps(value, { protocol }));
    const other = new Pickler({ protocol }).dump(twin(value));
    if (!one.equals(other)) expect(one.toString("latin1")).toBe(Buffer.from(other).toString("latin1"));
  }
}

const texts = [
  "",
  "a",
  "name",
  "é",
  "名前",
  "\u{1f600}",
  "\ud800",
  "\udc00\ud800",
  "x".repeat(63),
  "é".repeat(64),
  "y".repeat(300),
];
const text = fc.oneof(fc.constantFrom(...texts), fc.string({ unit: "binary", maxLength: 70 }));
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.constantFrom(0, -0, 255, 256, 65535, 65536, -1, 2 ** 31, -(2 ** 31) - 1, 2 ** 40, -(2 ** 47), 2 ** 53),
  fc.double({ noNaN: true }),
  fc.bigInt(),
  fc.constantFrom(null, true, false),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { arbitrary: scalar, weight: 3 },
    { arbitrary: fc.array(tie("value"), { maxLength: 6 }), weight: 1 },
    { arbitrary: fc.array(tie("value"), { maxLength: 5 }).map((items) => Tuple.from(items)), weight: 1 },
    {
      arbitrary: fc
        .array(fc.tuple(text, fc.option(tie("value"), { nil: undefined })), { maxLength: 6 })
        .map((entries) => Object.fromEntries(entries)),
      weight: 2,
    },
    {
      arbitrary: fc
        .array(fc.tuple(fc.oneof(text, fc.integer()), tie("value")), { maxLength: 6 })
        .map((entries) => new Map(entries)),
      weight: 1,
    },
  ),
}));

describe("dumps and Pickler write the same bytes", () => {
  test("random values", () => {
    fc.assert(fc.property(value, agree), { numRuns: 500 });
  });
  test("dicts and lists around the batch of 1000, of scalars and of what has to be gone into", () => {
    for (const size of [0, 1, 2, 3, 64, 65, 66, 998, 999, 1000, 1001, 1002, 1999, 2000, 2001]) {
      // Where something other than a number comes for the first time.
      for (const at of [-1, 0, 1, 63, 64, 999, 1000, size - 1]) {
        for (const other of [["x"], "x", []]) {
          const items = Array.from({ length: size }, (_, i) => (i === at ? other : i));
          const entries = items.map((item, i): [string, unknown] => [`k${i % 1500}${i}`, item]);
          agree([items, Object.fromEntries(entries), new Map(entries), new Map(items.entries())]);
        }
      }
    }
  }, 60_000);
  test("keys that are tuples", () => {
    agree(new Map([[Tuple.of(1, "a"), 1]]));
    agree(
      new Map<unknown, unknown>([
        ["a", 1],
        [Tuple.of(1, "a"), "a"],
        ["b", [2]],
        [Tuple.of(), null],
      ]),
    );
  });
  test("200,000 texts, each twice, and what is between frames", () => {
    const many = Array.from({ length: 200_000 }, (_, i) => `text ${i % 100_000}`);
    agree([many, "x".repeat(70_000), new Uint8Array(70_000), many.slice(0, 3), "x".repeat(70_000)]);
  }, 60_000);
  test("one value after the other, with what failed in between", () => {
    const first = dumps({ a: "text", b: ["text"] });
    expect(() => dumps({ a: "text", b: { c: ["text", Symbol("no")] } })).toThrow("$.b.c[1]");
    expect(dumps({ a: "text", b: ["text"] })).toEqual(first);
    agree({ a: "text", b: ["text"] });
  });
  test("in a hook of another dumps", () => {
    const inner = (): Uint8Array => dumps({ a: "inner", b: ["outer"] });
    const alone = inner();
    let within: Uint8Array | undefined;
    const outer = dumps(["outer", { a: "outer" }, "inner"], {
      persistentId: () => {
        within = inner();
        return undefined;
      },
    });
    expect(within).toEqual(alone);
    expect(outer).toEqual(dumps(["outer", { a: "outer" }, "inner"]));
  });
  test("properties that every object inherits are no entries", () => {
    const expected = dumps({ a: 1 });
    const inherited: unknown = Object.getPrototypeOf({});
    Object.defineProperty(inherited as object, "inherited", {
      value: 1,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    try {
      expect(dumps({ a: 1 })).toEqual(expected);
    } finally {
      Reflect.deleteProperty(inherited as object, "inherited");
    }
  });
});
