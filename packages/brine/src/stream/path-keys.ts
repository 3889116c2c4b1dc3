import { decodeLongNumber } from "../bytes/long.ts";
import * as op from "../syntax/opcodes.ts";
import {
  decodeRawUnicodeEscape,
  decodeStringEscapes,
  parseIntLine,
  parseLongLine,
} from "../syntax/text-operands.ts";
import type { PathElement } from "./path.ts";

/** In the place of the number of an element: what equals none of them. */
export const NO_KEY = -1;

/**
 * Knows the elements of a path in the operands of opcodes, and the memo slots that hold them: the keys of a record are
 * written once, and read from the memo by all the records behind it.
 */
export class PathKeys {
  readonly #elements: readonly PathElement[];
  readonly #utf8: readonly Uint8Array[];
  /** Bytes of the longest name in it. */
  readonly longest: number;
  /** Whether an element of it is a number. */
  readonly hasNumbers: boolean;
  readonly #slots = new Map<number, number>();
  /** The numbers of the elements that the first slots hold. */
  // Most keys of records are among the first slots: an array takes a tenth of the time of a Map.
  readonly first: Int32Array = new Int32Array(256).fill(NO_KEY);
  /** By how long a name is in bytes, 1 where one of the path is. */
  readonly lengths: Uint8Array = new Uint8Array(256);

  constructor(elements: readonly PathElement[]) {
    this.#elements = elements;
    this.#utf8 = elements.map((element) =>
      new TextEncoder().encode(typeof element === "string" ? element : ""),
    );
    for (const [number, { length }] of this.#utf8.entries()) {
      if (length < 256 && typeof elements[number] === "string") this.lengths[length] = 1;
    }
    this.longest = Math.max(0, ...this.#utf8.map(({ length }) => length));
    this.hasNumbers = elements.some((element) => typeof element === "number");
  }

  /** The number of an element, the same for the same element. */
  numberOf(element: PathElement | undefined): number {
    return element === undefined ? NO_KEY : this.#elements.indexOf(element);
  }

  /** Notes that a memo slot holds the element of that number. */
  keep(slot: number, key: number): void {
    if (slot < 256) this.first[slot] = key;
    else this.#slots.set(slot, key);
  }

  /** The number of the element that a memo slot holds. */
  inSlot(slot: number): number {
    if (slot < 256) return this.first[slot] as number;
    return this.#slots.get(slot) ?? NO_KEY;
  }

  /** The number of the element that the opcode `code` with the operand from `from` to `to` pushes. */
  of(code: number, operand: number, bytes: Uint8Array, from: number, to: number): number {
    if (this.#elements.length === 0) return NO_KEY;
    switch (code) {
      case op.BININT:
        return this.#elements.indexOf(operand | 0);
      case op.BININT1:
      case op.BININT2:
        return this.#elements.indexOf(operand);
      case op.LONG1:
      case op.LONG4:
        return to - from > 8 ? NO_KEY : this.#elements.indexOf(decodeLongNumber(bytes, from, to) as number);
      case op.INT:
      case op.LONG: {
        if (to - from > 20) return NO_KEY;
        const value = (code === op.INT ? parseIntLine : parseLongLine)(bytes, from, to - 1);
        return this.#elements.indexOf(value as number);
      }
      case op.UNICODE:
        if (to - from > 10 * this.longest + 1) return NO_KEY;
        return this.#elements.indexOf(decodeRawUnicodeEscape(bytes, from, to - 1));
      case op.STRING: {
        if (to - from > 4 * this.longest + 3) return NO_KEY;
        const content = decodeStringEscapes(bytes, from, to - 1);
        return this.#text(content, 0, content.length);
      }
      default:
        return this.#text(bytes, from, to);
    }
  }

  #text(bytes: Uint8Array, from: number, to: number): number {
    for (const [number, wanted] of this.#utf8.entries()) {
      if (to - from !== wanted.length || typeof this.#elements[number] !== "string") continue;
      let i = 0;
      while (i < wanted.length && bytes[from + i] === wanted[i]) i++;
      if (i === wanted.length) return this.#elements.indexOf(this.#elements[number]);
    }
    return NO_KEY;
  }
}
