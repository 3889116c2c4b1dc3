import { decodeLatin1 } from "../bytes/utf8.ts";
import { UnpicklingError } from "../errors.ts";
import { OpCursor } from "../syntax/cursor.ts";
import * as op from "../syntax/opcodes.ts";
import { MemoTable } from "./memo-use.ts";
import { NewerProtocol } from "./newer-protocol.ts";
import { nameLine } from "./operands.ts";
import { PathLabels } from "./path-labels.ts";
import { RepeatedValues } from "./repeated-values.ts";
import { StatObjects } from "./stat-objects.ts";
import * as type from "./stat-types.ts";
import { TypeTable } from "./stat-types.ts";

const NOTHING = -1;

/** Types of what an opcode without further effect leaves on the stack, by its code. */
function atoms(): Int8Array {
  const made = new Int8Array(256).fill(NOTHING);
  const types: readonly (readonly [number, readonly number[]])[] = [
    [type.NONE_TYPE, [op.NONE]],
    [type.BOOL_TYPE, [op.NEWTRUE, op.NEWFALSE]],
    [type.INT_TYPE, [op.INT, op.BININT, op.BININT1, op.BININT2, op.LONG, op.LONG1, op.LONG4]],
    [type.FLOAT_TYPE, [op.FLOAT, op.BINFLOAT]],
    [type.STR_TYPE, [op.UNICODE, op.SHORT_BINUNICODE, op.BINUNICODE, op.BINUNICODE8]],
    [type.STR8_TYPE, [op.STRING, op.SHORT_BINSTRING, op.BINSTRING]],
    [type.BYTES_TYPE, [op.SHORT_BINBYTES, op.BINBYTES, op.BINBYTES8]],
    [type.BYTEARRAY_TYPE, [op.BYTEARRAY8]],
    [type.TUPLE_TYPE, [op.EMPTY_TUPLE]],
    [type.LIST_TYPE, [op.EMPTY_LIST]],
    [type.DICT_TYPE, [op.EMPTY_DICT]],
    [type.SET_TYPE, [op.EMPTY_SET]],
    [type.PERSISTENT_TYPE, [op.PERSID]],
    [type.BUFFER_TYPE, [op.NEXT_BUFFER]],
    [type.EXTENSION_TYPE, [op.EXT1, op.EXT2, op.EXT4]],
  ];
  for (const [made1, codes] of types) for (const code of codes) made[code] = made1;
  return made;
}

/** Atoms that may be a key, so that where they stand is kept. */
const isKey = (made: number): boolean => made >= type.NONE_TYPE && made <= type.BYTES_TYPE;

function nameOf(bytes: Uint8Array, start: number, end: number): string {
  try {
    return nameLine(bytes, start, end);
  } catch {
    return decodeLatin1(bytes, start, end);
  }
}

let atomTypes: Int8Array | undefined;

/**
 * Goes over pickles and books every byte: on its opcode, on a type, on a path. It constructs nothing, and goes on where the
 * pickle machine would fail; only what is no opcode ends it.
 */
export class StatMachine {
  readonly opcodeBytes = new Float64Array(256);
  readonly opcodeCounts = new Float64Array(256);
  readonly types = new TypeTable();
  readonly memo = new MemoTable();
  readonly newer = new NewerProtocol();
  readonly repeated: RepeatedValues;
  readonly labels: PathLabels;
  readonly stack: StatObjects;
  /** By protocol, how many PROTO opcodes say it. */
  readonly protocols = new Map<number, number>();
  /** Highest protocol among the opcodes. */
  highestProtocol = -1;
  frames = 0;
  framedBytes = 0;
  /** Where each pickle ends. */
  readonly ends: number[] = [];
  /** End of what is read. */
  position = 0;
  /** What ended it before the end of the bytes. */
  error: UnpicklingError | undefined;
  readonly #cursor: OpCursor;
  readonly #atoms = (atomTypes ??= atoms());
  readonly #protocolOf = Int8Array.from({ length: 256 }, (_, code) => op.opcodeOf(code)?.protocol ?? 0);

  constructor(bytes: Uint8Array, mostKeys: number) {
    this.#cursor = new OpCursor(bytes);
    this.repeated = new RepeatedValues(bytes);
    this.labels = new PathLabels(bytes);
    this.stack = new StatObjects(this.types, this.labels, mostKeys);
  }

