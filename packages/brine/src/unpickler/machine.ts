import { locate } from "../errors.ts";
import { decodeText } from "../bytes/decode-text.ts";
import { decodePython2String } from "../bytes/encodings.ts";
import { decodeLongNumber } from "../bytes/long.ts";
import { decodeUtf8 } from "../bytes/utf8.ts";
import { invalidLoadKey } from "../syntax/load-key.ts";
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
import { MemoryView } from "../values/memory-view.ts";
import { PyObject } from "../values/py-object.ts";
import { type Tuple, tupleOf } from "../values/tuple.ts";
import { buildDict, buildFrozenSet, buildSet, extendDict, unhashableAt } from "./dict-items.ts";
import { asUnpicklingError, failure, truncated, underflow, unsupported } from "./failures.ts";
import { BYTEARRAY, BYTES, DICT, FROZENSET, LIST, NO_KIND, SET, TUPLE, UNHASHABLE_TUPLE } from "./kinds.ts";
import { addItems, build, construct, newObject, reduce, setItems, typeNameAt } from "./objects.ts";
import type { LoadSettings } from "./options.ts";
import { PENDING, RESTART, State } from "./state.ts";

const NEWLINE = 0x0a;
/** Python has one empty tuple, too. */
const EMPTY: Tuple = /* @__PURE__ */ tupleOf([], 0, 0);

// Heap bytes for the allocation limit. Measured on Node 20: {} 56, [] 32, Map and Set 200; an item in a container, its
// slot and a share of a boxed number; a value on the stack or in the memo, with its kind.
const LIST_COST = 48;
const DICT_COST = 208;
const ITEM_COST = 16;
const CHECK_INTERVAL = 1 << 18;

interface OpenFrame {
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

  /** Absolute end of the frame that is being read, or of the last one. */
  #frameEnd = 0;
  /** Frames that reach beyond the bytes seen so far: CPython refuses them at once, a stream cannot know yet. */
  #openFrames: OpenFrame[] = [];
  /** What came out of the pickle before its frames were all there. */
  #outcome: { readonly error?: unknown } | undefined;

  constructor(settings: LoadSettings) {
    this.state = new State(settings);
  }

  /** Makes ready for the pickle at absolute position `position`. */
  begin(position: number): void {
    this.state.begin();
    this.#reset(position);
  }

  /** Begins the same pickle anew, after {@link run} threw `RESTART`: to learn what it takes, then to load it so. */
  restart(position: number, learn: boolean): void {
    this.state.restart(learn);
    this.#reset(position);
  }

