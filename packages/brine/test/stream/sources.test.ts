import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { dumps, type UnpicklingError } from "../../src/core.ts";
import { get, items, load, loadAll, type Progress, type StreamSource } from "../../src/stream.ts";
import { all, buffered } from "./sources.ts";

const rows = Array.from({ length: 2000 }, (_, id) => ({ id, name: `name ${id}` }));
const first = dumps({ rows, last: 7 });
const plain = Buffer.concat([first, dumps("second")]);

function cut(bytes: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const length = Math.ceil(bytes.length / 16);
  for (let at = 0; at < bytes.length; at += length) chunks.push(bytes.subarray(at, at + length));
  return chunks;
}

/** A source of chunks of each kind that says what was asked of it; `damage` is thrown at its fourth chunk. */
class Watched {
  pulled = 0;
  isClosed = false;
  readonly #bytes: Uint8Array;
  readonly #damage: Error | undefined;

  constructor(bytes: Uint8Array, damage?: Error) {
    this.#bytes = bytes;
    this.#damage = damage;
  }

  *#chunks(): Generator<Uint8Array, void> {
    try {
      for (const chunk of cut(this.#bytes)) {
        if (++this.pulled === 4 && this.#damage !== undefined) throw this.#damage;
        yield chunk;
      }
    } finally {
      this.isClosed = true;
    }
  }

  async *#later(): AsyncGenerator<Uint8Array, void> {
    yield* this.#chunks();
  }

  readonly kinds: Record<string, () => StreamSource> = {
    "an iterable": () => this.#chunks(),
    "an asynchronous iterable": () => this.#later(),
    "a Node stream": () => Readable.from(this.#later()),
    "a web stream": () => this.#web(),
    "a Response": () => new Response(this.#web()),
  };

  #web(): ReadableStream<Uint8Array> {
    const chunks = this.#chunks();
    return new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const next = chunks.next();
          if (next.done === true) controller.close();
          else controller.enqueue(next.value);
        },
        cancel() {
          chunks.return();
        },
      },
      { highWaterMark: 0 },
    );
  }
}

const kinds = Object.keys(new Watched(plain).kinds);
const sourceOf = (watched: Watched, kind: string): StreamSource =>
  (watched.kinds[kind] as () => StreamSource)();
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** All that reads, each to the end of what it reads. */
const readers: Record<string, (source: StreamSource, options: { signal?: AbortSignal }) => Promise<unknown>> =
  {
    load,
    loadAll: (source, options) => all(loadAll(source, options)),
    items: (source, options) => all(items(source, options)),
    "items at a path": (source, options) => all(items(source, { ...options, path: "$.rows" })),
    get: (source, options) => get(source, "$.rows[1999].name", options),
  };

