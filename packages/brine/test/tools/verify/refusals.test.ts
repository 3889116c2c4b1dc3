import { describe, expect, test } from "vitest";
import { Random } from "../../support/assemble.ts";
import { randomProgram } from "../../support/opcode-programs.ts";
import { compareRefusals, judgeRefusals } from "../../support/verify-judge.ts";
import { everyByte, everyOperand, nonsense, programs } from "../pickles.ts";

const groups: readonly (readonly [name: string, cases: readonly Uint8Array[]])[] = [
  ["every operand", everyOperand()],
  ["every byte", everyByte()],
  ["programs", Array.from({ length: 2000 }, (_, i) => randomProgram(new Random(41 + i)).bytes)],
  ["spoilt programs", programs(2000, 43)],
  ["nonsense", nonsense(2000, 47)],
];

describe.each(groups)("%s: who is said to refuse is who refuses", (_, cases) => {
  test("in CPython 3.13", () => {
    const verdicts = judgeRefusals(cases);
    const wrong: string[] = [];
    let judged = 0;
    cases.forEach((bytes, i) => {
      const { isJudged, wrong: found } = compareRefusals(bytes, verdicts[i]!);
      if (isJudged) judged++;
      for (const words of found) wrong.push(`${Buffer.from(bytes).toString("hex")}: ${words}`);
    });
    expect(wrong).toEqual([]);
    // The others have taken all memory, or hang on what a class would do.
    expect(judged).toBeGreaterThan(cases.length * 0.75);
  }, 120_000);
});
