import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { verify, type Finding, type Reader } from "../../src/tools.ts";
import { judgeInterpreter } from "./interpreters.ts";
import { hexOf } from "./oracle.ts";

/** Who refuses a pickle, as verify_judge.py says it. */
export type Refusals = Readonly<
  Record<"c" | "python" | "cAlone" | "pythonAlone" | "pickletools", string | null>
>;

/** Asks CPython 3.13. */
export function judgeRefusals(
  cases: readonly Uint8Array[],
  script: string = join(import.meta.dirname, "verify_judge.py"),
): Refusals[] {
  const input = cases.map((bytes) => JSON.stringify({ hex: hexOf(bytes) })).join("\n");
  const { status, stdout, stderr } = spawnSync(judgeInterpreter().path, ["-W", "ignore", script], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Refusals);
}

const everything = { encoding: "latin1", persistentIds: true, buffers: true, extensions: true } as const;

/** What is told of a case. */
export interface Comparison {
  /** Whether no reader ran out of memory, and nothing hung on what a class would do. */
  readonly isJudged: boolean;
  readonly wrong: readonly string[];
}

const refuses = (findings: readonly Finding[], reader: Reader): Finding | undefined =>
  findings.find(({ pickle, refusedBy }) => pickle === 1 && refusedBy.includes(reader));

/**
 * Compares what `verify` says of the first pickle with who refuses it: a reader refuses if and only if some finding says
 * so, and there is an error if and only if the C unpickler refuses what it is given everything for. Where `verify` says
 * that a class decides, a reader may refuse what no finding speaks of.
 */
export function compareRefusals(bytes: Uint8Array, refusals: Refusals): Comparison {
  const { findings } = verify(bytes, everything);
  const alone = verify(bytes).findings;
  const wrong: string[] = [];
  const isUndecided = findings.some(({ code }) => code === "undecidable");
  const compare = (which: keyof Refusals, found: Finding | undefined, isOpen: boolean): void => {
    const words = refusals[which];
    if (words === "skip" || (isOpen && found === undefined)) return;
    if ((words === null) !== (found === undefined))
      wrong.push(
        `${which}: ${words ?? "takes it"}; verify: ${found?.code ?? "nothing"} ${found?.message ?? ""}`,
      );
  };
  compare("c", refuses(findings, "c"), isUndecided);
  compare("python", refuses(findings, "python"), isUndecided);
  compare("cAlone", refuses(alone, "c"), isUndecided);
  compare("pythonAlone", refuses(alone, "python"), isUndecided);
  compare("pickletools", refuses(findings, "pickletools"), false);
  const error = findings.find(({ severity, pickle }) => pickle === 1 && severity === "error");
  if ((error === undefined) !== (refuses(findings, "c") === undefined))
    wrong.push(`severity: ${error?.code ?? "no error"}`);
  return { isJudged: !isUndecided && !Object.values(refusals).includes("skip"), wrong };
}
