import fc from "fast-check";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ByteArray } from "../../src/values/byte-array.ts";
import { newInterner, pythonKey, unhashableType } from "../../src/values/key.ts";
import { keyed, type Keyed } from "../../src/values/keyed.ts";
import { dictFromFlat, flatOfDict, PyDict } from "../../src/values/py-dict.ts";
import { PyFrozenSet } from "../../src/values/py-frozen-set.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import { PySet } from "../../src/values/py-set.ts";
import { Tuple, tupleOf } from "../../src/values/tuple.ts";
import { askCPython } from "../bytes/cpython.ts";
import { buildKey, keySpec, pythonKeys, showKey, type KeySpec } from "./keys.ts";

type Step = readonly ["set" | "delete" | "has", KeySpec, number];
interface Program {
  readonly flat: readonly (readonly [KeySpec, number])[];
  readonly steps: readonly Step[];
}

const program: fc.Arbitrary<Program> = fc.record({
  flat: fc.array(fc.tuple(keySpec, fc.nat(99)), { maxLength: 24 }),
  steps: fc.array(fc.tuple(fc.constantFrom("set", "set", "delete", "has"), keySpec, fc.nat(99)), {
    maxLength: 40,
  }),
});

const runInPython = `${pythonKeys}
out = []
for program in cases:
    d = {}
    for key, value in program["flat"]:
        d[build(key)] = value
    answers = []
    for kind, key, value in program["steps"]:
        key = build(key)
        if kind == "set":
            d[key] = value
            answers.append(None)
        elif kind == "delete":
            answers.append(key in d)
            d.pop(key, None)
        else:
            answers.append(d.get(key))
    out.append([[[show(key), value] for key, value in d.items()], answers])
answer(out)`;

function run({ flat, steps }: Program, lazy: boolean): unknown {
  const entries = flat.map(([key, value]) => [buildKey(key), value] as const);
  const dict = lazy ? dictFromFlat(entries.flat(), newInterner()) : new PyDict<unknown>(entries);
  const answers = steps.map(([kind, spec, value]) => {
    const key = buildKey(spec);
    if (kind === "set") return dict.set(key, value) === dict ? null : "not chained";
    if (kind === "delete") return dict.delete(key);
    return dict.has(key) ? dict.get(key) : null;
  });
  expect(dict.size).toBe([...dict].length);
  expect(flatOfDict(dict)).toEqual([...dict].flat());
  return [[...dict].map(([key, value]) => [showKey(key), value]), answers];
}

