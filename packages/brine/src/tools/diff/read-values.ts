import { decodePython2String } from "../../bytes/encodings.ts";
import { failure } from "../../bytes/failure.ts";
import { decodeUtf8 } from "../../bytes/utf8.ts";
import { decodeLongNumber } from "../../bytes/long.ts";
import { locate, UnpicklingError, type UnpicklingErrorCode } from "../../errors.ts";
import { OpCursor } from "../../syntax/cursor.ts";
import * as op from "../../syntax/opcodes.ts";
import {
  decodeRawUnicodeEscape,
  decodeStringEscapes,
  parseFloatLine,
  parseIntLine,
  parseLongLine,
  parseMemoIndex,
} from "../../syntax/text-operands.ts";
import { LargeMap } from "../large-map.ts";
import { mapTo3 } from "../../types/import-maps.ts";
import { buildArray, oldNumpyModule } from "./numpy-arrays.ts";
import { appendAll, newObject, reduce } from "./reductions.ts";
import * as kind from "./store.ts";
import type { Store } from "./store.ts";

const wrong = (code: UnpicklingErrorCode, words: string): UnpicklingError =>
  failure(code, words, undefined, "verify tells all that is wrong with it");

/** Reads pickles into nodes: the stack, MARKs and memo of an unpickler, with nothing constructed. */
export class ValueReader {
  readonly #store: Store;
  readonly #encoding: string;
  readonly #cursor: OpCursor;
  readonly #view: DataView;
  readonly #stack: number[] = [];
  readonly #marks: number[] = [];
  #memo = new LargeMap<number | bigint, number>();
  #protocol = 0;
  #buffers = 0;

  constructor(store: Store, bytes: Uint8Array, start: number, encoding: string) {
    this.#store = store;
    this.#encoding = encoding;
    this.#cursor = new OpCursor(bytes, start);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Where the next pickle would begin. */
  get end(): number {
    return this.#cursor.end;
  }

  /**
   * Reads one pickle, and gives the node of its value.
   *
   * @throws UnpicklingError where `loads` would, for what has nothing to do with classes.
   */
  read(): number {
    const cursor = this.#cursor;
    this.#stack.length = this.#marks.length = this.#protocol = this.#buffers = 0;
    this.#memo = new LargeMap();
    try {
      for (;;) {
        if (!cursor.next())
          throw locate(failure("no-data", "Ran out of input", "EOFError"), cursor.end, undefined);
        if (cursor.code === op.STOP) return this.#pop();
        this.#step(cursor.code);
      }
    } catch (error) {
      if (!(error instanceof UnpicklingError)) throw error;
      throw locate(error, cursor.position, op.opcodeName(cursor.code));
    }
  }

  get #fence(): number {
    return this.#marks.at(-1) ?? 0;
  }

  #pop(): number {
    if (this.#stack.length <= this.#fence) throw this.#underflow();
    return this.#stack.pop() as number;
  }

  /** What is on top, and stays there. */
  #top(): number {
    if (this.#stack.length <= this.#fence) throw this.#underflow();
    return this.#stack.at(-1) as number;
  }

