import { join } from "node:path";
import { dumps } from "brine";
import type { Verification } from "brine/tools";
import { expect, test } from "vitest";
import { brine, examples, file } from "./command.ts";

const clean = file("clean.pkl", dumps(null));
const odd = file("odd.pkl", "NN.");
const broken = file("broken.pkl", "(NtR.");
const needy = file("needy.pkl", "P7\n.");

test("the exit status says whether there are errors", () => {
  expect(brine(["verify", clean])).toEqual({ status: 0, stdout: `${clean}: nothing found\n`, stderr: "" });
  expect(brine(["verify", odd]).status).toBe(0);
  expect(brine(["verify", "--strict", odd]).status).toBe(1);
  expect(brine(["verify", "--strict", clean]).status).toBe(0);
  expect(brine(["verify", broken]).status).toBe(1);
  expect(brine(["verify", clean, broken, clean]).status).toBe(1);
  expect(brine(["verify", "--limit", "x", clean]).status).toBe(2);
  expect(brine(["verify", join(clean, "no")])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("no such file") as string,
  });
});

test("a table by offset, with who refuses it", () => {
  expect(brine(["verify", broken]).stdout).toBe(
    [
      `${broken}: 2 errors; refused by every reader`,
      "  3  REDUCE  error    stack-underflow  takes 2 values, and one is on the stack [every reader]",
      "  3  REDUCE  error    not-callable     a tuple is no class or function [pickle.loads and pickle._loads] (may follow from an error before)",
      "",
    ].join("\n"),
  );
  expect(brine(["verify", "--color", broken]).stdout).toContain("\u001b[31merror");
  expect(brine(["verify"], { input: "N." }).stdout).toBe("standard input: nothing found\n");
});

test("what the reader is given", () => {
  expect(brine(["verify", "--strict", needy]).status).toBe(1);
  expect(brine(["verify", "--strict", "--given", needy]).status).toBe(0);
  const session = join(examples, "python2-session.pkl");
  expect(brine(["verify", session]).stdout).toContain("python2-text");
  expect(brine(["verify", "--encoding", "latin1", session]).stdout).not.toContain("python2-text");
});

test("explanations, JSON, and a hint at what is no pickle", () => {
  expect(brine(["verify", "--explain", odd]).stdout).toContain(
    "\n  stack-not-empty: STOP takes the topmost value",
  );
  const lines = brine(["verify", "--json", clean, broken]).stdout.trimEnd().split("\n");
  const results = lines.map((line) => JSON.parse(line) as Verification & { file: string });
  expect(results.map(({ file: name, errors, end }) => [name, errors, end])).toEqual([
    [clean, 0, dumps(null).length],
    [broken, 2, 5],
  ]);
  expect(results[1]?.findings[0]).toMatchObject({
    code: "stack-underflow",
    refusedBy: ["c", "python", "pickletools"],
  });
  const packed = file("packed.gz", "\x1f\x8b\x08\0");
  expect(brine(["verify", packed]).stdout).toContain(
    `It looks like gzip data: try gunzip -c ${packed} | brine verify`,
  );
});

test("names of a pickle do nothing to a terminal", () => {
  const evil = file("evil.pkl", "cm\n\x1b[31mC\n.");
  expect(brine(["verify", "--no-color", evil]).stdout).not.toContain("\x1b");
});
