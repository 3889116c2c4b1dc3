import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { opcodeProse } from "../../src/tools/opcode-prose.ts";
import type { PickleOp } from "../../src/tools/pickle-op.ts";
import { judgeInterpreter } from "./interpreters.ts";

/** A pickle for CPython's pickletools, and how to disassemble it. */
export interface ToolsCase {
  readonly bytes: Uint8Array;
  readonly indentLevel?: number;
  readonly annotate?: number;
  /** Whether the memo of the case before is kept. */
  readonly share?: boolean;
}

/** Type and words of an exception. */
export type PythonError = readonly [type: string, words: string] | null;

/** What pickletools makes of a case: the operations as {@link showOps} has them, the text, the bytes in hexadecimal. */
export interface ToolsVerdict {
  readonly genops: readonly [ops: string, error: PythonError];
  readonly dis: readonly [text: string, error: PythonError];
  readonly optimize: readonly [hex: string | null, error: PythonError];
}

/** Asks the pickletools of CPython 3.13; annotations are in brine's words. */
export function pickletools(cases: readonly ToolsCase[]): ToolsVerdict[] {
  const lines: unknown[] = cases.map(({ bytes, ...options }) => ({
    ...options,
    hex: Buffer.from(bytes).toString("hex"),
    full: true,
  }));
  const input = [{ prose: opcodeProse }, ...lines].map((line) => JSON.stringify(line)).join("\n");
  const script = join(import.meta.dirname, "pickletools_judge.py");
  const { status, stdout, stderr } = spawnSync(judgeInterpreter().path, [script], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as ToolsVerdict);
}

function showOperand({ opcode, operand }: PickleOp): string {
  if (operand === null) return "-";
  if (typeof operand === "boolean") return operand ? "b1" : "b0";
  if (typeof operand === "string") return `s${Buffer.from(operand, "utf16le").swap16().toString("hex")}`;
  if (typeof operand === "object") {
    return (opcode.operand === "bytearray8" ? "a" : "y") + Buffer.from(operand).toString("hex");
  }
  if (opcode.operand?.startsWith("float") !== true) return `i${operand.toString(16)}`;
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(Number(operand));
  return Number.isNaN(operand) ? "fnan" : `f${bytes.toString("hex")}`;
}

/** Operations as the judge shows them. */
export function showOps(ops: readonly PickleOp[]): string {
  return ops.map((op) => `${op.position} ${op.opcode.name} ${showOperand(op)}`).join("\n");
}
