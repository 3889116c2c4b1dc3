import { PicklingError } from "../errors.ts";
import { floatRepr } from "../syntax/text-operands.ts";
import { OpWriter } from "../syntax/op-writer.ts";
import * as op from "../syntax/opcodes.ts";
import { mapTo2 } from "../types/import-maps.ts";
import type { Reduction, TypeRegistry } from "../types/registry.ts";
import { decodeLatin1 } from "../bytes/utf8.ts";
import { ByteArray } from "../values/byte-array.ts";
import { MemoryView } from "../values/memory-view.ts";
import { PickleBuffer } from "../values/pickle-buffer.ts";
import { PyDict, flatOfDict } from "../values/py-dict.ts";
import { PyFrozenSet } from "../values/py-frozen-set.ts";
import { PyGlobal } from "../values/py-global.ts";
import { operationsOf } from "../values/py-object-operations.ts";
import { PyObject, type PyObjectOperation } from "../values/py-object.ts";
import { isPlainObject } from "../values/python-type.ts";
import { Tuple } from "../values/tuple.ts";
import * as frames from "./frame.ts";
import { Frame, type ObjectParts } from "./frame.ts";
import { PicklerMemo } from "./memo.ts";
import { type DumpOptions, type DumpSettings, dumpSettings, globalKey } from "./options.ts";
import { pathOf } from "./path.ts";
import { partsOfObject, partsOfReduction } from "./reductions.ts";

/** Source: `_pickle.c`, `BATCHSIZE`. */
const BATCH = 1000;
/** Below protocol 4, which has no frames, so many bytes are a piece. */
const PIECE = 64 * 1024;
/** How deep the containers must be before a cycle is looked for. Source: `_pickle.c`, `FAST_NESTING_LIMIT`. */
const FAST_NESTING = 50;
/** How often an object may come again inside its own constructor arguments: Python's recursion limit, which stops CPython. */
const RECURSION_LIMIT = 1000;

const builtin = (name: string): PyGlobal => new PyGlobal("builtins", name);

/**
 * Writes values as pickles, byte for byte as CPython's C pickler does, without recursion.
 * Source: CPython 3.13 `Modules/_pickle.c`, `save` and what it calls.
 */
export class PicklerBase {
  /**
   * Writes without a memo: every value is written in full each time, and a cycle is an error. Deprecated in Python, and
   * of use only to make a pickle without PUT opcodes.
   */
  fast = false;
  readonly #settings: DumpSettings;
  readonly #writer: OpWriter;
  readonly #memo: PicklerMemo;
  /** What each frame from 0 to `#depth` does; those above are kept to be used again. */
  readonly #frames: Frame[] = [];
  #depth = -1;
  /** Whether `#run` returns when a frame is finished. */
  #pauses = false;
  /** Containers under way, kept only in fast mode and only when they are nested deeply. */
  readonly #fastContainers = new Set<object>();
  /** Objects whose constructor arguments are under way, and how often; only when nested deeply. */
  readonly #unbuilt = new Map<object, number>();

  /** @param writer, memo an `OpWriter` and a `PicklerMemo` in place of its own; their types are kept out of the public face */
  constructor(
    options: DumpOptions | undefined,
    types: TypeRegistry,
    writer?: unknown,
    memo: unknown = new PicklerMemo(),
  ) {
    this.#settings = dumpSettings(options ?? {}, types);
    this.#writer = (writer as OpWriter | undefined) ?? new OpWriter(this.#settings.protocol);
    this.#memo = memo as PicklerMemo;
  }

  /**
   * Writes one pickle. What it shares with the pickles before it is written as a reference to them: only an `Unpickler`
   * that read those can read it, unless {@link clearMemo} was called.
   *
   * @throws PicklingError with the path of the value that cannot be written; nothing of this pickle counts as written then
   */
  dump(value: unknown): Uint8Array {
    const writer = this.#writer;
    const memoized = this.#memo.size;
    try {
      writer.begin();
      this.#save(value);
      this.#run();
      writer.end();
      return writer.take();
    } catch (error) {
      const failure = this.#located(error);
      writer.abandon();
      // What was memoized since is in no pickle.
      this.#memo.truncate(memoized);
      throw failure;
    } finally {
      this.#release();
    }
  }

