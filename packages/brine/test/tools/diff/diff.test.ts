import { describe, expect, test } from "vitest";
import { dumps, PyGlobal, PyObject, Tuple } from "../../../src/index.ts";
import { diff, diffLine, type DiffOptions, optimize, UnpicklingError } from "../../../src/tools.ts";
import { programs } from "../pickles.ts";
import { assemble, Random, uint } from "../../support/assemble.ts";

/** The differences between two values of JavaScript, as lines. */
const told = (before: unknown, after: unknown, options?: DiffOptions): string[] =>
  diff(dumps(before), dumps(after), options).rows.map(diffLine);

const person = (attributes: Record<string, unknown>): PyObject => {
  const object = new PyObject(new PyGlobal("people", "Person"), Tuple.of(), { how: "newobj" });
  object.build(attributes);
  return object;
};

describe("paths and kinds", () => {
  test.each([
    [1, 2, ["~ $: 1 → 2"]],
    [1, "1", ["! $: int 1 → str '1'"]],
    [1, 1.5, ["! $: int 1 → float 1.5"]],
    [{ a: 1, b: 2 }, { a: 1, c: 3 }, ["- $.b: 2", "+ $.c: 3"]],
    [{ users: [{ name: "Ada" }] }, { users: [{ name: "Eva" }] }, ["~ $.users[0].name: 'Ada' → 'Eva'"]],
    [{ "a b": 1, "it's": 1 }, { "a b": 2, "it's": 2 }, ["~ $['a b']: 1 → 2", `~ $["it's"]: 1 → 2`]],
    [new Map([[1, "a"]]), new Map([[1, "b"]]), ["~ $[1]: 'a' → 'b'"]],
    [new Set([1, 2]), new Set([2, 3]), ["- ${1}: 1", "+ ${3}: 3"]],
    [Tuple.of(1, 2), Tuple.of(1, 3), ["~ $[1]: 2 → 3"]],
    [[1], Tuple.of(1), ["! $: list [1] → tuple (1,)"]],
    [Uint8Array.of(1), Uint8Array.of(2), ["~ $: b'\\x01' → b'\\x02'"]],
    [person({ age: 1 }), person({ age: 2, name: "x" }), ["~ $.age: 1 → 2", "+ $.name: 'x'"]],
    [
      new PyObject(new PyGlobal("m", "A"), Tuple.of()),
      new PyObject(new PyGlobal("m", "B"), Tuple.of()),
      ["! $: m.A m.A() → m.B m.B()"],
    ],
    [
      new PyObject(new PyGlobal("datetime", "date"), Tuple.of(1)),
      new PyObject(new PyGlobal("datetime", "date"), Tuple.of(2)),
      ["~ $: datetime.date(1) → datetime.date(2)"],
    ],
    [new PyGlobal("m", "f"), new PyGlobal("m", "g"), ["~ $: <global m.f> → <global m.g>"]],
    [
      `${"x".repeat(100)}a`,
      `${"x".repeat(100)}b`,
      [`~ $: (after 80) '${"x".repeat(20)}a' → (after 80) '${"x".repeat(20)}b'`],
    ],
  ] as const)("%j and %j", (before, after, lines) => {
    expect(told(before, after)).toEqual(lines);
  });
});

describe("lists", () => {
  test("what was put in or taken out shifts nothing", () => {
    expect(told([1, 2, 3, 4], [1, 3, 4])).toEqual(["- $[1]: 2"]);
    expect(told([1, 2, 3], [0, 1, 2, 3])).toEqual(["+ $[0]: 0"]);
    expect(told([1, 1, 1, 1], [1, 1, 1])).toEqual(["- $[3]: 1"]);
  });

  test("what is at another place was moved", () => {
    expect(told(["a", "b", "c", "d"], ["d", "a", "b", "c"])).toEqual(["> $[3] → $[0]: 'd'"]);
  });

  test("a change is told beside what it is most alike, with both paths if they differ", () => {
    const records = Array.from({ length: 6 }, (_, id) => ({ id, name: `user ${id}`, tags: ["x", id] }));
    const changed = structuredClone(records);
    changed[4]!.name = "someone";
    changed.splice(1, 1);
    expect(told(records, changed)).toEqual([
      "- $[1]: {'id': 1, 'name': 'user 1', 'tags': ['x', 1]}",
      "~ $[4].name → $[3].name: 'user 4' → 'someone'",
    ]);
  });

  test("the rows give one list from the other, whatever the lists", () => {
    // All lists of up to five of three things.
    const lists: string[][] = [[]];
    for (let i = 0; lists[i]!.length < 4; i++) for (const item of "abc") lists.push([...lists[i]!, item]);
    for (const before of lists.slice(0, 40)) {
      for (const after of lists) {
        const { rows } = diff(dumps(before), dumps(after));
        const place = (path: string): number => Number(/\[(\d+)\]$/.exec(path)![1]);
        const gone = new Set<number>();
        const made: (string | undefined)[] = after.map(() => undefined);
        for (const { kind, path, newPath, before: was, after: is } of rows) {
          if (kind === "added") made[place(path)] = is!.text;
          else if (kind === "removed") gone.add(place(path));
          else {
            gone.add(place(path));
            expect(was!.text).toBe(`'${before[place(path)]!}'`);
            made[place(newPath ?? path)] = is!.text;
          }
        }
        const rest = before.filter((_, at) => !gone.has(at)).map((item) => `'${item}'`);
        for (let at = 0; at < made.length; at++) made[at] ??= rest.shift();
        expect(made).toEqual(after.map((item) => `'${item}'`));
        expect(rest).toEqual([]);
      }
    }
  });
});

