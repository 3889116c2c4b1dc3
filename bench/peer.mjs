// One contender with one workload in a process of its own: a command a line on standard input, an answer a line on
// standard output. Started with --expose-gc.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { contenders, loadBrine, loadTools, setUp } from "./contenders.mjs";
import { digest, plain, sharesMemory } from "./values.mjs";

// pickleparser warns of every int beyond 53 bits that it gets wrong.
console.warn = () => {};

let work;
// The last result stays: with none of its kind left, V8 would drop its hidden classes and the code that knows them.
const kept = { result: undefined };

/** Peak of resident memory since it was last reset, in bytes; undefined where the system does not say. */
function peakMemory({ reset }) {
  try {
    if (reset) writeFileSync("/proc/self/clear_refs", "5");
    return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1024;
  } catch {
    return undefined;
  }
}

function time(calls) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let call = 0; call < calls; call++) kept.result = work();
  const took = performance.now() - start;
  // Of all threads: the collector's helpers count as well.
  const { user, system } = process.cpuUsage(cpu);
  return { took, cpu: (user + system) / 1000 };
}

const commands = {
  // Gives the size of the format, or why the contender is out.
  async prepare({ contender, direction, file, protocol, digest: expected, intKeys, check }) {
    const { read, write } = await setUp(contender, { protocol, intKeys });
    const brine = await loadBrine();
    const pickle = readFileSync(file);
    const isPickle = contenders.some(({ name, pickle: is }) => name === contender && is);
    const isBrine = contender === "brine" || contender === "exact";
    const attempt = (what, action) => {
      try {
        return action();
      } catch (error) {
        const words = String(error?.message ?? error).replaceAll(/\s+/g, " ");
        throw new Error(`${what}: ${words.slice(0, 100)}`, { cause: error });
      }
    };
    const verify = (value, what) => {
      let found;
      try {
        found = digest(value);
      } catch {
        // It holds what no Python value becomes.
      }
      if (found !== expected) throw new Error(what);
    };

    const exact = () => brine.loads(pickle, { exact: true });
    if (direction === "read" && isPickle) {
      if (check) {
        const value = attempt("cannot read it", () => read(pickle));
        verify(value, "reads it wrong");
        work = () => read(pickle);
        return { bytes: pickle.length, view: sharesMemory(value, pickle) };
      }
      work = () => read(pickle);
      return { bytes: pickle.length };
    }
    // For memory the cheaper way there: nothing is checked, and tuples may be lists.
    const asPlain = () => (check ? plain(exact(), brine, { tuples: isBrine }) : brine.loads(pickle));
    const value = contender === "exact" ? exact() : asPlain();
    if (contender === "floor") {
      const output = new Uint8Array(pickle.length);
      work = direction === "read" ? () => read(value) : () => write(value, output);
      if (direction === "read" && check) verify(read(value), "makes no instances");
      return {};
    }
    if (direction === "write") work = () => write(value);
    if (!check) return { bytes: pickle.length };
    const output = attempt("cannot hold it", () => write(value));
    const again = attempt("does not read what it wrote", () => read(output));
    verify(again, "cannot hold it");
    const result = { bytes: typeof output === "string" ? Buffer.byteLength(output) : output.length };
    if (direction === "read") {
      // A Buffer out of a pool would be a view, and a read could alias what the next write overwrites.
      const input = typeof output === "string" ? output : Buffer.from(new Uint8Array(output).buffer);
      work = () => read(input);
      return { ...result, view: sharesMemory(read(input), input) };
    }
    return isBrine ? { ...result, identical: Buffer.compare(output, pickle) === 0 } : result;
  },

  async prepareTool({ tool, file }) {
    const { dis, genops, OpCursor } = await loadTools();
    const data = readFileSync(file);
    const jobs = {
      cursor() {
        const cursor = new OpCursor(data);
        let count = 0;
        while (cursor.next()) count++;
        return count;
      },
      genops() {
        let count = 0;
        for (const { position } of genops(data)) count += position < 0 ? 0 : 1;
        return count;
      },
      dis: () => dis(data),
    };
    work = jobs[tool];
    return {};
  },

  // Until the optimising compiler has had its turn; gives milliseconds a call.
  warm({ milliseconds, calls }) {
    let spent = 0;
    let done = 0;
    let step = 1;
    let each = Infinity;
    // Of the processor's time: on a busy machine the clock runs on while the compiler waits.
    while (spent < milliseconds || done < calls) {
      const { took, cpu } = time(step);
      spent += cpu;
      done += step;
      each = took / step;
      if (took < milliseconds / 20) step *= 2;
    }
    return { each };
  },

  run({ calls }) {
    // Not a full one: it drops the hidden classes that nothing alive has, and with them the optimised code, so that
    // few calls would bear a compilation. Measured: 1024 small dicts 0.25 ms, after a full collection 2.5 ms.
    globalThis.gc({ type: "minor" });
    const { took, cpu } = time(calls);
    return { each: took / calls, cpu: cpu / calls };
  },

  // The peak of one first call beyond what was there before it.
  peak() {
    // What was freed before must go back to the system, or the call would be seen to use it for nothing.
    for (let turn = 0; turn < 5; turn++) globalThis.gc({ flavor: "last-resort" });
    const before = peakMemory({ reset: true });
    const { took: each } = time(1);
    const after = peakMemory({ reset: false });
    return before === undefined ? { each } : { each, peak: after - before };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...details } = JSON.parse(line);
  let answer;
  try {
    answer = await commands[command](details);
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
