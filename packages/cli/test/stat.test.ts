import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { dumps } from "brine";
import { stat } from "brine/tools";
import { expect, test } from "vitest";
import { widthOf } from "../src/width.ts";
import { brine, examples, file, folder } from "./command.ts";

const orders = join(examples, "orders.pkl");
const users = Array.from({ length: 50 }, (_, id) => ({ id, name: `user ${id}`, "a <b> & \u001b[2J": [id] }));
const many = file("many.pkl", dumps({ users, text: "x".repeat(5000) }));

test("stat tells the size, the paths, the types, what is repeated and what could be saved", () => {
  const { status, stdout, stderr } = brine(["stat", many]);
  expect([status, stderr]).toEqual([0, ""]);
  const size = readFileSync(many).length;
  expect(stdout).toContain(`${size.toLocaleString("en-US")} bytes, 1 pickle, `);
  expect(stdout).toMatch(/^\$\.text +█+ +5,0\d\d +\d\d\.\d % +1 {2}str$/m);
  expect(stdout).toMatch(/^\$\.users\[\*\]\.name /m);
  expect(stdout).toMatch(/^list .* 51$/m);
  expect(stdout).toMatch(/^memo: .* never read/m);
  expect(stdout).toMatch(/^could be: [\d,]+ bytes with optimize, \d+\.\d % less$/m);
  expect(stdout).not.toContain("\u001b");
});

test.each(["path", "type", "opcode"])("the rows of --by %s add up to the size", (by) => {
  const rows = (top: string): number[] =>
    brine(["stat", "--by", by, "--top", top, orders])
      .stdout.trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => Number(/ ([\d,]+) +<?\d+\.\d %/.exec(line)?.[1]?.replaceAll(",", "")));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  expect(rows("3")).toHaveLength(4);
  expect(sum(rows("3"))).toBe(readFileSync(orders).length);
  expect(sum(rows("1000"))).toBe(readFileSync(orders).length);
});

test("it fits the width, and colours leave it as it is", () => {
  for (const width of [80, 100, 160]) {
    const plain = brine(["stat", "--width", `${width}`, orders]).stdout;
    for (const line of plain.split("\n").filter((each) => each.includes("%") && !/^\w+( \w+)?:/.test(each))) {
      expect(widthOf(line)).toBeLessThanOrEqual(width);
    }
    const coloured = brine(["stat", "--color", "--width", `${width}`, orders]).stdout;
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  }
});

test("--json is what the library gives, a line for each file", () => {
  const lines = brine(["stat", "--json", orders, many]).stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(2);
  for (const [index, path] of [orders, many].entries()) {
    const { paths, opcodes, types, memo, bytes } = stat(readFileSync(path));
    expect(JSON.parse(lines[index] ?? "")).toMatchObject({
      file: path,
      ...(JSON.parse(JSON.stringify({ paths, opcodes, types, memo, bytes })) as object),
      error: null,
    });
  }
});

test("what cannot be read is told, with the rest", () => {
  const torn = file(
    "torn.pkl",
    Buffer.concat([Buffer.from(dumps([1, 2])), Buffer.from("\x80\x04\xff", "latin1")]),
  );
  const { status, stdout, stderr } = brine(["stat", torn]);
  expect(status).toBe(1);
  expect(stdout).toContain("1 pickle, ");
  expect(stdout).toContain("(unread)");
  expect(stderr).toContain("invalid load key, '\\xff'");
  const text = brine(["stat", file("text.json", '{"a": 1}')]);
  expect(text).toMatchObject({ status: 1, stdout: "" });
  expect(text.stderr).toContain("It looks like JSON");
  expect(brine(["stat", file("line-end.pkl", "N.\n")]).stderr).toBe("");
  expect(brine(["stat", "--svg", "a.svg", orders, many])).toMatchObject({ status: 2 });
  expect(brine(["stat", "--svg", join(folder, "no/where"), orders]).stderr).toContain(
    "cannot be written: ENOENT",
  );
});

test("--svg is XML whose tiles lie within each other's frame, and whose text within its tile", () => {
  const path = join(folder, "map.svg");
  expect(brine(["stat", "--svg", path, many])).toEqual({ status: 0, stdout: "", stderr: "" });
  const svg = readFileSync(path, "utf8");
  expect(svg).not.toMatch(/<b>|<script|href|url\(/);
  expect(svg).not.toContain("\u001b");
  const tiles = [
    ...svg.matchAll(/<rect class="\w+" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"\/>(.*?)<\/g>/gs),
  ];
  expect(tiles.length).toBeGreaterThan(5);
  for (const [, x, , width, , texts] of tiles) {
    for (const [, left, text] of (texts ?? "").matchAll(/<text x="(\d+)"[^>]*>(.*?)<\/text>/gs)) {
      const shown = (text ?? "").replaceAll(/&\w+;/g, "&");
      expect(Number(left) + widthOf(shown) * 12 * 0.62).toBeLessThanOrEqual(Number(x) + Number(width));
    }
  }
  // Five thousand of the bytes are one text, and so is that share of the area.
  const [, , , width, height] = tiles.find(([tile]) => tile.includes(">.text<")) ?? [];
  const share = (Number(width) * Number(height)) / (1264 * 720);
  expect(Math.abs(share - 5000 / readFileSync(many).length)).toBeLessThan(0.08);
});

test("--html is one page that needs nothing else, and in which nothing of the data is markup", () => {
  const path = join(folder, "map.html");
  const hostile = file("hostile.pkl", dumps({ "</script><img src=x>": "x".repeat(100), b: [1, 2, 3] }));
  expect(brine(["stat", "--html", path, hostile])).toEqual({ status: 0, stdout: "", stderr: "" });
  const page = readFileSync(path, "utf8");
  expect(page).not.toMatch(/<img|<link|src=["h]|https?:/);
  const [, json = ""] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? [];
  expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(stat(readFileSync(hostile)).tree)));
});
