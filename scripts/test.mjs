// npm test [NAME…]: every check and every test, or those named here. `check` names all that need no test run.
// Installs and builds what is missing. The last line is "N passed, M failed": each test, each runtime and each check
// counts as one.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, cache, run } from "./project.mjs";

const node = process.execPath;
const vitestReport = join(cache, "vitest.json");

/** @type {{ name: string, command: string[], show?: boolean, isTest?: boolean, count?: (output: string) => number[] }[]} */
const tasks = [
  {
    name: "vitest",
    command: [
      "vitest",
      "run",
      "--coverage",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${vitestReport}`,
    ],
    show: true,
    isTest: true,
    count() {
      if (!existsSync(vitestReport)) return [0, 1];
      const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(vitestReport, "utf8"));
      return [numPassedTests, numTotalTests - numPassedTests];
    },
  },
  {
    name: "runtimes",
    command: [node, "scripts/runtimes.mjs"],
    show: true,
    isTest: true,
    count: (output) => (/(\d+) passed, (\d+) failed\s*$/.exec(output) ?? [0, 0, 1]).slice(1).map(Number),
  },
  {
    name: "benchmark",
    command: [node, "--test", "--test-reporter=tap", "bench/bench.test.mjs"],
    isTest: true,
    count: (output) =>
      ["pass", "fail"].map((what) => Number(new RegExp(`^# ${what} (\\d+)$`, "m").exec(output)?.[1] ?? 0)),
  },
  { name: "types", command: ["tsc", "-p", "packages/brine"] },
  { name: "types-node", command: ["tsc", "-p", "packages/brine/tsconfig.node.json"] },
  { name: "types-tests", command: ["tsc", "-p", "packages/brine/test"] },
  { name: "types-cli", command: ["tsc", "-p", "packages/cli"] },
  {
    name: "lint",
    command: ["oxlint", "--type-aware", "--deny-warnings", "--report-unused-disable-directives"],
  },
  { name: "format", command: ["oxfmt", "--check"] },
  { name: "layers", command: [node, "scripts/layers.mjs"] },
  { name: "generated", command: [node, "scripts/generate.mjs", "--check"] },
  { name: "size", command: [node, "scripts/size.mjs"], show: true },
  { name: "api", command: [node, "scripts/api.mjs"] },
  { name: "package", command: [node, "scripts/package.mjs"] },
  { name: "unused", command: ["knip"] },
];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => name !== "check" && !tasks.some((task) => task.name === name));
if (unknown.length > 0) {
  console.error(
    `no such check: ${unknown.join(", ")}. There are: check, ${tasks.map((task) => task.name).join(", ")}`,
  );
  process.exit(2);
}
const chosen = tasks.filter(
  ({ name, isTest }) => asked.length === 0 || asked.includes(name) || (asked.includes("check") && !isTest),
);

await build();
rmSync(vitestReport, { force: true });

let passed = 0;
let failed = 0;
const lines = [];

async function perform({ name, command, show, count }) {
  const started = performance.now();
  const { code, output } = await run(command, {
    quiet: true,
    env: { FORCE_COLOR: process.stdout.isTTY ? "1" : "0" },
  });
  const [good, counted] = count?.(output) ?? [code === 0 ? 1 : 0, 0];
  // A runner can fail though each test passed: a coverage threshold, an unhandled rejection, no test at all.
  const bad = counted === 0 && (code !== 0 || good === 0) ? 1 : counted;
  passed += good;
  failed += bad;
  if (show || bad > 0) console.log(`\n=== ${name}\n${output.trim()}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  lines.push(
    `${bad > 0 ? "FAIL" : "ok  "} ${name.padEnd(12)} ${String(good).padStart(6)} passed, ${bad} failed  ${seconds} s`,
  );
}

// Vitest fills both cores by itself, so it goes alone; the rest runs two at a time.
const queue = [...chosen];
if (queue[0]?.name === "vitest") await perform(queue.shift());
await Promise.all(
  [1, 2].map(async () => {
    for (let task = queue.shift(); task; task = queue.shift()) await perform(task);
  }),
);

console.log(`\n${lines.join("\n")}\n\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
