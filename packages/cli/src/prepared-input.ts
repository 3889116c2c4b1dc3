import {
  closeSync,
  createReadStream,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bz2 } from "brine/bz2";
import { lz4 } from "brine/lz4";
import { compressionOf, decompress, UnpicklingError } from "brine/node";
import { lzma, xz } from "brine/xz";
import { zstd } from "brine/zstd";
import { asInputError, InputError, readInput } from "./input.ts";
import { atInterrupt } from "./interrupt.ts";
import { LARGE, LargeFile } from "./large-file.ts";

/** What the command line says of compressed input. */
export interface PrepareOptions {
  /** Of a zip archive. */
  readonly member?: string | undefined;
  /** In bytes; the usual limits unless set. */
  readonly maxMemory?: number | undefined;
  /** Whether the input is read item by item, and nothing is to be prepared. */
  readonly items?: boolean | undefined;
}

/** All the formats that the library knows. */
export const codecs = [bz2, xz, lzma, lz4, zstd];

/** Read at a time of what is compressed. */
const CHUNK = 1 << 18;

/** Enough to know any of them. */
const HEAD = 16;

/** What came of a compressed file: all of it, or what comes before the error. */
interface Prepared {
  readonly bytes: Uint8Array;
  readonly error: InputError | undefined;
  /** Where they are in the place of `bytes`, if they are many. */
  readonly spooled?: string;
}

const prepared = new Map<string, Prepared>();

/** The settings that the options stand for. */
function decompressionOptions({ member, maxMemory }: PrepareOptions): Parameters<typeof decompress>[1] {
  return {
    codecs,
    member,
    limits: maxMemory === undefined ? undefined : { inflated: maxMemory, ratio: Infinity },
  };
}

function headOf(file: string): Uint8Array {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    // What is no file is not to be touched before it is read.
    if (!fstatSync(descriptor).isFile()) return new Uint8Array(0);
    const head = new Uint8Array(HEAD);
    return head.subarray(0, readSync(descriptor, head));
  } catch {
    // Whoever reads it tells why it cannot be.
    return new Uint8Array(0);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** An error of compressed data, for the terminal. */
function compressionFailure(error: UnpicklingError): InputError {
  const { words, advice, offset, code } = error;
  const what = words
    .replace(/than limits\.inflated, (\d+) bytes/, "than $1 bytes")
    .replace(/limits\.ratio, /, "the limit of ");
  const todo =
    code === "limit-exceeded"
      ? "If you trust the file, allow more: --max-memory 8G"
      : code === "missing-member"
        ? advice?.replace("Name one in the option member", "Name one: --member NAME")
        : advice;
  const at = offset === undefined || offset === 0 ? "" : `at byte ${offset}: `;
  return new InputError(`${at}${what}${todo === undefined ? "" : `. ${todo}`}`);
}

/** A temporary file for what is too much to be held in memory: gone when the command ends, however it does. */
class Spool {
  readonly path: string;
  readonly #descriptor: number;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), "brine-"));
    this.path = join(folder, "decompressed");
    const remove = (): void => rmSync(folder, { recursive: true, force: true });
    process.on("exit", remove);
    atInterrupt(remove);
    this.#descriptor = openSync(this.path, "wx", 0o600);
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at);
  }

  end(): void {
    closeSync(this.#descriptor);
  }
}

async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Prepared> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let spool: Spool | undefined;
  let error: InputError | undefined;
  try {
    for await (const chunk of chunks) {
      length += chunk.length;
      if (spool === undefined && length > LARGE) {
        spool = new Spool();
        for (const part of parts.splice(0)) spool.write(part);
      }
      if (spool === undefined) parts.push(chunk);
      else spool.write(chunk);
    }
  } catch (reason) {
    if (reason instanceof UnpicklingError) error = compressionFailure(reason);
    else if ((reason as NodeJS.ErrnoException).syscall !== undefined) error = asInputError(reason);
    else throw reason;
  }
  if (spool === undefined) return { bytes: Buffer.concat(parts), error };
  spool.end();
  return { bytes: new Uint8Array(0), error, spooled: spool.path };
}

/** Decompresses those of the files that are compressed, and reads standard input; {@link takeInput} has them then. */
export async function prepareInputs(files: readonly string[], options: PrepareOptions): Promise<void> {
  const settings = decompressionOptions(options);
  for (const file of files) {
    if (prepared.has(file)) continue;
    const isInput = file === "-";
    if (!isInput && compressionOf(headOf(file)) === undefined) continue;
    const { Progress } = await import("./progress.ts");
    const progress = isInput
      ? new Progress("standard input")
      : new Progress(file, statSync(file, { throwIfNoEntry: false })?.size);
    const chunks: AsyncIterable<Uint8Array> = isInput
      ? process.stdin
      : createReadStream(file, { highWaterMark: CHUNK });
    try {
      prepared.set(file, await collected(decompress(progress.of(chunks), settings)));
    } finally {
      progress.end();
    }
  }
}

/** The bytes of a file, decompressed, and the error that ends them. Throws {@link InputError}. */
export function takeInput(file: string): Prepared {
  const known = prepared.get(file);
  if (known === undefined) return { bytes: readInput(file), error: undefined };
  // Standard input can be read but once.
  if (file !== "-") prepared.delete(file);
  return known.spooled === undefined ? known : { bytes: readInput(known.spooled), error: known.error };
}

/** As {@link takeInput}, for what can be read part by part: of a large file, where to read it. */
export function takeSource(file: string): {
  readonly source: Uint8Array | LargeFile;
  readonly error: InputError | undefined;
} {
  const known = prepared.get(file);
  const path = known === undefined ? file : known.spooled;
  try {
    const isLarge =
      path !== undefined &&
      path !== "-" &&
      (known !== undefined || (statSync(path).isFile() && statSync(path).size > LARGE));
    if (isLarge) return { source: new LargeFile(path), error: known?.error };
  } catch (error) {
    throw asInputError(error);
  }
  const { bytes, error } = takeInput(file);
  return { source: bytes, error };
}