  /**
   * {@link dump} in pieces, for what is too large to be held as a whole. See `dumpInPieces` in `pieces.ts`, which is
   * what to call.
   *
   * @internal
   */
  *pieces(value: unknown): Generator<Uint8Array<ArrayBuffer>, void> {
    const writer = this.#writer;
    const memoized = this.#memo.size;
    let isWritten = false;
    this.#pauses = true;
    try {
      writer.begin();
      if (writer.boundary === Infinity) writer.boundary = PIECE;
      this.#save(value);
      while (this.#depth >= 0) {
        this.#run();
        if (this.#depth >= 0) yield writer.takeFinished();
      }
      writer.end();
      yield writer.take();
      isWritten = true;
    } catch (error) {
      throw this.#located(error);
    } finally {
      if (!isWritten) {
        writer.abandon();
        this.#memo.truncate(memoized);
      }
      writer.boundary = Infinity;
      this.#pauses = false;
      this.#release();
    }
  }

  /** Forgets what was written, so that the next pickle stands alone. */
  clearMemo(): void {
    this.#memo.truncate(0);
  }

  #release(): void {
    for (; this.#depth >= 0; this.#depth--) this.#frames[this.#depth]?.clear();
    this.#fastContainers.clear();
    this.#unbuilt.clear();
  }

  #located(error: unknown): PicklingError {
    const known = error instanceof PicklingError;
    if (known && error.path !== undefined) return error;
    const words = error instanceof Error ? error.message : String(error);
    return new PicklingError(
      known ? error.code : error instanceof RangeError ? "too-large" : "hook-failed",
      known ? error.words : words,
      {
        path: pathOf(this.#frames, this.#depth),
        pythonException: known ? error.pythonException : undefined,
        advice: known ? error.advice : "A function given as an option or a type definition threw this",
        cause: known ? error.cause : error,
      },
    );
  }

  // The loop

  #push(kind: number, value: object | undefined, items: readonly unknown[]): Frame {
    const depth = ++this.#depth;
    let frame = this.#frames[depth];
    if (frame === undefined) this.#frames.push((frame = new Frame()));
    frame.kind = kind;
    frame.value = value;
    frame.items = items;
    frame.index = 0;
    frame.batchEnd = 0;
    frame.opcode = -1;
    if (this.fast && depth >= FAST_NESTING && value !== undefined) this.#enterFast(value);
    return frame;
  }

  #pop(): void {
    const frame = this.#frames[this.#depth--] as Frame;
    if (frame.value !== undefined && this.#fastContainers.size > 0) this.#fastContainers.delete(frame.value);
    frame.clear();
  }

