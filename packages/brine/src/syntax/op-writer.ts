import { PicklingError } from "../errors.ts";
import { encodeLong } from "../bytes/long.ts";
import { ByteSink } from "../bytes/sink.ts";
import { utf8Length } from "../bytes/utf8.ts";
import * as op from "./opcodes.ts";
import { encodeRawUnicodeEscape, floatRepr } from "./text-operands.ts";

/** Bytes of a frame from which on it is closed at the next opcode boundary. Source: `_pickle.c`, `FRAME_SIZE_TARGET`. */
const FRAME_TARGET = 64 * 1024;
/** A frame shorter than this is written without its header. Source: `_pickle.c`, `FRAME_SIZE_MIN`. */
const FRAME_MINIMUM = 4;
const FRAME_HEADER = 9;

/** CPython's limit for the decimal text of an int. Source: `sys.int_info.default_max_str_digits`. */
const MAX_DIGITS = 4300;

/**
 * Writes opcodes with their operands in the shortest form that a protocol has, and frames as CPython does: a header's
 * room is left where a frame may begin, and filled or closed up when the frame is committed.
 * Source: CPython `Modules/_pickle.c`, `_Pickler_Write`, `_Pickler_CommitFrame`, `_Pickler_write_bytes`, `save_*`.
 */
export class OpWriter extends ByteSink {
  /** The protocol written, 0 to 5. */
  readonly protocol: number;
  /** Where the open frame's header stands, −1 without one. */
  #frameStart = -1;
  /** The length at which the next boundary closes the frame. */
  boundary = Infinity;

  constructor(protocol: number) {
    super();
    this.protocol = protocol;
  }

  /** PROTO, and from protocol 4 on the first frame. */
  begin(): void {
    if (this.protocol < 2) return;
    this.u8(op.PROTO);
    this.u8(this.protocol);
    this.openFrame();
  }

  /** STOP, and the end of the last frame. */
  end(): void {
    this.u8(op.STOP);
    this.closeFrame();
  }

  /** Drops what was written of a pickle that failed. */
  abandon(): void {
    this.length = 0;
    this.#frameStart = -1;
    this.boundary = Infinity;
  }

  /** Leaves room for a frame's header, from protocol 4 on. */
  openFrame(): void {
    if (this.protocol < 4) return;
    this.#frameStart = this.length;
    this.reserve(FRAME_HEADER);
    this.length += FRAME_HEADER;
    this.boundary = this.length + FRAME_TARGET;
  }

  /** Fills in the open frame's header, or takes it out of a frame that is too short for one. */
  closeFrame(): void {
    const start = this.#frameStart;
    if (start < 0) return;
    const size = this.length - start - FRAME_HEADER;
    if (size < FRAME_MINIMUM) {
      this.bytes.copyWithin(start, start + FRAME_HEADER, this.length);
      this.length -= FRAME_HEADER;
    } else {
      this.bytes[start] = op.FRAME;
      this.view.setUint32(start + 1, size, true);
      this.view.setUint32(start + 5, Math.floor(size / 0x1_0000_0000), true);
    }
    this.#frameStart = -1;
    this.boundary = Infinity;
  }

  /** Takes out what is before the open frame, and without a frame all of it. */
  takeFinished(): Uint8Array<ArrayBuffer> {
    const finished = this.#frameStart < 0 ? this.length : this.#frameStart;
    const piece = this.bytes.slice(0, finished);
    this.bytes.copyWithin(0, finished, this.length);
    this.length -= finished;
    if (this.#frameStart >= 0) {
      this.#frameStart = 0;
      this.boundary -= finished;
    }
    return piece;
  }

  /** To be called before every value once the length has reached `boundary`: begins a new frame. */
  nextFrame(): void {
    this.closeFrame();
    this.openFrame();
  }

  /** An int that is a 32-bit number. */
  int32(value: number): void {
    if (this.protocol === 0) {
      this.u8(op.INT);
      this.latin1(`${value}\n`);
      return;
    }
    this.reserve(5);
    const { bytes } = this;
    if (value >>> 8 === 0) {
      bytes[this.length] = op.BININT1;
      bytes[this.length + 1] = value;
      this.length += 2;
    } else if (value >>> 16 === 0) {
      bytes[this.length] = op.BININT2;
      bytes[this.length + 1] = value;
      bytes[this.length + 2] = value >> 8;
      this.length += 3;
    } else {
      bytes[this.length] = op.BININT;
      this.view.setInt32(this.length + 1, value, true);
      this.length += 5;
    }
  }

  /** An int that is a safe number. */
  safeInteger(value: number): void {
    if ((value | 0) === value) {
      this.int32(value);
      return;
    }
    if (this.protocol < 2) {
      this.u8(op.LONG);
      this.latin1(`${value}L\n`);
      return;
    }
    // Two's complement by halves, with no BigInt: it takes 5 to 7 bytes. 155 → 12 ms for 500,000.
    this.reserve(10);
    const magnitude = value < 0 ? -1 - value : value;
    const size = magnitude < 2 ** 39 ? 5 : magnitude < 2 ** 47 ? 6 : 7;
    this.bytes[this.length] = op.LONG1;
    this.bytes[this.length + 1] = size;
    this.view.setUint32(this.length + 2, value >>> 0, true);
    this.view.setInt32(this.length + 6, Math.floor(value / 0x1_0000_0000), true);
    this.length += 2 + size;
  }

