import { execFileSync } from "node:child_process";
import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bz2 } from "../../src/compression/bz2.ts";
import { inflate } from "../../src/compression/inflate.ts";
import { zstd } from "../../src/compression/zstd.ts";
import { dumps, loads } from "../../src/core.ts";
import { UnpicklingError } from "../../src/errors.ts";
import { type Codec, decompress } from "../../src/stream.ts";
import { zlibInflate } from "../../src/node/zlib-inflate.ts";
import { decompressed } from "../../src/compression/decompress.ts";
import { inChunks, joined } from "../support/chunks.ts";
import { judgeInterpreter } from "../support/interpreters.ts";

const pickle = dumps([1, 2, "three"]);
const taken = (data: Uint8Array, options = {}): Promise<Buffer> =>
  joined(decompress(inChunks(data, 100), options));

describe("decompress", () => {
  it("gives what is not compressed as it is, chunk by chunk", async () => {
    for (let protocol = 0; protocol <= 5; protocol++) {
      const data = dumps([1, "x", 2.5], { protocol });
      expect((await taken(data)).equals(data)).toBe(true);
    }
    const chunk = dumps("x".repeat(1000));
    for await (const given of decompress(inChunks(chunk, 5000))) expect(given.buffer).toBe(chunk.buffer);
    expect((await taken(new Uint8Array(0))).length).toBe(0);
    // BINBYTES begins as bzip2 does, an empty list as LZMA, MARK as zstd.
    for (const text of ["BZh91AX", "]\x94.", "(\xb4", "P", "PK\x03", "\x1f", "x"]) {
      const data = Buffer.from(text, "latin1");
      expect((await taken(data)).equals(data)).toBe(true);
    }
    expect((await taken(gzipSync(pickle), { decompress: false })).equals(gzipSync(pickle))).toBe(true);
  });

  it("does not wait for more than tells what it is", async () => {
    async function* chunks(): AsyncGenerator<Uint8Array, void> {
      yield pickle.subarray(0, 1);
      await new Promise(() => undefined);
    }
    const first = await decompress(chunks()).next();
    expect(first.value).toEqual(pickle.subarray(0, 1));
  });

  it("takes off several layers, and not too many", async () => {
    let data: Uint8Array = pickle;
    for (let layer = 0; layer < 8; layer++) data = layer % 2 === 0 ? gzipSync(data) : deflateSync(data);
    expect(loads(await taken(data))).toEqual([1, 2, "three"]);
    await expect(taken(gzipSync(data))).rejects.toMatchObject({ code: "limit-exceeded" });
  });

  it("bounds the size and the ratio, and says where", async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    await expect(taken(bomb, { limits: { inflated: 1_000_000 } })).rejects.toMatchObject({
      code: "limit-exceeded",
      words: "the data is larger decompressed than limits.inflated, 1000000 bytes",
    });
    await expect(taken(gzipSync(bomb))).rejects.toMatchObject({
      code: "limit-exceeded",
      advice: "If you trust the data, raise the limit",
    });
    const error = await taken(gzipSync(bomb), { limits: { ratio: 3000 } }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnpicklingError);
    expect((error as UnpicklingError).offset).toBeGreaterThan(60_000_000);
    expect((await taken(bomb)).length).toBe(100_000_000);
  });

  it("gives on what the source throws, and turns what a codec throws into an error of ours", async () => {
    const reason = new Error("the network is gone");
    async function* broken(data: Uint8Array): AsyncGenerator<Uint8Array, void> {
      yield data.subarray(0, data.length - 3);
      await Promise.resolve();
      throw reason;
    }
    await expect(joined(decompress(broken(gzipSync(gzipSync(pickle)))))).rejects.toBe(reason);
    await expect(joined(decompressed(broken(gzipSync(pickle)), {}, zlibInflate))).rejects.toBe(reason);
    const own: Codec = {
      name: "own",
      magic: [[1, 2]],
      async *decompress(chunks) {
        for await (const chunk of chunks) {
          yield chunk.subarray(2, 4);
          throw new RangeError("no such thing");
        }
      },
    };
    await expect(taken(Uint8Array.of(1, 2, 3, 4, 5), { codecs: [own] })).rejects.toMatchObject({
      code: "invalid-compression",
      offset: 2,
      words: "own: no such thing",
    });
  });

  it("lets go of the source when nobody wants more", async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      try {
        for (const member = gzipSync(pickle); ;) {
          await Promise.resolve();
          yield member;
        }
      } finally {
        isClosed = true;
      }
    }
    for await (const chunk of decompress(endless())) {
      expect(chunk).toEqual(pickle);
      break;
    }
    expect(isClosed).toBe(true);
  });

  it("refuses what needs more than the data", async () => {
    // A zstd frame that names a dictionary, a window of 2 TB, a randomised bzip2 block.
    const dictionary = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 1, 0, 0, 0);
    await expect(taken(dictionary, { codecs: [zstd] })).rejects.toThrow("needs a dictionary");
    const window = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 1, 0, 0);
    await expect(taken(window, { codecs: [zstd] })).rejects.toMatchObject({ code: "limit-exceeded" });
    const preset = deflateSync(pickle, { dictionary: pickle });
    for (const data of [preset, deflateSync(pickle, { dictionary: pickle, level: 1 })]) {
      for (const engine of [inflate, zlibInflate]) {
        await expect(joined(decompressed(inChunks(data, 3), {}, engine))).rejects.toMatchObject({
          code: "invalid-compression",
          words: "Error 2 while decompressing data",
          pythonException: "zlib.error",
        });
      }
    }
    const randomised = Buffer.from("425a6839314159265359000000008000", "hex");
    await expect(taken(randomised, { codecs: [bz2] })).rejects.toThrow("randomised");
  });
});

