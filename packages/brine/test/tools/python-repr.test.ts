import { expect, test } from "vitest";
import { byteArrayRepr, bytesRepr, piecesRepr, strRepr } from "../../src/tools/python-repr.ts";
import { askCPython } from "../bytes/cpython.ts";
import { Random } from "../support/assemble.ts";

test("a character is shown as itself where Python 3.13 takes it for printable", () => {
  const printable = askCPython<number[][]>(
    `
ranges = []
for i in range(0x110000):
    if not chr(i).isprintable() or chr(i) in "'\\\\": continue
    if ranges and ranges[-1][1] == i - 1: ranges[-1][1] = i
    else: ranges.append([i, i])
answer(ranges)`,
    [],
  );
  const ranges: [number, number][] = [];
  for (let codePoint = 0; codePoint < 0x110000; codePoint++) {
    const character = String.fromCodePoint(codePoint);
    const shown = strRepr(character);
    if (codePoint === 39 || shown !== `'${character}'`) continue;
    const last = ranges.at(-1);
    if (last?.[1] === codePoint - 1) last[1] = codePoint;
    else ranges.push([codePoint, codePoint]);
  }
  expect(ranges).toEqual(printable);
});

const random = new Random(3);
const alphabet = [
  "'",
  '"',
  "\\",
  "\n",
  "\t",
  "\r",
  "\0",
  "\x1f",
  "\x7f",
  "\x80",
  "\xa0",
  "\xad",
  "é",
  "\u0378",
  "\u200b",
  "\u2028",
  "\ud800",
  "\udfff",
  "日",
  "\u{1f600}",
  "\u{10ffff}",
  "a",
  " ",
];
const texts = Array.from({ length: 500 }, () =>
  Array.from({ length: random.below(6) }, () => random.pick(alphabet)).join(""),
);

test("str, bytes and bytearray as Python shows them", () => {
  const bytes = texts.map((text) => Buffer.from(text, random.chance(0.5) ? "latin1" : "utf8"));
  const shown = askCPython<[string, string, string][]>(
    `
answer([[ascii(repr(bytes.fromhex(text).decode("utf-16-be", "surrogatepass"))), repr(bytes.fromhex(data)), repr(bytearray.fromhex(data))] for text, data in cases])`,
    texts.map((text, at) => [
      Buffer.from(text, "utf16le").swap16().toString("hex"),
      bytes[at]?.toString("hex"),
    ]),
  );
  texts.forEach((text, at) => {
    const data = bytes[at] as Buffer;
    const [str, ofBytes, ofByteArray] = shown[at] as [string, string, string];
    expect([bytesRepr(data), byteArrayRepr(data)]).toEqual([ofBytes, ofByteArray]);
    expect(
      strRepr(strRepr(text)).replaceAll(/[^\0-\x7f]/gu, (character) => {
        const hex = (character.codePointAt(0) as number).toString(16);
        return hex.length > 4
          ? `\\U${hex.padStart(8, "0")}`
          : hex.length > 2
            ? `\\u${hex.padStart(4, "0")}`
            : `\\x${hex}`;
      }),
    ).toBe(str);
  });
});

test("surrogates in two pieces are two characters", () => {
  expect(piecesRepr(["a\ud83d", "\ude00'"])).toBe(String.raw`"a\ud83d\ude00'"`);
  expect(piecesRepr(["'", '"'])).toBe(String.raw`'\'"'`);
});
