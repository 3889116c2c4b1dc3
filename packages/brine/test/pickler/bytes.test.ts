import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteArray } from "../../src/values/byte-array.ts";
import { PickleBuffer } from "../../src/values/pickle-buffer.ts";
import { PyDict } from "../../src/values/py-dict.ts";
import { PyFrozenSet } from "../../src/values/py-frozen-set.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import { PySet } from "../../src/values/py-set.ts";
import { Tuple } from "../../src/values/tuple.ts";
import { agreeWithCPython, type DumpCase, Kept, Reduced } from "./cpython-pickler.ts";

const each = (values: readonly unknown[]): DumpCase[] => values.map((value) => ({ values: [value] }));
const count = (n: number): bigint[] => Array.from({ length: n }, (_, i) => BigInt(i));
const patterned = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 7);

/** Around the batch of 1000, and around the tuples with an opcode of their own. */
const sizes = [0, 1, 2, 3, 4, 5, 999, 1000, 1001, 1002, 1999, 2000, 2001];

describe("atoms", () => {
  test("None, bool", () => agreeWithCPython(each([null, true, false])));
  test("ints at every boundary", () => {
    const exponents = [
      0, 1, 7, 8, 15, 16, 31, 32, 62, 63, 64, 65, 1016, 1023, 2030, 2031, 2032, 2039, 2040, 2041, 2047, 2048,
      5000,
    ];
    const near = exponents.flatMap((e) => [-2n, -1n, 0n, 1n, 2n].map((d) => (1n << BigInt(e)) + d));
    agreeWithCPython(each([...near, ...near.map((n) => -n)]));
  });
  test("ints around the limit of decimal digits", () => {
    const nines = 10n ** 4300n - 1n;
    agreeWithCPython(each([nines, -nines, nines + 1n, -nines - 1n]));
  });
  test("floats", () => {
    const floats = [
      0,
      -0,
      1,
      -1,
      0.1,
      1e15,
      1e16,
      123456789012345680,
      1e17,
      1e21,
      1e22,
      1e-4,
      1e-5,
      1.5e300,
      5e-324,
      2 ** -1022,
      Number.MAX_VALUE,
      NaN,
      Infinity,
      -Infinity,
      Math.PI,
      1 / 3,
      2 ** 53,
      2 ** 53 + 2,
    ];
    agreeWithCPython(each(floats));
    const random = fc.sample(fc.double(), { numRuns: 3000, seed: 1 });
    agreeWithCPython([{ values: random.filter((x) => !Number.isNaN(x)) }]);
  });
  test("text: escapes, controls, surrogates, astral", () => {
    const units = [
      "",
      "a",
      "\\",
      "\\u0041",
      "\n",
      "\r",
      "\r\n",
      "\0",
      "\x1a",
      "\x7f",
      "\x80",
      "é",
      "ÿ",
      "Ā",
      "\ud800",
      "\udc00",
      "\udc00\ud800",
      "\u{1f600}",
      "\u{10ffff}",
      "\uffff",
      "\ufeff",
      "'",
      '"',
      "\u2028",
    ];
    const texts = units.flatMap((a) => units.map((b) => `${a}x${b}`));
    agreeWithCPython([...each(units), { values: [texts] }]);
    const random = fc.sample(
      fc.string({ unit: fc.oneof(fc.constantFrom(...units), fc.string({ unit: "binary" })), maxLength: 40 }),
      { numRuns: 400, seed: 2 },
    );
    agreeWithCPython([{ values: [random] }]);
  });
  test("lengths of text and bytes around 256 bytes and the frame", () => {
    const lengths = [0, 1, 2, 255, 256, 257, 65535, 65536, 65537, 65540];
    for (const unit of ["x", "é", "\ud800", "\u{1f600}"])
      agreeWithCPython(each(lengths.map((n) => unit.repeat(Math.ceil(n / unit.length)))));
    agreeWithCPython(
      each([
        "é".repeat(127),
        "é".repeat(128),
        `${"é".repeat(127)}x`,
        "\uffff".repeat(85),
        "\uffff".repeat(86),
        "é".repeat(32767),
        "é".repeat(32768),
        `x${"é".repeat(32767)}`,
      ]),
    );
    agreeWithCPython(each(lengths.map(patterned)));
    agreeWithCPython(each(lengths.map((n) => new ByteArray(patterned(n)))));
  });
});

