import {
  BYTEARRAY,
  BYTES,
  DICT,
  FROZENSET,
  LIST,
  NO_KIND,
  SET,
  TUPLE,
  UNHASHABLE_TUPLE,
  UNREAD_DICT,
} from "./kinds.ts";
import { decodePython2String } from "../bytes/encodings.ts";
import { MemoryView } from "../values/memory-view.ts";
import { PENDING, RESTART, State } from "./state.ts";
import { decodeUtf8, isAscii } from "../bytes/utf8.ts";
import { type Tuple, tupleOf } from "../values/tuple.ts";
import { failure } from "../bytes/failure.ts";
import {
  decodeRawUnicodeEscape,
  decodeStringEscapes,
  parseFloatLine,
  parseIntLine,
  parseLongLine,
  parseMemoIndex,
} from "../syntax/text-operands.ts";
import { CopiedRegion } from "./copied-region.ts";
import { addTo, build, construct, newObject, reduce, typeNameAt } from "./objects.ts";
import type { LoadSettings } from "./options.ts";
import * as op from "../syntax/opcodes.ts";
import { PyObject } from "../values/py-object.ts";
import { COUNTED, layouts, length8, LINE, TWO_LINES } from "../syntax/layouts.ts";
import { FULL_BATCH, isFrequent, readFrequent } from "./frequent-opcodes.ts";
import { BYTES_COST, CONTAINER_COST, ITEM_COST } from "./costs.ts";
import { invalidLoadKey } from "../syntax/load-key.ts";
import { decodeLongNumber } from "../bytes/long.ts";
import { buildContainer, unhashableAt } from "./containers.ts";
import { EAGER, itemsAhead } from "./items-ahead.ts";
import { ByteArray } from "../values/byte-array.ts";
import { locate } from "../errors.ts";
import { asUnpicklingError, truncated, underflow, unsupported } from "./failures.ts";
import { NumberBatch } from "./number-batch.ts";
import { decodeText } from "../bytes/decode-text.ts";

const NEWLINE = 0x0a;
/** Python has one empty tuple, too. */
const EMPTY: Tuple = /* @__PURE__ */ tupleOf([], 0, 0);

const CHECK_INTERVAL = 1 << 14;

/** A frame that reaches beyond the bytes seen so far. */
export interface OpenFrame {
  /** Absolute position of its FRAME opcode. */
  readonly offset: number;
  /** Absolute end. */
  readonly end: number;
}

/**
 * The pickle machine: it reads opcodes from a window of bytes and can stop at any opcode for want of more.
 * Source: CPython 3.13 `Modules/_pickle.c`, `load` and what it calls; where that and `pickle.py` differ, the C code counts.
 */
export class Machine {
  declare readonly state: State;
  /** The loaded value, once {@link run} returned `true`. */
  value: unknown;
  /** Absolute position, in bytes, of the next opcode. */
  position = 0;
  /** How many bytes from `position` on the machine asks for, once {@link run} returned `false`. */
  needed = 0;

  /** Frames that reach beyond the bytes seen so far: CPython refuses them at once, a stream cannot know yet. */
  openFrames: OpenFrame[] | undefined;
  /** Absolute end of the frame that is being read, or of the last one. */
  #frameEnd = 0;

  constructor(settings: LoadSettings) {
    this.state = new State(settings);
  }

  /** Makes ready for the pickle at absolute position `position`. */
  begin(position: number): void {
    this.state.begin();
    this.reset(position);
  }

  /** Begins the same pickle anew, after {@link run} threw `RESTART`: to learn what it takes, then to load it so. */
  restart(position: number, learn: boolean): void {
    this.state.restart(learn);
    this.reset(position);
  }

  protected reset(position: number): void {
    this.position = position;
    this.#frameEnd = 0;
    this.openFrames = undefined;
  }

