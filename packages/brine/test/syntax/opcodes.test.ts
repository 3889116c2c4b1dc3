import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { HIGHEST_PROTOCOL, opcodeOf, opcodes } from "../../src/syntax/opcodes.ts";
import * as constants from "../../src/syntax/opcodes.ts";
import { interpreters } from "../support/interpreters.ts";

const script = `
import json, pickletools
print(json.dumps([[o.name, ord(o.code), o.proto, o.arg and o.arg.name, [s.name for s in o.stack_before], [s.name for s in o.stack_after]]
                  for o in pickletools.opcodes]))
`;

type Row = [
  name: string,
  code: number,
  protocol: number,
  operand: string | null,
  before: string[],
  after: string[],
];

const ours = opcodes.map(({ name, code, protocol, operand, stackBefore, stackAfter }): Row => [
  name,
  code,
  protocol,
  operand,
  [...stackBefore],
  [...stackAfter],
]);

const sorted = (rows: readonly Row[]): Row[] => [...rows].sort((a, b) => a[1] - b[1]);

describe("opcodes", () => {
  test.each(interpreters().map(({ series, path, highestProtocol }) => ({ series, path, highestProtocol })))(
    "are those of CPython $series",
    ({ series, path, highestProtocol }) => {
      const { stdout } = spawnSync(path, ["-c", script], { encoding: "utf8" });
      const theirs = JSON.parse(stdout) as Row[];
      const known = ours.filter(([, , protocol]) => protocol <= highestProtocol);
      expect(sorted(theirs).map(([name, code, protocol]) => [name, code, protocol])).toEqual(
        sorted(known).map(([name, code, protocol]) => [name, code, protocol]),
      );
      if (series !== "2.7") expect(sorted(theirs)).toEqual(sorted(known));
      else {
        // It names the types of Python 2, and takes two memo indexes for signed.
        const shape = ([name, , , operand, before, after]: Row): unknown[] => [
          name,
          /^LONG_BIN(GET|PUT)$/.test(name) ? "uint4" : operand,
          before.length,
          after.length,
        ];
        expect(sorted(theirs).map(shape)).toEqual(sorted(known).map(shape));
      }
    },
  );
  test("there are 68, each name and code once", () => {
    expect(opcodes.length).toBe(68);
    expect(new Set(opcodes.map(({ name }) => name)).size).toBe(68);
    expect(new Set(opcodes.map(({ code }) => code)).size).toBe(68);
    expect(Math.max(...opcodes.map(({ protocol }) => protocol))).toBe(HIGHEST_PROTOCOL);
  });
  test("each is a constant of its name", () => {
    const named = constants as unknown as Record<string, unknown>;
    for (const { name, code } of opcodes) expect([name, named[name]]).toEqual([name, code]);
  });
  test("opcodeOf finds each by its code and nothing else", () => {
    for (let code = 0; code < 256; code++)
      expect(opcodeOf(code)).toBe(opcodes.find((opcode) => opcode.code === code));
    for (const code of [-1, 256, 0.5, NaN]) expect(opcodeOf(code)).toBeUndefined();
  });
});
