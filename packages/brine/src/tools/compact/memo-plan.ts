import * as op from "../../syntax/opcodes.ts";
import { FROZENSET, GLOBAL, NAME_LINES, TUPLE } from "./constants.ts";
import { COPY, END, NOTHING, type Program, START, USE, VALUE } from "./program.ts";
import { constantSize } from "./shortest.ts";

/** Slots below this one are read by an opcode of two bytes. */
export const SHORT_SLOTS = 256;
/** Counts above this are all the same to the choice of slots. */
const MOST = 0xffff;

/** Bytes of the line of GLOBAL beside the names. */
const LINES = 3;

/**
 * Which constants and objects are kept in the memo, and in which slots. A constant is known by its number, an object by
 * the count of constants plus its own.
 */
export class MemoPlan {
  /** By constant or object, 1 if it is kept. */
  readonly kept: Uint8Array;
  /** By constant or object, the slot that it is put into; −1 for the next one. */
  readonly slots: Int32Array;
  /** By global, 1 if GLOBAL is the shorter opcode. */
  readonly asLines: Uint8Array;
  readonly #program: Program;
  readonly #level: number;
  /** The number of the first object. */
  readonly #firstObject: number;
  /** By constant, its bytes where its parts are in the memo. */
  readonly #sizes: Float64Array;
  /** By constant or object, how often it is to be pushed by itself. */
  readonly #uses: Float64Array;
  /** By constant or object, 1 if its slot is to be a short one. */
  readonly #isShort: Uint8Array;
  /** Size of a GET of protocol 0. */
  #lineSize = 3;

  constructor(program: Program, level: number) {
    const { constants, objects } = program;
    this.#program = program;
    this.#level = level;
    this.#firstObject = constants.length;
    const count = constants.length + objects.length;
    this.kept = new Uint8Array(count);
    this.slots = new Int32Array(count).fill(-1);
    this.asLines = new Uint8Array(constants.length);
    this.#sizes = new Float64Array(constants.length);
    this.#uses = new Float64Array(count);
    this.#isShort = new Uint8Array(count).fill(1);
    this.#chooseGlobals();
    this.#measure();
    this.#decide(this.#count());
    let keeping = 0;
    for (const flag of this.kept) keeping += flag;
    if (keeping > (level > 0 ? SHORT_SLOTS : 10)) {
      if (level > 0) this.#shorten();
      else this.#lineSize = 2 + `${keeping - 1}`.length;
      this.#measure();
      this.#decide(this.#count());
    }
    if (level < 4) this.#number();
  }

  /** How long a GET is. */
  #fetch(id: number): number {
    if (this.#level === 0) return this.#lineSize;
    return this.#isShort[id] === 1 ? 2 : 5;
  }

