import { bytesRepr } from "../python-repr.ts";
import { OpCursor } from "../../syntax/cursor.ts";
import * as op from "../../syntax/opcodes.ts";
import type { FindingCode } from "./explanations.ts";
import { C, type Findings, NOBODY, PICKLETOOLS, type Place, type Severity, UNPICKLERS } from "./findings.ts";
import { Frames } from "./frames.ts";
import { OPAQUE, type Machine } from "./machine.ts";
import type { Memo } from "./memo.ts";
import { readNumber } from "./numbers.ts";
import { PickletoolsStack, type StackProblem } from "./pickletools-stack.ts";
import type { TextNotes } from "./texts.ts";

/** What the reader of the pickle will be given. */
export interface ReaderOptions {
  readonly encoding: string;
  readonly errors: string;
  readonly persistentIds: boolean;
  readonly buffers: boolean;
  readonly extensions: boolean;
  /** Whether the next pickle may read what this one stores. */
  readonly sharedMemo: boolean;
}

/** Notes that are worth no more than that. */
const notes: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "undecidable",
  "idle-build",
  "frame-empty",
  "number-form",
  "proto-low",
]);

/** Where the verifier of one pickle stands, and all that the readers of the pickle keep: stack, MARKs, memo, frames. */
export class Context {
  readonly cursor: OpCursor;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly start: number;
  readonly findings: Findings;
  readonly options: ReaderOptions;
  readonly memo: Memo;
  readonly machine: Machine;
  readonly tools = new PickletoolsStack();
  readonly frames = new Frames();
  /** What PROTO said, −1 without it. */
  protocol = -1;
  /** What pickletools finds wrong with the opcode at hand. */
  problem: StackProblem | undefined;
  /** The memo slot that the opcode at hand is about, `undefined` if it is about none. */
  index: number | bigint | undefined;
  /** Who refuses the opcode at hand, by what was found so far. */
  refusedBy = 0;
  /** A finding about the opcode at hand. */
  readonly report = (code: FindingCode, refusedBy: number, message: string): void => {
    this.refusedBy |= refusedBy;
    if (notes.has(code)) {
      const tell = (n: number): string => (n === 1 ? message : `${message} (${n} times)`);
      this.count(code, "note", refusedBy, tell, message);
    } else this.findings.add(code, this.place, refusedBy, message);
  };
  /** What texts have to be told of. */
  readonly textNotes: TextNotes = {
    surrogate: () =>
      this.count("lone-surrogate", "note", NOBODY, (n) => `${texts(n)} with half of a surrogate pair`),
    python2: (words) =>
      this.count(
        "python2-text",
        "warning",
        UNPICKLERS,
        (n) =>
          `${n === 1 ? "an 8-bit string" : `${n} 8-bit strings`} that cannot be decoded: ${words}; give an encoding`,
      ),
  };

  constructor(
    bytes: Uint8Array,
    start: number,
    findings: Findings,
    options: ReaderOptions,
    memo: Memo,
    machine: Machine,
  ) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.cursor = new OpCursor(bytes, start);
    this.start = start;
    this.findings = findings;
    this.options = options;
    this.memo = memo;
    this.machine = machine;
  }

  /** Where the opcode at hand is. */
  get place(): Place {
    const { position, code } = this.cursor;
    return { offset: position, opcode: op.opcodeName(code) };
  }

  /** A finding about all opcodes of the same `key`; `tell` words it once their number is known. */
  count(
    code: FindingCode,
    severity: Severity,
    refusedBy: number,
    tell: (count: number) => string,
    key = "",
  ): void {
    this.refusedBy |= refusedBy;
    this.findings.tally(code, severity, this.place, refusedBy, key, tell);
  }

  /** Something wrong with the stack, MARKs or memo, for the unpicklers; what pickletools makes of it is `problem`. */
  core(code: FindingCode, message: string): void {
    this.report(code, UNPICKLERS | (this.problem === undefined ? 0 : PICKLETOOLS), message);
    this.findings.inDoubt = true;
  }

  /** Whether `count` values are within reach. If not, they are put there. */
  need(count: number): void {
    const machine = this.machine;
    const there = machine.size - machine.fence;
    if (there >= count) return;
    const isFenced = machine.marks.length > 0;
    const where = isFenced ? " above the MARK" : " on the stack";
    const have = there === 0 ? "none is" : there === 1 ? "one is" : `${there} are`;
    this.core(
      isFenced ? "below-mark" : "stack-underflow",
      `takes ${count === 1 ? "a value" : `${count} values`}, and ${have}${where}`,
    );
    for (let missing = count - there; missing > 0; missing--) machine.push(OPAQUE);
  }

  /** Closes the topmost MARK and gives where its items begin. */
  close(): number {
    const bottom = this.machine.closeMark();
    if (bottom >= 0) return bottom;
    this.core("missing-mark", "there is no MARK");
    return this.machine.size;
  }

  /** Something that the reader has to be given. */
  needs(code: FindingCode, isGiven: boolean, tell: (count: number) => string): void {
    if (isGiven) this.count(code, "note", NOBODY, tell);
    else
      this.count(code, "warning", UNPICKLERS, (n) => `${tell(n)}: the reader has to be given what that is`);
  }

  /** The operand of INT, LONG, FLOAT, GET or PUT. */
  number(code: number, start: number, end: number): number | bigint | boolean {
    const { value, refusedBy, reason, disagreement, isUsual } = readNumber(code, this.bytes, start, end);
    if (isUsual) return value;
    const line = bytesRepr(this.bytes, start, Math.min(end, start + 40)).slice(1);
    if (refusedBy !== 0) this.report("number-refused", refusedBy, `${line}: ${reason}`);
    if (disagreement !== undefined) {
      const told = disagreement.map(([reader, read]) => {
        const text = typeof read === "boolean" ? (read ? "True" : "False") : String(read).slice(0, 30);
        return `${reader === C ? "C" : reader === PICKLETOOLS ? "pickletools" : "Python"} reads ${text}`;
      });
      this.findings.add("number-disagrees", this.place, NOBODY, `${line}: ${told.join(", ")}`);
    } else if (refusedBy === 0) {
      this.count("number-form", "note", NOBODY, (n) =>
        n === 1
          ? `${line} is not how CPython writes it`
          : `${n} numbers that are not how CPython writes them, the first ${line}`,
      );
    }
    return value;
  }
}

const texts = (count: number): string => (count === 1 ? "a text" : `${count} texts`);