describe("containers", () => {
  test("lists, tuples, dicts, sets of every size", () => {
    agreeWithCPython(each(sizes.map(count)));
    agreeWithCPython(each(sizes.map((n) => Tuple.from(count(n)))));
    agreeWithCPython(each(sizes.map((n) => new PyDict(count(n).map((i) => [i, null])))));
    agreeWithCPython(each(sizes.map((n) => new PySet(count(n)))));
    agreeWithCPython(each(sizes.map((n) => new PyFrozenSet(count(n)))));
  });
  test("nested in each other, in a batch of one and more", () => {
    for (const n of [1, 2, 1001]) {
      const nested = [[], Tuple.of(), Tuple.of(1n), new PyDict(), new PySet(), new PyFrozenSet()].map(
        (value) => new Array<unknown>(n).fill(value),
      );
      agreeWithCPython(each(nested));
    }
    agreeWithCPython(
      each([
        [[]],
        [[[]]],
        [Tuple.of([])],
        Tuple.of(Tuple.of()),
        new PyDict([[Tuple.of(), []]]),
        new PySet([new PyFrozenSet([new PyFrozenSet()])]),
      ]),
    );
  });
  test("what is equal and no twin is written again, what is one is not", () => {
    const list = [1n];
    const bytes = patterned(5);
    agreeWithCPython(
      each([
        [list, list, [1n]],
        [bytes, bytes, patterned(5)],
        ["ab", "ab", "a", "a", "", ""],
        [new Uint8Array(0), new Uint8Array(0), Uint8Array.of(65), Uint8Array.of(65), Uint8Array.of(66)],
        [
          new ByteArray(0),
          new ByteArray(0),
          new ByteArray(patterned(1)),
          new ByteArray(patterned(1)),
          new ByteArray(patterned(3)),
          new ByteArray(patterned(3)),
        ],
        [Uint8Array.of(65), new ByteArray([65]), new ByteArray([65]), "A"],
        [new PyGlobal("m", "f"), new PyGlobal("m", "f"), "m", "f", new PyGlobal("m", "g")],
        ["latin1", patterned(3), "_codecs", "encode", patterned(3), "latin1"],
        [Tuple.of(), Tuple.of(), Tuple.of(1n), Tuple.of(1n)],
      ]),
    );
  });
  test("the module's text is one with an equal text, but for some globals that are written in C", () => {
    const named = (module: string, ...names: string[]): unknown[] => [
      module,
      ...names.map((name) => new PyGlobal(module, name)),
      module,
    ];
    const values = [
      named("builtins", "str", "getattr", "list", "iter"),
      named("builtins", "getattr", "iter", "set").slice(1),
      named("builtins", "iter", "object", "getattr", "slice").slice(1),
      named("array", "_array_reconstructor", "array"),
      named("array", "array", "_array_reconstructor").slice(1),
      named("copyreg", "_reconstructor", "__newobj__"),
      named("collections", "deque", "Counter", "OrderedDict", "ChainMap", "defaultdict").slice(1, -1),
      named("functools", "partial", "lru_cache").slice(1, -1),
      named("itertools", "count", "chain", "cycle").slice(1, -1),
      named("datetime", "date", "timezone"),
      [Uint8Array.of(1, 2), "_codecs", new PyGlobal("_codecs", "encode"), "encode"],
    ];
    agreeWithCPython(each(values));
  });
  test("cycles", () => {
    const list: unknown[] = [];
    list.push(list, Tuple.of(list), Tuple.of(list, 1n, 2n, 3n));
    const dict = new PyDict();
    dict.set(1n, dict).set(2n, Tuple.of(dict, dict));
    const inTuple: unknown[] = [];
    const tuple = Tuple.of(inTuple);
    inTuple.push(tuple);
    const longTuple: unknown[] = [];
    const long = Tuple.of(1n, 2n, 3n, longTuple, 4n);
    longTuple.push(long);
    const twice: unknown[] = [];
    const outer = Tuple.of(Tuple.of(twice), twice, 3n);
    twice.push(outer, outer);
    agreeWithCPython(each([list, dict, tuple, inTuple, long, longTuple, outer, twice]));
  });
  test("sets and frozensets inside themselves, by way of an object's state", () => {
    const rounds = [
      (items: unknown[]) => new PySet(items),
      (items: unknown[]) => new PyFrozenSet(items),
      (items: unknown[]) => Tuple.from(items),
    ];
    for (const make of rounds) {
      const object = new Reduced({ callable: new PyGlobal("m", "K"), args: Tuple.of() });
      const round = make([object]);
      object.reduction = { ...object.reduction, state: new PyDict([["me", round]]) };
      agreeWithCPython(each([round, object, [round, object], Tuple.of(object, round)]));
    }
  });
  test("a memo beyond one byte", () => {
    agreeWithCPython(
      each([
        Array.from({ length: 300 }, () => []),
        [...Array.from({ length: 300 }, (_, i) => `t${i}`), "t0", "t253", "t254", "t255", "t256", "t299"],
      ]),
    );
  });
});

