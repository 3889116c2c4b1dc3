import { type LoadOptions, UnpicklingError } from "brine/core";
import { get } from "brine/stream";
import { genops } from "brine/tools";
import { InputError } from "./input.ts";
import { breath } from "./interrupt.ts";
import type { LargeFile } from "./large-file.ts";
import type { ReadOptions } from "./pickles.ts";
import { standardTypes } from "./standard-values.ts";
import { everyBuffer, EveryExtension, PersistentId } from "./stand-ins.ts";
import type { Step } from "./value-path.ts";

/**
 * What is at a path of the pickle at `start`, without the rest of it.
 *
 * @throws InputError
 */
export async function valueIn(
  file: LargeFile,
  start: number,
  steps: readonly Step[],
  options: ReadOptions,
): Promise<unknown> {
  const path = steps.map((one) => {
    if (typeof one === "string") return one;
    if (one < 0n) throw new InputError("of a pickle this large, items are counted from the first one");
    return Number(one);
  });
  const source = {
    byteLength: file.size,
    async slice(from: number, to: number): Promise<Uint8Array> {
      await breath();
      return file.read(from, to - from);
    },
  };
  const settings = {
    exact: true,
    types: standardTypes,
    persistentLoad: (id: unknown): unknown => new PersistentId(id),
    extensions: new EveryExtension(),
    buffers: everyBuffer(),
    start,
    limits: { allocation: options.maxMemory },
    encoding: options.encoding,
    errors: options.errors,
  } satisfies LoadOptions & { start: number };
  try {
    return await get(source, path, settings);
  } catch (error) {
    if (error instanceof UnpicklingError) throw new InputError(error.message);
    throw error;
  }
}

/** Read at a time to skip a pickle. */
const PART = 1 << 22;

/**
 * Where the pickle at `start` ends. By parts that are at hand: 98 MB of small opcodes a second, of which an asynchronous
 * iterator of chunks gives 3.
 *
 * @throws InputError
 */
export async function skipPickle(file: LargeFile, start: number, part: number = PART): Promise<number> {
  for (let base = start, length = part; ;) {
    const bytes = file.read(base, length);
    let end = 0;
    try {
      for (const op of genops(bytes)) ({ end } = op);
      return base + end;
    } catch (error) {
      if (!(error instanceof UnpicklingError)) throw error;
      const { code, offset, words } = error;
      const isRest = base + bytes.length >= file.size;
      if (isRest || (code !== "truncated" && code !== "no-data")) {
        const at = offset === undefined ? "" : `at byte ${base + offset}: `;
        throw new InputError(`${at}${words}`);
      }
    }
    // An opcode that is longer than the part.
    length = end === 0 ? 4 * length : part;
    base += end;
    await breath();
  }
}
