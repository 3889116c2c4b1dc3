import { spawnSync } from "node:child_process";
import { judgeInterpreter } from "../support/interpreters.ts";

/** What CPython 3.13 pickles for an expression; the standard library's modules that it names are there. */
export function cpython(expression: string, before = "", protocol = 4): Uint8Array {
  const program = [
    "import sys, pickle, datetime, decimal, uuid, collections, enum, array, fractions, random",
    before,
    `sys.stdout.buffer.write(pickle.dumps(${expression}, ${protocol}))`,
  ].join("\n");
  const { stdout, stderr, status } = spawnSync(judgeInterpreter().path, ["-c", program], {
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr.toString());
  return new Uint8Array(stdout);
}
