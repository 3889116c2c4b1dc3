import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bz2 } from "../../src/compression/bz2.ts";
import type { Codec } from "../../src/compression/codec.ts";
import { decompressed } from "../../src/compression/decompress.ts";
import type { Inflate } from "../../src/compression/inflate.ts";
import { inflate } from "../../src/compression/inflate.ts";
import { lz4 } from "../../src/compression/lz4.ts";
import { lzma, xz } from "../../src/compression/xz.ts";
import { zstd } from "../../src/compression/zstd.ts";
import { UnpicklingError } from "../../src/errors.ts";
import { zlibInflate } from "../../src/node/zlib-inflate.ts";
import { inChunks, joined } from "../support/chunks.ts";

const folder = new URL("../fixtures/compression/", import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => /\/.*\.\w+$/.test(name))
  .filter((name) => !/text|alike/.test(name))
  .sort();
const codecs = [bz2, xz, lzma, lz4, zstd];
const engines: [string, Inflate][] = [
  ["of JavaScript", inflate],
  ["of Node", zlibInflate],
];

/** What comes of data: bytes, or an error that must be ours. */
async function outcome(data: Uint8Array, size: number, engine: Inflate): Promise<Buffer | UnpicklingError> {
  try {
    return await joined(decompressed(inChunks(data, size), { codecs, limits: { inflated: 1e8 } }, engine));
  } catch (error) {
    if (error instanceof UnpicklingError) return error;
    throw error;
  }
}

const known = new Set([
  "truncated",
  "invalid-compression",
  "missing-codec",
  "missing-member",
  "limit-exceeded",
]);

describe.each(engines)("damaged data, the inflater %s", (_, engine) => {
  it.each(files)("%s, cut short, is said to be", async (name) => {
    const data = readFileSync(new URL(name, folder));
    const whole = await outcome(data, data.length, engine);
    // Behind them, there may be what is not looked at.
    const isIgnored = name.includes(".zip") || name.includes("members") || name.includes("streams");
    for (let cut = 1; cut < data.length; cut += Math.ceil(data.length / 40)) {
      const result = await outcome(data.subarray(0, data.length - cut), 4096, engine);
      if (result instanceof UnpicklingError) {
        expect(known).toContain(result.code);
        expect(result.code === "truncated" || name.endsWith(".zip")).toBe(true);
        expect(result.offset).toBeLessThanOrEqual((whole as Buffer).length);
      } else if (!isIgnored) {
        // Too short to be known as compressed.
        expect(result.length).toBeLessThan(10);
      }
    }
  });

  it.each(files)("%s, changed, gives an error of ours or data", async (name) => {
    const data = readFileSync(new URL(name, folder));
    const change = fc.record({ at: fc.nat(data.length - 1), byte: fc.integer({ min: 1, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(64, 1000, 1 << 20),
        async (changes, size) => {
          const damaged = Uint8Array.from(data);
          for (const { at, byte } of changes) damaged[at] = (damaged[at] as number) ^ byte;
          const result = await outcome(damaged, size, engine);
          if (result instanceof UnpicklingError) expect(known).toContain(result.code);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe.each(files)("%s", (name) => {
  it("is the same in any chunks, damaged or not", async () => {
    const data = readFileSync(new URL(name, folder));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(data.length), { maxLength: 8 }),
        fc.nat(data.length - 1),
        fc.boolean(),
        async (cuts, at, isDamaged) => {
          const bytes = Uint8Array.from(data);
          if (isDamaged) bytes[at] = (bytes[at] as number) ^ 0x55;
          const ends = [...new Set([...cuts, data.length])].sort((a, b) => a - b);
          async function* chunks(): AsyncGenerator<Uint8Array, void> {
            let start = 0;
            for (const end of ends) {
              yield bytes.slice(start, end);
              start = end;
            }
          }
          const told = (error: unknown): unknown =>
            error instanceof UnpicklingError ? [error.code, error.words] : error;
          const inPieces = await joined(decompressed(chunks(), { codecs })).catch(told);
          const whole = await joined(decompressed(inChunks(bytes, bytes.length), { codecs })).catch(told);
          expect(inPieces).toEqual(whole);
        },
      ),
      { numRuns: 15 },
    );
  });
});

it("any bytes behind a magic give an error of ours, or data", async () => {
  const magics = codecs.flatMap((codec: Codec) => codec.magic.slice(0, 1));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom([0x1f, 0x8b, 8], [0x78, 0x9c], [0x50, 0x4b, 3, 4], ...magics),
      fc.uint8Array({ maxLength: 300 }),
      async (magic, rest) => {
        const result = await outcome(Uint8Array.of(...magic, ...rest), 50, inflate);
        if (result instanceof UnpicklingError) expect(known).toContain(result.code);
      },
    ),
    { numRuns: 2000 },
  );
});
