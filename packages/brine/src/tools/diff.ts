import { failure, tooLarge } from "../bytes/failure.ts";
import { toBytes } from "../bytes/input.ts";
import { Canon } from "./diff/canon.ts";
import { Comparison } from "./diff/compare.ts";
import type { DiffKind, DiffRow, DiffValue } from "./diff/rows.ts";
import { ValueReader } from "./diff/read-values.ts";
import { isSame, LIST, Store } from "./diff/store.ts";
import type { ToolInput } from "./tool-input.ts";

/** What {@link diff} minds. */
export interface DiffOptions {
  /** How the 8-bit strings of Python 2 are decoded, as for `loads`; `"latin1"` unless given. */
  readonly encoding?: string | undefined;
  /** Whether it is told which equal values are one object in the one pickle and several in the other. */
  readonly sharing?: boolean | undefined;
  /** Whether all pickles of the data are compared, and not only the first: as a list of them, unless there is one in each. */
  readonly all?: boolean | undefined;
  /** How many rows there may be; 10,000 unless given. The rest is counted. */
  readonly limit?: number | undefined;
}

/** What {@link diff} found. */
export interface Difference {
  /** Whether there is no difference. */
  readonly equal: boolean;
  /** What differs, in the order of the values. */
  readonly rows: readonly DiffRow[];
  /** How many more rows there are, beyond `limit`. */
  readonly omitted: number;
}

const DEFAULT_LIMIT = 10_000;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Whether nothing is left but a line end. */
function isEnd(bytes: Uint8Array, at: number): boolean {
  const left = bytes.length - at;
  if (left > 2 || (left > 0 && bytes.at(-1) !== LINE_FEED)) return false;
  return left < 2 || bytes[at] === CARRIAGE_RETURN;
}

/** The values of the pickles in the data. */
function readValues(store: Store, bytes: Uint8Array, encoding: string, all: boolean): number[] {
  const reader = new ValueReader(store, bytes, 0, encoding);
  const values = [reader.read()];
  if (all) while (!isEnd(bytes, reader.end)) values.push(reader.read());
  return values;
}

function limitOf({ limit = DEFAULT_LIMIT }: DiffOptions): number {
  if (limit === Infinity || (Number.isSafeInteger(limit) && limit > 0)) return limit;
  throw failure("invalid-input", `limit must be a whole number above 0, not ${limit}`, "ValueError");
}

/**
 * What differs between the values of two pickles, by path. How they are written makes no difference: protocols, frames,
 * memo, and what older protocols write as calls (bytes, sets, `copyreg._reconstructor`) count as the values they stand
 * for. No class is loaded: instances are compared by class, arguments, state, items and entries. Keys of dicts and
 * elements of sets are equal as in Python, values only if their types are too. Cycles are followed once.
 *
 * @throws UnpicklingError for what is no whole pickle, with the offset; `invalid-input` for what is no binary data;
 *   `unrepresentable` for what is beyond the engine.
 * @example
 * diff(dumps({ a: 1, b: [1, 2] }), dumps({ a: 2, b: [2] })).rows.map(({ path, kind }) => `${kind} ${path}`);
 */
export function diff(before: ToolInput, after: ToolInput, options: DiffOptions = {}): Difference {
  const { encoding = "latin1", sharing = false, all = false } = options;
  const [one, other] = [toBytes(before), toBytes(after)];
  const limit = limitOf(options);
  try {
    return compared(one, other, encoding, sharing, all, limit);
  } catch (error) {
    // A text that stands for a container, or an array, is longer than the engine allows.
    throw error instanceof RangeError ? tooLarge(error) : error;
  }
}

function compared(
  one: Uint8Array,
  other: Uint8Array,
  encoding: string,
  sharing: boolean,
  all: boolean,
  limit: number,
): Difference {
  if (isSame(one, other)) {
    // Only that it can be read is of interest.
    readValues(new Store(), one, encoding, all);
    return { equal: true, rows: [], omitted: 0 };
  }
  const store = new Store();
  const canon = new Canon(store);
  const values = readValues(store, one, encoding, all);
  const others = readValues(store, other, encoding, all);
  const root = (nodes: number[]): number =>
    values.length === 1 && others.length === 1 ? (nodes[0] as number) : store.add(LIST, nodes);
  const [first, second] = [root(values), root(others)];
  canon.add(first);
  canon.add(second);
  const comparison = new Comparison(store, canon, limit, sharing);
  comparison.run(first, second);
  const { rows, omitted } = comparison;
  return { equal: rows.length === 0, rows, omitted };
}

const signs: Readonly<Record<DiffKind, string>> = {
  added: "+",
  removed: "-",
  changed: "~",
  "type-changed": "!",
  moved: ">",
  sharing: "&",
};

const typed = ({ type, text }: DiffValue): string => `${type} ${text}`;

/**
 * One row of a {@link diff} as a line: a sign (+ added, - removed, ~ changed, ! of another type, > moved, & shared with
 * something else), the path, and the values.
 *
 * @example
 * diffLine(row); // "~ $.users[3].name: 'Ada' → 'Eva'"
 */
export function diffLine({ kind, path, newPath, before, after }: DiffRow): string {
  const place = newPath === undefined ? path : `${path} → ${newPath}`;
  const show = kind === "type-changed" ? typed : ({ text }: DiffValue): string => text;
  if (kind === "moved") return `${signs[kind]} ${place}: ${(before as DiffValue).text}`;
  const values = [before, after].filter((value) => value !== undefined).map(show);
  return `${signs[kind]} ${place}: ${values.join(" → ")}`;
}
