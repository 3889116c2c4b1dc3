import { spawn } from "node:child_process";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PicklingError } from "../../src/errors.ts";
import { dumps, loads, PyGlobal } from "../../src/core.ts";
import { dumpItems } from "../../src/stream.ts";
import { joined } from "../support/chunks.ts";
import { interpreters, judgeInterpreter } from "../support/interpreters.ts";

const protocols = [0, 1, 2, 3, 4, 5];

function records(count: number): { id: number; name: string; text: string; data: Uint8Array | null }[] {
  return Array.from({ length: count }, (_, id) => ({
    id,
    name: `name ${id % 100}`,
    text: id === 7 ? "é".repeat(70_000) : `text ${id}`,
    data: id === 8 ? new Uint8Array(100_000).fill(7) : null,
  }));
}

async function* later(items: Iterable<unknown>): AsyncGenerator<unknown, void> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}

describe.each(protocols)("dumpItems, protocol %i", (protocol) => {
  it.each([0, 2, 999, 1000, 1001, 3000])(
    "writes %i items as dumps does, with one memo for all",
    async (count) => {
      const list = records(count);
      const options = { protocol, memo: "all" } as const;
      expect((await joined(dumpItems(list, options))).equals(dumps(list, { protocol }))).toBe(true);
      expect((await joined(dumpItems(later(list), options))).equals(dumps(list, { protocol }))).toBe(true);
      const dict = new Map(list.map((record) => [record.id, record]));
      expect(
        (await joined(dumpItems(dict, { ...options, container: "dict" }))).equals(dumps(dict, { protocol })),
      ).toBe(true);
      const set = new Set(list.map(({ id }) => id));
      const ofSet = await joined(dumpItems(set, { ...options, container: "set" }));
      expect([...(loads(ofSet) as Set<unknown>)]).toEqual([...set]);
      if (protocol >= 4) expect(ofSet.equals(dumps(set, { protocol }))).toBe(true);
    },
  );

  it.each(["item", "none"] as const)("writes what loads gives back, with the memo %s", async (memo) => {
    const list = records(2500);
    const shared = [1, 2];
    const options = { protocol, memo };
    const items = [...list, [shared, shared]];
    const value = loads(await joined(dumpItems(items, options))) as unknown[];
    // Protocols below 3 have no bytes of their own, and loads gives those of codecs.encode as they are.
    expect(value).toEqual(items);
    const [first, second] = value.at(-1) as [unknown, unknown];
    expect(first === second).toBe(memo === "item");
    const entries = list.map((record) => [record.name + String(record.id), record]);
    expect(loads(await joined(dumpItems(entries, { ...options, container: "dict" })))).toEqual(
      Object.fromEntries(entries),
    );
  });
});

