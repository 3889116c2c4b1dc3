import fc from "fast-check";
import { expect, test } from "vitest";
import {
  builtins,
  ByteArray,
  dumps,
  loads,
  Pickler,
  PicklingError,
  PyDict,
  PyFrozenSet,
  PySet,
  Tuple,
} from "../../src/index.ts";
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

/** A value twice: the second in another order, its equal parts other objects; all that is mutable in the first is shared. */
type Twins = readonly [unknown, unknown];

const atoms = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 1n, 1, 1.5, -0, NaN, Infinity, "", "1", "\ud800", 2n ** 70n),
  fc.string(),
  fc.double(),
  fc.bigInt(),
);
const keys = fc.uniqueArray(fc.oneof(fc.string(), fc.integer().map(BigInt), fc.constantFrom(0.5, null)), {
  maxLength: 5,
});
const { twins } = fc.letrec<{ twins: Twins }>((tie) => {
  const items = fc.array(tie("twins"), { maxLength: 4 });
  const both =
    (make: (items: readonly unknown[]) => unknown) =>
    (pairs: readonly Twins[]): Twins => [
      make(pairs.map(([one]) => one)),
      make(pairs.map(([, other]) => other)),
    ];
  return {
    twins: fc.oneof(
      { depthSize: "medium" },
      atoms.map((atom): Twins => [atom, atom]),
      fc.uint8Array().map((bytes): Twins => [new ByteArray(bytes), new ByteArray(bytes)]),
      items.map(both((list) => [...list])),
      items.map(both((list) => Tuple.from(list))),
      tie("twins").map(([one, other]): Twins => [
        [one, one, Tuple.of(one)],
        [one, other, Tuple.of(other)],
      ]),
      keys.map((set): Twins => [new PySet(set), new PySet(set.toReversed())]),
      keys.map((set): Twins => [new PyFrozenSet(set), new PyFrozenSet(set.toReversed())]),
      fc
        .tuple(keys, tie("twins"))
        .map(([names, [one, other]]): Twins => [
          new PyDict(names.map((name) => [name, one])),
          new PyDict(names.toReversed().map((name) => [name, other])),
        ]),
    ),
  };
});

test.each([false, true])("whatever the order, and whatever is one object, with exact: %s", (exact) => {
  fc.assert(
    fc.property(twins, fc.constantFrom(4, 5), ([one, other], protocol) => {
      const options = { canonical, exact, protocol };
      expect(dumps(other, options)).toEqual(dumps(one, options));
      expect(dumps(loads(dumps(other, { exact }), { exact: true }), { ...options, exact: true })).toEqual(
        dumps(one, options),
      );
    }),
    { numRuns: 500 },
  );
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
