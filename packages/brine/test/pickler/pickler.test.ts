import { describe, expect, test } from "vitest";
import { dumps, type DumpOptions, loads, Pickler, PicklingError, Unpickler } from "../../src/index.ts";
import { ByteArray } from "../../src/values/byte-array.ts";
import { PyDict } from "../../src/values/py-dict.ts";
import { PyFrozenSet } from "../../src/values/py-frozen-set.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import { PyObject } from "../../src/values/py-object.ts";
import { PySet } from "../../src/values/py-set.ts";
import { Tuple } from "../../src/values/tuple.ts";
import { allProtocols } from "./cpython-pickler.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const f = new PyGlobal("m", "f");
const bytesOf = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Values of which each pickle of a pickler refers to those before. */
const list = [1, "text", Uint8Array.of(1, 2, 3)];
const shared = [
  list,
  { list, f },
  f,
  "text",
  new PySet(["text"]),
  new PyObject(f, [list], { how: "reduce", state: { list } }),
];

describe("a Pickler after a dump that failed", () => {
  /** Each fails after it has written some of what `shared` holds, and values of all kinds that take a memo slot. */
  const failing: unknown[] = [
    () => 1,
    [list, "text", Symbol("x")],
    { a: list, "new text": f, x: [[[/x/]]] },
    [
      new Uint8Array(0),
      bytesOf(7),
      bytesOf(1, 2),
      new ByteArray(3),
      "another",
      new PyGlobal("m", "g"),
      () => 1,
    ],
    new PyObject(f, [Tuple.of(1, "in args"), new PyFrozenSet(["in set"]), new Map([[1, /x/]])]),
    ["x".repeat(70000), list, "y".repeat(70000), () => 1],
    [Tuple.of(1, 2, 3, 4, [/x/])],
  ];

  test.each(allProtocols.map((protocol) => [protocol]))(
    "goes on as if nothing had been, at protocol %i",
    (protocol) => {
      const pickler = new Pickler({ protocol });
      const untouched = new Pickler({ protocol });
      const pickles: Uint8Array[] = [];
      shared.forEach((value, i) => {
        for (const bad of [failing[i % failing.length], failing[(i + 3) % failing.length]]) {
          expect(() => pickler.dump(bad)).toThrow(PicklingError);
        }
        const pickle = pickler.dump(value);
        expect(hex(pickle)).toBe(hex(untouched.dump(value)));
        pickles.push(pickle);
      });
      const all = new Unpickler(Buffer.concat(pickles), { exact: true });
      const loaded = shared.map(() => all.load());
      expect(all.done).toBe(true);
      expect(loaded[1]).toEqual(
        new PyDict([
          ["list", loaded[0]],
          ["f", f],
        ]),
      );
      expect((loaded[1] as PyDict).get("list")).toBe(loaded[0]);
      expect((loaded[5] as PyObject).args).toEqual([loaded[0]]);
    },
  );
  test("a slot that only the failed pickle had is not referred to, one from before it is", () => {
    const pickler = new Pickler({ protocol: 4 });
    pickler.dump("old");
    expect(() => pickler.dump(["old", "new", bytesOf(65), f, Symbol("x")])).toThrow(PicklingError);
    expect(
      Buffer.from(pickler.dump(["old", "new"]))
        .toString("latin1")
        .slice(11),
    ).toBe("]\x94(h\x00\x8c\x03new\x94e.");
    expect(
      Buffer.from(pickler.dump(Tuple.of(bytesOf(65), f)))
        .toString("latin1")
        .slice(11),
    ).toBe("C\x01A\x94\x8c\x01m\x94\x8c\x01f\x94\x93\x94\x86\x94.");
  });
  test("its options are refused before anything is written", () => {
    expect(() => new Pickler({ protocol: 9 })).toThrow(PicklingError);
  });
});

