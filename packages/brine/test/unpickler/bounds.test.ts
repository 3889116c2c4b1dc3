import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loads, TypeRegistry, UnpicklingError } from "../../src/core.ts";
import type { LoadOptions } from "../../src/core.ts";
import { PyDict } from "../../src/values/py-dict.ts";
import { allCodes, assemble, uint } from "../support/assemble.ts";

// What is not linear here would take minutes, and Vitest's limit for a test is one.

const load = (pickle: Uint8Array, options?: LoadOptions): unknown =>
  loads(pickle, { types: TypeRegistry.empty, ...options });
const both = [{ exact: false }, { exact: true }];
const repeat = (part: Uint8Array | string, count: number): Uint8Array => {
  const bytes = assemble(part);
  const all = new Uint8Array(bytes.length * count);
  for (let i = 0; i < count; i++) all.set(bytes, i * bytes.length);
  return all;
};

describe.each(both)("time, exact: $exact", ({ exact }) => {
  it("many GETs of containers that are being filled", () => {
    const depth = 100_000;
    const gets = new Uint8Array(5 * depth).fill(0x6a);
    for (let i = 0; i < depth; i++) gets.set(uint(4, i), 5 * i + 1);
    for (const kind of ["]\x94(", "}\x94(N", "\x8f\x94("]) {
      // The innermost has all of them in a tuple of a list, so that none of them is a key.
      const pickle = assemble(repeat(kind, depth), "(", gets, "l0");
      expect(() => load(pickle, { exact })).toThrow("Ran out of input");
    }
    const lists = assemble(repeat("]\x94(", depth), gets, "e".repeat(depth), ".");
    let list = load(lists, { exact }) as unknown[];
    while (Array.isArray(list[0]) && list.length === 1) list = list[0] as unknown[];
    expect(list).toHaveLength(depth);
    expect(list[depth - 1]).toBe(list);
  });

  it("a hundred thousand MARKs, and opcodes that look for them", () => {
    expect(load(assemble("N", "(".repeat(100_000), "1".repeat(100_000), "."), { exact })).toBe(null);
    expect(load(assemble("N", repeat("(1", 200_000), "."), { exact })).toBe(null);
    expect(load(assemble("](", repeat("(t", 200_000), "e."), { exact })).toHaveLength(200_000);
  });

  it("a tuple of tuples that doubles with every level, as a key", () => {
    const doubling = assemble("N\x85", repeat("2\x86", 60));
    const map = load(assemble("}", doubling, "K\x01s", doubling, "K\x02s."), { exact }) as Map<
      unknown,
      unknown
    >;
    expect([...map.values()].map(Number)).toEqual([2]);
    expect(() => load(assemble("}]\x85", repeat("2\x86", 60), "K\x01s."), { exact })).toThrow(
      "unhashable type: 'list'",
    );
  });

  it("the same deep key again and again", () => {
    const deep = assemble(")", "\x85".repeat(2000), "q\x000");
    const map = load(assemble(deep, "}(", repeat("h\x00N", 50_000), "u."), { exact }) as Map<
      unknown,
      unknown
    >;
    expect(map.size).toBe(1);
  });

  it("keys that V8 hashes alike", () => {
    const count = 100_000;
    // Array indexes in text, multiples of 2^32 and of 2^64, -0 among ints, floats that are ints.
    const keys: Record<string, (i: number) => Uint8Array> = {
      text: (i) => assemble(0x8c, 7, String(1_000_000 + i)),
      "high ints": (i) => assemble("\x8a\x09", uint(9, BigInt(i) << 40n)),
      "huge ints": (i) => assemble("\x8a\x0d", uint(13, BigInt(i) << 64n)),
      floats: (i) => {
        const bytes = Buffer.alloc(8);
        bytes.writeDoubleBE(i * 2 ** 32);
        return assemble("G", bytes);
      },
      tuples: (i) => assemble("M", uint(2, i & 0xff), "J", uint(4, i >> 8), "\x86"),
    };
    for (const [name, key] of Object.entries(keys)) {
      const entries = Array.from({ length: count }, (_, i) => assemble(key(i), "N"));
      const map = load(assemble("}(", ...entries, "u."), { exact, dicts: "map" }) as Map<unknown, unknown>;
      expect(map.size, name).toBe(count);
    }
  });

  it("long lines, escapes, digits in hexadecimal", () => {
    const size = 2_000_000;
    expect(load(assemble("V", "a".repeat(size), "\n."), { exact })).toHaveLength(size);
    expect(load(assemble("V", "\\u0041".repeat(size / 10), "\n."), { exact })).toHaveLength(size / 10);
    expect(load(assemble("S'", "\\x41".repeat(size / 10), "'\n."), { exact })).toHaveLength(size / 10);
    expect(() => load(assemble("S'", "\\".repeat(size + 1), "'\n."), { exact })).toThrow(/Trailing/);
    const hexadecimal = load(assemble("L0x", "f".repeat(100_000), "L\n."), { exact });
    expect(hexadecimal).toBe((1n << 400_000n) - 1n);
    expect(() => load(assemble("L", "1".repeat(size), "L\n."), { exact })).toThrow(/^Exceeds the limit/);
    expect(() => load(assemble("I", " ".repeat(size), "\n."), { exact })).toThrow(UnpicklingError);
    expect(() => load(assemble("F", "1".repeat(size), "x\n."), { exact })).toThrow(UnpicklingError);
    expect(() => load(assemble("Np", "0".repeat(size), "x\n."), { exact })).toThrow(UnpicklingError);
    expect(load(assemble(0x8b, uint(4, size), repeat("\x7f", size), "."), { exact })).toBeTypeOf("bigint");
  });

  it("dicts and sets that must be made anew, many times", () => {
    // Each batch finds out something: promoting is paid once.
    const batches = assemble("}\x94h\x00", "\x8c\x01aNs", repeat("(K\x05N)Nu", 20_000), "\x86.");
    expect(load(batches, { exact })).toHaveLength(2);
    const sets = repeat("\x8f\x94(K\x01\x90()\x90", 20_000);
    expect(load(assemble("](", sets, "e."), { exact })).toHaveLength(20_000);
  });

  it("one object to which everything is done", () => {
    const object = load(
      assemble("cm\nC\n)R", repeat("Nb", 100_000), repeat("Na", 100_000), repeat("NNs(N\x90", 100_000), "."),
      { exact },
    );
    expect(object).toMatchObject({ state: null });
  });

  it("overwriting one memo slot, and slots far apart", () => {
    expect(load(assemble(repeat("Nq\x05", 300_000), "."), { exact })).toBe(null);
    const far = assemble(
      ...Array.from({ length: 50_000 }, (_, i) => assemble("r", uint(4, 4_000_000_000 - i * 1000))),
    );
    expect(load(assemble("N", far, "j", uint(4, 4_000_000_000), "."), { exact })).toBe(null);
    expect(load(assemble("N", repeat("\x94", 300_000), "."), { exact })).toBe(null);
  });
});

