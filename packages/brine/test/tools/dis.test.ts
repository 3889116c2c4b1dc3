import { expect, test } from "vitest";
import { dumps, Pickler } from "../../src/index.ts";
import { dis, type DisMemo, disLines, DisassemblyError, disRows, genops } from "../../src/tools.ts";
import { assemble } from "../support/assemble.ts";

test("rows say what the lines say", () => {
  const data = assemble("(K\x07t\x94.");
  const rows = Array.from(disRows(data), ({ opcode, ...row }) => ({ name: opcode.name, ...row }));
  const common = {
    operand: null,
    operandText: "",
    depth: 0,
    markPosition: undefined,
    memoIndex: undefined,
    note: "",
  };
  expect(rows).toEqual([
    { ...common, name: "MARK", position: 0, end: 1 },
    { ...common, name: "BININT1", position: 1, end: 3, depth: 1, operand: 7, operandText: "7" },
    { ...common, name: "TUPLE", position: 3, end: 4, depth: 1, markPosition: 0, note: "(MARK at 0)" },
    { ...common, name: "MEMOIZE", position: 4, end: 5, memoIndex: 0, note: "(as 0)" },
    { ...common, name: "STOP", position: 5, end: 6 },
  ]);
});

test("several pickles of one pickler share a memo", () => {
  const pickler = new Pickler({ protocol: 2 });
  const shared = ["shared"];
  const data = assemble(pickler.dump(shared), pickler.dump([shared]));
  const memo: DisMemo = new Map();
  dis(data, { memo });
  expect(memo.size).toBe(2);
  const start = Array.from(genops(data)).at(-1)?.end;
  expect(() => dis(data, { start })).toThrow("memo key 0 has never been stored into");
  expect(dis(data, { start, memo })).toContain("BINGET     0");
});

test("an error carries the text so far", () => {
  const thrown = (work: () => unknown): DisassemblyError => {
    try {
      work();
    } catch (error) {
      return error as DisassemblyError;
    }
    throw new Error("nothing was thrown");
  };
  const error = thrown(() => dis(assemble("N(0e.")));
  expect(error).toBeInstanceOf(DisassemblyError);
  expect([error.name, error.code, error.offset, error.opcode, error.words]).toEqual([
    "DisassemblyError",
    "missing-mark",
    3,
    "APPENDS",
    "no MARK exists on stack",
  ]);
  expect(error.text).toBe(
    "    0: N    NONE\n    1: (    MARK\n    2: 0        POP        (MARK at 1)\n    3: e    APPENDS    no MARK exists on stack\n",
  );
  // The position is printed before a too long int is shown.
  const long = assemble("N\x8b", Uint8Array.of(0, 16, 0, 0), new Uint8Array(4096).fill(1), ".");
  const tooLong = thrown(() => dis(long));
  expect([tooLong.code, tooLong.offset, tooLong.text]).toEqual([
    "limit-exceeded",
    1,
    "    0: N    NONE\n    1: ",
  ]);
  expect(thrown(() => Array.from(disLines(long))).text).toBe("    1: ");
  expect(thrown(() => dis("x" as unknown as Uint8Array)).code).toBe("invalid-input");
});

test("lines come one at a time", () => {
  const lines = disLines(assemble("N0", 0xff));
  expect(lines.next().value).toBe("    0: N    NONE");
  expect(lines.next().value).toBe("    1: 0    POP");
  expect(() => lines.next()).toThrow("at position 2, opcode b'\\xff' unknown");
});

test("a long disassembly is whole", () => {
  const count = 60_000;
  const text = dis(dumps(Array.from({ length: count }, (_, i) => `é${i}`)));
  expect(text.split("\n").length).toBeGreaterThan(2 * count);
  expect(text).toContain(`'é${count - 1}'`);
  const nested = dis(assemble("(".repeat(1500), "t".repeat(1500), "."));
  expect(nested.split("\n")[1499]).toBe(` 1499: (    ${" ".repeat(1499 * 4)}MARK`);
});
