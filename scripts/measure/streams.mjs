// node scripts/measure/streams.mjs [--records 1e6,5e6,10e6,31.38e6] [--pickles 1e6] [--folder DIR]: makes lists of so many
// records (31.38 million are 2 GB) and a file of that many pickles, reads them with brine/stream in processes of their own,
// and prints the time, of it the processor's, and peak memory beyond bare Node's. The files are removed at the end. It uses
// the built library.
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { dumps } from "../../packages/brine/dist/core.js";
import { get, items, loadAll } from "../../packages/brine/dist/stream.js";
import { genops } from "../../packages/brine/dist/tools.js";

const { values } = parseArgs({
  options: {
    records: { type: "string", default: "1e6,5e6,10e6,31.38e6" },
    pickles: { type: "string", default: "1e6" },
    folder: { type: "string", default: tmpdir() },
    task: { type: "string" },
    file: { type: "string" },
    last: { type: "string" },
  },
});

const record = (i) => ({
  id: i,
  name: `record ${i}`,
  tags: ["a", "b", `tag ${i % 100}`],
  at: { x: i / 7, y: -i },
  note: null,
});

/** A list written batch by batch: each has the opcodes of the first batch but for its records, and no frames. */
function writeList(path, count) {
  const file = openSync(path, "w");
  const put = (bytes) => writeSync(file, bytes);
  const first = dumps(
    Array.from({ length: 1000 }, (_, i) => record(i)),
    { protocol: 4 },
  );
  let begin = 0;
  const parts = [];
  for (const { name, position, end } of [...genops(first)].map((row, i, rows) => ({
    name: row.opcode.name,
    position: row.position,
    end: rows[i + 1]?.position ?? first.length,
  }))) {
    if (name === "MARK" && begin === 0) begin = end;
    else if (begin > 0 && name !== "FRAME" && name !== "STOP") parts.push(first.subarray(position, end));
  }
  const batch = Buffer.concat(parts);
  put(Uint8Array.of(0x80, 4, 0x5d, 0x94));
  for (let written = 0; written < count; written += 1000) {
    put(Uint8Array.of(0x28));
    put(batch);
  }
  put(Uint8Array.of(0x2e));
  closeSync(file);
}

function writePickles(path, count) {
  const file = openSync(path, "w");
  let parts = [];
  for (let i = 0; i < count; i++) {
    parts.push(dumps(record(i)));
    if (parts.length === 10_000 || i === count - 1) {
      writeSync(file, Buffer.concat(parts));
      parts = [];
    }
  }
  closeSync(file);
}

async function asyncBuffer(path) {
  const file = await open(path);
  return {
    byteLength: statSync(path).size,
    async slice(start, end) {
      const bytes = new Uint8Array(end - start);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
      return bytes.subarray(0, bytesRead);
    },
  };
}

const tasks = {
  bare: async () => 0,
  items: async (source) => {
    let count = 0;
    for await (const item of items(source)) if (item.note === null) count++;
    return count;
  },
  get: (source) => get(source, `$[${values.last}].name`),
  loadAll: async (source) => {
    let count = 0;
    for await (const value of loadAll(source)) if (value.id === count) count++;
    return count;
  },
};

if (values.task !== undefined) {
  const source = values.file === undefined ? undefined : await asyncBuffer(values.file);
  const begun = performance.now();
  const result = await tasks[values.task](source);
  const seconds = (performance.now() - begun) / 1000;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const processor = (userCPUTime + systemCPUTime) / 1e6;
  console.log(JSON.stringify({ result, seconds, processor, peak: maxRSS * 1024 }));
  process.exit(0);
}

const run = (task, ...more) =>
  JSON.parse(
    spawnSync(process.execPath, [import.meta.filename, "--task", task, ...more], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    }).stdout,
  );

const folder = mkdtempSync(join(values.folder, "brine-streams-"));
try {
  const bare = run("bare").peak;
  console.log(`bare Node ${(bare / 1e6).toFixed(0)} MB; the others beyond it`);
  const tell = (name, path, { result, seconds, processor, peak }) =>
    console.log(
      `${name.padEnd(8)} ${(statSync(path).size / 1e6).toFixed(0).padStart(5)} MB  ${seconds.toFixed(1).padStart(6)} s, ` +
        `processor ${processor.toFixed(1).padStart(6)} s  ${((peak - bare) / 1e6).toFixed(0).padStart(4)} MB  ${JSON.stringify(result)}`,
    );
  for (const count of values.records.split(",").map(Number)) {
    const list = join(folder, "list.pkl");
    writeList(list, count);
    tell("items", list, run("items", "--file", list));
    tell("get", list, run("get", "--file", list, "--last", String(count - 1)));
  }
  for (const count of [Number(values.pickles) / 10, Number(values.pickles)]) {
    const pickles = join(folder, "pickles.pkl");
    writePickles(pickles, count);
    tell("loadAll", pickles, run("loadAll", "--file", pickles));
  }
} finally {
  rmSync(folder, { recursive: true });
}
