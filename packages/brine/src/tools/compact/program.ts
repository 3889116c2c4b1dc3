import type { Constants } from "./constants.ts";
import { IntList, NumberList } from "./number-lists.ts";

// Steps beside the opcodes, which stand for themselves.

/** Pushes a constant. */
export const VALUE = 256;
/** Pushes an object that is there already. */
export const USE = 257;
/** Begins a list, dict or set that is filled at once, or a tuple. */
export const START = 258;
/** Ends it. */
export const END = 259;
/** Nothing, in the place of what was there. */
export const NOTHING = 260;
/** Pushes a new object by an opcode that is taken over as it is. */
export const COPY = 261;

// What an object is, as far as it is known.
export const OTHER = 0;
export const LIST = 1;
export const DICT = 2;
export const SET = 3;
/** A frozenset that has been a list; any other is `OTHER`. */
export const FORMER_LIST = 4;
export const OBJECT_TUPLE = 5;

/** In the place of a number of an object: none. */
export const NO_OBJECT = -1;

/** What stands for an object where constants stand too, and the other way round: −1 − its number. */
export const reference = (object: number): number => -1 - object;

/** What is known of what has an identity: everything but the constants. */
export class Objects {
  readonly kinds: IntList = new IntList();
  /** By object, how many items come at once; a dict's keys and values each count. */
  readonly counts: IntList = new IntList();
  /** By object, the step that it starts with. */
  readonly starts: IntList = new IntList();
  /** By object, the step that ends its first items, −1 without any. */
  readonly ends: IntList = new IntList();
  /** By object, whether something refers to it, up to where the reader is. */
  readonly seen: IntList = new IntList();
  /** By object, whether its first items may refer to it. */
  readonly inside: IntList = new IntList();
  /** By object, what is taken over: where it starts in the input, and where it ends. */
  readonly copyStarts: NumberList = new NumberList();
  readonly copyEnds: NumberList = new NumberList();

  get length(): number {
    return this.kinds.length;
  }

  /** A new one. */
  add(kind: number, start: number, count = 0): number {
    this.kinds.push(kind);
    this.counts.push(count);
    this.starts.push(start);
    this.ends.push(-1);
    this.seen.push(0);
    this.inside.push(0);
    this.copyStarts.push(0);
    this.copyEnds.push(0);
    return this.kinds.length - 1;
  }
}

/** A pickle as steps over constants and objects: without a memo, with what is equal and immutable in one place. */
export class Program {
  /** The steps: opcodes, or one of those above. */
  readonly steps: IntList = new IntList();
  /** By step, the constant or object that it is about. */
  readonly operands: IntList = new IntList();
  readonly objects: Objects = new Objects();
  /** By object, an INST whose names are not those of the input. */
  readonly renamed: Map<number, Uint8Array> = new Map();
  readonly constants: Constants;
  /** The bytes that it was read from. */
  readonly input: Uint8Array;
  /** Where it ends there, behind the STOP. */
  end = 0;
  /** The protocol that its PROTO says; −1 without one. */
  declared = -1;
  /** The highest protocol of its opcodes. */
  level = 0;
  /** Whether it has frames. */
  hasFrames = false;
  /** Whether a frame goes on behind the STOP, so that the bytes up to there are no pickle by themselves. */
  isCut = false;
  /** Whether there are names that cannot be made those of Python 3. */
  keepsNames = false;

  constructor(input: Uint8Array, constants: Constants) {
    this.input = input;
    this.constants = constants;
  }

  emit(step: number, operand: number): number {
    this.steps.push(step);
    this.operands.push(operand);
    return this.steps.length - 1;
  }

  /** Changes a step. */
  patch(at: number, step: number, operand = NO_OBJECT): void {
    this.steps.items[at] = step;
    this.operands.items[at] = operand;
  }

  /** Takes off the last steps. */
  truncate(length: number): void {
    this.steps.length = length;
    this.operands.length = length;
  }
}
