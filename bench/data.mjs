// The workloads on disk, made by Python when they are not there yet.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "../scripts/project.mjs";

const folder = import.meta.dirname;

export const workloadNames = [
  "dicts",
  "records",
  "floats",
  "ints",
  "strings",
  "tree",
  "int-keys",
  "bytes",
  "instances",
  "tuples",
  "text",
  "array",
  "large-ints",
];

/** Measured and shown, but beyond what the targets are about. */
export const uncounted = new Set(["large-ints"]);

export const growing = ["dicts", "records", "strings", "floats"];

function place() {
  // A change of the generator makes everything anew; the data does not depend on the Python that runs it.
  const hash = createHash("sha256");
  for (const name of ["workloads.py", "shapes.py"]) hash.update(readFileSync(join(folder, name)));
  return join(folder, ".cache", hash.digest("hex").slice(0, 16));
}

/**
 * What each workload is, by its name; `file(protocol)` is its pickle.
 *
 * @param {string[]} names
 * @param {string} python
 */
export async function workloads(names, python) {
  const cache = place();
  mkdirSync(cache, { recursive: true });
  const missing = names.filter((name) => !existsSync(join(cache, `${name}.json`)));
  if (missing.length > 0) {
    console.error(`making the data: ${missing.join(", ")} …`);
    await mustRun([python, "-B", join(folder, "workloads.py"), cache, ...missing]);
  }
  return names.map((name) => ({
    ...JSON.parse(readFileSync(join(cache, `${name}.json`), "utf8")),
    intKeys: name === "int-keys",
    file: (protocol) => join(cache, `${name}.p${protocol}.pkl`),
  }));
}
