import { expect, test } from "vitest";
import { builtins, dumps, loads, Pickler, PicklingError } from "../../src/index.ts";
import { dumpInPieces } from "../../src/pickler/pieces.ts";
import { PicklerBase } from "../../src/pickler/pickler.ts";
import { canonical } from "../../src/tools.ts";

test("equal values give equal bytes, whatever their order and sharing", () => {
  const shared = { name: "x" };
  const one = { b: [shared.name, 1.5], a: new Set([3, 1, 2]) };
  const other = { a: new Set([2, 3, 1]), b: [["x"].join(""), 1.5] };
  expect(dumps(one)).not.toEqual(dumps(other));
  for (const protocol of [4, 5]) {
    const bytes = dumps(one, { canonical, protocol });
    expect(bytes).toEqual(dumps(other, { canonical, protocol }));
    expect(bytes).toEqual(canonical(dumps(one, { protocol }), { protocol: protocol as 4 | 5 }));
    expect(loads(bytes)).toEqual(one);
  }
});

test("each pickle of a pickler stands alone", () => {
  const pickler = new Pickler({ canonical });
  const shared = ["shared"];
  expect(pickler.dump(shared)).toEqual(dumps(shared, { canonical }));
  expect(pickler.dump([shared])).toEqual(dumps([shared], { canonical }));
});

test("true does not do", () => {
  const options = { canonical: true } as unknown as { canonical: typeof canonical };
  expect(() => dumps([1], options)).toThrow(PicklingError);
  expect(() => dumps([1], options)).toThrow("canonical is not a function");
});

test("what has no canonical form is refused as what cannot be written", () => {
  expect(() => dumps([1], { canonical, protocol: 2 })).toThrow(PicklingError);
  expect(() => dumps([1], { canonical, protocol: 2 })).toThrow(
    "the canonical form is of protocol 4 or 5, not 2",
  );
  expect(() => [...dumpInPieces(new PicklerBase({ canonical }, builtins), [1])]).toThrow(
    "the canonical form needs the pickle as a whole",
  );
});
