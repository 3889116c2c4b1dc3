import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bz2 } from "../../src/compression/bz2.ts";
import { decompressed } from "../../src/compression/decompress.ts";
import { lz4 } from "../../src/compression/lz4.ts";
import { lzma, xz } from "../../src/compression/xz.ts";
import { zstd } from "../../src/compression/zstd.ts";
import { loads } from "../../src/core.ts";
import { zlibInflate } from "../../src/node/zlib-inflate.ts";
import { inChunks, joined } from "../support/chunks.ts";

const folder = new URL("../fixtures/compression/", import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => /\/.*\.\w+$/.test(name))
  .sort();
const codecs = [bz2, xz, lzma, lz4, zstd];
/** What the script wrote. */
const records = Array.from({ length: 1000 }, (_, id) => ({
  id,
  name: `name ${id % 50}`,
  score: id / 4,
  tags: ["a", "b"].slice(0, id % 3),
}));

describe("compressed by Python's modules, joblib and commands", () => {
  it("has a file of every kind", () => {
    expect(files.length).toBeGreaterThan(25);
  });

  it.each(files.filter((name) => name.startsWith("kinds/")))("%s loads", async (name) => {
    const data = readFileSync(new URL(name, folder));
    const plain = loads(
      gunzipSync(readFileSync(new URL(name.replace(/\.\w+$/, ".gz"), folder))),
    ) as Uint8Array;
    expect(plain.length).toBeGreaterThan(2999);
    for (const size of [data.length, 1000, 13]) {
      const value = loads(await joined(decompressed(inChunks(data, size), { codecs }))) as Uint8Array;
      expect(Buffer.compare(value, plain)).toBe(0);
    }
  });

  it.each(files.filter((name) => !name.startsWith("kinds/")))("%s loads", async (name) => {
    const data = readFileSync(new URL(name, folder));
    for (const size of [data.length, 1000, 7, 1]) {
      expect(loads(await joined(decompressed(inChunks(data, size), { codecs })))).toEqual(records);
    }
    expect(loads(await joined(decompressed(inChunks(data, 1000), { codecs }, zlibInflate)))).toEqual(records);
  });

  it("takes the member that is named", async () => {
    const data = readFileSync(new URL("python-3.13/zip-deflated.zip", folder));
    expect(loads(await joined(decompressed(inChunks(data, 50), { member: "other.bin" })))).toBe("the other");
    await expect(joined(decompressed(inChunks(data, 50), { member: "data.pkl" }))).rejects.toMatchObject({
      code: "missing-member",
      pythonException: "KeyError",
      message: expect.stringContaining("folder/data.pkl") as string,
    });
  });

  it.each(["xz/xz", "xz/lzma", "bz2/bz2", "lz4/lz4", "zstd/zstd"])(
    "names the codec that is missing: %s",
    async (which) => {
      const [entry, codec] = which.split("/") as [string, string];
      const name = files.find((file) => file.includes(codec) && !file.includes("gzip")) as string;
      await expect(
        joined(decompressed(inChunks(readFileSync(new URL(name, folder)), 100))),
      ).rejects.toMatchObject({
        code: "missing-codec",
        message: `the data is compressed with ${codec}, and there is no codec for it (at byte 0). Add it: codecs: [${codec}], with import { ${codec} } from "brine/${entry}"`,
      });
    },
  );
});
