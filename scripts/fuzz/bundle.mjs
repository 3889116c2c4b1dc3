import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { cache, root } from "../project.mjs";

export const support = join(root, "packages/brine/test/support");

/** The tests' support as a module, made of the sources as they are now. */
export async function loadSupport() {
  const file = join(cache, `fuzz-${process.pid}.mjs`);
  mkdirSync(cache, { recursive: true });
  const bundle = await rolldown({ input: join(support, "fuzz.ts"), platform: "node", logLevel: "silent" });
  await bundle.write({ file });
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(file);
  }
}