describe("dumpItems", () => {
  it("writes an item as it is when it comes, though it is the same object again", async () => {
    function* reused(): Generator<number[]> {
      const row = [0, 0];
      for (let i = 0; i < 3; i++) {
        row[0] = i;
        yield row;
      }
    }
    expect(loads(await joined(dumpItems(reused())))).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
  });

  it("keeps short texts and classes from item to item, and only so many", async () => {
    const type = new PyGlobal("datetime", "date");
    const few = await joined(
      dumpItems(Array.from({ length: 1000 }, (_, id) => ({ id, a_long_key: null, type }))),
    );
    expect(few.toString("latin1").split("a_long_key").length).toBe(2);
    expect(few.toString("latin1").split("datetime").length).toBe(2);
    const many = Array.from({ length: 25_000 }, (_, id) => `t${id % 12_500}`);
    expect(loads(await joined(dumpItems(many)))).toEqual(many);
  });

  it("knows no more than 10,000 classes from item to item", async () => {
    const types = Array.from({ length: 10_100 }, (_, id) => new PyGlobal("module", `Class${id}`));
    const all = loads(await joined(dumpItems([...types, ...types]))) as PyGlobal[];
    expect(all.map(({ name }) => name)).toEqual([...types, ...types].map(({ name }) => name));
  });

  it("can be iterated where a ReadableStream cannot", async () => {
    const { prototype } = ReadableStream;
    const own = Object.getOwnPropertyDescriptor(prototype, Symbol.asyncIterator) as PropertyDescriptor;
    Reflect.deleteProperty(prototype, Symbol.asyncIterator);
    try {
      expect(loads(await joined(dumpItems([1, 2])))).toEqual([1, 2]);
      let isClosed = false;
      function* endless(): Generator<string> {
        try {
          for (let i = 0; ; i++) yield `${i} ${"x".repeat(1000)}`;
        } finally {
          isClosed = true;
        }
      }
      for await (const chunk of dumpItems(endless())) {
        expect(chunk.length).toBeGreaterThan(60_000);
        break;
      }
      expect(isClosed).toBe(true);
    } finally {
      Object.defineProperty(prototype, Symbol.asyncIterator, own);
    }
  });

  it("makes nothing before it is asked for, and lets go of the items", async () => {
    let made = 0;
    let isClosed = false;
    async function* endless(): AsyncGenerator<string, void> {
      try {
        for (;;) {
          await Promise.resolve();
          yield `item ${made++} ${"x".repeat(1000)}`;
        }
      } finally {
        isClosed = true;
      }
    }
    const stream = dumpItems(endless());
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(made).toBe(0);
    for await (const chunk of stream) {
      expect(chunk.length).toBeGreaterThan(60_000);
      break;
    }
    expect(made).toBeLessThan(200);
    expect(isClosed).toBe(true);
  });

  it("gives chunks of about a frame, large bytes as they are", async () => {
    const large = new Uint8Array(200_000).fill(1);
    const chunks: Uint8Array[] = [];
    for await (const chunk of dumpItems(["a", large, "b"])) chunks.push(chunk);
    expect(chunks.some(({ buffer }) => buffer === large.buffer)).toBe(true);
    expect(loads(Buffer.concat(chunks))).toEqual(["a", large, "b"]);
  });

  it("goes into pipeTo and pipeline", async () => {
    const parts: Uint8Array[] = [];
    await dumpItems([1, 2]).pipeTo(
      new WritableStream({ write: (chunk: Uint8Array) => void parts.push(chunk) }),
    );
    expect(loads(Buffer.concat(parts))).toEqual([1, 2]);
    const written: Uint8Array[] = [];
    const sink = new Writable({
      write(chunk: Uint8Array, _, callback) {
        written.push(chunk);
        setImmediate(callback);
      },
    });
    await pipeline(dumpItems(records(500)), sink);
    expect(loads(Buffer.concat(written))).toEqual(records(500));
    expect(loads(await joined(Readable.fromWeb(dumpItems([3]) as never)))).toEqual([3]);
  });

  it("fails with the path of the item, and aborts what it is piped to", async () => {
    const items = [{ name: "a" }, { name: Symbol("b") }];
    await expect(joined(dumpItems(items))).rejects.toMatchObject({
      code: "unsupported-type",
      path: "$[1].name",
    });
    await expect(joined(dumpItems([["a", () => 1]], { container: "dict" }))).rejects.toMatchObject({
      path: "$[0]",
    });
    await expect(joined(dumpItems([1], { container: "dict" }))).rejects.toMatchObject({
      code: "invalid-option",
    });
    let reason: unknown;
    const sink = new WritableStream({ abort: (error: unknown) => void (reason = error) });
    await expect(dumpItems(items).pipeTo(sink)).rejects.toThrow(PicklingError);
    expect(reason).toBeInstanceOf(PicklingError);
  });

  it("gives on what the items throw, and refuses options at once", async () => {
    const error = new Error("the database is gone");
    async function* failing(): AsyncGenerator<number, void> {
      yield 1;
      await Promise.resolve();
      throw error;
    }
    await expect(joined(dumpItems(failing()))).rejects.toBe(error);
    await expect(joined(dumpItems(failing(), { compression: "gzip" }))).rejects.toBe(error);
    expect(() => dumpItems([], { protocol: 9 })).toThrow(PicklingError);
    expect(() => dumpItems([], { container: "tuple" as never })).toThrow(
      "the option container must be one of list dict set",
    );
    expect(() => dumpItems([], { memo: "some" as never })).toThrow("the option memo must be one of");
    await expect(joined(dumpItems([], { compression: "rar" as never }))).rejects.toThrow(
      "this runtime cannot write rar",
    );
  });

  it("writes any items in any protocol", async () => {
    const item = fc
      .anything({ maxDepth: 3, withBigInt: true, withNullPrototype: false })
      .filter((value) => value !== undefined);
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { maxLength: 20 }),
        fc.constantFrom(...protocols),
        async (items, protocol) => {
          let expected: unknown;
          try {
            expected = loads(dumps(items, { protocol }));
          } catch {
            return;
          }
          expect(loads(await joined(dumpItems(items, { protocol })))).toEqual(expected);
        },
      ),
      { numRuns: 200 },
    );
  });
});

const reader = `import pickle, sys
value = pickle.load(getattr(sys.stdin, "buffer", sys.stdin))
if isinstance(value, dict): value = [value[key] for key in sorted(value)]
sys.stdout.write("%s %d %d %s" % (type(value).__name__, len(value), sum(r["id"] for r in value), value[-1]["name"]))`;

/** What a Python says that reads the stream while it is written. */
async function readBy(path: string, stream: AsyncIterable<Uint8Array>): Promise<string> {
  const python = spawn(path, ["-c", reader], { stdio: ["pipe", "pipe", "inherit"] });
  const told = joined(python.stdout);
  await pipeline(stream, python.stdin);
  return (await told).toString();
}

describe.each(interpreters())("CPython $series", ({ path, highestProtocol }) => {
  const count = 12_345;
  const expected = `list ${count} ${(count * (count - 1)) / 2} name 44`;
  it.each(protocols.filter((protocol) => protocol <= highestProtocol))(
    "reads dumpItems, protocol %i",
    async (protocol) => {
      expect(await readBy(path, dumpItems(later(records(count)), { protocol }))).toBe(expected);
      const entries = records(count).map((record): [number, unknown] => [record.id, record]);
      expect(await readBy(path, dumpItems(entries, { protocol, container: "dict" }))).toBe(expected);
    },
  );
});

it("a million records reach CPython 3.13 while they are written", { timeout: 300_000 }, async () => {
  const count = 1_000_000;
  async function* generated(): AsyncGenerator<unknown, void> {
    for (let id = 0; id < count; id++) yield { id, name: `name ${id % 100}`, score: id / 2 };
  }
  const told = await readBy(judgeInterpreter().path, dumpItems(generated()));
  expect(told).toBe(`list ${count} ${(count * (count - 1)) / 2} name 99`);
});