  #enterFast(value: object): void {
    if (this.#fastContainers.has(value)) {
      throw new PicklingError("unrebuildable-cycle", "fast mode: can't pickle cyclic objects", {
        pythonException: "ValueError",
        advice: "Leave fast off",
      });
    }
    this.#fastContainers.add(value);
  }

  /** Goes on with the top frame until there is none. */
  #run(): void {
    while (this.#depth >= 0) {
      const frame = this.#frames[this.#depth] as Frame;
      switch (frame.kind) {
        case frames.LIST_ITEMS:
          this.#batches(frame, 1, op.APPEND, op.APPENDS, true, false);
          break;
        case frames.DICT_ITEMS:
          this.#batches(frame, 2, op.SETITEM, op.SETITEMS, true, true);
          break;
        case frames.OBJECT_ITEMS:
          this.#batches(frame, 1, op.APPEND, op.APPENDS, false, false);
          break;
        case frames.OBJECT_ENTRIES:
          this.#batches(frame, 2, op.SETITEM, op.SETITEMS, false, false);
          break;
        case frames.SET_ITEMS:
          this.#batches(frame, 1, -1, op.ADDITEMS, false, true);
          break;
        case frames.PAUSE:
          this.#pop();
          return;
        case frames.OBJECT:
          this.#object(frame, frame.parts as ObjectParts);
          break;
        default:
          this.#together(frame);
      }
    }
  }

  /**
   * Items in batches of 1000: MARK, items, `many`. One item alone is written with `one`: if it is all there is (`whole`),
   * or if it is all that is left. After a full batch an exact dict or set has another (`closed`), however empty.
   * Source: `batch_list`, `batch_list_exact`, `batch_dict`, `batch_dict_exact`, `save_set`.
   */
  #batches(frame: Frame, step: number, one: number, many: number, whole: boolean, closed: boolean): void {
    const writer = this.#writer;
    const { items } = frame;
    const depth = this.#depth;
    for (;;) {
      while (frame.index < frame.batchEnd) {
        this.#save(items[frame.index++]);
        if (this.#depth !== depth) return;
      }
      const left = items.length - frame.index;
      if (frame.opcode >= 0) {
        writer.u8(frame.opcode);
        if (left === 0) {
          if (closed && frame.opcode === many && frame.index % (BATCH * step) === 0) {
            writer.u8(op.MARK);
            writer.u8(many);
          }
          this.#pop();
          return;
        }
      }
      const alone =
        this.#settings.protocol === 0 || (one >= 0 && left === step && (frame.index === 0 || !whole));
      if (!alone) writer.u8(op.MARK);
      frame.opcode = alone ? one : many;
      frame.batchEnd = frame.index + (alone ? step : Math.min(left, BATCH * step));
    }
  }

  /** Items that are all on the stack before anything is made of them. */
  #together(frame: Frame): void {
    const { items } = frame;
    const depth = this.#depth;
    while (frame.index < items.length) {
      this.#save(items[frame.index++]);
      if (this.#depth !== depth) return;
    }
    const writer = this.#writer;
    const { protocol } = this.#settings;
    const value = frame.value as object;
    if (frame.kind === frames.BARE_ITEMS) for (const code of frame.tail) writer.u8(code);
    else if (frame.kind === frames.FROZENSET_ITEMS) {
      if (this.#wasMemoized(value, 1, op.POP_MARK)) return;
      writer.u8(op.FROZENSET);
      this.#memoize(value);
    } else {
      const short = protocol >= 2 && items.length <= 3;
      const pops = short ? items.length : protocol > 0 ? 1 : items.length + 1;
      const isDropped = this.#isDroppedArguments(value);
      if (!isDropped && this.#wasMemoized(value, pops, short || protocol === 0 ? op.POP : op.POP_MARK))
        return;
      writer.u8(short ? op.TUPLE1 + items.length - 1 : op.TUPLE);
      if (isDropped) writer.put(this.#memo.size++);
      else this.#memoize(value);
    }
    this.#pop();
  }

  /** The arguments of an object that turned out recursive: CPython reduces it anew each time, to a tuple of its own. */
  #isDroppedArguments(value: object): boolean {
    const below = this.#frames[this.#depth - 1];
    if (this.fast || below?.kind !== frames.OBJECT || below.parts?.args !== value) return false;
    return below.value !== undefined && this.#slotOf(below.value) !== undefined;
  }

  /** A value that got its slot while its parts were written is recursive: the parts are dropped and it is fetched. */
  #wasMemoized(value: object | undefined, pops: number, code: number): boolean {
    const known = value === undefined || this.fast ? undefined : this.#slotOf(value);
    if (known === undefined) return false;
    for (let i = 0; i < pops; i++) this.#writer.u8(code);
    this.#writer.get(known);
    this.#pop();
    return true;
  }

  /** An object: class and arguments, the opcode that makes it, then what is done to it. Source: `save_reduce`. */
  #object(frame: Frame, parts: ObjectParts): void {
    const writer = this.#writer;
    const { how, type, args, operations } = parts;
    const isOld = how === "inst" || how === "obj";
    const depth = this.#depth;
    if (frame.index === 0) {
      frame.index = 1;
      const below = this.#frames[this.#depth - 1];
      frame.nesting = below?.kind === frames.OBJECT && below.index === 1 ? below.nesting + 1 : 0;
      if (this.#depth >= RECURSION_LIMIT) this.#enterArguments(frame);
      if (isOld) writer.u8(op.MARK);
      if (how !== "inst") this.#save(type);
      if (this.#depth !== depth) return;
    }
    if (frame.index === 1) {
      frame.index = 2;
      if (!isOld) this.#save(args);
      else if (args.length > 0) this.#push(frames.BARE_ITEMS, undefined, args).tail = [];
      if (this.#depth !== depth) return;
    }
    if (frame.index === 2) {
      frame.index = 3;
      if (how === "newobj_ex") this.#save(parts.kwargs);
      if (this.#depth !== depth) return;
    }
    if (frame.index === 3) {
      frame.index = 4;
      if (how === "inst") this.#inst(type as PyGlobal);
      else writer.u8(opcodeOfBuild[how]);
      if (frame.value !== undefined) {
        if (this.#wasMemoized(frame.value, 1, op.POP)) return;
        this.#memoize(frame.value);
        this.#unbuilt.delete(frame.value);
      }
    }
    while (frame.index - 4 < operations.length) {
      const operation = operations[frame.index++ - 4] as PyObjectOperation;
      switch (operation.kind) {
        case "append":
          if (operation.items.length > 0) this.#push(frames.OBJECT_ITEMS, undefined, operation.items);
          break;
        case "set":
          if (operation.entries.length > 0)
            this.#push(frames.OBJECT_ENTRIES, undefined, operation.entries.flat());
          break;
        case "add":
          writer.u8(op.MARK);
          this.#push(frames.BARE_ITEMS, undefined, operation.items).tail = [op.ADDITEMS];
          break;
        case "build":
          this.#push(frames.BARE_ITEMS, undefined, [operation.state]).tail = [op.BUILD];
          break;
        case "call": {
          const given = operation.args as readonly unknown[];
          const isSetter = given.length === 2 && given[0] === frame.value;
          const items = isSetter ? [operation.callable, ...given] : [operation.callable, given];
          this.#push(frames.BARE_ITEMS, undefined, items).tail = isSetter
            ? [op.TUPLE2, op.REDUCE, op.POP]
            : [op.REDUCE, op.POP];
        }
      }
      if (this.#depth !== depth) return;
    }
    this.#pop();
  }

  /** Refuses an object that comes again and again inside its own constructor arguments: it never ends. */
  #enterArguments({ value, nesting }: Frame): void {
    const visits = value === undefined ? 0 : (this.#unbuilt.get(value) ?? 0) + 1;
    if (value !== undefined) this.#unbuilt.set(value, visits);
    if (visits > RECURSION_LIMIT || nesting > RECURSION_LIMIT) {
      throw new PicklingError("unrebuildable-cycle", "an object is inside its own constructor arguments", {
        pythonException: "RecursionError",
        advice: "Python cannot rebuild it either: give the reference back in its state",
      });
    }
  }

  // Values

  #save(value: unknown): void {
    if (this.#writer.length >= this.#writer.boundary) this.#saveInNextFrame(value);
    else this.#saveInFrame(value);
  }

  #saveInNextFrame(value: unknown): void {
    this.#writer.nextFrame();
    this.#saveInFrame(value);
    if (this.#pauses) this.#push(frames.PAUSE, undefined, []);
  }

  #saveInFrame(value: unknown): void {
    if (this.#settings.persistentId !== undefined && this.#savePersistent(value)) return;
    this.#saveValue(value);
  }

  #saveValue(value: unknown): void {
    const writer = this.#writer;
    switch (typeof value) {
      case "string":
        this.#text(value);
        return;
      case "number":
        if (!this.#isInt(value)) writer.float(value);
        else writer.safeInteger(value);
        return;
      case "boolean":
        writer.boolean(value);
        return;
      case "bigint":
        writer.integer(value);
        return;
      case "undefined":
        writer.u8(op.NONE);
        return;
      case "object":
        if (value === null) writer.u8(op.NONE);
        else this.#saveObject(value);
        return;
      default:
        this.#reduce(value as object);
    }
  }

  #savePersistent(value: unknown): boolean {
    const id = this.#settings.persistentId?.(value);
    if (id === undefined) return false;
    if (this.#settings.protocol > 0) {
      this.#push(frames.BARE_ITEMS, undefined, []).tail = [op.BINPERSID];
      this.#saveValue(id);
      return true;
    }
    const text = this.#strOf(id);
    if (text === undefined || !/^[\0-\x7f]*$/.test(text) || text.includes("\n")) {
      throw new PicklingError("invalid-persistent-id", "persistent IDs in protocol 0 must be ASCII strings", {
        advice: "Protocol 1 and above write an id of any type",
      });
    }
    this.#writer.u8(op.PERSID);
    this.#writer.latin1(`${text}\n`);
    return true;
  }

  /** Python's `str(value)` of a primitive. */
  #strOf(value: unknown): string | undefined {
    switch (typeof value) {
      case "boolean":
        return value ? "True" : "False";
      case "number":
        return this.#isInt(value) ? String(value) : floatRepr(value);
      case "string":
      case "bigint":
        return String(value);
      default:
        return value === null ? "None" : undefined;
    }
  }

  #isInt(value: number): boolean {
    return !this.#settings.exact && Number.isSafeInteger(value) && !Object.is(value, -0);
  }

  #text(value: string): void {
    const known = this.fast ? undefined : this.#memo.text(value);
    if (known !== undefined) {
      this.#writer.get(known);
      return;
    }
    this.#writer.text(value);
    if (this.fast) return;
    this.#memo.setText(value);
    this.#writer.put(this.#memo.size++);
  }

  /** A text that CPython makes on the fly, which is no other's twin. One of at most one character is always the same object. */
  #freshText(value: string): void {
    if (value.length <= 1) {
      this.#text(value);
      return;
    }
    this.#writer.text(value);
    if (!this.fast) this.#writer.put(this.#memo.size++);
  }

  #slotOf(value: object): number | undefined {
    if (value instanceof PyGlobal) return this.#memo.global(value);
    if (value instanceof Uint8Array && isBytes(value)) return this.#memo.bytes(value);
    return this.#memo.object(value);
  }

  #memoize(value: object): void {
    if (this.fast) return;
    if (value instanceof PyGlobal) this.#memo.setGlobal(value);
    else if (value instanceof Uint8Array && isBytes(value)) this.#memo.setBytes(value);
    else this.#memo.setObject(value);
    this.#writer.put(this.#memo.size++);
  }

  #saveObject(value: object): void {
    const known = this.fast ? undefined : this.#slotOf(value);
    if (known !== undefined) {
      this.#writer.get(known);
      return;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    switch (prototype) {
      case Array.prototype:
        this.#list(value as unknown[]);
        return;
      case Object.prototype:
      case null:
        this.#dict(value, flatOfObject(value as Record<string, unknown>));
        return;
      case PyDict.prototype:
        this.#dict(value, flatOfDict(value as PyDict));
        return;
      case Map.prototype:
        this.#dict(value, flatOfMap(value as Map<unknown, unknown>));
        return;
      case Tuple.prototype:
        this.#tuple(value as Tuple);
        return;
      case PyObject.prototype:
      case PyGlobal.prototype:
        this.#reduce(value);
        return;
      default:
        if (!this.#saveBuiltin(value)) this.#reduce(value);
    }
  }

  /** Builtins that are rarer, come from another realm, or are of a class derived from a builtin that has no definition. */
  #saveBuiltin(value: object): boolean {
    if (this.#settings.types.of(value) !== undefined) return false;
    if (value instanceof PickleBuffer) this.#pickleBuffer(value as PickleBuffer);
    else if (value instanceof Uint8Array) {
      if (value instanceof MemoryView) this.#memoryView(value as MemoryView);
      else if (value instanceof ByteArray) this.#byteArray(value, value);
      else this.#bytes(value, value);
    } else if (Array.isArray(value)) {
      if (value instanceof Tuple) this.#tuple(value);
      else this.#list(value);
    } else if (value instanceof PyFrozenSet) this.#frozenSet(value);
    else if (value instanceof Set) this.#set(value);
    else if (value instanceof Map)
      this.#dict(value, value instanceof PyDict ? flatOfDict(value) : flatOfMap(value));
    else if (isBuffer(value)) this.#bytes(value, new Uint8Array(value));
    else if (isPlainObject(value)) this.#dict(value, flatOfObject(value as Record<string, unknown>));
    else return false;
    return true;
  }

  #list(value: readonly unknown[]): void {
    const writer = this.#writer;
    if (this.#settings.protocol > 0) writer.u8(op.EMPTY_LIST);
    else {
      writer.u8(op.MARK);
      writer.u8(op.LIST);
    }
    this.#memoize(value);
    if (value.length > 0) this.#push(frames.LIST_ITEMS, value, value);
  }

  #dict(value: object, flat: readonly unknown[]): void {
    const writer = this.#writer;
    if (this.#settings.protocol > 0) writer.u8(op.EMPTY_DICT);
    else {
      writer.u8(op.MARK);
      writer.u8(op.DICT);
    }
    this.#memoize(value);
    if (flat.length > 0) this.#push(frames.DICT_ITEMS, value, flat);
  }

  #tuple(value: Tuple): void {
    const writer = this.#writer;
    const { protocol } = this.#settings;
    if (value.length === 0) {
      this.#emptyTuple();
      return;
    }
    if (protocol < 2 || value.length > 3) writer.u8(op.MARK);
    this.#push(frames.TUPLE_ITEMS, value, value);
  }

  #emptyTuple(): void {
    if (this.#settings.protocol > 0) this.#writer.u8(op.EMPTY_TUPLE);
    else {
      this.#writer.u8(op.MARK);
      this.#writer.u8(op.TUPLE);
    }
  }

  #set(value: Set<unknown>): void {
    if (this.#settings.protocol < 4) {
      this.#call(value, builtin("set"), [[...value]]);
      return;
    }
    this.#writer.u8(op.EMPTY_SET);
    this.#memoize(value);
    if (value.size > 0) this.#push(frames.SET_ITEMS, value, [...value]);
  }

  #frozenSet(value: PyFrozenSet): void {
    if (this.#settings.protocol < 4) {
      this.#call(value, builtin("frozenset"), [[...value]]);
      return;
    }
    this.#writer.u8(op.MARK);
    this.#push(frames.FROZENSET_ITEMS, value, [...value]);
  }

  /** `value`, as the result of calling a global. */
  #call(value: object, type: PyGlobal, args: readonly unknown[]): void {
    this.#push(frames.OBJECT, value, []).parts = {
      how: "reduce",
      type,
      args: Tuple.from(args),
      kwargs: undefined,
      operations: [],
    };
  }

  /** Bytes; `value` is under what they are memoized. Source: `save_bytes`. */
  #bytes(value: object, content: Uint8Array): void {
    if (this.#settings.protocol >= 3) {
      this.#writer.binary(content);
      this.#memoize(value);
      return;
    }
    this.#oldBytes(content);
    this.#memoize(value);
  }

  /** Below protocol 3, bytes are the latin-1 encoding of a text that is made for them, so that Python 2 reads a str. */
  #oldBytes(content: Uint8Array): void {
    const writer = this.#writer;
    if (content.length === 0) {
      this.#global(builtin("bytes"));
      this.#emptyTuple();
    } else {
      this.#encode(new PyGlobal("_codecs", "encode"), decodeLatin1(content, 0, content.length), "latin1");
      return;
    }
    writer.u8(op.REDUCE);
  }

  #encode(encode: PyGlobal, text: string, encoding: string): void {
    const writer = this.#writer;
    const short = this.#settings.protocol >= 2;
    this.#global(encode);
    if (!short) writer.u8(op.MARK);
    this.#freshText(text);
    this.#text(encoding);
    writer.u8(short ? op.TUPLE2 : op.TUPLE);
    if (!this.fast) writer.put(this.#memo.size++);
    writer.u8(op.REDUCE);
  }

  /** Source: `save_bytearray`. */
  #byteArray(value: object, content: Uint8Array): void {
    const writer = this.#writer;
    if (this.#settings.protocol >= 5) writer.byteArray(content);
    else if (content.length === 0) {
      this.#global(builtin("bytearray"));
      this.#emptyTuple();
      writer.u8(op.REDUCE);
    } else {
      this.#global(builtin("bytearray"));
      const short = this.#settings.protocol >= 2;
      if (!short) writer.u8(op.MARK);
      this.#freshBytes(content);
      writer.u8(short ? op.TUPLE1 : op.TUPLE);
      if (!this.fast) writer.put(this.#memo.size++);
      writer.u8(op.REDUCE);
    }
    this.#memoize(value);
  }

  /** The bytes made for a bytearray's content, which are no other's twin. */
  #freshBytes(content: Uint8Array): void {
    if (this.#settings.protocol >= 3) this.#writer.binary(content);
    else this.#oldBytes(content);
    if (!this.fast) this.#writer.put(this.#memo.size++);
  }

  /** A memoryview, which CPython itself writes only as a PickleBuffer. Reads back as what READONLY_BUFFER gave. */
  #memoryView(value: MemoryView): void {
    if (this.#settings.protocol < 5) {
      throw new PicklingError("unsupported-protocol", "a memoryview needs pickle protocol 5");
    }
    this.#writer.byteArray(value);
    if (value.readonly) this.#writer.u8(op.READONLY_BUFFER);
    this.#memoize(value);
  }

  /** Source: `save_picklebuffer`. */
  #pickleBuffer(value: PickleBuffer): void {
    if (this.#settings.protocol < 5) {
      throw new PicklingError("unsupported-protocol", "PickleBuffer can only be pickled with protocol >= 5");
    }
    const { bufferCallback } = this.#settings;
    if (bufferCallback !== undefined && !bufferCallback(value)) {
      this.#writer.u8(op.NEXT_BUFFER);
      if (value.readonly) this.#writer.u8(op.READONLY_BUFFER);
      return;
    }
    if (value.readonly) this.#writer.binary(value);
    else this.#writer.byteArray(value);
    this.#memoize(value);
  }

  // Names, and what is built from them

  #reduce(value: object): void {
    const { reducerOverride, types, protocol } = this.#settings;
    const reduction = reducerOverride?.(value) ?? this.#definedReduction(value, types, protocol);
    if (reduction instanceof PyGlobal) {
      this.#global(reduction, value);
    } else if (reduction !== undefined) {
      this.#push(frames.OBJECT, value, []).parts = partsOfReduction(value, reduction, protocol);
    } else if (value instanceof PyObject) {
      const nested = protocol < 4 ? nestedGlobal(value) : undefined;
      if (nested !== undefined) {
        const { getattr, global, attributes } = nested;
        this.#attributes(getattr, global.module, global.name, attributes);
        this.#memoize(value);
        return;
      }
      if (isOldBytes(value)) {
        const [text, encoding] = value.args as readonly [string, string];
        this.#encode(value.type as PyGlobal, text, encoding);
        this.#memoize(value);
        return;
      }
      this.#push(frames.OBJECT, value, []).parts = partsOfObject(value, protocol);
    } else throw unsupported(value);
  }

  #definedReduction(value: object, types: TypeRegistry, protocol: number): Reduction | PyGlobal | undefined {
    if (value instanceof PyGlobal) return value;
    // A class derived from PyObject may have a definition.
    if (Object.getPrototypeOf(value) === PyObject.prototype || typeof value === "function") return undefined;
    return types.of(value)?.parts.reduce?.(value, protocol);
  }

  /** A class or function, memoized under `value`. Source: `save_global`. */
  #global(global: PyGlobal, value: object = global): void {
    const writer = this.#writer;
    const known = this.fast ? undefined : this.#slotOf(value);
    if (known !== undefined) {
      writer.get(known);
      return;
    }
    const { protocol, extensionCodes, mapNames } = this.#settings;
    const code = protocol >= 2 ? extensionCodes?.get(globalKey(global)) : undefined;
    if (code !== undefined) {
      writer.extension(code);
      return;
    }
    const { module, name } = global;
    if (name.split(".").includes("<locals>"))
      throw new PicklingError("invalid-name", `Can't get local object '${name}'`, {
        pythonException: "AttributeError",
      });
    if (protocol >= 4) {
      this.#moduleText(module, name);
      this.#freshText(name);
      writer.u8(op.STACK_GLOBAL);
      this.#memoize(value);
      return;
    }
    const [first = "", ...attributes] = name.split(".");
    if (attributes.length > 0) this.#attributes(builtin("getattr"), module, first, attributes);
    else {
      writer.u8(op.GLOBAL);
      this.#nameLines(module, name, mapNames);
    }
    this.#memoize(value);
  }

  /** The module's name, which is one object with an equal text if CPython interned it. */
  #moduleText(module: string, name: string): void {
    if (module === "builtins" && (name === "getattr" || name === "iter") && !this.fast) {
      const known = this.#memo.builtinsText;
      if (known !== undefined) {
        this.#writer.get(known);
        return;
      }
      this.#writer.text(module);
      this.#memo.setBuiltinsText();
      this.#writer.put(this.#memo.size++);
    } else if (hasOwnModuleText.test(`${module}.${name}`)) this.#freshText(module);
    else this.#text(module);
  }

  /**
   * Below protocol 4, `module.first.attribute…` is a chain of calls of getattr, of which only the last has a memo slot.
   * Source: CPython 3.13 `save_global`.
   */
  #attributes(getattr: PyGlobal, module: string, first: string, attributes: readonly string[]): void {
    const writer = this.#writer;
    const short = this.#settings.protocol >= 2;
    for (const _ of attributes) {
      this.#global(getattr);
      if (!short) writer.u8(op.MARK);
    }
    writer.u8(op.GLOBAL);
    this.#nameLines(module, first, this.#settings.mapNames);
    for (const attribute of attributes) {
      this.#freshText(attribute);
      writer.u8(short ? op.TUPLE2 : op.TUPLE);
      writer.u8(op.REDUCE);
    }
  }

  #inst(type: PyGlobal): void {
    this.#writer.u8(op.INST);
    this.#nameLines(type.module, type.name, this.#settings.mapNames);
  }

  #nameLines(module: string, name: string, mapNames: boolean): void {
    const lines = mapNames ? mapTo2(module, name) : ([module, name] as const);
    lines.forEach((line, i) => {
      // Protocol 3 is read by Python 3 alone, and so may have names that are not ASCII.
      const isWritable =
        line !== "" &&
        !line.includes("\n") &&
        (this.#settings.protocol === 3 ? !/\p{Surrogate}/u.test(line) : isAsciiText(line));
      if (!isWritable) {
        const which = i === 0 ? "module" : "global";
        throw new PicklingError(
          "invalid-name",
          `can't pickle ${which} identifier '${line}' using pickle protocol ${this.#settings.protocol}`,
          {
            advice: "Protocol 4 and above write any name",
          },
        );
      }
      this.#writer.utf8(line);
      this.#writer.u8(0x0a);
    });
  }
}

