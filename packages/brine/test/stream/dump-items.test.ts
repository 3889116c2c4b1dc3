import { describe, expect, it } from "vitest";
import { dumps } from "../../src/core.ts";
import { itemStream, type DumpItemsOptions } from "../../src/stream/dump-items.ts";
import { builtins } from "../../src/types/builtins.ts";

const dumpItems = (items: Iterable<unknown> | AsyncIterable<unknown>, options: DumpItemsOptions = {}) =>
  itemStream(items, options, builtins);
async function all(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
const protocols = [0, 1, 2, 3, 4, 5];
describe("x", () => {
  it("all", async () => {
    for (const protocol of protocols) for (const n of [0, 2, 999, 1000, 1001, 2000, 30000]) {
      const list = Array.from({ length: n }, (_, i) => ({ id: i, name: `n${i}`, big: i === 7 ? "x".repeat(70000) : i === 8 ? new Uint8Array(100000) : 1 }));
      const a = await all(dumpItems(list, { memo: "all", protocol }));
      expect(a.equals(dumps(list, { protocol }))).toBe(true);
      const m = new Map(list.map((x) => [x.id, x]));
      expect((await all(dumpItems(m, { memo: "all", protocol, container: "dict" }))).equals(dumps(m, { protocol }))).toBe(true);
      const s = new Set(list.map((x) => x.id));
      if (protocol >= 4) expect((await all(dumpItems(s, { memo: "all", protocol, container: "set" }))).equals(dumps(s, { protocol }))).toBe(true);
    }
  });
});
