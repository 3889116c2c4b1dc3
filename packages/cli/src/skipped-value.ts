import { type LoadOptions, UnpicklingError } from "brine/core";
import { get } from "brine/stream";
import { genops } from "brine/tools";
import { InputError } from "./input.ts";
import { breath } from "./interrupt.ts";
import type { LargeFile } from "./large-file.ts";
import { Progress } from "./progress.ts";
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
  const progress = new Progress("reading");
  const source = {
    byteLength: file.size,
    async slice(from: number, to: number): Promise<Uint8Array> {
      await breath();
      progress.add(to - from);
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
  } finally {
    progress.end();
  }
}

/**
 * Where the pickle at `start` ends.
 *
 * @throws InputError
 */
export async function skipPickle(file: LargeFile, start: number): Promise<number> {
  const progress = new Progress("reading");
  const parts = function* (): Generator<Uint8Array, void> {
    for (const part of file.parts(start)) {
      progress.add(part.length);
      yield part;
    }
  };
  let end = start;
  let count = 0;
  try {
    for await (const op of genops(parts())) {
      end = start + op.end;
      if ((++count & 0xffff) === 0) await breath();
    }
    return end;
  } catch (error) {
    if (!(error instanceof UnpicklingError)) throw error;
    const at = error.offset === undefined ? "" : `at byte ${start + error.offset}: `;
    throw new InputError(`${at}${error.words}`);
  } finally {
    progress.end();
  }
}
