import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dumps, loads, Pickler, PyGlobal, PyObject, Tuple } from "../../src/index.ts";
import { agree } from "./agree.ts";

// `dumps` tells dicts and lists by the first container in them; a `Pickler`, whose memo may have more pickles, tells all by identity.

/** The value in so many dicts and lists, each the first thing in the next. */
function inside(value: unknown, depth: number): unknown {
  for (let level = 0; level < depth; level++) value = level % 3 === 0 ? { value } : [value, level];
  return value;
}

/** What a container of a graph is, and what is in it: a scalar, or the container of that number. */
interface Plan {
  readonly kind: "dict" | "list" | "tuple" | "map" | "instance" | "reduced";
  readonly scalars: number;
  readonly items: readonly number[];
}

const scalars = [0, 1.5, "a", "x".repeat(65), null, true, 1n, 10n ** 30n, undefined, "y".repeat(30_000)];

function graphOf(plans: readonly Plan[]): unknown[] {
  const nodes: unknown[] = [];
  const itemOf = (item: number): unknown => nodes[item] ?? scalars[item % scalars.length];
  for (const { kind, items } of plans) {
    if (kind === "dict") nodes.push({});
    else if (kind === "list") nodes.push([]);
    else if (kind === "map") nodes.push(new Map());
    // These can only have what is there already.
    else if (kind === "tuple") nodes.push(Tuple.from(items.map(itemOf)));
    else {
      const type = new PyGlobal("shop", "Order");
      const args = kind === "instance" ? Tuple.of() : Tuple.from(items.map(itemOf));
      const how = kind === "instance" ? "newobj" : "reduce";
      nodes.push(new PyObject(type, args, { how, state: itemOf(items[0] ?? 0) }));
    }
  }
  for (const [index, { kind, scalars: count, items }] of plans.entries()) {
    const node = nodes[index];
    if (kind === "dict") {
      for (let i = 0; i < count; i++)
        (node as Record<string, unknown>)[`s${i}`] = scalars[(i * 7 + index) % 5];
      for (const [i, item] of items.entries()) (node as Record<string, unknown>)[`i${i}`] = itemOf(item);
    } else if (kind === "list") (node as unknown[]).push(...items.map(itemOf));
    else if (kind === "map") for (const item of items) (node as Map<number, unknown>).set(item, itemOf(item));
  }
  return nodes;
}

const plan = fc.record({
  kind: fc.constantFrom<Plan["kind"]>(
    "dict",
    "dict",
    "dict",
    "list",
    "list",
    "tuple",
    "map",
    "instance",
    "reduced",
  ),
  scalars: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10 })),
  items: fc.array(fc.nat({ max: 40 }), { maxLength: 4 }),
});

