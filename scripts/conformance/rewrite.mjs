// node scripts/conformance/rewrite.mjs VECTORS_DIR: every vector that CPython accepts is loaded exact and dumped at its own
// protocol and those above it, and must be for CPython the value that it was, sharing included; and byte for byte what
// CPython 3.13's pickler wrote, but for known-differences.json. The last line is "N passed, M failed".
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { gunzipSync } from "node:zlib";
import { neededProtocol, Persistent } from "./needed-protocol.mjs";
import * as brine from "../../packages/brine/dist/index.js";

const SHOWN = 10;
/** Written by the pickler that brine mirrors. */
const written313 = ["cpython-roundtrip.jsonl.gz", "values-3.13.0.jsonl.gz"];

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  console.error("usage: node scripts/conformance/rewrite.mjs VECTORS_DIR");
  process.exit(2);
}
const oracle = new URL("../../packages/brine/test/support/oracle.py", import.meta.url).pathname;
const pyenv = join(homedir(), ".pyenv/versions/3.13.0/bin/python");
const python = process.env.PYTHON ?? (existsSync(pyenv) ? pyenv : "python3.13");

/** By reason and by the vectors' name without its number: how many of them differ. */
const known = JSON.parse(readFileSync(new URL("known-differences.json", import.meta.url), "utf8"));
const knownNames = new Map();
for (const names of Object.values(known)) {
  for (const [name, expected] of Object.entries(names)) knownNames.set(name, { expected, count: 0 });
}

let rewritten = 0;
let written = 0;
let passed = 0;
let failed = 0;
function fail(what, ...details) {
  failed++;
  if (failed <= SHOWN) console.log([`FAIL ${what}`, ...details].join("\n  "));
}

/** Asks the oracle about each case, in order, one answer at a time; `tell` gives what it answers to `hear`. */
function askOracle(hear) {
  const child = spawn(python, ["-Wignore", oracle], { stdio: ["pipe", "pipe", "inherit"] });
  const done = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`the oracle ended with ${code}`)),
    );
  });
  let line = 0;
  createInterface({ input: child.stdout }).on("line", (text) => hear(line++, JSON.parse(text)));
  return {
    tell: (question) => child.stdin.write(`${JSON.stringify(question)}\n`),
    end: () => {
      child.stdin.end();
      return done;
    },
  };
}

const bare = { exact: true, fixImports: false, types: brine.TypeRegistry.empty };

function load(row) {
  return brine.loads(Buffer.from(row.hex, "hex"), {
    ...bare,
    encoding: row.encoding,
    errors: row.errors,
    persistentLoad: (pid) => new Persistent(pid),
  });
}

function dump(value, protocol) {
  const persistentId = (object) => (object instanceof Persistent ? object.pid : undefined);
  return brine.dumps(value, { ...bare, protocol, persistentId });
}

/** The protocols a pickle may have been written with: PROTO came with protocol 2. */
function writtenProtocols(hex) {
  return hex.startsWith("80") ? [Number.parseInt(hex.slice(2, 4), 16)] : [0, 1];
}

function checkBytes(row, value) {
  const outcomes = writtenProtocols(row.hex).map((protocol) => {
    try {
      return Buffer.from(dump(value, protocol)).toString("hex");
    } catch (error) {
      return error.message;
    }
  });
  const group = knownNames.get(row.name.replace(/#\d+$/, ""));
  if (outcomes.includes(row.hex)) passed++;
  else if (group !== undefined) group.count++;
  else
    fail(
      `${row.name}: other bytes`,
      `want ${row.hex.slice(0, 400)}`,
      ...outcomes.map((out) => `got  ${out.slice(0, 400)}`),
    );
}

/** What the oracle was asked: the vector itself, then what was made of it at each protocol. */
const asked = [];
let original;
const { tell, end } = askOracle((line, verdict) => {
  const { row, protocol, hex } = asked[line];
  asked[line] = undefined;
  const drawn = JSON.stringify(verdict.value);
  if (protocol === undefined) original = drawn;
  if (drawn === undefined)
    fail(`${row.name} at protocol ${protocol}`, hex.slice(0, 300), JSON.stringify(verdict));
  else if (drawn === original) passed += protocol === undefined ? 0 : 1;
  else {
    fail(
      `${row.name} at protocol ${protocol}: another value`,
      `from ${row.hex.slice(0, 300)}`,
      `made ${hex.slice(0, 300)}`,
      `want ${original.slice(0, 300)}`,
      `got  ${drawn.slice(0, 300)}`,
    );
  }
});

for (const file of readdirSync(directory).filter((name) => name.endsWith(".jsonl.gz"))) {
  for (const line of gunzipSync(readFileSync(join(directory, file)))
    .toString("utf8")
    .split("\n")) {
    if (line === "") continue;
    const row = JSON.parse(line);
    if (!row.expect.ok) continue;
    try {
      const value = load(row);
      rewritten++;
      asked.push({ row, hex: row.hex });
      tell({ hex: row.hex, encoding: row.encoding, errors: row.errors });
      const own = Math.max(writtenProtocols(row.hex)[0], neededProtocol(brine, value));
      for (let protocol = own; protocol <= 5; protocol++) {
        const hex = Buffer.from(dump(value, protocol)).toString("hex");
        written++;
        asked.push({ row, protocol, hex });
        tell({ hex });
      }
      if (written313.includes(file)) checkBytes(row, value);
    } catch (error) {
      fail(row.name, row.hex.slice(0, 300), error.stack);
    }
  }
}
await end();

let differing = 0;
for (const [name, { expected, count }] of knownNames) {
  differing += count;
  if (count !== expected)
    fail(`known-differences.json says that ${expected} of ${name} differ, and ${count} do`);
}
console.log(
  `${rewritten} vectors written ${written} times, ${differing} known to differ in bytes\n${passed} passed, ${failed} failed`,
);
process.exitCode = failed > 0 ? 1 : 0;
