// brine/tools against CPython's pickletools on the records, in turns and in processes of their own.
import { Peer } from "./driver.mjs";
import { best, callsFor, median, orderOf } from "./statistics.mjs";

/** What is measured: brine's time, and what of CPython's does the same. */
export const toolPairs = [
  { name: "cursor", title: "a walk over the opcodes", reference: "genops", least: 30 },
  { name: "genops", title: "genops", reference: "genops", least: 10 },
  { name: "dis", title: "dis", reference: "dis", least: 20 },
];

/**
 * @param {{ file: (protocol: number) => string, title: string }} workload
 * @param {{ python: string, rounds: number, warmUp: number, slice: number }} options
 * @returns {Promise<{ name: string, title: string, least: number, ours: object, theirs: object, ratio: number }[]>}
 * `ratio` is how many times CPython's median is brine's
 */
export async function measureTools(workload, { python, rounds, warmUp, slice }) {
  const file = workload.file(5);
  const running = [];
  try {
    for (const [side, names] of [
      ["ours", toolPairs.map(({ name }) => name)],
      ["theirs", [...new Set(toolPairs.map(({ reference }) => reference))]],
    ]) {
      for (const name of names) {
        const peer = side === "ours" ? Peer.node() : Peer.python(python);
        await peer.ask("prepareTool", { tool: name, file });
        const { each } = await peer.ask("warm", {
          milliseconds: side === "ours" ? warmUp : 1,
          calls: side === "ours" ? 3 : 1,
        });
        running.push({ side, name, peer, calls: callsFor(each, slice), times: [] });
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const { peer, calls, times } of orderOf(running, round)) {
        times.push((await peer.ask("run", { calls })).each);
      }
    }
  } finally {
    for (const { peer } of running) await peer.close();
  }
  const of = (wanted, tool) => {
    const { times } = running.find(({ side, name }) => side === wanted && name === tool);
    return { median: median(times), best: best(times) };
  };
  return toolPairs.map(({ name, title, reference, least }) => {
    const ours = of("ours", name);
    const theirs = of("theirs", reference);
    return { name, title, reference, least, ours, theirs, ratio: theirs.median / ours.median };
  });
}
