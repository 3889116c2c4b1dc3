import { toBytes } from "../bytes/input.ts";
import { failure } from "../bytes/failure.ts";
import { startOf, type StartOptions, type ToolInput } from "./tool-input.ts";
import { type Finding, Findings, NOBODY, type Reader } from "./verify/findings.ts";
import { Machine } from "./verify/machine.ts";
import { Memo } from "./verify/memo.ts";
import { Context, type ReaderOptions } from "./verify/context.ts";
import { verifyPickle } from "./verify/verifier.ts";

/** What the pickle will be read with, and how much is told. */
export interface VerifyOptions extends StartOptions {
  /** How the reader decodes the 8-bit strings of Python 2, as for `loads`; `"ASCII"` unless given. */
  readonly encoding?: string | undefined;
  /** What the reader does with what is not in that encoding, as for `loads`; `"strict"` unless given. */
  readonly errors?: string | undefined;
  /** Whether the reader is given a `persistentLoad`. */
  readonly persistentIds?: boolean | undefined;
  /** Whether the reader is given `buffers`, enough of them. */
  readonly buffers?: boolean | undefined;
  /** Whether the reader is given `extensions`, all there are. */
  readonly extensions?: boolean | undefined;
  /** Whether the pickles of the data share a memo, as those that one `Pickler` wrote. */
  readonly sharedMemo?: boolean | undefined;
  /** How many findings of one kind are told; 100 unless given. The rest is counted. */
  readonly limit?: number | undefined;
}

/** What {@link verify} found. */
export interface Verification {
  /** What was found, in the order of the offsets. */
  readonly findings: readonly Finding[];
  /** How many of them are errors. */
  readonly errors: number;
  /** How many of them are warnings. */
  readonly warnings: number;
  /** How many of them are notes. */
  readonly notes: number;
  /** How many more there are, beyond `limit`. */
  readonly omitted: number;
  /** Who refuses something in the data, given what the options say. */
  readonly refusedBy: readonly Reader[];
  /** How many pickles the data has. */
  readonly pickles: number;
  /** Where the last of them ends; `undefined` if that cannot be told. */
  readonly end: number | undefined;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const PROTO = 0x80;
const DEFAULT_LIMIT = 100;

/** Whether nothing but one line end is left. */
function isLineEnd(bytes: Uint8Array, at: number): boolean {
  const left = bytes.length - at;
  return (
    (left === 1 && bytes[at] === LINE_FEED) ||
    (left === 2 && bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED)
  );
}

function limitOf({ limit = DEFAULT_LIMIT }: VerifyOptions): number {
  if (limit === Infinity || (Number.isSafeInteger(limit) && limit > 0)) return limit;
  throw failure("invalid-input", `limit must be a whole number above 0, not ${limit}`, "ValueError");
}

/**
 * Finds every irregularity of the pickles in `data`, not only the first: in stack, MARKs and memo, frames and protocol,
 * operands, what comes behind STOP, and wherever CPython's unpickler in C, its twin in Python and `pickletools.dis`
 * disagree. Nothing is constructed, imported or called, and what a class would do is not known: an object is taken to
 * accept whatever is done to it.
 *
 * @throws UnpicklingError `invalid-input` for what is no binary data, or an option that has no such value.
 * @example
 * verify(Uint8Array.of(0x5d, 0x28, 0x2e)).findings.map(({ code }) => code); // [ 'below-mark', … ]
 */
export function verify(data: ToolInput, options: VerifyOptions = {}): Verification {
  const bytes = toBytes(data);
  const limit = limitOf(options);
  const reader: ReaderOptions = {
    encoding: options.encoding ?? "ASCII",
    errors: options.errors ?? "strict",
    persistentIds: options.persistentIds ?? false,
    buffers: options.buffers ?? false,
    extensions: options.extensions ?? false,
    sharedMemo: options.sharedMemo ?? false,
  };
  const findings: Finding[] = [];
  const counts = new Map<string, number>();
  let omitted = 0;
  let start = startOf(options);
  let end: number | undefined;
  let pickles = 0;
  let memo = new Memo();
  let machine = new Machine();

  const keep = (found: Findings): void => {
    for (const finding of found.take()) findings.push(finding);
    omitted += found.omitted;
  };

  for (;;) {
    const number = pickles + 1;
    const found = new Findings(number, limit, counts);
    if (reader.sharedMemo) machine.reset();
    else if (number > 1) {
      memo = new Memo();
      machine = new Machine();
    }
    const stop = verifyPickle(new Context(bytes, start, found, reader, memo, machine));
    if (number > 1 && !looksLikePickle(bytes, start, stop, found.hasError && !reader.sharedMemo)) {
      const trailing = new Findings(pickles, limit, counts);
      const left = bytes.length - start;
      trailing.add(
        "trailing-bytes",
        { offset: start, opcode: undefined },
        NOBODY,
        `${left} ${left === 1 ? "byte" : "bytes"} behind STOP that ${left === 1 ? "is" : "are"} no pickle`,
      );
      keep(trailing);
      break;
    }
    if (number > 1) {
      const place = { offset: start, opcode: undefined };
      found.tally("another-pickle", "note", place, NOBODY, "", () => `pickle ${number} begins here`);
    }
    keep(found);
    pickles++;
    if (stop < 0) {
      end = undefined;
      break;
    }
    start = end = stop;
    if (stop === bytes.length) break;
    if (isLineEnd(bytes, stop)) {
      const trailing = new Findings(pickles, limit, counts);
      const place = { offset: stop, opcode: undefined };
      trailing.tally("trailing-newline", "note", place, NOBODY, "", () => "a line end behind STOP");
      keep(trailing);
      break;
    }
  }
  return summary(findings, omitted, pickles, end);
}

/** Whether what begins behind a pickle is another: it says so by a PROTO that there is, or makes sense up to its STOP. */
function looksLikePickle(bytes: Uint8Array, start: number, stop: number, isWrong: boolean): boolean {
  if (bytes[start] === PROTO && start + 1 < bytes.length && (bytes[start + 1] as number) <= 5) return true;
  return stop >= 0 && !isWrong;
}

function summary(
  findings: Finding[],
  omitted: number,
  pickles: number,
  end: number | undefined,
): Verification {
  const refusing = new Set<Reader>();
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { severity, refusedBy } of findings) {
    counts[severity]++;
    for (const reader of refusedBy) refusing.add(reader);
  }
  const readers: readonly Reader[] = ["c", "python", "pickletools"];
  return {
    findings,
    errors: counts.error,
    warnings: counts.warning,
    notes: counts.note,
    omitted,
    refusedBy: readers.filter((reader) => refusing.has(reader)),
    pickles,
    end,
  };
}
