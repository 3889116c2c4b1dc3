import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { judgeInterpreter } from "../../support/interpreters.ts";
import { diff, type DiffRow } from "../../../src/tools.ts";

interface Pair {
  readonly before: string;
  readonly after: string;
  readonly equal: boolean;
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what JSON.parse gives has to be named
function ask<T>(request: unknown): T {
  const script = join(import.meta.dirname, "../../support/diff_judge.py");
  const { status, stdout, stderr } = spawnSync(judgeInterpreter().path, ["-W", "ignore", script], {
    input: JSON.stringify(request),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

test("random values: different if Python says so, and told where they are", () => {
  const seeds = Array.from({ length: 2500 }, (_, i) => i);
  const pairs = ask<Pair[]>({ make: seeds });
  const told: [number, readonly DiffRow[]][] = [];
  const wrong: string[] = [];
  let equal = 0;
  pairs.forEach((pair, i) => {
    const [one, other] = [Buffer.from(pair.before, "hex"), Buffer.from(pair.after, "hex")];
    const result = diff(one, other);
    if (pair.equal) equal++;
    if (result.equal !== pair.equal)
      wrong.push(
        `seed ${seeds[i]!}: ${JSON.stringify(result.rows.slice(0, 3))} ${pair.before} ${pair.after}`,
      );
    // The other way round there is as much to tell, or as little.
    if (diff(other, one).equal !== pair.equal) wrong.push(`seed ${seeds[i]!}, backwards`);
    told.push([seeds[i]!, result.rows]);
  });
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(equal).toBeGreaterThan(seeds.length / 5);
  expect(equal).toBeLessThan((seeds.length * 4) / 5);
  const problems = ask<string[][]>({ check: told });
  expect(
    problems.flatMap((found, i) => found.map((words) => `seed ${seeds[i]!}: ${words}`)).slice(0, 8),
  ).toEqual([]);
}, 120_000);
