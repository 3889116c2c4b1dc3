// node scripts/measure/tools.mjs [--size 4194304] [TOOL…]: by how much the process grows while a tool of brine/tools works, for a
// byte of input, and how long that takes, for the pickles that take most and for ordinary ones. Each stands in a process of
// its own. It measures the built library.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { dumps } from "../../packages/brine/dist/core.js";
import * as tools from "../../packages/brine/dist/tools.js";

const { values: flags, positionals } = parseArgs({
  options: { size: { type: "string", default: "4194304" }, one: { type: "boolean" } },
  allowPositionals: true,
});
const size = Number(flags.size);

function repeated(unit, after = "") {
  const one = Buffer.from(unit, "latin1");
  return Buffer.concat([Buffer.alloc(size - (size % one.length), one), Buffer.from(`${after}.`, "latin1")]);
}

const kinds = {
  rows: () =>
    dumps(
      Array.from({ length: size / 60 }, (_, i) => ({
        id: i,
        name: `name ${i}`,
        at: [i / 7, null, i % 2 > 0],
      })),
    ),
  EMPTY_LIST: () => repeated("]"),
  "EMPTY_LIST MEMOIZE": () => repeated("]\x94"),
  "NONE, then TUPLE1": () => Buffer.concat([Buffer.from("N"), repeated("\x85")]),
  MARK: () => repeated("("),
  "BINGET missing": () => repeated("h\x05"),
};

const jobs = {
  dis: (data) => {
    for (const _ of tools.disLines(data));
  },
  genops: (data) => {
    for (const _ of tools.genops(data));
  },
  optimize: tools.optimize,
  compact: tools.compact,
  canonical: tools.canonical,
  verify: tools.verify,
  stat: tools.stat,
  diff: (data) => tools.diff(data, data),
};
if (flags.one) {
  const [tool, kind] = positionals;
  const data = kinds[kind]();
  const before = process.memoryUsage().rss;
  const start = performance.now();
  try {
    jobs[tool](data);
  } catch (error) {
    if (!(error instanceof tools.UnpicklingError)) throw error;
  }
  const took = performance.now() - start;
  const peak = process.resourceUsage().maxRSS * 1024;
  const grown = Math.max(0, Math.round((peak - before) / data.length));
  console.log(
    `${tool.padEnd(10)} ${kind.padEnd(20)} ${String(grown).padStart(4)} bytes, ${Math.round((took / data.length) * 1e6)} ns`,
  );
} else {
  for (const tool of positionals.length > 0 ? positionals : Object.keys(jobs)) {
    for (const kind of Object.keys(kinds)) {
      // Each line is longer than the one before.
      if (tool === "dis" && kind === "MARK") continue;
      const args = [fileURLToPath(import.meta.url), "--one", "--size", flags.size, tool, kind];
      process.stdout.write(execFileSync(process.execPath, ["--max-old-space-size=6000", ...args]));
    }
  }
}
