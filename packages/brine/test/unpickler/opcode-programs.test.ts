import { afterAll, describe, expect, it } from "vitest";
import * as op from "../../src/syntax/opcodes.ts";
import { OpCursor } from "../../src/syntax/cursor.ts";
import { Random } from "../support/assemble.ts";
import { checkProgram } from "../support/check-program.ts";
import { randomProgram } from "../support/opcode-programs.ts";
import { hexOf, Oracle } from "../support/oracle.ts";

const oracle = new Oracle();
afterAll(() => oracle.close());

// More of them: node scripts/fuzz/opcode-programs.mjs --count 200000 --seed 1
const COUNT = 3000;

describe("random programs of opcodes", () => {
  it("mean what they mean to CPython: exact, plain, and in pieces", async () => {
    const programs = Array.from({ length: COUNT }, (_, i) => randomProgram(new Random(i)));
    const verdicts = await oracle.judge(programs);
    const wrong: string[] = [];
    const outcomes = new Map<string, number>();
    for (const [i, program] of programs.entries()) {
      const report = checkProgram(program, verdicts[i] as (typeof verdicts)[number], new Random(i));
      outcomes.set(report.outcome, (outcomes.get(report.outcome) ?? 0) + 1);
      if (report.wrong !== undefined) wrong.push(`${i}: ${hexOf(program.bytes)}\n${report.wrong}`);
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    // They are of use: most get to their end, and a good part does not.
    expect(outcomes.get("accepted")).toBeGreaterThan(COUNT * 0.5);
    expect(outcomes.get("refused")).toBeGreaterThan(COUNT * 0.1);
    expect(outcomes.get("skipped") ?? 0).toBeLessThan(COUNT * 0.02);
  });

  it("have every opcode in them", () => {
    const seen = new Set<number>();
    for (let i = 0; i < 500; i++) {
      const cursor = new OpCursor(randomProgram(new Random(i)).bytes);
      try {
        while (cursor.next()) seen.add(cursor.code);
      } catch {
        // A wrong one, on purpose.
      }
    }
    expect(op.opcodes.filter(({ code }) => !seen.has(code))).toEqual([]);
  });
});
