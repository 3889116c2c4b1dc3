// node scripts/fuzz/refusals.mjs [--count 20000] [--seed 1] [VECTORS_DIR]: random programs of opcodes, half of them spoilt,
// or every vector of a folder (`*.jsonl.gz`, a `hex` in each line): the readers that `verify` says refuse a pickle are
// those of CPython 3.13 that do. What differs is shown. The last line is "N passed, M failed". It runs the sources.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { loadSupport, support } from "./bundle.mjs";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: "string", default: "20000" }, seed: { type: "string", default: "1" } },
});
const [count, seed] = [flags.count, flags.seed].map(Number);
const { compareRefusals, hexOf, judgeRefusals, opcodes, Random, randomProgram } = await loadSupport();

/** A program, every other one with some bytes changed. */
function program(at) {
  const random = new Random(seed * 1_000_003 + at);
  const { bytes } = randomProgram(random);
  if (at % 2 === 0 || bytes.length === 0) return bytes;
  for (let left = 1 + random.below(3); left > 0; left--)
    bytes[random.below(bytes.length)] = random.chance(0.5) ? random.pick(opcodes).code : random.below(256);
  return bytes;
}

function vectors(directory) {
  const files = readdirSync(directory).filter((name) => name.endsWith(".jsonl.gz"));
  return files.flatMap((name) =>
    gunzipSync(readFileSync(join(directory, name)))
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => new Uint8Array(Buffer.from(JSON.parse(line).hex, "hex"))),
  );
}

const cases =
  positionals.length > 0
    ? positionals.flatMap(vectors)
    : Array.from({ length: count }, (_, at) => program(at));
let judged = 0;
let failed = 0;
for (let from = 0; from < cases.length; from += 2000) {
  const part = cases.slice(from, from + 2000);
  const verdicts = judgeRefusals(part, join(support, "verify_judge.py"));
  for (const [i, bytes] of part.entries()) {
    const { isJudged, wrong } = compareRefusals(bytes, verdicts[i]);
    if (isJudged) judged++;
    if (wrong.length === 0) continue;
    if (failed++ < 10) console.log(`FAIL ${hexOf(bytes).slice(0, 1000)}\n  ${wrong.join("\n  ")}`);
  }
}
console.log(`${judged} of ${cases.length} judged in full; the others take all memory, or hang on a class`);
console.log(`${cases.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
