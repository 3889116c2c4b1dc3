import { ByteSink } from "../bytes/sink.ts";
import { fourDigits, writeDecimal } from "./decimal.ts";

/** Text on its way out, as UTF-8. */
export class TextSink extends ByteSink {
  /** Characters of which some took more than a byte count as more than one here: what `length` is ahead of the text. */
  surplus = 0;

  /** `count` blanks. */
  blanks(count: number): void {
    if (count <= 0) return;
    this.reserve(count);
    const { bytes } = this;
    const end = this.length + count;
    // For a few, `fill` takes longer than the loop.
    if (count > 64) bytes.fill(0x20, this.length, end);
    else for (let at = this.length; at < end; at++) bytes[at] = 0x20;
    this.length = end;
  }

  /** An int that is safe and not negative, in decimal, with blanks in front up to `width`. */
  decimal(value: number, width = 1): void {
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits++;
    this.blanks(width - digits);
    this.reserve(24);
    this.length = writeDecimal(this.view, this.length, value, fourDigits());
  }

  /** A blank and plain ASCII in quotes, newlines as blanks. */
  quoted(from: Uint8Array, start: number, end: number): void {
    this.reserve(end - start + 3);
    const { bytes } = this;
    let to = this.length;
    bytes[to++] = 0x20;
    bytes[to++] = 0x27;
    for (let at = start; at < end; at++) {
      const byte = from[at] as number;
      bytes[to++] = byte === 10 ? 0x20 : byte;
    }
    bytes[to++] = 0x27;
    this.length = to;
  }

  /** Any text. */
  text(value: string): void {
    if (value.length < 128 && this.#short(value)) return;
    this.surplus += this.utf8(value) - characters(value);
  }

  /** A short text of ASCII; `false` if it is not. */
  #short(value: string): boolean {
    this.reserve(value.length);
    const { bytes, length } = this;
    for (let at = 0; at < value.length; at++) {
      const unit = value.charCodeAt(at);
      if (unit > 0x7f) return false;
      bytes[length + at] = unit;
    }
    this.length = length + value.length;
    return true;
  }
}

/** How many characters a text has in Python, but for escaped surrogates, which are not in here. */
function characters(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) count--;
  return count;
}
