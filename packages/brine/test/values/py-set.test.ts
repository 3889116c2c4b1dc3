import fc from "fast-check";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { newInterner } from "../../src/values/key.ts";
import { PyDict } from "../../src/values/py-dict.ts";
import { frozenSetFromArray, PyFrozenSet } from "../../src/values/py-frozen-set.ts";
import { itemsOfSet, type SetLike } from "../../src/values/py-set-base.ts";
import { PySet, setFromArray } from "../../src/values/py-set.ts";
import { Tuple } from "../../src/values/tuple.ts";
import { askCPython } from "../bytes/cpython.ts";
import { buildKey, keySpec, pythonKeys, showKey, type KeySpec } from "./keys.ts";

const program = fc.record({
  left: fc.array(keySpec, { maxLength: 14 }),
  steps: fc.array(fc.tuple(fc.constantFrom("add", "delete", "has"), keySpec), { maxLength: 20 }),
  right: fc.array(keySpec, { maxLength: 14 }),
});
type Program = typeof program extends fc.Arbitrary<infer T> ? T : never;

// A set of Python has no order, and an operation may take an equal item from either side: numbers are shown by value.
const runInPython = `${pythonKeys}
def same(value):
    if type(value) is tuple: return tuple(map(same, value))
    if type(value) is frozenset: return frozenset(map(same, value))
    if type(value) is float and value.is_integer() or type(value) is bool: return int(value)
    return value
def kept(items): return sorted(map(show, items))
def shown(items): return sorted(show(same(item)) for item in items)
out = []
for case in cases:
    left = set(map(build, case["left"]))
    answers = []
    for kind, key in case["steps"]:
        key = build(key)
        answers.append(key in left)
        if kind == "add": left.add(key)
        elif kind == "delete": left.discard(key)
    right = set(map(build, case["right"]))
    out.append([answers, kept(left), shown(left | right), shown(left & right), shown(left - right), shown(left ^ right),
        left <= right, left >= right, left.isdisjoint(right), frozenset(left) == frozenset(right)])
answer(out)`;

function same(value: unknown): unknown {
  if (value instanceof Tuple) return Tuple.from(value.map(same));
  if (value instanceof PyFrozenSet) return new PyFrozenSet([...value].map(same));
  if (typeof value === "boolean" || (typeof value === "number" && Number.isInteger(value)))
    return BigInt(value);
  return value;
}
const kept = (items: Iterable<unknown>): string[] => Array.from(items, showKey).toSorted(byCodePoint);
const shown = (items: Iterable<unknown>): string[] => kept(Array.from(items, same));
const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function run({ left: first, steps, right: second }: Program, lazy: boolean): unknown {
  const make = (specs: readonly KeySpec[]): PySet =>
    lazy ? setFromArray(specs.map(buildKey), newInterner()) : new PySet(specs.map(buildKey));
  const left = make(first);
  const answers = steps.map(([kind, spec]) => {
    const key = buildKey(spec);
    const there = left.has(key);
    if (kind === "add") expect(left.add(key)).toBe(left);
    else if (kind === "delete") expect(left.delete(key)).toBe(there);
    return there;
  });
  const right = make(second);
  expect(left.size).toBe([...left].length);
  expect(itemsOfSet(left)).toEqual([...left]);
  const equal = new PySet([new PyFrozenSet(left)]).has(new PyFrozenSet([...right].toReversed()));
  return [
    answers,
    kept(left),
    shown(left.union(right)),
    shown(left.intersection(right)),
    shown(left.difference(right)),
    shown(left.symmetricDifference(right)),
    left.isSubsetOf(right),
    left.isSupersetOf(right),
    left.isDisjointFrom(right),
    equal,
  ];
}

