import { existsSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { genops, UnpicklingError } from "brine/tools";
import { toldAt } from "./dis.ts";
import { type Source, watchReading } from "./each-input.ts";
import { failureLine } from "./failure.ts";
import { InputError } from "./input.ts";
import { breath } from "./interrupt.ts";
import { LARGE, LargeFile } from "./large-file.ts";
import { BadPickle, isEnd } from "./pickles.ts";
import { takeSource } from "./prepared-input.ts";
import { withOutputOf } from "./result-file.ts";
import { skipPickle } from "./skipped-value.ts";

/** The options of `brine split`. */
export interface SplitOptions {
  /** The folder for the parts; where the command was started unless set. */
  readonly directory?: string | undefined;
  /** How many pickles each part has; 1 unless set. */
  readonly every?: number | undefined;
  /** Where the first pickle begins, in bytes; 0 unless set. */
  readonly from?: number | undefined;
  /** Whether files that are there are written over. */
  readonly force?: boolean | undefined;
}

/** Where each pickle of the bytes ends; one line end behind the last is passed over. */
function* endsOf(bytes: Uint8Array, before: number): Generator<number, void> {
  let end = 0;
  for (let number = before + 1; end < bytes.length; number++) {
    const start = end;
    if (number > 1 && isEnd(bytes, start)) return;
    try {
      for (const op of genops(bytes, { start })) ({ end } = op);
    } catch (error) {
      if (error instanceof UnpicklingError) throw new BadPickle(number, start, error);
      throw error;
    }
    yield end;
  }
}

/**
 * Where each pickle of a file from a place on ends.
 *
 * @throws InputError with the number of the pickle that is none
 */
export async function* ends(
  source: Source,
  from: number = 0,
  window: number = LARGE,
): AsyncGenerator<number, void> {
  const size = source instanceof Uint8Array ? source.length : source.size;
  if (from > size) throw new InputError(`it has ${size} bytes: there is nothing at byte ${from}`);
  let start = from;
  for (let count = 0; start < size;) {
    const base = start;
    const bytes = source instanceof Uint8Array ? source.subarray(base) : source.read(base, window);
    const isRest = base + bytes.length >= size;
    try {
      for (const end of endsOf(bytes, count)) {
        count++;
        yield (start = base + end);
      }
      if (isRest) return;
    } catch (error) {
      if (!(error instanceof BadPickle)) throw error;
      // What is behind the window may tell otherwise.
      if (start > base && !isRest) continue;
      const { code, offset, words } = error.cause;
      if (isRest || source instanceof Uint8Array || (code !== "truncated" && code !== "no-data")) {
        const place = { words, offset: offset === undefined ? undefined : base + offset };
        throw new InputError(`pickle ${error.number}, ${toldAt(place).message}`);
      }
      count++;
      yield (start = await skipPickle(source, base));
    }
  }
}

/** The bytes from `start` to `end` in parts. */
export function partsOf(source: Source, start: number, end: number): Iterable<Uint8Array> {
  return source instanceof Uint8Array ? [source.subarray(start, end)] : source.parts(start, end);
}

/** `log.pkl.gz` → `log`. */
function stem(file: string): string {
  return file === "-"
    ? "part"
    : basename(file).replace(/(?<=.)(\.(pkl|pickle|p|joblib|gz|bz2|xz|lzma|zst|lz4|zz|zip))+$/i, "");
}

/** `brine split`: the pickles of a file, each in a file of its own. The names are printed. The exit status is returned. */
export async function split(file: string, options: SplitOptions): Promise<number> {
  const { directory = ".", every = 1, from: begin = 0, force = false } = options;
  if (every === 0) {
    console.error("brine: --every must be at least 1");
    return 2;
  }
  try {
    const { source, error: damage } = takeSource(file);
    if (damage !== undefined) throw damage;
    const all: number[] = [];
    const progress = source instanceof LargeFile ? await watchReading(source, file) : undefined;
    try {
      for await (const end of ends(source, begin)) all.push(end);
    } finally {
      progress?.end();
    }
    const parts = all.filter((_, index) => (index + 1) % every === 0 || index === all.length - 1);
    const digits = String(parts.length).length;
    const pathOf = (index: number): string =>
      join(directory, `${stem(file)}-${String(index + 1).padStart(digits, "0")}.pkl`);
    mkdirSync(directory, { recursive: true });
    if (!force) {
      const taken = parts.findIndex((_, index) => existsSync(pathOf(index)));
      if (taken >= 0) throw new InputError(`${pathOf(taken)} is there already: --force writes over it`);
    }
    let start = begin;
    for (const [index, end] of parts.entries()) {
      const from = start;
      const status = await withOutputOf(pathOf(index), async (output) => {
        for (const part of partsOf(source, from, end)) {
          output.writeBytes(part);
          await breath();
        }
        return 0;
      });
      if (status !== 0) return status;
      console.log(pathOf(index));
      start = end;
    }
    return 0;
  } catch (error) {
    console.error(failureLine(error, file, undefined));
    return 1;
  }
}
