import { failure } from "../bytes/failure.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { History } from "./history.ts";

// Source: the LZMA specification (lzma-specification.txt, Igor Pavlov, 2013).
const STATES = 12;
const POSITION_STATES = 16;
const END_MARKER = 0xffff_ffff;
const HALF = 1024;
const LONGEST_MATCH = 273;
/** Input that one symbol takes at most. */
const LONGEST_SYMBOL = 24;

// Where the probabilities of each kind begin, in one array.
const IS_MATCH = 0;
const IS_REP = IS_MATCH + STATES * POSITION_STATES;
const IS_REP0 = IS_REP + STATES;
const IS_REP1 = IS_REP0 + STATES;
const IS_REP2 = IS_REP1 + STATES;
const IS_REP0_LONG = IS_REP2 + STATES;
const SLOTS = IS_REP0_LONG + STATES * POSITION_STATES;
const SPECIAL = SLOTS + 4 * 64;
const ALIGN = SPECIAL + 128;
/** Choice, second choice, low and middle of each position state, high. */
const LENGTHS_SIZE = 2 + 2 * POSITION_STATES * 8 + 256;
const MATCH_LENGTHS = ALIGN + 16;
const REP_LENGTHS = MATCH_LENGTHS + LENGTHS_SIZE;
const LITERALS = REP_LENGTHS + LENGTHS_SIZE;

/** What stopped {@link LzmaDecoder.run}. */
export const NEEDS_INPUT = 0;
const NEEDS_OUTPUT = 1;
export const MARKER = 2;

/** The error of data that is no LZMA. */
export function corrupt(): Error {
  return failure("invalid-compression", "Corrupt input data", "LZMAError", "The compressed data is damaged");
}

/** Decodes LZMA symbols, as many as there is input and room for. */
export class LzmaDecoder {
  #probabilities = new Uint16Array(0);
  #literalContext = 0;
  #literalPosition = 0;
  #positionMask = 0;
  #state = 0;
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;
  #range = 0;
  #code = 0;
  /** What is left of a match that the room did not suffice for. */
  #pending = 0;
  /** Bytes written since the dictionary began: as far back as a match may reach. */
  written = 0;

