import { PicklingError } from "../errors.ts";
import { encodeUtf8Into, utf8Length } from "./utf8.ts";

function allocate(size: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new Uint8Array(size);
  } catch {
    return undefined;
  }
}

/**
 * An output that grows. The fields are there for hot code: call `reserve`, write into `bytes` or `view`, and move
 * `length` on. Both arrays are replaced when it grows, so nothing may keep them over a `reserve`.
 */
export class ByteSink {
  /** The memory; what is written is its first `length` bytes. */
  bytes: Uint8Array<ArrayBuffer>;
  /** The same memory. */
  view: DataView<ArrayBuffer>;
  /** How many bytes are written. */
  length = 0;

  /** @param capacity - bytes to have room for at first. */
  constructor(capacity = 512) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /**
   * Makes room for `count` more bytes, at least doubling.
   *
   * @throws PicklingError `too-large` when the engine has no such buffer.
   */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed > this.bytes.length) this.#grow(needed);
  }

  #grow(needed: number): void {
    const bytes = allocate(Math.max(needed, 2 * this.bytes.length)) ?? allocate(needed);
    if (bytes === undefined) {
      throw new PicklingError(
        "too-large",
        `the pickle needs ${needed} bytes, more than a buffer can have here`,
        {
          pythonException: "MemoryError",
        },
      );
    }
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }

  /** One byte. */
  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Two bytes, little-endian. */
  u16le(value: number): void {
    this.reserve(2);
    this.view.setUint16(this.length, value, true);
    this.length += 2;
  }

  /** Four bytes, little-endian; a negative value in two's complement. */
  u32le(value: number): void {
    this.reserve(4);
    this.view.setUint32(this.length, value, true);
    this.length += 4;
  }

  /** Eight bytes, little-endian, of a safe integer that is not negative. */
  u64le(value: number): void {
    this.u32le(value);
    this.u32le(Math.floor(value / 0x1_0000_0000));
  }

  /** An IEEE 754 double, big-endian. */
  f64be(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.length, value);
    this.length += 8;
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A text of units below 0x100, one byte each: ASCII or latin-1. */
  latin1(text: string): void {
    const { length } = text;
    this.reserve(length);
    for (let i = 0; i < length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }

  /** A text in UTF-8, lone surrogates as three bytes each. Returns how many bytes that took. */
  utf8(text: string): number {
    // Three bytes a unit are enough for any text; a long one is measured rather than given that much.
    const most = 3 * text.length;
    if (most > this.bytes.length - this.length) this.reserve(most < 1024 ? most : utf8Length(text));
    const written = encodeUtf8Into(text, this.bytes, this.length);
    this.length += written;
    return written;
  }

  /** What has been written, as an array of its own and of the exact size; the sink is empty again. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}
