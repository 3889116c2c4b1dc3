// Starts the processes that are measured, and speaks with them.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { best } from "./statistics.mjs";

const folder = import.meta.dirname;

// The collections that are forced between rounds would make V8 take bytecode for old, and drop it.
const nodeFlags = ["--expose-gc", "--no-flush-bytecode"];

/** A process with one contender in it. */
export class Peer {
  #child;
  #lines;
  #closed;

  constructor(command) {
    const [file, ...args] = command;
    this.#child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#closed = new Promise((resolve) => {
      this.#child.on("close", resolve);
      this.#child.on("error", resolve);
    });
    // A process that is gone is told by the end of its output.
    this.#child.stdin.on("error", () => {});
  }

  static node() {
    return new Peer([process.execPath, ...nodeFlags, join(folder, "peer.mjs")]);
  }

  static python(executable) {
    return new Peer([executable, "-B", join(folder, "peer.py")]);
  }

  /** Gives the answer to a command; throws its error. */
  async ask(command, details = {}) {
    this.#child.stdin.write(`${JSON.stringify({ command, ...details })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("the process ended");
    const answer = JSON.parse(value);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  async close() {
    this.#child.stdin.end();
    await this.#closed;
  }
}

function pythons() {
  const given = process.env.BRINE_BENCH_PYTHON;
  if (given) return [given];
  const pyenv = join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions");
  const onPath = (process.env.PATH ?? "")
    .split(":")
    .filter((path) => !path.endsWith("/shims"))
    .map((path) => join(path, "python3"));
  // The newest of pyenv, which builds without profile; the ones of the system as a rule have one.
  const own = ["3.13.0", "3.12.1"].map((version) => join(pyenv, version, "bin/python3"));
  const found = ["/usr/bin/python3", ...onPath, ...own].filter((path) => existsSync(path));
  return [...new Set(found)].filter((path) => path !== "/bin/python3");
}

// The system's is built with a profile as a rule: a tenth, which may be noise, does not make another the faster one.
const weight = ({ executable, milliseconds }) => milliseconds * (executable === "/usr/bin/python3" ? 0.9 : 1);

/**
 * The CPython at hand whose C pickle is the fastest on one workload, read and written in turns; BRINE_BENCH_PYTHON names
 * another.
 *
 * @param {{ file: string, protocol: number }} workload
 */
export async function fastestPython(workload) {
  const candidates = [];
  for (const executable of pythons()) {
    const peers = [];
    try {
      for (const direction of ["read", "write"]) {
        const peer = Peer.python(executable);
        peers.push(peer);
        await peer.ask("prepare", { contender: "cpython-nogc", direction, check: false, ...workload });
      }
      const about = await peers[0].ask("about");
      candidates.push({ executable, peers, ...about, times: [] });
    } catch {
      for (const peer of peers) await peer.close();
    }
  }
  if (candidates.length === 0) throw new Error("no CPython 3.8 or newer: set BRINE_BENCH_PYTHON");
  for (let round = 0; round < 15; round++) {
    for (const { peers, times } of candidates) {
      let sum = 0;
      for (const peer of peers) sum += (await peer.ask("run", { calls: 1 })).each;
      times.push(sum);
    }
  }
  for (const { peers } of candidates) for (const peer of peers) await peer.close();
  return candidates
    .map(({ executable, version, compiler, times }) => ({
      executable,
      version,
      compiler,
      milliseconds: best(times),
    }))
    .sort((a, b) => weight(a) - weight(b));
}
