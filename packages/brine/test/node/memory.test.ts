import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "brine-memory-"));
afterAll(() => rmSync(folder, { recursive: true }));

const LIST = join(folder, "list.pkl");
const PICKLES = join(folder, "pickles.pkl");
const COUNT = 900_000;
/** What the issue of 2 GB asks for; held as a whole, these files take more, which a test shows. */
const BOUND = 150e6;

// The library as it is built, in processes of their own: what was loaded before would count.
const head = `
import { openSync, writeSync, closeSync } from "node:fs";
import { dumps } from "brine/core";
import { dumpItems, get, items, loadAll } from "brine/node";
const record = (id) => ({ id, name: "record " + id + " of a long list", tags: ["a", "b", "tag " + id % 100], at: { x: id / 7, y: -id } });
`;

const write = `
await dumpItems(${JSON.stringify(LIST)}, (function* () { for (let i = 0; i < ${COUNT}; i++) yield record(i); })());
const file = openSync(${JSON.stringify(PICKLES)}, "w");
for (let i = 0; i < ${COUNT};) {
  const pickles = [];
  for (const end = i + 10_000; i < end; i++) pickles.push(dumps(record(i)));
  writeSync(file, Buffer.concat(pickles));
}
closeSync(file);
`;

/** How many of the values come in order, as all should. */
const counted = (values: string): string => `
let count = 0;
for await (const { id, at } of ${values}) if (id === count && at.y === -id) count++;
return count;
`;

interface Outcome {
  readonly result: unknown;
  readonly peak: number;
}

function run(code: string): Outcome {
  const whole = `${head}
    const result = await (async () => {${code}})();
    console.log(JSON.stringify({ result: result ?? null, peak: process.resourceUsage().maxRSS * 1024 }));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", whole], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    encoding: "utf8",
  });
  return JSON.parse(output) as Outcome;
}

describe("over files larger than what may be held", () => {
  let bare = 0;
  beforeAll(() => {
    run(write);
    bare = run("").peak;
    expect(statSync(LIST).size).toBeGreaterThan(60e6);
    expect(statSync(PICKLES).size).toBeGreaterThan(60e6);
  });

  it.each([
    ["items", counted(`items(${JSON.stringify(LIST)})`), COUNT],
    ["get", `return get(${JSON.stringify(LIST)}, "$[${COUNT - 1}].at.x")`, (COUNT - 1) / 7],
    ["loadAll", counted(`loadAll(${JSON.stringify(PICKLES)})`), COUNT],
  ])("%s takes little memory", (_, code, wanted) => {
    const { result, peak } = run(code);
    expect(result).toBe(wanted);
    expect(peak - bare).toBeLessThan(BOUND);
  });

  it("the bound is below what holding all takes", () => {
    for (const path of [LIST, PICKLES]) {
      const { peak } = run(`
        const held = [];
        for await (const values of loadAll(${JSON.stringify(path)})) held.push(values);
        return held.length;`);
      expect(peak - bare).toBeGreaterThan(BOUND);
    }
  });
});