  #reset(position: number): void {
    this.position = position;
    this.#frameEnd = 0;
    this.#openFrames = [];
    this.#outcome = undefined;
  }

  /**
   * Goes on from `position` to the end of `bytes`, whose first byte stands at absolute position `base`.
   *
   * @param final whether no more bytes will come
   * @returns `true` if the pickle is loaded; `false` for want of `needed` bytes from `position` on
   * @throws UnpicklingError
   */
  run(bytes: Uint8Array, base: number, final: boolean): boolean {
    if (this.#outcome === undefined) {
      try {
        if (!this.#execute(bytes, base, final)) return false;
        this.#outcome = {};
      } catch (error) {
        if (error === RESTART) throw error;
        this.#outcome = { error };
      }
    }
    // A frame that the data cannot hold is refused at the FRAME, whatever comes after it.
    for (const frame of this.#openFrames) {
      if (frame.end <= base + bytes.length) continue;
      if (final) throw locate(truncated(), frame.offset, "FRAME");
      this.needed = frame.end - this.position;
      return false;
    }
    if ("error" in this.#outcome) throw this.#outcome.error;
    return true;
  }

  #execute(bytes: Uint8Array, base: number, final: boolean): boolean {
    const { state } = this;
    const { stack, kinds, marks, slots, memo, memoKinds } = state;
    const { exact, bigints } = state.settings;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const dataEnd = bytes.length;
    let position = this.position - base;
    // Inside a frame no operand reaches beyond its end, but for the content of bytes and bytearrays: so CPython reads a file.
    let frameEnd = this.#frameEnd - base;
    let end = position < frameEnd ? Math.min(frameEnd, dataEnd) : dataEnd;
    let at = position;
    let size = state.size;
    let markCount = state.markCount;
    let fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
    let needed = 1;
    // Heap bytes of what was made since the last look at the limit, which comes every CHECK_INTERVAL bytes of input.
    let spent = 0;
    let checked = position;
    let check = Math.min(end, position + CHECK_INTERVAL);

    try {
      for (;;) {
        at = position;
        if (position >= check) {
          state.spend(spent + position - checked, (size + markCount + memo.length) * ITEM_COST);
          spent = 0;
          checked = position;
          if (position >= end) {
            end = dataEnd;
            if (position >= end) {
              needed = 1;
              if (final) throw failure("no-data", "Ran out of input", "EOFError");
              break;
            }
          }
          check = Math.min(end, position + CHECK_INTERVAL);
        }
        const code = bytes[position++] as number;
        switch (code) {
          case op.MARK:
            marks[markCount] = size;
            slots[markCount++] = 2 * memo.length;
            fence = size;
            continue;

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
          case op.BINFLOAT:
            if (position + 8 > end) {
              needed = 9;
              break;
            }
            stack[size++] = view.getFloat64(position);
            position += 8;
            continue;
          case op.NONE:
            stack[size++] = null;
            continue;
          case op.NEWTRUE:
            stack[size++] = true;
            continue;
          case op.NEWFALSE:
            stack[size++] = false;
            continue;

          case op.SHORT_BINUNICODE: {
            const from = position + 1;
            const to = from + (bytes[position] as number);
            if (position >= end || to > end) {
              needed = position < end ? to - at : 2;
              break;
            }
            stack[size++] = decodeUtf8(bytes, from, to);
            position = to;
            continue;
          }
          case op.SHORT_BINSTRING:
          case op.SHORT_BINBYTES:
          case op.LONG1:
          case op.BINUNICODE:
          case op.BINSTRING:
          case op.BINBYTES:
          case op.LONG4:
          case op.BINUNICODE8:
          case op.BINBYTES8:
          case op.BYTEARRAY8: {
            const width = widthOf(code);
            const from = position + width;
            if (from > end) {
              needed = from - at;
              break;
            }
            const length =
              width === 1
                ? (bytes[position] as number)
                : width === 8
                  ? length8(view, position, code)
                  : code === op.LONG4
                    ? view.getInt32(position, true)
                    : view.getUint32(position, true);
            if (length < 0) throw failure("invalid-operand", "LONG pickle has negative byte count");
            const to = from + length;
            const isContent =
              code === op.SHORT_BINBYTES || code === op.BINBYTES || code === op.BINBYTES8 || code === op.BYTEARRAY8;
            if (to > (isContent ? dataEnd : end)) {
              needed = to - at;
              break;
            }
            kinds[size] = code === op.BYTEARRAY8 ? BYTEARRAY : BYTES;
            stack[size++] = this.#content(code, bytes, from, to);
            position = to;
            continue;
          }

          case op.UNICODE:
          case op.STRING:
          case op.INT:
          case op.LONG:
          case op.FLOAT:
          case op.GET:
          case op.PUT:
          case op.PERSID:
          case op.GLOBAL:
          case op.INST: {
            if (code === op.INST && markCount === 0) throw missingMark();
            if (code === op.PERSID) this.#requirePersistentLoad();
            let newline = bytes.indexOf(NEWLINE, position);
            if (newline < 0 || newline >= end) {
              needed = dataEnd - at + 1;
              break;
            }
            const from = position;
            if (code === op.GET) {
              state.markCount = markCount;
              state.fetch(parseMemoIndex(bytes, from, newline), size++);
            } else if (code === op.PUT) {
              if (newline === from) throw truncated();
              if (size <= fence) throw underflow(markCount);
              const index = parseMemoIndex(bytes, from, newline);
              if (index < 0) throw failure("invalid-operand", "negative PUT argument", "ValueError");
              state.put(index, stack[size - 1], kinds[size - 1] as number);
            } else if (code === op.GLOBAL || code === op.INST) {
              const codec = code === op.GLOBAL ? "utf-8" : "ascii";
              const module = nameLine(bytes, from, newline, codec);
              const second = newline + 1;
              newline = bytes.indexOf(NEWLINE, second);
              if (newline < 0 || newline >= end) {
                needed = dataEnd - at + 1;
                break;
              }
              const global = state.global(module, nameLine(bytes, second, newline, codec));
              if (code === op.INST) {
                const bottom = marks[--markCount] as number;
                fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
                this.#expose(bottom, markCount);
                construct(state, "inst", global, exact ? tupleOf(stack, bottom, size) : stack.slice(bottom, size), undefined, bottom);
                size = bottom + 1;
              } else {
                kinds[size] = NO_KIND;
                stack[size++] = global;
              }
            } else {
              kinds[size] = code === op.STRING ? BYTES : NO_KIND;
              stack[size++] = this.#line(code, bytes, from, newline);
            }
            position = newline + 1;
            continue;
          }

          case op.BINGET:
          case op.LONG_BINGET: {
            let index = bytes[position] as number;
            if (code === op.BINGET) {
              if (position >= end) {
                needed = 2;
                break;
              }
              position++;
            } else {
              if (position + 4 > end) {
                needed = 5;
                break;
              }
              index = view.getUint32(position, true);
              position += 4;
            }
            const value = memo[index];
            if (value === undefined || value === PENDING) {
              state.markCount = markCount;
              state.fetch(index, size++);
              continue;
            }
            kinds[size] = memoKinds[index] as number;
            stack[size++] = value;
            continue;
          }
          case op.MEMOIZE:
          case op.BINPUT:
          case op.LONG_BINPUT: {
            let index = state.memoCount;
            if (code === op.BINPUT) {
              if (position >= end) {
                needed = 2;
                break;
              }
              index = bytes[position++] as number;
            } else if (code === op.LONG_BINPUT) {
              if (position + 4 > end) {
                needed = 5;
                break;
              }
              index = view.getUint32(position, true);
              position += 4;
            }
            if (size <= fence) throw underflow(markCount);
            if (index !== memo.length || state.sparse !== undefined) {
              state.put(index, stack[size - 1], kinds[size - 1] as number);
            } else {
              memo[index] = stack[size - 1];
              memoKinds[index] = kinds[size - 1] as number;
              state.memoCount++;
            }
            continue;
          }

          case op.EMPTY_LIST:
          case op.EMPTY_DICT:
          case op.EMPTY_SET: {
            const kind = code === op.EMPTY_LIST ? LIST : code === op.EMPTY_DICT ? DICT : SET;
            spent += kind === LIST ? LIST_COST : DICT_COST;
            kinds[size] = kind;
            const ahead = state.lazy ? itemsAhead(bytes, position, memo.length, state) : EAGER;
            if (ahead === EAGER) {
              stack[size++] = kind === LIST ? [] : kind === DICT ? state.newDict(at) : state.newSet(at);
              continue;
            }
            slots[markCount] = 2 * memo.length;
            if (ahead > 1) {
              slots[markCount] = 2 * memo.length + 1;
              memoKinds[memo.length] = kind;
              memo.push(PENDING);
              state.memoCount++;
            }
            position += ahead;
            stack[size++] = PENDING;
            marks[markCount++] = fence = size;
            continue;
          }

          case op.TUPLE:
          case op.LIST:
          case op.DICT:
          case op.FROZENSET:
          case op.OBJ:
          case op.POP_MARK:
          case op.APPENDS:
          case op.SETITEMS:
          case op.ADDITEMS: {
            if (markCount === 0) throw missingMark();
            const from = marks[--markCount] as number;
            fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
            spent += LIST_COST + (size - from) * ITEM_COST;
            if (code === op.APPENDS || code === op.SETITEMS || code === op.ADDITEMS) {
              if (from <= fence) throw underflow(markCount);
              const isPairs = code === op.SETITEMS;
              if (isPairs && (size - from) % 2 !== 0) {
                throw failure("odd-items", "odd number of items for SETITEMS");
              }
              const kind = code === op.APPENDS ? LIST : isPairs ? DICT : SET;
              if (stack[from - 1] === PENDING && kinds[from - 1] === kind && size > from) {
                const value =
                  kind === LIST ? stack.slice(from, size) : isPairs ? buildDict(state, from, size) : buildSet(state, from, size);
                state.settle(from - 1, markCount, value);
              } else {
                this.#expose(from, markCount);
                if (size === from) continue;
                if (isPairs) setItems(state, from, size);
                else addItems(state, from, size, kind);
              }
              size = from;
              continue;
            }
            this.#expose(from, markCount);
            switch (code) {
              case op.TUPLE:
                kinds[from] = exact ? TUPLE : this.#tupleKind(from, size);
                stack[from] = exact ? tupleOf(stack, from, size) : stack.slice(from, size);
                break;
              case op.LIST:
                kinds[from] = LIST;
                stack[from] = stack.slice(from, size);
                break;
              case op.DICT:
                if ((size - from) % 2 !== 0) throw failure("odd-items", "odd number of items for DICT");
                if (size > from && state.lazy) stack[from] = buildDict(state, from, size);
                else {
                  const dict = state.newDict(at);
                  extendDict(state, dict, from, size);
                  stack[from] = dict;
                }
                kinds[from] = DICT;
                break;
              case op.FROZENSET:
                stack[from] = buildFrozenSet(state, from, size);
                kinds[from] = FROZENSET;
                break;
              case op.OBJ:
                if (size === from) throw underflow(markCount);
                construct(
                  state,
                  "obj",
                  stack[from],
                  exact ? tupleOf(stack, from + 1, size) : stack.slice(from + 1, size),
                  undefined,
                  from,
                );
                break;
              default:
                size = from;
                continue;
            }
            size = from + 1;
            continue;
          }

          case op.EMPTY_TUPLE:
            kinds[size] = TUPLE;
            stack[size++] = exact ? EMPTY : [];
            spent += LIST_COST;
            continue;
          case op.TUPLE1:
          case op.TUPLE2:
          case op.TUPLE3: {
            const from = size - (code - op.TUPLE1 + 1);
            if (from < fence) throw underflow(markCount);
            spent += LIST_COST;
            if (exact) stack[from] = tupleOf(stack, from, size);
            else {
              kinds[from] = this.#tupleKind(from, size);
              stack[from] =
                code === op.TUPLE2
                  ? [stack[from], stack[from + 1]]
                  : code === op.TUPLE1
                    ? [stack[from]]
                    : [stack[from], stack[from + 1], stack[from + 2]];
            }
            size = from + 1;
            continue;
          }

          case op.APPEND:
            if (size - 1 <= fence) throw underflow(markCount);
            size--;
            spent += ITEM_COST;
            addItems(state, size, size + 1, LIST);
            continue;
          case op.SETITEM:
            if (size - 2 <= fence) throw underflow(markCount);
            size -= 2;
            spent += 2 * ITEM_COST;
            setItems(state, size, size + 2);
            continue;

          case op.STACK_GLOBAL:
          case op.REDUCE:
          case op.NEWOBJ:
          case op.BUILD:
          case op.NEWOBJ_EX: {
            const below = code === op.NEWOBJ_EX ? 3 : 2;
            if (size - below < fence) throw underflow(markCount);
            size -= below - 1;
            if (code === op.REDUCE) reduce(state, size - 1);
            else if (code === op.BUILD) build(state, size - 1);
            else if (code !== op.STACK_GLOBAL) newObject(state, size - 1, code === op.NEWOBJ_EX);
            else {
              const module = stack[size - 1];
              const name = stack[size];
              if (typeof module !== "string" || typeof name !== "string") {
                throw failure("invalid-arguments", "STACK_GLOBAL requires str");
              }
              stack[size - 1] = state.global(module, name);
              kinds[size - 1] = NO_KIND;
            }
            continue;
          }
          case op.EXT1:
          case op.EXT2:
          case op.EXT4: {
            const width = code === op.EXT1 ? 1 : code === op.EXT2 ? 2 : 4;
            if (position + width > end) {
              needed = 1 + width;
              break;
            }
            kinds[size] = NO_KIND;
            stack[size++] = state.extension(
              width === 1
                ? (bytes[position] as number)
                : width === 2
                  ? view.getUint16(position, true)
                  : view.getInt32(position, true),
            );
            position += width;
            continue;
          }
          case op.BINPERSID: {
            this.#requirePersistentLoad();
            if (size <= fence) throw underflow(markCount);
            const id = stack[size - 1];
            stack[size - 1] = state.once(() => state.settings.persistentLoad?.(id));
            kinds[size - 1] = NO_KIND;
            continue;
          }

          case op.NEXT_BUFFER:
            kinds[size] = BYTES;
            stack[size++] = state.once(() => state.nextBuffer());
            continue;
          case op.READONLY_BUFFER: {
            if (size <= fence) throw underflow(markCount);
            const buffer = stack[size - 1];
            const type = typeNameAt(state, size - 1);
            if (!(buffer instanceof Uint8Array)) {
              throw unsupported("TypeError", `memoryview: a bytes-like object is required, not '${type}'`);
            }
            if (type === "bytearray") stack[size - 1] = new MemoryView(buffer, { readonly: true });
            continue;
          }

          case op.POP:
            if (markCount > 0 && fence === size) {
              markCount--;
              fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
              this.#expose(size, markCount);
            } else if (size <= fence) throw underflow(markCount);
            else if (--size > fence) this.#popped(stack[size - 1], stack[size]);
            continue;
          case op.DUP:
            if (size <= fence) throw underflow(markCount);
            kinds[size] = kinds[size - 1] as number;
            stack[size] = stack[size - 1];
            size++;
            continue;

          case op.PROTO: {
            if (position >= end) {
              needed = 2;
              break;
            }
            const protocol = bytes[position++] as number;
            if (protocol > op.HIGHEST_PROTOCOL) {
              throw failure("unsupported-protocol", `unsupported pickle protocol: ${protocol}`, "ValueError");
            }
            state.protocol = protocol;
            continue;
          }
          case op.FRAME: {
            if (position + 8 > end) {
              needed = 9;
              break;
            }
            const stop = position + 8 + length8(view, position, code);
            position += 8;
            if (position < frameEnd) {
              if (stop > frameEnd) throw truncated();
              continue;
            }
            frameEnd = stop;
            if (stop > dataEnd) {
              if (final) throw truncated();
              this.#openFrames = this.#openFrames.filter((open) => open.end > base + dataEnd);
              this.#openFrames.push({ offset: base + at, end: base + stop });
            }
            end = Math.min(stop, dataEnd);
            check = Math.min(end, position + CHECK_INTERVAL);
            continue;
          }
          case op.STOP:
            if (size <= fence) throw underflow(markCount);
            this.value = stack[size - 1];
            this.position = base + position;
            stack.length = kinds.length = 0;
            return true;

          default:
            throw failure("invalid-opcode", invalidLoadKey(code));
        }
        // Every `break` of the switch is a want of bytes.
        if (final || (at < frameEnd && frameEnd <= dataEnd)) throw truncated();
        break;
      }
      state.spend(spent + at - checked);
    } catch (error) {
      this.position = base + at;
      if (error === RESTART) throw error;
      throw locate(asUnpicklingError(error), base + at, op.opcodeName(bytes[at] as number));
    }
    this.#frameEnd = base + frameEnd;
    state.size = size;
    state.markCount = markCount;
    this.position = base + at;
    this.needed = needed;
    return false;
  }

  /** What an opcode with a length in front of its operand pushes. */
  #content(code: number, bytes: Uint8Array, from: number, to: number): unknown {
    const { exact, views, encoding, errors } = this.state.settings;
    switch (code) {
      case op.BINUNICODE:
      case op.BINUNICODE8:
        return decodeUtf8(bytes, from, to);
      case op.LONG1:
      case op.LONG4:
        return this.#integer(decodeLongNumber(bytes, from, to));
      case op.BYTEARRAY8: {
        const copy = new Uint8Array(to - from);
        copy.set(bytes.subarray(from, to));
        return exact ? new ByteArray(copy.buffer) : copy;
      }
      case op.SHORT_BINSTRING:
      case op.BINSTRING:
        if (encoding !== "bytes") return decodePython2String(bytes.subarray(from, to), encoding, errors);
    }
    return views ? bytes.subarray(from, to) : bytes.slice(from, to);
  }

  /** What an opcode with a line for its operand pushes. */
  #line(code: number, bytes: Uint8Array, from: number, to: number): unknown {
    const { encoding, errors, persistentLoad } = this.state.settings;
    switch (code) {
      case op.UNICODE:
        return decodeRawUnicodeEscape(bytes, from, to);
      case op.STRING: {
        const content = decodeStringEscapes(bytes, from, to);
        return encoding === "bytes" ? content : decodePython2String(content, encoding, errors);
      }
      case op.INT:
        return this.#integer(parseIntLine(bytes, from, to));
      case op.LONG:
        return this.#integer(parseLongLine(bytes, from, to));
      case op.FLOAT:
        return parseFloatLine(bytes, from, to);
    }
    for (let i = from; i < to; i++) {
      if ((bytes[i] as number) < 0x80) continue;
      throw failure("undecodable-text", "persistent IDs in protocol 0 must be ASCII strings");
    }
    const id = decodeUtf8(bytes, from, to);
    return this.state.once(() => persistentLoad?.(id));
  }

  /** An int as the options want it. */
  #integer(value: number | bigint | boolean): number | bigint | boolean {
    const { bigints, numbers } = this.state.settings;
    if (typeof value === "number") return bigints ? BigInt(value) : value;
    if (typeof value === "bigint" && numbers) {
      const words = `an int is beyond what a number holds exactly: ${value < 0n ? "-" : ""}2**53 or more`;
      throw failure("unrepresentable", words, undefined, 'Load with ints: "auto" or "bigint"');
    }
    return value;
  }

  #requirePersistentLoad(): void {
    if (this.state.settings.persistentLoad !== undefined) return;
    throw failure(
      "missing-hook",
      "A load persistent id instruction was encountered, but no persistent_load function was specified.",
      undefined,
      "Give the option persistentLoad",
    );
  }

  /** In plain mode, the kind of a tuple of the stack's values: hashable only if all that is in it is. */
  #tupleKind(from: number, to: number): number {
    const { stack } = this.state;
    for (let i = from; i < to; i++) {
      if (typeof stack[i] === "object" && unhashableAt(this.state, i) !== undefined) return UNHASHABLE_TUPLE;
    }
    return TUPLE;
  }

  /** Makes what stands below a MARK that is gone now, if it is pending. It belongs to the lowest MARK of its height. */
  #expose(base: number, mark: number): void {
    const { state } = this;
    if (state.stack[base - 1] === PENDING && (mark === 0 || state.marks[mark - 1] !== base)) state.materialize(mark);
  }

  /**
   * A call whose result is dropped, on the object that is left on top: a state setter. Other calls are dropped too, where
   * an object turned out to be in its own arguments, but then the tuple of them was the last to be memoized.
   */
  #popped(object: unknown, result: unknown): void {
    if (!(result instanceof PyObject && object instanceof PyObject && result.how === "reduce")) return;
    const args = result.args as readonly unknown[];
    if (args[0] === object && this.state.memo.at(-1) !== args) object.called(result.type, args);
  }
}

