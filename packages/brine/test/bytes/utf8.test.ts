import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeUtf8, encodeUtf8Into } from "../../src/bytes/encode-utf8.ts";
import { decodeLatin1, decodeUtf8, isAscii } from "../../src/bytes/utf8.ts";
import { askCPython, latin1, loadsInCPython, outcome, randomNumbers } from "./cpython.ts";

function decodeInside(bytes: Uint8Array): string {
  const around = new Uint8Array(bytes.length + 7).fill(0x80);
  around.set(bytes, 3);
  return decodeUtf8(around, 3, 3 + bytes.length);
}

/** Every text must decode as BINUNICODE does in CPython, errors included. */
function agree(texts: readonly Uint8Array[]): void {
  const judged = loadsInCPython(
    texts.map((text) => {
      const pickle = new Uint8Array(text.length + 6);
      pickle[0] = 0x58;
      new DataView(pickle.buffer).setUint32(1, text.length, true);
      pickle.set(text, 5);
      pickle[5 + text.length] = 0x2e;
      return [pickle];
    }),
  );
  const ours = texts.map((text) => outcome(() => decodeInside(text)));
  for (const [i, text] of texts.entries()) {
    const hex = Buffer.from(text).toString("hex");
    // CPython's str can hold the two halves of a pair apart; its UTF-16 form, which is compared, cannot.
    expect(`${hex} ${ours[i]!}`).toBe(`${hex} ${judged[i]!}`);
  }
}

// The bytes where the rules of UTF-8 change.
const edges = [0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef];
edges.push(0xf0, 0xf3, 0xf4, 0xf5, 0xff);

describe("decodeUtf8", () => {
  test("every code point", () => {
    for (let low = 0; low < 0x110000; low += 0x400) {
      const codePoints = Array.from({ length: 0x400 }, (_, i) => low + i);
      const text = String.fromCodePoint(...codePoints);
      const bytes = new Uint8Array(4 * 0x400);
      const length = encodeUtf8Into(text, bytes, 0);
      expect(decodeUtf8(bytes, 0, length)).toBe(text);
      for (const [i, c] of codePoints.entries()) {
        if (i % 97 !== 0) continue;
        const size = encodeUtf8Into(String.fromCodePoint(c), bytes, 1);
        expect(decodeUtf8(bytes, 1, 1 + size)).toBe(String.fromCodePoint(c));
      }
    }
  });
  test("every byte, alone and with a second at the edges of every rule", () => {
    const all = Array.from({ length: 256 }, (_, i) => i);
    agree(all.map((a) => Uint8Array.of(a)));
    agree(all.slice(0x7f).flatMap((a) => edges.map((b) => Uint8Array.of(a, b))));
  });
  test("three and four bytes at the edges of every rule", () => {
    const two = edges.flatMap((a) => edges.map((b) => [a, b]));
    agree(two.flatMap(([a, b]) => edges.map((c) => Uint8Array.of(a!, b!, c))));
    const random = randomNumbers(1);
    agree(
      Array.from({ length: 10_000 }, () =>
        Uint8Array.from({ length: 3 + random(4) }, () => edges[random(edges.length)]!),
      ),
    );
  });
  test("errors deep in a long text", () => {
    const random = randomNumbers(2);
    agree(
      Array.from({ length: 2000 }, () => {
        const text = Buffer.from("naïve 日本語 😀 text ".repeat(1 + random(20)), "utf8").subarray(
          0,
          200 + random(50),
        );
        const at = random(text.length);
        text[at] = edges[random(edges.length)]!;
        return text.subarray(0, random(5) === 0 ? at : text.length);
      }),
    );
  });
  test("texts cut off at every byte", () => {
    const text = Buffer.from("aé日😀\u{10ffff}\ufeffz", "utf8");
    const lone = [0xed, 0xa0, 0x80, 0xed, 0xbf, 0xbf];
    const bytes = Uint8Array.from([...text, ...lone, ...text]);
    agree(Array.from({ length: bytes.length + 1 }, (_, i) => bytes.slice(0, i)));
  });
  test("a BOM is kept, at every length", () => {
    for (let length = 0; length < 60; length++) {
      const text = `\ufeff${"x".repeat(length)}`;
      expect(decodeInside(Buffer.from(text, "utf8"))).toBe(text);
    }
  });
  test("ASCII of every length around the change of method", () => {
    for (let length = 0; length < 100; length++) {
      const text = Array.from({ length }, (_, i) => String.fromCharCode((i * 37) % 128)).join("");
      expect(decodeInside(latin1(text))).toBe(text);
    }
  });
  test("lone surrogates between the chunks of a long text", () => {
    const text = "x".repeat(4095) + "\ud800" + "é".repeat(4097) + "\udfff😀" + "y".repeat(100_000) + "\udc00";
    const bytes = new Uint8Array(3 * text.length);
    const length = encodeUtf8Into(text, bytes, 0);
    expect(decodeUtf8(bytes, 0, length)).toBe(text);
  });
  test("bytes on shared memory", () => {
    const bytes = new Uint8Array(new SharedArrayBuffer(64)).fill(0x61);
    expect(decodeUtf8(bytes, 1, 64)).toBe("a".repeat(63));
  });
  test("a text longer than a string can be", () => {
    const bytes = new Uint8Array(2 ** 29 - 20).fill(0x61);
    expect(() => decodeUtf8(bytes, 0, bytes.length)).toThrow(
      expect.objectContaining({ name: "UnpicklingError", code: "unrepresentable" }),
    );
  });
});

