import { length8, COUNTED, layouts, LINE, TWO_LINES } from "../syntax/layouts.ts";
import * as op from "../syntax/opcodes.ts";
import { parseMemoIndex } from "../syntax/text-operands.ts";
import type { MemoListener } from "./memo-listener.ts";
import type { PathElement } from "./path.ts";
import { NO_KEY, PathKeys } from "./path-keys.ts";
import { ScanStack } from "./scan-stack.ts";
import { LONGEST_SKIPPED, skip } from "./skip-opcodes.ts";
import type { Span } from "./span.ts";

const NEWLINE = 0x0a;
const LARGE = 1 << 16;

/** What the value at the bottom of the stack is, as far as a path asks. */
export type Shape = "list" | "dict" | "set" | "tuple" | "object" | "scalar";

/** Thrown by a scan of what cannot be told without loading it; the way out is to load the whole. */
export const UNTOLD: Error = /* @__PURE__ */ new Error("the value must be loaded to be known");

/**
 * Walks over the opcodes of one value with a stack of where each value begins, and constructs nothing. Of the value at the
 * bottom it knows the shape, and where the child is that one element of a path names.
 */
export class ShapeScanner {
  /** Absolute position of the next opcode. */
  position: number;
  /** How many bytes from `position` on are asked for, once {@link run} returned `false`. */
  needed = 1;
  /** What is at the bottom of the stack. */
  shape: Shape = "scalar";
  /** How many children it has, as far as read. */
  count = 0;
  /** The child that was asked for. */
  found: Span | undefined;
  /** The state that BUILD gave the value at the bottom. */
  state: Span | undefined;
  /** The PROTO of the pickle, 0 without. */
  protocol = 0;
  readonly #stop: number;
  readonly #element: PathElement | undefined;
  readonly #keys: PathKeys;
  readonly #key: number;
  readonly #listener: MemoListener | undefined;
  readonly #stack: ScanStack;

  /** @param span what to walk over: from its start to its end, or to STOP if that is Infinity */
  constructor(span: Span, keys?: PathKeys, element?: PathElement, listener?: MemoListener) {
    this.position = span.start;
    this.#stack = new ScanStack(span.memoCount);
    this.#stop = span.end;
    this.#element = element;
    this.#keys = keys ?? new PathKeys([]);
    this.#key = this.#keys.numberOf(element);
    this.#listener = listener;
  }