describe("frames", () => {
  test("many small values", () => {
    agreeWithCPython(
      each([
        count(30_000),
        Array.from({ length: 9000 }, (_, i) => `text ${i}`),
        Array.from({ length: 4000 }, (_, i) => Tuple.of(BigInt(i), [i])),
      ]),
    );
  });
  test("the boundary, byte by byte", () => {
    for (const base of [65515, 65525]) {
      agreeWithCPython(
        Array.from({ length: 12 }, (_, i) => ({
          values: [["x".repeat(base + i), 1n, 2n, "after"]],
          protocols: [4, 5],
        })),
      );
    }
    agreeWithCPython(
      Array.from({ length: 12 }, (_, i) => ({
        values: [["x".repeat(32000), "y".repeat(33500 + i), 1n, "z"]],
        protocols: [4, 5],
      })),
    );
  });
  test("large values stand outside", () => {
    const large = [65535, 65536, 65537, 70000, 200_000];
    const values: unknown[] = [];
    for (const n of large) {
      const [text, bytes, array] = ["x".repeat(n), patterned(n), new ByteArray(patterned(n))];
      values.push(
        [text],
        [bytes],
        [array],
        [1n, text, 2n, bytes, 3n, array],
        [text, text, bytes, bytes],
        Tuple.of(bytes, array, text),
        new PyDict([[text, bytes]]),
      );
    }
    values.push(
      ["x".repeat(60000), "y".repeat(60000), "z".repeat(60000)],
      [patterned(30000), patterned(40000), 1n, patterned(70000)],
    );
    agreeWithCPython(values.map((value) => ({ values: [value], protocols: [3, 4, 5] })));
  });
  test("a frame of less than four bytes has no header", () => {
    agreeWithCPython(
      each([
        [patterned(65536), 1n],
        [patterned(65536), patterned(65536)],
        Tuple.of(patterned(70000)),
        patterned(65536),
      ]),
    );
  });
});

describe("the pickler's hooks and settings", () => {
  const f = new PyGlobal("m", "f");
  test("consecutive pickles share the memo until it is cleared", () => {
    const list = [1n, "text"];
    const values = [list, [list, "text", f], list, [f, list]];
    agreeWithCPython([{ values }, { values, clearBefore: [1] }, { values, clearBefore: [2, 3] }]);
  });
  test("fast", () => {
    const list = ["text"];
    const values = [
      [
        list,
        list,
        "text",
        Tuple.of(list),
        f,
        f,
        patterned(3),
        new ByteArray(patterned(3)),
        new PyDict([["k", list]]),
        new PySet([1n]),
        new PyFrozenSet([1n]),
      ],
    ];
    agreeWithCPython([{ values, fast: true }]);
    let deep: unknown = [];
    for (let i = 0; i < 120; i++) deep = i % 2 === 0 ? [deep] : new PyDict([[1n, deep]]);
    agreeWithCPython([{ values: [deep], fast: true }]);
  });
  test("persistent ids", () => {
    const pids = ["id", "", "a b", 7n, Tuple.of("x", 1n), patterned(3), ["list"], 1.5, true];
    agreeWithCPython(
      pids.map((pid) => ({ values: [[new Kept(pid), "id", new Kept(pid)]], protocols: [1, 2, 3, 4, 5] })),
    );
    agreeWithCPython(
      ["id", "", "a b", "x".repeat(300), 7n, true, 1.5, 1, -0, 1e21, NaN, -3n].map((pid) => ({
        values: [[new Kept(pid)]],
        protocols: [0],
      })),
    );
    const shared = new Kept("id");
    agreeWithCPython([{ values: [[shared, shared], shared] }]);
  });
  test("the extension registry", () => {
    for (const code of [1, 2, 255, 256, 257, 65535, 65536, 65537, 0x7fff_ffff]) {
      agreeWithCPython([
        {
          values: [[f, f, new PyGlobal("m", "g"), new Reduced({ callable: f, args: Tuple.of(1n) })]],
          extensions: new Map([[code, f]]),
        },
      ]);
    }
  });
  test("fixImports off", () => {
    const names = [
      new PyGlobal("builtins", "range"),
      new PyGlobal("itertools", "zip_longest"),
      new PyGlobal("collections", "UserDict"),
      patterned(3),
      new PySet([1n]),
    ];
    agreeWithCPython([
      { values: [names], fixImports: false },
      { values: [names], fixImports: true },
    ]);
  });
  test("PickleBuffer in band and out of band", () => {
    const buffers = [0, 1, 3, 300, 65536].flatMap((n) => [
      new PickleBuffer(patterned(n)),
      new PickleBuffer(patterned(n), { readonly: true }),
    ]);
    const values = [[buffers, ...buffers]];
    agreeWithCPython([
      { values },
      { values, protocols: [5], inBand: [false] },
      { values, protocols: [5], inBand: [true] },
      { values, protocols: [5], inBand: [true, false, false] },
    ]);
  });
  test("nested classes", () => {
    const nested = ["A", "A.B", "A.B.C"].map((name) => new PyGlobal("nested", name));
    agreeWithCPython(
      each([
        ...nested,
        nested,
        [...nested.toReversed(), ...nested],
        [new PyGlobal("builtins", "getattr"), ...nested],
      ]),
    );
    agreeWithCPython(
      each([
        new Reduced({ callable: new PyGlobal("nested", "A.B"), args: Tuple.of(1n) }),
        new Reduced({
          callable: new PyGlobal("copyreg", "__newobj__"),
          args: Tuple.of(new PyGlobal("nested", "A.B")),
        }),
      ]),
    );
  });
});

