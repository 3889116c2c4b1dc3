import { expect, test } from "vitest";
import { dumps } from "brine/core";
import { brine, file } from "./command.ts";

const MILLION = 1_000_000;
const repeat = (text: string, count: number): string => text.repeat(count);

const nested: readonly (readonly [name: string, pickle: string])[] = [
  ["lists", `\x80\x04${repeat("]", MILLION)}${repeat("a", MILLION - 1)}.`],
  ["tuples", `\x80\x04)${repeat("\x85", 200_000)}.`],
  ["types of objects", `\x80\x04cm\nf\n${repeat(")R", 100_000)}.`],
  ["states of objects", `\x80\x04${repeat("cm\nf\n)R", 100_000)}N${repeat("b", 100_000)}.`],
  ["arguments of objects", `\x80\x04${repeat("cm\nf\n", 100_000)}N${repeat("\x85R", 100_000)}.`],
  ["persistent ids", `\x80\x04N${repeat("Q", 100_000)}.`],
];

test.each(nested)("nested very deep: %s", (name, pickle) => {
  const path = file(`${name.replaceAll(" ", "-")}.pkl`, pickle);
  const shown = brine([path]);
  expect(shown).toMatchObject({ status: 0, stderr: "" });
  expect(shown.stdout.length).toBeLessThan(2000);
  expect(brine(["json", path])).toMatchObject({ status: 0, stderr: "" });
});

test("all of a hundred thousand levels", () => {
  const depth = 100_000;
  const path = file("deep.pkl", `\x80\x04${repeat("]", depth)}${repeat("a", depth - 1)}.`);
  const { status, stdout, stderr } = brine(["--full", path]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout.replace(/[\s,]/g, "")).toBe(repeat("[", depth) + repeat("]", depth));
});

test("every level in itself", () => {
  const levels = 20_000;
  const memo = (index: number): string => String.fromCharCode(index & 255, index >> 8, 0, 0);
  const one = (_: unknown, index: number): string => `]r${memo(index)}j${memo(index)}a`;
  const path = file(
    "loops.pkl",
    `\x80\x04${Array.from({ length: levels }, one).join("")}${repeat("a", levels - 1)}.`,
  );
  const full = brine(["--full", path]);
  expect(full.stdout.match(/\*\d+/g)).toHaveLength(levels);
  expect(full.stdout.match(/&\d+/g)).toHaveLength(levels);
  expect(brine(["json", path]).stdout.match(/\$ref/g)).toHaveLength(levels);
});

test("texts and bytes longer than what is written at a time", () => {
  const text = "🥒é'\n".repeat(100_000);
  const path = file("text.pkl", dumps([text, Buffer.from(text)]));
  const [string, bytes] = JSON.parse(brine(["json", path]).stdout) as [string, { $bytes: string }];
  expect(string).toBe(text);
  expect(Buffer.from(bytes.$bytes, "base64").toString()).toBe(text);
  const shown = brine(["--full", file("only.pkl", dumps(text))]).stdout;
  expect(shown).toBe(`"${"🥒é'\\n".repeat(100_000)}"\n`);
  expect(brine(["--full", file("bytes.pkl", dumps(Buffer.alloc(100_000, 0xff)))]).stdout).toBe(
    `b'${"\\xff".repeat(100_000)}'\n`,
  );
});
