import { describe, expect, it } from "vitest";
import { dumps, loads, PyObject, PyFrozenSet, PyGlobal, PyDict, Tuple } from "../../src/core.ts";
import { get, items } from "../../src/stream.ts";
import { assemble } from "../support/assemble.ts";
import { all, buffered, chunksOf } from "./sources.ts";

const shared = { city: "Bern" };
const records = Array.from({ length: 1200 }, (_, i) => ({
  id: i,
  name: `name ${i}`,
  tags: ["a", `tag ${i % 7}`],
  address: i % 3 === 0 ? shared : { city: `city ${i}` },
  numbers: new Map([
    [i, -i],
    [-1, i],
  ]),
}));

describe("items", () => {
  it("gives the items of a list, whatever the protocol and the source", async () => {
    for (const protocol of [0, 1, 2, 3, 4, 5]) {
      const bytes = dumps(records, { protocol });
      const wanted = loads(bytes);
      for (const source of [bytes, buffered(bytes), chunksOf(bytes, () => 1000)]) {
        expect(await all(items(source))).toEqual(wanted);
      }
    }
  });

  it("gives the entries of a dict, the items of sets, tuples and objects", async () => {
    const list = new PyObject(new PyGlobal("shop", "Basket"), Tuple.of(), { items: [1n, 2n], how: "reduce" });
    const cases: [unknown, unknown[]][] = [
      [
        { a: 1, b: [2] },
        [
          ["a", 1],
          ["b", [2]],
        ],
      ],
      [new Map<unknown, unknown>([[1, "x"]]), [[1, "x"]]],
      [new Set([1, 2]), [1, 2]],
      [Tuple.of(1, 2), [1, 2]],
      [[], []],
    ];
    for (const [value, wanted] of cases) {
      for (const protocol of [0, 2, 5]) {
        const bytes = dumps(value, { protocol });
        for (const source of [bytes, chunksOf(bytes, () => 2)])
          expect(await all(items(source))).toEqual(wanted);
      }
    }
    expect(await all(items(dumps(list, { exact: true }), { exact: true }))).toEqual([1n, 2n]);
    const frozen = dumps(new PyFrozenSet([1n]), { exact: true });
    expect(await all(items(frozen, { exact: true }))).toEqual([1n]);
  });

  it("finds a container by its path, and what it shares with what is before it", async () => {
    const value = { first: [shared, "text"], data: { records }, last: 1 };
    for (const protocol of [0, 2, 4, 5]) {
      const bytes = dumps(value, { protocol });
      const { data } = loads(bytes) as unknown as { data: { records: unknown[] } };
      for (const source of [bytes, buffered(bytes), chunksOf(bytes, () => 5000)]) {
        expect(await all(items(source, { path: "$.data.records" }))).toEqual(data.records);
      }
    }
  });

  it("is exact on request", async () => {
    const bytes = dumps([new PyDict([[1n, Tuple.of(2n)]])], { exact: true });
    const [dict] = await all(items(bytes, { exact: true }));
    expect(dict).toEqual(new PyDict([[1n, Tuple.of(2n)]]));
  });

  it("keeps memo slots for as long as they are read, beyond the blocks that are let go", async () => {
    const long = Array.from({ length: 400 }, (_, i) => ({ i, text: `${i} `.repeat(2000), shared }));
    const bytes = dumps(long);
    expect(bytes.length).toBeGreaterThan(2 ** 20);
    expect(await all(items(buffered(bytes)))).toEqual(long);
  });

  it("fails with the offset of what is broken, after the items before it", async () => {
    const bytes = dumps(records);
    const cut = bytes.subarray(0, bytes.length - 100);
    const given: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const item of items(chunksOf(cut, () => 4096))) given.push(item);
    };
    await expect(read()).rejects.toThrow(/truncated|Ran out of input/);
    expect(given.length).toBeGreaterThan(900);
  });

  it("gives an item that refers to the container, as long as all is read at once", async () => {
    const [, container] = await all(items(assemble("\x80\x04]\x94(K\x01h\0e.")));
    expect(container).toEqual([1, container]);
  });

  it("refuses what has no items", async () => {
    await expect(all(items(dumps(5)))).rejects.toThrow("the value is no list");
  });
});

describe("get", () => {
  const value = {
    users: records,
    "odd key": { "": [Tuple.of(1, 2)] },
    numbers: new Map<unknown, unknown>([[5, "five"]]),
  };

  it("gives the value at a path, whatever the protocol and the source", async () => {
    for (const protocol of [0, 1, 2, 3, 4, 5]) {
      const bytes = dumps(value, { protocol });
      const cases: [string | (string | number)[], unknown][] = [
        ["$.users[1199].name", "name 1199"],
        ["users[1101].address.city", "Bern"],
        [["users", 3, "address"], shared],
        ['$["odd key"][""][0][1]', 2],
        ["$.numbers[5]", "five"],
        [["users", 7, "numbers", 7], -7],
        ["$", loads(bytes)],
      ];
      for (const [path, wanted] of cases) {
        for (const source of [bytes, buffered(bytes), chunksOf(bytes, () => 10_000)]) {
          expect(await get(source, path)).toEqual(wanted);
        }
      }
    }
  });

  it("leads into the state of objects, slots too", async () => {
    const type = new PyGlobal("shop", "Order");
    const plain = new PyObject(type, Tuple.of(), { state: new PyDict([["total", 12n]]) });
    const slots = new PyObject(type, Tuple.of(), { state: Tuple.of(null, new PyDict([["total", 13n]])) });
    const bytes = dumps([plain, slots], { exact: true });
    expect(await get(bytes, "$[0].total")).toBe(12);
    expect(await get(bytes, "$[1].total")).toBe(13);
  });

  it("does not read behind the value", async () => {
    const bytes = dumps({ large: "x".repeat(3_000_000), wanted: 1 });
    const source = buffered(bytes);
    expect(await get(source, "$.wanted")).toBe(1);
    const twice = buffered(dumps([1, "x".repeat(3_000_000)]));
    expect(await get(twice, "$[0]")).toBe(1);
  });

  it("says how far a path leads", async () => {
    const bytes = dumps(value);
    for (const source of [bytes, chunksOf(bytes, () => 10_000)]) {
      const failed = get(source, "$.users[3].nickname");
      await expect(failed).rejects.toMatchObject({ code: "missing-path" });
      await expect(failed).rejects.toThrow(
        "there is nothing at $.users[3].nickname. $.users[3] is a dict of 5",
      );
    }
    await expect(get(bytes, "$.users[")).rejects.toThrow('the path "$.users[" is not understood');
  });
});
