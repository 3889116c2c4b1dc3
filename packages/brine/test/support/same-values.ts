import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { judgeInterpreter } from "./interpreters.ts";
import { hexOf } from "./oracle.ts";

/** Two pickles to be compared by what CPython loads of them. */
export interface Pair {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly encoding?: string | undefined;
  readonly errors?: string | undefined;
  readonly buffers?: readonly Uint8Array[] | undefined;
  /** Whether dicts may be in any order. */
  readonly canonical?: boolean | undefined;
  /** Whether what is one object in one must be one in the other; `true` unless given. */
  readonly sharing?: boolean | undefined;
  /** Whether pickle.loads itself loads them: for pickles of our own. */
  readonly real?: boolean | undefined;
}

/** Why they are not the same, `null` if they are; or why the first cannot be loaded. */
export type Likeness = { readonly same: boolean; readonly why: string | null } | { readonly skip: string };

/** What CPython 3.13 says of each pair: same_values.py tells how. */
export function compared(pairs: readonly Pair[]): Likeness[] {
  const input = pairs.map(({ a, b, buffers, ...options }) =>
    JSON.stringify({ ...options, a: hexOf(a), b: hexOf(b), buffers: buffers?.map(hexOf) }),
  );
  const { stdout, stderr, status } = spawnSync(
    judgeInterpreter().path,
    ["-W", "ignore", join(import.meta.dirname, "same_values.py")],
    { input: `${input.join("\n")}\n`, encoding: "utf8", maxBuffer: 2 ** 30 },
  );
  if (status !== 0) throw new Error(`the judge ended with ${status}: ${stderr}`);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Likeness);
}