/** Classes that C makes on the heap: their module's name is no interned text in CPython 3.13, and so no other's twin. */
const hasOwnModuleText =
  /^(array\.array|collections\.(deque|defaultdict)|functools\.partial|decimal\.Decimal|zoneinfo\.ZoneInfo|re\.Pattern|itertools\..*)$/;

/** What was read as a chain of calls of getattr on a class: such a class or function, as {@link PicklerBase} writes it. */
function nestedGlobal(
  object: PyObject,
): { getattr: PyGlobal; global: PyGlobal; attributes: readonly string[] } | undefined {
  const attributes: string[] = [];
  let owner: unknown = object;
  while (owner instanceof PyObject && owner.how === "getattr" && operationsOf(owner).length === 0) {
    const [next, name] = owner.args as readonly [unknown, string];
    attributes.unshift(name);
    owner = next;
  }
  return attributes.length > 0 && owner instanceof PyGlobal
    ? { getattr: object.type as PyGlobal, global: owner, attributes }
    : undefined;
}

/** Bytes as protocols below 3 spell them, read without adapters. */
function isOldBytes({ how, type, args }: PyObject): boolean {
  if (how !== "reduce" || !(type instanceof PyGlobal) || globalKey(type) !== "7:_codecs.encode") return false;
  const [text, encoding, ...more] = args as readonly unknown[];
  return typeof text === "string" && encoding === "latin1" && more.length === 0;
}

