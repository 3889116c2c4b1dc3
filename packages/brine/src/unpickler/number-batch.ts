import { decodeLongNumber } from "../bytes/long.ts";
import { length8 } from "../syntax/layouts.ts";
import { BINFLOAT, BININT, BININT1, BININT2, FRAME, LONG1 } from "../syntax/opcodes.ts";

/** A batch of 1000 floats takes 9 kB. What is longer than this is no batch of Python's, and waits for the look at the limits. */
const LONGEST = 1 << 16;
/** Of the opcode with its operand. */
const FRAME_LENGTH = 9;

/**
 * Reads the numbers that a list begins with, or all of it, to be kept unboxed by V8. They are gathered in arrays that are
 * used again, one for small ints and one for the rest, so that nothing grows.
 */
export class NumberBatch {
  /** Where the last batch ended: the position of what is no number. */
  end = 0;
  /** Where the frame ends that began in the midst of the batch; 0 if none did. */
  frameEnd = 0;
  readonly #smis: number[] = [];
  readonly #doubles: number[] = [0.5];

  /** The numbers from `position` on, to the end of the frame and into one more; `undefined` if there are none. */
  read(
    bytes: Uint8Array,
    view: DataView,
    position: number,
    end: number,
    bigints: boolean,
  ): number[] | undefined {
    let limit = Math.min(end, position + LONGEST);
    let count = 0;
    let numbers = this.#smis;
    this.frameEnd = 0;
    // One branch for each opcode, and a wider array in few of them: 3 ns for a number; in common code it takes 20.
    for (; ; count++) {
      if (position >= limit) {
        const first = position + FRAME_LENGTH;
        if (this.frameEnd > 0 || bytes[position] !== FRAME || first >= bytes.length || position !== end)
          break;
        const stop = first + length8(view, position + 1);
        if (stop > bytes.length) break;
        this.frameEnd = limit = stop;
        position = first;
      }
      const code = bytes[position] as number;
      const start = position + 1;
      let stop = start + 1;
      if (code === BINFLOAT) {
        if ((stop = start + 8) > limit) break;
        if (numbers !== this.#doubles) numbers = this.#widened(count);
        numbers[count] = view.getFloat64(start);
      } else if (bigints) break;
      else if (code === BININT1) {
        if (stop > limit) break;
        numbers[count] = bytes[start] as number;
      } else if (code === BININT2) {
        if ((stop = start + 2) > limit) break;
        numbers[count] = view.getUint16(start, true);
      } else if (code === BININT) {
        if ((stop = start + 4) > limit) break;
        const value = view.getInt32(start, true);
        // Where pointers are compressed, in browsers, a small int has 31 bits.
        if (value !== (value << 1) >> 1 && numbers !== this.#doubles) numbers = this.#widened(count);
        numbers[count] = value;
      } else {
        if (code !== LONG1 || !((bytes[start] as number) <= 8)) break;
        if ((stop += bytes[start] as number) > limit) break;
        const value = decodeLongNumber(bytes, start + 1, stop);
        if (typeof value === "bigint") break;
        if (numbers !== this.#doubles) numbers = this.#widened(count);
        numbers[count] = value;
      }
      position = stop;
    }
    this.end = position;
    return count > 0 ? numbers.slice(0, count) : undefined;
  }

  #widened(count: number): number[] {
    for (let i = 0; i < count; i++) this.#doubles[i] = this.#smis[i] as number;
    return this.#doubles;
  }
}
