import { failure } from "../bytes/failure.ts";
import { locate, type UnpicklingError, type UnpicklingErrorCode } from "../errors.ts";
import * as op from "../syntax/opcodes.ts";
import type { Opcode, StackItem } from "../syntax/opcodes.ts";
import { OpReader } from "./op-reader.ts";
import type { Operand } from "./operands.ts";
import { DenseMemo, type MemoStore } from "./dense-memo.ts";

const error = (code: UnpicklingErrorCode, words: string): UnpicklingError =>
  failure(code, words, "ValueError");

// What an opcode does beside what the table says.
const STORES = 1;
const FETCHES = 2;
const CLOSES = 4;
const OPENS = 8;

let effects: Uint8Array | undefined;

function makeEffects(): Uint8Array {
  const made = new Uint8Array(256);
  for (const { name, code, stackBefore, stackAfter } of op.opcodes) {
    if (name === "MEMOIZE" || name.endsWith("PUT")) made[code] = STORES;
    else if (name.endsWith("GET")) made[code] = FETCHES;
    else if (stackBefore.includes("mark")) made[code] = CLOSES;
    else if (stackAfter.includes("mark")) made[code] = OPENS;
  }
  return made;
}

/** Each kind of value by itself: a new array for each GET took longer than all the rest of it. */
const single: Readonly<Record<StackItem, readonly StackItem[]>> = {
  any: ["any"],
  mark: ["mark"],
  stackslice: ["stackslice"],
  int: ["int"],
  int_or_bool: ["int_or_bool"],
  bool: ["bool"],
  float: ["float"],
  bytes_or_str: ["bytes_or_str"],
  bytes: ["bytes"],
  bytearray: ["bytearray"],
  str: ["str"],
  None: ["None"],
  tuple: ["tuple"],
  list: ["list"],
  dict: ["dict"],
  set: ["set"],
  frozenset: ["frozenset"],
  buffer: ["buffer"],
};

/** What an open line ends in. */
export type Note = "none" | "mark" | "no-mark" | "memo";

/**
 * Goes through a pickle with the stack and memo of `pickletools.dis`, a line at a time: what it says of an opcode is in
 * its fields. Source: CPython 3.13 `Lib/pickletools.py`, `dis`.
 */
export class Disassembler {
  /** Where it stands, and the operand. */
  readonly reader: OpReader;
  /** The opcode of this line. */
  opcode: Opcode = op.opcodes[0] as Opcode;
  /** How many MARKs are open where it begins. */
  depth = 0;
  /** What the line says behind the operand. */
  note: Note = "none";
  /** Position of the MARK that is closed, or the memo slot that MEMOIZE fills, as `note` says. */
  noted = 0;
  /** Highest protocol among the opcodes so far. */
  highestProtocol = -1;
  /** Whether the position of a line has been printed, and the line not yet. */
  isLineOpen = false;
  readonly #memo: MemoStore;
  readonly #stack: StackItem[] = [];
  readonly #marks: number[] = [];
  readonly #effects = (effects ??= makeEffects());
  #failed: UnpicklingError | undefined;
  #isDone = false;

  constructor(bytes: Uint8Array, start: number, memo: MemoStore = new DenseMemo()) {
    this.reader = new OpReader(bytes, start, true);
    this.#memo = memo;
  }

  /** Position of this line's opcode. */
  get position(): number {
    return this.reader.cursor.position;
  }

