import { execFileSync } from "node:child_process";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dumps, loads, PyDict, PyFrozenSet, PyGlobal, PyObject, PySet, Tuple } from "../../src/index.ts";
import { get, items, type ItemsOptions, type StreamSource } from "../../src/stream.ts";
import { itemsFrom } from "../../src/stream/items.ts";
import { builtins } from "../../src/types/builtins.ts";
import { stdlib } from "../../src/types/stdlib.ts";
import { drawExact } from "../support/describe.ts";
import { interpreters } from "../support/interpreters.ts";
import { all, buffered, chunksOf } from "./sources.ts";

/** So large that a program is cut every few items. */
const ballast = (text: string): string => text.repeat(9000);

/** Values with much that is shared: each is made of some of those before it. */
const graph = fc
  .array(
    fc.record({
      kind: fc.constantFrom("list", "tuple", "dict", "set", "object", "text", "int"),
      from: fc.array(fc.nat(), { maxLength: 4 }),
    }),
    { minLength: 20, maxLength: 120 },
  )
  .map((nodes) => {
    const made: unknown[] = [];
    for (const [i, { kind, from }] of nodes.entries()) {
      const parts = made.length === 0 ? [] : from.map((index) => made[index % made.length]);
      const keys = parts.filter((part) => typeof part === "string" || typeof part === "bigint");
      made.push(
        kind === "list"
          ? [...parts]
          : kind === "tuple"
            ? Tuple.of(...parts)
            : kind === "dict"
              ? new PyDict(keys.map((key, at) => [key, parts[at]]))
              : kind === "set"
                ? new PySet(keys)
                : kind === "object"
                  ? new PyObject(new PyGlobal("shop", "Order"), Tuple.of(...parts), {
                      how: "reduce",
                      state: new PyDict(keys.map((key, at) => [key, parts[at]])),
                      items: parts.slice(0, 2),
                    })
                  : kind === "text"
                    ? `text ${i}`
                    : BigInt(i),
      );
    }
    return made;
  });

const containers: [string, (made: unknown[]) => unknown, (value: unknown) => unknown[]][] = [
  ["a list", (made) => made, (value) => value as unknown[]],
  ["a tuple", (made) => Tuple.of(...made), (value) => [...(value as Tuple)]],
  [
    "a dict",
    (made) => new PyDict(made.map((item, i) => [`key ${i}`, item])),
    (value) => [...(value as PyDict)],
  ],
  [
    "an object",
    (made) => new PyObject(new PyGlobal("shop", "Basket"), Tuple.of(made[0]), { how: "reduce", items: made }),
    (value) => (value as PyObject).items,
  ],
];

