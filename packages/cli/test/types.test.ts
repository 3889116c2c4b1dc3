import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dumps, PyDict, PyGlobal, PyObject, Tuple } from "brine/core";
import { expect, test } from "vitest";
import { brine, examples, file } from "./command.ts";

test("writes declarations of what several pickles and files have in common", () => {
  const a = file("a.pkl", Buffer.concat([dumps({ id: 1, name: "x" }), dumps({ id: "y" })]));
  const b = file("b.pkl", dumps({ id: null, name: "z" }));
  expect(brine(["types", "--root", "Entry", a, b])).toEqual({
    status: 0,
    stdout: "export interface Entry {\n  id: number | string | null;\n  name?: string;\n}\n",
    stderr: "",
  });
});

test("writes schemas, into a file", () => {
  const pickle = file("c.pkl", dumps([{ id: 1 }]));
  const target = file("schema.ts", "");
  expect(brine(["types", "--zod", pickle, "-o", target])).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(readFileSync(target, "utf8")).toBe(
    'import { z } from "zod";\n\n' +
      "export const RootItem = z.object({\n  id: z.int(),\n});\nexport type RootItem = z.infer<typeof RootItem>;\n\n" +
      "export const Root = z.array(RootItem);\nexport type Root = z.infer<typeof Root>;\n",
  );
});

test("of instances, as objects or as their attributes", () => {
  const order = new PyObject(new PyGlobal("shop", "Order"), Tuple.of(), { state: new PyDict([["id", 1n]]) });
  const pickle = dumps(order, { exact: true });
  expect(brine(["types"], { input: pickle }).stdout).toContain(
    "export type Order = InstanceOf<OrderAttributes>;",
  );
  const { stdout } = brine(["types", "--attributes", "-"], { input: pickle });
  expect(stdout).toContain("export interface Order {\n  id: number;\n}");
  expect(stdout).not.toContain("InstanceOf");
});

test("literals are told, unless not wanted", () => {
  const pickle = file(
    "d.pkl",
    dumps(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? "red" : "green"))),
  );
  expect(brine(["types", pickle]).stdout).toBe('export type Root = ("green" | "red")[];\n');
  expect(brine(["types", "--no-literals", pickle]).stdout).toBe("export type Root = string[];\n");
});

test("persistent ids and strings of Python 2 do not stop it", () => {
  const session = brine(["types", join(examples, "python2-session.pkl")]);
  expect(session).toMatchObject({ status: 0 });
  expect(session.stderr).toContain("such strings are taken as latin1, see --encoding");
  expect(session.stdout).toContain("  last_seen: PyDateTime;\n");
  expect(brine(["types"], { input: "(lp0\nP1\na." }).stdout).toBe("export type Root = unknown[];\n");
});

test("a bad file is told, and the others are read", () => {
  const good = file("good.pkl", dumps(5));
  const bad = file("bad.pkl", dumps([1, 2]).subarray(0, -1));
  const { status, stdout, stderr } = brine(["types", bad, good, join(examples, "missing.pkl")]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "export type Root = number;\n" });
  expect(stderr).toMatch(/bad\.pkl: .*\n.*missing\.pkl: no such file/);
  expect(brine(["types", bad])).toMatchObject({ status: 1, stdout: "" });
});

test("a large file is read item by item, and what follows in it too", () => {
  // Each item is a str of its own, so that the file is larger than what is held in memory.
  const text = "x".repeat(100_000);
  const list = Array.from({ length: 680 }, (_, index) => ({ id: index, text: `${text}${index}` }));
  const path = file("large.pkl", Buffer.concat([dumps(list), dumps({ last: true })]));
  expect(brine(["types", path])).toEqual({
    status: 0,
    stdout:
      "export type RootValue = RootItem[] | Root;\n\nexport interface RootItem {\n  id: number;\n  text: string;\n}\n\nexport interface Root {\n  last: boolean;\n}\n",
    stderr: "",
  });
});
