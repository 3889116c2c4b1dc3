import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UnpicklingError } from "../../src/errors.ts";
import { dumps } from "../../src/index.ts";
import { OpCursor } from "../../src/syntax/cursor.ts";
import { opcodeOf, opcodes, STOP } from "../../src/syntax/opcodes.ts";
import { TypeRegistry } from "../../src/types/registry.ts";
import { Machine } from "../../src/unpickler/machine.ts";
import { askCPython } from "../bytes/cpython.ts";
import { assemble, uint } from "../support/assemble.ts";

type Step = readonly [position: number, name: string];

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** All steps of the first pickle in the bytes. */
function steps(bytes: Uint8Array): Step[] {
  const cursor = new OpCursor(bytes);
  const all: Step[] = [];
  while (cursor.next()) {
    all.push([cursor.position, opcodeOf(cursor.code)?.name ?? "?"]);
    if (cursor.stopped) break;
  }
  return all;
}

/** The same by CPython, `null` for a pickle whose 8-bit text it does not take. */
function genops(pickles: readonly Uint8Array[]): (Step[] | null)[] {
  return askCPython<(Step[] | null)[]>(
    `
import pickletools
def steps(case):
    try: return [[pos, op.name] for op, arg, pos in pickletools.genops(bytes.fromhex(case))]
    except UnicodeDecodeError: return None
answer([steps(case) for case in cases])`,
    pickles.map(hex),
  );
}

/** Where each opcode of the pickle begins, as the machine sees it that is given one byte more at a time. */
function machineBoundaries(bytes: Uint8Array): number[] {
  const machine = new Machine({ exact: true, encoding: "latin1", types: TypeRegistry.empty });
  machine.begin(0);
  // Without looking ahead, which takes several opcodes at once.
  machine.state.lazy = false;
  const boundaries = new Set<number>();
  for (let end = 0; end <= bytes.length; end++) {
    boundaries.add(machine.position);
    const base = machine.position;
    if (machine.run(bytes.slice(base, end), base, end === bytes.length)) break;
  }
  boundaries.add(machine.position);
  return [...boundaries].sort((a, b) => a - b);
}

const examples = join(import.meta.dirname, "../../../../examples");
const exampleFiles = readdirSync(examples)
  .filter((name) => name.endsWith(".pkl"))
  .map((name) => readFileSync(join(examples, name)))
  .filter((bytes) => bytes.length < 100_000);

const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    {
      arbitrary: fc.oneof(
        fc.constant(null),
        fc.boolean(),
        fc.double(),
        fc.bigInt({ min: -(1n << 90n), max: 1n << 90n }),
        fc.string({ unit: "binary" }),
        fc.uint8Array(),
      ),
      weight: 3,
    },
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
    fc.uniqueArray(fc.integer(), { maxLength: 4 }).map((items) => new Set(items)),
  ),
})).value;

/** One pickle for each opcode, with an operand as it may be. */
const each: Uint8Array[] = [
  assemble("I12\nL7L\nF1.5\nS'a'\nVb\np0\ng0\n(0(1", 0x2e),
  assemble("K\x01M\x01\x02J\x01\x02\x03\x04G\0\0\0\0\0\0\0\0NN2000."),
  assemble(
    "U\x03abcT",
    uint(4, 3),
    "abcX",
    uint(4, 2),
    "ab",
    0x71,
    3,
    0x72,
    uint(4, 70000),
    "h\x03j",
    uint(4, 70000),
    ".",
  ),
  assemble(
    0x80,
    5,
    0x95,
    uint(8, 30),
    0x8c,
    1,
    "a",
    0x8d,
    uint(8, 1),
    "b",
    0x43,
    1,
    "c",
    0x42,
    uint(4, 1),
    "d",
    0x8e,
    uint(8, 1),
    "e",
    0x96,
    uint(8, 1),
    "f",
    0x94,
    ".",
  ),
  assemble(0x8a, 2, "ab", 0x8a, 0, 0x8b, uint(4, 300), "z".repeat(300), "."),
  assemble("cm\nf\n(im\nf\nPid\nQ)", 0x85, 0x86, "R."),
  assemble("]a}s(e(u", 0x8f, "(", 0x90, "(", 0x91, "(t(l(d."),
  assemble(0x82, 1, 0x83, 1, 2, 0x84, 1, 2, 3, 4, 0x88, 0x89, 0x87, 0x93, 0x81, 0x92, 0x97, 0x98, "b(o."),
];

