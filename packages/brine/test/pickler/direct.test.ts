import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  builtins,
  type DumpOptions,
  dumps,
  loads,
  PicklingError,
  PyDict,
  PyGlobal,
  PyObject,
  Tuple,
  TypeDefinition,
  TypeRegistry,
} from "../../src/index.ts";
import { PicklerBase } from "../../src/pickler/pickler.ts";
import { dumpInPieces } from "../../src/pickler/pieces.ts";

const classes = [new PyGlobal("shop.models", "Order"), new PyGlobal("shop.models", "Line.Item")];

/** The same pickle with nothing written by recursion. */
function byFrames(value: unknown, options?: DumpOptions): Uint8Array {
  return Buffer.concat([...dumpInPieces(new PicklerBase(options, builtins), value)]);
}

function agrees(value: unknown, protocol: number): void {
  const options = { protocol };
  const expected = byFrames(value, options);
  // With the memory that an earlier dump left, and with as little as there can be. A difference of 100 kB is not worth being printed.
  expect(Buffer.compare(dumps(value, options), expected)).toBe(0);
  expect(Buffer.compare(new PicklerBase(options, builtins).dump(value), expected)).toBe(0);
}

/** A value inside `depth` containers of all kinds, each of which has something to write when it ends. */
function nested(value: unknown, depth: number): unknown {
  for (let level = 0; level < depth; level++) {
    const kind = level % 5;
    if (kind === 0) value = [level, value];
    else if (kind === 1) value = Tuple.of<unknown>(level, 1, 2, value);
    else if (kind === 2) value = { k: level, value };
    else if (kind === 3) value = new Map<unknown, unknown>([[level, value]]);
    else value = [value];
  }
  return value;
}

describe("the ends of containers are written where nothing looks for room any more", () => {
  const filler = Array.from({ length: 9000 }, (_, i) => `${i}`.padEnd(7, "x"));
  test.each([2, 4, 5])("protocol %i", (protocol) => {
    // Short texts fill the memory, of 1024 bytes and then twice as many each time, to any place near its end.
    for (const capacity of [1024, 2048, 4096, 8192, 16_384, 32_768]) {
      const most = Math.ceil(capacity / 10);
      for (let count = Math.max(0, most - 110); count < most; count++) {
        for (const last of ["", "a", "bcdefg", "€".repeat(64)])
          agrees(nested([...filler.slice(0, count), last], 38), protocol);
      }
    }
  });
  test.each([2, 5])("behind what is written apart, at protocol %i", (protocol) => {
    for (let size = 3000; size < 4200; size += 7) {
      agrees(nested(new Uint8Array(size), 38), protocol);
      agrees(nested("x".repeat(size), 38), protocol);
    }
  });
  test("short texts, numbers and keys at any place", () => {
    const scalar = fc.oneof(
      fc.string({ maxLength: 70, unit: "grapheme" }),
      fc.double(),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.constantFrom(null, true, false, undefined),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        scalar,
        tie("list"),
        tie("tuple"),
        tie("dict"),
        tie("map"),
        tie("instance"),
      ),
      instance: fc
        .record({ type: fc.constantFrom(...classes), state: tie("value"), args: fc.constantFrom([], [1]) })
        .map(({ type, state, args }) => new PyObject(type, Tuple.from(args), { state })),
      list: fc.array(tie("value"), { maxLength: 40 }),
      tuple: fc.array(tie("value"), { maxLength: 6 }).map((items) => Tuple.from(items)),
      dict: fc.dictionary(fc.string({ maxLength: 20 }), tie("value"), { maxKeys: 20 }),
      map: fc
        .array(fc.tuple(scalar, tie("value")), { maxLength: 20 })
        .map((entries) => new Map<unknown, unknown>(entries)),
    }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), fc.constantFrom(2, 3, 4, 5), (values, protocol) => {
        agrees([values, values, nested(values, 41)], protocol);
      }),
    );
  });
});