const opcodeOfBuild = {
  reduce: op.REDUCE,
  getattr: op.REDUCE,
  newobj: op.NEWOBJ,
  newobj_ex: op.NEWOBJ_EX,
  obj: op.OBJ,
} as const;

const isBytes = (value: Uint8Array): boolean =>
  !(value instanceof ByteArray || value instanceof MemoryView || value instanceof PickleBuffer);

const isAsciiText = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

function isBuffer(value: object): value is ArrayBufferLike {
  const tag = Object.prototype.toString.call(value);
  return tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]";
}

/** Keys and values by turns; a property whose value is `undefined` is left out, as `JSON.stringify` does. */
function flatOfObject(object: Record<string, unknown>): unknown[] {
  const flat: unknown[] = [];
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value !== undefined) flat.push(key, value);
  }
  return flat;
}

function flatOfMap(map: ReadonlyMap<unknown, unknown>): unknown[] {
  const flat: unknown[] = [];
  for (const [key, value] of map) flat.push(key, value);
  return flat;
}

function unsupported(value: object): PicklingError {
  if (typeof value !== "object") {
    return new PicklingError("unsupported-type", `can't pickle a ${typeof value}`, {
      advice: "A class or function of Python is a PyGlobal",
    });
  }
  const { constructor } = value as { constructor?: unknown };
  const name = typeof constructor === "function" && constructor.name !== "" ? constructor.name : "object";
  return new PicklingError("unsupported-type", `can't pickle an instance of ${name}`, {
    advice:
      "Say how Python rebuilds it: in a TypeDefinition with reduce, given as types, or in reducerOverride",
  });
}