  /** Goes over all pickles. */
  run(): void {
    const cursor = this.#cursor;
    const { length } = cursor.bytes;
    try {
      // An empty input has no pickle, which is an error as well.
      do {
        if (!cursor.next())
          throw new UnpicklingError("no-data", "pickle exhausted before seeing STOP", { offset: length });
        this.#step();
        this.position = cursor.end;
      } while (cursor.code !== op.STOP || cursor.end < length);
    } catch (error) {
      if (!(error instanceof UnpicklingError)) throw error;
      this.error = error;
    }
    this.stack.abandon();
    this.memo.close();
    if (this.position > (this.ends.at(-1) ?? 0)) this.newer.close();
    const unread = length - this.position;
    this.types.bytes[type.UNREAD_TYPE] = unread;
    this.stack.unread = unread;
  }

  #step(): void {
    const { code, position, end, bytes, operandStart, operandEnd } = this.#cursor;
    const size = end - position;
    const { stack, types } = this;
    this.opcodeBytes[code] = (this.opcodeBytes[code] as number) + size;
    this.opcodeCounts[code] = (this.opcodeCounts[code] as number) + 1;
    if ((this.#protocolOf[code] as number) > this.highestProtocol) {
      this.highestProtocol = this.#protocolOf[code] as number;
    }
    if (code !== op.GLOBAL && code !== op.INST) this.newer.add(bytes, code, operandStart, operandEnd, size);
    let atom = this.#atoms[code] as number;
    if (atom !== NOTHING) {
      if (code === op.INT && size === 4 && bytes[operandStart] === 48) atom = type.BOOL_TYPE;
      stack.push(atom, size, isKey(atom) ? position : NOTHING);
      this.#count(atom, size);
      if (atom === type.STR_TYPE) this.repeated.add(0, operandStart, operandEnd, size);
      else if (atom === type.BYTES_TYPE) this.repeated.add(1, operandStart, operandEnd, size);
      else if (atom === type.STR8_TYPE) this.repeated.add(2, operandStart, operandEnd, size);
      return;
    }
    switch (code) {
      case op.PROTO: {
        const version = bytes[operandStart] as number;
        this.protocols.set(version, (this.protocols.get(version) ?? 0) + 1);
        this.#frame(size);
        return;
      }
      case op.FRAME:
        this.frames++;
        this.framedBytes += Math.min(
          bytes.length - end,
          (bytes[operandStart] as number) +
            (bytes[operandStart + 1] as number) * 0x100 +
            (bytes[operandStart + 2] as number) * 0x1_0000 +
            (bytes[operandStart + 3] as number) * 0x100_0000 +
            ((bytes[operandStart + 4] as number) + (bytes[operandStart + 5] as number) * 0x100) *
              0x1_0000_0000,
        );
        this.#frame(size);
        return;
      case op.STOP:
        this.#frame(size);
        stack.finish();
        this.memo.close();
        this.newer.close();
        this.ends.push(end);
        return;
      case op.MARK:
        stack.mark();
        return;
      case op.POP:
        stack.discard(size);
        return;
      case op.POP_MARK:
        stack.discardToMark(size);
        return;
      case op.DUP:
        stack.duplicate(size);
        types.bytes[type.REFERENCE_TYPE]! += size;
        types.counts[type.REFERENCE_TYPE]! += 1;
        return;
      case op.BINGET:
      case op.LONG_BINGET:
      case op.GET:
        this.#fetch(this.#slot(), size);
        return;
      case op.BINPUT:
      case op.LONG_BINPUT:
      case op.PUT:
        this.#store(this.#slot(), size);
        return;
      case op.MEMOIZE:
        this.#store(this.memo.size, size);
        return;
      case op.TUPLE1:
        stack.tuple(1, size);
        return;
      case op.TUPLE2:
        stack.tuple(2, size);
        return;
      case op.TUPLE3:
        stack.tuple(3, size);
        return;
      case op.TUPLE: {
        const length = stack.closeMark();
        this.newer.addTuple(length);
        stack.tuple(length, size + stack.markSize);
        return;
      }
      case op.LIST:
        stack.collection(type.LIST_TYPE, size);
        return;
      case op.FROZENSET:
        stack.collection(type.FROZENSET_TYPE, size);
        return;
      case op.DICT:
        stack.dict(size);
        return;
      case op.APPEND:
        stack.append(1, size);
        return;
      case op.APPENDS:
      case op.ADDITEMS: {
        const length = stack.closeMark();
        stack.append(length, size + stack.markSize);
        return;
      }
      case op.SETITEM:
        stack.setItems(2, size);
        return;
      case op.SETITEMS: {
        const length = stack.closeMark();
        stack.setItems(length, size + stack.markSize);
        return;
      }
      case op.GLOBAL:
        this.#global(bytes, operandStart, operandEnd, size);
        return;
      case op.STACK_GLOBAL:
        stack.stackGlobal(size);
        return;
      case op.INST: {
        const global = this.#name(bytes, operandStart, operandEnd);
        const length = stack.closeMark();
        stack.make(global, length, size + stack.markSize);
        return;
      }
      case op.OBJ: {
        const length = stack.closeMark();
        const global = length > 0 ? stack.globalAt(length - 1) : NOTHING;
        stack.make(global, length, size + stack.markSize);
        return;
      }
      case op.REDUCE:
        this.newer.shrink(stack.construct(2, size));
        return;
      case op.NEWOBJ:
        stack.construct(2, size);
        return;
      case op.NEWOBJ_EX:
        stack.construct(3, size);
        return;
      case op.BUILD:
        stack.build(size);
        return;
      case op.BINPERSID:
        stack.persistentId(size);
        return;
      default:
        // READONLY_BUFFER.
        stack.addToTop(size);
        types.bytes[type.BUFFER_TYPE]! += size;
    }
  }