describe("what makes no difference", () => {
  const shared = { a: [1, -1.5, 2n ** 70n, "é", null, true, new Set([1]), Uint8Array.of(0, 255)] };

  test("the protocol", () => {
    for (let one = 0; one <= 5; one++)
      for (let other = 0; other <= 5; other++)
        expect(diff(dumps(shared, { protocol: one }), dumps(shared, { protocol: other }))).toEqual({
          equal: true,
          rows: [],
          omitted: 0,
        });
  });

  test("the order of a dict and of a set, and keys that are equal in Python", () => {
    expect(told({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([]);
    expect(told(new Set([1, 2]), new Set([2, 1]))).toEqual([]);
    const key = (code: string): Uint8Array => assemble("}", code, "Ns.");
    expect(diff(key("K\x01"), key("\x88")).equal).toBe(true);
    expect(diff(key("K\x01\x85"), key("G\x3f\xf0\0\0\0\0\0\0\x85")).equal).toBe(true);
    expect(diff(key("K\x01"), key("K\x02")).equal).toBe(false);
  });

  test("a key that comes again has the last value", () => {
    const twice = assemble("}(K\x01K\x05K\x01K\x06u.");
    expect(diff(twice, dumps(new Map([[1, 6]]))).equal).toBe(true);
    expect(diff(twice, dumps(new Map([[1, 5]]))).equal).toBe(false);
  });

  test("memo, frames and unused values", () => {
    expect(
      diff(assemble("]q\0(K\x01h\0e."), assemble("\x80\x04", "\x95", uint(8, 8), "]\x94(K\x01h\0e.")).equal,
    ).toBe(true);
  });
});

test("sharing is told if asked for", () => {
  const one = ["x"];
  const pickle = dumps([one, one]);
  const other = dumps([["x"], ["x"]]);
  expect(diff(pickle, other).equal).toBe(true);
  expect(diff(pickle, other, { sharing: true }).rows.map(diffLine)).toEqual([
    "& $[1]: the same object as $[0] → an object of its own",
  ]);
  expect(diff(other, pickle, { sharing: true }).rows.map(diffLine)).toEqual([
    "& $[1]: an object of its own → the same object as $[0]",
  ]);
});

describe("cycles", () => {
  const cycle = (value: unknown, length: number): Uint8Array => {
    const first: unknown[] = [value];
    let last = first;
    for (let i = 1; i < length; i++) last.push((last = [value]));
    last.push(first);
    return dumps(first);
  };

  test("are followed once", () => {
    expect(diff(cycle(1, 1), cycle(1, 1)).equal).toBe(true);
    expect(diff(cycle(1, 3), cycle(2, 3)).rows.map(diffLine)).toEqual([
      "~ $[0]: 1 → 2",
      "~ $[1][0]: 1 → 2",
      "~ $[1][1][0]: 1 → 2",
    ]);
    // Through the elements of a set, and through a persistent id.
    const set = (n: number): Uint8Array =>
      assemble("\x80\x04]\x94\x8f(cm\nP\n)\x81}(\x8c\x04rooth\0\x8c\x01nK", n, "ub\x90a.");
    expect(diff(set(1), set(1)).equal).toBe(true);
    expect(diff(set(1), set(2)).rows.map(diffLine)).toEqual([
      "~ $[0]{m.P {root: […], n: 1}}.n → $[0]{m.P {root: […], n: 2}}.n: 1 → 2",
    ]);
    const id = (n: number): Uint8Array => assemble("]q\0(h\0K", n, "eQ.");
    expect(diff(id(1), assemble("]q\x07(h\x07K\x01eQ.")).equal).toBe(true);
    expect(diff(id(1), id(2)).rows.map(diffLine)).toEqual(["~ $.<id>[1]: 1 → 2"]);
    // Unrolled, they are the same endless list.
    expect(diff(cycle(1, 2), cycle(1, 4)).equal).toBe(true);
  });
});

describe("large and deep values", () => {
  test("many levels", () => {
    const deep = (inner: string): Uint8Array =>
      assemble("]".repeat(200_000), inner, "a".repeat(200_000), ".");
    expect(diff(deep("K\x01"), deep("K\x01")).equal).toBe(true);
    const { rows } = diff(deep("K\x01"), deep("K\x02"));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.path).toMatch(/^\$…(\[0\]){100,}$/);
  }, 60_000);

  test("what is shared again and again is gone through once", () => {
    const nested = (inner: string): Uint8Array => assemble("]", inner, "a", "2\x86".repeat(60), ".");
    expect(diff(nested("K\x01"), nested("K\x02")).rows).toHaveLength(1);
  });

  test("many lists that have little in common", () => {
    const lists = (seed: number): Uint8Array => {
      const random = new Random(seed);
      return dumps(Array.from({ length: 400 }, () => Array.from({ length: 1000 }, () => random.below(300))));
    };
    expect(diff(lists(0), lists(1), { limit: 5 }).rows).toHaveLength(5);
  }, 60_000);

  test("a million items, with a limit to the rows", () => {
    const items = (from: number): Uint8Array =>
      dumps(Array.from({ length: 1_000_000 }, (_, i) => (i * 7919 + from) % 1000));
    const { rows, omitted } = diff(items(0), items(1), { limit: 5 });
    expect(rows).toHaveLength(5);
    expect(omitted).toBeGreaterThan(0);
  }, 60_000);
});

describe("several pickles", () => {
  const log = (...values: unknown[]): Uint8Array => assemble(...values.map((value) => dumps(value)));

  test("all of them, if asked for", () => {
    expect(diff(log(1, 2), log(1, 3)).equal).toBe(true);
    expect(diff(log(1, 2), log(1, 3), { all: true }).rows.map(diffLine)).toEqual(["~ $[1]: 2 → 3"]);
    expect(diff(log(1), log(2), { all: true }).rows.map(diffLine)).toEqual(["~ $: 1 → 2"]);
    expect(diff(log(1), log(1, 2), { all: true }).rows.map(diffLine)).toEqual(["+ $[1]: 2"]);
    expect(diff(assemble(log(1), "\n"), log(1), { all: true }).equal).toBe(true);
  });

  test("each has a memo of its own", () => {
    const bytes = assemble("]q\0.h\0.");
    expect(() => diff(bytes, log(1), { all: true })).toThrow("Memo value not found");
  });
});

test.each([
  ["N", "no-data"],
  ["\xff", "invalid-opcode"],
  ["X\x05\0\0\0ab", "truncated"],
  ["N\x86.", "stack-underflow"],
  ["(\x85.", "unexpected-mark"],
  ["t.", "missing-mark"],
  ["h\x07.", "missing-memo"],
  ["(Nd.", "odd-items"],
  ["NNa.", "unsupported-operation"],
  ["NN\x93.", "invalid-arguments"],
  ["]K\x05Ns.", "unsupported-operation"],
])("what cannot be read is refused: %j", (pickle, code) => {
  for (const pair of [
    [assemble(pickle), dumps(1)],
    [dumps(1), assemble(pickle)],
    [assemble(pickle), assemble(pickle)],
  ] as const) {
    let thrown: unknown;
    try {
      diff(pair[0], pair[1]);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UnpicklingError);
    expect(thrown).toMatchObject({ code, offset: expect.any(Number) as number });
  }
});

test("random programs are equal to themselves optimized, or refused with a place", () => {
  let equal = 0;
  let refused = 0;
  for (const bytes of programs(3000, 59)) {
    try {
      diff(bytes, dumps(null), { all: true, sharing: true });
      const small = optimize(bytes);
      expect(diff(bytes, small, { sharing: true }).rows.map(diffLine)).toEqual([]);
      equal++;
    } catch (error) {
      expect(error).toBeInstanceOf(UnpicklingError);
      refused++;
    }
  }
  expect(equal).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(500);
});

test("8-bit strings are decoded as asked for", () => {
  const [one, other] = [assemble("U\x02\xc3\xa9."), dumps("é")];
  expect(diff(one, other).equal).toBe(false);
  expect(diff(one, other, { encoding: "utf-8" }).equal).toBe(true);
  expect(diff(one, dumps(Uint8Array.of(0xc3, 0xa9)), { encoding: "bytes" }).equal).toBe(true);
});
