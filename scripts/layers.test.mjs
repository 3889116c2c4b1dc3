import { expect, test } from "vitest";
import { manifestViolations, violations } from "./layers.mjs";

const index = [
  "index.ts",
  'export { loads } from "./unpickler/loads.ts";\nexport type * from "./errors.ts";\n',
];
const loads = [
  "unpickler/loads.ts",
  'import { E } from "../errors.ts";\nexport const loads = () => new E();\n',
];
const errors = ["errors.ts", "export class E extends Error {}\n"];
const good = [index, loads, errors];

test("imports downwards and within a layer are fine", () => {
  const more = [
    ["unpickler/state.ts", 'import type { loads } from "./loads.ts";\nexport type T = typeof loads;\n'],
    ["types/time.ts", 'import { loads } from "../unpickler/loads.ts";\nexport { loads };\n'],
  ];
  expect(violations(new Map([...good, ...more]))).toEqual([]);
});

test.each([
  ["upwards", "errors.ts", 'import "./unpickler/loads.ts";', /which is not below it/],
  ["upwards, for a type", "errors.ts", 'import type { loads } from "./unpickler/loads.ts";', /not below/],
  ["upwards, by a re-export", "syntax/a.ts", 'export * from "../unpickler/loads.ts";', /not below/],
  ["sideways", "pickler/dumps.ts", 'import { loads } from "../unpickler/loads.ts";', /not below/],
  ["nowhere", "pickler/dumps.ts", 'import { x } from "./x.ts";', /not there/],
  ["Node", "pickler/dumps.ts", 'import { x } from "node:fs";', /no dependency/],
  ["a package", "pickler/dumps.ts", 'import x from "commander";', /no dependency/],
  ["a package that is built in elsewhere", "pickler/dumps.ts", 'import { x } from "pako";', /no dependency/],
  ["outside src", "pickler/dumps.ts", 'import x from "../../scripts/x.ts";', /not there/],
])("an import that goes %s is found", (_, path, text, message) => {
  expect(violations(new Map([...good, [path, text]]))).toEqual([expect.stringMatching(message)]);
});

test("a package that is built in may be imported where it is", () => {
  const more = [["compression/inflate.ts", 'import { zlibInflate } from "pako";']];
  expect(violations(new Map([...good, ...more]))).toEqual([]);
});

test("brine/node and what is under it may use Node", () => {
  const more = [
    ["node.ts", 'import { x } from "node:fs";'],
    ["node/file.ts", 'import { x } from "node:fs/promises";'],
  ];
  expect(violations(new Map([...good, ...more]))).toEqual([]);
});

test.each([
  ["eval('1')", /uses eval/],
  ["export const f = new Function('1')", /uses new Function/],
  ["export const f = Function('1')", /uses new Function/],
  ["export const f = () => import('../errors.ts')", /dynamic import/],
])("%s is found", (text, message) => {
  expect(violations(new Map([...good, ["bytes/x.ts", text]]))).toEqual([expect.stringMatching(message)]);
});

test("words in comments are not code", () => {
  expect(
    violations(new Map([...good, ["bytes/x.ts", "// no eval()\n/** nor new Function */\nexport {};"]])),
  ).toEqual([]);
});

test("a file of no layer is found", () => {
  expect(violations(new Map([...good, ["misc/x.ts", ""]]))).toEqual([
    expect.stringMatching(/belongs to no layer/),
  ]);
});

test("an index that does more than re-export is found", () => {
  const busy = ["index.ts", `${index[1]}console.log("loaded");\n`];
  expect(violations(new Map([...good, busy]))).toEqual([expect.stringMatching(/more than re-export/)]);
});

test("a runtime dependency is found", () => {
  expect(manifestViolations({ dependencies: { commander: "14.0.3" } })).toHaveLength(1);
  expect(manifestViolations({ dependencies: {}, devDependencies: { vitest: "4" } })).toEqual([]);
});