describe("PyDict against CPython", () => {
  it("keeps, replaces, deletes and finds the same entries in the same order", () => {
    fc.assert(
      fc.property(fc.array(program, { minLength: 40, maxLength: 60 }), fc.boolean(), (programs, lazy) => {
        const expected = askCPython<unknown>(runInPython, programs);
        expect(programs.map((each) => run(each, lazy))).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it("does so in later batches as well, whether the dict was looked at before or not", () => {
    fc.assert(
      fc.property(fc.array(program, { minLength: 10, maxLength: 40 }), fc.boolean(), (programs, look) => {
        const onlySets = programs.map(({ flat, steps }) => ({
          flat,
          steps: steps.filter(([kind]) => kind === "set"),
        }));
        const expected = askCPython<[unknown, unknown][]>(runInPython, onlySets);
        onlySets.forEach(({ flat, steps }, index) => {
          const dict = dictFromFlat(
            flat.flatMap(([key, value]) => [buildKey(key), value]),
            newInterner(),
          );
          if (look) expect(dict.size).toBeLessThanOrEqual(flat.length);
          const batch = steps.flatMap(([, key, value]) => [buildKey(key), value]);
          dict.addMany(["x", ...batch, "y"], 1, batch.length + 1);
          expect([...dict].map(([key, value]) => [showKey(key), value])).toEqual(expected[index]?.[0]);
        });
      }),
      { numRuns: 10 },
    );
  });
});

/** The property as the prototype chain gives it. */
function found(start: object, name: string): PropertyDescriptor | undefined {
  let owner: object | null = start;
  while (owner !== null && !Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner) as object | null;
  return owner === null ? undefined : Object.getOwnPropertyDescriptor(owner, name);
}

describe("PyDict", () => {
  it("is a Map with all its methods", () => {
    const dict = new PyDict<unknown>([
      ["a", 1n],
      ["b", 2n],
    ]);
    expect(dict).toBeInstanceOf(Map);
    expect(Object.prototype.toString.call(dict)).toBe("[object PyDict]");
    expect([...dict.keys()]).toEqual(["a", "b"]);
    expect([...dict.values()]).toEqual([1n, 2n]);
    expect([...dict.entries()]).toEqual([...dict]);
    expect(new Map(dict).get("b")).toBe(2n);
    const seen: unknown[] = [];
    dict.forEach(function (this: unknown, value, key, map) {
      seen.push(this, value, key, map === dict);
    }, "this");
    expect(seen).toEqual(["this", 1n, "a", true, "this", 2n, "b", true]);
    expect(dict.getOrInsert("a", 7n)).toBe(1n);
    expect(dict.getOrInsert("c", 7n)).toBe(7n);
    expect(dict.getOrInsertComputed("d", (key) => `${String(key)}!`)).toBe("d!");
    dict.clear();
    expect([dict.size, [...dict], dict.get("a")]).toEqual([0, [], undefined]);
    for (const name of Object.getOwnPropertyNames(Map.prototype))
      expect(Object.getOwnPropertyDescriptor(Map.prototype, name), name).not.toEqual(
        found(PyDict.prototype, name),
      );
  });

  it.each([
    ["list", []],
    ["list", Tuple.of(1n, Tuple.of("x", [2n]))],
    ["list", Tuple.of(new PyFrozenSet([Tuple.of(1n)]), [])],
    ["dict", {}],
    ["dict", Object.create(null)],
    ["dict", new Map()],
    ["dict", Tuple.of(new PyDict())],
    ["set", new Set()],
    ["set", new PySet()],
    ["bytearray", new ByteArray(2)],
    ["datetime.thing", { [pythonKey]: () => undefined, [Symbol.for("brine.pythonType")]: "datetime.thing" }],
  ])("refuses a %s as CPython does", (type, key) => {
    expect(unhashableType(key)).toBe(type);
    expect(unhashableType(key, newInterner())).toBe(type);
    const dict = new PyDict<unknown>([["a", 1n]]);
    expect(() => dict.set(key, 1n)).toThrow(new TypeError(`unhashable type: '${type}'`));
    expect(() => new PySet([key])).toThrow(new TypeError(`unhashable type: '${type}'`));
    expect([...dict]).toEqual([["a", 1n]]);
    expect([dict.has(key), dict.get(key), dict.delete(key)]).toEqual([false, undefined, false]);
  });

  it.each([
    [null],
    [1n],
    [1.5],
    ["x"],
    [true],
    [Tuple.of(1n, Tuple.of())],
    [new PyFrozenSet([1n])],
    [new Uint8Array(2)],
  ])("takes %s", (key) => {
    expect(unhashableType(key)).toBeUndefined();
    expect(new PyDict([[key, 1]]).get(key)).toBe(1);
  });

  it("looks up an array as the tuple of its items, and a set as the frozenset, however deep", () => {
    const dict = new PyDict<unknown>([
      [Tuple.of(1n, "a"), "flat"],
      [Tuple.of(1n, Tuple.of(2n, new PyFrozenSet([3n]))), "deep"],
    ]);
    expect(dict.get([1, "a"])).toBe("flat");
    const array = [1, [2, new Set([3])]];
    expect(dict.get(array)).toBe("deep");
    array[0] = 2;
    expect(dict.get(array)).toBeUndefined();
    expect(dict.delete([true, "a"])).toBe(true);
    expect(dict.size).toBe(1);
    const cycle: unknown[] = [];
    cycle.push(cycle, [cycle]);
    expect(dict.has(cycle)).toBe(false);
  });

  it("finds long keys by content, and keeps no content of an array that changes", () => {
    const long = Array.from({ length: 100 }, (_, index) => `item ${index}`);
    const dict = new PyDict<unknown>([[Tuple.from(long), 1]]);
    expect(dict.get(long)).toBe(1);
    long[3] = "other";
    expect(dict.get(long)).toBeUndefined();
    const bytes = new Uint8Array(1000).fill(7);
    dict.set(bytes.slice(), 2);
    expect(dict.get(bytes)).toBe(2);
    bytes[0] = 8;
    expect(dict.get(bytes)).toBeUndefined();
  });

  it("never finds NaN, but the very tuple that holds one", () => {
    const tuple = Tuple.of(NaN, 1n);
    const outer = Tuple.of(tuple, "x");
    const dict = new PyDict<unknown>([
      [NaN, 1],
      [NaN, 2],
      [tuple, 3],
      [Tuple.of(NaN, 1n), 4],
      [outer, 5],
    ]);
    expect(dict.size).toBe(5);
    expect([dict.get(NaN), dict.get(tuple), dict.get(outer)]).toEqual([undefined, 3, 5]);
    expect(dict.get(Tuple.of(tuple, "x"))).toBe(5);
    expect(dict.get(Tuple.of(NaN, 1n))).toBeUndefined();
    expect(dictFromFlat([NaN, 1, NaN, 2], newInterner()).size).toBe(2);
    dict.set(tuple, 6);
    expect([...dict.values()]).toEqual([1, 2, 6, 4, 5]);
  });

  it("keeps the first key as it came", () => {
    const dict = dictFromFlat([-0, "a", true, "b", 0n, "c", 1, "d"], newInterner());
    expect([...dict]).toEqual([
      [-0, "c"],
      [true, "d"],
    ]);
    expect(Object.is([...dict.keys()][0], -0)).toBe(true);
  });

  it("compares PyGlobals by name, other objects by identity, value classes as they say", () => {
    class Decimal {
      readonly value: number;
      constructor(value: number) {
        this.value = value;
      }
      [pythonKey](): unknown {
        return this.value;
      }
    }
    class Uuid {
      readonly int: bigint;
      constructor(int: bigint) {
        this.int = int;
      }
      [pythonKey](): unknown {
        return ["uuid.UUID", this.int];
      }
    }
    const symbol = Symbol("s");
    const itself: object = { [pythonKey]: () => itself };
    const object = new Date();
    const keys = [
      new PyGlobal("a.b", "c"),
      new Uuid(5n),
      object,
      symbol,
      itself,
      parseInt,
      Tuple.of(object, symbol),
    ];
    for (const make of [
      (): PyDict => new PyDict(keys.map((key, index) => [key, index])),
      (): PyDict =>
        dictFromFlat(
          keys.flatMap((key, index) => [key, index]),
          newInterner(),
        ),
    ]) {
      const dict = make();
      expect(keys.map((key) => dict.get(key))).toEqual(keys.map((_, index) => index));
      expect(dict.get(new PyGlobal("a.b", "c"))).toBe(0);
      expect(dict.get(new PyGlobal("a", "b.c"))).toBeUndefined();
      expect(dict.get(new Uuid(5n))).toBe(1);
      expect(dict.get(Tuple.of("uuid.UUID", 5n))).toBeUndefined();
      expect(dict.get(Tuple.of(object, symbol))).toBe(6);
      expect(dict.get(Tuple.of(new Date(), symbol))).toBeUndefined();
      expect(dict.get(new Date())).toBeUndefined();
      dict.set(1n, "one").set(Tuple.of(2n), "two");
      expect(dict.get(new Decimal(1))).toBe("one");
      expect(dict.get(Tuple.of(new Decimal(2)))).toBe("two");
      expect(dict.get(new Decimal(NaN))).toBeUndefined();
    }
  });

  it("refuses a value class that contains itself, and does not hang", () => {
    const key: object = {
      [pythonKey]: () => ["cycle", Tuple.of(key)],
      [Symbol.for("brine.pythonType")]: "cycle",
    };
    expect(unhashableType(key)).toBe("cycle");
    expect(new PyDict<unknown>([["a", 1]]).get(key)).toBeUndefined();
    // Known to be hashable, the caller says: then it is equal to nothing.
    expect([...dictFromFlat([key, 1], newInterner())]).toEqual([[key, 1]]);
  });

  it("takes undefined, symbols and functions as keys of their own", () => {
    const symbol = Symbol("s");
    const dict = new PyDict().set(null, "null").set(symbol, "symbol");
    expect([dict.get(null), dict.get(undefined), dict.get(symbol), dict.get(Symbol("s"))]).toEqual([
      "null",
      undefined,
      "symbol",
      undefined,
    ]);
    dict.set(undefined, "undefined").set(parseInt, "function");
    dict.set(Tuple.of(undefined, symbol, parseInt), "tuple");
    expect([dict.get(undefined), dict.get(parseInt), dict.get(null), dict.size]).toEqual([
      "undefined",
      "function",
      "null",
      5,
    ]);
    expect(dict.get([undefined, symbol, parseInt])).toBe("tuple");
    expect(dict.get([undefined, symbol, parseFloat])).toBeUndefined();
    expect(dict.get([undefined, Symbol("s"), parseInt])).toBeUndefined();
  });

  it("holds property names of objects like any other", () => {
    const names = [
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
      "valueOf",
      "",
      "\0",
      "\0d",
      "size",
      "get",
    ];
    const dict = new PyDict();
    for (const name of names) expect([dict.has(name), dict.get(name)]).toEqual([false, undefined]);
    names.forEach((name, index) => dict.set(name, index));
    expect(names.map((name) => dict.get(name))).toEqual(names.map((_, index) => index));
    const json = dict.toJSON() as Record<string, unknown>;
    expect(Object.getPrototypeOf(json)).toBeNull();
    expect(Object.keys(json).toSorted()).toEqual(names.toSorted());
    expect(json["__proto__"]).toBe(0);
  });

  it("gives JSON: an object, or pairs if a key is no string", () => {
    expect(JSON.stringify(new PyDict([["a", new PyDict([[Tuple.of(1, 2), null]])]]))).toBe(
      '{"a":[[[1,2],null]]}',
    );
  });

  it("shows itself to util.inspect, cycles too", () => {
    const dict = new PyDict<unknown>([
      ["a", 1n],
      [Tuple.of(1n), new PyDict([["b", [new PySet([1n])]]])],
    ]);
    expect(inspect(dict)).toBe(
      "PyDict(2) {\n  'a' => 1n,\n  Tuple(1) [ 1n ] => PyDict(1) { 'b' => [ [PySet(1)] ] }\n}",
    );
    const list: unknown[] = [dict];
    dict.clear();
    dict.set("self", dict).set("list", list);
    expect(inspect(dict, { depth: null })).toBe(
      "PyDict(2) { 'self' => [Circular], 'list' => [ [Circular] ] }",
    );
    expect(inspect(new PyDict())).toBe("PyDict(0) {}");
    const method = dict[Symbol.for("nodejs.util.inspect.custom") as keyof PyDict] as (
      depth: number,
      options: object,
    ) => string;
    expect(method.call(dict, 2, {})).toBe("[PyDict(2)]");
  });
});

describe("iterators of PyDict", () => {
  type Change = readonly ["set" | "delete" | "clear" | "next", number];
  const change: fc.Arbitrary<Change> = fc.tuple(
    fc.constantFrom("set", "delete", "delete", "next", "next", "next"),
    fc.nat(60),
  );

  it("are live as those of a Map", () => {
    const changes = fc.array(
      fc.oneof(
        { weight: 60, arbitrary: change },
        { weight: 1, arbitrary: fc.constant(["clear", 0] as const) },
      ),
      {
        maxLength: 300,
      },
    );
    fc.assert(
      fc.property(fc.nat(80), changes, (size, list) => {
        const map = new Map<number, number>();
        const dict = new PyDict<number, number>();
        for (let key = 0; key < size; key++) {
          map.set(key, key);
          dict.set(key, key);
        }
        const [ours, theirs] = [dict.entries(), map.entries()];
        for (const [kind, key] of list) {
          if (kind === "set") [dict, map].forEach((each) => each.set(key, -key));
          else if (kind === "delete") expect(dict.delete(key)).toBe(map.delete(key));
          else if (kind === "clear") [dict, map].forEach((each) => each.clear());
          else {
            const expected = theirs.next();
            expect(ours.next()).toEqual(expected);
            if (expected.done === true) break;
          }
          expect(dict.size).toBe(map.size);
        }
        expect([...ours]).toEqual([...theirs]);
        expect([...dict]).toEqual([...map]);
      }),
      { numRuns: 400 },
    );
  });

  it("go on after many deletions on the way", () => {
    const dict = new PyDict<unknown>(Array.from({ length: 5000 }, (_, index) => [index, index]));
    const seen: unknown[] = [];
    for (const key of dict.keys()) {
      seen.push(key);
      dict.delete(key);
      if ((key as number) % 2 === 0) dict.delete((key as number) + 1);
    }
    expect(seen).toEqual(Array.from({ length: 2500 }, (_, index) => index * 2));
    expect(dict.size).toBe(0);
  });
});

describe("PyDict under attack", () => {
  /** Ints that V8's own hash of numbers, which has no seed, gives one and the same bucket of 2^16. */
  function collidingInts(count: number): number[] {
    const undoShift = (hash: number, shift: number): number => {
      let value = hash;
      for (let done = shift; done < 32; done += shift) value = (hash ^ (value >>> shift)) >>> 0;
      return value;
    };
    const inverse = (odd: number): number => {
      let result = odd;
      for (let step = 0; step < 5; step++) result = Math.imul(result, 2 - Math.imul(odd, result));
      return result;
    };
    // v8/src/base/hashing or utils.h, ComputeUnseededHash, backwards.
    return Array.from({ length: count }, (_, index) => {
      let hash = undoShift((index << 16) >>> 0, 16);
      hash = Math.imul(hash, inverse(2057));
      hash = undoShift(hash >>> 0, 4);
      hash = Math.imul(hash, inverse(5));
      hash = undoShift(hash >>> 0, 12);
      return Math.imul(hash + 1, inverse((1 << 15) - 1));
    });
  }

  const count = 60_000;
  it.each([
    ["ints of one bucket of V8's hash", collidingInts(count)],
    ["the same as bigints", collidingInts(count).map(BigInt)],
    [
      "bigints with equal low digits",
      Array.from({ length: count }, (_, index) => (BigInt(index + 1) << 64n) + 12345n),
    ],
    [
      "huge bigints with equal low digits",
      Array.from({ length: 2000 }, (_, index) => (BigInt(index + 1) << 4000n) + 1n),
    ],
    ["doubles with equal low halves", Array.from({ length: count }, (_, index) => (index + 1) * 2 ** 80)],
    ["digits", Array.from({ length: count }, (_, index) => String(index * 65_536))],
    ["tuples of equal items", Array.from({ length: count }, (_, index) => Tuple.of(1n, BigInt(index), 1n))],
  ])("takes %s", (_, keys) => {
    const dict = dictFromFlat(
      keys.flatMap((key, index) => [key, index]),
      newInterner(),
    );
    expect(dict.size).toBe(keys.length);
    expect(dict.get(keys.at(-1))).toBe(keys.length - 1);
    const added = new PyDict<unknown>(keys.map((key) => [key, key]));
    expect(added.size).toBe(keys.length);
    for (const key of keys) added.delete(key);
    expect(added.size).toBe(0);
  });

  it("takes a tuple a million deep", () => {
    const nest = (): Tuple => {
      let tuple: Tuple = Tuple.of(1n);
      for (let depth = 0; depth < 1_000_000; depth++) tuple = tupleOf([tuple], 0, 1);
      return tuple;
    };
    const [first, second] = [nest(), nest()];
    const dict = new PyDict<unknown>([[first, 1]]);
    expect([dict.get(second), dict.get(Tuple.of(second))]).toEqual([1, undefined]);
    expect(unhashableType(second)).toBeUndefined();
    let list: unknown = [];
    for (let depth = 0; depth < 100_000; depth++) list = Tuple.of(list);
    expect(unhashableType(list)).toBe("list");
  });

  it("takes a tuple of itself twice, 64 levels of it, kept or only looked up", () => {
    const double = (seed: unknown, make: (items: unknown[]) => unknown): unknown => {
      let value: unknown = Tuple.of(seed);
      for (let level = 0; level < 64; level++) value = make([value, value]);
      return value;
    };
    const tuple = (items: unknown[]): unknown => Tuple.from(items);
    const dict = new PyDict<unknown>([[double(1n, tuple), 1]]);
    expect(dict.get(double(1, tuple))).toBe(1);
    expect(dict.get(double(true, (items) => items))).toBe(1);
    expect(dict.get(double(2n, tuple))).toBeUndefined();
    expect(dict.get(double(2n, (items) => items))).toBeUndefined();
    expect(dict.get(double(NaN, tuple))).toBeUndefined();
    expect(unhashableType(double(3n, tuple))).toBeUndefined();
    expect(unhashableType(double([], tuple))).toBe("list");
    const nested = double(4n, ([item]) => ({ [pythonKey]: () => ["twice", item, item] }));
    expect(dict.set(nested, 4).get(nested)).toBe(4);
  });

  it("uses a long key in many dicts at the cost of one", () => {
    const interner = newInterner();
    const bytes = new Uint8Array(200_000).fill(255);
    const text = "\0x".repeat(100_000);
    const tuple = Tuple.from(Array.from({ length: 50_000 }, (_, index) => BigInt(index)));
    const around = Array.from({ length: 12 }, (_, index) => [index, index]).flat();
    for (let index = 0; index < 20_000; index++) {
      const dict = dictFromFlat(
        [...around, bytes, 1, text, 2, tuple, 3, Tuple.of(text, bytes), 4, bytes, 5],
        interner,
      );
      if (dict.size !== 16 || unhashableType(tuple, interner) !== undefined) expect.unreachable();
    }
  });
});

describe("large PyDicts", () => {
  it("go on in another shard", () => {
    const dict = new (keyed(Map, 100) as new () => Map<unknown, number> & Keyed)();
    const live = dict.keys();
    dict.put("first", 0);
    expect(live.next().value).toBe("first");
    expect(dict.delete("first")).toBe(true);
    const key = (index: number): unknown =>
      index % 3 === 0 ? Tuple.of(BigInt(index), "x".repeat(200)) : BigInt(index);
    for (let index = 0; index < 1000; index++) dict.put(key(index), index);
    for (let index = 0; index < 1000; index++) dict.put(key(index), -index);
    expect(dict.size).toBe(1000);
    expect([...live]).toEqual([...dict.keys()]);
    expect([...dict.values()]).toEqual(Array.from({ length: 1000 }, (_, index) => -index));
    for (let index = 0; index < 1000; index++) expect(dict.entryOf(key(index))?.value).toBe(-index);
    for (let index = 0; index < 1000; index += 2) expect(dict.delete(key(index))).toBe(true);
    for (let index = 0; index < 1000; index++) expect(dict.has(key(index))).toBe(index % 2 === 1);
    dict.clear();
    expect([dict.size, dict.has(key(1)), [...dict]]).toEqual([0, false, []]);
  });
});
