// node scripts/conformance/unknown.mjs ORACLE FOLDER: every pickle in the files of a folder is loaded exact, without adapters and
// with those of the standard library, and dumped at its own protocol: it must be for ORACLE (a script that draws what CPython's C
// unpickler makes of a pickle, calling nothing) the tree that it was. Without adapters it must be the same bytes too if a modern C
// pickler wrote it, but for known-unknown.json, by reason and file. The last line is "N passed, M failed".
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as brine from "../../packages/brine/dist/index.js";
import * as types from "../../packages/brine/dist/types.js";
import { genops } from "../../packages/brine/dist/tools.js";
import { Persistent } from "./needed-protocol.mjs";
import { startCount, told } from "./judged-pickles.mjs";

const [oracle, folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node scripts/conformance/unknown.mjs ORACLE FOLDER");
  process.exit(2);
}
const pyenv = join(homedir(), ".pyenv/versions/3.13.0/bin/python");
const python = process.env.PYTHON ?? (existsSync(pyenv) ? pyenv : "python3.13");
const finder = fileURLToPath(new URL("pickles_in.py", import.meta.url));
const found = spawnSync(python, ["-W", "ignore", finder, folder], { encoding: "utf8", maxBuffer: 2 ** 30 });
if (found.status !== 0) throw new Error(found.stderr);

/** JavaScript does not tell two equal texts apart, of which CPython writes the second anew. */
const SHARED = "equal texts are one here";

/** By reason: the names of files, as a regular expression each. */
const known = JSON.parse(readFileSync(new URL("known-unknown.json", import.meta.url), "utf8"));
const differences = { bytes: {}, tree: {} };

const child = spawn(python, ["-W", "ignore", oracle], { stdio: ["pipe", "pipe", "inherit"] });
const waiting = [];
createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()(JSON.parse(line)));
/** The tree of a pickle as text; what the oracle says instead if it gives none. */
async function treeOf(bytes) {
  const answered = new Promise((resolve) => waiting.push(resolve));
  child.stdin.write(`${JSON.stringify({ hex: Buffer.from(bytes).toString("hex"), encoding: "latin1" })}\n`);
  const { value, ...else_ } = await answered;
  return value === undefined ? else_ : JSON.stringify(value);
}

/** What a pickle is written in. */
function look(bytes) {
  const names = new Set();
  let protocol = 0;
  for (const {
    opcode: { name },
    operand,
  } of genops(bytes)) {
    names.add(name);
    if (name === "PROTO") protocol = operand;
  }
  const isBinary = [
    "BININT1",
    "BININT",
    "EMPTY_LIST",
    "EMPTY_DICT",
    "EMPTY_TUPLE",
    "BINPUT",
    "BINUNICODE",
    "BINFLOAT",
  ];
  if (protocol === 0 && isBinary.some((name) => names.has(name))) protocol = 1;
  return { protocol, names };
}

/** The opcodes of a pickle, those that fetch a text or bytes from the memo as what they fetch; without memo and frames. */
function withoutSharing(bytes) {
  const memo = [];
  const ops = [];
  let last;
  for (const { opcode, operand } of genops(bytes)) {
    const { name } = opcode;
    if (name === "MEMOIZE") memo.push(last);
    else if (name.endsWith("PUT")) memo[operand] = last;
    else if (name.endsWith("GET")) {
      last = memo[operand] ?? "object";
      ops.push(last === "object" ? name : last);
    } else if (name !== "FRAME") {
      last = /UNICODE|BYTES/.test(name) ? `${typeof operand} ${operand}` : "object";
      ops.push(last === "object" ? `${name} ${operand}` : last);
    }
  }
  return ops.join("\n");
}

/** The reason for which a difference is known. */
function reasonOf(kind, name) {
  return Object.entries(known[kind]).find(([, patterns]) =>
    patterns.some((pattern) => new RegExp(pattern).test(name)),
  )?.[0];
}

const { count, check } = startCount(400);
const skipped = {};
let same = 0;
for (const line of found.stdout.split("\n")) {
  if (line === "") continue;
  const { name, hex } = JSON.parse(line);
  const bytes = Buffer.from(hex, "hex");
  const before = await treeOf(bytes);
  if (typeof before !== "string") {
    const why = before.exc ?? before.skip;
    skipped[why] = (skipped[why] ?? 0) + 1;
    continue;
  }
  const { protocol, names } = look(bytes);
  for (const { mode, registry } of [
    { mode: "without adapters", registry: brine.TypeRegistry.empty },
    { mode: "standard library", registry: types.stdlib },
  ]) {
    const options = { exact: true, types: registry, fixImports: false };
    let written;
    try {
      const value = brine.loads(bytes, {
        ...options,
        encoding: "latin1",
        persistentLoad: (pid) => new Persistent(pid),
      });
      const persistentId = (object) => (object instanceof Persistent ? object.pid : undefined);
      written = Buffer.from(brine.dumps(value, { ...options, protocol, persistentId }));
    } catch (error) {
      check(false, `${mode}: ${name}: ${error.message}`);
      continue;
    }
    const tree = await treeOf(written);
    const differs = tree !== before;
    const reason = differs ? reasonOf("tree", `${mode}: ${name}`) : undefined;
    if (reason) differences.tree[reason] = (differences.tree[reason] ?? 0) + 1;
    else {
      const at = typeof tree === "string" ? [...tree].findIndex((c, i) => c !== before[i]) : 0;
      check(
        !differs,
        `${mode}: ${name}: another tree\n  ${before.slice(Math.max(0, at - 80), at + 120)}\n  ${typeof tree === "string" ? tree.slice(Math.max(0, at - 80), at + 120) : JSON.stringify(tree)}`,
      );
    }
    if (mode !== "without adapters") continue;
    // Python 2 and the picklers of other languages write STRING opcodes or none of those that CPython's has had since 3.4.
    const isModern =
      protocol >= 3 &&
      names.has(protocol >= 4 ? "MEMOIZE" : "BINPUT") &&
      (protocol < 4 || names.has("FRAME"));
    if (!isModern) continue;
    const isSame = written.equals(bytes);
    const isShared = !isSame && withoutSharing(bytes) === withoutSharing(written);
    const why = isSame ? undefined : isShared ? SHARED : reasonOf("bytes", name);
    if (isSame) same++;
    if (why) differences.bytes[why] = (differences.bytes[why] ?? 0) + 1;
    else {
      const at = written.findIndex((byte, i) => byte !== bytes[i]);
      check(
        isSame,
        `${name}: other bytes at ${at} of ${bytes.length}, protocol ${protocol}: ${bytes
          .subarray(at - 12, at + 16)
          .toString("latin1")
          .replace(/[^ -~]/g, ".")} | ${written
          .subarray(at - 12, at + 16)
          .toString("latin1")
          .replace(/[^ -~]/g, ".")}`,
      );
    }
  }
}
child.stdin.end();
console.log(`refused or given up by the oracle: ${told(skipped) || "none"}`);
console.log(`the same bytes: ${same}; known to differ in bytes: ${told(differences.bytes) || "none"}`);
console.log(`known to differ in the tree: ${told(differences.tree) || "none"}`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed > 0 ? 1 : 0;
