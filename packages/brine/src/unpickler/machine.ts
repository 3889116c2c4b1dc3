import { UnpicklingError, locate } from "../errors.ts";
import { decodeText } from "../bytes/decode-text.ts";
import { decodePython2String } from "../bytes/encodings.ts";
import { decodeLong, decodeLongNumber } from "../bytes/long.ts";
import { decodeUtf8 } from "../bytes/utf8.ts";
import { invalidLoadKey } from "../syntax/cursor.ts";
import * as op from "../syntax/opcodes.ts";
import {
  decodeRawUnicodeEscape,
  decodeStringEscapes,
  parseFloatLine,
  parseIntLine,
  parseLongLine,
  parseMemoIndex,
} from "../syntax/text-operands.ts";
import { ByteArray } from "../values/byte-array.ts";
import { PyDict } from "../values/py-dict.ts";
import { PyObject } from "../values/py-object.ts";
import { PySet } from "../values/py-set.ts";
import { type Tuple, tupleOf } from "../values/tuple.ts";
import { buildDict, buildFrozenSet, buildSet, extendDict, extendSet, unhashableName } from "./dict-items.ts";
import { asUnpicklingError, failure, missingMark, missingMemo, raised, truncated, underflow } from "./failures.ts";
import { BYTEARRAY, BYTES, FROZENSET, LIST, NO_KIND, SET, TUPLE, UNHASHABLE_TUPLE } from "./kinds.ts";
import { addItems, appendItems, build, construct, newObject, reduce, setItems, typeNameOf } from "./objects.ts";
import type { LoadSettings } from "./options.ts";
import { NATIVE_MAP, PENDING_DICT, PENDING_LIST, PENDING_SET, RESTART, State } from "./state.ts";

const NEWLINE = 0x0a;
/** Python has one empty tuple, too. */
const EMPTY: Tuple = /* @__PURE__ */ tupleOf([], 0, 0);

// Heap bytes of an empty container, for the allocation limit. Measured on Node 20: {} 56, [] 32, Map and Set 200.
const LIST_COST = 48;
const DICT_COST = 96;
const MAP_COST = 208;
/** Of an item in a container: its slot, and its share of a boxed number. */
const ITEM_COST = 16;
/** Of a value on the stack or in the memo, with its kind. */
const SLOT_COST = 16;
const CHECK_INTERVAL = 1 << 18;

interface Frame {
  readonly offset: number;
  readonly end: number;
}

/**
 * The pickle machine: it reads opcodes from a window of bytes and can stop at any opcode for want of more.
 * Source: CPython 3.13 `Modules/_pickle.c`, `load` and what it calls; where that and `pickle.py` differ, the C code counts.
 */
export class Machine {
  readonly state: State;
  /** The loaded value, once {@link run} returned `true`. */
  value: unknown;
  /** Absolute position, in bytes, of the next opcode. */
  position = 0;
  /** How many bytes from `position` on the machine asks for, once {@link run} returned `false`. */
  needed = 0;

  /** Frames that reach beyond the bytes seen so far: CPython refuses them at once, a stream cannot know yet. */
  #openFrames: Frame[] = [];
  #held: { readonly error: unknown } | undefined;
  #stopped = false;
  /** Absolute end of the frame that is being read, or of the last one. */
  #frameEnd = 0;

  constructor(settings: LoadSettings) {
    this.state = new State(settings);
  }

  /** Makes ready for the pickle at absolute position `position`. */
  begin(position: number): void {
    this.position = position;
    this.state.begin();
    this.#reset();
  }

  /** Begins the same pickle anew, after {@link run} threw `RESTART`: to learn what it takes, then to load it so. */
  restart(position: number, learn: boolean): void {
    this.position = position;
    this.state.restart(learn);
    this.#reset();
  }

