// node scripts/conformance/compact.mjs [--protocol N] PATH…: every pickle of the files at or under the paths, and every vector
// of the *.jsonl.gz among them, made compact: whether CPython 3.13 loads an equal value, whether it is larger, and what is
// saved against optimize. Nothing that a pickle names is called. The last line is "N passed, M failed".
import { parseArgs } from "node:util";
import { compact, optimize, UnpicklingError } from "../../packages/brine/dist/tools.js";
import { casesAt, startCount, startJudge, told } from "./judged-pickles.mjs";

const { values: flags, positionals: paths } = parseArgs({
  options: { protocol: { type: "string" } },
  allowPositionals: true,
});
if (paths.length === 0) {
  console.error("usage: node scripts/conformance/compact.mjs [--protocol N] PATH…");
  process.exit(2);
}
const protocol = flags.protocol === undefined ? undefined : Number(flags.protocol);

const counts = {
  files: 0,
  pickles: 0,
  "value-equal": 0,
  "not loadable": 0,
  "no pickle": 0,
  "larger than optimize": 0,
};
const sizes = { before: 0, optimized: 0, compact: 0 };
const { count, check } = startCount();
const judge = startJudge();

/** The pickles of a file; what is none ends it. */
function* pickles({ name, bytes }) {
  for (let start = 0; start < bytes.length;) {
    let result;
    try {
      result = compact(bytes, { start, protocol });
    } catch (error) {
      if (!(error instanceof UnpicklingError)) check(false, `${name}: ${error.stack}`);
      if (start === 0) counts["no pickle"]++;
      return;
    }
    yield { name: `${name} at ${start}`, bytes: bytes.subarray(start, result.end), result };
    start = result.end;
  }
}

function optimizedSize(bytes) {
  try {
    return optimize(bytes).length;
  } catch {
    return bytes.length;
  }
}

for (const path of paths) {
  for (const given of casesAt(path)) {
    counts.files++;
    for (const { name, bytes, result } of pickles(given)) {
      counts.pickles++;
      const { same, why, skip } = await judge.compare(bytes, result.data, given.options);
      if (skip !== undefined) counts["not loadable"]++;
      else {
        check(same, `${name}: ${why}`);
        if (same) counts["value-equal"]++;
      }
      check(result.after <= bytes.length && result.after === result.data.length, `${name}: larger`);
      const optimized = optimizedSize(bytes);
      if (result.after > optimized) counts["larger than optimize"]++;
      sizes.before += bytes.length;
      sizes.optimized += optimized;
      sizes.compact += result.after;
    }
  }
}
await judge.close();
console.log(told(counts));
console.log(`bytes ${told(sizes)}, saved against optimize: ${sizes.optimized - sizes.compact}`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed > 0 ? 1 : 0;
