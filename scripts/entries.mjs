// The entries of the library. The one list is `exports` in packages/brine/package.json:
// "./core" is built from src/core.ts to dist/core.js and dist/core.d.ts.
import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../packages/brine/package.json", import.meta.url), "utf8"));

/** Names of the entries, such as `["index", "core"]`. */
export const entries = Object.keys(manifest.exports)
  .filter((subpath) => subpath !== "./package.json")
  .map((subpath) => (subpath === "." ? "index" : subpath.slice(2)));
