// node scripts/conformance/stream.mjs VECTORS_DIR: every vector, loaded plain and exact from a stream of single bytes, of
// random chunks and of one chunk, must give what `loads` gives of the whole: the same value, sharing included, or the same
// error (class, code and offset). The last line is "N passed, M failed".
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { gunzipSync } from "node:zlib";
import { dumps, loads, UnpicklingError } from "../../packages/brine/dist/index.js";
import { load } from "../../packages/brine/dist/stream.js";

const SHOWN = 10;
const [directory, seed = "1"] = process.argv.slice(2);
if (directory === undefined) {
  console.error("usage: node scripts/conformance/stream.mjs VECTORS_DIR [SEED]");
  process.exit(2);
}

let state = Number(seed) >>> 0 || 1;
/** From 1 to `most`, the same for the same seed. */
function random(most) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return 1 + Math.floor((state / 2 ** 32) * most);
}

async function* cut(bytes, next) {
  for (let at = 0; at < bytes.length;) {
    const length = next();
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

const ways = {
  "byte by byte": (bytes) => cut(bytes, () => 1),
  "in random chunks": (bytes) => cut(bytes, () => random(random(2) === 1 ? 8 : 600)),
  whole: (bytes) => cut(bytes, () => bytes.length),
};

/** What came of a load, as text. Sharing shows in what `dumps` writes, where it writes it. */
function told(value, exact) {
  const shown = inspect(value, {
    depth: null,
    maxArrayLength: null,
    maxStringLength: null,
    breakLength: Infinity,
  });
  try {
    return shown + Buffer.from(dumps(value, { exact })).toString("hex");
  } catch {
    return shown;
  }
}

const refused = (error) => {
  if (!(error instanceof UnpicklingError)) throw error;
  return `${error.code} at ${error.offset}: ${error.words}`;
};

let passed = 0;
let failed = 0;
for (const file of readdirSync(directory).filter((name) => name.endsWith(".jsonl.gz"))) {
  for (const line of gunzipSync(readFileSync(join(directory, file)))
    .toString()
    .trim()
    .split("\n")) {
    const { name, hex, encoding, errors } = JSON.parse(line);
    const bytes = new Uint8Array(Buffer.from(hex, "hex"));
    for (const exact of [true, false]) {
      const options = { exact, encoding, errors, persistentLoad: (pid) => ["persistent", pid] };
      let wanted;
      try {
        wanted = told(loads(bytes, options), exact);
      } catch (error) {
        wanted = refused(error);
      }
      for (const [way, chunks] of Object.entries(ways)) {
        let found;
        try {
          found = told(await load(chunks(bytes), options), exact);
        } catch (error) {
          found = refused(error);
        }
        if (found === wanted) passed++;
        else if (++failed <= SHOWN) {
          console.log(
            `FAIL ${name} ${exact ? "exact" : "plain"} ${way}\n  want ${wanted.slice(0, 300)}\n  got  ${found.slice(0, 300)}`,
          );
        }
      }
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
