import { expect, test } from "vitest";
import { dumps } from "../../src/index.ts";
import { opcodes } from "../../src/syntax/opcodes.ts";
import { codeToOpcode, dis, genops, opcodeProse, operandProse, UnpicklingError } from "../../src/tools.ts";
import { assemble, uint } from "../support/assemble.ts";

const names = (data: Uint8Array, start?: number): string[] =>
  Array.from(genops(data, { start }), ({ opcode }) => opcode.name);

test("every opcode and every kind of operand has its prose, and it is short", () => {
  expect(Object.keys(opcodeProse).sort()).toEqual(opcodes.map(({ name }) => name).sort());
  const kinds = new Set(opcodes.flatMap(({ operand }) => (operand === null ? [] : [operand])));
  expect(Object.keys(operandProse).sort()).toEqual([...kinds].sort());
  expect(kinds.size).toBe(24);
  for (const text of [...Object.values(opcodeProse), ...Object.values(operandProse)]) {
    expect(text).toMatch(/^[A-Z].{8,110}\.$/);
  }
});

test("an opcode is found by its code", () => {
  expect(codeToOpcode.size).toBe(68);
  for (const opcode of opcodes) expect(codeToOpcode.get(opcode.code)).toBe(opcode);
});

test("ends at STOP, and goes on where it is told to", () => {
  const data = assemble("I1\n.", "K\x02.", 0xff);
  expect(names(data)).toEqual(["INT", "STOP"]);
  const [, stop] = genops(data);
  expect(names(data, stop?.end)).toEqual(["BININT1", "STOP"]);
  expect(() => names(data, 7)).toThrow("at position 7, opcode b'\\xff' unknown (at byte 7)");
});

test.each([-1, 0.5, NaN, Infinity, 2 ** 60])("refuses to begin at %d", (start) => {
  expect(() => names(assemble("N."), start)).toThrow("start must be a position in bytes");
  expect(() => dis(assemble("N."), { start })).toThrow("start must be a position in bytes");
});

test("an operation has its operand as it is written, whatever the data is", () => {
  const data = assemble(0, 0, 0x8c, 2, "hi", ".").subarray(2);
  for (const given of [data, Buffer.from(data), new DataView(data.buffer, 2), data.slice().buffer]) {
    const [op, stop] = genops(given);
    expect([op?.operand, op?.position, op?.end, op?.raw]).toEqual(["hi", 0, 4, assemble(2, "hi")]);
    expect([stop?.operand, stop?.position, stop?.end, stop?.raw]).toEqual([null, 4, 5, new Uint8Array(0)]);
  }
  const shared = new Uint8Array(new SharedArrayBuffer(data.length));
  shared.set(data);
  expect(names(shared)).toEqual(["SHORT_BINUNICODE", "STOP"]);
  expect(() => genops("(lp0\n." as unknown as Uint8Array)).toThrow(
    "a bytes-like object is required, not 'str'",
  );
});

test("bytes are a copy", () => {
  const data = assemble("C\x01a.");
  const [op] = genops(data);
  data[2] = 98;
  expect(op?.operand).toEqual(Uint8Array.of(97));
});

test("is an iterator: given up early, and over after an error", () => {
  const data = dumps([1, 2, 3]);
  const ops = genops(data);
  for (const { opcode } of ops) if (opcode.name === "EMPTY_LIST") break;
  expect([...ops]).toEqual([]);
  const broken = genops(assemble("N", 0xff));
  expect(broken.next().value?.opcode.name).toBe("NONE");
  expect(() => broken.next()).toThrow(UnpicklingError);
  expect(broken.next()).toEqual({ value: undefined, done: true });
});

test("text beyond ASCII is read where CPython's pickletools gives up", () => {
  const operands = (data: Uint8Array): unknown[] => Array.from(genops(data), ({ operand }) => operand);
  expect(operands(assemble("S'\xe9\\xff'\n."))).toEqual(["\xe9\xff", null]);
  expect(operands(assemble("cm\n\xc3\xa9\n."))).toEqual(["m \xe9", null]);
  expect(operands(assemble("im\n\xe9\n."))).toEqual(["m \xe9", null]);
  expect(operands(assemble("P\xe2\x82\xac\n."))).toEqual(["\u20ac", null]);
  expect(dis(assemble("S'\xe9'\n."))).toBe(
    "    0: S    STRING     'é'\n    5: .    STOP\nhighest protocol among opcodes = 0\n",
  );
});

test("errors carry place and code", () => {
  const failure = (data: Uint8Array): unknown => {
    try {
      return names(data);
    } catch (error) {
      const { code, offset, opcode, pythonException } = error as UnpicklingError;
      return [code, offset, opcode, pythonException];
    }
  };
  expect(failure(assemble("N"))).toEqual(["no-data", 1, undefined, "ValueError"]);
  expect(failure(assemble("N", 0xff))).toEqual(["invalid-opcode", 1, undefined, "ValueError"]);
  expect(failure(assemble("NX", uint(4, 9), "x"))).toEqual(["truncated", 1, "BINUNICODE", "ValueError"]);
  expect(failure(assemble("NX", uint(4, 1), 0xff))).toEqual([
    "undecodable-text",
    1,
    "BINUNICODE",
    "UnicodeDecodeError",
  ]);
  expect(failure(assemble("NIx\n"))).toEqual(["invalid-operand", 1, "INT", "ValueError"]);
});