  /** Whether the listener must hear of each opcode, and each value must be known. */
  get #isWatched(): boolean {
    const listener = this.#listener;
    if (listener === undefined) return false;
    return (
      listener.get !== undefined || this.#stack.memoCount < listener.putEnd || (listener.openHeight ?? 0) > 0
    );
  }

  /** Where the value at `height` begins. */
  startOf(height: number): number {
    return this.#stack.starts[height] as number;
  }

  /** How many memo slots were filled before the value at `height`. */
  memoCountAt(height: number): number {
    return this.#stack.memoCounts[height] as number;
  }

  /** Where the value at `height` ends that the opcode at `at` takes. */
  endOf(height: number, at: number): number {
    const mark = this.#stack.marks.lastIndexOf(height + 1);
    const next = height + 1 < this.#stack.size ? (this.#stack.starts[height + 1] as number) : at;
    return mark < 0 ? next : Math.min(next, this.#stack.markStarts[mark] as number);
  }

  #push(at: number, key: number = NO_KEY, isShared = false): void {
    const size = this.#stack.size++;
    this.#stack.starts[size] = at;
    this.#stack.memoCounts[size] = this.#stack.memoCount;
    this.#stack.keyOf[size] = key;
    this.#stack.isShared[size] = isShared;
    if (size === 0) this.#become("scalar");
  }

  #become(shape: Shape): void {
    this.shape = shape;
    this.count = 0;
    this.found = this.state = undefined;
  }

  #spanOf(height: number, at: number): Span {
    return {
      start: this.startOf(height),
      end: this.endOf(height, at),
      memoCount: this.memoCountAt(height),
    };
  }

  /** Notes the children of the bottom: the values from `from` on, of a dict every second one after its key. */
  #children(from: number, isDict: boolean, at: number): void {
    const step = isDict ? 2 : 1;
    const element = this.#element;
    if (isDict) {
      // Of equal keys the last one counts.
      for (let i = from; i + 1 < this.#stack.size; i += 2)
        if (this.#key !== NO_KEY && this.#stack.keyOf[i] === this.#key) this.found = this.#spanOf(i + 1, at);
    } else if (typeof element === "number") {
      const i = from + element - this.count;
      if (i >= from && i < this.#stack.size) this.found = this.#spanOf(i, at);
    }
    this.count += (this.#stack.size - from) / step;
  }

  #take(height: number, at: number): void {
    if (height < 0 || (this.#stack.marks.at(-1) ?? 0) > height) throw UNTOLD;
    this.#listener?.taken?.(height, this, at);
  }

  #popMark(): number {
    const bottom = this.#stack.marks.pop();
    if (bottom === undefined) throw UNTOLD;
    return bottom;
  }

  /** Puts what an opcode made of the values from `bottom` on in their place. */
  #make(bottom: number, start: number, shape: Shape, at: number): void {
    this.#take(bottom, at);
    if (bottom === 0) {
      this.#become(shape);
      if (shape === "tuple" || shape === "list") this.#children(0, false, at);
      else if (shape === "dict") this.#children(0, true, at);
    }
    const memoCount =
      bottom < this.#stack.size ? (this.#stack.memoCounts[bottom] as number) : this.#stack.memoCount;
    this.#stack.size = bottom + 1;
    this.#stack.starts[bottom] = start;
    this.#stack.memoCounts[bottom] = memoCount;
    this.#stack.keyOf[bottom] = NO_KEY;
    this.#stack.isShared[bottom] = false;
  }

  /** Adds the values from `bottom` on to the one below. */
  #add(bottom: number, isDict: boolean, at: number): void {
    if (bottom < 1 || this.#stack.isShared[bottom - 1] === true) throw UNTOLD;
    this.#take(bottom, at);
    if (bottom === 1) this.#children(1, isDict, at);
    this.#stack.size = bottom;
  }

  /**
   * Goes on from `position` through `bytes`, the first of which is at absolute position `base`.
   *
   * @returns `true` at the end of the value, `false` for want of `needed` bytes from `position` on
   * @throws UNTOLD what is broken or unusual
   */
  run(bytes: Uint8Array, base: number, final: boolean): boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const stack = this.#stack;
    const length = bytes.length;
    const skipEnd = Math.min(length, this.#stop - base) - LONGEST_SKIPPED;
    let position = this.position - base;
    for (;;) {
      if (position < skipEnd && stack.size > 0 && !this.#isWatched) {
        position = skip(stack, this.#keys, this.shape === "dict", bytes, base, position, skipEnd);
      }
      const at = base + position;
      if (at >= this.#stop) {
        this.position = at;
        return true;
      }
      let next = position + 1;
      let from = next;
      let operand = 0;
      const code = position < length ? (bytes[position] as number) : -1;
      const layout = code < 0 ? 0 : (layouts[code] as number);
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
      // The content of a large string or of large bytes need not be there to be skipped.
      const isSkipped = layout > COUNTED && layout < LINE && operand > LARGE && next - operand <= length;
      if ((next > length && !isSkipped) || code < 0) {
        this.position = at;
        this.needed = Math.max(1, next - position);
        if (final) throw UNTOLD;
        return false;
      }
      position = next;
      this.#step(code, operand, bytes, from, next, at);
      if (code === op.STOP) {
        if (stack.size !== 1) throw UNTOLD;
        this.position = at;
        return true;
      }
    }
  }

  #step(code: number, operand: number, bytes: Uint8Array, from: number, next: number, at: number): void {
    switch (code) {
      case op.PROTO:
        this.protocol = operand;
        return;
      case op.FRAME:
      case op.STOP:
      case op.READONLY_BUFFER:
        return;
      case op.MARK:
        this.#stack.marks.push(this.#stack.size);
        this.#stack.markStarts.push(at);
        return;
      case op.NONE:
      case op.NEWTRUE:
      case op.NEWFALSE:
      case op.BINFLOAT:
      case op.FLOAT:
      case op.SHORT_BINBYTES:
      case op.BINBYTES:
      case op.BINBYTES8:
      case op.BYTEARRAY8:
      case op.EMPTY_TUPLE:
      case op.GLOBAL:
      case op.EXT1:
      case op.EXT2:
      case op.EXT4:
      case op.PERSID:
        this.#push(at);
        if (code === op.EMPTY_TUPLE && this.#stack.size === 1) this.#become("tuple");
        return;
      case op.EMPTY_LIST:
      case op.EMPTY_DICT:
      case op.EMPTY_SET:
        this.#push(at);
        if (this.#stack.size === 1)
          this.#become(code === op.EMPTY_LIST ? "list" : code === op.EMPTY_DICT ? "dict" : "set");
        return;
      case op.BININT:
      case op.BININT1:
      case op.BININT2:
      case op.LONG1:
      case op.LONG4:
      case op.INT:
      case op.LONG:
      case op.SHORT_BINUNICODE:
      case op.BINUNICODE:
      case op.BINUNICODE8:
      case op.SHORT_BINSTRING:
      case op.BINSTRING:
      case op.UNICODE:
      case op.STRING:
        this.#push(at, this.#keys.of(code, operand, bytes, from, next));
        return;
      case op.GET:
      case op.BINGET:
      case op.LONG_BINGET: {
        const slot = code === op.GET ? Number(parseMemoIndex(bytes, from, next - 1)) : operand;
        this.#listener?.get?.(slot, at);
        this.#push(at, this.#keys.inSlot(slot), true);
        return;
      }
      case op.MEMOIZE:
      case op.PUT:
      case op.BINPUT:
      case op.LONG_BINPUT: {
        const slot =
          code === op.MEMOIZE
            ? this.#stack.memoCount
            : code === op.PUT
              ? Number(parseMemoIndex(bytes, from, next - 1))
              : operand;
        // Slots that are filled out of order cannot be told from those filled again.
        if (slot < this.#stack.memoCount || this.#stack.size === 0) throw UNTOLD;
        // MEMOIZE counts the slots that are filled, of which a PUT may leave some empty.
        if ((this.#stack.memoizes ??= code === op.MEMOIZE) !== (code === op.MEMOIZE)) throw UNTOLD;
        this.#stack.memoCount = slot + 1;
        const key = this.#stack.keyOf[this.#stack.size - 1] as number;
        if (key !== NO_KEY) this.#keys.keep(slot, key);
        if (slot < (this.#listener?.putEnd ?? 0)) this.#listener?.put(slot, this.#stack.size - 1, this, at);
        return;
      }
      case op.POP:
        if (this.#stack.marks.at(-1) === this.#stack.size) {
          this.#popMark();
          this.#stack.markStarts.pop();
        } else {
          this.#take(this.#stack.size - 1, at);
          this.#stack.size--;
        }
        return;
      case op.POP_MARK: {
        const bottom = this.#popMark();
        this.#take(bottom, at);
        this.#stack.markStarts.pop();
        this.#stack.size = bottom;
        return;
      }
      case op.TUPLE1:
      case op.TUPLE2:
      case op.TUPLE3: {
        const bottom = this.#stack.size - (code - op.TUPLE1 + 1);
        this.#make(bottom, this.#stack.starts[bottom] as number, "tuple", at);
        return;
      }
      case op.TUPLE:
      case op.LIST:
      case op.DICT:
      case op.FROZENSET:
      case op.OBJ:
      case op.INST: {
        const bottom = this.#popMark();
        const shape =
          code === op.TUPLE
            ? "tuple"
            : code === op.LIST
              ? "list"
              : code === op.DICT
                ? "dict"
                : code === op.FROZENSET
                  ? "set"
                  : "object";
        this.#make(bottom, this.#stack.markStarts.pop() as number, shape, at);
        return;
      }
      case op.STACK_GLOBAL:
      case op.REDUCE:
      case op.NEWOBJ:
      case op.NEWOBJ_EX: {
        const bottom = this.#stack.size - (code === op.NEWOBJ_EX ? 3 : 2);
        this.#make(
          bottom,
          this.#stack.starts[bottom] as number,
          code === op.STACK_GLOBAL ? "scalar" : "object",
          at,
        );
        return;
      }
      case op.BUILD: {
        const bottom = this.#stack.size - 1;
        if (bottom < 1 || this.#stack.isShared[bottom - 1] === true) throw UNTOLD;
        this.#take(bottom, at);
        if (bottom === 1) this.state = this.#spanOf(1, at);
        this.#stack.size = bottom;
        return;
      }
      case op.BINPERSID: {
        const bottom = this.#stack.size - 1;
        this.#make(bottom, this.#stack.starts[bottom] as number, "scalar", at);
        return;
      }
      case op.APPEND:
        this.#add(this.#stack.size - 1, false, at);
        return;
      case op.SETITEM:
        this.#add(this.#stack.size - 2, true, at);
        return;
      case op.APPENDS:
      case op.ADDITEMS:
      case op.SETITEMS: {
        const bottom = this.#popMark();
        this.#stack.markStarts.pop();
        this.#add(bottom, code === op.SETITEMS, at);
        return;
      }
      // DUP makes two of one, buffers come in the order of the whole pickle, and what is no opcode ends it.
      default:
        throw UNTOLD;
    }
  }
}
