// node scripts/conformance/canonical.mjs PATH…: every pickle of the files at or under the paths, and every vector of the
// *.jsonl.gz among them, in canonical form: whether CPython 3.13 loads an equal value, whether the canonical form of that
// is itself, and whether the optimized and the compact pickle, and the form that keeps the sharing, have the same. Nothing that a pickle names is called. The last
// line is "N passed, M failed".
import { canonical, compact, optimize, UnpicklingError } from "../../packages/brine/dist/tools.js";
import { casesAt, startCount, startJudge, told } from "./judged-pickles.mjs";

const paths = process.argv.slice(2);
if (paths.length === 0) {
  console.error("usage: node scripts/conformance/canonical.mjs PATH…");
  process.exit(2);
}
const counts = { pickles: 0, "value-equal": 0, "not loadable": 0, refused: 0, "no pickle": 0 };
const reasons = new Map();
const { count, check } = startCount();
const judge = startJudge();
const sameBytes = (a, b) => Buffer.compare(a, b) === 0;

function attempt(work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UnpicklingError)) throw error;
    return error;
  }
}

for (const path of paths) {
  for (const { name, bytes, options } of casesAt(path)) {
    for (let start = 0; start < bytes.length;) {
      const small = attempt(() => compact(bytes, { start }));
      if (small instanceof Error) {
        if (start === 0) counts["no pickle"]++;
        break;
      }
      counts.pickles++;
      const at = `${name} at ${start}`;
      const own = bytes.subarray(start, small.end);
      start = small.end;
      const form = attempt(() => canonical(own));
      if (form instanceof Error) {
        counts.refused++;
        reasons.set(form.words, (reasons.get(form.words) ?? 0) + 1);
        continue;
      }
      const { same, why, skip } = await judge.compare(own, form, {
        ...options,
        canonical: true,
        sharing: false,
      });
      const shared = attempt(() => canonical(own, { sharing: true }));
      if (!(shared instanceof Error)) {
        const likeness = await judge.compare(own, shared, { ...options, canonical: true });
        check(likeness.skip !== undefined || likeness.same, `${at}, shared: ${likeness.why}`);
        check(sameBytes(canonical(shared), form), `${at}: another form of what keeps its sharing`);
      }
      if (skip !== undefined) counts["not loadable"]++;
      else {
        check(same, `${at}: ${why}`);
        if (same) counts["value-equal"]++;
      }
      check(sameBytes(canonical(form), form), `${at}: another canonical form of the canonical form`);
      check(sameBytes(canonical(small.data), form), `${at}: another form of what is compact`);
      const raised = compact(own, { protocol: 5 }).data;
      check(sameBytes(canonical(raised), form), `${at}: another form of what is raised and compact`);
      const optimized = attempt(() => optimize(own));
      if (!(optimized instanceof Error))
        check(sameBytes(canonical(optimized), form), `${at}: another form of what is optimized`);
    }
  }
}
await judge.close();
console.log(told(counts));
for (const [words, number] of reasons) console.log(`  ${number} ${words}`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed > 0 ? 1 : 0;