describe("random values", () => {
  const shortBytes = fc.uint8Array({ maxLength: 6 });
  const atoms = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.bigInt({ min: -(1n << 70n), max: 1n << 70n }),
    fc.bigInt({ min: -70000n, max: 70000n }),
    fc.double(),
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.constantFrom("a", "b", "name", "latin1", "m", "\\", "é\n"),
    shortBytes,
    shortBytes.map((bytes) => new ByteArray(bytes)),
    fc.constantFrom(
      new PyGlobal("m", "f"),
      new PyGlobal("m.sub", "C"),
      new PyGlobal("builtins", "list"),
      new PyGlobal("nested", "A.B"),
    ),
    fc.nat(4).map((n) => new PySet(count(n))),
    fc.nat(4).map((n) => new PyFrozenSet(count(n))),
  );
  const keys = fc.oneof(
    fc.string({ maxLength: 4 }),
    fc.bigInt({ min: 0n, max: 300n }),
    fc.tuple(fc.string({ maxLength: 2 }), fc.boolean()).map((parts) => Tuple.from(parts)),
  );
  const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthIdentifier: "value" },
      { arbitrary: atoms, weight: 3 },
      fc.array(tie("value"), { maxLength: 5 }),
      fc.array(tie("value"), { maxLength: 5 }).map((items) => Tuple.from(items)),
      fc.array(fc.tuple(keys, tie("value")), { maxLength: 5 }).map((entries) => new PyDict(entries)),
      fc
        .tuple(
          fc.constantFrom("f", "g"),
          fc.array(tie("value"), { maxLength: 3 }),
          fc.option(tie("value"), { nil: undefined }),
        )
        .map(
          ([name, args, state]) =>
            new Reduced({ callable: new PyGlobal("m", name), args: Tuple.from(args), state }),
        ),
    ),
  }));
  /** Trees made into graphs: some items are replaced by others, so that there is sharing and there are cycles. */
  const graphs = fc.tuple(values, fc.array(fc.nat(), { maxLength: 8 })).map(([root, links]) => {
    const lists: unknown[][] = [];
    const all: unknown[] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      all.push(value);
      if (value instanceof Map) for (const item of value.values()) visit(item);
      else if (Array.isArray(value)) {
        if (!(value instanceof Tuple)) lists.push(value as unknown[]);
        for (const item of value) visit(item);
      }
    };
    visit(root);
    for (const link of links) lists[link % lists.length]?.push(all[(link >> 3) % all.length]);
    return root;
  });

  test("agree", () => {
    const sample = fc.sample(graphs, { numRuns: 1500, seed: 42 });
    expect(sample.length).toBe(1500);
    agreeWithCPython(each(sample));
  });
  test("agree in one pickler", () => {
    agreeWithCPython(
      Array.from({ length: 30 }, (_, i) => ({
        values: fc.sample(graphs, { numRuns: 10, seed: i }),
        clearBefore: [7],
      })),
    );
  });
});