  /**
   * Goes on from `position` to the end of `bytes`, whose first byte stands at absolute position `base`.
   *
   * @param final whether no more bytes will come
   * @returns `true` if the pickle is loaded; `false` for want of `needed` bytes from `position` on
   * @throws UnpicklingError
   */
  run(bytes: Uint8Array, base: number, final: boolean): boolean {
    const { state } = this;
    const { stack, kinds, marks, slots, batches, memo, memoKinds, exact, settings } = state;
    // An import is looked up anew at every opcode, which takes a quarter of the time of a run.
    const layoutOf = layouts;
    const frequent = isFrequent;
    const bigints = exact || settings.ints === "bigint";
    let copied: CopiedRegion | undefined;
    // Whether what comes next is an item of the pending list on top, and whether it has numbers up to its APPENDS.
    let isListOpen = false;
    /** Position behind the opcode that made a dict last: memoized right there, it can be told whether anything reads it. */
    let dictEnd = state.dictEnd - base;
    let numbers: number[] | undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const dataEnd = bytes.length;
    let position = this.position - base;
    let at = position;
    let end = Math.min(dataEnd, position < this.#frameEnd - base ? this.#frameEnd - base : dataEnd);
    let { size, markCount, memoLength } = state;
    let fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
    // Heap bytes of what was made since the last look at the limit, which comes every CHECK_INTERVAL bytes of input.
    let spent = 0;
    let checked = position;
    let check = position;

    try {
      opcodes: for (;;) {
        at = position;
        if (position >= check) {
          state.spend(spent + position - checked, (size + markCount + memoLength) * ITEM_COST);
          spent = 0;
          checked = position;
          if (position >= end) end = dataEnd;
          if (position >= end) {
            if (final) throw failure("no-data", "Ran out of input", "EOFError");
            this.needed = 1;
            break;
          }
          check = Math.min(end, position + CHECK_INTERVAL);
        }
        if (isListOpen && bytes[position] !== op.FRAME) {
          isListOpen = false;
          numbers = numberBatch.read(bytes, view, position, end, bigints);
          position = numberBatch.end;
          if (numberBatch.frameEnd > 0) {
            end = check = numberBatch.frameEnd;
            this.#frameEnd = base + end;
          }
          if (numbers === undefined || bytes[position] === op.APPENDS) continue;
          for (const number of numbers) stack[size++] = number;
          numbers = undefined;
          continue;
        }
        const code = bytes[position++] as number;
        if (frequent[code] === 1) {
          state.size = size;
          state.memoLength = memoLength;
          state.markCount = markCount;
          const stop = readFrequent(state, bytes, view, at, check, bigints);
          if (stop > at) {
            position = stop;
            size = state.size;
            memoLength = state.memoLength;
            markCount = state.markCount;
            fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
            continue;
          }
        }
        let from = position;
        let operand = 0;
        const layout = layoutOf[code] as number;
        if (layout > 0) {
          const width = layout % COUNTED;
          let isContent = false;
          if (layout >= LINE) {
            if (code === op.INST && markCount === 0) throw missingMark();
            position = bytes.indexOf(NEWLINE, from) + 1 || Infinity;
            if (layout === TWO_LINES) position = bytes.indexOf(NEWLINE, position) + 1 || Infinity;
          } else {
            position += width;
            if (position <= end) {
              if (width === 1) operand = bytes[from] as number;
              else if (width === 4) operand = view.getUint32(from, true);
              else if (width === 2) operand = view.getUint16(from, true);
              else if (code !== op.BINFLOAT && (operand = length8(view, from)) >= 2 ** 63)
                throw tooLong(code);
              if (layout > COUNTED) {
                if (code === op.LONG4 && operand >= 2 ** 31) {
                  throw failure("invalid-operand", "LONG pickle has negative byte count");
                }
                from = position;
                position += operand;
                // The content of bytes may reach beyond its frame: so CPython reads a file.
                isContent = isBytes(code);
              }
            }
          }
          if (position > (isContent ? dataEnd : end)) {
            const crosses = at < this.#frameEnd - base && this.#frameEnd - base <= dataEnd;
            if (final || (crosses && !isContent)) throw truncated();
            this.needed = (position === Infinity ? dataEnd + 1 : position) - at;
            break;
          }
        }
        switch (code) {
          case op.MARK:
            marks[markCount] = size;
            slots[markCount++] = 2 * memoLength;
            fence = size;
            continue;
          case op.NONE:
            stack[size++] = null;
            continue;
          case op.NEWTRUE:
          case op.NEWFALSE:
            stack[size++] = code === op.NEWTRUE;
            continue;
          case op.BININT:
          case op.BININT1:
          case op.BININT2: {
            const integer = code === op.BININT ? operand | 0 : operand;
            stack[size++] = bigints ? BigInt(integer) : integer;
            continue;
          }
          case op.BINFLOAT:
            stack[size++] = view.getFloat64(from);
            continue;
          case op.SHORT_BINUNICODE:
          case op.BINUNICODE:
          case op.BINUNICODE8:
            stack[size++] = decodeUtf8(bytes, from, position);
            continue;
          case op.BYTEARRAY8:
            spent += BYTES_COST;
            kinds[size] = BYTEARRAY;
            stack[size] = bytes.slice(from, position);
            if (exact) stack[size] = new ByteArray((stack[size] as Uint8Array<ArrayBuffer>).buffer);
            size++;
            continue;
          case op.SHORT_BINBYTES:
          case op.BINBYTES:
          case op.BINBYTES8:
            spent += BYTES_COST;
            kinds[size] = BYTES;
            stack[size++] =
              settings.bytes === "view"
                ? bytes.subarray(from, position)
                : (copied ??= new CopiedRegion(bytes)).take(from, position);
            continue;
          case op.SHORT_BINSTRING:
          case op.BINSTRING:
            spent += BYTES_COST;
            kinds[size] = BYTES;
            stack[size++] = this.#python2String(bytes.slice(from, position));
            continue;
          case op.STRING:
            kinds[size] = BYTES;
            stack[size++] = this.#python2String(decodeStringEscapes(bytes, from, position - 1));
            continue;
          case op.UNICODE:
            stack[size++] = decodeRawUnicodeEscape(bytes, from, position - 1);
            continue;
          case op.FLOAT:
            stack[size++] = parseFloatLine(bytes, from, position - 1);
            continue;
          case op.LONG1:
          case op.LONG4:
            stack[size++] = this.#integer(decodeLongNumber(bytes, from, position));
            continue;
          case op.INT:
          case op.LONG: {
            const parse = code === op.INT ? parseIntLine : parseLongLine;
            stack[size++] = this.#integer(parse(bytes, from, position - 1));
            continue;
          }

          case op.BINGET:
          case op.LONG_BINGET:
          case op.GET: {
            const index = code === op.GET ? parseMemoIndex(bytes, from, position - 1) : operand;
            const value = memo[index as number];
            if (value === undefined || value === PENDING) {
              state.markCount = markCount;
              state.fetch(index, size++);
            } else {
              let kind = memoKinds[index as number] as number;
              if (kind === UNREAD_DICT) kind = memoKinds[index as number] = DICT;
              kinds[size] = kind;
              stack[size++] = value;
            }
            continue;
          }
          case op.MEMOIZE:
          case op.BINPUT:
          case op.LONG_BINPUT:
          case op.PUT: {
            if (code === op.PUT && position - 1 === from) throw truncated();
            if (size <= fence) throw underflow(markCount);
            const index =
              code === op.MEMOIZE
                ? state.memoCount
                : code === op.PUT
                  ? parseMemoIndex(bytes, from, position - 1)
                  : operand;
            if (index < 0) throw failure("invalid-operand", "negative PUT argument", "ValueError");
            if (index === memoLength && state.sparse === undefined) {
              memo[memoLength] = stack[size - 1];
              memoKinds[memoLength++] = kinds[size - 1] as number;
              state.memoCount++;
            } else {
              state.memoLength = memoLength;
              state.put(index, size - 1);
              memoLength = state.memoLength;
            }
            if (kinds[size - 1] === DICT) state.note(index, size - 1, at === dictEnd);
            continue;
          }

          case op.EMPTY_LIST:
          case op.EMPTY_DICT:
          case op.EMPTY_SET: {
            const kind = code === op.EMPTY_LIST ? LIST : code === op.EMPTY_DICT ? DICT : SET;
            const ahead = state.lazy ? itemsAhead(bytes, view, position, state, memoLength) : EAGER;
            if (ahead < EAGER && !final) {
              this.needed = position - ahead - at;
              break opcodes;
            }
            spent += CONTAINER_COST;
            kinds[size] = kind;
            if (ahead <= EAGER || position + ahead > end) stack[size++] = state.newContainer(kind, base + at);
            else {
              slots[markCount] = 2 * memoLength;
              if (ahead > 1) {
                slots[markCount] = 2 * memoLength + 1;
                memoKinds[memoLength] = kind;
                memo[memoLength++] = PENDING;
                state.memoCount++;
              }
              position += ahead;
              stack[size++] = PENDING;
              marks[markCount++] = fence = size;
              isListOpen = kind === LIST;
            }
            continue;
          }

          case op.POP:
            if (markCount === 0 || fence < size) {
              if (size <= fence) throw underflow(markCount);
              state.memoLength = memoLength;
              if (--size > fence) this.#popped(stack[size - 1], stack[size]);
              continue;
            }
          // A MARK on top is popped alone.
          // oxlint-disable-next-line no-fallthrough
          case op.TUPLE:
          case op.LIST:
          case op.DICT:
          case op.FROZENSET:
          case op.OBJ:
          case op.INST:
          case op.POP_MARK:
          case op.APPENDS:
          case op.SETITEMS:
          case op.ADDITEMS: {
            if (markCount === 0) throw missingMark();
            const bottom = marks[--markCount] as number;
            fence = markCount > 0 ? (marks[markCount - 1] as number) : 0;
            spent += CONTAINER_COST + (numbers === undefined ? size - bottom : numbers.length) * ITEM_COST;
            const kind =
              code === op.APPENDS ? LIST : code === op.SETITEMS ? DICT : code === op.ADDITEMS ? SET : NO_KIND;
            if (kind !== NO_KIND && bottom <= fence) throw underflow(markCount);
            if ((code === op.DICT || kind === DICT) && (size - bottom) % 2 !== 0) {
              throw failure("odd-items", `odd number of items for ${op.opcodeName(code)}`);
            }
            const under = stack[bottom - 1];
            // A pending container belongs to the lowest MARK of its height.
            if (under === PENDING && fence < bottom) {
              if (kind === LIST && kinds[bottom - 1] === LIST && (size > bottom || numbers !== undefined)) {
                const items = numbers ?? stack.slice(bottom, size);
                size = bottom;
                numbers = undefined;
                // Another batch, most likely: if it is not, the list is made when that shows.
                const isGoingOn = items.length >= FULL_BATCH || batches[markCount] !== undefined;
                if (isGoingOn && bytes[position] === op.MARK && position < end) {
                  (batches[markCount++] ??= []).push(items);
                  fence = bottom;
                  position++;
                  isListOpen = true;
                } else state.settle(markCount, state.joined(markCount, items));
                continue;
              }
              if (size > bottom && kinds[bottom - 1] === kind) {
                state.settle(markCount, buildContainer(state, kind, bottom, size));
                size = bottom;
                continue;
              }
              state.materialize(markCount);
            }
            const top = size;
            size = bottom + 1;
            if (kind !== NO_KIND || code === op.POP_MARK || code === op.POP) {
              size = bottom;
              if (kind !== NO_KIND && top > bottom) addTo(state, kind, bottom, top);
            } else if (code === op.TUPLE) {
              kinds[bottom] = exact ? TUPLE : this.#tupleKind(bottom, top);
              stack[bottom] = exact ? tupleOf(stack, bottom, top) : stack.slice(bottom, top);
            } else if (code === op.OBJ || code === op.INST) {
              if (code === op.OBJ && top === bottom) throw underflow(markCount);
              const first = code === op.OBJ ? bottom + 1 : bottom;
              const args = exact ? tupleOf(stack, first, top) : stack.slice(first, top);
              const type = code === op.OBJ ? stack[bottom] : this.#named(bytes, from, position, "ascii");
              construct(state, code === op.OBJ ? "obj" : "inst", type, args, undefined, bottom);
            } else {
              const made = code === op.LIST ? LIST : code === op.DICT ? DICT : FROZENSET;
              stack[bottom] = buildContainer(state, made, bottom, top, base + at);
              kinds[bottom] = made;
              if (made === DICT) dictEnd = position;
            }
            continue;
          }

          case op.EMPTY_TUPLE:
            kinds[size] = TUPLE;
            stack[size++] = exact ? EMPTY : [];
            spent += CONTAINER_COST;
            continue;
          case op.TUPLE1:
          case op.TUPLE2:
          case op.TUPLE3: {
            const bottom = size - (code - op.TUPLE1 + 1);
            if (bottom < fence) throw underflow(markCount);
            spent += CONTAINER_COST;
            if (exact) stack[bottom] = tupleOf(stack, bottom, size);
            else {
              kinds[bottom] = this.#tupleKind(bottom, size);
              stack[bottom] =
                code === op.TUPLE2
                  ? [stack[bottom], stack[bottom + 1]]
                  : code === op.TUPLE1
                    ? [stack[bottom]]
                    : [stack[bottom], stack[bottom + 1], stack[bottom + 2]];
            }
            size = bottom + 1;
            continue;
          }

          case op.APPEND:
          case op.SETITEM: {
            const bottom = size - (code === op.APPEND ? 1 : 2);
            if (bottom <= fence) throw underflow(markCount);
            spent += 2 * ITEM_COST;
            addTo(state, code === op.APPEND ? LIST : DICT, bottom, size);
            size = bottom;
            continue;
          }

          case op.STACK_GLOBAL:
          case op.REDUCE:
          case op.NEWOBJ:
          case op.BUILD:
          case op.NEWOBJ_EX: {
            const bottom = size - (code === op.NEWOBJ_EX ? 3 : 2);
            if (bottom < fence) throw underflow(markCount);
            size = bottom + 1;
            spent += CONTAINER_COST;
            state.memoLength = memoLength;
            if (code === op.REDUCE) reduce(state, bottom);
            else if (code === op.BUILD) build(state, bottom);
            else if (code !== op.STACK_GLOBAL) newObject(state, bottom, code === op.NEWOBJ_EX);
            else {
              const module = stack[bottom];
              const name = stack[size];
              if (typeof module !== "string" || typeof name !== "string") {
                throw failure("invalid-arguments", "STACK_GLOBAL requires str");
              }
              stack[bottom] = state.global(module, name);
              kinds[bottom] = NO_KIND;
            }
            continue;
          }
          case op.GLOBAL:
          case op.EXT1:
          case op.EXT2:
          case op.EXT4:
            kinds[size] = NO_KIND;
            stack[size++] =
              code === op.GLOBAL
                ? this.#named(bytes, from, position, "utf-8")
                : state.extension(code === op.EXT4 ? operand | 0 : operand);
            continue;
          case op.PERSID:
          case op.BINPERSID: {
            const { persistentLoad } = settings;
            const line = code === op.PERSID ? asciiLine(bytes, from, position - 1) : undefined;
            if (code === op.BINPERSID && size <= fence) throw underflow(markCount);
            if (persistentLoad === undefined) throw missingPersistentLoad();
            const id = line ?? stack[--size];
            kinds[size] = NO_KIND;
            stack[size++] = state.once(() => persistentLoad(id));
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
            if (type === "bytearray") {
              stack[size - 1] = new MemoryView(buffer, { readonly: true });
              kinds[size - 1] = NO_KIND;
            }
            continue;
          }

          case op.DUP:
            if (size <= fence) throw underflow(markCount);
            state.markRead(size - 1);
            kinds[size] = kinds[size - 1] as number;
            stack[size] = stack[size - 1];
            size++;
            continue;
          case op.PROTO:
            if (operand > op.HIGHEST_PROTOCOL) {
              throw failure("unsupported-protocol", `unsupported pickle protocol: ${operand}`, "ValueError");
            }
            state.protocol = operand;
            continue;
          case op.FRAME: {
            const stop = position + operand;
            if (at < this.#frameEnd - base && position < this.#frameEnd - base) {
              if (stop > this.#frameEnd - base) throw truncated();
              continue;
            }
            if (stop > dataEnd) {
              if (final) throw truncated();
              (this.openFrames ??= []).push({ offset: base + at, end: base + stop });
            }
            this.#frameEnd = base + stop;
            end = Math.min(stop, dataEnd);
            check = Math.min(end, position + CHECK_INTERVAL);
            continue;
          }
          case op.STOP:
            if (size <= fence) throw underflow(markCount);
            state.spend(spent + position - checked);
            this.value = stack[size - 1];
            this.position = base + position;
            stack.length = 0;
            state.memoLength = memoLength;
            return true;
          default:
            throw failure("invalid-opcode", invalidLoadKey(code));
        }
      }
    } catch (error) {
      this.position = base + at;
      state.memoLength = memoLength;
      if (error === RESTART) throw error;
      throw locate(asUnpicklingError(error), base + at, op.opcodeName(bytes[at] as number));
    }
    // What was made since the last look counts, however small the pieces are.
    state.budget -= spent + at - checked;
    state.size = size;
    state.markCount = markCount;
    state.dictEnd = base + dictEnd;
    state.memoLength = memoLength;
    this.position = base + at;
    return false;
  }

  /** What stands for the class or function that two lines name. */
  #named(bytes: Uint8Array, from: number, to: number, codec: "utf-8" | "ascii"): unknown {
    const newline = bytes.indexOf(NEWLINE, from);
    const line = (start: number, stop: number): string => {
      if (start === stop) throw truncated();
      return decodeText(bytes.subarray(start, stop), codec, "strict");
    };
    return this.state.global(line(from, newline), line(newline + 1, to - 1));
  }

  #python2String(content: Uint8Array): unknown {
    const { encoding = "ASCII", errors = "strict" } = this.state.settings;
    return encoding === "bytes" ? content : decodePython2String(content, encoding, errors);
  }

