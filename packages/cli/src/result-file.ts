import { randomBytes } from "node:crypto";
import { closeSync, chmodSync, openSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isatty } from "node:tty";
import { Output } from "./output.ts";

/**
 * Hands on the output that `path` stands for, standard output without one, and closes it. A file is written beside its
 * place, and has its name only when the work is done. Returns the exit status.
 */
export function withOutput(path: string | undefined, work: (output: Output) => number): number {
  if (path === undefined) return work(new Output());
  let descriptor: number;
  let target: { readonly temporary: string; readonly place: string } | undefined;
  try {
    const before = statSync(path, { throwIfNoEntry: false });
    if (before !== undefined && !before.isFile()) descriptor = openSync(path, "w");
    else {
      const place = before === undefined ? path : realpathSync(path);
      const temporary = join(dirname(place), `.${basename(place)}.${randomBytes(6).toString("hex")}.tmp`);
      descriptor = openSync(temporary, "wx");
      target = { temporary, place };
      if (before !== undefined) chmodSync(temporary, before.mode & 0o7777);
    }
  } catch (error) {
    if (target !== undefined) rmSync(target.temporary, { force: true });
    console.error(
      `brine: ${path}: cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
    return 1;
  }
  let isDone = false;
  try {
    const output = new Output(descriptor);
    const status = work(output);
    // What failed before anything was written leaves what was there.
    isDone = status === 0 || output.written > 0;
    return status;
  } finally {
    closeSync(descriptor);
    if (target !== undefined) {
      if (isDone) renameSync(target.temporary, target.place);
      else rmSync(target.temporary, { force: true });
    }
  }
}

/** {@link withOutput} of bytes, which no terminal is given. */
export function withBinaryOutput(path: string | undefined, work: (output: Output) => number): number {
  if (path !== undefined || !isatty(1)) return withOutput(path, work);
  console.error("brine: the result is no text: name a file with -o, or redirect the output");
  return 1;
}
