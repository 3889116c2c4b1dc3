import { opcodes } from "../../src/syntax/opcodes.ts";

/** Bytes from numbers (one byte each), text (latin-1) and other bytes, in order. */
export function assemble(...parts: readonly (number | string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    Buffer.concat(
      parts.map((part) =>
        typeof part === "number"
          ? Buffer.of(part)
          : typeof part === "string"
            ? Buffer.from(part, "latin1")
            : part,
      ),
    ),
  );
}

/** A number as little-endian bytes. */
export function uint(width: number, value: number | bigint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(width);
  for (let rest = BigInt(value), i = 0; i < width; i++, rest >>= 8n) bytes[i] = Number(rest & 255n);
  return bytes;
}

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, "utf8"));

/** All opcodes' codes. */
export const allCodes: readonly number[] = opcodes.map(({ code }) => code);

/** Pseudo-random choices, the same in every run from one seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** From 0 to below 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}