describe("items", () => {
  for (const [name, wrap, unwrap] of containers) {
    it(`gives what loads gives of ${name}, sharing among near items included`, async () => {
      await fc.assert(
        fc.asyncProperty(
          graph,
          fc.constantFrom(0, 1, 2, 3, 4, 5),
          fc.boolean(),
          async (made, protocol, deep) => {
            const container = wrap(made);
            const bytes = dumps(deep ? Tuple.of(made.slice(0, 9), container, 7n) : container, {
              exact: true,
              protocol,
            });
            const path = deep ? [1] : [];
            const whole = loads(bytes, { exact: true });
            const wanted = drawExact(unwrap(deep ? (whole as unknown[])[1] : whole));
            // Cut wherever it may be, and as usual.
            for (const sizes of [{ behind: 1, within: 1 }, { behind: 300, within: 900 }, undefined]) {
              const read = (source: StreamSource, options: ItemsOptions): Promise<unknown[]> =>
                all(itemsFrom(source, { ...options, path }, { types: builtins }, sizes));
              expect(drawExact(await read(buffered(bytes), { exact: true }))).toEqual(wanted);
              expect(
                drawExact(
                  await read(
                    chunksOf(bytes, () => 999),
                    { exact: true },
                  ),
                ),
              ).toEqual(wanted);
              expect(await read(bytes, {})).toHaveLength(made.length);
            }
          },
        ),
        { numRuns: 60 },
      );
    });
  }

  it("gives the items of a set", async () => {
    const texts = Array.from({ length: 50 }, (_, i) => ballast(`${i} `));
    for (const set of [new PySet(texts), new PyFrozenSet(texts)]) {
      for (const protocol of [2, 4]) {
        const bytes = dumps(set, { exact: true, protocol });
        expect(await all(items(buffered(bytes)))).toEqual(texts);
      }
    }
  });

  it("gives a list as the first of two as one item", async () => {
    const list = Array.from({ length: 50 }, (_, i) => ballast(`${i} `));
    const bytes = dumps(Tuple.of(list, 1));
    expect(await all(items(bytes))).toEqual([list, 1]);
    await expect(all(items([bytes]))).rejects.toThrow(
      "the pickle is not the list, dict or set that it begins",
    );
  });

  it("reads a batch without an end in pieces", async () => {
    const texts = Array.from({ length: 400 }, (_, i) => ballast(`${i} `));
    const [head, tail] = [Buffer.from("\x80\x04]\x94(", "latin1"), Buffer.from("e.")];
    const parts = texts.map((text) => dumps(text).subarray(11, -2));
    const bytes = Buffer.concat([head, ...parts, tail]);
    expect(loads(bytes)).toEqual(texts);
    const asTuple = Buffer.concat([Buffer.from("\x80\x04(", "latin1"), ...parts, Buffer.from("t.")]);
    const asDict = Buffer.concat([Buffer.from("\x80\x04}(", "latin1"), ...parts, Buffer.from("u.")]);
    expect(await all(items(buffered(bytes)))).toEqual(texts);
    expect(await all(items(buffered(asTuple)))).toEqual(texts);
    expect(await all(items(buffered(asDict)))).toEqual(
      Array.from({ length: 200 }, (_, i) => [texts[2 * i], texts[2 * i + 1]]),
    );
  });

  it("refuses an item that refers to the container, and says what to do", async () => {
    const bytes = Buffer.concat([
      Buffer.from("\x80\x04]\x94(", "latin1"),
      ...Array.from({ length: 50 }, (_, i) => dumps(ballast(`${i} `)).subarray(11, -2)),
      Buffer.from("eh\0a.", "latin1"),
    ]);
    const given: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const item of items(buffered(bytes))) given.push(item);
    };
    await expect(read()).rejects.toMatchObject({
      code: "unrepresentable",
      offset: bytes.length - 4,
      words: "an item refers to the container that it is in",
    });
    expect(given).toHaveLength(50);
  });

  it("gives the items before the one that fails, and the place in the source", async () => {
    const texts = Array.from({ length: 50 }, (_, i) => ballast(`${i} `));
    const bytes = Buffer.concat([
      Buffer.from("\x80\x04]\x94(", "latin1"),
      ...texts.map((text) => dumps(text).subarray(11, -2)),
      Buffer.from("NNRN", "latin1"),
      Buffer.from("e.", "latin1"),
    ]);
    for (const source of [bytes, [bytes]]) {
      const given: unknown[] = [];
      const read = async (): Promise<void> => {
        for await (const item of items(source)) given.push(item);
      };
      await expect(read()).rejects.toMatchObject({ code: "invalid-arguments", offset: bytes.length - 4 });
      expect(given).toEqual(source === bytes ? texts : given);
    }
  });

  it("begins an item anew where a dict in it must be a Map", async () => {
    // A dict in itself that gets an int key after it was handed out.
    const cyclic = "}q\x01U\x01ah\x01sK\x01K\x02s";
    const bytes = Buffer.concat([
      Buffer.from("\x80\x02]q\0(", "latin1"),
      ...Array.from({ length: 9 }, (_, i) => dumps(ballast(`${i} `), { protocol: 2 }).subarray(2, -3)),
      Buffer.from(`${cyclic}e.`, "latin1"),
    ]);
    const found = await all(items(bytes));
    const map = found.at(-1) as Map<unknown, unknown>;
    expect(map.get("a")).toBe(map);
    expect(map.get(1)).toBe(2);
  });

  it("reads what every CPython writes, and gets what is in it", { timeout: 120_000 }, async () => {
    const program = `
import pickle, sys
class Node(object):
    def __init__(self, i, other): self.i = i; self.other = other; self.tags = ("a", i)
class Items(list): pass
nodes = []
for i in range(800): nodes.append(Node(i, nodes[i // 2] if i else None))
records = [{u"id": i, u"name": u"record %d" % i, u"node": nodes[i], u"keys": {i: -i, 1.5: None}} for i in range(800)]
value = {u"meta": [1, 2, (3, u"x" * 70000)], u"records": records, u"more": Items(nodes[:50]), u"last": u"end"}
data = pickle.dumps(value, int(sys.argv[1]))
getattr(sys.stdout, "buffer", sys.stdout).write(data)
`;
    for (const { path, highestProtocol } of interpreters()) {
      for (const protocol of [0, highestProtocol]) {
        const bytes = execFileSync(path, ["-c", program, String(protocol)], { maxBuffer: 2 ** 28 });
        const whole = loads(bytes, { exact: true }) as PyDict;
        const records = whole.get("records") as PyDict[];
        const found = (await all(
          itemsFrom(
            bytes,
            { path: "$.records", exact: true },
            { types: stdlib },
            { behind: 2000, within: 9000 },
          ),
        )) as PyDict[];
        expect(found.map((record) => record.get("id"))).toEqual(records.map((record) => record.get("id")));
        expect(inspect(found.at(-1), { depth: 20 })).toBe(inspect(records.at(-1), { depth: 20 }));
        const more = (await all(items(bytes, { path: "$.more", exact: true }))) as PyObject[];
        // Below protocol 2 they are an argument of the call that makes the object.
        const kept = (whole.get("more") as PyObject).items as PyObject[];
        expect(more.map((node) => node.get("i"))).toEqual(kept.map((node) => node.get("i")));
        if (protocol > 1) expect(kept).toHaveLength(50);
        expect(await get(bytes, "$.records[799].node.tags[1]")).toBe(799);
        expect(await get(bytes, "$.records[799].node.other.other.i")).toBe(199);
        expect(await get(bytes, "$.last")).toBe("end");
      }
    }
  });
});
