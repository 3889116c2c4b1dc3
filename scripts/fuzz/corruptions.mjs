// node scripts/fuzz/corruptions.mjs VECTORS_DIR [--part 1/2] [--positions 400] [--from 0]: every vector from that line on (`*.jsonl.gz`, a
// `hex` in each line, all files counted through) is cut off at every byte, and every byte changed to some others, in vectors longer than
// `positions` at so many of them. Each is loaded or refused with an UnpicklingError, in a bounded time; and every 20th the same in pieces,
// of those beyond 2 kB fewer, as a byte at a time takes long. The last line is "N passed, M failed".
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { loadSupport } from "./bundle.mjs";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    positions: { type: "string", default: "400" },
    part: { type: "string", default: "1/1" },
    from: { type: "string", default: "0" },
  },
});
const [directory] = positionals;
if (directory === undefined) {
  console.error(
    "usage: node scripts/fuzz/corruptions.mjs VECTORS_DIR [--part 1/2] [--positions 400] [--from 0]",
  );
  process.exit(2);
}
const [part, parts] = flags.part.split("/").map(Number);
const positions = Number(flags.positions);
const first = Number(flags.from);
const {
  corruptions,
  feed,
  hexOf,
  inPieces,
  loadOrRefuse,
  oracleOptions,
  Random,
  sameFailure,
  UnpicklingError,
} = await loadSupport();

// An error's stack is most of what it costs.
Error.stackTraceLimit = 0;
const random = new Random(part);
const slow = 2000;
let passed = 0;
let failed = 0;
function fail(what, bytes, name) {
  if (failed++ < 20) console.log(`FAIL ${name}: ${what}\n  ${hexOf(bytes).slice(0, 2000)}`);
}

function check(bytes, row) {
  const given = { bytes, encoding: row.encoding, errors: row.errors };
  for (const exact of [false, true]) {
    const options = { ...oracleOptions(given), exact, limits: { allocation: 2 ** 28 } };
    let started = performance.now();
    let whole = loadOrRefuse(bytes, options);
    if (performance.now() - started > slow) {
      // A machine that is busy or was stopped is not slow twice.
      started = performance.now();
      whole = loadOrRefuse(bytes, options);
    }
    const took = performance.now() - started;
    if (took > slow) fail(`took ${took.toFixed()} ms`, bytes, row.name);
    else if ("error" in whole && !(whole.error instanceof UnpicklingError))
      fail(`threw ${whole.error}`, bytes, row.name);
    else passed++;
    if (!random.chance(Math.min(0.05, 100 / bytes.length))) continue;
    const fed = feed(options, bytes, inPieces(random, bytes.length));
    const same = "error" in whole ? "error" in fed && sameFailure(whole.error, fed.error) : "value" in fed;
    if (same) passed++;
    else fail(`in pieces: ${fed.error}; whole: ${whole.error}`, bytes, row.name);
  }
}

let line = 0;
for (const file of readdirSync(directory).filter((name) => name.endsWith(".jsonl.gz"))) {
  for (const text of gunzipSync(readFileSync(join(directory, file)))
    .toString("utf8")
    .split("\n")) {
    if (text === "" || line++ % parts !== part - 1 || line <= first) continue;
    const row = JSON.parse(text);
    const original = new Uint8Array(Buffer.from(row.hex, "hex"));
    const share = Math.min(1, positions / original.length);
    for (const bytes of corruptions(
      original,
      [0, 0x2e, 0x28, 0xff],
      () => share === 1 || random.chance(share),
    )) {
      check(bytes, row);
    }
  }
  console.log(`${file}: ${passed} passed, ${failed} failed`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