  #count(kind: number, size: number): void {
    const { bytes, counts } = this.types;
    bytes[kind] = (bytes[kind] as number) + size;
    counts[kind] = (counts[kind] as number) + 1;
  }

  #frame(size: number): void {
    this.#count(type.FRAMING_TYPE, size);
    this.stack.addToRoot(size);
  }

  /** The slot of a PUT or a GET; −1 for what is no index. */
  #slot(): number {
    const { code, bytes, operandStart: at, operandEnd } = this.#cursor;
    if (code === op.BINGET || code === op.BINPUT) return bytes[at] as number;
    if (code === op.LONG_BINGET || code === op.LONG_BINPUT) {
      const low =
        (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
      return low + (bytes[at + 3] as number) * 0x100_0000;
    }
    let slot = 0;
    for (let digit = at; digit < operandEnd; digit++) {
      const value = (bytes[digit] as number) - 48;
      if (!(value >= 0 && value <= 9)) return NOTHING;
      slot = slot * 10 + value;
    }
    return slot;
  }

  #store(slot: number, size: number): void {
    const { stack } = this;
    this.memo.store(slot, stack.topType, stack.topInfo, size);
    stack.addToTop(size);
    this.#count(type.MEMO_TYPE, size);
  }

  #fetch(slot: number, size: number): void {
    const entry = this.memo.fetch(slot, size);
    this.#count(type.REFERENCE_TYPE, size);
    if (entry < 0) this.stack.pushReference(type.OBJECT_TYPE, size, NOTHING);
    else {
      const kind = this.memo.typeOf(entry);
      const info = this.memo.infoOf(entry);
      this.stack.pushReference(kind, size, info);
      if (kind === type.GLOBAL_TYPE) this.types.globals[info]!.used++;
    }
  }

  #name(bytes: Uint8Array, start: number, end: number): number {
    const middle = bytes.indexOf(10, start);
    const module = nameOf(bytes, start, middle);
    this.newer.addGlobal(module, end - middle - 1);
    const global = this.types.globalOf(`${module}.${nameOf(bytes, middle + 1, end)}`);
    const use = this.types.globals[global]!;
    use.written++;
    use.used++;
    return global;
  }

  #global(bytes: Uint8Array, start: number, end: number, size: number): void {
    this.#count(type.GLOBAL_TYPE, size);
    this.stack.push(type.GLOBAL_TYPE, size, this.#name(bytes, start, end));
  }
}
