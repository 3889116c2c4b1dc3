import { describe, expect, test } from "vitest";
import {
  builtins,
  type DumpOptions,
  dumps,
  PicklingError,
  PyDict,
  PyObject,
  PyGlobal,
  Tuple,
} from "../../src/index.ts";
import { PicklerBase } from "../../src/pickler/pickler.ts";
import { dumpInPieces } from "../../src/pickler/pieces.ts";

const records = Array.from({ length: 20_000 }, (_, i) => ({
  id: i,
  name: `name ${i % 1000}`,
  pair: Tuple.of<unknown>(i / 3, "ü".repeat(i % 40)),
}));
const deep: unknown[] = [];
for (let at = deep, i = 0; i < 100_000; i++) {
  const next: unknown[] = [];
  at.push(next);
  at = next;
}
const built = new PyObject(new PyGlobal("m", "C"), Tuple.of<unknown>(records), {
  state: new Map<string, unknown>([["records", records.slice(0, 5000)]]),
});
const large = ["x".repeat(100_000), new Uint8Array(300_000), 1, "y".repeat(65_536), new Uint8Array(65_535)];
const values: [string, unknown][] = [
  ["records", records],
  ["a deep list", deep],
  ["an object", built],
  ["large text and bytes", large],
  ["nothing", null],
];

function pieces(value: unknown, options?: DumpOptions): Uint8Array[] {
  return [...dumpInPieces(new PicklerBase(options, builtins), value)];
}

describe.each([0, 1, 2, 3, 4, 5])("protocol %i", (protocol) => {
  test.each(values)("%s: the bytes of dumps", (_, value) => {
    const whole = dumps(value, { protocol });
    const parts = pieces(value, { protocol });
    expect(Buffer.compare(Buffer.concat(parts), whole)).toBe(0);
  });

  test("no piece is larger than a frame and the value that crosses its end", () => {
    const parts = pieces(records, { protocol });
    expect(parts.length).toBeGreaterThan(5);
    for (const part of parts) expect(part.length).toBeLessThan(66_000);
  });
});

describe("a frame that is full with the last item of a batch", () => {
  const items = Array.from({ length: 3000 }, (_, i) => (i % 1000 === 999 ? "w".repeat(65_500) : `t${i}`));
  const texts = (count: number): unknown[] => items.slice(0, count);
  const made: [string, (count: number) => unknown][] = [
    ["list", texts],
    ["set", (count) => new Set(texts(count))],
    ["dict", (count) => new Map(texts(count).map((item) => [item, item]))],
    ["exact dict", (count) => new PyDict(texts(count).map((item) => [item, item]))],
    ["items of an object", (count) => new PyObject(new PyGlobal("m", "C"), [], { items: texts(count) })],
  ];
  test.each(made)("%s", (_, make) => {
    for (const protocol of [0, 2, 4, 5]) {
      for (const count of [999, 1000, 1001, 2000, 2001, 3000]) {
        const whole = dumps(make(count), { protocol });
        let length = 0;
        for (const piece of dumpInPieces(new PicklerBase({ protocol }, builtins), make(count))) {
          expect(Buffer.compare(piece, whole.subarray(length, length + piece.length))).toBe(0);
          length += piece.length;
        }
        expect(length).toBe(whole.length);
      }
    }
  });
  test("records with long texts", () => {
    const long = Array.from({ length: 5000 }, (_, id) => ({ id, body: "b".repeat((id * 7919) % 4000) }));
    const parts = pieces(long, { protocol: 5 });
    expect(Buffer.compare(Buffer.concat(parts), dumps(long, { protocol: 5 }))).toBe(0);
  });
});

test("the path of a key after keys that are numbers", () => {
  const value = [new PyDict([[399, Symbol("no")]])];
  expect(() => pieces(value)).toThrow(expect.objectContaining({ path: "$[0][399]" }) as Error);
});

test("an error comes after the pieces before it, with its path, and leaves the pickler as it was", () => {
  const pickler = new PicklerBase(undefined, builtins);
  const before = pickler.dump(["name 1"]);
  let given = 0;
  const taking = (): void => {
    for (const piece of dumpInPieces(pickler, [records, Symbol("no")])) given += piece.length;
  };
  expect(taking).toThrow(PicklingError);
  expect(taking).toThrow("($[1])");
  expect(given).toBeGreaterThan(100_000);
  const twin = new PicklerBase(undefined, builtins);
  expect(twin.dump(["name 1"])).toEqual(before);
  expect(Buffer.compare(pickler.dump(records), twin.dump(records))).toBe(0);
});

test("who stops early can go on with another value", () => {
  const pickler = new PicklerBase({ protocol: 2 }, builtins);
  for (const piece of dumpInPieces(pickler, records)) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
  expect(Buffer.compare(pickler.dump(records), dumps(records, { protocol: 2 }))).toBe(0);
});
