import { describe, expect, test } from "vitest";
import { dumps, loads, PicklingError, PyGlobal, PyObject, Tuple } from "../../src/index.ts";

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
});
