// What every script of the repository needs. Node's own modules only: it runs before anything is installed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const packages = ["packages/brine", "packages/cli"];

/** Where scripts keep what they made; it goes with node_modules. */
export const cache = join(root, "node_modules/.cache/brine");

/**
 * Runs a command, with the binaries of the root's packages on its path.
 *
 * @param {string[]} command
 * @param {{ cwd?: string, quiet?: boolean, input?: "inherit" | "ignore", stdin?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<{ code: number, output: string }>} `output` holds both streams, and is empty unless `quiet`
 */
export function run([file, ...args], { cwd = root, quiet = false, input = "ignore", stdin, env = {} } = {}) {
  const path = `${join(root, "node_modules/.bin")}:${process.env.PATH}`;
  const stdio = quiet ? "pipe" : "inherit";
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd,
      stdio: [stdin === undefined ? input : "pipe", stdio, stdio],
      env: { ...process.env, PATH: path, ...env },
    });
    child.stdin?.end(stdin);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on("close", (code, signal) =>
      resolve({ code: code ?? 1, output: signal ? `${output}ended by ${signal}\n` : output }),
    );
  });
}

/** Like {@link run}, but a failure ends this process, after saying what failed. */
export async function mustRun(command, options) {
  const { code, output } = await run(command, options);
  if (code === 0) return output;
  process.stderr.write(`${output}failed (${code}): ${command.join(" ")}\n`);
  process.exit(1);
}

/** All files at or under the given paths (relative to the root), but for those that a build or install makes. */
export function filesUnder(...paths) {
  return paths.flatMap((path) => {
    const absolute = join(root, path);
    if (!existsSync(absolute)) return [];
    if (!statSync(absolute).isDirectory()) return [path];
    return readdirSync(absolute)
      .filter((name) => name !== "node_modules" && name !== "dist")
      .sort()
      .flatMap((name) => filesUnder(join(path, name)));
  });
}

function fingerprint(paths) {
  const hash = createHash("sha256").update(process.version);
  for (const path of filesUnder(...paths))
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(root, path)));
  return hash.digest("hex");
}

/**
 * Does `work` unless it was done for the same inputs before.
 *
 * @param {string} stamp file that remembers the inputs' fingerprint
 * @param {{ inputs: string[], outputs: string[], work: () => Promise<unknown> }} step paths are relative to the root
 */
export async function whenChanged(stamp, { inputs, outputs, work }) {
  const current = fingerprint(inputs);
  const done = existsSync(stamp) && readFileSync(stamp, "utf8") === current;
  if (done && outputs.every((path) => existsSync(join(root, path)))) return;
  rmSync(stamp, { force: true });
  await work();
  mkdirSync(join(stamp, ".."), { recursive: true });
  writeFileSync(stamp, current);
}

/** Installs what a folder's lock file names, if it is not there yet. */
export async function install(folder = ".") {
  const modules = join(folder, "node_modules");
  const manifests = folder === "." ? packages.map((name) => join(name, "package.json")) : [];
  await whenChanged(join(root, modules, ".brine-installed"), {
    inputs: [join(folder, "package.json"), join(folder, "package-lock.json"), ...manifests],
    outputs: [modules],
    work() {
      console.log(`installing packages${folder === "." ? "" : ` of ${folder}`} …`);
      // Not `npm ci`, which refuses a lock file without the native packages of platforms that its writer could not see.
      return mustRun(["npm", "install", "--no-save", "--loglevel=error"], {
        cwd: join(root, folder),
        quiet: true,
      });
    },
  });
}

/** Builds the packages that changed since they were built. */
export async function build() {
  await install();
  for (const folder of packages) {
    await whenChanged(join(cache, `built-${folder.replace("/", "-")}`), {
      inputs: [
        ...["src", "package.json", "tsconfig.json", "rolldown.config.mjs"].map((name) => join(folder, name)),
        "scripts/entries.mjs",
        "tsconfig.base.json",
        "package-lock.json",
        "README.md",
        "LICENSE",
      ],
      outputs: [join(folder, "dist")],
      async work() {
        console.log(`building ${folder} …`);
        await mustRun(["rolldown", "--config", "rolldown.config.mjs"], {
          cwd: join(root, folder),
          quiet: true,
        });
        // npm packs them with every package; the ones at the root are the only ones kept in git.
        for (const name of ["README.md", "LICENSE"]) {
          writeFileSync(join(root, folder, name), readFileSync(join(root, name)));
        }
      },
    });
  }
}

/** Packs a package as it would be published. Returns the path of the tarball. */
export async function pack(folder) {
  const destination = join(cache, "packed", folder);
  rmSync(destination, { recursive: true, force: true });
  mkdirSync(destination, { recursive: true });
  await mustRun(["npm", "pack", "--loglevel=error", "--ignore-scripts", "--pack-destination", destination], {
    cwd: join(root, folder),
    quiet: true,
  });
  return join(destination, readdirSync(destination)[0]);
}