describe("dicts and lists are one by identity, whatever is first in them", () => {
  test("graphs, with cycles", () => {
    fc.assert(
      fc.property(
        fc.array(plan, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 45 }),
        (plans, depth) => {
          const nodes = graphOf(plans);
          agree([...nodes, ...nodes.toReversed()]);
          agree([inside(nodes, depth), nodes, inside(nodes[0], 45 - depth)], [5]);
        },
      ),
      { numRuns: 400 },
    );
  });
  test("trees of many, twice", () => {
    const tree = (depth: number): unknown =>
      depth === 0 ? { leaf: 1 } : { left: tree(depth - 1), right: tree(depth - 1), depth };
    const one = tree(9);
    agree([one, one, tree(2), one]);
    agree({ first: [one], second: one });
  });
  test("so many scalars before the first container, before and after most dicts are no leaves", () => {
    for (let count = 0; count <= 10; count++) {
      const make = (more: unknown): Record<string, unknown> => ({
        ...Object.fromEntries(
          Array.from({ length: count }, (_, i) => [`s${i}`, i % 2 === 0 ? i : `text ${i}`]),
        ),
        more,
      });
      for (const first of [
        [],
        [[]],
        {},
        { a: [] },
        Tuple.of(),
        Tuple.of(1),
        Tuple.of([]),
        new Map(),
        Uint8Array.of(1, 2),
      ]) {
        const one = make(first);
        const others = Array.from({ length: 100 }, () => ({ a: [] }));
        agree([one, ...others, one, make(first), make(one), one]);
        agree([...others, one, make(one), one, first]);
      }
    }
  });
  test("one that is at the end of a frame the second time", () => {
    const inner = [{ a: [1.5] }];
    const one = { text: "a text", number: 70_000, more: "another", flag: true, inner };
    const value = (size: number): unknown[] => [
      one,
      "x".repeat(size),
      [[[one]]],
      [one],
      { inner, one },
      "x".repeat(70_000),
      one,
    ];
    const room = 64 * 1024 + 300 - dumps(value(300).slice(0, 2)).length;
    for (let size = room - 80; size < room + 80; size++) agree(value(size), [4, 5]);
  });
  test("one that is deep the second time, or the first", () => {
    for (let depth = 30; depth <= 45; depth++) {
      for (const one of [[[1]], [[]], { a: [[1]] }, { number: 1, a: { b: {} } }, inside({ a: [] }, 5)]) {
        agree([one, inside(one, depth), one]);
        agree([inside(one, depth), one, inside(one, depth), inside(one, depth - 1)]);
      }
    }
  });
  test("cycles through what is first", () => {
    const list: unknown[] = [];
    list.push(list);
    agree(list);
    agree([[list], list, { list }]);
    const a: { b?: unknown; tuple?: unknown } = {};
    const b = [a];
    a.b = b;
    agree([a, b, a, b]);
    agree([b, a, [b], [[a]]]);
    const parent: { name: string; children: unknown[] } = { name: "parent", children: [] };
    parent.children = Array.from({ length: 100 }, (_, i) => ({ parent, i, more: [i] }));
    agree([parent, parent.children, parent]);
    const tuple = Tuple.of<unknown>(a);
    a.tuple = tuple;
    agree([tuple, { tuple }, a]);
  });
  test("what is read is one object where it was one", () => {
    const shared = [{ a: [] }];
    const one = { number: 1, shared, more: [shared] };
    const [first, second, third] = loads(dumps([one, { one }, one, shared])) as [
      typeof one,
      { one: unknown },
      unknown,
    ];
    expect(second.one).toBe(first);
    expect(third).toBe(first);
    expect(first.more[0]).toBe(first.shared);
  });
});

