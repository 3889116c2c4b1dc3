import { PassThrough, Writable } from "node:stream";
import { gunzipSync, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { dumps, loads, PickleBuffer, Tuple } from "../../src/core.ts";
import { PicklingError } from "../../src/errors.ts";
import { dumpTo } from "../../src/stream.ts";
import { joined } from "../support/chunks.ts";

const large = new Uint8Array(300_000).fill(3);
const shared = { deep: [1, 2, 3] };
const value = {
  records: Array.from({ length: 20_000 }, (_, id) => ({ id, name: `name ${id % 50}`, shared })),
  text: "é".repeat(100_000),
  large,
  tuple: Tuple.from(Array.from({ length: 5000 }, (_, id) => [id])),
  map: new Map(Array.from({ length: 30_000 }, (_, id) => [id, `v${id}`])),
};

function collector(): { chunks: Uint8Array[]; sink: (chunk: Uint8Array) => void } {
  const chunks: Uint8Array[] = [];
  return { chunks, sink: (chunk) => void chunks.push(chunk) };
}

describe("dumpTo", () => {
  it.each([0, 1, 2, 3, 4, 5])("writes what dumps writes, in pieces, protocol %i", async (protocol) => {
    for (const whole of [value, null, [], "x", large, [large, large]]) {
      const { chunks, sink } = collector();
      const total = await dumpTo(sink, whole, { protocol });
      const expected = dumps(whole, { protocol });
      expect(Buffer.concat(chunks).equals(expected)).toBe(true);
      expect(total).toBe(expected.length);
    }
    const { chunks, sink } = collector();
    await dumpTo(sink, value, { protocol });
    expect(chunks.length).toBeGreaterThan(8);
  });

  it("hands large bytes on without a copy, and buffers out of band", async () => {
    const { chunks, sink } = collector();
    await dumpTo(sink, ["a", large, "b"]);
    expect(chunks.some(({ buffer }) => buffer === large.buffer)).toBe(true);
    const outside: PickleBuffer[] = [];
    const { chunks: inside, sink: other } = collector();
    const buffer = new PickleBuffer(large.buffer);
    await dumpTo(other, [buffer], { bufferCallback: (given) => void outside.push(given) });
    expect(outside).toEqual([buffer]);
    expect(Buffer.concat(inside).length).toBeLessThan(100);
  });

  it("pickles no further than the sink takes", async () => {
    let asked = 0;
    const items = Array.from({ length: 100_000 }, (_, id) => [id, "x".repeat(20)]);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const done = dumpTo(() => gate, items, {
      persistentId: () => {
        asked++;
        return undefined;
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toBeGreaterThan(1000);
    expect(asked).toBeLessThan(40_000);
    release();
    await done;
    expect(asked).toBeGreaterThan(200_000);
  });

  it("waits for the sink at each large text and bytes", async () => {
    let made = 0;
    const items = Array.from({ length: 50 }, (_, i) =>
      i % 2 === 0 ? `${i}`.padEnd(100_000, "x") : new Uint8Array(100_000),
    );
    const waiting: number[] = [];
    await dumpTo(() => void waiting.push(made), items, {
      persistentId: () => {
        made++;
        return undefined;
      },
    });
    expect(waiting[10]).toBeLessThan(12);
    expect(waiting.at(-1)).toBe(51);
  });

  it("closes a web sink, and leaves it open when asked to", async () => {
    for (const preventClose of [false, true]) {
      const { chunks, sink } = collector();
      let isClosed = false;
      const stream = new WritableStream({ write: sink, close: () => void (isClosed = true) });
      await dumpTo(stream, [1], { preventClose });
      expect(loads(Buffer.concat(chunks))).toEqual([1]);
      expect(isClosed).toBe(!preventClose);
    }
  });

  it("writes into a Node stream and ends it", async () => {
    const stream = new PassThrough({ highWaterMark: 1000 });
    const read = joined(stream as AsyncIterable<Uint8Array>);
    await dumpTo(stream, value);
    expect(loads(await read)).toEqual(loads(dumps(value)));
    expect(stream.writableFinished).toBe(true);
  });

  it("aborts the sink with the error of a value", async () => {
    const bad = [...Array.from({ length: 50_000 }, (_, id) => `text ${id}`), { here: Symbol("no") }];
    let reason: unknown;
    const web = new WritableStream({ abort: (error: unknown) => void (reason = error) });
    await expect(dumpTo(web, bad)).rejects.toMatchObject({ code: "unsupported-type", path: "$[50000].here" });
    expect(reason).toBeInstanceOf(PicklingError);
    const node = new Writable({ write: (_chunk, _encoding, callback) => callback() });
    await expect(dumpTo(node, bad)).rejects.toThrow(PicklingError);
    expect(node.destroyed).toBe(true);
    expect(node.errored).toBeInstanceOf(PicklingError);
    await expect(dumpTo(() => undefined, bad)).rejects.toThrow(PicklingError);
  });

  it("gives on the error of a sink", async () => {
    const error = new Error("the disk is full");
    const node = new Writable({ write: (_chunk, _encoding, callback) => callback(error) });
    await expect(dumpTo(node, value)).rejects.toBe(error);
    const web = new WritableStream({
      write() {
        throw error;
      },
    });
    await expect(dumpTo(web, value)).rejects.toBe(error);
    await expect(
      dumpTo(() => {
        throw error;
      }, value),
    ).rejects.toBe(error);
    await expect(
      dumpTo(() => undefined, value, { protocol: 6 }).catch((e: unknown) => e),
    ).resolves.toBeInstanceOf(PicklingError);
  });

  it("compresses", async () => {
    const { chunks, sink } = collector();
    await dumpTo(sink, value, { compression: "gzip" });
    expect(gunzipSync(Buffer.concat(chunks)).equals(dumps(value))).toBe(true);
    const { chunks: others, sink: other } = collector();
    await dumpTo(other, value, { compression: "zlib" });
    expect(inflateSync(Buffer.concat(others)).equals(dumps(value))).toBe(true);
  });
});
