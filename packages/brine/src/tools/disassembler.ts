import { failure } from "../bytes/failure.ts";
import { locate, type UnpicklingError, type UnpicklingErrorCode } from "../errors.ts";
import * as op from "../syntax/opcodes.ts";
import type { Opcode, StackItem } from "../syntax/opcodes.ts";
import { codeToOpcode } from "./code-to-opcode.ts";
import { OpReader } from "./op-reader.ts";
import type { Operand } from "./operands.ts";
import { kindOf, KindStack, MARK_KIND } from "./value-kinds.ts";
import { KindMemo } from "./kind-memo.ts";

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
  /** What is on the stack. */
  readonly stack: KindStack = new KindStack();
  /** What is in the memo. */
  readonly memo: KindMemo;
  /** Positions of the open MARKs. */
  readonly marks: number[] = [];
  readonly #effects = (effects ??= makeEffects());
  #failed: UnpicklingError | undefined;
  #isDone = false;

  /** @param memo - what the memo holds, changed while it goes. */
  constructor(bytes: Uint8Array, start: number, memo?: Map<number | bigint, StackItem>) {
    this.reader = new OpReader(bytes, start, true);
    this.memo = new KindMemo(memo);
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
    this.depth = this.marks.length;
    this.note = "none";
    if (protocol > this.highestProtocol) this.highestProtocol = protocol;
    const { stackBefore, stackAfter } = opcode;
    let toPop = stackBefore.length;
    let fetched = 0;
    const effect = this.#effects[code] as number;
    if (effect === CLOSES) {
      this.#closeMark();
      toPop = stackBefore.indexOf("mark");
    } else if (code === op.POP && this.stack.top === MARK_KIND) {
      this.#closeMark();
      toPop = 0;
    } else if (effect === STORES) this.#store(code === op.MEMOIZE);
    else if (effect === FETCHES) fetched = this.#fetch();
    if (!this.isLast) {
      this.#pop(toPop);
      if (effect === OPENS) this.marks.push(this.position);
      if (fetched !== 0) this.stack.push(fetched);
      else for (const item of stackAfter) this.stack.push(kindOf(item));
    }
    if (code === op.STOP) this.#isDone = true;
    return true;
  }

  /** Goes on behind lines that were written by somebody else. */
  moved(position: number, next: number, highestProtocol: number): void {
    const { cursor } = this.reader;
    if (next === cursor.end) return;
    this.opcode = codeToOpcode.get(cursor.bytes[position] as number) as Opcode;
    cursor.position = position;
    cursor.end = next;
    this.highestProtocol = highestProtocol;
  }

  /** To be called behind the last line: throws if STOP left something on the stack. */
  finish(): void {
    if (this.stack.length === 0) return;
    const words = `stack not empty after STOP: [${this.stack.names().join(", ")}]`;
    throw this.located(error("invalid-operand", words));
  }

  /** An error with its place, this line's. */
  located(reason: UnpicklingError): UnpicklingError {
    return locate(reason, this.position, this.opcode.name);
  }

  /** Whether this is the last line: it is that of STOP, or something is wrong with it. */
  get isLast(): boolean {
    return this.#isDone || this.#failed !== undefined;
  }

  #fail(reason: UnpicklingError): void {
    this.#failed = this.located(reason);
  }

  /** Takes the topmost MARK and what is above it off the stack. */
  #closeMark(): void {
    const { stack } = this;
    const position = this.marks.pop();
    if (position === undefined) {
      this.note = "no-mark";
      this.#fail(error("missing-mark", "no MARK exists on stack"));
      return;
    }
    this.note = "mark";
    this.noted = position;
    while (stack.top !== MARK_KIND) {
      // An opcode that pops by number took the MARK: Python looks at the last item of an empty list.
      if (stack.length === 0)
        throw this.located(failure("missing-mark", "list index out of range", "IndexError"));
      stack.length--;
    }
    stack.length--;
  }

  #store(isMemoize: boolean): void {
    const { memo } = this;
    const { operand } = this.reader;
    const slot = isMemoize ? memo.size : memoKey(operand);
    if (isMemoize) {
      this.note = "memo";
      this.noted = memo.size;
    }
    if (memo.get(slot) !== 0) {
      this.#fail(error("invalid-operand", `memo key ${keyText(operand)} already defined`));
      return;
    }
    const { top } = this.stack;
    if (top === 0) this.#fail(error("stack-underflow", "stack is empty -- can't store into memo"));
    else if (top === MARK_KIND) this.#fail(error("unexpected-mark", "can't store markobject in the memo"));
    else memo.set(slot, top);
  }

  #fetch(): number {
    const { operand } = this.reader;
    const kind = this.memo.get(memoKey(operand));
    if (kind === 0)
      this.#fail(error("missing-memo", `memo key ${keyText(operand)} has never been stored into`));
    return kind;
  }

  #pop(count: number): void {
    const { stack } = this;
    if (stack.length < count) {
      const words = `tries to pop ${count} items from stack with only ${stack.length} items`;
      this.#fail(error("stack-underflow", words));
    } else stack.length -= count;
  }
}

const memoKey = (operand: Operand | null): number | bigint =>
  typeof operand === "boolean" ? Number(operand) : (operand as number | bigint);

function keyText(operand: Operand | null): string {
  if (typeof operand === "boolean") return operand ? "True" : "False";
  return operand === null ? "None" : `${operand as number | bigint}`;
}
