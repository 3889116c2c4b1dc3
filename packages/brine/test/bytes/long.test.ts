import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { decodeLong, decodeLongNumber, encodeLong } from "../../src/bytes/long.ts";
import { dumps, loads } from "../../src/index.ts";
import { askCPython, randomNumbers } from "./cpython.ts";

const random = randomNumbers(1);
const samples = Array.from({ length: 3000 }, (_, i) => {
  const bytes = Uint8Array.from({ length: i % 40 }, () => random(256));
  // Many with long runs of the sign, where the shortest form is decided.
  if (i % 3 > 0 && bytes.length > 0) bytes.fill(i % 3 === 1 ? 0 : 0xff, 1 + random(bytes.length));
  return bytes;
});

describe("decodeLong", () => {
  test("as CPython, any number of bytes", () => {
    const judged = askCPython<string[]>(
      `import pickle\nanswer([str(pickle.decode_long(bytes.fromhex(case))) for case in cases])`,
      samples.map((bytes) => Buffer.from(bytes).toString("hex")),
    );
    for (const [i, bytes] of samples.entries()) {
      const around = Uint8Array.from([0x80, 0x81, ...bytes, 0x82]);
      const value = BigInt(judged[i]!);
      expect(decodeLong(around, 2, 2 + bytes.length)).toBe(value);
      const safe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
      expect(decodeLongNumber(around, 2, 2 + bytes.length)).toBe(
        safe && bytes.length <= 8 ? Number(value) : value,
      );
    }
  });
  test("the edges of the safe integers, in seven and eight bytes", () => {
    for (const value of [2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 55n - 1n, 2n ** 63n - 1n]) {
      for (const signed of [value, -value, -value - 1n]) {
        const bytes = encodeLong(signed);
        const number = Number(signed);
        expect(decodeLongNumber(bytes, 0, bytes.length)).toBe(Number.isSafeInteger(number) ? number : signed);
      }
    }
  });
  test("megabytes, either sign", () => {
    const bytes = Uint8Array.from({ length: 4_000_001 }, (_, i) => (i * 31) & 0xff);
    for (const sign of [0x7f, 0x80]) {
      bytes[bytes.length - 1] = sign;
      const value = decodeLong(bytes, 0, bytes.length);
      expect(value < 0n).toBe(sign === 0x80);
      expect(BigInt.asUintN(64, value)).toBe(new DataView(bytes.buffer).getBigUint64(0, true));
      expect(Buffer.compare(encodeLong(value), bytes)).toBe(0);
    }
  });
  test("more bits than a bigint can have", () => {
    const refuse = (): never => {
      throw new RangeError("Maximum BigInt size exceeded");
    };
    const engine = BigInt;
    const asIntN = (bits: number, value: bigint): bigint => engine.asIntN(bits, value);
    vi.stubGlobal("BigInt", Object.assign(refuse, { asIntN }));
    try {
      expect(() => decodeLong(new Uint8Array(99), 0, 99)).toThrow(
        expect.objectContaining({ name: "UnpicklingError", code: "unrepresentable" }),
      );
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe("encodeLong", () => {
  test("as CPython, around every power of two", () => {
    const values = [0n];
    for (let bits = 0n; bits < 200n; bits++) {
      for (const near of [-2n, -1n, 0n, 1n, 2n]) values.push((1n << bits) + near, -(1n << bits) + near);
    }
    const judged = askCPython<string[]>(
      `import pickle\nanswer([pickle.encode_long(int(case)).hex() for case in cases])`,
      values.map(String),
    );
    expect(values.map((value) => Buffer.from(encodeLong(value)).toString("hex"))).toEqual(judged);
  });
  test("decodeLong reads what it writes", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 3000n), max: 2n ** 3000n }), (value) => {
        const bytes = encodeLong(value);
        expect(decodeLong(bytes, 0, bytes.length)).toBe(value);
      }),
    );
  });
});

test("every number of bits, at both ends, in the fewest bytes, and through a pickle", () => {
  for (let bits = 2n; bits < 900n; bits++) {
    for (const offset of [-2n, -1n, 0n, 1n]) {
      for (const value of [(1n << bits) + offset, offset - (1n << bits)]) {
        const bytes = encodeLong(value);
        expect(decodeLong(bytes, 0, bytes.length)).toBe(value);
        const fewer = bytes.subarray(0, -1);
        expect(decodeLong(fewer, 0, fewer.length)).not.toBe(value);
        expect(loads(dumps(value), { ints: "bigint" })).toBe(value);
      }
    }
  }
});
