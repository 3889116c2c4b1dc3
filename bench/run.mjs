// npm run bench: brine against CPython's C pickle, JSON and other formats, in one run. docs/benchmark.md says how.
import { cpSync, mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { cpus, homedir, loadavg } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build, install, root, run } from "../scripts/project.mjs";
import { chart } from "./chart.mjs";
import { bundleCursor, versions } from "./contenders.mjs";
import { growing, workloadNames, workloads } from "./data.mjs";
import { fastestPython } from "./driver.mjs";
import { measureGrowth } from "./growth.mjs";
import { report } from "./report.mjs";
import { measure } from "./rounds.mjs";
import { measureStartUp } from "./startup.mjs";
import { measureStreams } from "./streams.mjs";
import { measureTools } from "./tools.mjs";

const help = `npm run bench -- [options]
  --only NAME     one workload or part, again for more: ${[...workloadNames, "growth", "start-up", "tools", "streams"].join(", ")}
  --rounds N      rounds of each workload (15)
  --quick         few rounds and a short warm-up: shows that all works, and little more
  --json FILE     where the numbers go besides bench/results/
  --self-test     tests of the benchmark's own arithmetic`;

const { values: options } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    "self-test": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (options.help) {
  console.log(help);
  process.exit(0);
}
if (options["self-test"]) {
  const { code } = await run([process.execPath, "--test", join(import.meta.dirname, "bench.test.mjs")]);
  process.exit(code);
}

const only = options.only;
const parts = [...workloadNames, "growth", "start-up", "tools", "streams"];
const unknown = (only ?? []).filter((name) => !parts.includes(name));
const rounds = Number(options.rounds ?? (options.quick ? 3 : 15));
if (unknown.length > 0 || !Number.isSafeInteger(rounds) || rounds < 1) {
  console.error(unknown.length > 0 ? `no such part: ${unknown.join(", ")}\n\n${help}` : help);
  process.exit(2);
}
const wanted = (name) => only === undefined || only.includes(name);
const { warmUp, slice } = options.quick ? { warmUp: 250, slice: 3 } : { warmUp: 1000, slice: 15 };

await build();
await install("bench");

// As it takes the fastest CPython, it takes the newest Node that has long-term support, whatever Node runs this.
const node = process.env.BRINE_BENCH_NODE ?? join(import.meta.dirname, "node_modules/node26/bin/node");
if (realpathSync(node) !== process.execPath) {
  const { code } = await run([node, ...process.argv.slice(1)], { env: { BRINE_BENCH_NODE: node } });
  process.exit(code);
}

const aside = join(import.meta.dirname, ".cache", `library-${process.pid}`);
cpSync(join(root, "packages/brine/dist"), aside, { recursive: true });
process.on("exit", () => rmSync(aside, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));
process.env.BRINE_BENCH_LIBRARY = aside;

// Its data must be there before the Pythons are compared: any of them makes it.
const systemPython = process.env.BRINE_BENCH_PYTHON ?? "python3";
const [probe] = await workloads(["records"], systemPython);
const pythons = await fastestPython({ file: probe.file(5), protocol: 5 });
const python = pythons[0].executable;
const shown = ({ executable, version, compiler, milliseconds }) =>
  `${version} (${executable.replace(homedir(), "~")}, ${compiler}): ${milliseconds.toFixed(1)} ms`;
const about = {
  date: new Date().toISOString().slice(0, 10),
  processor: `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores`,
  "load at the start": loadavg()[0].toFixed(2),
  rounds: `${rounds}${options.quick ? ", quick" : ""}`,
  python: `CPython ${pythons[0].version}, the fastest at hand: ${pythons.map(shown).join("; ")}`,
  ...versions(),
};
for (const [what, value] of Object.entries(about)) console.error(`${what}: ${value}`);

const started = performance.now();
const progress = (text) =>
  console.error(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}`);

const rows = [];
const names = workloadNames.filter(wanted);
for (const direction of ["read", "write"]) {
  for (const workload of await workloads(names, python)) {
    for (const protocol of workload.protocols) {
      const row = await measure(workload, { direction, protocol, python, rounds, warmUp, slice });
      rows.push(row);
      const { brine, cpython } = row.results;
      const outcome = brine?.reason ?? `${(brine.median / cpython.median).toFixed(2)} of CPython's time`;
      progress(`${direction} ${workload.name} p${protocol}: ${outcome}`);
    }
  }
}

const growth = [];
if (wanted("growth")) {
  for (const kind of growing) {
    for (const scale of options.quick ? [1, 10] : [1, 10, 100]) {
      const [workload] = await workloads([`${kind}-x${scale}`], python);
      growth.push(
        ...(await measureGrowth(
          { ...workload, kind, scale },
          { python, rounds: Math.min(rounds, 5), warmUp },
        )),
      );
      progress(`growth ${kind} ×${scale}`);
    }
  }
}

const startUp = wanted("start-up") ? measureStartUp(options.quick ? 5 : 25) : [];

let tools = [];
if (wanted("tools")) {
  await bundleCursor();
  // Its rounds are slow: pickletools takes seconds.
  tools = await measureTools(probe, { python, rounds: Math.min(rounds, 9), warmUp, slice });
  progress(tools.map(({ name, ratio }) => `${name} ${ratio.toFixed(1)} ×`).join(", "));
}

const streams = wanted("streams") ? measureStreams(probe, { rounds, warmUp, slice }) : [];

const result = { about, rows, growth, startUp, tools, streams };
const text = `${report(result)}\n`;
console.log(text);

// Only a full run replaces the published numbers.
const isFull = only === undefined && !options.quick;
const folder = join(import.meta.dirname, "results");
const place = (extension) => join(folder, `${isFull ? "latest" : "partial"}.${extension}`);
mkdirSync(folder, { recursive: true });
const json = `${JSON.stringify(result, null, 2)}\n`;
writeFileSync(place("json"), json);
writeFileSync(place("md"), text);
const { python: _, ...rest } = about;
writeFileSync(
  place("svg"),
  chart({
    ...result,
    about: { ...rest, python: `CPython ${pythons[0].version}`, node: process.versions.node },
  }),
);
if (options.json !== undefined) writeFileSync(resolve(process.env.INIT_CWD ?? root, options.json), json);
if (isFull) await run(["oxfmt", place("json"), place("md")], { quiet: true });
