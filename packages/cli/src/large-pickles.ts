import { UnpicklingError } from "brine/core";
import type { Source } from "./each-input.ts";
import { InputError } from "./input.ts";
import { LARGE, type LargeFile } from "./large-file.ts";
import { BadPickle, isEnd, type Pickle, readPickles, type ReadOptions } from "./pickles.ts";

/** No more is held of one pickle: what is in it takes several times that. */
const LARGEST = 2 ** 32 - 1;

/** A pickle that is not to be held in memory. */
export class LargePickle extends InputError {
  /** From 1. */
  readonly number: number;
  /** Where it begins, in bytes. */
  readonly start: number;

  constructor(number: number, start: number) {
    super(`pickle ${number}, at byte ${start}, is too large to be held in memory. Try --items, or brine get`);
    this.number = number;
    this.start = start;
  }
}

type FallBack = (reason: UnpicklingError) => void;

function moved(error: UnpicklingError, by: number): UnpicklingError {
  const { code, words, offset, opcode, path, pythonException, advice, cause } = error;
  return new UnpicklingError(code, words, {
    offset: offset === undefined ? undefined : offset + by,
    opcode,
    path,
    pythonException,
    advice,
    cause,
  });
}

/** The pickles of a file by a memo in common: for that it is held as a whole. */
function* readTogether(
  file: LargeFile,
  options: ReadOptions,
  first: number,
  fallBack: FallBack | undefined,
): Generator<Pickle, void> {
  if (file.size > LARGEST)
    throw new InputError("its pickles refer to those before, and it is too large to be held in memory");
  for (const pickle of readPickles(file.whole(), { ...options, sharedMemo: true }, fallBack))
    if (pickle.number >= first) yield pickle;
}

/** How {@link readLargePickles} goes about it. */
export interface LargeOptions {
  /** How many bytes are held at once; a pickle that is longer is given more. */
  readonly window?: number;
  /** Whether it is an error instead, a {@link LargePickle}. */
  readonly refusesLarge?: boolean;
  /** How many pickles were before. */
  readonly before?: number;
}

/**
 * `readPickles` of a file that is larger than memory: a part of it is held at a time.
 *
 * @throws BadPickle, LargePickle, InputError
 */
export function* readLargePickles(
  file: LargeFile,
  options: ReadOptions,
  fallBack?: FallBack,
  { window = LARGE, refusesLarge = false, before = 0 }: LargeOptions = {},
): Generator<Pickle, void> {
  if (options.sharedMemo === true) {
    yield* readTogether(file, options, 1, fallBack);
    return;
  }
  let start = options.from ?? 0;
  let count = before;
  let length = window;
  let { encoding } = options;
  for (;;) {
    const base = start;
    const bytes = file.read(base, length);
    const isRest = base + bytes.length >= file.size;
    if (isRest && count > 0 && isEnd(bytes, 0)) return;
    const told =
      fallBack &&
      ((reason: UnpicklingError): void => {
        encoding = "latin1";
        fallBack(moved(reason, base));
      });
    try {
      const settings = { ...options, encoding, from: 0, standsAlone: true };
      for (const pickle of readPickles(bytes, settings, told)) {
        start = base + pickle.end;
        length = window;
        count++;
        const alone = count === 1 && isRest && pickle.alone;
        yield { ...pickle, number: count, start: base + pickle.start, end: start, alone };
      }
      if (isRest) return;
    } catch (error) {
      if (!(error instanceof BadPickle)) throw error;
      // What is behind the window may tell otherwise.
      if (start > base && !isRest) continue;
      const { code } = error.cause;
      if (code === "missing-memo" && count > 0) {
        yield* readTogether(file, { ...options, encoding }, count + 1, fallBack);
        return;
      }
      // What it holds may take more memory than is allowed, though a part of it would not.
      if (refusesLarge && code === "limit-exceeded") throw new LargePickle(count + 1, start);
      if (isRest || (code !== "truncated" && code !== "no-data"))
        throw new BadPickle(count + 1, start, moved(error.cause, base));
      if (refusesLarge || length >= LARGEST) throw new LargePickle(count + 1, start);
      length = Math.min(2 * length, LARGEST);
    }
  }
}

/** The pickles of a file, however large it is. */
export function picklesOf(
  source: Source,
  options: ReadOptions,
  fallBack?: FallBack,
): Generator<Pickle, void> {
  return source instanceof Uint8Array
    ? readPickles(source, options, fallBack)
    : readLargePickles(source, options, fallBack);
}
