import { OpWriter } from "../../syntax/op-writer.ts";
import * as op from "../../syntax/opcodes.ts";
import { BYTES, FALSE, FROZENSET, GLOBAL, LONG, STRING, TEXT, TUPLE } from "./constants.ts";
import { hasMark, type MemoPlan, pushesObject, SHORT_SLOTS } from "./memo-plan.ts";
import { IntList } from "./number-lists.ts";
import {
  COPY,
  DICT,
  END,
  FORMER_LIST,
  LIST,
  NOTHING,
  type Program,
  SET,
  START,
  USE,
  VALUE,
} from "./program.ts";
import { constantSize, writeConstant } from "./shortest.ts";

/** Content of this size makes an opcode that stands outside the frames. Source: CPython `Lib/pickletools.py`, `optimize`. */
const LARGE = 64 * 1024 - 4;
/** On top of the stack is what cannot be said. */
const UNKNOWN = -1;

/** What {@link writeProgram} gives. */
export interface Written {
  readonly data: Uint8Array<ArrayBuffer>;
  /** What was put into the memo, in order. */
  readonly order: Int32Array;
  /** By constant or object, how often it was read. */
  readonly reads: Int32Array;
}

/** Whether a constant has content that can be long. */
const isLong = (kind: number): boolean => kind === TEXT || kind === BYTES || kind === STRING || kind === LONG;

class ProgramWriter {
  readonly #program: Program;
  readonly #plan: MemoPlan;
  readonly #level: number;
  readonly #hasFrames: boolean;
  readonly #writer: OpWriter;
  readonly #firstObject: number;
  readonly #order = new IntList();
  readonly #reads: Int32Array;
  /** By constant or object, its slot, once it has one. */
  readonly #slots: Int32Array;
  /** The constant or object on top of the stack. */
  #top = UNKNOWN;
  // The compounds whose parts are being written, and the parts that come next.
  readonly #open = new IntList();
  readonly #next = new IntList();

  constructor(program: Program, plan: MemoPlan, level: number, hasFrames: boolean) {
    this.#program = program;
    this.#plan = plan;
    this.#level = level;
    this.#hasFrames = hasFrames;
    this.#writer = new OpWriter(level);
    this.#firstObject = program.constants.length;
    this.#reads = new Int32Array(plan.kept.length);
    this.#slots = new Int32Array(plan.kept.length).fill(-1);
  }