  /** How long a PUT is. */
  #store(id: number): number {
    return this.#level >= 4 ? 1 : this.#fetch(id);
  }

  /** GLOBAL for a module that few names are of, STACK_GLOBAL for one that is written once and read often. */
  #chooseGlobals(): void {
    const { constants } = this.#program;
    const { asLines } = this;
    const counts = new Map<number, number>();
    for (let value = 0; value < constants.length; value++) {
      if (constants.kinds.items[value] !== GLOBAL) continue;
      const module = constants.part(value, 0);
      counts.set(module, (counts.get(module) ?? 0) + 1);
    }
    for (let value = 0; value < constants.length; value++) {
      if (constants.kinds.items[value] !== GLOBAL) continue;
      if (this.#level < 4) {
        asLines[value] = 1;
        continue;
      }
      const module = constants.part(value, 0);
      const count = counts.get(module) as number;
      const length = constants.second.items[module] as number;
      // Of each: opcode, header of the name, a GET of the module; of the first, the module, its header, its MEMOIZE.
      const stacked = 3 * count + (count > 1 ? 2 * (count - 1) + 1 : 0) + 2 + length;
      if (stacked >= count * (LINES + length) && this.#hasLines(value)) asLines[value] = 1;
    }
  }

  /** Whether GLOBAL can have the names: ASCII, not empty, no newline. */
  #hasLines(value: number): boolean {
    const { constants } = this.#program;
    for (let index = 0; index < 2; index++) {
      const content = constants.contentOf(constants.part(value, index));
      if (content.length === 0) return false;
      for (const byte of content) if (byte === 10 || byte > 0x7f) return false;
    }
    return true;
  }

  #measure(): void {
    const { constants } = this.#program;
    const sizes = this.#sizes;
    const level = this.#level;
    for (let value = 0; value < constants.length; value++) {
      const kind = constants.kinds.items[value] as number;
      if (kind <= NAME_LINES) {
        sizes[value] = constantSize(constants, value, level);
        continue;
      }
      const count = constants.second.items[value] as number;
      const first = constants.first.items[value] as number;
      if (this.asLines[value] === 1) {
        const [module, name] = [constants.part(value, 0), constants.part(value, 1)];
        const length = (constants.second.items[module] as number) + (constants.second.items[name] as number);
        sizes[value] = LINES + length;
        continue;
      }
      let size = opcodesOf(kind, count, level);
      for (let at = first; at < first + count; at++) {
        const part = constants.parts.items[at] as number;
        size += Math.min(sizes[part] as number, this.#fetch(part));
      }
      sizes[value] = size;
    }
  }

  /** How often the steps push each constant and object; not where a DUP does it. */
  #count(): Float64Array {
    const { steps, operands, objects } = this.#program;
    const uses = this.#uses.fill(0);
    let top = -1;
    for (let at = 0; at < steps.length; at++) {
      const step = steps.items[at] as number;
      const operand = operands.items[at] as number;
      if (step === VALUE) {
        if (top !== operand) (uses[operand] as number)++;
        top = operand;
      } else if (step === USE) {
        const id = this.#firstObject + operand;
        if (top !== id) (uses[id] as number)++;
        top = id;
      } else if (step === START) top = objects.counts.items[operand] === 0 ? this.#firstObject + operand : -1;
      else if (step === COPY || step === END || pushesObject(step)) top = this.#firstObject + operand;
      else if (step !== NOTHING && step !== op.DUP) top = -1;
    }
    return uses;
  }

  /** What is kept. From the last constant to the first, as a constant that is kept pushes its parts once. */
  #decide(uses: Float64Array): void {
    const { constants, objects } = this.#program;
    const { kept } = this;
    for (let value = constants.length - 1; value >= 0; value--) {
      const count = uses[value] as number;
      const kind = constants.kinds.items[value] as number;
      const size = this.#sizes[value] as number;
      const fetch = this.#fetch(value);
      let keeps = count > 1 && (count - 1) * (size - fetch) > this.#store(value);
      const parts = this.#partCount(value, kind);
      const first = constants.first.items[value] as number;
      if (count > 1 && !keeps && size >= fetch) {
        // If it is not, a part of that size is, and the PUT saves nothing.
        for (let at = first; at < first + parts && !keeps; at++) {
          keeps = (this.#sizes[constants.parts.items[at] as number] as number) >= fetch;
        }
      }
      kept[value] = keeps ? 1 : 0;
      if (count === 0) continue;
      let before = -1;
      for (let at = first; at < first + parts; at++) {
        const part = constants.parts.items[at] as number;
        if (part !== before) uses[part] = (uses[part] as number) + (keeps ? 1 : count);
        before = part;
      }
    }
    for (let object = 0; object < objects.length; object++) {
      const id = this.#firstObject + object;
      kept[id] = (uses[id] as number) > 0 ? 1 : 0;
    }
  }

  #partCount(value: number, kind: number): number {
    if (kind < GLOBAL || (kind === GLOBAL && this.asLines[value] === 1)) return 0;
    return this.#program.constants.second.items[value] as number;
  }

  /** What is saved if the slot is a short one. */
  #gain(id: number): number {
    const uses = this.#uses[id] as number;
    const isObject = id >= this.#firstObject;
    if (uses < (isObject ? 1 : 2)) return 0;
    const reads = isObject ? uses : uses - 1;
    const put = this.#level >= 4 ? 0 : 3;
    const long = put + 3 * reads;
    if (isObject) return Math.min(long, MOST);
    // Without a short slot it may be better not to keep it.
    const without = reads * ((this.#sizes[id] as number) - 2) - (this.#level >= 4 ? 1 : 2);
    return Math.max(0, Math.min(long, without, MOST));
  }

  /** Gives the short slots to those that gain most. */
  #shorten(): void {
    const isShort = this.#isShort.fill(0);
    const order = this.#inOrder((id) => this.#gain(id));
    for (let at = 0; at < Math.min(SHORT_SLOTS, order.length); at++) isShort[order[at] as number] = 1;
  }

  /** Those of which `weigh` says more than 0, the heaviest first. By counting, which takes linear time. */
  #inOrder(weigh: (id: number) => number): Int32Array {
    const counts = new Int32Array(MOST + 2);
    const weights = new Int32Array(this.kept.length);
    for (let id = 0; id < weights.length; id++) {
      const weight = weigh(id);
      weights[id] = weight;
      (counts[MOST - weight + 1] as number)++;
    }
    for (let at = 1; at < counts.length; at++) (counts[at] as number) += counts[at - 1] as number;
    const order = new Int32Array(counts[MOST] as number);
    weights.forEach((weight, id) => {
      if (weight > 0) order[(counts[MOST - weight] as number)++] = id;
    });
    return order;
  }

  /** Numbers the slots, where PUT says which: those that are read most come first. */
  #number(): void {
    const order = this.#inOrder((id) =>
      this.kept[id] === 1 ? Math.min(MOST, Math.max(1, this.#uses[id] as number)) : 0,
    );
    order.forEach((id, slot) => {
      this.slots[id] = slot;
    });
  }

  /**
   * Improves the plan by what a first writing of it showed: leaves out what was not read, and gives short slots to what
   * is read often, though it comes late, in the place of what is read seldom.
   *
   * @param order - what was put into the memo, in order.
   * @param reads - by constant or object, how often it was read.
   * @returns whether there was anything to improve.
   */
  improve(order: Int32Array, reads: Int32Array): boolean {
    const { kept, slots } = this;
    let isBetter = false;
    const used: number[] = [];
    for (const id of order) {
      if ((reads[id] as number) > 0) used.push(id);
      else {
        kept[id] = 0;
        isBetter = true;
      }
    }
    if (this.#level < 4 || used.length <= SHORT_SLOTS) return isBetter;
    const byReads = (a: number, b: number): number => (reads[a] as number) - (reads[b] as number);
    const early = used.slice(0, SHORT_SLOTS).sort(byReads);
    const heavy = this.#inOrder((id) => (kept[id] === 1 ? Math.min(MOST, reads[id] as number) : 0));
    const place = new Map(used.map((id, at) => [id, at]));
    let next = used.length;
    let swaps = 0;
    for (const id of heavy) {
      if ((place.get(id) ?? 0) < SHORT_SLOTS) continue;
      const other = early[swaps];
      // A BINPUT for a MEMOIZE, a LONG_BINPUT for another, and longer GETs of that one.
      if (other === undefined || 3 * (reads[id] as number) - 1 <= 4 + 3 * (reads[other] as number)) break;
      slots[id] = place.get(other) as number;
      slots[other] = next++;
      swaps++;
    }
    return isBetter || swaps > 0;
  }
}

/** How many opcodes make a compound of its parts. */
function opcodesOf(kind: number, count: number, level: number): number {
  if (kind === GLOBAL || (kind === TUPLE && level > 0 && count === 0)) return 1;
  return hasMark(kind, count, level) ? 2 : 1;
}

/** Whether a MARK stands in front of the parts of a compound that has some. */
export function hasMark(kind: number, count: number, level: number): boolean {
  return kind === FROZENSET || (kind === TUPLE && (level < 2 || count > 3));
}

/** Whether an opcode leaves a new object on the stack, which is the operand of the step. */
export function pushesObject(step: number): boolean {
  switch (step) {
    case op.TUPLE:
    case op.FROZENSET:
    case op.REDUCE:
    case op.NEWOBJ:
    case op.NEWOBJ_EX:
    case op.OBJ:
    case op.INST:
    case op.BINPERSID:
    case op.NEXT_BUFFER:
    case op.READONLY_BUFFER:
    case op.STACK_GLOBAL:
      return true;
    default:
      return false;
  }
}