describe("PySet", () => {
  it("does as CPython's set does", () => {
    fc.assert(
      fc.property(fc.array(program, { minLength: 40, maxLength: 60 }), fc.boolean(), (programs, lazy) => {
        expect(programs.map((each) => run(each, lazy))).toEqual(askCPython<unknown>(runInPython, programs));
      }),
      { numRuns: 20 },
    );
  });

  it("is a Set with all its methods, in the order of insertion", () => {
    const set = new PySet(["b", "a", 1, true, 1n]);
    expect(set).toBeInstanceOf(Set);
    expect(Object.prototype.toString.call(set)).toBe("[object PySet]");
    expect([[...set], [...set.keys()], [...set.values()]]).toEqual(
      Array.from({ length: 3 }, () => ["b", "a", 1]),
    );
    expect([...set.entries()]).toEqual([...set].map((item) => [item, item]));
    expect(new Set(set).size).toBe(3);
    const seen: unknown[] = [];
    set.forEach(function (this: unknown, item, again, all) {
      seen.push(this, item === again, all === set);
    }, "this");
    expect(seen).toEqual(Array.from({ length: 3 }, () => ["this", true, true]).flat());
    set.clear();
    expect([set.size, set.has("a")]).toEqual([0, false]);
    for (const name of Object.getOwnPropertyNames(Set.prototype)) {
      expect(Reflect.get(PySet.prototype, name, new PySet(["a"])), name).not.toBe(
        Reflect.get(Set.prototype, name, new Set()),
      );
    }
  });

  it("takes batches, before it was looked at and after", () => {
    const set = setFromArray([1n, 2n], newInterner());
    set.addMany(["x", 2, 3n, "y"], 1, 3);
    expect([...set]).toEqual([1n, 2n, 3n]);
    set.addMany([true, "z"], 0, 2);
    expect([...set]).toEqual([1n, 2n, 3n, "z"]);
  });

  it("takes what is like a set in its operations, and refuses unhashable items in it", () => {
    const set = new PySet([1n, "a", Tuple.of(1n)]);
    expect([...set.intersection(new Set<unknown>([1, "a"]))]).toEqual([1n, "a"]);
    expect([...set.difference(new Map([[1, "x"]]))]).toEqual(["a", Tuple.of(1n)]);
    expect([
      ...set.union(
        new PyDict<unknown, number>([
          [true, 1],
          [2, 1],
        ]),
      ),
    ]).toEqual([1n, "a", Tuple.of(1n), 2]);
    const like: SetLike = { size: 1, has: () => false, keys: () => [Tuple.of(true)].values() };
    expect(set.isSupersetOf(like)).toBe(true);
    expect(() => set.union(new Set([[]]))).toThrow(new TypeError("unhashable type: 'list'"));
  });

  it("goes on after deletions while it is iterated and operated on", () => {
    const set = new PySet<number>(Array.from({ length: 100 }, (_, index) => index));
    for (const item of set) if (item % 3 !== 0) set.delete(item);
    const deleted = Array.from({ length: 100 }, (_, index) => index).filter((item) => item % 3 === 0);
    expect([...set]).toEqual(deleted);
    set.delete(0);
    expect([...set.union(new Set([3, -1]))]).toEqual([...deleted.slice(1), -1]);
    expect([...new PySet([3, 0]).symmetricDifference(set)]).toEqual([0, ...deleted.slice(2)]);
  });

  it("shows itself to util.inspect and JSON, cycles too", () => {
    class Thing {
      set: unknown;
    }
    const thing = new Thing();
    const set = new PySet([1, thing]);
    thing.set = set;
    expect(inspect(set)).toBe("PySet(2) { 1, Thing { set: [Circular] } }");
    expect(inspect(new PyFrozenSet([Tuple.of(1)]))).toBe("PyFrozenSet(1) { Tuple(1) [ 1 ] }");
    expect(JSON.stringify(new PySet(["a", new PyFrozenSet([1])]))).toBe('["a",[1]]');
  });
});

describe("PyFrozenSet", () => {
  it("never changes", () => {
    const set = new PyFrozenSet([1n, true, "a"]);
    expect(set).toBeInstanceOf(Set);
    expect(set).not.toBeInstanceOf(PySet);
    expect(Object.prototype.toString.call(set)).toBe("[object PyFrozenSet]");
    expect(() => set.add(2n)).toThrow(new TypeError("'frozenset' object has no attribute 'add'"));
    expect(() => set.delete(1n)).toThrow(new TypeError("'frozenset' object has no attribute 'discard'"));
    expect(() => set.clear()).toThrow(new TypeError("'frozenset' object has no attribute 'clear'"));
    expect([...set]).toEqual([1n, "a"]);
  });

  it("gives its kind in operations", () => {
    const set = frozenSetFromArray([1n, 2n, 1]);
    expect(set.union(new Set([3n]))).toBeInstanceOf(PyFrozenSet);
    expect([...set.union(new Set([3n]))]).toEqual([1n, 2n, 3n]);
    expect(new PySet([1n]).difference(set)).toBeInstanceOf(PySet);
    expect(set.isSubsetOf(new Set([1, 2, 3]))).toBe(true);
  });

  it("is a key by value, with what is equal to nothing in it too", () => {
    const set = new PyFrozenSet([NaN, 1n]);
    const keys: PySet = new PySet([
      set,
      new PyFrozenSet([NaN, 1n]),
      set,
      new PyFrozenSet(),
      new PyFrozenSet(),
    ]);
    expect(keys.size).toBe(3);
    expect(keys.has(set)).toBe(true);
    const large = Array.from({ length: 500 }, (_, index) => `item ${index}`);
    keys.add(new PyFrozenSet(large));
    expect(keys.has(new Set(large.toReversed()))).toBe(true);
    expect(keys.has(new Set(large.slice(1)))).toBe(false);
    expect(keys.has(Tuple.from(large))).toBe(false);
  });
});
