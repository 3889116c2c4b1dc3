import { failure } from "../bytes/failure.ts";
import { locate, type UnpicklingError } from "../errors.ts";
import { COUNTED, layouts, length8, LINE, TWO_LINES } from "../syntax/layouts.ts";
import { invalidLoadKey } from "../syntax/load-key.ts";
import * as op from "../syntax/opcodes.ts";
import { parseMemoIndex } from "../syntax/text-operands.ts";
import { truncated, underflow } from "../unpickler/failures.ts";
import { DICT, LIST, NO_KIND, SET } from "../unpickler/kinds.ts";
import { type CutOptions, MISTAKEN } from "./cut-options.ts";
import { CutStack } from "./cut-stack.ts";
import { CutSlots, LOW_SLOTS, STAY_BACK } from "./cut-slots.ts";
import { CutValues } from "./cut-values.ts";
import { EventList, GET, KEEP, PUT, STRIP } from "./event-list.ts";
import * as effect from "./stack-effects.ts";
import { emptyKind, NOT_STRIKABLE, StruckContainer } from "./struck-container.ts";

const NEWLINE = 0x0a;

/**
 * Walks over the opcodes of a container and cuts them into programs of some whole items each: the container itself, and
 * what adds to it, is struck out, and the rest runs alone. It constructs nothing.
 */
export class ItemCutter {
  /** Absolute position of the next opcode. */
  position: number;
  /** How many bytes from `position` on are asked for, once {@link run} returned `false`. */
  needed = 1;
  /** The program that was cut: from here … */
  programStart: number;
  /** … to here. */
  programEnd = 0;
  /** What in it is not as in the source. */
  readonly events = new EventList();
  /** The memo slots it fills and reads. */
  readonly slots: CutSlots;
  /** What its values are. */
  readonly values = new CutValues();
  /** Whether it makes the whole value, and nothing was cut off. */
  isWhole = false;
  /** Whether it was the last. */
  isLast = false;
  /** PROTO, 0 without. */
  protocol = 0;
  /** How many were where the program begins, and where it ends. */
  programSlots: number;
  endSlots: number;
  /** The last frame: where its opcode stands, and where it ends. */
  frameOffset = 0;
  frameEnd = 0;

  readonly #options: CutOptions;
  readonly #container: StruckContainer = new StruckContainer(this.events);
  readonly #stack = new CutStack();
  /** Where items stand: above the container, or at the bottom before there is one. */
  #base = 1;
  #hasCut = false;
  #hasCutWithin = false;
  /** Whether a value was pushed once more, which has no opcodes of its own. */
  #hasTwin = false;
  /** Absolute position behind the opcode that added items last. */
  #addedEnd = 0;

  constructor(options: CutOptions) {
    this.#options = options;
    this.position = this.programStart = options.start;
    this.slots = new CutSlots(options.memoCount);
    this.programSlots = this.endSlots = options.memoCount;
  }

  /** What container there is, as far as its own opcodes tell: LIST, DICT, SET, or NO_KIND. */
  get kind(): number {
    return Math.max(NO_KIND, this.#container.kind);
  }

  /** Whether the container is one whose items come before it: told by its shape and its first opcode. */
  #beginBare(code: number): void {
    const { shape } = this.#options;
    const isMarked = code === op.MARK && (shape === "list" || shape === "dict" || shape === "set");
    if (shape === "tuple" || isMarked) this.#base = 0;
  }

  /** Memo slots of the container itself. */
  get ownSlots(): ReadonlySet<number> {
    return this.#container.slots;
  }

  /** Begins the next program, where the last one ended. */
  begin(): void {
    this.events.dropBefore(this.programEnd);
    this.values.drop();
    this.programStart = this.programEnd;
    this.programSlots = this.endSlots;
    this.slots.reader++;
  }

  /**
   * Cuts behind the batches that are complete, for what comes is broken: whether those of the last one are items only its
   * end would tell. `false` if there is none.
   */
  cutShort(): boolean {
    if (this.values.stretches.length === 0 || !this.#container.strikeOut()) return false;
    this.isWhole = false;
    this.isLast = true;
    return this.#cut(this.#addedEnd, this.position);
  }

  #underflow(at: number, code: number): never {
    // What was cut off was no item yet.
    if (this.#hasCutWithin) throw MISTAKEN;
    this.#fail(underflow(this.#stack.marks.length), at, code);
  }

  #odd(at: number, code: number): never {
    this.#fail(failure("odd-items", `odd number of items for ${op.opcodeName(code)}`), at, code);
  }