  /** Any int. */
  integer(value: bigint): void {
    if (BigInt.asIntN(32, value) === value) {
      this.int32(Number(value));
      return;
    }
    if (this.protocol < 2) {
      const text = value.toString();
      if (text.length - (value < 0n ? 1 : 0) > MAX_DIGITS) {
        throw new PicklingError(
          "too-large",
          `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion`,
          { pythonException: "ValueError", advice: "Protocol 2 and above write an int of any size" },
        );
      }
      this.u8(op.LONG);
      this.latin1(text);
      this.latin1("L\n");
      return;
    }
    const content = encodeLong(value);
    if (content.length < 256) {
      this.u8(op.LONG1);
      this.u8(content.length);
    } else {
      this.u8(op.LONG4);
      this.u32le(content.length);
    }
    this.raw(content);
  }

  float(value: number): void {
    if (this.protocol === 0) {
      this.u8(op.FLOAT);
      this.latin1(floatRepr(value));
      this.u8(0x0a);
      return;
    }
    this.reserve(9);
    this.bytes[this.length] = op.BINFLOAT;
    this.view.setFloat64(this.length + 1, value);
    this.length += 9;
  }

  boolean(value: boolean): void {
    if (this.protocol >= 2) this.u8(value ? op.NEWTRUE : op.NEWFALSE);
    else this.latin1(value ? "I01\n" : "I00\n");
  }

  text(value: string): void {
    if (this.protocol === 0) {
      this.u8(op.UNICODE);
      this.latin1(encodeRawUnicodeEscape(value));
      this.u8(0x0a);
      return;
    }
    // No unit takes more than three bytes, so that a short text needs no measuring.
    const size = value.length < 86 ? 0 : utf8Length(value);
    const isLarge = size >= FRAME_TARGET;
    if (isLarge) this.closeFrame();
    this.reserve(Math.max(size, 3 * 86) + 9);
    if (size > 0xffff_ffff) this.#header8(op.BINUNICODE8, size, "a string");
    else if (size > 0xff || this.protocol < 4) {
      this.bytes[this.length] = op.BINUNICODE;
      const at = this.length + 1;
      this.length += 5;
      const written = this.utf8(value);
      this.view.setUint32(at, written, true);
    } else {
      this.bytes[this.length] = op.SHORT_BINUNICODE;
      const at = this.length + 1;
      this.length += 2;
      const written = this.utf8(value);
      if (written > 0xff) {
        this.bytes.copyWithin(at + 4, at + 1, this.length);
        this.length += 3;
        this.bytes[at - 1] = op.BINUNICODE;
        this.view.setUint32(at, written, true);
      } else this.bytes[at] = written;
    }
    if (isLarge) this.openFrame();
  }

  /** Bytes, from protocol 3 on. */
  binary(value: Uint8Array): void {
    const size = value.length;
    if (size >= FRAME_TARGET) this.closeFrame();
    if (size <= 0xff) {
      this.u8(op.SHORT_BINBYTES);
      this.u8(size);
    } else if (size <= 0xffff_ffff) {
      this.u8(op.BINBYTES);
      this.u32le(size);
    } else this.#header8(op.BINBYTES8, size, "a bytes object");
    this.raw(value);
    if (size >= FRAME_TARGET) this.openFrame();
  }

  /** A bytearray, from protocol 5 on. */
  byteArray(value: Uint8Array): void {
    if (value.length >= FRAME_TARGET) this.closeFrame();
    this.u8(op.BYTEARRAY8);
    this.u64le(value.length);
    this.raw(value);
    if (value.length >= FRAME_TARGET) this.openFrame();
  }

  #header8(code: number, size: number, subject: string): void {
    if (this.protocol < 4) {
      throw new PicklingError(
        "too-large",
        `serializing ${subject} larger than 4 GiB requires pickle protocol 4 or higher`,
        { pythonException: "OverflowError" },
      );
    }
    this.u8(code);
    this.u64le(size);
  }

  /** GET, BINGET or LONG_BINGET. */
  get(index: number): void {
    if (this.protocol === 0) {
      this.u8(op.GET);
      this.latin1(`${index}\n`);
    } else this.#indexed(op.BINGET, op.LONG_BINGET, index);
  }

  /** MEMOIZE, BINPUT, LONG_BINPUT or PUT of the slot that comes next. */
  put(index: number): void {
    if (this.protocol >= 4) this.u8(op.MEMOIZE);
    else if (this.protocol === 0) {
      this.u8(op.PUT);
      this.latin1(`${index}\n`);
    } else this.#indexed(op.BINPUT, op.LONG_BINPUT, index);
  }

  #indexed(short: number, long: number, index: number): void {
    this.reserve(5);
    if (index < 256) {
      this.bytes[this.length] = short;
      this.bytes[this.length + 1] = index;
      this.length += 2;
    } else {
      this.bytes[this.length] = long;
      this.view.setUint32(this.length + 1, index, true);
      this.length += 5;
    }
  }

  /** EXT1, EXT2 or EXT4. */
  extension(code: number): void {
    if (code <= 0xff) {
      this.u8(op.EXT1);
      this.u8(code);
    } else if (code <= 0xffff) {
      this.u8(op.EXT2);
      this.u16le(code);
    } else {
      this.u8(op.EXT4);
      this.u32le(code);
    }
  }
}
