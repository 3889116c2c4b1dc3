// node scripts/conformance/tools.mjs PATH…: every file at or under the paths, and every vector of the *.jsonl.gz and
// pickletools_dis.json among them, as brine/tools and CPython 3.13's pickletools see it: genops, dis, optimize, their
// errors, and the way back from rows and from text. Nothing is unpickled. The last line is "N passed, M failed".
import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import * as tools from "../../packages/brine/dist/tools.js";

const SHOWN = 10;
const judge = fileURLToPath(
  new URL("../../packages/brine/test/support/pickletools_judge.py", import.meta.url),
);
const pyenv = join(homedir(), ".pyenv/versions/3.13.0/bin/python");
const python = process.env.PYTHON ?? (existsSync(pyenv) ? pyenv : "python3.13");

const paths = process.argv.slice(2);
if (paths.length === 0) {
  console.error("usage: node scripts/conformance/tools.mjs PATH…");
  process.exit(2);
}

const counts = {
  cases: 0,
  whole: 0,
  refused: 0,
  lenient: 0,
  "assembled byte for byte": 0,
  "assembled alike": 0,
  "GET without PUT": 0,
  "left out": 0,
};
let passed = 0;
let failed = 0;
function check(right, what, ...details) {
  if (right) passed++;
  else {
    failed++;
    if (failed <= SHOWN) console.log([`FAIL ${what}`, ...details].join("\n  "));
  }
}

const digest = (data) => createHash("sha256").update(data).digest("hex");

function operand({ opcode, operand: value }) {
  if (value === null) return "-";
  if (typeof value === "boolean") return value ? "b1" : "b0";
  if (opcode.operand.startsWith("float")) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return Number.isNaN(value) ? "fnan" : `f${bytes.toString("hex")}`;
  }
  if (typeof value === "string") return `s${Buffer.from(value, "utf16le").swap16().toString("hex")}`;
  if (typeof value === "object")
    return (opcode.operand === "bytearray8" ? "a" : "y") + Buffer.from(value).toString("hex");
  return `i${value.toString(16)}`;
}

function describe(error) {
  if (!(error instanceof tools.UnpicklingError)) throw error;
  return [error.pythonException, error.words];
}

/** Whether the disassembly is so long, by MARKs inside MARKs, that CPython would take gigabytes for it. */
function isEndless(bytes) {
  let length = 0;
  try {
    for (const { depth } of tools.disRows(bytes)) if ((length += depth * 4) > 1e8) return true;
  } catch {
    // Its error is compared later.
  }
  return false;
}

function genops(bytes) {
  const ops = [];
  try {
    for (const op of tools.genops(bytes)) ops.push(op);
    return { ops };
  } catch (error) {
    return { ops, error: describe(error) };
  }
}

function dis(bytes, options) {
  try {
    return { text: tools.dis(bytes, options) };
  } catch (error) {
    return { text: error.text, error: describe(error) };
  }
}

function optimize(bytes) {
  try {
    return { value: digest(tools.optimize(bytes)) };
  } catch (error) {
    return { error: describe(error) };
  }
}

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Where brine reads on: `pickletools` takes only ASCII in STRING, GLOBAL, INST and PERSID, and writes what is more. */
const isLenient = (error) =>
  error?.[0] === "UnicodeDecodeError" && error[1].startsWith("'ascii' codec can't decode");

function compare(name, bytes, options, answer) {
  counts.cases++;
  const { ops, error } = genops(bytes);
  const lenient = isLenient(answer.genops[1]);
  if (lenient) {
    counts.lenient++;
    check(!isLenient(error), `${name}: not lenient`);
  } else {
    const lines = ops.map((op) => `${op.position} ${op.opcode.name} ${operand(op)}`).join("\n");
    check(
      same(error, answer.genops[1]),
      `${name}: genops fails otherwise`,
      `want ${answer.genops[1]}`,
      `got  ${error}`,
    );
    check(digest(lines) === answer.genops[0], `${name}: genops differs`);
    const { text, error: disError } = dis(bytes, options);
    check(
      same(disError, answer.dis[1]),
      `${name}: dis fails otherwise`,
      `want ${answer.dis[1]}`,
      `got  ${disError}`,
    );
    check(digest(text) === answer.dis[0], `${name}: dis differs`, text.slice(-300));
    const best = optimize(bytes);
    // CPython counts on every GET having its PUT in front: without one it fails on None, or writes "GET None".
    if (best.error?.[1].endsWith("has never been stored into")) counts["GET without PUT"]++;
    else {
      check(
        same(best.error, answer.optimize[1]),
        `${name}: optimize fails otherwise`,
        `want ${answer.optimize[1]}`,
        `got  ${best.error}`,
      );
      check(same(best.value, answer.optimize[0]), `${name}: optimize differs`);
    }
  }
  if (error !== undefined) {
    counts.refused++;
    return;
  }
  counts.whole++;
  wayBack(name, bytes.subarray(0, ops.at(-1).end), ops, options);
}