describe("what changes while it is written", () => {
  test("counts as another one", () => {
    let count = 0;
    const one = {
      get text() {
        return `text ${count++}`;
      },
      list: [[]],
    };
    const [first, second] = loads(dumps([one, one])) as (typeof one)[];
    expect([first?.text, second?.text]).toStrictEqual(["text 0", "text 1"]);
    expect(second?.list).toBe(first?.list);
  });
  test("is what it is read as, where a list answers otherwise each time", () => {
    for (let when = 1; when <= 12; when++) {
      let count = 0;
      const known = [[]];
      const list: unknown[] = [0, 1];
      Object.defineProperty(list, 0, {
        enumerable: true,
        get: () => (count++ % when < when / 2 ? known : 5),
      });
      const entries = (): unknown =>
        new Map<number, unknown>([
          [1, list],
          [2, known],
          [3, [known]],
        ]);
      const value = [[list, known], [list, known], entries(), entries(), { list, known }, "end"];
      const [first, second, third, fourth, fifth, end] = loads(dumps(value)) as unknown[][];
      expect(
        [first, second, third, fourth].map((item) => item as unknown[] | Map<number, unknown>),
      ).toStrictEqual([
        [expect.any(Array), known],
        [expect.any(Array), known],
        expect.any(Map),
        expect.any(Map),
      ]);
      expect((third as unknown as Map<number, unknown>).get(3)).toStrictEqual([known]);
      expect((fourth as unknown as Map<number, unknown>).get(1)).toHaveLength(2);
      expect(fifth).toStrictEqual({ list: expect.any(Array) as unknown[], known });
      expect(end).toBe("end");
    }
  });
  test("does not grow without a limit, where many ways lead to it", () => {
    for (const make of [() => [1], () => [[1]], () => ({ a: 1 }), () => ({ a: [] }), () => new Map()]) {
      let one: unknown = 1;
      for (let level = 0; level < 35; level++) {
        const before = one;
        one = Object.defineProperty({}, "fresh", { enumerable: true, get: make });
        Object.assign(one as object, { first: before, second: before });
      }
      const late = [{ text: ["late"] }];
      const pickle = dumps([one, late, late]);
      expect(pickle.length).toBeLessThan(20_000);
      const [first, second, third] = loads(pickle) as Record<string, unknown>[];
      expect(second).toStrictEqual(late);
      expect(third).toBe(second);
      let next = first as { fresh: unknown; first: unknown; second: unknown };
      for (let level = 0; level < 35; level++) {
        expect(Object.keys(next)).toStrictEqual(["fresh", "first", "second"]);
        expect(next.fresh).toStrictEqual(loads(dumps(make())));
        next = next[level % 2 === 0 ? "first" : "second"] as typeof next;
      }
      expect(next).toBe(1);
    }
  });
  test("does not grow without a limit, where it is large", () => {
    let asked = 0;
    let one: unknown = {
      get rows() {
        asked++;
        return Array.from({ length: 1000 }, (_, i) => ({ a: ["x"], i }));
      },
    };
    for (let level = 0; level < 20; level++) one = { left: one, right: one };
    expect(dumps(one).length).toBeLessThan(100_000);
    expect(asked).toBeLessThan(5);
  });
  test("ends, where an item is a number every other time", () => {
    for (const parity of [0, 1]) {
      for (const write of [dumps, (value: unknown) => new Pickler().dump(value)]) {
        let count = parity;
        const list: unknown[] = [0, 1];
        Object.defineProperty(list, 0, { enumerable: true, get: () => (count++ % 2 === 0 ? "x" : 1) });
        expect(loads(write([list, list]))).toHaveLength(2);
      }
    }
  });
  test("ends, where there are cycles too", () => {
    let made = 0;
    const one: { more?: unknown } = {};
    Object.defineProperty(one, "fresh", {
      enumerable: true,
      get: () => {
        made++;
        return [[made]];
      },
    });
    one.more = [one, [one], { one }, one];
    expect(dumps([one, one]).length).toBeLessThan(10_000);
    expect(made).toBeLessThan(200);
    const texts: { list?: unknown; more?: unknown } = {};
    Object.defineProperty(texts, "text", { enumerable: true, get: () => `text ${made++}` });
    texts.list = [[]];
    texts.more = [texts, [texts], { texts }, texts];
    made = 0;
    expect(dumps([texts, texts]).length).toBeLessThan(10_000);
    expect(made).toBeLessThan(200);
  });
});

describe("one that is met again and again is not read again and again", () => {
  const others = Array.from({ length: 30_000 }, (_, i) => (i % 3 === 0 ? [[]] : { i }));
  test.each<[string, (list: unknown[]) => object]>([
    ["with a container first", (list) => ({ list, number: 1 })],
    ["with a container behind scalars", (list) => ({ number: 1, text: "text", list })],
    [
      "of more scalars than are compared",
      () => Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`key ${i}`, i])),
    ],
    [
      "of many containers",
      () => Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`key ${i}`, [i]])),
    ],
    [
      "of nothing but what is left out",
      () => ({
        ...Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`key ${i}`, undefined])),
        number: 1,
      }),
    ],
  ])("%s", (_, make) => {
    let read = 0;
    const value = new Proxy(make([[]]), {
      ownKeys: (target) => {
        read++;
        return Reflect.ownKeys(target);
      },
    });
    const deep = inside(value, 30);
    for (const again of [[value], [deep], [value, { value }, deep]]) {
      const all = [others, Array.from({ length: 10_000 }, () => again).flat()];
      agree(all, [5]);
      read = 0;
      dumps(all);
      expect(read).toBeLessThan(1000);
    }
  });
});

test("an error leaves nothing to the next pickle", () => {
  const one = {
    first: [
      [
        {
          deep: 1,
          get bad(): never {
            throw new Error("not today");
          },
        },
      ],
    ],
  };
  expect(() => dumps([one])).toThrow(expect.objectContaining({ path: "$[0].first[0][0].bad" }));
  agree([one.first.slice(1), { a: [] }]);
});