describe("instances", () => {
  const [first = new PyGlobal("m", "A"), second] = classes;
  test.each([2, 3, 4, 5])(
    "their classes, items, calls, and themselves in their states, at protocol %i",
    (protocol) => {
      const state = new Map<string, unknown>([["x", 1]]);
      const recursive = new PyObject(first, [], { state });
      state
        .set("self", recursive)
        .set("other", new PyObject(second, [], { state: Tuple.of<unknown>(recursive, state) }));
      const changed = new PyObject(first, [], { state: 1 });
      changed.build(2);
      const values = [
        recursive,
        new PyObject(first),
        new PyObject(new PyGlobal(first.module, first.name), Tuple.of(), { state: new Map([["x", 2]]) }),
        new PyObject(first, [], { items: [1, 2] }),
        new PyObject(first, [], { how: "reduce", state: recursive }),
        new PyObject(second, Tuple.of<unknown>(recursive), { state: null }),
        changed,
        first,
        second,
      ];
      agrees([values, recursive, ...values], protocol);
      for (const value of values) agrees(value, protocol);
    },
  );
  test("what cannot be written has the path that it has by frames", () => {
    for (const bad of [
      { a: [new PyObject(first, [], { state: { b: [1, Symbol("no")] } })] },
      new PyObject(new PyGlobal("m", "f.<locals>.C"), [], { state: 1 }),
      [[new PyObject(first, [], { state: new Map<unknown, unknown>([[Symbol("no"), 1]]) })]],
      [new PyObject(first, [], { plain: true })],
      { a: 1, b: [Symbol("no")], c: 2 },
      { a: undefined, b: { c: Symbol("no") } },
    ]) {
      const paths = [() => dumps(bad), () => byFrames(bad)].map((write) => {
        try {
          write();
          return undefined;
        } catch (error) {
          return (error as PicklingError).path;
        }
      });
      expect(paths[0]).toMatch(/^\$/);
      expect(paths[0]).toBe(paths[1]);
    }
  });
  test("a getter that throws has its own path", () => {
    for (const names of [["a"], ["a", "b"], ["a", "b", "c"]]) {
      const last = names.at(-1)!;
      const value = Object.fromEntries(names.map((name) => [name, 1]));
      Object.defineProperty(value, last, {
        get: () => {
          throw new Error("no");
        },
        enumerable: true,
      });
      expect(() => dumps([value])).toThrow(expect.objectContaining({ path: `$[0].${last}` }) as Error);
    }
  });
  test("one with an extension code has no slot", () => {
    const extensions = new Map([[7, first]]);
    const values = [new PyObject(first, [], { state: 1 }), new PyObject(first, [], { state: 2 })];
    expect(Buffer.compare(dumps(values, { extensions }), byFrames(values, { extensions }))).toBe(0);
    expect(dumps(values, { extensions }).filter((byte) => byte === 0x82)).toHaveLength(2);
  });
});