function wayBack(name, bytes, ops, options) {
  check(Buffer.compare(tools.reassemble(ops), bytes) === 0, `${name}: reassemble differs`);
  const { text: lines, error } = dis(bytes, { indentLevel: options.indentLevel });
  if (error !== undefined) return;
  const assembled = tools.assemble(lines);
  const isSame = Buffer.compare(assembled, bytes) === 0;
  counts[isSame ? "assembled byte for byte" : "assembled alike"]++;
  const spelt = (data) =>
    Array.from(tools.disRows(data), (row) => `${row.opcode.name} ${row.operandText}`).join("\n");
  check(spelt(assembled) === spelt(bytes), `${name}: assembled otherwise`);
  // Where an operand is spelt otherwise, the frames that are kept are no longer right.
  if (!isSame || !framesAreUsual(ops)) return;
  const reframed = tools.assemble(lines, { frames: "recompute" });
  check(Buffer.compare(reframed, bytes) === 0, `${name}: frames recomputed otherwise`);
}

/** Whether the frames are as CPython 3.7 and newer writes them: up to the next one, without large content. */
function framesAreUsual(ops) {
  let end = 0;
  let wasLarge = false;
  for (const op of ops) {
    const isFrame = op.opcode.name === "FRAME";
    const isLarge = op.end - op.position > 0x10000;
    if (
      op.position < end
        ? isLarge || isFrame
        : end > 0 && !(isFrame && op.position === end) && !isLarge && !wasLarge
    )
      return false;
    if (isFrame) end = op.end + Number(op.operand);
    wasLarge = isLarge || (wasLarge && !isFrame);
  }
  return end === ops.at(-1).end;
}

function* casesAt(path) {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) yield* casesAt(join(path, name));
  } else if (path.endsWith(".jsonl.gz")) {
    for (const line of gunzipSync(readFileSync(path)).toString("utf8").split("\n")) {
      if (line === "") continue;
      const { name, hex } = JSON.parse(line);
      yield { name, hex };
    }
  } else if (path.endsWith("pickletools_dis.json")) {
    for (const row of JSON.parse(readFileSync(path, "utf8"))) {
      if (row.annotate === 0)
        yield { name: row.source_path, hex: row.hex, indentLevel: row.indentlevel, share: row.shared_memo };
    }
  } else if (!path.endsWith(".json")) yield { name: path, path };
}

const waiting = [];
const child = spawn(python, [judge], { stdio: ["pipe", "pipe", "inherit"] });
const ended = new Promise((resolve) => child.on("close", resolve));
void ended.then((code) => {
  if (waiting.length === 0) return;
  console.error(`the judge ended with ${code} at ${current}`);
  process.exit(1);
});
createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()(JSON.parse(line)));

let memo = new Map();
let current = "";
for (const path of paths) {
  for (const { name, ...given } of casesAt(path)) {
    current = name;
    const bytes = given.path === undefined ? Buffer.from(given.hex, "hex") : readFileSync(given.path);
    if (isEndless(bytes)) {
      counts["left out"]++;
      continue;
    }
    const answered = new Promise((resolve) => waiting.push(resolve));
    child.stdin.write(`${JSON.stringify(given)}\n`);
    const answer = await answered;
    if (!given.share) memo = new Map();
    compare(name, bytes, { indentLevel: given.indentLevel, memo }, answer);
  }
}
child.stdin.end();
await ended;
console.log(
  `${Object.entries(counts)
    .map(([what, count]) => `${what}: ${count}`)
    .join(", ")}\n${passed} passed, ${failed} failed`,
);
process.exitCode = failed > 0 ? 1 : 0;
