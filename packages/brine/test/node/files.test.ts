import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as zlib from "node:zlib";
import { deflateSync, gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dumps, loads } from "../../src/core.ts";
import { decompress, dump, dumpItems, openFile, readFile } from "../../src/node.ts";
import { inChunks, joined } from "../support/chunks.ts";
import { judgeInterpreter } from "../support/interpreters.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "brine-node-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const value = { records: Array.from({ length: 20_000 }, (_, id) => ({ id, name: `name ${id}` })) };

describe("dump into a file", () => {
  it("writes what dumps writes, and leaves nothing else", async () => {
    const path = join(folder, "a.pkl");
    const size = await dump(path, value, { fsync: true });
    expect(readFileSync(path).equals(dumps(value))).toBe(true);
    expect(size).toBe(statSync(path).size);
    await dump(pathToFileURL(path), [1]);
    expect(loads(readFileSync(path))).toEqual([1]);
    expect(readdirSync(folder)).toEqual(["a.pkl"]);
  });

  it("compresses with Node's zlib, as Python reads it", async () => {
    const path = join(folder, "a.pkl.gz");
    await dump(path, value, { compression: { format: "gzip", level: 9 } });
    expect(gunzipSync(readFileSync(path)).equals(dumps(value))).toBe(true);
    await dumpItems(path, value.records, { compression: "zlib" });
    const script = `import pickle, sys, zlib; print(len(pickle.loads(zlib.decompress(open(sys.argv[1], "rb").read()))))`;
    expect(execFileSync(judgeInterpreter().path, ["-c", script, path], { encoding: "utf8" }).trim()).toBe(
      "20000",
    );
    await expect(dump(path, value, { compression: { format: "gzip", level: 99 } })).rejects.toMatchObject({
      code: "invalid-option",
    });
    await expect(dump(path, value, { compression: "rar" as never })).rejects.toMatchObject({
      code: "invalid-option",
    });
  });

  it("leaves nothing at a new name when it fails, and the old file at an old one", async () => {
    const path = join(folder, "a.pkl");
    const bad = [...value.records, Symbol("no")];
    await expect(dump(path, bad)).rejects.toMatchObject({ code: "unsupported-type" });
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(path, "old");
    await expect(dump(path, bad, { compression: "gzip" })).rejects.toMatchObject({
      code: "unsupported-type",
    });
    const error = new Error("the source is gone");
    async function* items(): AsyncGenerator<unknown, void> {
      yield* value.records;
      await Promise.resolve();
      throw error;
    }
    await expect(dumpItems(path, items())).rejects.toBe(error);
    await expect(dump(path, [], { protocol: 7 })).rejects.toMatchObject({ code: "unsupported-protocol" });
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["a.pkl"]);
    await expect(dump(join(folder, "none", "a.pkl"), 1)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("stops for a signal", async () => {
    const path = join(folder, "a.pkl");
    const controller = new AbortController();
    const reason = new Error("enough");
    function* items(): Generator<string> {
      for (let i = 0; ; i++) {
        if (i === 50_000) controller.abort(reason);
        yield `item ${i}`;
      }
    }
    await expect(dumpItems(path, items(), { signal: controller.signal })).rejects.toBe(reason);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("keeps a file's permissions, and gives a new one those asked for", async () => {
    const path = join(folder, "a.pkl");
    await dump(path, 1, { mode: 0o640 });
    expect(statSync(path).mode & 0o777).toBe(0o640 & ~process.umask());
    chmodSync(path, 0o604);
    await dump(path, 2, { mode: 0o666 });
    expect(statSync(path).mode & 0o777).toBe(0o604);
  });

  it("follows a link, and writes into what is no file", async () => {
    const path = join(folder, "a.pkl");
    const link = join(folder, "link.pkl");
    writeFileSync(path, "old");
    symlinkSync(path, link);
    await dump(link, [1, 2]);
    expect(loads(readFileSync(path))).toEqual([1, 2]);
    expect(readdirSync(folder).sort()).toEqual(["a.pkl", "link.pkl"]);
    await dump("/dev/null", value);
    expect(statSync("/dev/null").isFile()).toBe(false);
  });
});

describe("readFile", () => {
  it("gives a file in chunks, decompressed", async () => {
    const path = join(folder, "a");
    for (const data of [dumps(value), gzipSync(deflateSync(dumps(value))), dumps([])]) {
      writeFileSync(path, data);
      const whole = await joined(readFile(path));
      expect(loads(whole)).toEqual(data.length < 100 ? [] : value);
      expect((await joined(readFile(path, { decompress: false }))).equals(data)).toBe(true);
    }
    let count = 0;
    writeFileSync(path, new Uint8Array(1_000_000));
    for await (const chunk of readFile(path)) count += chunk.length > 0 ? 1 : 0;
    expect(count).toBeGreaterThan(2);
    await expect(joined(readFile(join(folder, "none")))).rejects.toMatchObject({ code: "ENOENT" });
    await expect(
      joined(
        decompress(inChunks(gzipSync(gzipSync(Buffer.alloc(1e6))), 100), { limits: { inflated: 1000 } }),
      ),
    ).rejects.toMatchObject({
      code: "limit-exceeded",
    });
  });

  it("writes zstd where Node can, and says so where not", async () => {
    const path = join(folder, "a.zst");
    const written = dump(path, value, { compression: { format: "zstd", level: 3 } });
    if (!("createZstdCompress" in zlib)) {
      await expect(written).rejects.toThrow("this runtime cannot write zstd");
      return;
    }
    await written;
    expect(loads(await joined(readFile(path)))).toEqual(value);
    writeFileSync(path, readFileSync(path).subarray(0, -5));
    await expect(joined(readFile(path))).rejects.toMatchObject({ code: "truncated" });
  });
});

describe("openFile", () => {
  it("reads at any place", async () => {
    const path = join(folder, "a.bin");
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));
    writeFileSync(path, bytes);
    const file = await openFile(path);
    expect(file.byteLength).toBe(1000);
    for (const [start, end] of [
      [0, 1000],
      [990, 2000],
      [5, 5],
      [999, 3],
      [1000, 1001],
      [10, undefined],
    ] as const) {
      expect(
        Buffer.from(await file.slice(start, end)).equals(bytes.subarray(start, Math.max(start, end ?? 1000))),
      ).toBe(true);
    }
    writeFileSync(path, bytes.subarray(0, 500));
    expect((await file.slice(400, 600)).byteLength).toBe(100);
    await file.close();
    await expect(openFile(join(folder, "none"))).rejects.toMatchObject({ code: "ENOENT" });
    expect(existsSync(join(folder, "none"))).toBe(false);
  });
});