  /** Sets lc, lp and pb from the byte that has them; LZMA2 allows `most` for lc and lp together. */
  properties(byte: number, most: number): void {
    this.#literalContext = byte % 9;
    this.#literalPosition = Math.floor(byte / 9) % 5;
    if (byte >= 225 || this.#literalContext + this.#literalPosition > most) throw corrupt();
    this.#positionMask = (1 << Math.floor(byte / 45)) - 1;
    this.#probabilities = new Uint16Array(
      LITERALS + (0x300 << (this.#literalContext + this.#literalPosition)),
    );
    this.reset();
  }

  /** The state at the beginning; the properties stay. */
  reset(): void {
    this.#probabilities.fill(HALF);
    this.#state = this.#rep0 = this.#rep1 = this.#rep2 = this.#rep3 = this.#pending = 0;
  }

  /** Whether the range coder waits for a byte. */
  get wantsByte(): boolean {
    return this.#range >>> 24 === 0;
  }

  /** Whether the range coder is where a stream may end. */
  get isAtEnd(): boolean {
    return this.#code === 0;
  }

  /** Begins with the five bytes of the range coder. */
  begin(bytes: Uint8Array): void {
    if (bytes[0] !== 0) throw corrupt();
    this.#range = 0xffff_ffff;
    this.#code = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  }

  /**
   * Goes on until `limit`, an index into the history's bytes, is reached, a marker is met, or input may be wanting.
   *
   * @param end where the input ends, in the reader's bytes
   * @param isWhole whether no input comes behind that
   */
  run(reader: ByteReader, end: number, isWhole: boolean, history: History, limit: number): number {
    const { bytes } = reader;
    const out = history.bytes;
    const probabilities = this.#probabilities;
    const literalContext = this.#literalContext;
    const literalMask = (1 << this.#literalPosition) - 1;
    const positionMask = this.#positionMask;
    let from = reader.position;
    let at = history.at;
    const written = this.written - at;
    let range = this.#range;
    let code = this.#code;
    let state = this.#state;
    let rep0 = this.#rep0;
    let status = NEEDS_OUTPUT;

    const bit = (index: number): number => {
      if (range >>> 24 === 0) {
        range = (range << 8) >>> 0;
        code = ((code << 8) | (bytes[from++] as number)) >>> 0;
      }
      const probability = probabilities[index] as number;
      const bound = (range >>> 11) * probability;
      if (code < bound) {
        range = bound;
        probabilities[index] = probability + ((2048 - probability) >> 5);
        return 0;
      }
      range -= bound;
      code -= bound;
      probabilities[index] = probability - (probability >> 5);
      return 1;
    };
    const tree = (first: number, count: number): number => {
      let symbol = 1;
      for (let i = 0; i < count; i++) symbol = (symbol << 1) | bit(first + symbol);
      return symbol - (1 << count);
    };
    const reverseTree = (first: number, count: number): number => {
      let symbol = 1;
      let value = 0;
      for (let i = 0; i < count; i++) {
        const next = bit(first + symbol);
        symbol = (symbol << 1) | next;
        value |= next << i;
      }
      return value;
    };
    const lengthOf = (first: number, positionState: number): number => {
      if (bit(first) === 0) return 2 + tree(first + 2 + positionState * 8, 3);
      if (bit(first + 1) === 0) return 10 + tree(first + 2 + (POSITION_STATES + positionState) * 8, 3);
      return 18 + tree(first + 2 + 2 * POSITION_STATES * 8, 8);
    };

    let length = this.#pending;
    for (;;) {
      if (length > 0) {
        const count = Math.min(length, limit - at);
        const distance = rep0 + 1;
        for (let i = 0; i < count; i++, at++) out[at] = out[at - distance] as number;
        length -= count;
      }
      if (at >= limit) break;
      if (from > end - LONGEST_SYMBOL && !isWhole) {
        status = NEEDS_INPUT;
        break;
      }
      if (from > end) throw end < bytes.length || !reader.ended ? corrupt() : reader.truncated();
      const positionState = (written + at) & positionMask;
      if (bit(IS_MATCH + state * POSITION_STATES + positionState) === 0) {
        const previous = written + at > 0 ? (out[at - 1] as number) : 0;
        const context =
          (((written + at) & literalMask) << literalContext) + (previous >> (8 - literalContext));
        const first = LITERALS + 0x300 * context;
        let symbol = 1;
        if (state >= 7) {
          let match = out[at - rep0 - 1] as number;
          while (symbol < 0x100) {
            const matchBit = (match >> 7) & 1;
            match <<= 1;
            const next = bit(first + ((1 + matchBit) << 8) + symbol);
            symbol = (symbol << 1) | next;
            if (matchBit !== next) break;
          }
        }
        while (symbol < 0x100) symbol = (symbol << 1) | bit(first + symbol);
        out[at++] = symbol;
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
        continue;
      }
      if (bit(IS_REP + state) === 1) {
        if (written + at === 0) throw corrupt();
        if (bit(IS_REP0 + state) === 0) {
          if (bit(IS_REP0_LONG + state * POSITION_STATES + positionState) === 0) {
            state = state < 7 ? 9 : 11;
            if (rep0 >= written + at || rep0 >= at) throw corrupt();
            out[at] = out[at - rep0 - 1] as number;
            at++;
            continue;
          }
        } else {
          let distance = this.#rep1;
          if (bit(IS_REP1 + state) === 1) {
            distance = this.#rep2;
            if (bit(IS_REP2 + state) === 1) {
              distance = this.#rep3;
              this.#rep3 = this.#rep2;
            }
            this.#rep2 = this.#rep1;
          }
          this.#rep1 = rep0;
          rep0 = distance;
        }
        length = lengthOf(REP_LENGTHS, positionState);
        state = state < 7 ? 8 : 11;
      } else {
        this.#rep3 = this.#rep2;
        this.#rep2 = this.#rep1;
        this.#rep1 = rep0;
        length = lengthOf(MATCH_LENGTHS, positionState);
        state = state < 7 ? 7 : 10;
        const slot = tree(SLOTS + 64 * Math.min(length - 2, 3), 6);
        if (slot < 4) rep0 = slot;
        else {
          const count = (slot >> 1) - 1;
          rep0 = ((2 | (slot & 1)) << count) >>> 0;
          // Trees count their symbols from 1.
          if (slot < 14) rep0 += reverseTree(SPECIAL + rep0 - slot, count);
          else {
            let direct = 0;
            for (let i = count - 4; i > 0; i--) {
              if (range >>> 24 === 0) {
                range = (range << 8) >>> 0;
                code = ((code << 8) | (bytes[from++] as number)) >>> 0;
              }
              range >>>= 1;
              const isOne = code >= range;
              if (isOne) code -= range;
              direct = (direct << 1) | (isOne ? 1 : 0);
            }
            rep0 = (rep0 + (direct << 4) + reverseTree(ALIGN, 4)) >>> 0;
          }
        }
        if (from > end) throw end < bytes.length || !reader.ended ? corrupt() : reader.truncated();
        if (rep0 === END_MARKER) {
          length = 0;
          status = MARKER;
          break;
        }
      }
      if (from > end) throw end < bytes.length || !reader.ended ? corrupt() : reader.truncated();
      if (rep0 >= written + at || rep0 >= at || length > LONGEST_MATCH) throw corrupt();
    }
    if (range >>> 24 === 0 && (status !== NEEDS_INPUT || isWhole) && from < end) {
      range = (range << 8) >>> 0;
      code = ((code << 8) | (bytes[from++] as number)) >>> 0;
    }
    reader.position = from;
    history.at = at;
    this.written = written + at;
    this.#range = range;
    this.#code = code;
    this.#state = state;
    this.#rep0 = rep0;
    this.#pending = length;
    return status;
  }

  /** Whether a match is not written in full: it goes on behind the limit. */
  get isInMatch(): boolean {
    return this.#pending > 0;
  }
}
