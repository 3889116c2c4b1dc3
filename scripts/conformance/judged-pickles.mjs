// Pickles from files, and CPython 3.13 to say whether two of them load to equal values.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const pyenv = join(homedir(), ".pyenv/versions/3.13.0/bin/python");
const python = process.env.PYTHON ?? (existsSync(pyenv) ? pyenv : "python3.13");
const script = fileURLToPath(new URL("../../packages/brine/test/support/same_values.py", import.meta.url));

/** Every file at or under a path, and every vector of the *.jsonl.gz among them: { name, bytes, options }. */
export function* casesAt(path) {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) yield* casesAt(join(path, name));
  } else if (path.endsWith(".jsonl.gz")) {
    for (const line of gunzipSync(readFileSync(path)).toString("utf8").split("\n")) {
      if (line === "") continue;
      const { name, hex, encoding, errors, buffers } = JSON.parse(line);
      yield { name, bytes: Buffer.from(hex, "hex"), options: { encoding, errors, buffers } };
    }
  } else if (!path.endsWith(".json")) yield { name: path, bytes: readFileSync(path), options: {} };
}

/** Starts CPython: `compare(a, b, options)` gives { same, why } or { skip }, as same_values.py says. */
export function startJudge() {
  const child = spawn(python, ["-W", "ignore", script], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = [];
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()(JSON.parse(line)));
  const ended = new Promise((resolve) => child.on("close", resolve));
  const hex = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
  return {
    compare(a, b, options) {
      const answered = new Promise((resolve) => waiting.push(resolve));
      child.stdin.write(`${JSON.stringify({ a: hex(a), b: hex(b), ...options })}\n`);
      return answered;
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Counts what is right, and shows the first of what is not. */
export function startCount(shown = 20) {
  const count = { passed: 0, failed: 0 };
  return {
    count,
    check: (right, what) => {
      if (right) count.passed++;
      else if (++count.failed <= shown) console.log(`FAIL ${what}`);
    },
  };
}

/** "what: how many, …" */
export const told = (record) =>
  Object.entries(record)
    .map(([what, count]) => `${what}: ${count}`)
    .join(", ");
