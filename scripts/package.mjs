// Looks at the packages as npm would publish them: publint, are-the-types-wrong, and a strict consumer of the types.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatMessage } from "publint/utils";
import { publint } from "publint";
import { entries } from "./entries.mjs";
import { cache, pack, packages, root, run } from "./project.mjs";

let failed = false;

async function attempt(name, command, options) {
  const { code, output } = await run(command, { quiet: true, ...options });
  if (code === 0) return;
  failed = true;
  console.log(`${name}:\n${output}`);
}

for (const folder of packages) {
  const tarball = await pack(folder);
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const bytes = readFileSync(tarball);
  const { messages } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  });
  for (const message of messages) {
    failed = true;
    console.log(`${folder}: publint: ${formatMessage(message, manifest)}`);
  }
  if (folder !== "packages/brine") continue;

  await attempt("attw", ["attw", tarball, "--profile", "esm-only", "--no-color"]);

  // The declarations must stand on ECMAScript alone, in a project with every strictness on.
  const consumer = join(cache, "consumer");
  const installed = join(consumer, "node_modules/brine");
  rmSync(consumer, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  await attempt("tar", ["tar", "-xzf", tarball, "-C", installed, "--strip-components=1"]);

  // A switch over opcodes is fast where the bundler put the number for the name.
  for (const path of readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".js") || path === join("chunks", "pako.js")) continue;
    const named = /\bcase [A-Z][A-Z0-9_]*:/.exec(readFileSync(join(installed, "dist", path), "utf8"));
    if (named === null) continue;
    failed = true;
    console.log(`dist/${path}: \`${named[0]}\` is no number`);
  }

  const subpaths = entries.map((name) => (name === "index" ? "brine" : `brine/${name}`));
  writeFileSync(
    join(consumer, "consumer.ts"),
    subpaths.map((subpath, at) => `import * as entry${at} from "${subpath}";\nvoid entry${at};\n`).join(""),
  );
  writeFileSync(join(consumer, "package.json"), '{ "type": "module" }\n');
  const strict = [
    "--strict",
    "--exactOptionalPropertyTypes",
    "--noUncheckedIndexedAccess",
    "--skipLibCheck",
    "false",
  ];
  for (const resolution of [
    ["--module", "nodenext"],
    ["--module", "esnext", "--moduleResolution", "bundler"],
  ]) {
    const options = ["--noEmit", "--target", "es2023", "--lib", "es2023", ...strict, ...resolution];
    await attempt(`consumer ${resolution.join(" ")}`, ["tsc", ...options, "consumer.ts"], { cwd: consumer });
  }
}
process.exitCode = failed ? 1 : 0;
