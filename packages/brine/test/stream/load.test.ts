import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dumps, loads, UnpicklingError } from "../../src/core.ts";
import { load, loadAll, type Progress } from "../../src/stream.ts";
import { assemble } from "../support/assemble.ts";
import { all, buffered, chunksOf } from "./sources.ts";

const value = {
  list: [1, "two", 3.5, null],
  nested: { bytes: Uint8Array.of(1, 2, 3) },
  text: "ü".repeat(500),
};
const pickle = dumps(value);

async function failureOf(run: () => Promise<unknown>): Promise<UnpicklingError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof UnpicklingError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("load", () => {
  it("takes bytes, chunks, streams, Blobs, Responses and AsyncBuffers", async () => {
    const body = (): ReadableStream<Uint8Array> => new Blob([pickle as BlobPart]).stream();
    const sources = [
      pickle,
      pickle.slice().buffer,
      [pickle.subarray(0, 7), pickle.subarray(7)],
      chunksOf(pickle, () => 3),
      body(),
      new Blob([pickle as BlobPart]),
      new Response(body()),
      buffered(pickle),
    ];
    for (const source of sources) expect(await load(source)).toEqual(value);
  });

  it("gives what loads gives, however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.anything({
          withNullPrototype: false,
          withMap: true,
          withSet: true,
          withBigInt: true,
          maxDepth: 4,
        }),
        fc.constantFrom(0, 1, 2, 3, 4, 5),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        async (given, protocol, lengths) => {
          let bytes: Uint8Array;
          let wanted: unknown;
          try {
            bytes = dumps(given, { protocol });
            wanted = loads(bytes);
          } catch {
            // A function, or a set of dicts: nothing to compare.
            return;
          }
          let turn = 0;
          const found = await load(chunksOf(bytes, () => lengths[turn++ % lengths.length] as number));
          expect(found).toEqual(wanted);
        },
      ),
    );
  });

  it("begins anew where a dict must become a Map, once or twice readable", async () => {
    // A dict in itself that gets an int key after it was handed out.
    const cyclic = assemble("}q\x00(U\x01ah\x00K\x01K\x02u.");
    for (const source of [cyclic, chunksOf(cyclic, () => 1), buffered(cyclic)]) {
      const map = (await load(source)) as Map<unknown, unknown>;
      expect(map.get("a")).toBe(map);
      expect(map.get(1)).toBe(2);
    }
  });

  it("refuses as loads does: code and offset", async () => {
    for (const bad of [
      pickle.subarray(0, 40),
      assemble("\x80\x04]\x94(K\x01z."),
      assemble("\x80\x04\x95\xff\0\0\0\0\0\0\0N."),
    ]) {
      let wanted: unknown;
      try {
        loads(bad);
      } catch (error) {
        wanted = error;
      }
      const { code, offset } = await failureOf(() => load(chunksOf(bad, () => 1)));
      expect({ code, offset }).toEqual({
        code: (wanted as UnpicklingError).code,
        offset: (wanted as UnpicklingError).offset,
      });
    }
  });

  it("refuses what is no source, and a Response without success, with advice", async () => {
    expect((await failureOf(() => load("file.pkl" as never))).message).toMatch(/^a stream, a Response/);
    const { message } = await failureOf(() => load(new Response("not found", { status: 404 })));
    expect(message).toMatch(/^the response has the status 404/);
  });

  it("lets go of the source when it is done, and when it fails", async () => {
    for (const bytes of [pickle, assemble("z")]) {
      let closed = false;
      async function* source(): AsyncGenerator<Uint8Array, void> {
        try {
          yield bytes;
          yield new Uint8Array(100);
          yield new Uint8Array(100);
        } finally {
          closed = true;
        }
      }
      await load(source()).catch(() => undefined);
      expect(closed).toBe(true);
    }
  });

  it("tells its progress", async () => {
    const seen: Progress[] = [];
    await load(buffered(pickle), { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ bytesRead: pickle.length, bytesTotal: pickle.length });
  });

  it("ends with the signal's reason, while it waits too", async () => {
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      yield pickle.subarray(0, 3);
      await new Promise(() => undefined);
    }
    const loading = load(endless(), { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 5);
    await expect(loading).rejects.toThrow("enough");
    await expect(load(pickle, { signal: AbortSignal.abort(new Error("never")) })).rejects.toThrow("never");
  });

  it("passes on what the source throws", async () => {
    async function* broken(): AsyncGenerator<Uint8Array, void> {
      yield pickle.subarray(0, 3);
      throw new Error("the line is cut");
    }
    await expect(load(broken())).rejects.toThrow("the line is cut");
  });
});

describe("loadAll", () => {
  const pickles = [1, "two", { three: [4] }].map((item) => dumps(item));
  const joined = Uint8Array.from(pickles.flatMap((bytes) => [...bytes]));

  it("gives one pickle after the other, with their places on request", async () => {
    expect(await all(loadAll(chunksOf(joined, () => 1)))).toEqual([1, "two", { three: [4] }]);
    const located = await all(loadAll(joined, { offsets: true }));
    expect(located.map(({ start, end }) => end - start)).toEqual(pickles.map(({ length }) => length));
    const [, second] = located;
    expect(await all(loadAll(buffered(joined), { start: second?.start }))).toEqual(["two", { three: [4] }]);
    expect(await all(loadAll([joined], { start: second?.start }))).toEqual(["two", { three: [4] }]);
  });

  it("gives nothing of nothing", async () => {
    expect(await all(loadAll([]))).toEqual([]);
  });

  it("gives each as soon as it is there", async () => {
    const given: unknown[] = [];
    async function* slow(): AsyncGenerator<Uint8Array, void> {
      for (const [index, bytes] of pickles.entries()) {
        expect(given).toHaveLength(index);
        yield bytes;
      }
    }
    for await (const item of loadAll(slow())) given.push(item);
    expect(given).toHaveLength(3);
  });

  it("says which pickle is broken, after those before it", async () => {
    const broken = Uint8Array.from([...joined, ...assemble("\x80\x04z")]);
    const given: unknown[] = [];
    const error = await failureOf(async () => {
      for await (const item of loadAll(broken)) given.push(item);
    });
    expect(given).toHaveLength(3);
    expect(error.offset).toBe(joined.length + 2);
    expect(error.message).toContain(
      `It is in pickle 3 (counted from 0), which begins at byte ${joined.length}`,
    );
  });
});
