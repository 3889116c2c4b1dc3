import { fourDigits, writeDecimal } from "./decimal.ts";

/** The digits in front of the last four of a position, as two words of four bytes, blanks to make up for the width. */
export class PositionHead {
  /** The first four bytes, the first in the lowest byte. */
  low = 0;
  /** The four bytes behind them. */
  high = 0;
  /** How many of them count. */
  length = 0;
  /** The first position that has these digits. */
  start = 0;
  /** The first position behind those that have them. */
  end = -1;
  readonly #view = new DataView(new ArrayBuffer(24));

  /** Makes it that of a position. */
  set(position: number): void {
    const count = Math.floor(position / 10_000);
    const view = this.#view;
    this.start = count * 10_000;
    this.end = this.start + 10_000;
    view.setUint8(0, 0x20);
    this.length = count === 0 ? 1 : writeDecimal(view, 0, count, fourDigits());
    this.low = view.getUint32(0, true);
    this.high = view.getUint32(4, true);
  }
}