  #fail(error: UnpicklingError, at: number, code: number): never {
    this.position = at;
    throw locate(error, at, op.opcodeName(code));
  }

  /**
   * Goes on through `bytes`, the first of which is at absolute position `base`, to the end of a program.
   *
   * @returns `false` for want of `needed` bytes from `position` on
   * @throws UnpicklingError what the opcodes alone show to be broken; MISTAKEN
   */
  run(bytes: Uint8Array, base: number, final: boolean): boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const layoutOf = layouts;
    const effectOf = effect.stackEffects;
    const stack = this.#stack;
    const { starts, memoCounts } = stack;
    const { slots } = this;
    const {
      end: stop,
      sizes: { within },
    } = this.#options;
    const length = bytes.length;
    let position = this.position - base;
    for (;;) {
      const at = base + position;
      if (at >= stop) return this.#end(at);
      this.position = at;
      this.needed = 1;
      if (position >= length) {
        if (final) this.#fail(failure("no-data", "Ran out of input", "EOFError"), at, -1);
        return false;
      }
      const code = bytes[position] as number;
      let next = position + 1;
      let from = next;
      let operand = 0;
      const layout = layoutOf[code] as number;
      if (layout >= LINE) {
        next = bytes.indexOf(NEWLINE, from) + 1;
        if (layout === TWO_LINES && next > 0) next = bytes.indexOf(NEWLINE, next) + 1;
        if (next === 0) next = length + 1;
      } else if (layout > 0) {
        const width = layout % COUNTED;
        next += width;
        if (next <= length) {
          if (width === 1) operand = bytes[from] as number;
          else if (width === 4) operand = view.getUint32(from, true);
          else if (width === 2) operand = view.getUint16(from, true);
          else if (code !== op.BINFLOAT) operand = length8(view, from);
          if (layout > COUNTED) {
            from = next;
            next += operand;
          }
        }
      }
      if (next > length) {
        if (final) this.#fail(truncated(), at, code);
        this.needed = next - position;
        return false;
      }
      const what = effectOf[code] as number;
      if (what === effect.PUSH) {
        if (this.#stack.size === 0 && this.#stack.marks.length === 0) this.#beginBare(code);
        const height = stack.size++;
        starts[height] = at;
        memoCounts[height] = slots.count;
        if (height === 0 && this.#base === 1) this.#made(at, base + next, -1, emptyKind(code));
      } else if (what === effect.READ || what === effect.WRITE) {
        this.#memo(what, code, operand, bytes, from, next, at, base + next);
      } else if (this.#step(what, code, operand, at, base + next)) return true;
      position = next;
      if (at - this.programStart >= within && this.#cutWithin()) {
        this.position = base + next;
        return true;
      }
    }
  }

  #memo(
    what: number,
    code: number,
    operand: number,
    bytes: Uint8Array,
    from: number,
    next: number,
    at: number,
    end: number,
  ): void {
    const isText = code === op.GET || code === op.PUT;
    const slot = isText ? Number(parseMemoIndex(bytes, from, next - 1)) : operand;
    if (what === effect.READ) {
      this.#stack.push(at, this.slots.count);
      if (slot < LOW_SLOTS) {
        this.slots.lowReaders[slot] = this.slots.reader;
        if (this.#container.isStruck) return;
      }
      const event = this.events.add(GET, at, end, slot);
      if (this.#stack.size === 1 && this.#base === 1) this.#made(at, end, -1, NOT_STRIKABLE, 0, event);
      return;
    }
    const isCounted = code === op.MEMOIZE;
    const index = isCounted ? this.slots.count : slot;
    this.slots.fill(index, isCounted);
    const isOwn = this.#stack.size === 1 && this.#stack.marks.length === 0 && this.#base === 1;
    if (this.#container.isStruck && !isOwn && (isCounted || index < LOW_SLOTS)) return;
    if (isOwn && this.#container.isStruck) {
      // A slot that is left out of those that are counted.
      if (isCounted) this.slots.isUsual = false;
      this.events.add(STRIP, at, end, 0);
      this.#container.slots.add(index);
      return;
    }
    const event = this.events.add(PUT, at, end, index);
    if (isOwn) this.#container.hold(event);
  }

  /** Notes what made the value at the bottom. */
  #made(at: number, end: number, mark: number, kind: number, pops = 0, event?: number): void {
    const maker = event ?? this.events.add(KEEP, at, end, 0);
    // What had items already and was then made into something else is not followed.
    this.#container.made(maker, mark, this.values.stretches.length > 0 ? NOT_STRIKABLE : kind, pops);
  }

  /** What is not usual in a hot loop; `true` at the end of a program. */
  #step(what: number, code: number, operand: number, at: number, end: number): boolean {
    const { events } = this;
    const fence = this.#stack.marks.at(-1) ?? 0;
    switch (what) {
      case effect.MARKS:
        if (this.#stack.size === 0 && this.#stack.marks.length === 0) this.#beginBare(code);
        this.#stack.pushMark(
          at,
          this.slots.count,
          this.#stack.marks.length === 0 ? events.add(KEEP, at, end, 0) : -1,
        );
        return false;
      case effect.ABOUT:
        if (code === op.FRAME) {
          this.frameOffset = at;
          this.frameEnd = end + operand;
        } else if (operand > op.HIGHEST_PROTOCOL) {
          const words = `unsupported pickle protocol: ${operand}`;
          this.#fail(failure("unsupported-protocol", words, "ValueError"), at, code);
        } else this.protocol = operand;
        events.add(STRIP, at, end, 0);
        return false;
      case effect.CLOSE: {
        const bottom = this.#popMark(at, code);
        const mark = this.#stack.lastMarkEvent;
        if (bottom === 0 && this.#stack.marks.length === 0) return this.#closed(code, mark, at, end);
        this.#stack.starts[bottom] = this.#stack.lastMarkStart;
        this.#stack.size = bottom + 1;
        return false;
      }
      case effect.ADD_MANY: {
        const bottom = this.#popMark(at, code);
        if (bottom <= (this.#stack.marks.at(-1) ?? 0)) this.#underflow(at, code);
        if (bottom > 1 || this.#stack.marks.length > 0 || this.#base === 0) {
          this.#stack.size = bottom;
          return false;
        }
        if (code === op.SETITEMS && (this.#stack.size - bottom) % 2 === 1) this.#odd(at, code);
        const mark = this.#stack.lastMarkEvent;
        if (mark >= 0) this.#container.strike(mark);
        this.#container.strike(events.add(KEEP, at, end, 0));
        return this.#added(code === op.SETITEMS ? DICT : code === op.APPENDS ? LIST : SET, end);
      }
      case effect.TAKE:
        if (this.#stack.marks.length > 0 && fence === this.#stack.size) {
          this.#popMark(at, code);
          return false;
        }
        if (this.#stack.size <= fence) this.#underflow(at, code);
        if (--this.#stack.size === 0 && this.#container.isStruck) throw MISTAKEN;
        return false;
      case effect.TAKE_MANY:
        this.#stack.size = this.#popMark(at, code);
        return false;
      case effect.AGAIN:
        if (this.#stack.size <= fence) this.#underflow(at, code);
        if (this.#stack.size === 1 && this.#base === 1) {
          if (this.#container.isStruck) throw MISTAKEN;
          // What stands twice cannot be struck out.
          this.#container.kind = NOT_STRIKABLE;
        }
        this.#stack.push(at, this.slots.count);
        this.#hasTwin = true;
        return false;
      case effect.END:
        if (this.#stack.size <= fence) this.#underflow(at, code);
        return this.#end(at);
      case effect.NONE_SUCH:
        return this.#fail(failure("invalid-opcode", invalidLoadKey(code)), at, code);
      default:
    }
    const isAdding = what >= effect.ADD;
    const bottom = this.#stack.size - (what % effect.MAKE);
    if (bottom < fence) this.#underflow(at, code);
    this.#stack.size = bottom + 1;
    if (bottom > 0 || this.#base === 0 || this.#stack.marks.length > 0) {
      if (bottom === 0 && this.#stack.marks.length === 0 && this.#container.isStruck) throw MISTAKEN;
      return false;
    }
    if (!isAdding) {
      const isObject = code === op.REDUCE || code === op.NEWOBJ || code === op.NEWOBJ_EX;
      this.#made(at, end, -1, isObject ? NO_KIND : NOT_STRIKABLE, what % effect.MAKE);
      return false;
    }
    const event = events.add(KEEP, at, end, 0);
    if (code === op.BUILD) {
      this.#container.strike(event, 1);
      return false;
    }
    this.#container.strike(event);
    this.#stack.size = bottom + (what % effect.MAKE);
    return this.#added(code === op.SETITEM ? DICT : LIST, end);
  }

  #popMark(at: number, code: number): number {
    const bottom = this.#stack.popMark();
    if (bottom < 0) this.#fail(failure("missing-mark", "could not find MARK"), at, code);
    return bottom;
  }

  /** A mark at the very bottom was closed. */
  #closed(code: number, mark: number, at: number, end: number): boolean {
    const { events } = this;
    if (this.#base === 0) {
      // The container that was told of: its items are those between.
      if (code === op.OBJ || code === op.INST) throw MISTAKEN;
      if (code === op.DICT && this.#stack.size % 2 === 1) this.#odd(at, code);
      if (mark >= 0) events.change(mark, STRIP, 0);
      events.add(STRIP, at, end, 0);
      this.#container.isStruck = true;
      this.#base = 1;
      this.#container.kind = code === op.LIST ? LIST : code === op.DICT ? DICT : NOT_STRIKABLE;
      this.values.note(this.#stack.starts, 0, this.#stack.size, code === op.DICT);
      this.#stack.starts[0] = this.#stack.lastMarkStart;
      this.#stack.size = 1;
      return false;
    }
    this.#stack.starts[0] = this.#stack.lastMarkStart;
    const isEmpty = this.#stack.size === 0;
    this.#stack.size = 1;
    const isObject = code === op.OBJ || code === op.INST;
    const container = isEmpty && code === op.LIST ? LIST : isEmpty && code === op.DICT ? DICT : NOT_STRIKABLE;
    this.#made(at, end, mark, isObject ? NO_KIND : container, isObject ? -1 : 0);
    return false;
  }

  /** The values above the container were added to it; `true` if the program is long enough. */
  #added(kind: number, end: number): boolean {
    this.#container.takes(kind);
    this.values.note(this.#stack.starts, 1, this.#stack.size - 1, kind === DICT);
    this.#addedEnd = end;
    this.#stack.size = 1;
    if (end - this.programStart < this.#options.sizes.behind || !this.#container.strikeOut()) return false;
    return this.#cut(end, end);
  }

  #cut(end: number, position: number): boolean {
    this.#hasCut = true;
    this.programEnd = end;
    this.endSlots = this.slots.count;
    this.position = position;
    this.values.cut();
    return true;
  }

  /** Cuts before the last items of a batch that has no end yet. */
  #cutWithin(): boolean {
    const base = this.#base;
    const stack = this.#stack;
    const { cutsWithin, shape } = this.#options;
    if (!cutsWithin || this.#stack.marks.length !== 1) return false;
    if (this.#hasTwin) throw MISTAKEN;
    // A long list or tuple in one piece, perhaps.
    if (base === 1 && this.#stack.marks[0] === 0 && !this.#hasCut) throw MISTAKEN;
    // Which of an object's two kinds of items they are only the end of the batch tells.
    if (this.#stack.marks[0] !== base || (base === 1 && this.#container.kind === NO_KIND)) return false;
    const batchIsDict = base === 0 ? shape === "dict" : this.#container.kind === DICT;
    const count = (this.#stack.size - base - STAY_BACK) & (batchIsDict ? -2 : -1);
    if (count <= 0 || (base === 1 && !this.#container.strikeOut())) return false;
    const mark = stack.markEvents[0] as number;
    if (mark >= 0) this.events.change(mark, STRIP, 0);
    stack.markEvents[0] = -1;
    this.#hasCut = this.#hasCutWithin = true;
    this.values.note(stack.starts, base, count, batchIsDict);
    this.programEnd = stack.starts[base + count] as number;
    this.endSlots = stack.memoCounts[base + count] as number;
    this.values.cut();
    stack.drop(base, count);
    return true;
  }

  #end(at: number): boolean {
    if (this.#stack.marks.length > 0 || this.#stack.size !== 1) {
      if (this.#container.isStruck || this.#base === 0) throw MISTAKEN;
    }
    this.position = at;
    if (!this.#container.isStruck && this.#hasCut) throw MISTAKEN;
    this.isWhole = !this.#container.isStruck;
    this.isLast = true;
    return this.#cut(at, at);
  }
}
