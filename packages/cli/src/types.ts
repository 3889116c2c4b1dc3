import { closeSync, openSync, readSync, statSync } from "node:fs";
import { Unpickler, UnpicklingError } from "brine/core";
import { items, load, loadAll, readFile } from "brine/node";
import { printTypeScript, printZod, TypeInference } from "brine/schema";
import { compressionOf } from "brine/stream";
import { genops } from "brine/tools";
import { stdlib } from "brine/types";
import { eachFile } from "./each-file.ts";
import { failureLine } from "./failure.ts";
import { asInputError, InputError } from "./input.ts";
import { Output } from "./output.ts";
import { readPickles, type ReadOptions } from "./pickles.ts";
import { withOutput } from "./result-file.ts";
import { everyBuffer, EveryExtension, PersistentId } from "./stand-ins.ts";

/** The options of `brine types`. */
export interface TypesOptions extends ReadOptions {
  /** Whether a schema for zod is written, in the place of declarations. */
  readonly zod?: boolean | undefined;
  /** Whether instances are shown by their attributes alone. */
  readonly attributes?: boolean | undefined;
  /** Name of the whole value. */
  readonly root?: string | undefined;
  /** Whether strs that are few and come often are literal types. */
  readonly literals: boolean;
  readonly output?: string | undefined;
}

/** A file that is larger is not held in memory. */
const LARGE = 1 << 26;
/** A pickle of such a file that is smaller is loaded whole. */
const SMALL = 1 << 23;

/** Whether a file is to be read in pieces. One that is compressed has been decompressed already. */
function isLarge(file: string): boolean {
  if (file === "-") return false;
  const status = statSync(file, { throwIfNoEntry: false });
  return (
    status !== undefined &&
    status.isFile() &&
    status.size > LARGE &&
    compressionOf(beginOf(file, 0, 16)) === undefined
  );
}

function beginOf(file: string, position: number, length: number): Uint8Array {
  const descriptor = openSync(file, "r");
  try {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
  } finally {
    closeSync(descriptor);
  }
}

/** The container that a pickle is, if its first opcode says so. */
function containerOf(bytes: Uint8Array): "list" | "dict" | "set" | undefined {
  let at = 0;
  if (bytes[at] === 0x80) at += 2;
  if (bytes[at] === 0x95) at += 9;
  const opcode = String.fromCharCode(bytes[at] ?? 0);
  return opcode === "]" ? "list" : opcode === "}" ? "dict" : opcode === "\x8f" ? "set" : undefined;
}

/** Whether the pickle that begins there is small. */
function isSmall(file: string, position: number, settings: object): boolean {
  try {
    new Unpickler(beginOf(file, position, SMALL), settings).load();
    return true;
  } catch (error) {
    // What else is wrong is told when it is read.
    return !(error instanceof UnpicklingError && ["truncated", "no-data"].includes(error.code));
  }
}

/** Where the pickle that begins there ends. */
async function endOf(file: string, start: number): Promise<number> {
  let end = start;
  for await (const { position } of genops(readFile(file), { start })) end = position;
  return end + 1;
}

/** Adds the pickles of a large file, none of which is held whole if it is a list, a dict or a set. */
async function addLarge(inference: TypeInference, file: string, options: TypesOptions): Promise<void> {
  const { encoding, errors, maxMemory, from = 0 } = options;
  const settings = {
    exact: true,
    types: stdlib,
    persistentLoad: (id: unknown): unknown => new PersistentId(id),
    extensions: new EveryExtension(),
    buffers: everyBuffer(),
    limits: { allocation: maxMemory },
    encoding,
    errors,
  };
  const { size } = statSync(file);
  for (let start = from; start < size;) {
    if (isSmall(file, start, settings)) {
      for await (const value of loadAll(file, { ...settings, start })) inference.add(value);
      return;
    }
    const kind = containerOf(beginOf(file, start, 16));
    if (kind === undefined) inference.add(await load(file, { ...settings, start }));
    else {
      const add = inference.addContainer(kind);
      for await (const item of items(file, { ...settings, start })) add(item);
    }
    start = await endOf(file, start);
  }
}

/** `brine types`: writes declarations for what the pickles of all files hold. The exit status is returned. */
export async function types(files: readonly string[], options: TypesOptions): Promise<number> {
  const { root, literals, zod, attributes, output: path } = options;
  const inference = new TypeInference({ root, maxLiterals: literals ? undefined : 0 });
  let status = 0;
  let count = 0;
  for (const file of files) {
    if (isLarge(file)) {
      try {
        await addLarge(inference, file, options);
        count++;
      } catch (error) {
        const reason = error instanceof UnpicklingError ? new InputError(error.message) : asInputError(error);
        console.error(failureLine(reason, file, undefined));
        status = 1;
      }
      continue;
    }
    const failed = eachFile([file], new Output(), (bytes) => {
      for (const { value } of readPickles(bytes, { ...options, types: stdlib }, (reason) => {
        console.error(
          `brine: ${file}: at byte ${reason.offset}: a Python 2 string that is not ASCII; such strings are taken as latin1, see --encoding`,
        );
      })) {
        inference.add(value);
        count++;
      }
    });
    status ||= failed;
  }
  // Of nothing there is no type.
  if (count === 0) return status;
  const found = inference.types();
  const text =
    zod === true
      ? printZod(found)
      : printTypeScript(found, { instances: attributes === true ? "attributes" : "object" });
  const written = withOutput(path, (output) => {
    output.write(text);
    output.flush();
    return 0;
  });
  return status || written;
}
