// What a bundle that imports these names from the built library weighs, minified (no comments left in it, as in what an application
// ships) and gzipped, against its budget.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { cache } from "./project.mjs";

// The budget holds what has been reached, so that nothing grows unseen; a goal is what is still to be reached.
const budgets = [
  { from: "brine/core", names: ["loads"], bytes: 19_655, goal: 10_000 },
  { from: "brine/core", names: ["loads", "dumps"], bytes: 35_494, goal: 16_000 },
  { from: "brine", names: ["loads"], bytes: 30_000 },
];

mkdirSync(cache, { recursive: true });
for (const { from, names, bytes, goal } of budgets) {
  const input = join(cache, `size-${from.replace("/", "-")}-${names.join("-")}.mjs`);
  writeFileSync(input, `export { ${names.join(", ")} } from "${from}";\n`);
  const bundle = await rolldown({ input, platform: "browser", logLevel: "silent" });
  const { output } = await bundle.generate({ minify: true, comments: false });
  const code = output.map((chunk) => chunk.code).join("");
  const size = gzipSync(code, { level: 9 }).length;
  const verdict = size <= bytes ? "ok" : "TOO LARGE";
  const toReach = goal === undefined ? "" : `; goal ${goal}`;
  console.log(
    `${from} { ${names.join(", ")} }: ${size} of ${bytes} bytes min+gzip (${code.length} min) ${verdict}${toReach}`,
  );
  if (size > bytes) process.exitCode = 1;
}
