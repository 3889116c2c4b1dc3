import { join } from "node:path";
import { dumps } from "brine";
import type { Difference } from "brine/tools";
import { expect, test } from "vitest";
import { brine, examples, file } from "./command.ts";

const before = file("before.pkl", dumps({ name: "Ada", tags: [1, 2] }, { protocol: 0 }));
const same = file("same.pkl", dumps({ tags: [1, 2], name: "Ada" }));
const after = file("after.pkl", dumps({ name: "Eva", tags: [2] }));
const broken = file("cut.pkl", "]N");

test("the exit status is that of diff(1)", () => {
  expect(brine(["diff", before, same])).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(brine(["diff", before, after])).toEqual({
    status: 1,
    stdout: "~ $.name: 'Ada' → 'Eva'\n- $.tags[0]: 1\n",
    stderr: "",
  });
  expect(brine(["diff", "-q", before, after])).toEqual({ status: 1, stdout: "", stderr: "" });
  expect(brine(["diff", before]).status).toBe(2);
  expect(brine(["diff", before, join(before, "no")])).toMatchObject({ status: 2, stdout: "" });
  expect(brine(["diff", "-", "-"])).toMatchObject({
    status: 2,
    stderr: "brine: standard input cannot be both files\n",
  });
});

test("what cannot be read is named", () => {
  expect(brine(["diff", before, broken])).toEqual({
    status: 2,
    stdout: "",
    stderr: `brine: ${broken}: at byte 2: Ran out of input; brine verify tells more\n`,
  });
  expect(brine(["diff", broken, before]).stderr).toContain(`brine: ${broken}: `);
});

test("standard input, colours, JSON, a limit", () => {
  expect(brine(["diff", "-", after], { input: dumps({ name: "Ada", tags: [2] }) }).stdout).toBe(
    "~ $.name: 'Ada' → 'Eva'\n",
  );
  expect(brine(["diff", "--color", before, after]).stdout).toContain("\u001b[31m- $.tags[0]: 1\u001b[39m\n");
  const { stdout } = brine(["diff", "--json", before, after]);
  const { equal, rows, omitted } = JSON.parse(stdout) as Difference;
  expect([equal, omitted, rows.map(({ kind, path }) => `${kind} ${path}`)]).toEqual([
    false,
    0,
    ["changed $.name", "removed $.tags[0]"],
  ]);
  expect(brine(["diff", "--limit", "1", before, after]).stdout).toBe(
    "~ $.name: 'Ada' → 'Eva'\n… 1 more: --limit shows them\n",
  );
});

test("files of several pickles are compared as lists", () => {
  const log = join(examples, "log.pkl");
  expect(brine(["diff", log, log]).status).toBe(0);
  expect(brine(["diff", log, before]).stdout).toContain(
    "- $[1]: {'level': 'warning', 'message': 'disk at 91 %'}\n",
  );
});

test("sharing and encoding", () => {
  const shared = ["x"];
  const one = file("shared.pkl", dumps([shared, shared]));
  const two = file("apart.pkl", dumps([["x"], ["x"]]));
  expect(brine(["diff", one, two]).status).toBe(0);
  expect(brine(["diff", "--sharing", one, two]).stdout).toBe(
    "& $[1]: the same object as $[0] → an object of its own\n",
  );
  const old = file("old.pkl", "U\x02\xc3\xa9.");
  expect(brine(["diff", "--encoding", "utf-8", old, file("new.pkl", dumps("é"))]).status).toBe(0);
});