const judge = `import gzip, bz2, io, json, pickle, sys, zlib
out = []
for line in sys.stdin:
    kind, data = line.split()
    data = bytes.fromhex(data)
    try:
        if kind == "gzip": value = gzip.decompress(data)
        elif kind == "bz2": value = bz2.open(io.BytesIO(data)).read()
        else: value = zlib.decompress(data)
        out.append(value.hex())
    except Exception as error:
        out.append(type(error).__name__)
print(json.dumps(out))`;

it("treats what follows a member as CPython does", async () => {
  const member = gzipSync(pickle);
  const bzipped = Buffer.from(
    execFileSync(
      judgeInterpreter().path,
      [
        "-c",
        `import bz2, sys; print(bz2.compress(bytes.fromhex("${Buffer.from(pickle).toString("hex")}")).hex())`,
      ],
      { encoding: "utf8" },
    ).trim(),
    "hex",
  );
  const tails = [
    "",
    "00",
    "0000000000",
    "00001f8b",
    "1f",
    "1f8b",
    "1f8b08",
    "78",
    "2e",
    "0a",
    "deadbeef",
    "0000ff",
    "425a68",
    "425a6839",
  ];
  const cases: [string, Buffer][] = [];
  for (const tail of [...tails, member.toString("hex"), bzipped.toString("hex")]) {
    const bytes = Buffer.from(tail, "hex");
    cases.push(
      ["gzip", Buffer.concat([member, bytes])],
      ["zlib", Buffer.concat([deflateSync(pickle), bytes])],
    );
    cases.push(["bz2", Buffer.concat([bzipped, bytes])]);
  }
  const wrong = Buffer.from(member);
  wrong[wrong.length - 1] = (wrong.at(-1) as number) ^ 1;
  const wrongSum = Buffer.from(member);
  wrongSum[wrongSum.length - 6] = (wrongSum.at(-6) as number) ^ 1;
  cases.push(["gzip", wrong], ["gzip", wrongSum]);
  const input = cases.map(([kind, data]) => `${kind} ${data.toString("hex")}\n`).join("");
  const said = JSON.parse(
    execFileSync(judgeInterpreter().path, ["-c", judge], { input, encoding: "utf8" }),
  ) as string[];
  for (const [index, [kind, data]] of cases.entries()) {
    for (const engine of kind === "bz2" ? [undefined] : [undefined, zlibInflate]) {
      const result = await joined(decompressed(inChunks(data, 11), { codecs: [bz2] }, engine)).catch(
        (error: unknown) =>
          error instanceof UnpicklingError ? (error.pythonException ?? error.code) : String(error),
      );
      const told = typeof result === "string" ? result : result.toString("hex");
      expect(`${kind} ${data.toString("hex")}: ${told}`).toBe(
        `${kind} ${data.toString("hex")}: ${said[index]}`,
      );
    }
  }
});
