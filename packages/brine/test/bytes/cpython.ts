import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UnpicklingError } from "../../src/errors.ts";

const pyenv = join(homedir(), ".pyenv/versions/3.13.0/bin/python");

/** CPython 3.13, the judge of these tests. */
export const python = process.env["PYTHON"] ?? (existsSync(pyenv) ? pyenv : "python3.13");

/** Runs a script that finds `cases` (parsed JSON) and `answer(value)`, and gives what it answered. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what JSON.parse gives has to be named
export function askCPython<T>(script: string, cases: unknown): T {
  const program = `import json, sys\ncases = json.load(sys.stdin)\nanswer = lambda value: print(json.dumps(value))\n${script}`;
  const { status, stdout, stderr, error } = spawnSync(python, ["-c", program], {
    input: JSON.stringify(cases),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${python} failed: ${error?.message ?? stderr}`);
  return JSON.parse(stdout) as T;
}

/** What became of a value, in a form that two languages can agree on. */
export type Outcome = string;

const judge = `
import pickle, struct, warnings
warnings.simplefilter("ignore")
def show(v):
    if v is True or v is False: return "bool " + str(v).lower()
    if type(v) is int: return "int " + (str(v) if abs(v) < 1 << 64 else hex(v))
    if type(v) is float: return "float " + ("nan" if v != v else struct.pack(">d", v).hex())
    if type(v) is str: return "str " + v.encode("utf-16-be", "surrogatepass").hex()
    if type(v) is bytes: return "bytes " + v.hex()
    return repr(v)
def judge(case):
    try:
        return show(pickle.loads(bytes.fromhex(case[0]), **case[1]))
    except Exception as e:
        return type(e).__name__ + ": " + str(e)
answer([judge(case) for case in cases])
`;

/** What CPython's C unpickler makes of each pickle. */
export function loadsInCPython(
  pickles: readonly (readonly [pickle: Uint8Array, options?: { encoding?: string; errors?: string }])[],
): Outcome[] {
  return askCPython<Outcome[]>(
    judge,
    pickles.map(([pickle, options = {}]) => [Buffer.from(pickle).toString("hex"), options]),
  );
}

/** What a function of ours makes, shown as {@link loadsInCPython} shows it. */
export function outcome(make: () => unknown): Outcome {
  try {
    return show(make());
  } catch (error) {
    if (!(error instanceof UnpicklingError)) throw error;
    return `${error.pythonException ?? "UnpicklingError"}: ${error.words}`;
  }
}

/** A value, shown as {@link loadsInCPython} shows it; a number is an int. */
export function show(value: unknown): Outcome {
  if (typeof value === "boolean") return `bool ${value}`;
  if (typeof value === "number" || typeof value === "bigint") {
    const int = BigInt(value);
    const size = int < 0n ? -int : int;
    return `int ${size < 1n << 64n ? int : `${int < 0n ? "-" : ""}0x${size.toString(16)}`}`;
  }
  if (typeof value === "string") {
    const hex = Array.from({ length: value.length }, (_, i) =>
      value.charCodeAt(i).toString(16).padStart(4, "0"),
    );
    return `str ${hex.join("")}`;
  }
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  throw new Error(`no form for ${String(value)}`);
}

/** A float, shown as {@link loadsInCPython} shows it. */
export function showFloat(value: number): Outcome {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return `float ${Number.isNaN(value) ? "nan" : bytes.toString("hex")}`;
}

/** The characters of a text below 0x100 as bytes. */
export function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

/** Pseudo-random numbers below `limit`, the same in every run (mulberry32). */
export function randomNumbers(seed: number): (limit: number) => number {
  return (limit) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}
