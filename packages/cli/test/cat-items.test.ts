import { gzipSync } from "node:zlib";
import { dumps } from "brine";
import { expect, test } from "vitest";
import { brine, file } from "./command.ts";

const list = dumps(Array.from({ length: 3000 }, (_, i) => ({ i })));

test("--items prints each item of a container, of a compressed file and of standard input too", () => {
  for (const [args, input] of [
    [["--items", file("items.pkl", list)], undefined],
    [["cat", "--items", file("items.pkl.gz", gzipSync(list))], undefined],
    [["--items", "-"], list],
  ] as const) {
    const { stdout, status } = brine([...args], input === undefined ? {} : { input });
    const lines = stdout.trimEnd().split("\n");
    expect([status, lines.length, lines[0], lines.at(-1)]).toEqual([0, 3000, "{'i': 0}", "{'i': 2999}"]);
  }
});

test("--items says what is wrong, after the items before it", () => {
  const { stdout, stderr, status } = brine(["--items", file("cut.pkl", list.subarray(0, -20))]);
  expect(stdout.split("\n").length).toBeGreaterThan(1000);
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^brine: .*cut\.pkl: /)]);
  expect(brine(["--items", "/there/is/none"]).stderr).toMatch(/^brine: .*none: no such file/);
  expect(brine(["--items", file("five.pkl", dumps(5))]).stderr).toContain("the value is no list");
});