describe("what says that it is an Object", () => {
  interface Legacy {
    x: number;
  }
  // As classes were written before there was `class`: with a prototype that has no constructor of its own.
  function makeLegacy(prototype: object): new () => Legacy {
    function Legacy(this: Legacy): void {
      this.x = 1;
    }
    Legacy.prototype = prototype;
    return Legacy as unknown as new () => Legacy;
  }
  const literal = { norm: (): number => 1 };

  test.each([1, 2, 5])("and inherits what for…in gives is no dict, at protocol %i", (protocol) => {
    const Point = makeLegacy(literal);
    const failure = (): unknown => dumps({ a: [1, new Point()] }, { protocol });
    expect(failure).toThrow(PicklingError);
    expect(failure).toThrow(/can't pickle an instance of Object.*\$\.a\[1\]\W*( |$)/);
  });
  test.each([1, 2, 5])("is reduced by its definition, at protocol %i", (protocol) => {
    for (const prototype of [literal, {}]) {
      const Point = makeLegacy(prototype);
      const callable = new PyGlobal("m", "Point");
      const definition = new TypeDefinition<Legacy>("m", "Point", {
        class: Point,
        reduce: ({ x }) => ({ callable, args: [x] }),
      });
      for (const types of [
        new TypeRegistry([definition]),
        new TypeRegistry([new TypeDefinition("m", "Base", { also: [definition] })]),
      ]) {
        for (const value of [new Point(), [new Point()], { a: { b: new Point() } }]) {
          const bytes = dumps(value, { protocol, types });
          expect(Buffer.from(bytes).includes("Point")).toBe(true);
        }
      }
    }
  });
  test.each([1, 2, 5])("is given to a reducerOverride, at protocol %i", (protocol) => {
    const Point = makeLegacy(literal);
    const reducerOverride = (value: unknown): PyGlobal | undefined =>
      value instanceof Point ? new PyGlobal("m", "ORIGIN") : undefined;
    expect(Buffer.from(dumps([new Point()], { protocol, reducerOverride })).includes("ORIGIN")).toBe(true);
  });
  test.each([0, 2, 5])("and has no properties is none, at protocol %i", (protocol) => {
    const bare = Object.create(Object.defineProperty({}, "m", { value: 1 })) as object;
    for (const value of [
      new Intl.Segmenter().segment("a"),
      [1].values(),
      new Map([[1, 2]]).entries(),
      bare,
    ]) {
      expect(() => dumps({ a: [1, value] }, { protocol })).toThrow(
        expect.objectContaining({ code: "unsupported-type", path: "$.a[1]" }) as Error,
      );
    }
    expect(loads(dumps([{}, { a: undefined }, Object.create(null), {}], { protocol }))).toEqual([
      {},
      {},
      {},
      {},
    ]);
  });
  test("and is known by its tag", () => {
    const definition = new TypeDefinition("m", "D", {
      tag: "[object Tagged]",
      reduce: () => ({ callable: new PyGlobal("m", "D"), args: [] }),
    });
    const value = Object.create({ [Symbol.toStringTag]: "Tagged" }) as object;
    const [read] = loads(dumps([value], { types: new TypeRegistry([definition]) })) as unknown[];
    expect(read).toBeInstanceOf(PyObject);
  });
  test("or an Array, and has a definition", () => {
    function Legacy(): unknown {
      return Object.setPrototypeOf([1], Legacy.prototype);
    }
    Legacy.prototype = Object.create(Array.prototype) as object;
    const definition = new TypeDefinition("m", "D", {
      class: Legacy as unknown as new () => unknown,
      reduce: () => ({ callable: new PyGlobal("m", "D"), args: [] }),
    });
    const [read] = loads(dumps([Legacy()], { types: new TypeRegistry([definition]) })) as unknown[];
    expect(read).toBeInstanceOf(PyObject);
  });
  test.each([1, 2, 5])("and has but its own properties is a dict, at protocol %i", (protocol) => {
    for (const value of [
      { x: 1 },
      Object.assign(Object.create({}) as object, { x: 1 }),
      Object.assign(Object.create(null) as object, { x: 1 }),
    ]) {
      expect(loads(dumps([value], { protocol }), { exact: true })).toEqual([new PyDict([["x", 1n]])]);
    }
    expect(loads(dumps({ constructor: 1, x: [{ constructor: null }] }, { protocol }))).toEqual({
      constructor: 1,
      x: [{ constructor: null }],
    });
  });
});

test("a Map that is changed while it is written", () => {
  const map = new Map<string, unknown>();
  for (const change of [() => map.delete("b"), () => map.set("d", 1)]) {
    map.clear();
    const changing = Object.defineProperty({}, "x", { get: change, enumerable: true });
    map.set("a", changing).set("b", 2).set("c", 3);
    expect(() => dumps(map)).toThrow(/dictionary changed size during iteration/);
  }
});
