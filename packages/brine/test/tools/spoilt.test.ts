import fc from "fast-check";
import { expect, test } from "vitest";
import { dumps } from "../../src/index.ts";
import * as tools from "../../src/tools.ts";
import { Random } from "../support/assemble.ts";
import { programs } from "./pickles.ts";

const rows = Array.from({ length: 30 }, (_, i) => ({
  id: i,
  name: `n${i % 7}`,
  tags: new Set(["a", i]),
  at: new Date(i * 1e9),
  big: 7n ** BigInt(i),
  bytes: new Uint8Array(i),
  map: new Map<unknown, unknown>([[i / 7, [null, true]]]),
}));
const whole: readonly Uint8Array[] = [
  ...[0, 1, 2, 3, 4, 5].map((protocol) => dumps(rows, { protocol })),
  ...[0, 2, 4].map((protocol) => dumps({ a: [1, "two", null], b: [0.5] }, { protocol })),
  ...programs(9, 31),
];

// A seed, so that what is counted stays.
const runs = { numRuns: 300, seed: 5 };

/** Bytes that are wrong somewhere, or end too early, or go on. */
const spoilt: fc.Arbitrary<Uint8Array> = fc
  .record({
    which: fc.nat(whole.length - 1),
    seed: fc.nat(),
    changes: fc.nat(2),
    cut: fc.constantFrom(false, false, true),
    behind: fc.uint8Array({ maxLength: 400 }),
  })
  .map(({ which, seed, changes, cut, behind }) => {
    const random = new Random(seed);
    const source = whole[which] as Uint8Array;
    const bytes = new Uint8Array(cut ? random.below(source.length + 1) : source.length + behind.length);
    bytes.set(source.subarray(0, bytes.length));
    if (!cut) bytes.set(behind, source.length);
    for (let left = bytes.length === 0 ? 0 : changes; left > 0; left--) {
      bytes[random.below(bytes.length)] = random.below(256);
    }
    return bytes;
  });

async function streamed(bytes: Uint8Array): Promise<number> {
  const pieces = [bytes.subarray(0, 5), bytes.subarray(5, 90), bytes.subarray(90)];
  let count = 0;
  for await (const { end } of tools.genops(pieces)) count += end > 0 ? 1 : 0;
  return count;
}

const throwing: readonly (readonly [name: string, (bytes: Uint8Array) => unknown])[] = [
  ["genops", (bytes) => Array.from(tools.genops(bytes))],
  ["genops of pieces", streamed],
  ["dis", (bytes) => tools.dis(bytes)],
  ["dis with annotations", (bytes) => tools.dis(bytes, { annotate: 30, memo: new Map() })],
  ["disLines", (bytes) => Array.from(tools.disLines(bytes))],
  ["disRows", (bytes) => Array.from(tools.disRows(bytes))],
  ["optimize", (bytes) => tools.optimize(bytes)],
  ["compact", (bytes) => tools.compact(bytes)],
  ["compact, another protocol", (bytes) => tools.compact(bytes, { protocol: 5 })],
  ["canonical", (bytes) => tools.canonical(bytes)],
  ["diff", (bytes) => tools.diff(bytes, dumps(rows))],
  ["diff, the other way", (bytes) => tools.diff(dumps(rows), bytes, { sharing: true })],
  ["reassemble", (bytes) => tools.reassemble(tools.genops(bytes))],
  ["the way there and back", (bytes) => tools.assemble(tools.dis(bytes))],
];

test.each(throwing)("%s throws UnpicklingError and nothing else", async (_, work) => {
  let refused = 0;
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(spoilt, async (bytes) => {
      const before = bytes.slice();
      try {
        await work(bytes);
        taken++;
      } catch (error) {
        expect(error).toBeInstanceOf(tools.UnpicklingError);
        expect((error as tools.UnpicklingError).words).not.toBe("");
        refused++;
      }
      expect(bytes).toEqual(before);
    }),
    runs,
  );
  // Both happen, or nothing was tested.
  expect(Math.min(refused, taken)).toBeGreaterThan(20);
});

test("verify and stat throw nothing, and account for every byte", () => {
  fc.assert(
    fc.property(spoilt, (bytes) => {
      const findings = tools.verify(bytes);
      const { opcodes, types, paths, unread } = tools.stat(bytes);
      for (const list of [opcodes, types, paths]) {
        const sum = list.reduce((all, { bytes: size }) => all + size, 0);
        expect([sum, sum + unread]).toContain(bytes.length);
      }
      // What pickletools cannot read is an error.
      let isReadable = true;
      try {
        Array.from(tools.genops(bytes));
      } catch {
        isReadable = false;
      }
      if (!isReadable) expect(JSON.stringify(findings)).toContain('"severity":"');
    }),
    runs,
  );
});

test("a text that is spoilt is refused with AssemblyError, or is a pickle", () => {
  let refused = 0;
  const texts = whole.slice(0, 6).map((bytes) => tools.dis(bytes));
  fc.assert(
    fc.property(fc.nat(texts.length - 1), fc.nat(), fc.string({ maxLength: 9 }), (which, seed, put) => {
      const random = new Random(seed);
      const text = texts[which] as string;
      const at = random.below(text.length);
      try {
        expect(tools.assemble(text.slice(0, at) + put + text.slice(at + random.below(9)))).toBeInstanceOf(
          Uint8Array,
        );
      } catch (error) {
        expect(error).toBeInstanceOf(tools.AssemblyError);
        refused++;
      }
    }),
    runs,
  );
  expect(refused).toBeGreaterThan(20);
});
