import { expect, test } from "vitest";
import { LargeMap } from "../../src/tools/large-map.ts";

test("a map of several is one", () => {
  const map = new LargeMap<number, number>(100);
  for (let key = 0; key < 1000; key++) map.set(key, key);
  map.set(3, -3);
  map.set(999, -1);
  expect([map.size, map.get(3), map.get(999), map.get(505), map.has(1000)]).toEqual([
    1000,
    -3,
    -1,
    505,
    false,
  ]);
  map.delete(3);
  expect([map.has(3), map.size, map.get(3)]).toEqual([false, 999, undefined]);
  expect(Array.from(map, ([key]) => key)).toEqual(
    Array.from({ length: 1000 }, (_, key) => key).filter((key) => key !== 3),
  );
});

test("it goes through its entries in their order", () => {
  const map = new LargeMap<string, number>();
  map.set("b", 1);
  map.set("a", 2);
  map.set("b", 3);
  expect([...map]).toEqual([
    ["b", 3],
    ["a", 2],
  ]);
});
