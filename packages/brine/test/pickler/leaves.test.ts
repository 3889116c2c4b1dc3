import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { dumps, loads, Pickler, PyGlobal, PyObject, Tuple } from "../../src/index.ts";
import { agree } from "./agree.ts";

// `dumps` tells small containers of scalars by their content first; a `Pickler`, whose memo may have more pickles, tells all by identity.

/** The value in so many lists. */
function inside(value: unknown, depth: number): unknown {
  for (let level = 0; level < depth; level++) value = [value, level];
  return value;
}

const scalar = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.double(),
  fc.constantFrom(0, -0, 1, NaN, null, true, false, undefined, "", "a", "ab", "é", "x".repeat(65), 1n),
);
const leaf = fc.oneof(
  fc.array(scalar, { maxLength: 10 }).map((items) => Tuple.from(items)),
  fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 9 }),
  fc.array(scalar, { maxLength: 3 }),
  fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 20 }).map((items) => Uint8Array.from(items)),
  fc.dictionary(fc.constantFrom("a", "b", "c", "é", "y".repeat(65)), scalar, { maxKeys: 5 }),
  fc
    .array(scalar, { minLength: 7, maxLength: 10 })
    .map((items) => Object.fromEntries(items.map((item, i) => [`key ${i}`, item]))),
);

describe("containers of few scalars and bytes are one by identity, whatever they hold", () => {
  test("leaves of a pool, each at many places, in all that can hold them", () => {
    const value = fc.array(leaf, { minLength: 1, maxLength: 12 }).chain((pool) => {
      const one = fc.constantFrom<unknown>(...pool);
      const { node } = fc.letrec((tie) => ({
        node: fc.oneof(
          { maxDepth: 3 },
          one,
          fc.array(tie("node"), { maxLength: 4 }),
          fc.array(tie("node"), { maxLength: 4 }).map((items) => Tuple.from(items)),
          fc.dictionary(fc.constantFrom("a", "b", "first"), tie("node"), { maxKeys: 3 }),
          fc.array(fc.tuple(fc.integer(), tie("node")), { maxLength: 3 }).map((entries) => new Map(entries)),
          fc.tuple(tie("node"), fc.integer({ min: 35, max: 45 })).map(([item, depth]) => inside(item, depth)),
        ),
      }));
      return fc.array(node, { minLength: 1, maxLength: 20 });
    });
    fc.assert(
      fc.property(value, (items) => agree(items)),
      { numRuns: 400 },
    );
  });
  test.each<[string, (i: number) => unknown]>([
    ["tuples", (i) => Tuple.of(i % 2, "a")],
    ["lists", (i) => [i % 2, 1]],
    ["dicts", (i) => ({ a: i % 2, b: "text" })],
    ["empty dicts", () => ({})],
    ["bytes", (i) => Uint8Array.of(1, i % 2, 3)],
    ["bytes that differ where few look", (i) => new Uint8Array(100).fill(i, 50, 51)],
    ["dicts among which are others", (i) => (i % 5 === 4 ? { a: [1] } : { a: i % 7 })],
  ])("%s that are alike, each at two places", (_, make) => {
    for (const count of [2, 3, 4, 5, 63, 64, 65, 200, 1000]) {
      const items = Array.from({ length: count }, (__, i) => make(i));
      agree([items, items.toReversed(), ...items]);
    }
  });
  test.each<[string, (i: number) => unknown]>([
    ["tuples", (i) => Tuple.of(i, i / 3, `text ${i}`)],
    ["lists", (i) => [i, i / 3]],
    ["dicts", (i) => ({ id: i, text: `text ${i}`, flag: i % 2 === 0 })],
    ["bytes", (i) => Uint8Array.of(i, i >> 8, i >> 16)],
    ["dicts of which half are none", (i) => (i % 2 === 0 ? { id: i, more: [i] } : { id: i })],
  ])("50,000 %s, each at two places, in many frames", (_, make) => {
    const items = Array.from({ length: 50_000 }, (__, i) => make(i));
    agree([items, items.slice(0, 20_000), items], [2, 5]);
    // As many as there is room for at once, and one more or less.
    for (const count of [63, 64, 65, 127, 128, 129, 8191, 8192])
      agree([items.slice(0, count), items.slice(0, count)], [5]);
  });
  test("one that is deep the second time, or the first", () => {
    for (const one of [Tuple.of(1, 2), [1, 2], { a: 1 }, Tuple.of("a"), ["a"], Uint8Array.of(1, 2)]) {
      for (const depth of [38, 39, 40, 41, 60]) {
        agree([one, inside(one, depth), one]);
        agree([inside(one, depth), one, inside(one, depth)]);
      }
    }
  });
  test("one that is the arguments of an object, too", () => {
    const args = Tuple.of(1, "a");
    const object = new PyObject(new PyGlobal("shop", "Order"), args, { how: "reduce" });
    agree([args, object, args]);
    agree([object, args, object]);
    agree([{ a: args }, { b: { a: 1 } }, object, Tuple.of(1, "a"), args]);
  });
  test("an array that is written as a dict, before most dicts are no leaves", () => {
    const odd = Object.setPrototypeOf([1, 2], null) as unknown;
    agree([odd, ...Array.from({ length: 40 }, () => ({ a: [] })), odd]);
  });
  test("the path of an error in one", () => {
    const long = "é".repeat(1_000_000);
    const failing = vi.spyOn(TextEncoder.prototype, "encode").mockImplementation(() => {
      throw new RangeError("Array buffer allocation failed");
    });
    try {
      for (const [value, path] of [
        [Tuple.of(1, long), "$[0][1]"],
        [{ a: 1, b: long }, "$[0].b"],
        [{ a: 1, b: long, c: [] }, "$[0].b"],
      ] as const) {
        expect(() => dumps([value])).toThrow(expect.objectContaining({ code: "too-large", path }));
        expect(() => new Pickler().dump([value])).toThrow(
          expect.objectContaining({ code: "too-large", path }),
        );
      }
    } finally {
      failing.mockRestore();
    }
  });
  test("one that was written in a dump that failed is not remembered", () => {
    const shared = Tuple.of(1, 2);
    const dict = { a: 1 };
    expect(() => dumps([shared, dict, Symbol("no")])).toThrow("$[2]");
    agree([shared, dict, shared, dict]);
  });
  test("and comes back as one", () => {
    const make = (): unknown[] => [Tuple.of(1, 2), [1.5, 2], { a: "x" }, Uint8Array.of(1, 2)];
    const ones = make();
    const back = loads(dumps([...ones, ...make(), ...ones])) as unknown[];
    expect(back.slice(0, 4)).toEqual(back.slice(4, 8));
    for (const i of ones.keys()) {
      expect(back[i]).not.toBe(back[i + 4]);
      expect(back[i]).toBe(back[i + 8]);
    }
  });
  test("every getter is called once for each place, and those whose values differ count as others", () => {
    let calls = 0;
    const counter = {
      get count() {
        return calls++;
      },
    };
    expect(loads(dumps([counter, counter]))).toEqual([{ count: 0 }, { count: 1 }]);
    expect(calls).toBe(2);
  });
});
