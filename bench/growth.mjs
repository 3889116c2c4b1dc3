// Time and peak memory per byte of pickle, as the same kind of data grows.
import { Peer } from "./driver.mjs";
import { best } from "./statistics.mjs";

async function inFreshProcess(python, details, work) {
  const peer = details.contender === "cpython" ? Peer.python(python) : Peer.node();
  try {
    await peer.ask("prepare", { protocol: 5, intKeys: false, check: false, ...details });
    return await work(peer);
  } finally {
    await peer.close();
  }
}

/**
 * @param {{ kind: string, scale: number, file: (protocol: number) => string, sizes: Record<string, number> }} workload
 * @param {{ python: string, rounds: number, warmUp: number }} options
 * @returns nanoseconds a byte at best, and bytes of peak memory a byte
 */
export async function measureGrowth({ kind, scale, file, sizes }, { python, rounds, warmUp }) {
  const size = sizes[5];
  const rows = [];
  for (const direction of ["read", "write"]) {
    for (const contender of ["brine", "cpython", "floor"]) {
      const details = { contender, direction, file: file(5) };
      // Memory of the first call in a process: what came before would leave room that the call could use again.
      const { peak } = await inFreshProcess(python, details, (peer) => peer.ask("peak"));
      const times = await inFreshProcess(python, details, async (peer) => {
        await peer.ask("warm", { milliseconds: warmUp, calls: 2 });
        const found = [];
        for (let round = 0; round < rounds; round++) found.push((await peer.ask("run", { calls: 1 })).each);
        return found;
      });
      rows.push({
        kind,
        scale,
        direction,
        contender,
        bytes: size,
        time: (best(times) * 1e6) / size,
        memory: peak === undefined ? undefined : peak / size,
      });
    }
  }
  return rows;
}
