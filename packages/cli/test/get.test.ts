import { join } from "node:path";
import { dumps, PyDict, Tuple } from "brine/core";
import { expect, test } from "vitest";
import { parsePath } from "../src/value-path.ts";
import { brine, examples, file } from "./command.ts";

const orders = join(examples, "orders.pkl");

test.each([
  ["$.version[0]", "2\n"],
  ["version[-1]", "1\n"],
  ['$["stock"]["sea salt"]', "8589934592\n"],
  ["['stock']['dill']", "40\n"],
  ["orders[0].customer.email", "'ada@example.org'\n"],
  ["exported", "datetime.date(2026, 3, 16)\n"],
  ["orders[ 1 ].customer.name", "'Ada Løvdal 🥒'\n"],
])("get %s", (path, shown) => {
  expect(brine(["get", orders, path])).toEqual({ status: 0, stdout: shown, stderr: "" });
});

test("keys that are numbers, and the whole", () => {
  const value = new PyDict<unknown, unknown>([
    [3n, Tuple.of("a", "b")],
    ["3", null],
  ]);
  const path = file("keys.pkl", dumps(value, { exact: true }));
  expect(brine(["get", path, "[3][1]"]).stdout).toBe("'b'\n");
  expect(brine(["get", path, '["3"]']).stdout).toBe("None\n");
  expect(brine(["get", "--json", path, "$"]).stdout).toBe('{"$dict":[[3,["a","b"]],["3",null]]}\n');
});

test("each pickle of a file, and those from an offset", () => {
  const path = join(examples, "log.pkl");
  expect(brine(["get", path, "level"]).stdout).toBe("'info'\n'warning'\n'info'\n");
  expect(brine(["get", "--from", "51", path, "level"]).stdout).toBe("'warning'\n'info'\n");
});

test("says how far a path led, and what is wrong with one", () => {
  expect(brine(["get", orders, "$.orders[0].nobody.name"])).toEqual({
    status: 1,
    stdout: "",
    stderr: `brine: ${orders}: there is no $.orders[0].nobody\n`,
  });
  expect(brine(["get", orders, "orders[2]"]).stderr).toContain("there is no $.orders[2]");
  expect(brine(["get", orders, "orders[0"])).toMatchObject({ status: 2, stdout: "" });
  expect(brine(["get", orders, "orders[0"]).stderr).toContain("is wrong at character 7");
  // Nothing of JavaScript is found by its name.
  for (const name of ["constructor", "__proto__", "length", "size"]) {
    expect(brine(["get", orders, `orders.${name}`]).stderr).toContain(`there is no $.orders.${name}`);
    expect(brine(["get", orders, name]).stderr).toContain(`there is no $.${name}`);
  }
});

test("paths are read as they are written", () => {
  expect(parsePath("$")).toEqual([]);
  expect(parsePath("")).toEqual([]);
  expect(parsePath("$.a.b[0]")).toEqual(["a", "b", 0n]);
  expect(parsePath("$x")).toEqual(["$x"]);
  expect(parsePath("['it\\'s'][\"\\u00e9\"]")).toEqual(["it's", "é"]);
  expect(parsePath("['say \"x\"']")).toEqual(['say "x"']);
  for (const wrong of ["a..b", "[1", "[a]", ".", "a b", "[1]a", '["x'])
    expect(() => parsePath(wrong)).toThrow(/is wrong|that is none/);
});
