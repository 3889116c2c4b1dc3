import { PicklingError } from "../errors.ts";
import { encodeUtf8, encodeUtf8Into } from "./encode-utf8.ts";

/** How much memory an empty sink keeps for the next use. */
const KEPT = 1024 * 1024;

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
    const { bytes } = this;
    try {
      this.#allocate(Math.max(needed, 2 * bytes.length));
    } catch {
      try {
        this.#allocate(needed);
      } catch {
        throw new PicklingError(
          "too-large",
          `the pickle needs ${needed} bytes, more than a buffer can have here`,
          { pythonException: "MemoryError" },
        );
      }
    }
    this.bytes.set(bytes.subarray(0, this.length));
  }

  #allocate(size: number): void {
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
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
    const start = this.length;
    // Three bytes a unit are enough for any text; a long one is not given that much.
    if (text.length > 1024) this.raw(encodeUtf8(text));
    else {
      this.reserve(3 * text.length);
      this.length += encodeUtf8Into(text, this.bytes, start);
    }
    return this.length - start;
  }

  /** What has been written, as an array of its own and of the exact size; the sink is empty again. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  /** Lets go of memory beyond what is usual. The sink must be empty. */
  shrink(): void {
    if (this.bytes.length > KEPT) this.#allocate(KEPT);
  }
}