describe.each([
  ["plain", plain],
  ["gzip", gzipSync(plain)],
])("%s", (_, bytes) => {
  const copied = (chunk: Uint8Array): ArrayBuffer => new Uint8Array(chunk).buffer;
  const blob = new Blob([bytes]);
  const sources: Record<string, () => StreamSource> = {
    bytes: () => bytes,
    "an ArrayBuffer": () => copied(bytes),
    "a Blob": () => blob,
    "a File": () => new File([blob], "data.pkl"),
    "an AsyncBuffer": () => buffered(bytes),
    "an AsyncBuffer that answers at once": () => ({
      byteLength: bytes.length,
      slice: (start: number, end: number) => bytes.subarray(start, end),
    }),
    "ArrayBuffers as chunks": () => cut(bytes).map(copied),
    "DataViews as chunks": () => cut(bytes).map((chunk) => new DataView(copied(chunk))),
    "empty chunks between": () => cut(bytes).flatMap((chunk) => [new Uint8Array(0), chunk]),
    ...Object.fromEntries(kinds.map((kind) => [kind, () => sourceOf(new Watched(bytes), kind)])),
  };

  it.each(Object.keys(sources))("%s: load, loadAll, items and get", async (name) => {
    const open = sources[name] as () => StreamSource;
    const seen: Progress[] = [];
    expect(await load(open(), { onProgress: (progress) => seen.push(progress) })).toEqual({ rows, last: 7 });
    const isKnown = /bytes|ArrayBuffer$|Blob|File|AsyncBuffer/.test(name);
    expect(seen.map(({ bytesTotal }) => bytesTotal)).toEqual(
      seen.map(() => (isKnown ? bytes.length : undefined)),
    );
    expect(seen.every(({ bytesRead }, i) => bytesRead > (seen[i - 1]?.bytesRead ?? 0))).toBe(true);
    expect(await all(loadAll(open()))).toEqual([{ rows, last: 7 }, "second"]);
    expect(await all(items(open()))).toEqual(Object.entries({ rows, last: 7 }));
    let at = 0;
    for await (const item of items(open(), { path: "$.rows" })) if ((item as { id: number }).id === at) at++;
    expect(at).toBe(rows.length);
    expect(await get(open(), "$.rows[1999].name")).toBe("name 1999");
  });

  it("tells its progress in bytes of the source, to its end", async () => {
    for (const source of [buffered(bytes), cut(bytes)]) {
      const seen: Progress[] = [];
      await all(loadAll(source, { onProgress: (progress) => seen.push(progress) }));
      expect(seen.at(-1)?.bytesRead).toBe(bytes.length);
    }
  });

  describe.each(kinds)("%s", (kind) => {
    it.each(Object.keys(readers))("%s passes on what it throws, as it is", async (name) => {
      const damage = new Error("the line is cut");
      const read = readers[name] as (typeof readers)[string];
      await expect(read(sourceOf(new Watched(bytes, damage), kind), {})).rejects.toBe(damage);
    });

    it.each(Object.keys(readers))("%s ends with the signal, before and while it reads", async (name) => {
      const read = readers[name] as (typeof readers)[string];
      const reason = new Error("enough");
      const before = new Watched(bytes);
      await expect(read(sourceOf(before, kind), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const during = new Watched(bytes);
      const controller = new AbortController();
      const onProgress = (): void => {
        if (during.pulled >= 2) controller.abort(reason);
      };
      const options = { signal: controller.signal, onProgress };
      await expect(read(sourceOf(during, kind), options)).rejects.toBe(reason);
      await settled();
      expect(during.isClosed).toBe(true);
      expect(during.pulled).toBeLessThan(6);
    });

    it("is let go of when a loop is left", async () => {
      for (const open of [loadAll, items]) {
        const watched = new Watched(bytes);
        for await (const value of open(sourceOf(watched, kind))) {
          expect(value).toBeDefined();
          break;
        }
        await settled();
        expect(watched.isClosed).toBe(true);
      }
    });
  });

  it("gives nothing more once the signal was given, of what is at hand too", async () => {
    const few = Buffer.concat([1, 2, 3].map((value) => dumps(value)));
    const shown = bytes === plain ? few : gzipSync(few);
    const list = bytes === plain ? dumps([1, 2, 3]) : gzipSync(dumps([1, 2, 3]));
    for (const open of [
      (signal: AbortSignal) => loadAll(shown, { signal }),
      (signal: AbortSignal) => items(list, { signal }),
      (signal: AbortSignal) => items([list], { signal }),
    ]) {
      const controller = new AbortController();
      const given: unknown[] = [];
      const reading = (async () => {
        for await (const value of open(controller.signal)) {
          given.push(value);
          if (given.length === 2) controller.abort(new Error("enough"));
        }
      })();
      await expect(reading).rejects.toThrow("enough");
      expect(given).toEqual([1, 2]);
    }
  });
});

it("a signal that comes after the end is no matter", async () => {
  const controller = new AbortController();
  expect(await load(plain, { signal: controller.signal })).toEqual({ rows, last: 7 });
  controller.abort();
  await settled();
});

it.each([
  ["text", "data.pkl", "not 'string'. Open a file with brine/node, or give what fetch(url) returns"],
  ["chunks of text", ["abc"], "not 'str'. Read it as bytes, not as text"],
  ["a stream of text", Readable.from(["a", "b"]), "not 'str'. Read it as bytes, not as text"],
  ["chunks of numbers", [1, 2], "not 'Number'"],
  ["a promise", Promise.resolve(plain), "not 'Promise'. Await it first"],
  ["null", null, "not 'null'"],
  ["an object", {}, "not 'object'"],
])("%s is refused, and how it is right is said", async (_, source, words) => {
  const read = load(source as never).then(
    () => undefined,
    (error: unknown) => error as UnpicklingError,
  );
  expect(await read).toMatchObject({
    code: "invalid-input",
    message: expect.stringContaining(words) as string,
  });
});
