import { closeSync, openSync } from "node:fs";
import { isatty } from "node:tty";
import { Output } from "./output.ts";

/** Hands on the output that `path` stands for, standard output without one, and closes it. Returns the exit status. */
export function withOutput(path: string | undefined, work: (output: Output) => number): number {
  if (path === undefined) return work(new Output());
  let descriptor: number;
  try {
    descriptor = openSync(path, "w");
  } catch (error) {
    console.error(
      `brine: ${path}: cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
    return 1;
  }
  try {
    return work(new Output(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

/** {@link withOutput} of bytes, which no terminal is given. */
export function withBinaryOutput(path: string | undefined, work: (output: Output) => number): number {
  if (path !== undefined || !isatty(1)) return withOutput(path, work);
  console.error("brine: the result is no text: name a file with -o, or redirect the output");
  return 1;
}
