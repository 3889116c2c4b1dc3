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

/** The text by the rows, which are made in another way. */
function byRows(data: Uint8Array, { indentLevel = 4, start = 0 } = {}): string {
  let highest = 0;
  let text = "";
  for (const { opcode, position, depth, operandText, note } of disRows(data, { start })) {
    highest = Math.max(highest, opcode.protocol);
    const shown = opcode.code < 0x7f ? String.fromCharCode(opcode.code) : `\\x${opcode.code.toString(16)}`;
    const parts = [opcode.name.padEnd(10), ...[operandText, note].filter((part) => part !== "")];
    const name = parts.length > 1 ? parts.join(" ") : opcode.name;
    text += `${String(position).padStart(5)}: ${shown.padEnd(4)} ${" ".repeat(indentLevel * depth)}${name}\n`;
  }
  return `${text}highest protocol among opcodes = ${highest}\n`;
}

const sample = (depth: number): unknown => {
  const rows = Array.from({ length: 600 }, (_, i) => ({
    id: i * 7_654_321,
    name: i % 3 === 0 ? `it's ${i}` : `n${i % 50}`,
    long: "x".repeat(i % 300),
    ratio: (i - 300) / 7,
    flags: [true, null, -i, i * 40],
    big: 10n ** BigInt(i % 30),
    bytes: Uint8Array.of(i, 0x27),
    map: new Map<unknown, unknown>([[i, new Set([i, "s"])]]),
  }));
  let value: unknown = rows;
  for (let left = depth; left > 0; left--) value = [value, left];
  return value;
};

test.each([0, 1, 2, 3, 4, 5])("the text is what the rows say, protocol %i", (protocol) => {
  const data = dumps(sample(40), { protocol });
  expect(dis(data)).toBe(byRows(data));
  expect(Array.from(disLines(data), (line) => `${line}\n`).join("")).toBe(byRows(data));
  for (const indentLevel of [0, 1, 200]) {
    const short = dumps(sample(3), { protocol });
    expect(dis(short, { indentLevel })).toBe(byRows(short, { indentLevel }));
  }
  expect(dis(data, { memo: new Map() })).toBe(byRows(data));
});

test("positions of any size", () => {
  const data = dumps(
    Array.from({ length: 6000 }, (_, i) => `s${i}`),
    { protocol: 2 },
  );
  for (const start of [1, 9, 99, 999, 9_990, 99_990, 999_990, 99_990_000, 123_456_789]) {
    const longer = new Uint8Array(start + data.length);
    longer.set(data, start);
    expect(dis(longer, { start })).toBe(byRows(longer, { start }));
  }
});

test("memo slots in any order, with gaps", () => {
  const put = (slot: number): Uint8Array =>
    assemble("r", Uint8Array.of(slot, slot >> 8, slot >> 16, slot >> 24));
  const get = (slot: number): Uint8Array => assemble("j", put(slot).subarray(1));
  const orders = [
    Array.from({ length: 5000 }, (_, i) => i + 1),
    Array.from({ length: 5000 }, (_, i) => 4999 - i),
    Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5000),
    Array.from({ length: 5000 }, (_, i) => i * 1000),
  ];
  for (const order of orders) {
    const program = order.flatMap((slot) => [assemble(slot % 2 === 0 ? "N" : "]"), put(slot), assemble("0")]);
    // What the slots hold is told by what is left on the stack.
    const data = assemble(...program, ...order.slice(-9).map(get), "N.", new Uint8Array(400));
    const kinds = order.slice(-9).map((slot) => (slot % 2 === 0 ? "None" : "list"));
    expect(() => dis(data)).toThrow(`stack not empty after STOP: [${kinds.join(", ")}]`);
    const filled = assemble(...program, "N", put(order[17] as number), ".", new Uint8Array(400));
    expect(() => dis(filled)).toThrow(`memo key ${order[17]} already defined`);
    expect(() => dis(assemble(...program, get(5_000_000), ".", new Uint8Array(400)))).toThrow(
      "memo key 5000000 has never been stored into",
    );
    // MEMOIZE takes the slot that has the number of those that are filled.
    const index = order.includes(5000) ? "memo key None already defined" : "(as 5000)";
    const memoized = assemble(...program, "N\x94.", new Uint8Array(400));
    if (order.includes(5000)) expect(() => dis(memoized)).toThrow(index);
    else expect(dis(memoized)).toContain(index);
  }
});