describe("OpCursor", () => {
  test("steps as pickletools.genops does: every opcode, examples, random values", () => {
    const random = fc.sample(fc.tuple(values, fc.integer({ min: 0, max: 5 })), { numRuns: 300, seed: 7 });
    const pickles = [
      ...each,
      ...exampleFiles,
      ...random.map(([value, protocol]) => dumps(value, { protocol })),
    ];
    expect(new Set(pickles.flatMap((pickle) => steps(pickle).map((step) => step[1]))).size).toBe(
      opcodes.length,
    );
    const theirs = genops(pickles);
    expect(theirs.filter((found) => found === null).length).toBeLessThan(2);
    expect(pickles.map((pickle, i) => theirs[i] && steps(pickle))).toEqual(theirs);
  });
  test("tells where the operand stands, without its length and newline", () => {
    const cursor = new OpCursor(
      assemble("I12\ncm\nfg\n", 0x8c, 2, "abX", uint(4, 3), "xyzK\x07", 0x95, uint(8, 9), "N."),
    );
    const operands: string[] = [];
    while (cursor.next())
      operands.push(
        Buffer.from(cursor.bytes.subarray(cursor.operandStart, cursor.operandEnd)).toString("latin1"),
      );
    expect(operands).toEqual(["12", "m\nfg", "ab", "xyz", "\x07", "\t\0\0\0\0\0\0\0", "", ""]);
  });
  test("goes on behind STOP, and from any start", () => {
    const cursor = new OpCursor(assemble("N.K\x01."), 1);
    const seen: unknown[] = [cursor.code];
    while (cursor.next()) seen.push([cursor.position, cursor.stopped]);
    expect(seen).toEqual([-1, [1, true], [2, false], [4, true]]);
    expect(cursor.next()).toBe(false);
  });
  test("reads a view of a larger buffer", () => {
    const whole = assemble("xxJ\x01\0\0\0", 0x42, uint(4, 2), "ab.yy");
    expect(steps(whole.subarray(2, 15))).toEqual([
      [0, "BININT"],
      [5, "BINBYTES"],
      [12, "STOP"],
    ]);
  });

  test("a truncated operand is an error at its opcode, for each opcode and each length", () => {
    for (const pickle of each) {
      const boundaries = new Set(
        steps(pickle)
          .map(([position]) => position)
          .concat(pickle.length),
      );
      for (let end = 0; end < pickle.length; end++) {
        const cursor = new OpCursor(pickle.subarray(0, end));
        let failure: unknown;
        try {
          while (cursor.next());
        } catch (error) {
          failure = error;
        }
        if (boundaries.has(end)) expect(failure).toBeUndefined();
        else {
          expect(failure).toMatchObject({
            code: "truncated",
            offset: cursor.position,
            opcode: opcodeOf(cursor.code)?.name,
          });
          expect((failure as Error).message).toMatch(/^pickle data was truncated/);
        }
      }
    }
  });
  test("a byte that is no opcode is an error in CPython's words", () => {
    const known = new Set(opcodes.map(({ code }) => code));
    const unknown = Array.from({ length: 256 }, (_, code) => code).filter((code) => !known.has(code));
    const words = askCPython<string[]>(
      `
import pickle
def judge(code):
    try: pickle.loads(bytes([78, code]))
    except pickle.UnpicklingError as e: return str(e)
answer([judge(code) for code in cases])`,
      unknown,
    );
    for (const [i, code] of unknown.entries()) {
      const cursor = new OpCursor(assemble("N", code));
      cursor.next();
      try {
        cursor.next();
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(UnpicklingError);
        expect(error).toMatchObject({ code: "invalid-opcode", offset: 1, words: words[i] });
      }
    }
  });
  test("lengths beyond the bytes, however large, are an error", () => {
    for (const length of [4n, 2n ** 31n - 1n, 2n ** 32n - 1n]) {
      for (const code of [0x58, 0x42, 0x54])
        expect(() => steps(assemble(code, uint(4, length), "abc"))).toThrow("truncated");
    }
    for (const length of [4n, 2n ** 32n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]) {
      for (const code of [0x8d, 0x8e, 0x96])
        expect(() => steps(assemble(code, uint(8, length), "abc"))).toThrow(UnpicklingError);
    }
    expect(() => steps(assemble(0x8b, uint(4, 2n ** 32n - 1n), "."))).toThrow(
      "LONG pickle has negative byte count",
    );
  });
  test("after an error it stands where it stood", () => {
    const cursor = new OpCursor(assemble("N\xff"));
    cursor.next();
    for (let i = 0; i < 3; i++) expect(() => cursor.next()).toThrow("invalid load key");
  });
});

describe("the machine", () => {
  test("begins opcodes where the cursor does", () => {
    const random = fc.sample(fc.tuple(values, fc.integer({ min: 0, max: 3 })), { numRuns: 150, seed: 11 });
    const pickles = [
      ...each.slice(0, 3),
      each[4]!,
      ...random.map(([value, protocol]) => dumps(value, { protocol })),
    ];
    for (const pickle of pickles) {
      const all = steps(pickle);
      expect(all.at(-1)?.[1]).toBe("STOP");
      expect(machineBoundaries(pickle)).toEqual([
        ...all.map(([position]) => position),
        pickle.lastIndexOf(STOP) + 1,
      ]);
    }
  });
});
