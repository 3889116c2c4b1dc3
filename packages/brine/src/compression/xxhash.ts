const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

function u32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

/** Cuts what is added to it into stripes; what is left over waits. */
abstract class Striped {
  protected total = 0;
  protected readonly rest: Uint8Array;
  protected restLength = 0;

  constructor(size: number) {
    this.rest = new Uint8Array(size);
  }

  protected abstract stripe(bytes: Uint8Array, at: number): void;

  add(bytes: Uint8Array): void {
    const size = this.rest.length;
    this.total += bytes.length;
    let at = 0;
    if (this.restLength > 0) {
      at = Math.min(size - this.restLength, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.restLength);
      this.restLength += at;
      if (this.restLength < size) return;
      this.stripe(this.rest, 0);
      this.restLength = 0;
    }
    for (; at + size <= bytes.length; at += size) this.stripe(bytes, at);
    this.rest.set(bytes.subarray(at));
    this.restLength = bytes.length - at;
  }
}

/** XXH32 with seed 0. Source: the xxHash specification 0.1.1, "XXH32 algorithm". */
export class XxHash32 extends Striped {
  readonly #lanes = new Int32Array([P1 + P2, P2, 0, -P1]);

  constructor() {
    super(16);
  }

  protected override stripe(bytes: Uint8Array, at: number): void {
    for (let lane = 0; lane < 4; lane++) {
      const value = (this.#lanes[lane] as number) + Math.imul(u32(bytes, at + 4 * lane), P2);
      this.#lanes[lane] = Math.imul(rotate(value | 0, 13), P1);
    }
  }

  digest(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#lanes;
    let hash = this.total < 16 ? P5 : rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
    hash = (hash + this.total) | 0;
    let at = 0;
    for (; at + 4 <= this.restLength; at += 4) {
      hash = Math.imul(rotate((hash + Math.imul(u32(this.rest, at), P3)) | 0, 17), P4);
    }
    for (; at < this.restLength; at++) {
      hash = Math.imul(rotate((hash + Math.imul(this.rest[at] as number, P5)) | 0, 11), P1);
    }
    hash = Math.imul(hash ^ (hash >>> 15), P2);
    hash = Math.imul(hash ^ (hash >>> 13), P3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}

const Q1 = 0x9e3779b185ebca87n;
const Q2 = 0xc2b2ae3d27d4eb4fn;
const Q3 = 0x165667b19e3779f9n;
const Q4 = 0x85ebca77c2b2ae63n;
const Q5 = 0x27d4eb2f165667c5n;
const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate64 = (value: bigint, by: bigint): bigint => wrap(value << by) | (value >> (64n - by));
const round64 = (lane: bigint, input: bigint): bigint => wrap(rotate64(wrap(lane + input * Q2), 31n) * Q1);

const Q1_LOW = Number(Q1 & 0xffff_ffffn) | 0;
const Q1_HIGH = Number(Q1 >> 32n) | 0;
const Q2_LOW = Number(Q2 & 0xffff_ffffn) | 0;
const Q2_HIGH = Number(Q2 >> 32n) | 0;

/** The high half of the product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  return (aHigh * bHigh + Math.floor(middle / 0x1_0000) + (aLow * bHigh + (middle & 0xffff)) / 0x1_0000) | 0;
}

/** XXH64 with seed 0. The stripes go by halves of 32 bits, many times as fast as with BigInt. Source: as {@link XxHash32}. */
export class XxHash64 extends Striped {
  readonly #low = new Int32Array(4);
  readonly #high = new Int32Array(4);

  constructor() {
    super(32);
    const lanes = [wrap(Q1 + Q2), Q2, 0n, wrap(-Q1)];
    lanes.forEach((lane, i) => {
      this.#low[i] = Number(lane & 0xffff_ffffn);
      this.#high[i] = Number(lane >> 32n);
    });
  }

  protected override stripe(bytes: Uint8Array, at: number): void {
    for (let lane = 0; lane < 4; lane++) {
      const inputLow = u32(bytes, at + 8 * lane);
      const inputHigh = u32(bytes, at + 8 * lane + 4);
      // lane + input × Q2
      const productLow = Math.imul(inputLow, Q2_LOW);
      const productHigh =
        multiplyHigh(inputLow, Q2_LOW) + Math.imul(inputLow, Q2_HIGH) + Math.imul(inputHigh, Q2_LOW);
      const sum = ((this.#low[lane] as number) >>> 0) + (productLow >>> 0);
      const low = sum | 0;
      const high = ((this.#high[lane] as number) + productHigh + (sum > 0xffff_ffff ? 1 : 0)) | 0;
      const turnedLow = (low << 31) | (high >>> 1);
      const turnedHigh = (high << 31) | (low >>> 1);
      this.#low[lane] = Math.imul(turnedLow, Q1_LOW);
      this.#high[lane] =
        multiplyHigh(turnedLow, Q1_LOW) + Math.imul(turnedLow, Q1_HIGH) + Math.imul(turnedHigh, Q1_LOW);
    }
  }

  /** The lower 32 bits, all that zstd keeps. */
  digest(): number {
    let hash = Q5;
    if (this.total >= 32) {
      const lanes = [0, 1, 2, 3].map(
        (i) => (BigInt((this.#high[i] as number) >>> 0) << 32n) | BigInt((this.#low[i] as number) >>> 0),
      );
      hash = 0n;
      lanes.forEach((lane, i) => (hash += rotate64(lane, [1n, 7n, 12n, 18n][i] as bigint)));
      for (const lane of lanes) hash = wrap((wrap(hash) ^ round64(0n, lane)) * Q1 + Q4);
    }
    hash = wrap(hash + BigInt(this.total));
    const { rest } = this;
    let at = 0;
    for (; at + 8 <= this.restLength; at += 8) {
      const input = BigInt(u32(rest, at) >>> 0) | (BigInt(u32(rest, at + 4) >>> 0) << 32n);
      hash = wrap(rotate64(hash ^ round64(0n, input), 27n) * Q1 + Q4);
    }
    if (at + 4 <= this.restLength) {
      hash = wrap(rotate64(hash ^ wrap(BigInt(u32(rest, at) >>> 0) * Q1), 23n) * Q2 + Q3);
      at += 4;
    }
    for (; at < this.restLength; at++) {
      hash = wrap(rotate64(hash ^ wrap(BigInt(rest[at] as number) * Q5), 11n) * Q1);
    }
    hash = wrap((hash ^ (hash >> 33n)) * Q2);
    hash = wrap((hash ^ (hash >> 29n)) * Q3);
    return Number((hash ^ (hash >> 32n)) & 0xffff_ffffn);
  }
}
