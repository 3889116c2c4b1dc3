import { describe, expect, test } from "vitest";
import {
  builtins,
  type DumpOptions,
  dumps,
  PicklingError,
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