  #reset(): void {
    this.#openFrames = [];
    this.#held = undefined;
    this.#stopped = false;
    this.#frameEnd = 0;
  }

  /**
   * Goes on with the bytes from `start` to the end of `bytes`, whose first byte stands at absolute position `base`.
   *
   * @param final whether no more bytes will come
   * @returns `true` if the pickle is loaded; `false` for want of `needed` bytes from `position` on
   * @throws UnpicklingError
   */
  run(bytes: Uint8Array, base: number, final: boolean): boolean {
    if (!this.#stopped && this.#held === undefined) {
      try {
        this.#stopped = this.#execute(bytes, this.position - base, base, final);
        if (!this.#stopped) return false;
      } catch (error) {
        if (error === RESTART) throw error;
        this.#held = { error };
      }
    }
    // A frame that the data cannot hold is refused at the FRAME, whatever comes after it.
    const end = base + bytes.length;
    for (const frame of this.#openFrames) {
      if (frame.end <= end) continue;
      if (final) throw locate(truncated(), frame.offset, "FRAME");
      this.needed = frame.end - this.position;
      return false;
    }
    if (this.#held !== undefined) throw this.#held.error;
    return true;
  }

  #openFrame(frame: Frame, end: number): void {
    this.#openFrames = this.#openFrames.filter((open) => open.end > end);
    this.#openFrames.push(frame);
  }

  #execute(bytes: Uint8Array, start: number, base: number, final: boolean): boolean {
    const { state } = this;
    const { settings, stack, kinds, marks, pendingSlots, memo, memoKinds } = state;
    const { exact, bigints, encoding, errors } = settings;
    const keepBytes = encoding === "bytes";
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const dataEnd = bytes.length;
    // Inside a frame no operand reaches beyond its end, but for the content of bytes and bytearrays: so CPython reads a file.
    let frameEnd = this.#frameEnd - base;
    let end = start < frameEnd ? Math.min(frameEnd, dataEnd) : dataEnd;
    let position = start;
    let at = start;
    let size = state.stackSize;
    let markCount = state.markCount;
    let fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
    let needed = 1;
    // Heap bytes of what was made since the last look at the limit, which comes every CHECK_INTERVAL bytes of input.
    let spent = 0;
    let checked = start;
    let check = Math.min(end, start + CHECK_INTERVAL);

    try {
      for (;;) {
        at = position;
        if (position >= check) {
          state.spend(spent + (position - checked));
          state.require((size + markCount + memo.length) * SLOT_COST);
          if (position >= end) {
            end = dataEnd;
            if (position >= end) {
              needed = 1;
              if (final) throw raised("EOFError", "no-data", "Ran out of input");
              break;
            }
          }
          spent = 0;
          checked = position;
          check = Math.min(end, position + CHECK_INTERVAL);
        }
        const code = bytes[position++] as number;
        switch (code) {
          case op.MARK:
            marks[markCount] = size;
            pendingSlots[markCount++] = 2 * memo.length;
            fence = size;
            continue;

          // Text

          case op.SHORT_BINUNICODE: {
            const from = position + 1;
            const to = from + (bytes[position] as number);
            if (!(to <= end)) {
              needed = position < end ? to - at : 2;
              break;
            }
            stack[size++] = decodeUtf8(bytes, from, to);
            position = to;
            continue;
          }
          case op.BINUNICODE: {
            const from = position + 4;
            const to = from <= end ? from + view.getUint32(position, true) : from;
            if (to > end || from > end) {
              needed = to - at;
              break;
            }
            stack[size++] = decodeUtf8(bytes, from, to);
            position = to;
            continue;
          }
          case op.BINUNICODE8: {
            const from = position + 8;
            const to = from <= end ? from + length8(view, position, "BINUNICODE") : from;
            if (to > end || from > end) {
              needed = to - at;
              break;
            }
            stack[size++] = decodeUtf8(bytes, from, to);
            position = to;
            continue;
          }
          case op.UNICODE: {
            const newline = bytes.indexOf(NEWLINE, position);
            if (newline < 0 || newline >= end) {
              needed = dataEnd - at + 1;
              break;
            }
            stack[size++] = decodeRawUnicodeEscape(bytes, position, newline);
            position = newline + 1;
            continue;
          }
          case op.SHORT_BINSTRING:
          case op.BINSTRING: {
            const width = code === op.BINSTRING ? 4 : 1;
            const from = position + width;
            if (from > end) {
              needed = from - at;
              break;
            }
            const to = from + (width === 4 ? view.getUint32(position, true) : (bytes[position] as number));
            if (to > end) {
              needed = to - at;
              break;
            }
            position = to;
            kinds[size] = BYTES;
            stack[size++] = keepBytes
              ? this.#bytes(bytes, from, to)
              : decodePython2String(bytes.subarray(from, to), encoding, errors);
            continue;
          }
          case op.STRING: {
            const newline = bytes.indexOf(NEWLINE, position);
            if (newline < 0 || newline >= end) {
              needed = dataEnd - at + 1;
              break;
            }
            const content = decodeStringEscapes(bytes, position, newline);
            position = newline + 1;
            kinds[size] = BYTES;
            stack[size++] = keepBytes ? content : decodePython2String(content, encoding, errors);
            continue;
          }

          // Numbers and constants

          case op.BININT1:
            if (position >= end) {
              needed = 2;
              break;
            }
            stack[size++] = bigints ? BigInt(bytes[position++] as number) : bytes[position++];
            continue;
          case op.BININT2: {
            if (position + 2 > end) {
              needed = 3;
              break;
            }
            const integer = (bytes[position] as number) | ((bytes[position + 1] as number) << 8);
            stack[size++] = bigints ? BigInt(integer) : integer;
            position += 2;
            continue;
          }
          case op.BININT: {
            if (position + 4 > end) {
              needed = 5;
              break;
            }
            const integer = view.getInt32(position, true);
            stack[size++] = bigints ? BigInt(integer) : integer;
            position += 4;
            continue;
          }
          case op.LONG1: {
            const from = position + 1;
            const to = from + (bytes[position] as number);
            if (!(to <= end)) {
              needed = position < end ? to - at : 2;
              break;
            }
            stack[size++] = bigints ? decodeLong(bytes, from, to) : this.#integer(decodeLongNumber(bytes, from, to));
            position = to;
            continue;
          }
          case op.LONG4: {
            const from = position + 4;
            if (from > end) {
              needed = 5;
              break;
            }
            const length = view.getInt32(position, true);
            if (length < 0) throw failure("invalid-operand", "LONG pickle has negative byte count");
            const to = from + length;
            if (to > end) {
              needed = to - at;
              break;
            }
            stack[size++] = bigints ? decodeLong(bytes, from, to) : this.#integer(decodeLongNumber(bytes, from, to));
            position = to;
            continue;
          }
          case op.INT:
          case op.LONG: {
            const newline = bytes.indexOf(NEWLINE, position);
            if (newline < 0 || newline >= end) {
              needed = dataEnd - at + 1;
              break;
            }
            const integer =
              code === op.INT ? parseIntLine(bytes, position, newline) : parseLongLine(bytes, position, newline);
            if (typeof integer === "boolean") stack[size++] = integer;
            else stack[size++] = bigints ? BigInt(integer) : this.#integer(integer);
            position = newline + 1;
            continue;
          }
          case op.BINFLOAT:
            if (position + 8 > end) {
              needed = 9;
              break;
            }
            stack[size++] = view.getFloat64(position);
            position += 8;
            continue;
          case op.FLOAT: {
            const newline = bytes.indexOf(NEWLINE, position);
            if (newline < 0 || newline >= end) {
              needed = dataEnd - at + 1;
              break;
            }
            stack[size++] = parseFloatLine(bytes, position, newline);
            position = newline + 1;
            continue;
          }
          case op.NONE:
            stack[size++] = null;
            continue;
          case op.NEWTRUE:
            stack[size++] = true;
            continue;
          case op.NEWFALSE:
            stack[size++] = false;
            continue;

          // Memo

          case op.BINGET: {
            if (position >= end) {
              needed = 2;
              break;
            }
            const index = bytes[position++] as number;
            const value = memo[index];
            if (value === undefined || value === PENDING_LIST || value === PENDING_DICT || value === PENDING_SET) {
              state.markCount = markCount;
              state.fetch(index, size++);
              continue;
            }
            kinds[size] = memoKinds[index] as number;
            stack[size++] = value;
            continue;
          }
          case op.LONG_BINGET: {
            if (position + 4 > end) {
              needed = 5;
              break;
            }
            const index = view.getUint32(position, true);
            position += 4;
            const value = memo[index];
            if (value === undefined || value === PENDING_LIST || value === PENDING_DICT || value === PENDING_SET) {
              state.markCount = markCount;
              state.fetch(index, size++);
              continue;
            }
            kinds[size] = memoKinds[index] as number;
            stack[size++] = value;
            continue;
          }
          case op.GET: {
            const newline = bytes.indexOf(NEWLINE, position);
            if (newline < 0 || newline >= end) {
              needed = dataEnd - at + 1;
              break;
            }
            const index = parseMemoIndex(bytes, position, newline);
            position = newline + 1;
            if (index < 0) throw missingMemo(index);
            state.markCount = markCount;
            const value = memo[index as number];
            if (value === undefined || value === PENDING_LIST || value === PENDING_DICT || value === PENDING_SET) {
              state.fetch(index, size++);
              continue;
            }
            kinds[size] = memoKinds[index as number] as number;
            stack[size++] = value;
            continue;
          }
          case op.MEMOIZE: {
            if (size <= fence) throw underflow(markCount);
            const index = state.memoCount;
            if (index !== memo.length) state.put(index, stack[size - 1], kinds[size - 1] as number);
            else {
              memo[index] = stack[size - 1];
              memoKinds[index] = kinds[size - 1] as number;
              state.memoCount = index + 1;
            }
            continue;
          }
          case op.BINPUT: {
            if (position >= end) {
              needed = 2;
              break;
            }
            if (size <= fence) throw underflow(markCount);
            const index = bytes[position++] as number;
            if (index !== memo.length) state.put(index, stack[size - 1], kinds[size - 1] as number);
            else {
              memo[index] = stack[size - 1];
              memoKinds[index] = kinds[size - 1] as number;
              state.memoCount++;
            }
            continue;
          }
          case op.LONG_BINPUT: {
            if (position + 4 > end) {
              needed = 5;
              break;
            }
            if (size <= fence) throw underflow(markCount);
            const index = view.getUint32(position, true);
            position += 4;
            if (index !== memo.length) state.put(index, stack[size - 1], kinds[size - 1] as number);
            else {
              memo[index] = stack[size - 1];
              memoKinds[index] = kinds[size - 1] as number;
              state.memoCount++;
            }
            continue;
          }
          case op.PUT: {
            const newline = bytes.indexOf(NEWLINE, position);
            if (newline < 0 || newline >= end) {
              needed = dataEnd - at + 1;
              break;
            }
            if (newline === position) throw truncated();
            if (size <= fence) throw underflow(markCount);
            const index = parseMemoIndex(bytes, position, newline);
            position = newline + 1;
            if (index < 0) throw raised("ValueError", "invalid-operand", "negative PUT argument");
            state.put(index, stack[size - 1], kinds[size - 1] as number);
            continue;
          }

          // Dicts

          case op.EMPTY_DICT: {
            spent += DICT_COST;
            if (state.lazy) {
              const slot = memoSlotAhead(bytes, position, memo.length, state.memoCount);
              if (slot !== EAGER) {
                position += slot >> 3;
                pendingSlots[markCount] = 2 * memo.length + (slot & 1);
                if ((slot & 1) === 1) {
                  memo.push(PENDING_DICT);
                  memoKinds.push(NO_KIND);
                  state.memoCount++;
                }
                stack[size++] = PENDING_DICT;
                marks[markCount++] = fence = size;
                continue;
              }
            }
            stack[size++] = state.newDict(at);
            continue;
          }
          case op.SETITEMS: {
            if (markCount === 0) throw missingMark();
            const from = marks[--markCount] as number;
            fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
            if (from <= fence) throw underflow(markCount);
            if (size === from) {
              this.#materialize(from, markCount);
              continue;
            }
            if ((size - from) % 2 !== 0) throw failure("odd-items", "odd number of items for SETITEMS");
            const target = stack[from - 1];
            if (target === PENDING_DICT) {
              spent += (size - from) * ITEM_COST;
              const dict = buildDict(state, from, size);
              stack[from - 1] = dict;
              const slot = pendingSlots[markCount] as number;
              if (slot % 2 === 1 && memo[(slot - 1) / 2] === PENDING_DICT) memo[(slot - 1) / 2] = dict;
            } else this.#setItems(from, size, markCount);
            size = from;
            continue;
          }
          case op.SETITEM: {
            if (size - 2 <= fence) throw underflow(markCount);
            this.#setItems(size - 2, size, markCount);
            size -= 2;
            continue;
          }
          case op.DICT: {
            if (markCount === 0) throw missingMark();
            const from = marks[--markCount] as number;
            fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
            this.#materialize(from, markCount);
            if ((size - from) % 2 !== 0) throw failure("odd-items", "odd number of items for DICT");
            spent += DICT_COST;
            if (size > from && state.lazy) stack[from] = buildDict(state, from, size);
            else {
              const dict = state.newDict(at);
              if (size > from) extendDict(state, dict, from, size);
              stack[from] = dict;
            }
            size = from + 1;
            continue;
          }

          // Lists

          case op.EMPTY_LIST: {
            spent += LIST_COST;
            kinds[size] = LIST;
            const slot = memoSlotAhead(bytes, position, memo.length, state.memoCount);
            if (slot === EAGER) {
              stack[size++] = [];
              continue;
            }
            position += slot >> 3;
            pendingSlots[markCount] = 2 * memo.length + (slot & 1);
            if ((slot & 1) === 1) {
              memo.push(PENDING_LIST);
              memoKinds.push(LIST);
              state.memoCount++;
            }
            stack[size++] = PENDING_LIST;
            marks[markCount++] = fence = size;
            continue;
          }
          case op.APPENDS: {
            if (markCount === 0) throw missingMark();
            const from = marks[--markCount] as number;
            fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
            if (from <= fence) throw underflow(markCount);
            const target = stack[from - 1];
            if (target === PENDING_LIST) {
              spent += (size - from) * ITEM_COST;
              const list = stack.slice(from, size);
              stack[from - 1] = list;
              const slot = pendingSlots[markCount] as number;
              if (slot % 2 === 1 && memo[(slot - 1) / 2] === PENDING_LIST) memo[(slot - 1) / 2] = list;
            } else if (size > from) this.#append(from, size, markCount);
            else this.#materialize(from, markCount);
            size = from;
            continue;
          }
          case op.APPEND:
            if (size - 1 <= fence) throw underflow(markCount);
            this.#append(size - 1, size, markCount);
            size--;
            continue;
          case op.LIST: {
            if (markCount === 0) throw missingMark();
            const from = marks[--markCount] as number;
            fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
            this.#materialize(from, markCount);
            spent += LIST_COST;
            kinds[from] = LIST;
            stack[from] = stack.slice(from, size);
            size = from + 1;
            continue;
          }

          // Tuples

          case op.EMPTY_TUPLE:
            spent += LIST_COST;
            kinds[size] = TUPLE;
            stack[size] = exact ? EMPTY : [];
            size++;
            continue;
          case op.TUPLE1: {
            const from = size - 1;
            if (from < fence) throw underflow(markCount);
            spent += LIST_COST;
            if (exact) stack[from] = tupleOf(stack, from, size);
            else {
              kinds[from] = this.#tupleKind(from, size);
              stack[from] = [stack[from]];
            }
            continue;
          }
          case op.TUPLE2: {
            const from = size - 2;
            if (from < fence) throw underflow(markCount);
            spent += LIST_COST;
            if (exact) stack[from] = tupleOf(stack, from, size);
            else {
              kinds[from] = this.#tupleKind(from, size);
              stack[from] = [stack[from], stack[from + 1]];
            }
            size = from + 1;
            continue;
          }
          case op.TUPLE3: {
            const from = size - 3;
            if (from < fence) throw underflow(markCount);
            spent += LIST_COST;
            if (exact) stack[from] = tupleOf(stack, from, size);
            else {
              kinds[from] = this.#tupleKind(from, size);
              stack[from] = [stack[from], stack[from + 1], stack[from + 2]];
            }
            size = from + 1;
            continue;
          }
          case op.TUPLE: {
            if (markCount === 0) throw missingMark();
            const from = marks[--markCount] as number;
            fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
            this.#materialize(from, markCount);
            spent += LIST_COST;
            if (exact) stack[from] = tupleOf(stack, from, size);
            else {
              kinds[from] = this.#tupleKind(from, size);
              stack[from] = stack.slice(from, size);
            }
            size = from + 1;
            continue;
          }

          // Bytes and buffers

          case op.SHORT_BINBYTES: {
            const from = position + 1;
            const to = from + (bytes[position] as number);
            if (!(to <= dataEnd) || position >= end) {
              needed = position < end ? to - at : 2;
              break;
            }
            kinds[size] = BYTES;
            stack[size++] = this.#bytes(bytes, from, to);
            position = to;
            continue;
          }
          case op.BINBYTES: {
            const from = position + 4;
            const to = from <= end ? from + view.getUint32(position, true) : from;
            if (to > dataEnd || from > end) {
              needed = to - at;
              break;
            }
            kinds[size] = BYTES;
            stack[size++] = this.#bytes(bytes, from, to);
            position = to;
            continue;
          }
          case op.BINBYTES8: {
            const from = position + 8;
            const to = from <= end ? from + length8(view, position, "BINBYTES") : from;
            if (to > dataEnd || from > end) {
              needed = to - at;
              break;
            }
            kinds[size] = BYTES;
            stack[size++] = this.#bytes(bytes, from, to);
            position = to;
            continue;
          }
          case op.BYTEARRAY8: {
            const from = position + 8;
            const to = from <= end ? from + length8(view, position, "BYTEARRAY8") : from;
            if (to > dataEnd || from > end) {
              needed = to - at;
              break;
            }
            kinds[size] = BYTEARRAY;
            const copy = exact ? new ByteArray(new ArrayBuffer(to - from)) : new Uint8Array(to - from);
            copy.set(bytes.subarray(from, to));
            stack[size++] = copy;
            position = to;
            continue;
          }
          case op.NEXT_BUFFER:
            kinds[size] = BYTES;
            stack[size++] = state.nextBuffer();
            continue;
          case op.READONLY_BUFFER: {
            if (size <= fence) throw underflow(markCount);
            const buffer = stack[size - 1];
            const kind = kinds[size - 1] as number;
            stack[size - 1] = state.readonlyBuffer(buffer, kind, typeNameOf(state, buffer, kind));
            continue;
          }

          // Sets

          case op.EMPTY_SET: {
            spent += MAP_COST;
            kinds[size] = SET;
            if (state.lazy) {
              const slot = memoSlotAhead(bytes, position, memo.length, state.memoCount);
              if (slot !== EAGER) {
                position += slot >> 3;
                pendingSlots[markCount] = 2 * memo.length + (slot & 1);
                if ((slot & 1) === 1) {
                  memo.push(PENDING_SET);
                  memoKinds.push(SET);
                  state.memoCount++;
                }
                stack[size++] = PENDING_SET;
                marks[markCount++] = fence = size;
                continue;
              }
            }
            stack[size++] = state.newSet(at);
            continue;
          }
          case op.ADDITEMS: {
            if (markCount === 0) throw missingMark();
            const from = marks[--markCount] as number;
            fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
            if (from <= fence) throw underflow(markCount);
            const target = stack[from - 1];
            if (target === PENDING_SET && size > from) {
              spent += (size - from) * ITEM_COST;
              const set = buildSet(state, from, size);
              stack[from - 1] = set;
              const slot = pendingSlots[markCount] as number;
              if (slot % 2 === 1 && memo[(slot - 1) / 2] === PENDING_SET) memo[(slot - 1) / 2] = set;
            } else {
              const value = this.#materialize(from, markCount);
              if (size > from) {
                if (value instanceof Set && (exact ? value instanceof PySet : kinds[from - 1] === SET)) {
                  extendSet(state, value, from, size);
                } else addItems(state, from, size);
              }
            }
            size = from;
            continue;
          }
          case op.FROZENSET: {
            if (markCount === 0) throw missingMark();
            const from = marks[--markCount] as number;
            fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
            this.#materialize(from, markCount);
            spent += MAP_COST;
            stack[from] = buildFrozenSet(state, from, size);
            kinds[from] = FROZENSET;
            size = from + 1;
            continue;
          }

          // Classes and what they make

          case op.GLOBAL: {
            const newline = bytes.indexOf(NEWLINE, position);
            const second = newline < 0 ? -1 : bytes.indexOf(NEWLINE, newline + 1);
            // A bad module name is refused before the second line is looked for.
            if (newline === position) throw truncated();
            const module = newline < 0 ? "" : decodeText(bytes.subarray(position, newline), "utf-8", "strict");
            if (second < 0 || second >= end) {
              needed = dataEnd - at + 1;
              break;
            }
            if (second === newline + 1) throw truncated();
            const name = decodeText(bytes.subarray(newline + 1, second), "utf-8", "strict");
            position = second + 1;
            kinds[size] = NO_KIND;
            stack[size++] = state.global(module, name);
            continue;
          }
          case op.STACK_GLOBAL: {
            if (size - 2 < fence) throw underflow(markCount);
            const module = stack[size - 2];
            const name = stack[size - 1];
            if (typeof module !== "string" || typeof name !== "string") {
              throw failure("invalid-arguments", "STACK_GLOBAL requires str");
            }
            size -= 2;
            kinds[size] = NO_KIND;
            stack[size++] = state.global(module, name);
            continue;
          }
          case op.REDUCE:
            if (size - 2 < fence) throw underflow(markCount);
            size--;
            reduce(state, size - 1, memo.at(-1));
            continue;
          case op.NEWOBJ:
            if (size - 2 < fence) throw underflow(markCount);
            size--;
            newObject(state, size - 1, false);
            continue;
          case op.NEWOBJ_EX:
            if (size - 3 < fence) throw underflow(markCount);
            size -= 2;
            newObject(state, size - 1, true);
            continue;
          case op.BUILD:
            if (size - 2 < fence) throw underflow(markCount);
            size--;
            build(state, size - 1);
            continue;
          case op.INST: {
            if (markCount === 0) throw missingMark();
            const newline = bytes.indexOf(NEWLINE, position);
            const second = newline < 0 ? -1 : bytes.indexOf(NEWLINE, newline + 1);
            if (newline === position) throw truncated();
            const module = newline < 0 ? "" : decodeText(bytes.subarray(position, newline), "ascii", "strict");
            if (second < 0 || second >= end) {
              needed = dataEnd - at + 1;
              break;
            }
            if (second === newline + 1) throw truncated();
            const name = decodeText(bytes.subarray(newline + 1, second), "ascii", "strict");
            position = second + 1;
            const from = marks[--markCount] as number;
            fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
            this.#materialize(from, markCount);
            const args = exact ? tupleOf(stack, from, size) : stack.slice(from, size);
            construct(state, "inst", state.global(module, name), args, undefined, from);
            size = from + 1;
            continue;
          }
          case op.OBJ: {
            if (markCount === 0) throw missingMark();
            const from = marks[--markCount] as number;
            fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
            this.#materialize(from, markCount);
            if (size - from < 1) throw underflow(markCount);
            const args = exact ? tupleOf(stack, from + 1, size) : stack.slice(from + 1, size);
            construct(state, "obj", stack[from], args, undefined, from);
            size = from + 1;
            continue;
          }
          case op.EXT1:
            if (position >= end) {
              needed = 2;
              break;
            }
            stack[size++] = state.extension(bytes[position++] as number);
            continue;
          case op.EXT2:
            if (position + 2 > end) {
              needed = 3;
              break;
            }
            stack[size++] = state.extension(view.getUint16(position, true));
            position += 2;
            continue;
          case op.EXT4:
            if (position + 4 > end) {
              needed = 5;
              break;
            }
            stack[size++] = state.extension(view.getInt32(position, true));
            position += 4;
            continue;
          case op.PERSID: {
            state.requirePersistentLoad();
            const newline = bytes.indexOf(NEWLINE, position);
            if (newline < 0 || newline >= end) {
              needed = dataEnd - at + 1;
              break;
            }
            for (let i = position; i < newline; i++) {
              if ((bytes[i] as number) > 0x7f) {
                throw failure("undecodable-text", "persistent IDs in protocol 0 must be ASCII strings");
              }
            }
            kinds[size] = NO_KIND;
            stack[size++] = state.persistent(decodeUtf8(bytes, position, newline));
            position = newline + 1;
            continue;
          }
          case op.BINPERSID:
            state.requirePersistentLoad();
            if (size <= fence) throw underflow(markCount);
            stack[size - 1] = state.persistent(stack[size - 1]);
            kinds[size - 1] = NO_KIND;
            continue;

          // The stack itself

          case op.POP:
            if (markCount > 0 && fence === size) {
              markCount--;
              fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
              this.#materialize(size, markCount);
            } else if (size <= fence) throw underflow(markCount);
            else {
              size--;
              if (size > fence) this.#popped(stack[size - 1], stack[size]);
            }
            continue;
          case op.POP_MARK: {
            if (markCount === 0) throw missingMark();
            size = marks[--markCount] as number;
            fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
            this.#materialize(size, markCount);
            continue;
          }
          case op.DUP:
            if (size <= fence) throw underflow(markCount);
            stack[size] = stack[size - 1];
            kinds[size] = kinds[size - 1] as number;
            size++;
            continue;

          // The pickle itself

          case op.PROTO: {
            if (position >= end) {
              needed = 2;
              break;
            }
            const protocol = bytes[position++] as number;
            if (protocol > op.HIGHEST_PROTOCOL) {
              throw raised("ValueError", "unsupported-protocol", `unsupported pickle protocol: ${protocol}`);
            }
            state.protocol = protocol;
            continue;
          }
          case op.FRAME: {
            if (position + 8 > end) {
              needed = 9;
              break;
            }
            const length = length8(view, position, "FRAME");
            position += 8;
            if (position < frameEnd) {
              if (position + length > frameEnd) throw truncated();
              continue;
            }
            frameEnd = position + length;
            if (frameEnd > dataEnd) {
              if (final) throw truncated();
              this.#openFrame({ offset: base + at, end: base + frameEnd }, base + dataEnd);
            }
            end = Math.min(frameEnd, dataEnd);
            check = Math.min(end, position + CHECK_INTERVAL);
            continue;
          }
          case op.STOP:
            if (size <= fence) throw underflow(markCount);
            this.value = stack[size - 1];
            this.position = base + position;
            state.end();
            return true;

          default:
            throw failure("invalid-opcode", invalidLoadKey(code));
        }
        // Every `break` of the switch is a want of bytes.
        if (final || (at < frameEnd && frameEnd <= dataEnd)) throw truncated();
        break;
      }
    } catch (error) {
      this.position = base + at;
      if (error === RESTART) throw error;
      throw locate(asUnpicklingError(error), base + at, op.opcodeOf(bytes[at] as number)?.name);
    }
    this.#frameEnd = base + frameEnd;
    state.stackSize = size;
    state.markCount = markCount;
    state.spend(spent + (at - checked));
    this.position = base + at;
    this.needed = needed;
    return false;
  }

  #integer(value: number | bigint): number | bigint {
    if (typeof value === "bigint" && this.state.settings.numbers) {
      throw failure(
        "unrepresentable",
        `the int ${value} is beyond what a number holds exactly`,
        'Load with ints: "auto" or "bigint"',
      );
    }
    return value;
  }

  #bytes(bytes: Uint8Array, from: number, to: number): Uint8Array {
    return this.state.settings.views ? bytes.subarray(from, to) : bytes.slice(from, to);
  }

  /** In plain mode, the kind of a tuple of the stack's values: hashable only if all that is in it is. */
  #tupleKind(from: number, to: number): number {
    const { stack, kinds } = this.state;
    for (let i = from; i < to; i++) {
      const value = stack[i];
      if (typeof value !== "object" || value === null) continue;
      if (unhashableName(this.state, value, kinds[i] as number) !== undefined) return UNHASHABLE_TUPLE;
    }
    return TUPLE;
  }

  /** What stands below a MARK that is gone now, made if it was pending; −1 entries below the stack are none. */
  #materialize(base: number, mark: number): unknown {
    const value = this.state.stack[base - 1];
    if (value !== PENDING_LIST && value !== PENDING_DICT && value !== PENDING_SET) return value;
    // A pending container belongs to the lowest MARK of its height.
    if (mark > 0 && this.state.marks[mark - 1] === base) return value;
    const slot = this.state.pendingSlots[mark] as number;
    return this.state.materialize(base, slot % 2 === 1 ? (slot - 1) / 2 : -1);
  }

  #append(from: number, to: number, mark: number): void {
    const { state } = this;
    const { stack } = state;
    const list = to > from ? this.#materialize(from, mark) : undefined;
    const isList = state.settings.exact
      ? Array.isArray(list) && Object.getPrototypeOf(list) === Array.prototype
      : state.kinds[from - 1] === LIST && Array.isArray(list);
    if (isList) for (let i = from; i < to; i++) (list as unknown[]).push(stack[i]);
    else appendItems(state, from, to);
  }

  #setItems(from: number, to: number, mark: number): void {
    const { state } = this;
    const dict = this.#materialize(from, mark);
    const { exact } = state.settings;
    const isDict =
      typeof dict === "object" &&
      dict !== null &&
      (exact ? dict instanceof PyDict : dict instanceof Map || Object.getPrototypeOf(dict) === Object.prototype);
    if (isDict) extendDict(state, dict, from, to);
    else setItems(state, from, to);
  }

  /**
   * A call whose result is dropped, on the object that is left on top: a state setter. Other calls are dropped too, where
   * an object turned out to be in its own arguments, but then the tuple of them was the last to be memoized.
   */
  #popped(object: unknown, result: unknown): void {
    if (!(result instanceof PyObject && object instanceof PyObject)) return;
    const args = result.args as readonly unknown[];
    if (result.how === "reduce" && args[0] === object && this.state.memo.at(-1) !== args) object.called(result.type, args);
  }
}