const EAGER = 0;

/**
 * Whether the items of the empty container just read follow at once: MARK, or MARK after the opcode that memoizes it at
 * the next slot. Gives how many bytes that takes, {@link EAGER} if not.
 */
function itemsAhead(bytes: Uint8Array, position: number, next: number, state: State): number {
  const code = bytes[position];
  if (code === op.MARK) return 1;
  if (state.sparse !== undefined) return EAGER;
  if (code === op.MEMOIZE) return bytes[position + 1] === op.MARK && next === state.memoCount ? 2 : EAGER;
  if (code === op.BINPUT) return bytes[position + 2] === op.MARK && bytes[position + 1] === next ? 3 : EAGER;
  if (code !== op.LONG_BINPUT || bytes[position + 5] !== op.MARK) return EAGER;
  let index = 0;
  for (let i = 4; i > 0; i--) index = index * 256 + (bytes[position + i] as number);
  return index === next ? 6 : EAGER;
}

/** Bytes of the length in front of an operand. */
function widthOf(code: number): number {
  if (code === op.SHORT_BINSTRING || code === op.SHORT_BINBYTES || code === op.LONG1) return 1;
  return code === op.BINUNICODE8 || code === op.BINBYTES8 || code === op.BYTEARRAY8 ? 8 : 4;
}

/** An 8-byte length. Above 2^53 it is inexact, and beyond any input all the same. Source: `calc_binsize`. */
function length8(view: DataView, at: number, code: number): number {
  const high = view.getUint32(at + 4, true);
  if (high > 0x7fff_ffff) {
    const name = (op.opcodeName(code) as string).replace(/(UNICODE|BYTES)8/, "$1");
    const words = name === "FRAME" ? "FRAME length exceeds system's maximum of" : `${name} exceeds system's maximum size of`;
    throw failure("invalid-operand", `${words} 9223372036854775807 bytes`, "OverflowError");
  }
  return high * 0x1_0000_0000 + view.getUint32(at, true);
}

function nameLine(bytes: Uint8Array, from: number, to: number, codec: "utf-8" | "ascii"): string {
  if (from === to) throw truncated();
  return decodeText(bytes.subarray(from, to), codec, "strict");
}

function missingMark(): Error {
  return failure("missing-mark", "could not find MARK");
}
