import { explanations, type FindingCode } from "./explanations.ts";

/**
 * A reader of pickles: `"c"` is `pickle.loads` of CPython, its unpickler in C; `"python"` is `pickle._Unpickler`, its
 * twin in Python; `"pickletools"` is `pickletools.dis`. All of them as in CPython 3.13.
 */
export type Reader = "c" | "python" | "pickletools";

/**
 * How bad a finding is. `"error"`: CPython cannot load the pickle, whatever it is given. `"warning"`: it loads, but not
 * everywhere, not without being given something, or it may not mean what it seems to. `"note"`: fine, but unusual or a
 * waste.
 */
export type Severity = "error" | "warning" | "note";

/** One irregularity of a pickle. */
export interface Finding {
  /** What it is, for programs. */
  readonly code: FindingCode;
  /** How bad it is. */
  readonly severity: Severity;
  /** Which pickle of the data it is in, from 1. */
  readonly pickle: number;
  /** Where the opcode stands, in bytes from the start of the data; the first one's, if `count` is above 1. */
  readonly offset: number;
  /** Name of the opcode; `undefined` where there is none: at the end, or on a byte that is no opcode. */
  readonly opcode: string | undefined;
  /** What is wrong here, and what to do. */
  readonly message: string;
  /** What findings of this code mean, and why readers disagree. */
  readonly explanation: string;
  /** Who refuses the pickle for it. */
  readonly refusedBy: readonly Reader[];
  /** How many opcodes it speaks of: what is alike and only noted is told once. */
  readonly count: number;
  /** Whether an error before it left the stack or the memo in doubt, so that it may only follow from that. */
  readonly isConsequence: boolean;
}

/** {@link Finding.refusedBy} as bits. */
export const C = 1;
export const PYTHON = 2;
export const PICKLETOOLS = 4;
export const UNPICKLERS: number = C | PYTHON;
export const ALL: number = C | PYTHON | PICKLETOOLS;
export const NOBODY = 0;

const readers: readonly Reader[] = ["c", "python", "pickletools"];
const readersOf: readonly (readonly Reader[])[] = Array.from({ length: 8 }, (_, mask) =>
  Object.freeze(readers.filter((_reader, bit) => (mask & (1 << bit)) !== 0)),
);

/** Where a finding is. */
export interface Place {
  readonly offset: number;
  readonly opcode: string | undefined;
}

/** What an error before can lead to. */
const consequences: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "stack-underflow",
  "below-mark",
  "missing-mark",
  "open-mark",
  "stack-not-empty",
  "wrong-kind",
  "not-callable",
  "unhashable",
  "odd-items",
  "index-out-of-range",
  "unusual-kind",
  "empty-batch",
  "empty-state",
  "memo-of-mark",
  "memo-overwritten",
]);

interface Tally {
  readonly place: Place;
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly refusedBy: number;
  readonly tell: (count: number) => string;
  count: number;
}

const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Collects what is found in one pickle: of each kind no more than a limit, and what is only noted once. */
export class Findings {
  /** How many were left out, as there were too many of their kind. */
  omitted = 0;
  /** Whether an error left the stack or the memo in doubt. */
  inDoubt = false;
  /** Whether there is an error among them, but for what a memo in common would explain. */
  hasError = false;
  readonly #pickle: number;
  readonly #limit: number;
  readonly #found: Finding[] = [];
  readonly #counts: Map<string, number>;
  readonly #tallies = new Map<string, Tally>();

  /** @param counts - how many there are of each kind, shared by all pickles of the data. */
  constructor(pickle: number, limit: number, counts: Map<string, number>) {
    this.#pickle = pickle;
    this.#limit = limit;
    this.#counts = counts;
  }

  /** One finding. What the C unpickler refuses whatever it is given is an error. */
  add(code: FindingCode, place: Place, refusedBy: number, message: string): void {
    if ((refusedBy & C) !== 0 && code !== "memo-missing") this.hasError = true;
    this.#push(code, (refusedBy & C) !== 0 ? "error" : "warning", place, refusedBy, message, 1);
  }

  /** One finding about the opcodes of the same `key`; `tell` words it once their number is known. */
  tally(
    code: FindingCode,
    severity: Severity,
    place: Place,
    refusedBy: number,
    key: string,
    tell: (count: number) => string,
  ): void {
    const id = `${code} ${key}`;
    const tally = this.#tallies.get(id);
    if (tally === undefined) this.#tallies.set(id, { code, severity, place, refusedBy, tell, count: 1 });
    else tally.count++;
  }

  /** All of them, in the order of their offsets. */
  take(): Finding[] {
    for (const { code, severity, place, refusedBy, tell, count } of this.#tallies.values())
      this.#push(code, severity, place, refusedBy, tell(count), count);
    return this.#found.sort((a, b) => a.offset - b.offset || order[a.severity] - order[b.severity]);
  }

  #push(
    code: FindingCode,
    severity: Severity,
    { offset, opcode }: Place,
    refusedBy: number,
    message: string,
    count: number,
  ): void {
    const key = `${code} ${severity} ${refusedBy}`;
    const before = this.#counts.get(key) ?? 0;
    if (before >= this.#limit) {
      this.omitted += count;
      return;
    }
    this.#counts.set(key, before + 1);
    this.#found.push({
      code,
      severity,
      pickle: this.#pickle,
      offset,
      opcode,
      message,
      explanation: explanations[code],
      refusedBy: readersOf[refusedBy] as readonly Reader[],
      count,
      isConsequence: this.inDoubt && consequences.has(code),
    });
  }
}
