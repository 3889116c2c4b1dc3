// brine/stream against loads on the records: in chunks of 64 kB, and one value of the last record, in turns and in one process
// of its own.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { library, loadBrine } from "./contenders.mjs";
import { best, callsFor, median, orderOf } from "./statistics.mjs";

const CHUNK = 65_536;

/**
 * @param {{ file: (protocol: number) => string }} workload
 * @param {{ rounds: number, warmUp: number, slice: number }} options
 * @returns {{ name: string, title: string, median: number, best: number }[]} milliseconds
 */
export function measureStreams(workload, options) {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    [import.meta.filename, workload.file(5), JSON.stringify(options)],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

async function* cut(bytes) {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

async function timed(work, calls) {
  const start = performance.now();
  for (let call = 0; call < calls; call++) await work();
  return (performance.now() - start) / calls;
}

if (process.argv[1] === import.meta.filename) {
  const [file, text] = process.argv.slice(2);
  const { rounds, warmUp, slice } = JSON.parse(text);
  const { loads } = await loadBrine();
  const { get, load } = await import(pathToFileURL(join(library(), "stream.js")).href);
  const bytes = readFileSync(file);
  const records = loads(bytes);
  const last = [records.length - 1, Object.keys(records.at(-1))[0]];
  const tasks = [
    { name: "whole", title: "loads of the whole", work: () => loads(bytes) },
    { name: "chunks", title: "load of chunks of 64 kB", work: () => load(cut(bytes)) },
    { name: "get", title: "get of one field of the last record", work: () => get(bytes, last) },
  ].map((task) => ({ ...task, times: [], calls: 1 }));
  for (const task of tasks) {
    const until = performance.now() + warmUp;
    let each = 0;
    do each = await timed(task.work, 1);
    while (performance.now() < until);
    task.calls = callsFor(each, slice);
  }
  for (let round = 0; round < rounds; round++) {
    for (const { work, calls, times } of orderOf(tasks, round)) times.push(await timed(work, calls));
  }
  console.log(
    JSON.stringify(
      tasks.map(({ name, title, times }) => ({ name, title, median: median(times), best: best(times) })),
    ),
  );
}