const EAGER = 0;

/**
 * Whether the items of the empty container just read follow at once: MARK, or MARK after the opcode that memoizes it at
 * the next slot. Gives how many bytes that takes, times 8, plus 1 if it is memoized; {@link EAGER} if not.
 */
function memoSlotAhead(bytes: Uint8Array, position: number, next: number, count: number): number {
  switch (bytes[position]) {
    case op.MARK:
      return 1 << 3;
    case op.MEMOIZE:
      return bytes[position + 1] === op.MARK && next === count ? (2 << 3) | 1 : EAGER;
    case op.BINPUT:
      return bytes[position + 2] === op.MARK && bytes[position + 1] === next ? (3 << 3) | 1 : EAGER;
    case op.LONG_BINPUT: {
      if (bytes[position + 5] !== op.MARK) return EAGER;
      const low = (bytes[position + 1] as number) | ((bytes[position + 2] as number) << 8);
      const high = (bytes[position + 3] as number) | ((bytes[position + 4] as number) << 8);
      return low + high * 0x10000 === next ? (6 << 3) | 1 : EAGER;
    }
    default:
      return EAGER;
  }
}

/** An 8-byte length. Above 2^53 it is inexact, and beyond any input all the same. Source: `calc_binsize`. */
function length8(view: DataView, at: number, name: string): number {
  const high = view.getUint32(at + 4, true);
  if (high > 0x7fff_ffff) {
    const subject = name === "FRAME" ? "FRAME length exceeds system's maximum of" : `${name} exceeds system's maximum size of`;
    throw raised("OverflowError", "invalid-operand", `${subject} 9223372036854775807 bytes`);
  }
  return high * 0x1_0000_0000 + view.getUint32(at, true);
}