test("decodeLatin1 and isAscii", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (const length of [0, 1, 24, 25, 127, 128, 129, 255]) {
    const text = Array.from(all.subarray(1, 1 + length), (byte) => String.fromCharCode(byte)).join("");
    expect(decodeLatin1(all, 1, 1 + length)).toBe(text);
    expect(isAscii(all, 1, 1 + length)).toBe(length <= 127);
  }
  const long = new Uint8Array(100_000).fill(0xe9);
  expect(decodeLatin1(long, 1, long.length)).toBe("é".repeat(99_999));
});

describe("encodeUtf8Into", () => {
  test("as CPython's surrogatepass, at every length", () => {
    const random = randomNumbers(3);
    const limits = [0x80, 0x800, 0xd800, 0xe000, 0x10000, 0x110000];
    const texts = Array.from({ length: 3000 }, (_, i) =>
      Array.from({ length: random(i % 3 === 0 ? 200 : 20) }, () => {
        const limit = random(limits.length);
        return i % 2 === 0 && limit === 3 ? 0xd800 + random(0x800) : random(limits[limit]!);
      }),
    ).map((codePoints) => codePoints.map((c) => String.fromCodePoint(c)).join(""));
    const units = texts.map((text) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)));
    const judged = askCPython<string[]>(
      `import struct
def text(units): return struct.pack("<%dH" % len(units), *units).decode("utf-16-le", "surrogatepass")
answer([text(units).encode("utf-8", "surrogatepass").hex() for units in cases])`,
      units,
    );
    for (const [i, text] of texts.entries()) {
      const target = new Uint8Array(3 * text.length + 10).fill(0xaa);
      const length = encodeUtf8Into(text, target, 5);
      expect(Buffer.from(target.subarray(5, 5 + length)).toString("hex")).toBe(judged[i]);
      expect(encodeUtf8(text)).toEqual(target.slice(5, 5 + length));
      expect(target.subarray(5 + length).every((byte) => byte === 0xaa)).toBe(true);
    }
  });
  test("fits exactly where encodeUtf8 says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 120 }), (text) => {
        const target = new Uint8Array(encodeUtf8(text).length);
        expect(encodeUtf8Into(text, target, 0)).toBe(target.length);
        expect(decodeUtf8(target, 0, target.length)).toBe(text);
      }),
    );
  });
  test("an engine without isWellFormed", () => {
    const prototype = String.prototype as { isWellFormed?: unknown };
    const native = Object.getOwnPropertyDescriptor(prototype, "isWellFormed");
    delete prototype.isWellFormed;
    try {
      const target = new Uint8Array(300);
      expect(encodeUtf8Into(`${"é".repeat(60)}\ud800`, target, 0)).toBe(123);
      expect([...target.subarray(120, 123)]).toEqual([0xed, 0xa0, 0x80]);
      expect(encodeUtf8Into("é".repeat(60), target, 0)).toBe(120);
    } finally {
      if (native) Object.defineProperty(prototype, "isWellFormed", native);
    }
  });
});
