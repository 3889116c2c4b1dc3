import { describe, expect, test } from "vitest";
import { dumps, loads, PicklingError, PyGlobal, PyObject, Tuple } from "../../src/index.ts";

const f = new PyGlobal("m", "f");

describe("depth", () => {
  const depth = 1_000_000;
  const nest = (wrap: (inner: unknown) => unknown, innermost: unknown = null, levels = depth): unknown => {
    let value = innermost;
    for (let i = 0; i < levels; i++) value = wrap(value);
    return value;
  };
  const fewer = 100_000;
  const depthOf = (root: unknown, inner: (value: never) => unknown): number => {
    let n = 0;
    for (let value = root; value !== null; value = inner(value as never)) n++;
    return n;
  };
  test("a million lists", () => {
    const pickle = dumps(nest((inner) => [inner]), { protocol: 4 });
    expect(depthOf(loads(pickle), (value: unknown[]) => value[0])).toBe(depth);
  });
  test("a million tuples", () => {
    const pickle = dumps(nest((inner) => Tuple.of(inner)), { protocol: 2, exact: true });
    expect(depthOf(loads(pickle, { exact: true }), (value: Tuple) => value[0])).toBe(depth);
  });
  test("a million dicts", () => {
    const pickle = dumps(nest((inner) => ({ a: inner })), { protocol: 5 });
    expect(depthOf(loads(pickle), (value: { a: unknown }) => value.a)).toBe(depth);
  });
  test("a million objects, each in the state of the next", () => {
    const pickle = dumps(nest((inner) => new PyObject(f, [], { state: inner })), { protocol: 5, exact: true });
    expect(depthOf(loads(pickle, { exact: true }), (value: PyObject) => value.state ?? null)).toBe(depth);
  });
  test("objects, each in the arguments, items or entries of the next", () => {
    const inArguments = dumps(nest((inner) => new PyObject(f, [inner], { how: "reduce" }), null, fewer), { exact: true });
    expect(depthOf(loads(inArguments, { exact: true }), (value: PyObject) => (value.args as unknown[])[0])).toBe(fewer);
    const inItems = dumps(nest((inner) => new PyObject(f, [], { items: [inner] }), null, fewer), { exact: true });
    expect(depthOf(loads(inItems, { exact: true }), (value: PyObject) => value.items[0])).toBe(fewer);
    const inEntries = dumps(nest((inner) => new PyObject(f, [], { entries: [[1n, inner]] }), null, fewer), { exact: true });
    expect(depthOf(loads(inEntries, { exact: true }), (value: PyObject) => value.entries[0]?.[1])).toBe(fewer);
  });
  test("an error at the bottom tells its path", () => {
    let error: unknown;
    try {
      dumps(nest((inner) => [inner], Symbol("bottom")));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(PicklingError);
    expect((error as PicklingError).path).toBe(`$${"[0]".repeat(depth)}`);
  });
});
