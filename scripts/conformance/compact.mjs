// node scripts/conformance/compact.mjs [--protocol N] PATH…: every pickle of the files at or under the paths, and every vector
// of the *.jsonl.gz among them, made compact: whether CPython 3.13 loads an equal value, whether it is larger, and what is
// saved against optimize. Nothing that a pickle names is called. The last line is "N passed, M failed".
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { compact, optimize, UnpicklingError } from "../../packages/brine/dist/tools.js";

const SHOWN = 20;
const { values: flags, positionals: paths } = parseArgs({
  options: { protocol: { type: "string" } },
  allowPositionals: true,
});
if (paths.length === 0) {
  console.error("usage: node scripts/conformance/compact.mjs [--protocol N] PATH…");
  process.exit(2);
}
const protocol = flags.protocol === undefined ? undefined : Number(flags.protocol);
const pyenv = join(homedir(), ".pyenv/versions/3.13.0/bin/python");
const python = process.env.PYTHON ?? (existsSync(pyenv) ? pyenv : "python3.13");
const judge = fileURLToPath(new URL("../../packages/brine/test/support/same_values.py", import.meta.url));

const counts = {
  pickles: 0,
  "value-equal": 0,
  "not loadable": 0,
  "no pickle": 0,
  larger: 0,
  "larger than optimize": 0,
};
const sizes = { before: 0, optimized: 0, compact: 0 };
let passed = 0;
let failed = 0;
let milliseconds = 0;
function check(right, what, ...details) {
  if (right) passed++;
  else {
    failed++;
    if (failed <= SHOWN) console.log([`FAIL ${what}`, ...details].join("\n  "));
  }
}

const child = spawn(python, [judge], { stdio: ["pipe", "pipe", "inherit"] });
const waiting = [];
createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()(JSON.parse(line)));
const ended = new Promise((resolve) => child.on("close", resolve));

function* casesAt(path) {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) yield* casesAt(join(path, name));
  } else if (path.endsWith(".jsonl.gz")) {
    for (const line of gunzipSync(readFileSync(path)).toString("utf8").split("\n")) {
      if (line === "") continue;
      const { name, hex, ...options } = JSON.parse(line);
      yield { name, bytes: Buffer.from(hex, "hex"), options };
    }
  } else if (!path.endsWith(".json")) yield { name: path, bytes: readFileSync(path), options: {} };
}

/** Each pickle of a file; what is none ends it. */
function* picklesOf({ name, bytes, options }) {
  for (let start = 0; start < bytes.length;) {
    let result;
    const began = performance.now();
    try {
      result = compact(bytes, { start, protocol });
    } catch (error) {
      if (!(error instanceof UnpicklingError)) check(false, `${name}: ${error.stack}`);
      if (start === 0) counts["no pickle"]++;
      return;
    }
    milliseconds += performance.now() - began;
    yield { name: `${name} at ${start}`, bytes: bytes.subarray(start, result.end), result, options };
    start = result.end;
  }
}

for (const path of paths) {
  for (const given of casesAt(path)) {
    for (const { name, bytes, result, options } of picklesOf(given)) {
      counts.pickles++;
      const answered = new Promise((resolve) => waiting.push(resolve));
      const { encoding, errors, buffers } = options;
      const hex = Buffer.from(result.data).toString("hex");
      child.stdin.write(
        `${JSON.stringify({ a: bytes.toString("hex"), b: hex, encoding, errors, buffers })}\n`,
      );
      const { same, why, skip } = await answered;
      if (skip !== undefined) counts["not loadable"]++;
      else {
        check(same, `${name}: ${why}`);
        if (same) counts["value-equal"]++;
      }
      if (result.after > bytes.length) counts.larger++;
      check(result.after <= bytes.length, `${name}: larger`);
      let optimized = bytes.length;
      try {
        optimized = optimize(bytes).length;
      } catch {
        // As large as it is.
      }
      if (result.after > optimized) {
        counts["larger than optimize"]++;
        if (process.env.SHOW_LARGER) console.log(`${name}: ${bytes.length} ${optimized} ${result.after}`);
      }
      sizes.before += bytes.length;
      sizes.optimized += optimized;
      sizes.compact += result.after;
    }
  }
}
child.stdin.end();
await ended;
const told = (record) =>
  Object.entries(record)
    .map(([what, count]) => `${what}: ${count}`)
    .join(", ");
console.log(told(counts));
console.log(`bytes ${told(sizes)}; saved against optimize: ${sizes.optimized - sizes.compact}`);
console.log(`${Math.round(milliseconds)} ms`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
