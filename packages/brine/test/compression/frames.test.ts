import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bz2 } from "../../src/compression/bz2.ts";
import { decompressed } from "../../src/compression/decompress.ts";
import { inflate } from "../../src/compression/inflate.ts";
import { lz4 } from "../../src/compression/lz4.ts";
import { lzma, xz } from "../../src/compression/xz.ts";
import { zstd } from "../../src/compression/zstd.ts";
import { decompress } from "../../src/node.ts";
import { zlibInflate } from "../../src/node/zlib-inflate.ts";
import { inChunks, joined } from "../support/chunks.ts";
import { judgeInterpreter } from "../support/interpreters.ts";

const folder = new URL("../fixtures/compression/", import.meta.url);
const fixture = (name: string): Buffer => readFileSync(new URL(name, folder));
const codecs = [bz2, xz, lzma, lz4, zstd];
const opened = (data: Uint8Array, size: number): Promise<Buffer> =>
  joined(decompressed(inChunks(data, size), { codecs }));
const python = (program: string): Buffer =>
  Buffer.from(
    execFileSync(judgeInterpreter().path, ["-c", program], { encoding: "utf8", maxBuffer: 1 << 26 }).trim(),
    "hex",
  );

/** A frame that readers of lz4 and zstd skip: its magic number, its length, its content. */
function skippable(magic: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(magic, 0);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
}

describe("what follows in the same file", () => {
  it.each([
    "commands/zstd-default.zst",
    "commands/zstd-no-check.zst",
    "commands/lz4-default.lz4",
    "commands/lz4-linked.lz4",
    "commands/xz-blocks.xz",
    "commands/bzip2-1.bz2",
  ])("%s twice is its data twice", async (name) => {
    const data = fixture(name);
    const once = await opened(data, data.length);
    for (const size of [1, 1000, 1 << 20]) {
      const twice = await opened(Buffer.concat([data, data]), size);
      expect(twice.equals(Buffer.concat([once, once]))).toBe(true);
    }
  });

  it.each(["zstd-default.zst", "lz4-default.lz4"])("%s with frames to skip behind it", async (name) => {
    const data = fixture(`commands/${name}`);
    const once = await opened(data, data.length);
    const skipped = [0, 1, 70_000].map((length, at) =>
      skippable(0x184d2a50 + 7 * at, Buffer.alloc(length, 1)),
    );
    const file = Buffer.concat([data, ...skipped, data]);
    for (const size of [3, 4096, file.length]) {
      expect((await opened(file, size)).equals(Buffer.concat([once, once]))).toBe(true);
    }
    await expect(opened(Buffer.concat([data, ...skipped]).subarray(0, -1), 100)).rejects.toMatchObject({
      code: "truncated",
    });
  });

  it("zstd through brine/node, in any Node", async () => {
    const data = fixture("commands/zstd-default.zst");
    const once = await opened(data, data.length);
    const read = (bytes: Uint8Array): Promise<Buffer> => joined(decompress(inChunks(bytes, 1000)));
    const file = Buffer.concat([data, skippable(0x184d2a50, Buffer.alloc(3)), data]);
    expect((await read(file)).equals(Buffer.concat([once, once]))).toBe(true);
    for (const length of [data.length >> 1, data.length - 3, data.length - 1]) {
      await expect(read(data.subarray(0, length))).rejects.toMatchObject({ code: "truncated" });
    }
  });

  it("zeros between streams of xz, in fours", async () => {
    const data = fixture("python-3.13/xz.xz");
    const once = await opened(data, data.length);
    const file = Buffer.concat([data, Buffer.alloc(8), data, Buffer.alloc(4)]);
    for (const size of [1, 999, file.length]) {
      expect((await opened(file, size)).equals(Buffer.concat([once, once]))).toBe(true);
    }
  });
});

describe("lzma", () => {
  it("with its size and without", async () => {
    const data = fixture("python-3.13/lzma.lzma");
    const plain = await opened(data, 100);
    expect(data.subarray(5, 13).every((byte) => byte === 0xff)).toBe(true);
    const sized = Buffer.from(data);
    sized.writeBigUInt64LE(BigInt(plain.length), 5);
    expect((await opened(sized, 100)).equals(plain)).toBe(true);
    sized.writeBigUInt64LE(BigInt(plain.length + 1), 5);
    await expect(opened(sized, 100)).rejects.toMatchObject({ code: "invalid-compression" });
  });
});

describe.each([
  ["JavaScript", inflate],
  ["Node", zlibInflate],
])("deflate of %s", (_, engine) => {
  const open = (data: Uint8Array, size: number): Promise<Buffer> =>
    joined(decompressed(inChunks(data, size), {}, engine));

  it("stops right behind a stream, whatever its last block is", async () => {
    // Blocks of each kind, made with each strategy and each flush, and ends at every bit.
    const members = python(`
import gzip, io, zlib
out = b""
for size in list(range(0, 40)) + [65534, 65535, 65536, 200000]:
    for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY, zlib.Z_FIXED):
        for level in (0, 6):
            data = bytes((i * i) % 251 for i in range(size))
            c = zlib.compressobj(level, zlib.DEFLATED, 31, 9, strategy)
            out += c.compress(data[:size // 2]) + c.flush(zlib.Z_SYNC_FLUSH) + c.compress(data[size // 2:]) + c.flush()
print(out.hex())`);
    const expected = Buffer.concat(
      [...Array.from({ length: 40 }, (_value, size) => size), 65534, 65535, 65536, 200_000].flatMap((size) =>
        Array.from({ length: 6 }, () =>
          Buffer.from(Array.from({ length: size }, (_byte, i) => (i * i) % 251)),
        ),
      ),
    );
    for (const size of [997, 1 << 22]) expect((await open(members, size)).equals(expected)).toBe(true);
  });

  it("refuses an encrypted member of a zip archive", async () => {
    const archive = fixture("python-3.13/zip-deflated.zip");
    const encrypted = Buffer.from(archive);
    for (let at = encrypted.indexOf("PK\x03\x04"); at >= 0; at = encrypted.indexOf("PK\x03\x04", at + 4))
      encrypted[at + 6] = (encrypted[at + 6] as number) | 1;
    await expect(open(encrypted, 100)).rejects.toMatchObject({
      code: "invalid-compression",
      message: expect.stringContaining("is encrypted") as string,
    });
  });
});

it.each(["bz2", "gz", "lz4", "lzma", "xz", "zst"])("limits.inflated holds for .%s", async (ending) => {
  const data = fixture(`kinds/alike.${ending}`);
  const { length } = await opened(data, data.length);
  const bounded = (inflated: number): Promise<Buffer> =>
    joined(decompressed(inChunks(data, 64), { codecs, limits: { inflated } }));
  expect((await bounded(length)).length).toBe(length);
  await expect(bounded(length - 1)).rejects.toMatchObject({ code: "limit-exceeded" });
});
