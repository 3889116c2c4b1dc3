// node scripts/fuzz/items.mjs [--count 20000] [--seed 1] [--show 10]: containers of random programs of opcodes, read by `items` in
// programs as short as can be, as short as they are usually, and from a stream that is read once. What `loads` gives must
// come of each, sharing included, or a refusal with advice; what `loads` refuses must be refused. The last line is
// "N passed, M failed". It runs the sources, so that no build is needed.
import { parseArgs } from "node:util";
import { loadSupport } from "./bundle.mjs";

const { values: flags } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    show: { type: "string", default: "10" },
  },
});
const [count, seed, show] = [flags.count, flags.seed, flags.show].map(Number);

const support = await loadSupport();
const {
  drawExact,
  itemsFrom,
  loads,
  OpCursor,
  oracleOptions,
  PyDict,
  PySet,
  Random,
  randomProgram,
  stdlib,
  UnpicklingError,
} = support;

const puts = new Set([0x70, 0x71, 0x72, 0x94]);
const gets = new Set([0x67, 0x68, 0x6a]);
const left = new Set([0x80, 0x95, 0x2e]);

/** The opcodes of a program without those around it; its memo in order, if `memo` counts it. */
function inner({ bytes }, random, memo) {
  const cursor = new OpCursor(bytes);
  const parts = [];
  try {
    while (cursor.next()) {
      const { code } = cursor;
      if (left.has(code)) continue;
      if (memo !== undefined && puts.has(code)) {
        memo.count++;
        parts.push([0x94]);
      } else if (memo !== undefined && gets.has(code)) {
        const slot = random.below(memo.count);
        parts.push(random.chance(0.5) ? [0x68, slot & 255] : [0x6a, slot & 255, (slot >> 8) & 255, 0, 0]);
      } else parts.push(bytes.subarray(cursor.position, cursor.end));
    }
  } catch {
    // What is broken goes on as it is.
  }
  return Buffer.concat(parts.map((part) => Uint8Array.from(part)));
}

const frames = [
  ["]\x94(", "e."],
  ["]\x94(", "e."],
  ["]q\0(", "e."],
  ["(", "t."],
  ["(", "l."],
  ["}\x94(", "u."],
  ["\x8f\x94(", "\x90."],
  ["cshop\nBasket\n)R\x94(", "e."],
];

function container(random) {
  const [head, tail] = frames[random.below(frames.length)];
  const memo = random.chance(0.8) ? { count: head.includes("\x94") ? 1 : 0 } : undefined;
  const parts = [Buffer.from(`\x80\x04${head}`, "latin1")];
  const isPaired = tail === "u.";
  const isBatched = tail === "e." || tail === "u.";
  for (let i = 0; i < 2 + random.below(12); i++) {
    if (isPaired) parts.push(Buffer.from(`K${String.fromCharCode(i)}`, "latin1"));
    parts.push(inner(randomProgram(random), random, memo));
    if (isBatched && random.chance(0.15)) parts.push(Buffer.from(`${tail[0]}(`, "latin1"));
  }
  parts.push(Buffer.from(tail, "latin1"));
  return new Uint8Array(Buffer.concat(parts));
}

function children(value) {
  if (Array.isArray(value)) return [...value];
  if (value instanceof Map) return [...value.entries()];
  if (value instanceof Set) return [...value];
  if (typeof value === "object" && value !== null && "entries" in value && "items" in value) {
    return [...value.items, ...value.entries];
  }
  return undefined;
}

async function* cut(bytes, random) {
  for (let at = 0; at < bytes.length;) {
    const length = 1 + random.below(20);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

const counts = new Map();
const note = (what) => counts.set(what, (counts.get(what) ?? 0) + 1);
let passed = 0;
let failed = 0;
for (let i = 0; i < count; i++) {
  const random = new Random(seed * 1_000_003 + i);
  const given = { ...randomProgram(random), buffers: undefined };
  if (random.chance(0.9)) given.bytes = container(random);
  const options = { ...oracleOptions(given), exact: true };
  let wanted;
  let refused;
  let unique = (found) => found;
  try {
    const whole = loads(given.bytes, options);
    wanted = children(whole);
    // An entry or item that comes twice is given twice.
    if (whole instanceof PyDict) unique = (found) => [...new PyDict(found).entries()];
    else if (whole instanceof Set) unique = (found) => [...new PySet(found)];
    if (wanted === undefined) continue;
    wanted = JSON.stringify(drawExact(wanted));
  } catch (error) {
    if (!(error instanceof UnpicklingError)) continue;
    refused = error;
  }
  for (const [way, source, sizes] of [
    ["as short as can be", given.bytes, { behind: 1, within: 1 }],
    ["some bytes", given.bytes, { behind: 40, within: 120 }],
    ["as usual", given.bytes, undefined],
    ["once", cut(given.bytes, random), { behind: 1, within: 1 }],
  ]) {
    let outcome;
    let wrong;
    try {
      const found = [];
      for await (const item of itemsFrom(source, options, { types: stdlib }, sizes)) found.push(item);
      // Entries are given one by one, and no dict is made of them.
      if (refused?.code === "unhashable-key") outcome = "given, with a key that no dict has";
      // Frames are left out of what is run: that one ends within an opcode is not seen.
      else if (refused?.code === "truncated") outcome = "given, over the end of a frame";
      else if (refused !== undefined) wrong = `gave ${found.length} items; loads: ${refused.message}`;
      else if (JSON.stringify(drawExact(unique(found))) !== wanted) {
        wrong = `gave ${JSON.stringify(drawExact(unique(found)))}\n  want ${wanted}`;
      } else outcome = "equal";
    } catch (error) {
      if (!(error instanceof UnpicklingError)) wrong = error.stack;
      else if (refused !== undefined) {
        outcome =
          error.code === refused.code && error.offset === refused.offset ? "refused" : "refused, elsewhere";
      } else if (error.code === "unrepresentable" && error.advice !== undefined)
        outcome = "refused with advice";
      else wrong = `refused: ${error.message}\n  want ${wanted}`;
    }
    if (wrong === undefined) {
      note(`${way}: ${outcome}`);
      passed++;
    } else if (failed++ < show) {
      console.log(`FAIL ${way} ${Buffer.from(given.bytes).toString("hex")}\n  ${wrong.slice(0, 300)}`);
    }
  }
}
for (const [outcome, n] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`${String(n).padStart(8)} ${outcome}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
