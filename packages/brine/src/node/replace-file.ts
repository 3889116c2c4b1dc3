import { randomBytes } from "node:crypto";
import { type FileHandle, open, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A path, or a `file:` URL: a `URL` is one. */
export type FilePath = string | { readonly href: string };

/** Options of writing a file. */
export interface WriteFileOptions {
  /** Permissions of a file that is new, such as `0o600`; `0o666` less the process's umask unless set. */
  readonly mode?: number | undefined;
  /** Whether the data is on the disk for sure when the file gets its name; `false` unless set. */
  readonly fsync?: boolean | undefined;
  /** Stops the writing: nothing is left of it then. */
  readonly signal?: { readonly aborted: boolean; readonly reason: unknown } | undefined;
}

/** The path as `node:fs` takes it. */
export function pathOf(path: FilePath): string {
  return typeof path === "string" ? path : fileURLToPath(path.href);
}

interface Status {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  isFile(): boolean;
}

async function statusOf(path: string): Promise<Status | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}

async function writeAll(
  handle: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  signal: WriteFileOptions["signal"],
): Promise<number> {
  let total = 0;
  for await (const chunk of chunks) {
    if (signal?.aborted === true) throw signal.reason;
    for (let start = 0; start < chunk.length;) {
      const { bytesWritten } = await handle.write(chunk, start);
      start += bytesWritten;
    }
    total += chunk.length;
  }
  if (signal?.aborted === true) throw signal.reason;
  return total;
}

/** What the file had before: its permissions, and its owner as far as this process may give files away. */
async function takeOver(handle: FileHandle, before: Status): Promise<void> {
  // Windows has none of it.
  if (process.platform === "win32") return;
  const own = await handle.stat();
  if (own.uid !== before.uid || own.gid !== before.gid) {
    await handle.chown(before.uid, before.gid).catch(() => undefined);
  }
  await handle.chmod(before.mode & 0o7777);
}

/** Makes a name last that was given in a folder, where folders can be opened. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Not on Windows.
  }
}

/**
 * Writes a file beside its place and then renames it: whoever opens the name finds the file of before or the new one,
 * whole. On failure there is nothing new. A link stays a link; what is no file, such as a pipe, is written into.
 *
 * @returns how many bytes were written
 */
export async function replaceFile(
  path: FilePath,
  chunks: AsyncIterable<Uint8Array>,
  options: WriteFileOptions = {},
): Promise<number> {
  const named = pathOf(path);
  const before = await statusOf(named);
  if (before !== undefined && !before.isFile()) {
    const handle = await open(named, "w");
    try {
      return await writeAll(handle, chunks, options.signal);
    } finally {
      await handle.close();
    }
  }
  const target = before === undefined ? named : await realpath(named);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
  const handle = await open(temporary, "wx", options.mode ?? 0o666);
  try {
    let total: number;
    try {
      total = await writeAll(handle, chunks, options.signal);
      if (before !== undefined) await takeOver(handle, before);
      if (options.fsync === true) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
    if (options.fsync === true) await syncFolder(dirname(target));
    return total;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}
