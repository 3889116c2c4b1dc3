// Holds the layers of packages/brine/src: imports go one way, the core stays free of its surroundings.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { filesUnder, root } from "./project.mjs";

/**
 * The layers from the bottom up. A file may import from its own layer and from the layers above its row in this list;
 * layers in one row are siblings and do not know each other. A file belongs to the first layer that matches its path.
 */
const rows = [
  [/^(errors|globals\.d)\.ts$/],
  [/^bytes\//],
  [/^syntax\//],
  // Names across Pythons: a table.
  [/^types\/import-maps/],
  // What only looks at pickles knows nothing of values, and they nothing of it; compression knows nothing of either.
  [/^values\//, /^tools\//, /^compression\//],
  // What the two machines need of the types: where they are kept, the builtin `complex`.
  [/^types\/(registry|complex)/],
  [/^unpickler\//, /^pickler\//],
  [/^types\//],
  [/^schema\//],
  [/^stream\//],
  // The only ones that know Node.
  [/^node\//],
  [/^[a-z0-9-]+\.ts$/], // the entries
];

/** Who may import Node's modules. */
const nodeOnly = /^node[./]/;

/** The packages that are built into the library, each with the one file that may import it. */
const builtIn = new Map([["pako", "compression/inflate.ts"]]);

const forbidden = [
  [/\beval\s*\(/, "eval"],
  [/\bnew\s+Function\b|(?<![.\w])Function\s*\(/, "new Function"],
  [/\bimport\s*\(/, "dynamic import"],
];

/** @returns {{ row: number, layer: RegExp } | undefined} */
function place(path) {
  for (const [row, layers] of rows.entries()) {
    for (const layer of layers) if (layer.test(path)) return { row, layer };
  }
  return undefined;
}

function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<=^|[\s;{}(),])\/\/.*$/gm, "");
}

function importsOf(text) {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/**
 * What is wrong with the given sources, in words; empty if nothing is.
 *
 * @param {Map<string, string>} sources text by path, relative to `src`
 */
export function violations(sources) {
  const found = [];
  for (const [path, text] of sources) {
    const own = place(path);
    if (!own) found.push(`${path}: belongs to no layer; name one in scripts/layers.mjs`);
    for (const specifier of importsOf(text)) {
      if (specifier.startsWith("node:") && nodeOnly.test(path)) continue;
      if (builtIn.get(specifier) === path) continue;
      if (!/^\.{1,2}\/.*\.ts$/.test(specifier)) {
        found.push(
          `${path}: imports "${specifier}"; the library has no dependency and no runtime of its own`,
        );
        continue;
      }
      const target = join(dirname(path), specifier);
      const other = place(target);
      if (!sources.has(target)) found.push(`${path}: imports ${target}, which is not there`);
      else if (own && other && own.layer !== other.layer && own.row <= other.row) {
        found.push(`${path}: imports ${target}, which is not below it`);
      }
    }
    const code = withoutComments(text);
    for (const [pattern, name] of forbidden) {
      if (pattern.test(code)) found.push(`${path}: uses ${name}`);
    }
  }
  const index = withoutComments(sources.get("index.ts") ?? "");
  if (!/^(\s*export\s+(type\s+)?(\*|\{[^}]*\})\s*from\s*"[^"]+";)+\s*$/.test(index)) {
    found.push("index.ts: does more than re-export");
  }
  return found;
}

/** The same for the library's manifest. */
export function manifestViolations(manifest) {
  return ["dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies"]
    .filter((field) => Object.keys(manifest[field] ?? {}).length > 0)
    .map((field) => `package.json: has ${field}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = "packages/brine/src";
  const sources = new Map(
    filesUnder(folder).map((path) => [path.slice(folder.length + 1), readFileSync(join(root, path), "utf8")]),
  );
  const manifest = JSON.parse(readFileSync(join(root, "packages/brine/package.json"), "utf8"));
  const found = [...violations(sources), ...manifestViolations(manifest)];
  for (const line of found) console.log(line);
  console.log(`${sources.size} files, ${found.length} violations`);
  process.exitCode = found.length > 0 ? 1 : 0;
}