  /** An int as the options want it. */
  #integer(value: number | bigint | boolean): number | bigint | boolean {
    const { exact, settings } = this.state;
    if (typeof value === "bigint" && settings.ints === "number" && !exact) {
      const words = "an int is too large for a number";
      throw failure("unrepresentable", words, undefined, 'Load with ints: "auto" or "bigint"');
    }
    return typeof value === "number" && (exact || settings.ints === "bigint") ? BigInt(value) : value;
  }

  /** In plain mode, the kind of a tuple of the stack's values: hashable only if all that is in it is. */
  #tupleKind(from: number, to: number): number {
    const { stack } = this.state;
    for (let i = from; i < to; i++) {
      if (typeof stack[i] === "object" && unhashableAt(this.state, i) !== undefined) return UNHASHABLE_TUPLE;
    }
    return TUPLE;
  }

  /**
   * A call whose result is dropped, on the object that is left on top: a state setter. Other calls are dropped too, where
   * an object turned out to be in its own arguments, but then the tuple of them was the last to be memoized.
   */
  #popped(object: unknown, result: unknown): void {
    if (!(result instanceof PyObject && object instanceof PyObject && result.how === "reduce")) return;
    const args = result.args as readonly unknown[];
    if (args[0] === object && this.state.memo[this.state.memoLength - 1] !== args)
      object.called(result.type, args);
  }
}

const numberBatch: NumberBatch = /* @__PURE__ */ new NumberBatch();

/** Whether an opcode's content is bytes. */
function isBytes(code: number): boolean {
  return (
    code === op.SHORT_BINBYTES || code === op.BINBYTES || code === op.BINBYTES8 || code === op.BYTEARRAY8
  );
}

function tooLong(code: number): Error {
  const name = (op.opcodeName(code) as string).replace(/(UNICODE|BYTES)8/, "$1");
  const limit = name === "FRAME" ? "length exceeds system's maximum of" : "exceeds system's maximum size of";
  return failure("invalid-operand", `${name} ${limit} 9223372036854775807 bytes`, "OverflowError");
}

function asciiLine(bytes: Uint8Array, from: number, to: number): string {
  if (isAscii(bytes, from, to)) return decodeUtf8(bytes, from, to);
  throw failure("undecodable-text", "persistent IDs in protocol 0 must be ASCII strings");
}

function missingPersistentLoad(): Error {
  const words =
    "A load persistent id instruction was encountered, but no persistent_load function was specified.";
  return failure("missing-hook", words, undefined, "Give the option persistentLoad");
}

function missingMark(): Error {
  return failure("missing-mark", "could not find MARK");
}