describe("claims", () => {
  it("of a length are nothing before the bytes are there", () => {
    const lengths: [number, Uint8Array][] = [
      ["BINUNICODE", 0x58, 4],
      ["BINSTRING", 0x54, 4],
      ["BINBYTES", 0x42, 4],
      ["LONG4", 0x8b, 4],
      ["BINUNICODE8", 0x8d, 8],
      ["BINBYTES8", 0x8e, 8],
      ["BYTEARRAY8", 0x96, 8],
      ["FRAME", 0x95, 8],
    ].map(([, code, width]) => [
      code as number,
      uint(width as number, width === 4 ? 2 ** 31 - 1 : 2n ** 62n),
    ]);
    for (const [code, length] of lengths) {
      expect(() => load(assemble(code, length, "abc"))).toThrow("pickle data was truncated");
    }
  });
});

// Needs a heap of its own: what is measured is a process with a small one.
describe("memory", () => {
  const folder = mkdtempSync(join(tmpdir(), "brine-bounds-"));
  const core = join(folder, "core.mjs");
  beforeAll(async () => {
    const bundle = await rolldown({
      input: join(import.meta.dirname, "../../src/core.ts"),
      platform: "neutral",
      logLevel: "silent",
    });
    await bundle.write({ file: core });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Loads plain and exact in a process of 128 MB of heap; of each it answers `ok`, or the error's code. */
  function answers(make: string): string[] {
    const script = `
import { loads, TypeRegistry } from ${JSON.stringify(core)};
const repeat = (text, count) => text.repeat(count);
const pickle = new Uint8Array(Buffer.from(${make}, "latin1"));
for (const exact of [false, true]) {
  try { loads(pickle, { types: TypeRegistry.empty, exact, limits: { allocation: 32e6 } }); console.log("ok"); }
  catch (error) { console.log(error.code ?? String(error)); }
}`;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["--max-old-space-size=128", "--input-type=module", "-e", script],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`the process died: ${stderr.slice(0, 500)}`);
    return stdout.trim().split("\n");
  }

  it.each([
    ["empty lists", '"](" + repeat("]", 2e6) + "e."'],
    ["empty dicts", '"](" + repeat("}", 2e6) + "e."'],
    ["empty sets", '"](" + repeat("\\x8f", 2e6) + "e."'],
    ["frozensets", '"](" + repeat("(\\x91", 2e6) + "e."'],
    ["tuples", '"](" + repeat("N\\x85", 2e6) + "e."'],
    ["nested tuples", '")" + repeat("\\x85", 4e6) + "."'],
    ["marks", 'repeat("(", 1e7)'],
    ["memo slots", '"N" + repeat("\\x94", 1e7) + "."'],
    [
      "far memo slots",
      '"N" + Array.from({ length: 3e5 }, (_, i) => "r" + Buffer.from(Uint32Array.of(4e9 - i * 100).buffer).toString("latin1")).join("") + "."',
    ],
    ["values", 'repeat("N", 1.5e7) + "."'],
    ["objects", '"cm\\nC\\n\\x94)\\x940](" + repeat("h\\x00h\\x01R", 1e6) + "e."'],
    ["states of one object", '"cm\\nC\\n)R" + repeat("Nb", 4e6) + "."'],
    ["items of one object", '"cm\\nC\\n)R" + repeat("NNs", 2e6) + "."'],
    ["globals", '"](" + Array.from({ length: 2e5 }, (_, i) => "cm\\n" + i + "\\n").join("") + "e."'],
    ["floats", '"](" + repeat("G?\\xf1\\x99\\x99\\x99\\x99\\x99\\x9a", 4e6) + "e."'],
    ["small bytes", '"](" + repeat("C\\x01a", 1e6) + "e."'],
    ["small bytearrays", '"](" + repeat("\\x96\\x01\\0\\0\\0\\0\\0\\0\\0a", 5e5) + "e."'],
    ["ints", '"](" + repeat("\\x8a\\x081234567\\x08", 2e6) + "e."'],
    ["dicts of one entry", '"N\\x940](" + repeat("}NNs", 5e5) + "e."'],
  ])("%s keep to limits.allocation of 32 MB, in plain and exact mode", (_, make) => {
    // Either it fits in what the process has, or it is refused; what must not be is that the process dies.
    for (const answer of answers(make)) expect(["ok", "limit-exceeded", "no-data"]).toContain(answer);
  });

  it("is refused with the code, the option and the place", () => {
    const pickle = assemble("](", "}".repeat(1_000_000), "e.");
    for (const exact of [false, true]) {
      let failure: unknown;
      try {
        load(pickle, { exact, limits: { allocation: 1e6 } });
      } catch (error) {
        failure = error;
      }
      expect(failure).toBeInstanceOf(UnpicklingError);
      expect((failure as UnpicklingError).code).toBe("limit-exceeded");
      expect((failure as UnpicklingError).message).toMatch(/limits\.allocation/);
      expect((failure as UnpicklingError).offset).toBeLessThan(pickle.length);
    }
    expect(load(pickle)).toHaveLength(1_000_000);
  });

  it.each([
    ["set", "cbuiltins\nset\n", assemble("](", "K\x01".repeat(20_000), "e")],
    ["frozenset", "cbuiltins\nfrozenset\n", assemble("](", "K\x01".repeat(20_000), "e")],
    ["bytearray", "cbuiltins\nbytearray\n", assemble("B", uint(4, 40_000), new Uint8Array(40_000))],
    ["encode", "c_codecs\nencode\n", assemble("X", uint(4, 40_000), "a".repeat(40_000))],
  ])("counts each %s that is made of one large argument", (name, callable, argument) => {
    const call = name === "encode" ? "h\x01h\x00X\x06\0\0\0latin1\x86R0" : "h\x01h\x00\x85R0";
    const pickle = assemble(argument, "q\x000", callable, "q\x010", call.repeat(2000), "N.");
    for (const exact of [false, true]) {
      expect(() => loads(pickle, { exact, limits: { allocation: 2 ** 25 } })).toThrow(/limits\.allocation/);
    }
  });

  it("leaves an ordinary pickle alone", () => {
    expect(load(assemble("](", "K\x05".repeat(1000), "e."), { limits: { allocation: 1e6 } })).toHaveLength(
      1000,
    );
    expect(load(assemble("}(\x8c\x01aNu."), { exact: true, limits: { allocation: 10_000 } })).toBeInstanceOf(
      PyDict,
    );
  });
});

describe("every opcode", () => {
  it("ten thousand times over ends", () => {
    for (const code of allCodes) {
      for (const prefix of ["", "N", "(", "](", "}(", "cm\nC\n)"]) {
        try {
          load(assemble(prefix, repeat(assemble(code), 10_000)), { limits: { allocation: 2 ** 28 } });
        } catch (error) {
          expect(error).toBeInstanceOf(UnpicklingError);
        }
      }
    }
  });
});
