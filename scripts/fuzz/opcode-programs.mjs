// node scripts/fuzz/opcode-programs.mjs [--count 20000] [--seed 1] [--show 10]: random programs of opcodes, each loaded
// exact, plain and in pieces and judged by CPython 3.13. What differs is made small and shown. The last line is
// "N passed, M failed". It runs the sources, so that no build is needed.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadSupport, support } from "./bundle.mjs";

const { values: flags } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    show: { type: "string", default: "10" },
  },
});
const [count, seed, show] = [flags.count, flags.seed, flags.show].map(Number);

const { checkProgram, hexOf, OpCursor, Oracle, Random, randomProgram } = await loadSupport();

const oracles = Array.from({ length: availableParallelism() }, () => new Oracle(join(support, "oracle.py")));
const counts = new Map();
let passed = 0;
let failed = 0;

function segments(bytes) {
  const cursor = new OpCursor(bytes);
  const parts = [];
  try {
    while (cursor.next()) parts.push(bytes.slice(cursor.position, cursor.end));
  } catch {
    parts.push(bytes.slice(cursor.position));
  }
  return parts;
}

async function isWrong(given, checkSeed) {
  const [verdict] = await oracles[0].judge([given]);
  return checkProgram(given, verdict, new Random(checkSeed)).wrong;
}

/** Leaves out opcodes as long as something stays wrong. */
async function shrink(given, checkSeed) {
  let best = given;
  for (let size = segments(best.bytes).length >> 1; size >= 1; size >>= 1) {
    for (let again = true; again;) {
      again = false;
      for (let at = 0; ; at++) {
        const parts = segments(best.bytes);
        if (at >= parts.length) break;
        const bytes = new Uint8Array(Buffer.concat(parts.toSpliced(at, size)));
        if (
          bytes.length < best.bytes.length &&
          (await isWrong({ ...best, bytes }, checkSeed)) !== undefined
        ) {
          best = { ...best, bytes };
          again = true;
          at--;
        }
      }
    }
  }
  return best;
}

async function work(oracle, next) {
  for (let first = next(); first !== undefined; first = next()) {
    const programs = [];
    for (let i = first; i < Math.min(first + 500, count); i++) {
      programs.push(randomProgram(new Random(seed * 1_000_003 + i)));
    }
    const verdicts = await oracle.judge(programs);
    for (const [i, given] of programs.entries()) {
      const checkSeed = seed + first + i;
      const { outcome, wrong } = checkProgram(given, verdicts[i], new Random(checkSeed));
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      if (wrong === undefined) passed++;
      else if (failed++ < show) {
        const small = await shrink(given, checkSeed);
        const { bytes, buffers, ...rest } = small;
        const options = JSON.stringify({ ...rest, buffers: buffers?.map(hexOf) });
        console.log(
          `FAIL ${hexOf(bytes)} ${options}\n  ${JSON.stringify(Buffer.from(bytes).toString("latin1"))}\n  ${await isWrong(small, checkSeed)}`,
        );
      }
    }
  }
}

let at = 0;
const next = () => {
  if (at >= count) return undefined;
  at += 500;
  return at - 500;
};
await Promise.all(oracles.map((oracle) => work(oracle, next)));
for (const oracle of oracles) oracle.close();
for (const [outcome, n] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`${String(n).padStart(8)} ${outcome}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