  #underflow(): UnpicklingError {
    return this.#marks.length > 0
      ? wrong("unexpected-mark", "unexpected MARK found")
      : wrong("stack-underflow", "unpickling stack underflow");
  }

  /** Takes the items above the topmost MARK. */
  #items(): number[] {
    const bottom = this.#marks.pop();
    if (bottom === undefined) throw wrong("missing-mark", "could not find MARK");
    return this.#stack.splice(bottom);
  }

  #last(count: number): number[] {
    if (this.#stack.length - this.#fence < count) throw this.#underflow();
    return this.#stack.splice(this.#stack.length - count);
  }

  #push(node: number): void {
    this.#stack.push(node);
  }

  #step(code: number): void {
    const store = this.#store;
    const view = this.#view;
    const { bytes, operandStart: start, operandEnd: end } = this.#cursor;
    switch (code) {
      case op.PROTO:
        this.#protocol = bytes[start] as number;
        return;
      case op.FRAME:
        return;
      case op.MARK:
        this.#marks.push(this.#stack.length);
        return;
      case op.NONE:
        return this.#push(store.none);
      case op.NEWTRUE:
      case op.NEWFALSE:
        return this.#push(store.boolean(code === op.NEWTRUE));
      case op.BININT1:
        return this.#push(store.int(bytes[start] as number));
      case op.BININT2:
        return this.#push(store.int(view.getUint16(start, true)));
      case op.BININT:
        return this.#push(store.int(view.getInt32(start, true)));
      case op.LONG1:
      case op.LONG4:
        return this.#push(store.int(decodeLongNumber(bytes, start, end)));
      case op.LONG:
        return this.#push(store.int(parseLongLine(bytes, start, end)));
      case op.INT: {
        const value = parseIntLine(bytes, start, end);
        return this.#push(typeof value === "boolean" ? store.boolean(value) : store.int(value));
      }
      case op.BINFLOAT:
        return this.#push(store.float(view.getFloat64(start)));
      case op.FLOAT:
        return this.#push(store.float(parseFloatLine(bytes, start, end)));
      case op.SHORT_BINUNICODE:
      case op.BINUNICODE:
      case op.BINUNICODE8:
        return this.#push(store.text(decodeUtf8(bytes, start, end)));
      case op.UNICODE:
        return this.#push(store.text(decodeRawUnicodeEscape(bytes, start, end)));
      case op.SHORT_BINSTRING:
      case op.BINSTRING:
        return this.#push(this.#python2(bytes.subarray(start, end)));
      case op.STRING:
        return this.#push(this.#python2(decodeStringEscapes(bytes, start, end)));
      case op.SHORT_BINBYTES:
      case op.BINBYTES:
      case op.BINBYTES8:
        return this.#push(store.bytes(bytes.subarray(start, end)));
      case op.BYTEARRAY8:
        return this.#push(store.add(kind.BYTEARRAY, bytes.subarray(start, end)));
      case op.EMPTY_TUPLE:
        return this.#push(store.add(kind.TUPLE, []));
      case op.EMPTY_LIST:
        return this.#push(store.add(kind.LIST, []));
      case op.EMPTY_DICT:
        return this.#push(store.add(kind.DICT, []));
      case op.EMPTY_SET:
        return this.#push(store.add(kind.SET, []));
      case op.TUPLE1:
      case op.TUPLE2:
      case op.TUPLE3:
        return this.#push(store.add(kind.TUPLE, this.#last(code - op.TUPLE1 + 1)));
      case op.TUPLE:
        return this.#push(store.add(kind.TUPLE, this.#items()));
      case op.LIST:
        return this.#push(store.add(kind.LIST, this.#items()));
      case op.DICT:
        return this.#push(store.add(kind.DICT, this.#pairs(this.#items())));
      case op.FROZENSET:
        return this.#push(store.add(kind.FROZENSET, this.#items()));
      case op.DUP:
        return this.#push(this.#top());
      default:
        this.#combine(code, start, end);
    }
  }

  #combine(code: number, start: number, end: number): void {
    const store = this.#store;
    const { bytes } = this.#cursor;
    switch (code) {
      case op.GET:
        return this.#get(parseMemoIndex(bytes, start, end));
      case op.BINGET:
        return this.#get(bytes[start] as number);
      case op.LONG_BINGET:
        return this.#get(this.#view.getUint32(start, true));
      case op.PUT:
        return this.#put(parseMemoIndex(bytes, start, end));
      case op.BINPUT:
        return this.#put(bytes[start] as number);
      case op.LONG_BINPUT:
        return this.#put(this.#view.getUint32(start, true));
      case op.MEMOIZE:
        return this.#put(this.#memo.size);
      case op.POP:
        if (this.#marks.length > 0 && this.#stack.length === this.#fence) this.#marks.pop();
        else this.#drop(this.#pop());
        return;
      case op.POP_MARK:
        this.#items();
        return;
      case op.APPEND:
        return this.#addTo(kind.LIST, this.#last(1));
      case op.APPENDS:
        return this.#addTo(kind.LIST, this.#items());
      case op.SETITEM:
        return this.#addTo(kind.DICT, this.#last(2));
      case op.SETITEMS:
        return this.#addTo(kind.DICT, this.#pairs(this.#items()));
      case op.ADDITEMS:
        return this.#addTo(kind.SET, this.#items());
      case op.GLOBAL:
        return this.#push(this.#lines(start, end));
      case op.STACK_GLOBAL: {
        const [module, name] = this.#last(2) as [number, number];
        if (store.kinds[module] !== kind.STR || store.kinds[name] !== kind.STR)
          throw wrong("invalid-arguments", "STACK_GLOBAL requires str");
        return this.#push(this.#global(store.data[module] as string, store.data[name] as string));
      }
      case op.EXT1:
        return this.#push(store.named(kind.EXTENSION, `${bytes[start] as number}`));
      case op.EXT2:
        return this.#push(store.named(kind.EXTENSION, `${this.#view.getUint16(start, true)}`));
      case op.EXT4:
        return this.#push(store.named(kind.EXTENSION, `${this.#view.getInt32(start, true)}`));
      case op.REDUCE: {
        const [callable, args] = this.#last(2) as [number, number];
        return this.#push(reduce(store, callable, args));
      }
      case op.NEWOBJ: {
        const [type, args] = this.#last(2) as [number, number];
        return this.#push(newObject(store, type, args));
      }
      case op.NEWOBJ_EX: {
        const [type, args, kwargs] = this.#last(3) as [number, number, number];
        return this.#push(newObject(store, type, args, kwargs));
      }
      case op.INST: {
        const items = this.#items();
        return this.#push(newObject(store, this.#lines(start, end), store.add(kind.TUPLE, items)));
      }
      case op.OBJ: {
        const [type, ...args] = this.#items();
        if (type === undefined) throw this.#underflow();
        return this.#push(newObject(store, type, store.add(kind.TUPLE, args)));
      }
      case op.BUILD: {
        const state = this.#pop();
        const object = this.#top();
        // What is of no class takes no state, or none that does anything.
        if (store.kinds[object] === kind.OBJECT && !buildArray(store, object, state))
          store.object(object).states.push(state);
        return;
      }
      case op.PERSID:
        return this.#push(store.add(kind.PERSISTENT, [store.text(decodeUtf8(bytes, start, end))]));
      case op.BINPERSID:
        return this.#push(store.add(kind.PERSISTENT, [this.#pop()]));
      case op.NEXT_BUFFER:
        return this.#push(store.named(kind.BUFFER, `${this.#buffers++}`));
      case op.READONLY_BUFFER:
        this.#top();
    }
  }

  #python2(content: Uint8Array): number {
    if (this.#encoding === "bytes") return this.#store.bytes(content);
    return this.#store.text(decodePython2String(content, this.#encoding, "strict"));
  }

  #pairs(items: number[]): number[] {
    if (items.length % 2 !== 0) throw wrong("odd-items", "a key without a value");
    return items;
  }

  #lines(start: number, end: number): number {
    const { bytes } = this.#cursor;
    const newline = bytes.indexOf(10, start);
    return this.#global(decodeUtf8(bytes, start, newline), decodeUtf8(bytes, newline + 1, end));
  }

  #global(pickledModule: string, pickledName: string): number {
    const isMapped = this.#protocol < 3;
    const [module, name] = isMapped ? mapTo3(pickledModule, pickledName) : [pickledModule, pickledName];
    return this.#store.named(kind.GLOBAL, `${oldNumpyModule(module)} ${name}`);
  }

  #get(index: number | bigint): void {
    const node = this.#memo.get(index);
    if (node === undefined) throw wrong("missing-memo", `Memo value not found at index ${index}`);
    this.#push(node);
  }

  #put(index: number | bigint): void {
    this.#memo.set(index, this.#top());
  }

  /** What a POP drops: the result of a call on what stands below, as a state setter's is, was done for its effect. */
  #drop(node: number): void {
    const store = this.#store;
    if (this.#stack.length <= this.#fence || store.kinds[node] !== kind.OBJECT) return;
    const target = this.#stack.at(-1) as number;
    const { args } = store.object(node);
    if (store.kinds[target] !== kind.OBJECT || store.kinds[args] !== kind.TUPLE) return;
    if (store.children(args)[0] === target) store.object(target).states.push(node);
  }

  #addTo(wanted: number, items: number[]): void {
    const store = this.#store;
    const target = this.#top();
    const is = store.kinds[target] as number;
    if (is === wanted) appendAll(store.children(target), items);
    else if (is === kind.OBJECT)
      appendAll(wanted === kind.DICT ? store.object(target).entries : store.object(target).items, items);
    else if (is === kind.LIST && wanted === kind.DICT) this.#setByIndex(target, items);
    else if (items.length > 0) {
      throw wrong(
        "unsupported-operation",
        `nothing can be added to a ${kind.kindNames[is] as string} like that`,
      );
    }
  }

  #setByIndex(list: number, items: readonly number[]): void {
    const store = this.#store;
    const children = store.children(list);
    for (let at = 0; at < items.length; at += 2) {
      const index = store.data[items[at] as number];
      const place = typeof index === "number" && index < 0 ? index + children.length : index;
      if (typeof place !== "number" || !(place in children))
        throw wrong("unsupported-operation", "list assignment index out of range");
      children[place] = items[at + 1] as number;
    }
  }
}