  write(protocol: number): Written {
    const writer = this.#writer;
    const { steps, operands } = this.#program;
    if (protocol >= 0) {
      writer.u8(op.PROTO);
      writer.u8(protocol);
    }
    if (this.#hasFrames) writer.openFrame();
    for (let at = 0; at < steps.length; at++) {
      if (writer.length >= writer.boundary) writer.nextFrame();
      const step = steps.items[at] as number;
      const operand = operands.items[at] as number;
      if (step === VALUE) this.#value(operand);
      else if (step !== NOTHING) this.#step(step, operand);
    }
    writer.closeFrame();
    const order = this.#order.items.slice(0, this.#order.length);
    return { data: writer.take(), order, reads: this.#reads };
  }

  #step(step: number, operand: number): void {
    const writer = this.#writer;
    const object = this.#firstObject + operand;
    switch (step) {
      case USE:
        this.#fetch(object);
        break;
      case START:
        this.#start(operand);
        break;
      case END:
        this.#end(operand);
        break;
      case COPY:
      case op.INST:
        this.#copy(operand);
        this.#made(object);
        break;
      case op.TUPLE: {
        const count = this.#program.objects.counts.items[operand] as number;
        writer.u8(this.#level >= 2 && count > 0 && count <= 3 ? op.TUPLE1 + count - 1 : op.TUPLE);
        this.#made(object);
        break;
      }
      case op.PROTO:
        writer.u8(step);
        writer.u8(operand);
        break;
      default:
        writer.u8(step);
        if (pushesObject(step)) this.#made(object);
        else if (step !== op.DUP) this.#top = UNKNOWN;
    }
  }

  #copy(object: number): void {
    const { objects, input, renamed } = this.#program;
    const start = objects.copyStarts.items[object] as number;
    const end = objects.copyEnds.items[object] as number;
    this.#large(end - start, () => {
      this.#writer.raw(renamed.get(object) ?? input.subarray(start, end));
    });
  }

  /** Does what writes so many bytes, outside the frames if they are many. */
  #large(size: number, write: () => void): void {
    const leavesFrame = size >= LARGE;
    if (leavesFrame) this.#writer.closeFrame();
    write();
    if (leavesFrame && this.#hasFrames) this.#writer.openFrame();
  }

  /** The beginning of a container or tuple, with what marks where its items begin. */
  #start(object: number): void {
    const { objects } = this.#program;
    const kind = objects.kinds.items[object];
    const count = objects.counts.items[object] as number;
    const isContainer = kind === LIST || kind === DICT || kind === SET;
    const id = this.#firstObject + object;
    if (!isContainer) {
      // A tuple, or a frozenset.
      if (kind !== FORMER_LIST && this.#level >= 2 && count > 0 && count <= 3) return;
      this.#mark();
      return;
    }
    if (count === 0 && this.#level === 0) {
      this.#mark();
      this.#writer.u8(kind === LIST ? op.LIST : op.DICT);
      this.#made(id);
      return;
    }
    if (!this.#isMadeFirst(object)) {
      this.#mark();
      return;
    }
    if (this.#level === 0) {
      this.#mark();
      this.#writer.u8(kind === LIST ? op.LIST : op.DICT);
    } else this.#writer.u8(kind === LIST ? op.EMPTY_LIST : kind === DICT ? op.EMPTY_DICT : op.EMPTY_SET);
    this.#made(id);
    if (count > 0 && !this.#isSingle(object)) this.#mark();
  }

  /** Whether a container is made before its items: if these may refer to it, or if that is no longer. */
  #isMadeFirst(object: number): boolean {
    const { objects } = this.#program;
    if (objects.kinds.items[object] === SET || objects.inside.items[object] === 1) return true;
    const count = objects.counts.items[object] as number;
    return this.#level > 0 && (count === 0 || this.#isSingle(object));
  }

  /** Whether there is but one item, which APPEND or SETITEM takes. */
  #isSingle(object: number): boolean {
    const { objects } = this.#program;
    const kind = objects.kinds.items[object];
    return objects.counts.items[object] === (kind === LIST ? 1 : kind === DICT ? 2 : 0);
  }

  #end(object: number): void {
    const { objects } = this.#program;
    const writer = this.#writer;
    const id = this.#firstObject + object;
    const kind = objects.kinds.items[object];
    if (kind !== LIST && kind !== DICT && kind !== SET) {
      writer.u8(op.FROZENSET);
      this.#made(id);
      return;
    }
    if (objects.counts.items[object] === 0) {
      // A set of an empty list is there already.
      this.#top = id;
      return;
    }
    if (this.#isMadeFirst(object)) {
      const isSingle = this.#isSingle(object);
      if (kind === LIST) writer.u8(isSingle ? op.APPEND : op.APPENDS);
      else if (kind === DICT) writer.u8(isSingle ? op.SETITEM : op.SETITEMS);
      else writer.u8(op.ADDITEMS);
      this.#top = id;
    } else {
      writer.u8(kind === LIST ? op.LIST : op.DICT);
      this.#made(id);
    }
  }

  #mark(): void {
    this.#writer.u8(op.MARK);
    this.#top = UNKNOWN;
  }

  /** What has just been pushed for the first time. */
  #made(id: number): void {
    if (this.#plan.kept[id] === 1) this.#put(id);
    this.#top = id;
  }

  #put(id: number): void {
    const writer = this.#writer;
    const chosen = this.#plan.slots[id] as number;
    if (chosen < 0 || this.#level < 4) {
      const slot = chosen < 0 ? this.#order.length : chosen;
      writer.put(slot);
      this.#slots[id] = slot;
    } else {
      writer.u8(chosen < SHORT_SLOTS ? op.BINPUT : op.LONG_BINPUT);
      if (chosen < SHORT_SLOTS) writer.u8(chosen);
      else writer.u32le(chosen);
      this.#slots[id] = chosen;
    }
    this.#order.push(id);
  }

  /** Pushes what is there already, on top of the stack or in the memo. */
  #fetch(id: number): void {
    if (this.#top === id) {
      this.#writer.u8(op.DUP);
      return;
    }
    (this.#reads[id] as number)++;
    this.#writer.get(this.#slots[id] as number);
    this.#top = id;
  }

  /** Pushes a constant. */
  #value(value: number): void {
    this.#push(value);
    const { constants } = this.#program;
    const open = this.#open;
    while (open.length > 0) {
      const last = open.length - 1;
      const compound = open.items[last] as number;
      const at = this.#next.items[last] as number;
      if (at < (constants.second.items[compound] as number)) {
        this.#next.items[last] = at + 1;
        this.#push(constants.part(compound, at));
      } else {
        open.length = this.#next.length = last;
        this.#close(compound);
      }
    }
  }

  /** Pushes a constant, or begins to. */
  #push(value: number): void {
    const { constants } = this.#program;
    const writer = this.#writer;
    if ((this.#slots[value] as number) >= 0) {
      this.#fetch(value);
      return;
    }
    const kind = constants.kinds.items[value] as number;
    if (this.#top === value && !this.#isOneByte(value)) {
      writer.u8(op.DUP);
      return;
    }
    const count = constants.second.items[value] as number;
    if (kind === TUPLE && count === 0) {
      if (this.#level === 0) writer.u8(op.MARK);
      writer.u8(this.#level === 0 ? op.TUPLE : op.EMPTY_TUPLE);
    } else if (kind >= GLOBAL && this.#plan.asLines[value] !== 1) {
      if (hasMark(kind, count, this.#level)) this.#mark();
      this.#open.push(value);
      this.#next.push(0);
      return;
    } else if (kind === GLOBAL) {
      writer.u8(op.GLOBAL);
      for (const index of [0, 1]) {
        writer.raw(constants.contentOf(constants.part(value, index)));
        writer.u8(10);
      }
    } else if (count >= LARGE && isLong(kind)) {
      this.#large(count, () => {
        writeConstant(writer, constants, value, this.#level);
      });
    } else writeConstant(writer, constants, value, this.#level);
    this.#made(value);
  }

  /** Whether a DUP would save nothing. */
  #isOneByte(value: number): boolean {
    const { constants } = this.#program;
    if (value <= FALSE) return constantSize(constants, value, this.#level) === 1;
    return this.#level > 0 && constants.kinds.items[value] === TUPLE && constants.second.items[value] === 0;
  }

  #close(compound: number): void {
    const { constants } = this.#program;
    const kind = constants.kinds.items[compound];
    const count = constants.second.items[compound] as number;
    const writer = this.#writer;
    if (kind === GLOBAL) writer.u8(op.STACK_GLOBAL);
    else if (kind === FROZENSET) writer.u8(op.FROZENSET);
    else writer.u8(this.#level >= 2 && count <= 3 ? op.TUPLE1 + count - 1 : op.TUPLE);
    this.#made(compound);
  }
}

/**
 * Writes a program as a pickle.
 *
 * @param level - the protocol whose opcodes may be used, 0 to 5.
 * @param protocol - what PROTO is to say; −1 for none.
 * @param hasFrames - whether to write frames, which protocol 4 brought.
 */
export function writeProgram(
  program: Program,
  plan: MemoPlan,
  level: number,
  protocol: number,
  hasFrames: boolean,
): Written {
  return new ProgramWriter(program, plan, level, hasFrames).write(protocol);
}
