import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

/** The built command, as a user has it. */
export const bin: string = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** The folder of real pickles. */
export const examples: string = fileURLToPath(new URL("../../../examples", import.meta.url));

/** What a run gave. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder for the files of one test file, gone afterwards. */
export const folder: string = mkdtempSync(join(tmpdir(), "brine-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file and gives its path. */
export function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? Buffer.from(content, "latin1") : content);
  return path;
}

/** Runs the command; its output is no terminal. */
export function brine(
  args: readonly string[],
  options: { input?: Uint8Array | string; env?: Record<string, string>; cwd?: string } = {},
): Run {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: "utf8",
    input: options.input ?? "",
    env: { ...env, ...options.env },
    cwd: options.cwd ?? folder,
    maxBuffer: 2 ** 30,
  });
  return { status, stdout, stderr };
}
