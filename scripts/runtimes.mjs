// Runs test-runtimes/smoke.mjs on the packed library in every runtime it is promised for. None may be missing.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build, install, mustRun, pack, root, run } from "./project.mjs";

const folder = join(root, "test-runtimes");
const work = join(folder, ".work");
const library = join(work, "node_modules/brine");
const bin = (name) => join(folder, "node_modules", name);

await build();
await install("test-runtimes");

// A package without dependencies is installed by unpacking it.
const tarball = await pack("packages/brine");
rmSync(work, { recursive: true, force: true });
mkdirSync(library, { recursive: true });
await mustRun(["tar", "-xzf", tarball, "-C", library, "--strip-components=1"]);
cpSync(join(folder, "smoke.mjs"), join(work, "smoke.mjs"));
writeFileSync(join(work, "package.json"), '{ "type": "module", "dependencies": { "brine": "*" } }\n');
writeFileSync(
  join(work, "main.mjs"),
  'import { result } from "./smoke.mjs";\nconsole.log(JSON.stringify(result));\n',
);

function program(...command) {
  return async () => {
    const version = await run([command[0], "--version"], { quiet: true });
    const { output } = await run([...command, "main.mjs"], { cwd: work, quiet: true });
    const last = output.trim().split("\n").at(-1);
    if (!last.startsWith("{")) throw new Error(output);
    return { version: /\d+\.\d+\.\d+/.exec(version.output)?.[0], ...JSON.parse(last) };
  };
}

async function chromium() {
  const require = createRequire(join(folder, "package.json"));
  const browser = await require("playwright-core").chromium.launch({
    executablePath: process.env.BRINE_CHROMIUM ?? (await require("@sparticuz/chromium").executablePath()),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  try {
    const { exports } = JSON.parse(readFileSync(join(library, "package.json"), "utf8"));
    const imports = Object.entries(exports)
      .filter(([, target]) => typeof target === "object")
      .map(([subpath, target]) => [
        `brine${subpath.slice(1)}`,
        `/node_modules/brine/${target.default.slice(2)}`,
      ]);
    const importMap = JSON.stringify({ imports: Object.fromEntries(imports) });
    const page = await browser.newPage();
    // Nothing listens: each request is answered from the disk here.
    await page.route("http://brine.test/**", async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === "/") {
        const body = `<!doctype html><script type="importmap">${importMap}</script>`;
        return route.fulfill({ contentType: "text/html", body });
      }
      return route.fulfill({
        contentType: "text/javascript",
        body: readFileSync(join(work, pathname), "utf8"),
      });
    });
    await page.goto("http://brine.test/");
    const result = await page.evaluate(async () => (await import("/smoke.mjs")).result);
    return { version: browser.version(), ...result };
  } finally {
    await browser.close();
  }
}

const runtimes = {
  "Node, this one": program(process.execPath),
  "Node 22": program(bin("node22/bin/node")),
  "Node 24": program(bin("node24/bin/node")),
  "Node 26": program(bin("node26/bin/node")),
  // No permission is granted: the library asks for none.
  Deno: program(
    bin("deno/deno"),
    "run",
    "--no-prompt",
    "--allow-read=.",
    "--allow-write=.",
    "--cached-only",
    "--node-modules-dir=manual",
  ),
  Bun: program(bin("bun/bin/bun.exe"), "--no-install"),
  Chromium: chromium,
};

let passed = 0;
let failed = 0;
for (const [name, attempt] of Object.entries(runtimes)) {
  try {
    const { version, ...result } = await attempt();
    if (result.passed === 0 && result.failures.length === 0) throw new Error("no check was run");
    passed += result.passed;
    failed += result.failures.length;
    const verdict = result.failures.length > 0 ? "FAIL" : "ok";
    console.log(`${name.padEnd(16)} ${String(version).padEnd(16)} ${verdict} (${result.passed} checks)`);
    for (const failure of result.failures) console.log(`  ${failure}`);
  } catch (error) {
    failed++;
    console.log(`${name.padEnd(16)} FAIL\n  ${error.message.trim()}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
