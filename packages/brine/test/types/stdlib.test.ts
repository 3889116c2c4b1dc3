import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { dumps, loads } from "../../src/index.ts";
import { pythonEquals } from "../../src/types.ts";
import { interpreters } from "../support/interpreters.ts";
import { cases, roundTrips } from "./stdlib-cases.ts";

const judge = fileURLToPath(new URL("../support/stdlib_judge.py", import.meta.url));
const hex = (data: Uint8Array): string => Buffer.from(data).toString("hex");

type Answer = null | [problems: string[], written: (string | null)[]];

const protocols = [0, 1, 2, 3, 4, 5];

function ask(path: string, pickles: readonly (readonly [expression: string, pickles: string[]])[]): Answer[] {
  const { status, stdout, stderr } = spawnSync(path, [judge], {
    input: JSON.stringify(pickles),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${path}: ${stderr}`);
  return JSON.parse(stdout) as Answer[];
}

/** A value as text in which nothing is left out. */
const shown = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "bigint") return `${part}n`;
    if (part instanceof Map) return Object.fromEntries(part as Map<string, unknown>);
    return part;
  });

/** What CPython 3.13 pickles in other bytes, and why. */
const otherBytes: Readonly<Record<string, string>> = {
  "pathlib.": "the module is pathlib._local there, which only 3.13 has",
};

describe.each(interpreters())(
  "what CPython $series writes, read exact and written back",
  ({ path, series }) => {
    const written = ask(
      path,
      roundTrips.map((expression) => [expression, protocols.map(() => "")]),
    );
    const back = roundTrips.flatMap((expression, index) => {
      const own = written[index]?.[1].flatMap((pickle, protocol) =>
        pickle === null ? [] : [{ pickle, protocol }],
      );
      // Python 2 pickles these without their arguments.
      if (own === undefined || own.length === 0 || (series === "2.7" && expression.startsWith("operator.")))
        return [];
      // Protocols 0 and 1 leave out the arguments of __new__, so what they wrote is no use to the others.
      const whole = expression.startsWith("WithNew") ? own.filter(({ protocol }) => protocol > 1) : own;
      return whole.map((one) => ({ expression, ...one }));
    });
    const encoding = series === "2.7" ? "latin1" : "ASCII";
    const rewritten = back.map(({ expression, pickle }) => {
      const value = loads(Buffer.from(pickle, "hex"), { exact: true, encoding });
      return [expression, protocols.map((protocol) => hex(dumps(value, { exact: true, protocol })))] as const;
    });
    const answers = ask(path, rewritten);

    test("has the types", () => {
      expect(back.length).toBeGreaterThan(series === "2.7" ? 130 : 400);
    });

    // Below protocol 4 there is no fold.
    const isFoldLost = (expression: string, problem: string): boolean =>
      expression.includes("fold=1") && /^protocol [0-3]/.test(problem);
    const judged = back.map((one, index) => ({
      ...one,
      problems: answers[index]?.[0].filter((problem) => !isFoldLost(one.expression, problem)),
    }));

    test.each(judged.filter(({ expression, protocol }) => protocol > 3 || !expression.includes("fold=1")))(
      "$expression at protocol $protocol",
      ({ problems }) => {
        expect(problems).toEqual([]);
      },
    );
  },
);

describe.each(interpreters())("CPython $series", ({ path, series }) => {
  const answers = ask(
    path,
    cases.map(([expression, value]) => [
      expression,
      protocols.map((protocol) => hex(dumps(value, { exact: true, protocol }))),
    ]),
  );
  const known = cases.flatMap(([expression, value], index) => {
    const answer = answers[index];
    return answer ? [{ expression, value, problems: answer[0], written: answer[1] }] : [];
  });

  test("has the types", () => {
    expect(known.length).toBeGreaterThan(series === "2.7" ? 40 : 70);
    if (series === "3.13") expect(known.length).toBe(cases.length);
  });

  test.each(known)("$expression: what is written is equal, and of the same type", ({ problems }) => {
    expect(problems).toEqual([]);
  });

  test.each(known)("$expression: what Python writes is read", ({ expression, value, written }) => {
    for (const [protocol, pickle] of written.entries()) {
      // Python 2 pickles these without their arguments, and flags as they were given.
      const isLost = series === "2.7" && /^(?:operator\.|re\.)/.test(expression);
      if (pickle === null || isLost) continue;
      const encoding = series === "2.7" ? "latin1" : "ASCII";
      const loaded = loads(Buffer.from(pickle, "hex"), { exact: true, encoding });
      expect(Object.getPrototypeOf(loaded), `protocol ${protocol}`).toBe(Object.getPrototypeOf(value));
      const isIdentity = shown(loaded) === shown(value);
      expect(isIdentity || pythonEquals(loaded, value), `protocol ${protocol}: ${shown(loaded)}`).toBe(true);
    }
  });

  if (series === "3.13") {
    const same = known.filter(
      ({ expression }) => !Object.keys(otherBytes).some((start) => expression.startsWith(start)),
    );
    test.each(same)("$expression: byte for byte", ({ value, written }) => {
      const ours = written.map((pickle, protocol) =>
        pickle === null ? null : hex(dumps(value, { exact: true, protocol })),
      );
      expect(ours).toEqual(written);
    });
  }
});
