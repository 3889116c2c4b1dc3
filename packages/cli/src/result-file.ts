import { randomBytes } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  closeSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { isatty } from "node:tty";
import { atInterrupt } from "./interrupt.ts";
import { InputError } from "./input.ts";
import { Output } from "./output.ts";

/** Where output goes; a file has its name only when it is whole. */
class Target {
  readonly #path: string;
  #descriptor: number | undefined;
  /** The file beside its place, until it has its name. */
  #temporary: string | undefined;
  #place = "";
  #mode: number | undefined;
  #forget: (() => void) | undefined;

  constructor(path: string) {
    this.#path = path;
    const before = statSync(path, { throwIfNoEntry: false });
    if (before !== undefined && !before.isFile()) return;
    this.#place = before === undefined ? path : realpathSync(path);
    this.#mode = before === undefined ? undefined : before.mode & 0o7777;
    const name = `.${basename(this.#place)}.${randomBytes(6).toString("hex")}.tmp`;
    this.#temporary = join(dirname(this.#place), name);
    // It is there when there is something to write, so that nothing is left if the work before that is interrupted.
    accessSync(dirname(this.#place), constants.W_OK);
  }

  open(): number {
    if (this.#descriptor !== undefined) return this.#descriptor;
    this.#forget = atInterrupt(() => this.#remove());
    try {
      this.#descriptor = openSync(this.#temporary ?? this.#path, this.#temporary === undefined ? "w" : "wx");
    } catch (error) {
      this.#forget();
      throw new InputError(`${this.#path} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
    }
    if (this.#mode !== undefined && this.#temporary !== undefined) chmodSync(this.#temporary, this.#mode);
    return this.#descriptor;
  }

  #remove(): void {
    if (this.#temporary !== undefined) rmSync(this.#temporary, { force: true });
  }

  end(isDone: boolean): void {
    // Nothing is a file too.
    if (isDone) this.open();
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    if (isDone && this.#temporary !== undefined) renameSync(this.#temporary, this.#place);
    else this.#remove();
    this.#forget?.();
  }
}

function targetOf(path: string): Target | undefined {
  try {
    return new Target(path);
  } catch (error) {
    console.error(
      `brine: ${path}: cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
    return undefined;
  }
}

/**
 * Hands on the output that `path` stands for, standard output without one, and closes it. A file is written beside its
 * place, and has its name only when the work is done. Returns the exit status.
 */
export function withOutput(path: string | undefined, work: (output: Output) => number): number {
  if (path === undefined) return work(new Output());
  const target = targetOf(path);
  if (target === undefined) return 1;
  const output = new Output(() => target.open());
  let isDone = false;
  try {
    const status = work(output);
    // What failed before anything was written leaves what was there.
    isDone = status === 0 || output.written > 0;
    return status;
  } finally {
    target.end(isDone);
  }
}

/** {@link withOutput} of work that can be interrupted. */
export async function withOutputOf(
  path: string | undefined,
  work: (output: Output) => Promise<number>,
): Promise<number> {
  if (path === undefined) return work(new Output());
  const target = targetOf(path);
  if (target === undefined) return 1;
  const output = new Output(() => target.open());
  let isDone = false;
  try {
    const status = await work(output);
    isDone = status === 0 || output.written > 0;
    return status;
  } finally {
    target.end(isDone);
  }
}

function isRefused(path: string | undefined): boolean {
  if (path !== undefined || !isatty(1)) return false;
  console.error("brine: the result is no text: name a file with -o, or redirect the output");
  return true;
}

/** {@link withOutput} of bytes, which no terminal is given. */
export function withBinaryOutput(path: string | undefined, work: (output: Output) => number): number {
  return isRefused(path) ? 1 : withOutput(path, work);
}

/** {@link withOutputOf} of bytes, which no terminal is given. */
export async function withBinaryOutputOf(
  path: string | undefined,
  work: (output: Output) => Promise<number>,
): Promise<number> {
  return isRefused(path) ? 1 : withOutputOf(path, work);
}
