// Times one workload in one direction with every contender, in rounds.
import { contenders } from "./contenders.mjs";
import { Peer } from "./driver.mjs";
import { best, callsFor, median, orderOf } from "./statistics.mjs";

/**
 * @param {object} workload
 * @param {{ direction: "read" | "write", protocol: number, python: string, rounds: number, warmUp: number, slice: number }} options
 * `warmUp` and `slice` (of one contender in one round) are milliseconds
 */
export async function measure(workload, { direction, protocol, python, rounds, warmUp, slice }) {
  const isMain = protocol === workload.protocols[0];
  const results = {};
  const running = [];
  try {
    for (const { name, pickle, python: isPython, readsOnly, lacks } of contenders) {
      // The other formats have no protocols: once is enough.
      if ((!pickle && !isMain) || (readsOnly && direction === "write")) continue;
      if (lacks?.[workload.name] !== undefined) {
        results[name] = { reason: lacks[workload.name] };
        continue;
      }
      const peer = isPython ? Peer.python(python) : Peer.node();
      const { digest, intKeys } = workload;
      try {
        const file = workload.file(protocol);
        const details = { contender: name, direction, file, protocol, digest, intKeys, check: true };
        const prepared = await peer.ask("prepare", details);
        // A contender that is hundreds of times slower is slow after three calls as well.
        const { each } = await peer.ask("warm", { milliseconds: warmUp, calls: 3 });
        running.push({ name, peer, calls: callsFor(each, slice), times: [], processor: [] });
        results[name] = prepared;
      } catch (error) {
        results[name] = { reason: error.message };
        await peer.close();
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const { peer, calls, times, processor } of orderOf(running, round)) {
        const { each, cpu } = await peer.ask("run", { calls });
        times.push(each);
        processor.push(cpu);
      }
    }
  } finally {
    for (const { peer } of running) await peer.close();
  }
  for (const { name, calls, times, processor } of running) {
    Object.assign(results[name], { calls, best: best(times), median: median(times), cpu: median(processor) });
  }
  return { workload: workload.name, title: workload.title, direction, protocol, isMain, results };
}
