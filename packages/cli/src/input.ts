import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { pause } from "./output.ts";

/** An input that cannot be read at all, told in a few words. */
export class InputError extends Error {}

const reasons = new Map([
  ["ENOENT", "no such file"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EISDIR", "it is a directory"],
  ["ENOTDIR", "no such file: a part of the path is no directory"],
  ["ENAMETOOLONG", "the name is too long"],
  ["ELOOP", "too many symbolic links"],
  ["EMFILE", "too many open files"],
]);

const CHUNK = 1 << 20;
/** `readSync` takes no more at a time. */
const LARGEST_READ = 2 ** 30;

function readInto(descriptor: number, target: Uint8Array, from: number): number {
  for (;;) {
    try {
      return readSync(descriptor, target, from, Math.min(target.length - from, LARGEST_READ), null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // What Windows says at the end of a pipe.
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      pause(5);
    }
  }
}

/** All bytes of a descriptor; `size` is what is to be expected. */
function readAll(descriptor: number, size: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  // One byte more, so that the end is seen without another chunk.
  for (let room = size + 1; ; room = CHUNK) {
    const chunk = new Uint8Array(room);
    let length = 0;
    for (let count = 1; length < room && count > 0; length += count)
      count = readInto(descriptor, chunk, length);
    chunks.push(chunk.subarray(0, length));
    total += length;
    if (length < room) break;
  }
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const all = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** What the system says of a file, for the terminal. */
export function asInputError(error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new InputError((code === undefined ? undefined : reasons.get(code)) ?? message);
}

/**
 * The bytes of a file, or of standard input for `-`.
 *
 * @throws InputError
 */
export function readInput(file: string): Uint8Array {
  let descriptor = 0;
  try {
    if (file !== "-") descriptor = openSync(file, "r");
    const status = fstatSync(descriptor);
    if (status.isDirectory()) throw new InputError("it is a directory");
    return readAll(descriptor, status.isFile() ? status.size : CHUNK - 1);
  } catch (error) {
    if (error instanceof InputError) throw error;
    if (error instanceof RangeError) throw new InputError("it is too large to be held in memory");
    throw asInputError(error);
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}