  /**
   * Goes to the next line; `false` behind that of STOP.
   *
   * @throws UnpicklingError what is wrong with the line before, or with its opcode.
   */
  next(): boolean {
    if (this.#failed !== undefined) throw this.#failed;
    if (this.#isDone) return false;
    const opcode = this.reader.next();
    const { code, protocol } = opcode;
    this.opcode = opcode;
    this.isLineOpen = true;
    this.depth = this.#marks.length;
    this.note = "none";
    if (protocol > this.highestProtocol) this.highestProtocol = protocol;
    let { stackAfter } = opcode;
    let toPop = opcode.stackBefore.length;
    const effect = this.#effects[code] as number;
    if (effect === CLOSES) {
      this.#closeMark();
      toPop = opcode.stackBefore.indexOf("mark");
    } else if (code === op.POP && this.#stack.at(-1) === "mark") {
      this.#closeMark();
      toPop = 0;
    } else if (effect === STORES) this.#store(code === op.MEMOIZE);
    else if (effect === FETCHES) stackAfter = this.#fetch(stackAfter);
    if (!this.#hasFailed()) this.#change(toPop, stackAfter, effect === OPENS);
    if (code === op.STOP) this.#isDone = true;
    return true;
  }

  /** To be called behind the last line: throws if STOP left something on the stack. */
  finish(): void {
    if (this.#stack.length === 0) return;
    const words = `stack not empty after STOP: [${this.#stack.join(", ")}]`;
    throw this.located(error("invalid-operand", words));
  }

  /** An error with its place, this line's. */
  located(reason: UnpicklingError): UnpicklingError {
    return locate(reason, this.position, this.opcode.name);
  }

  // As a call, for a property would be narrowed by the check before.
  #hasFailed(): boolean {
    return this.#failed !== undefined;
  }

  #fail(reason: UnpicklingError): void {
    this.#failed = this.located(reason);
  }

  /** Takes the topmost MARK and what is above it off the stack. */
  #closeMark(): void {
    const stack = this.#stack;
    const position = this.#marks.pop();
    if (position === undefined) {
      this.note = "no-mark";
      this.#fail(error("missing-mark", "no MARK exists on stack"));
      return;
    }
    this.note = "mark";
    this.noted = position;
    for (;;) {
      const item = stack.pop();
      if (item === "mark") return;
      // An opcode that pops by number took the MARK: Python looks at the last item of an empty list.
      if (item === undefined)
        throw this.located(failure("missing-mark", "list index out of range", "IndexError"));
    }
  }

  #store(isMemoize: boolean): void {
    const memo = this.#memo;
    const { operand } = this.reader;
    const stack = this.#stack;
    const key = isMemoize ? memo.size : memoKey(operand);
    if (isMemoize) {
      this.note = "memo";
      this.noted = memo.size;
    }
    if (memo.get(key) !== undefined) {
      this.#fail(error("invalid-operand", `memo key ${keyText(operand)} already defined`));
      return;
    }
    const top = stack[stack.length - 1];
    if (top === undefined) this.#fail(error("stack-underflow", "stack is empty -- can't store into memo"));
    else if (top === "mark") this.#fail(error("unexpected-mark", "can't store markobject in the memo"));
    else memo.set(key, top);
  }

  #fetch(stackAfter: readonly StackItem[]): readonly StackItem[] {
    const { operand } = this.reader;
    const item = this.#memo.get(memoKey(operand));
    if (item === undefined) {
      this.#fail(error("missing-memo", `memo key ${keyText(operand)} has never been stored into`));
    } else if (item !== "any") return single[item];
    return stackAfter;
  }

  #change(toPop: number, stackAfter: readonly StackItem[], opensMark: boolean): void {
    const stack = this.#stack;
    const { length } = stack;
    if (length < toPop) {
      const words = `tries to pop ${toPop} items from stack with only ${length} items`;
      this.#fail(error("stack-underflow", words));
      return;
    }
    for (let left = toPop; left > 0; left--) stack.pop();
    if (opensMark) this.#marks.push(this.position);
    // One, as a rule: the loop took 5 % of all of `dis`.
    if (stackAfter.length === 1) stack.push(stackAfter[0] as StackItem);
    else for (let at = 0; at < stackAfter.length; at++) stack.push(stackAfter[at] as StackItem);
  }
}

const memoKey = (operand: Operand | null): number | bigint =>
  typeof operand === "boolean" ? Number(operand) : (operand as number | bigint);

function keyText(operand: Operand | null): string {
  if (typeof operand === "boolean") return operand ? "True" : "False";
  return operand === null ? "None" : `${operand as number | bigint}`;
}
