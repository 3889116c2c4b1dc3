const END = 24;
/** Behind the digits, so that they can be read eight bytes at a time. */
const SLACK = 8;
const BLANK = 0x20;
const ZERO = 0x30;

/** A number that grows by little, with its digits: those that stay need not be worked out again. */
export class RunningDecimal {
  /** The digits, as ASCII, from `end` − `digits` to `end`, between blanks. */
  readonly bytes: Uint8Array<ArrayBuffer> = new Uint8Array(END + SLACK).fill(BLANK);
  /** The same memory. */
  readonly view: DataView<ArrayBuffer> = new DataView(this.bytes.buffer);
  readonly end: number = END;
  /** How many digits there are. */
  digits = 1;
  #value = 0;

  constructor() {
    this.bytes[END - 1] = ZERO;
  }

  /** Makes it another safe integer that is not negative. */
  set(value: number): void {
    const { bytes } = this;
    let carry = value - this.#value;
    this.#value = value;
    // Beyond, the sum with a digit would be no small integer.
    if (carry < 0 || carry > 1_000_000_000) {
      bytes.fill(BLANK);
      let at = END;
      let rest = value;
      do {
        const quotient = Math.floor(rest / 10);
        bytes[--at] = ZERO + (rest - quotient * 10);
        rest = quotient;
      } while (rest > 0);
      this.digits = END - at;
      return;
    }
    let at = END;
    while (carry > 0) {
      const digit = bytes[--at] as number;
      const sum = carry + (digit === BLANK ? 0 : digit - ZERO);
      carry = (sum / 10) | 0;
      bytes[at] = ZERO + sum - carry * 10;
    }
    if (END - at > this.digits) this.digits = END - at;
  }
}
