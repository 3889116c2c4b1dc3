// What starting costs beyond a bare Node, each in a process of its own.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../scripts/project.mjs";
import { library } from "./contenders.mjs";
import { best, median, orderOf } from "./statistics.mjs";

/** @param {number} rounds */
export function measureStartUp(rounds) {
  const cache = join(import.meta.dirname, ".cache");
  mkdirSync(cache, { recursive: true });
  const script = (name, text) => {
    writeFileSync(join(cache, name), text);
    return join(cache, name);
  };
  const entry = (name) => pathToFileURL(join(library(), name)).href;
  const cases = [
    { name: "bare", title: "bare Node", args: [script("bare.mjs", "export {};\n")] },
    {
      name: "import",
      title: 'import "brine"',
      args: [script("import.mjs", `import ${JSON.stringify(entry("index.js"))};\n`)],
    },
    {
      name: "core",
      title: 'import "brine/core"',
      args: [script("core.mjs", `import ${JSON.stringify(entry("core.js"))};\n`)],
    },
    {
      name: "cli",
      title: "brine --version",
      args: [join(root, "packages/cli/dist/main.js"), "--version"],
    },
  ].map((item) => ({ ...item, times: [] }));
  for (let round = -1; round < rounds; round++) {
    for (const { title, args, times } of orderOf(cases, round + 1)) {
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
      const took = performance.now() - start;
      if (status !== 0) throw new Error(`${title}: ${stderr}`);
      // The first one fills the disk's cache.
      if (round >= 0) times.push(took);
    }
  }
  const bare = cases[0];
  return cases.map(({ name, title, times }) => ({
    name,
    title,
    median: median(times),
    best: best(times),
    beyond: median(times.map((time, index) => time - bare.times[index])),
  }));
}