describe("a Pickler used again", () => {
  test("gives each pickle bytes of its own", () => {
    const pickler = new Pickler();
    const first = pickler.dump([1, 2, 3]);
    const copy = hex(first);
    pickler.dump(["x".repeat(100_000)]);
    expect(hex(first)).toBe(copy);
    expect(first.byteLength).toBe(first.buffer.byteLength);
  });
  test("after clearMemo each pickle stands alone", () => {
    const pickler = new Pickler({ protocol: 2 });
    const first = pickler.dump(shared);
    pickler.clearMemo();
    expect(hex(pickler.dump(shared))).toBe(hex(first));
    expect(hex(first)).toBe(hex(dumps(shared, { protocol: 2 })));
  });
  test("a hook may dump with it no pickle inside a pickle", () => {
    const pickler: Pickler = new Pickler({
      reducerOverride: (value) => {
        if (!(value instanceof Date)) return undefined;
        return { callable: f, args: [dumps(value.getTime())] };
      },
    });
    expect(loads(pickler.dump([new Date(5)]), { findClass: () => undefined })).toMatchObject([
      { args: [dumps(5)] },
    ]);
  });
});

describe("what plain mode takes", () => {
  const same = (plain: unknown, exact: unknown, options?: DumpOptions): void => {
    for (const protocol of allProtocols) {
      expect(hex(dumps(plain, { ...options, protocol }))).toBe(hex(dumps(exact, { protocol, exact: true })));
    }
  };
  test("numbers: safe integers are ints, all others floats", () => {
    same(
      [0, 1, -1, 255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53 - 1],
      [
        0n,
        1n,
        -1n,
        255n,
        256n,
        65535n,
        65536n,
        2n ** 31n - 1n,
        2n ** 31n,
        -(2n ** 31n),
        -(2n ** 31n) - 1n,
        2n ** 53n - 1n,
      ],
    );
    const floats = [-0, 0.5, 2 ** 53, -(2 ** 53), 1e300, NaN, Infinity, -Infinity];
    same(floats, floats);
    same([1n, 2n ** 70n], [1n, 2n ** 70n]);
  });
  test("undefined is None, and as a property nothing", () => {
    same([undefined], [null]);
    same(
      { a: undefined, b: null, c: 1 },
      new PyDict<string>([
        ["b", null],
        ["c", 1n],
      ]),
    );
    same({ a: undefined }, new PyDict());
    same(new Map([["a", undefined]]), new PyDict([["a", null]]));
  });
  test("objects: own enumerable keys that are strings, whatever the prototype is named", () => {
    const odd = JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}') as object;
    same(
      odd,
      new PyDict([
        ["__proto__", 1n],
        ["constructor", 2n],
        ["toString", 3n],
      ]),
    );
    const bare = Object.assign(Object.create(null) as object, { a: 1, [Symbol("s")]: 2 });
    Object.defineProperty(bare, "hidden", { value: 3, enumerable: false });
    same(bare, new PyDict([["a", 1n]]));
    const inherited = Object.create(Object.create(null) as object) as object;
    same(Object.assign(inherited, { a: 1 }), new PyDict([["a", 1n]]));
  });
  test("Map, Set, arrays with holes", () => {
    same(
      new Map<unknown, unknown>([
        [1, "a"],
        ["b", 2],
      ]),
      new PyDict<unknown>([
        [1n, "a"],
        ["b", 2n],
      ]),
    );
    same(new Set([1]), new PySet([1n]));
    // oxlint-disable-next-line no-sparse-arrays
    same([1, , 3], [1n, null, 3n]);
  });
  test("bytes: Uint8Array, Buffer, ArrayBuffer, SharedArrayBuffer, views", () => {
    const exact = bytesOf(1, 2, 3);
    same(Buffer.from([1, 2, 3]), exact);
    same(exact.slice().buffer, exact);
    const sharedBuffer = new SharedArrayBuffer(3);
    new Uint8Array(sharedBuffer).set(exact);
    same(sharedBuffer, exact);
    same(new Uint8Array(sharedBuffer), exact);
    same(bytesOf(9, 1, 2, 3, 9).subarray(1, 4), exact);
  });
  test("classes derived from the builtins", () => {
    class List extends Array<unknown> {}
    class Dict extends Map<unknown, unknown> {}
    class Named extends PyDict {}
    class Pair extends Tuple {}
    same(List.from([1, "a"]), [1n, "a"]);
    same(new Dict([[1, 2]]), new PyDict([[1n, 2n]]));
    same(new Named([[1n, 2n]]), new PyDict([[1n, 2n]]));
    same(Pair.of(1n, 2n), Tuple.of(1n, 2n));
  });
});
