import { describe, expect, test } from "vitest";
import { builtins, dumps, loads, PicklingError, PyGlobal, PyObject, Tuple } from "../../src/index.ts";
import { PicklerBase } from "../../src/pickler/pickler.ts";
import { dumpInPieces } from "../../src/pickler/pieces.ts";

const million = 1_000_000;
const fewer = 50_000;
const f = new PyGlobal("m", "f");

/** `innermost`, wrapped so many times. */
function nest(levels: number, wrap: (inner: unknown) => unknown, innermost: unknown = null): unknown {
  let value = innermost;
  for (let i = 0; i < levels; i++) value = wrap(value);
  return value;
}

function depthOf(root: unknown, inner: (value: never) => unknown): number {
  let depth = 0;
  for (let value = root; value !== null; value = inner(value as never)) depth++;
  return depth;
}

const cases: [
  what: string,
  wrap: (inner: unknown) => unknown,
  unwrap: (value: never) => unknown,
  closing: string,
  levels: number,
][] = [
  ["lists", (x) => [x], (list: unknown[]) => list[0], "a", million],
  ["tuples", (x) => Tuple.of(x), (tuple: Tuple) => tuple[0], "\x85\x94", million],
  ["dicts", (x) => new Map([[1n, x]]), (dict: Map<bigint, unknown>) => dict.get(1n), "s", million],
  ["states", (x) => new PyObject(f, [], { state: x }), ({ state }: PyObject) => state ?? null, "b", million],
  [
    "arguments",
    (x) => new PyObject(f, [x], { how: "reduce" }),
    (object: PyObject) => (object.args as Tuple)[0],
    "\x85\x94R\x94",
    fewer,
  ],
  ["items", (x) => new PyObject(f, [], { items: [x] }), ({ items }: PyObject) => items[0], "a", fewer],
  [
    "entries",
    (x) => new PyObject(f, [], { entries: [[1n, x]] }),
    ({ entries }: PyObject) => entries[0]?.[1],
    "s",
    fewer,
  ],
];

describe("values within values within values", () => {
  test.each(cases)(
    "%s",
    (_, wrap, unwrap, closing, levels) => {
      const pickle = dumps(nest(levels, wrap), { protocol: 4, exact: true });
      const end = Buffer.from(pickle.subarray(-30_000)).toString("latin1");
      // But for the frames' headers, the pickle ends in what closes each level.
      expect(end.replace(/\x95.{8}/gs, "").endsWith(`${closing.repeat(5000)}.`)).toBe(true);
      expect(pickle.length).toBeGreaterThan(levels * closing.length);
      const shallower = dumps(nest(fewer, wrap), { protocol: 4, exact: true });
      expect(depthOf(loads(shallower, { exact: true }), unwrap)).toBe(fewer);
    },
    180_000,
  );
  test("an error at the bottom tells its path", () => {
    let error: unknown;
    try {
      dumps(nest(fewer, (inner) => [inner], Symbol("bottom")));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(PicklingError);
    // A path as long as this is cut in the middle.
    expect((error as PicklingError).path).toMatch(/^\$(\[0\])+\[? … .*(\[0\])+$/);
  });

  // Shallow containers are written by recursion, deeper ones by frames.
  const steps: [what: string, wrap: (inner: unknown) => unknown, path: string][] = [
    ["a list of one", (x) => [x], "[0]"],
    ["a list", (x) => [1, x, "z"], "[1]"],
    ["a dict of one", (x) => ({ a: x }), ".a"],
    ["a dict", (x) => ({ a: 1, "b c": x, z: 2 }), '["b c"]'],
    ["a short tuple", (x) => Tuple.of<unknown>(true, x), "[1]"],
    ["a tuple", (x) => Tuple.of<unknown>(1, 2, 3, x, 5), "[3]"],
    ["a Map", (x) => new Map<unknown, unknown>([[7, 1]]).set(8, x), "[8]"],
    ["a key", (x) => new Map<unknown, unknown>([[7, 1]]).set(x, 1), "[key 1]"],
    ["an object", (x) => new PyObject(f, Tuple.of<unknown>(x), { how: "reduce" }), ".args[0]"],
    ["a state", (x) => new PyObject(f, [], { state: { x } }), ".state.x"],
  ];
  const errorOf = (value: unknown, dump: (value: unknown) => unknown): PicklingError | undefined => {
    try {
      dump(value);
      return undefined;
    } catch (error) {
      return error as PicklingError;
    }
  };
  const byFrames = (value: unknown): Uint8Array =>
    Buffer.concat([...dumpInPieces(new PicklerBase(undefined, builtins), value)]);

  test.each(steps)("%s at any depth: the bytes, and the path of an error", (_, wrap, step) => {
    for (let levels = 1; levels < 90; levels++) {
      const good = nest(levels, wrap, ["x", 1.5, ["x"]]);
      expect(Buffer.compare(dumps(good), byFrames(good))).toBe(0);
      const bad = nest(levels, wrap, Symbol("bottom"));
      const path = errorOf(bad, dumps)?.path as string;
      expect(path).toBe(errorOf(bad, byFrames)?.path);
      if (path.length < 200) expect(path).toBe(`$${step.repeat(levels)}`);
    }
  });

  test("one in another of each kind", () => {
    const wraps = steps.filter(([what]) => what !== "a key");
    const all = (inner: unknown): unknown => wraps.reduce((value, [, wrap]) => wrap(value), inner);
    const step = wraps.map(([, , path]) => path).reduce((path, outer) => outer + path);
    const bad = nest(2, all, Symbol("bottom"));
    expect(errorOf(bad, dumps)?.path).toBe(`$${step}${step}`);
    const good = nest(20, all, 1);
    expect(Buffer.compare(dumps(good), byFrames(good))).toBe(0);
    // Nothing of a failure is left for the next.
    expect(errorOf([[Symbol("x")]], dumps)?.path).toBe("$[0][0]");
  });

  test.each([1, 39, 40, 41, 42, 43, 60])("cycles and sharing over %i levels", (levels) => {
    for (const [, wrap] of steps.slice(0, 7)) {
      const list: unknown[] = [1];
      const tuple = Tuple.of<unknown>(list, "end");
      list.push(nest(levels, wrap, tuple), tuple, nest(levels, wrap, list));
      for (const value of [list, tuple]) {
        const pickle = dumps(value);
        expect(Buffer.compare(pickle, byFrames(value))).toBe(0);
        const loaded = loads(pickle, { exact: true }) as unknown[];
        const again = (value === list ? loaded : loaded[0]) as unknown[];
        const pair = again[2] as unknown[];
        expect(pair[0]).toBe(again);
        if (value === tuple) expect(pair).toBe(loaded);
      }
    }
  });
});
