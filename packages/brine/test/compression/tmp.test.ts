import { deflateSync, gzipSync } from "node:zlib";
import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { decompressed } from "../../src/compression/decompress.ts";
import { inflate } from "../../src/compression/inflate.ts";
import { zlibInflate } from "../../src/node/zlib-inflate.ts";

async function* pieces(data: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < data.length; i += size) yield data.subarray(i, i + size);
}
async function all(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const c of chunks) parts.push(c);
  return Buffer.concat(parts);
}
const records = Buffer.from(
  JSON.stringify(
    Array.from({ length: 500000 }, (_, i) => ({
      id: i,
      name: `user ${(i * 7919) % 1000}`,
      score: Math.sin(i),
    })),
  ),
);
it("works", async () => {
  for (const data of [Buffer.alloc(0), Buffer.from("a"), randomBytes(300000), Buffer.alloc(500_000)]) {
    for (const level of [0, 6]) {
      for (const make of [gzipSync, deflateSync]) {
        let z = make(data, { level });
        if (make === gzipSync) z = Buffer.concat([z, z, Buffer.alloc(5), z]);
        const expected = make === gzipSync ? Buffer.concat([data, data, data]) : data;
        for (const size of [65536, 1 << 20, ...(z.length < 10000 ? [1, 7] : [1001])]) {
          expect((await all(decompressed(pieces(z, size), {}, zlibInflate))).equals(expected)).toBe(true);
          await expect(
            all(decompressed(pieces(z.subarray(0, -1), size), {}, zlibInflate)),
          ).rejects.toMatchObject({ code: "truncated" });
          if (z.length > 50)
            await expect(
              all(decompressed(pieces(z.subarray(0, z.length >> 1), size), {}, zlibInflate)),
            ).rejects.toMatchObject({ code: "truncated" });
        }
      }
    }
  }
  const z = gzipSync(records);
  for (let i = 0; i < 3; i++)
    for (const engine of [inflate, zlibInflate]) {
      let t = performance.now();
      await all(decompressed(pieces(z, 65536), {}, engine));
      const own = performance.now() - t;
      console.log(engine.name, records.length, z.length, own);
    }
});
