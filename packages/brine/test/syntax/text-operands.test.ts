import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeRawUnicodeEscape,
  decodeStringEscapes,
  encodeRawUnicodeEscape,
  floatRepr,
  parseFloatLine,
  parseIntLine,
  parseLongLine,
  parseMemoIndex,
} from "../../src/syntax/text-operands.ts";
import { askCPython, latin1, loadsInCPython, outcome, randomNumbers, showFloat } from "../bytes/cpython.ts";

type Parser = (bytes: Uint8Array, start: number, end: number) => unknown;

/**
 * The outcome without what is not CPython's to the letter: how a malformed number is quoted, unless it is printable ASCII,
 * and the UnicodeDecodeError where CPython's words could not quote it; and what CPython advises on the limit of digits.
 */
function essence(line: string, told: string): string {
  const isPlain = /^[!#-&(-[\]-~ \t]*$/.test(line);
  const words = told.replace(/; use sys\.set_int_max_str_digits.*/, "");
  if (isPlain) return words;
  return words
    .replace(/^UnicodeDecodeError: 'utf-8' codec .*/s, "ValueError: invalid literal for int() with base N")
    .replace(/^(ValueError: invalid literal for int\(\) with base )\d+: .*/s, "$1N")
    .replace(
      /^(ValueError: could not convert string to float|OverflowError: value too large to convert to float): '.*/s,
      "$1",
    );
}

/** Each line, put amid other bytes, must give what CPython makes of it behind the opcode. */
function agree(opcode: string, parse: Parser, lines: readonly string[]): void {
  const judged = loadsInCPython(lines.map((line) => [latin1(`${opcode}${line}\n.`), { encoding: "bytes" }]));
  const ours = lines.map((line) => {
    const bytes = latin1(`9_0${line}\n.9`);
    return outcome(() => parse(bytes, 3, 3 + line.length));
  });
  const told = (outcomes: readonly string[]) => lines.map((line, i) => [line, essence(line, outcomes[i]!)]);
  expect(told(ours)).toEqual(told(judged));
}

/** Random lines of up to `longest` of the pieces. */
function randomLines(seed: number, count: number, longest: number, pieces: readonly string[]): string[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: random(longest + 1) }, () => pieces[random(pieces.length)]).join(""),
  );
}

/** All lines of up to `longest` of the characters. */
function allLines(longest: number, characters: string): string[] {
  let lines = [""];
  const all = [""];
  for (let length = 1; length <= longest; length++) {
    lines = lines.flatMap((line) => Array.from(characters, (c) => line + c));
    all.push(...lines);
  }
  return all;
}

const numbers = [
  ..."0123456789",
  ..."0017 \t\r\v\f\0+-__LlxXoObBaAfF.,eE",
  "0x",
  "0b1",
  "0o7",
  "é",
  "\xc3\xa9",
  "\xc2\x85",
  "\xf0\x9f\x98\x80",
  "'",
  '"',
  "\\",
  "9007199254740993",
];
const edges = [
  ...["9007199254740991", "9007199254740992", "-9007199254740992", "9007199254740993", "999999999999999"],
  ...[
    "1000000000000000",
    "-1000000000000000",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
  ],
  ...["-9223372036854775809", "18446744073709551616", "0777777777777777777777", "0777777777777777777770"],
  ...[
    "01000000000000000000000",
    "-01000000000000000000000",
    "-01000000000000000000001",
    "01777777777777777777777",
  ],
  ...["07777777777777777777777777", `0${"0".repeat(50)}17`, `-0${"0".repeat(5000)}17`, "0xffffffffffffffff"],
  ...["-0x8000000000000000", `0x${"f".repeat(5000)}`, `0b${"1_0".repeat(3000)}`, `-0o${"7".repeat(9000)}`],
  ...[
    "9".repeat(4300),
    `-${"9".repeat(4300)}`,
    "9".repeat(4301),
    `${"9".repeat(4301)}x`,
    `${"9".repeat(4301)}_`,
  ],
  ...[
    "0".repeat(4301),
    `0_${"0".repeat(4300)}`,
    `${"9_".repeat(4300)}9`,
    `${"9_".repeat(4299)}9`,
    "1".repeat(199),
  ],
  ...["x".repeat(199), "x".repeat(200), "x".repeat(201), `${"x".repeat(198)}é`, `${"x".repeat(199)}\xc3\xa9`],
  ...[
    `${"x".repeat(198)}\xc3\xa9`,
    `${"x".repeat(300)}\xff`,
    "\xc3",
    "\xf0\x9f",
    "\xed\xa0\x80",
    "\xe2\x80\xa8",
  ],
  ...[
    "\xc2\xa0",
    "\xe3\x80\x80",
    "\xef\xbb\xbf1",
    "\xee\x80\x80",
    "\xf3\xa0\x80\x81",
    "\x7f",
    "\x1b",
    "'\"",
    "'",
    '"',
  ],
];

describe("INT", () => {
  test("short lines, all of them", () => {
    agree(
      "I",
      parseIntLine,
      allLines(4, "01 -+_x\0L").concat(allLines(3, "0127989 \t\n\0abox".replace("\n", ""))),
    );
  });
  test("random and extreme lines", () => {
    agree("I", parseIntLine, [...edges, ...randomLines(1, 20_000, 8, numbers)]);
  });
});

describe("LONG", () => {
  test("short lines, all of them", () => {
    agree("L", parseLongLine, allLines(4, "01 -+_x\0L"));
  });
  test("random and extreme lines", () => {
    const lines = [...edges, ...randomLines(2, 20_000, 8, numbers)];
    agree("L", parseLongLine, lines.concat(lines.map((line) => `${line}L`)));
  });
  test("a megabyte of hexadecimal digits", () => {
    const line = latin1(`-0x${"123456789abcdef0".repeat(65536)}`);
    expect(parseLongLine(line, 0, line.length)).toBe(-BigInt(`0x${"123456789abcdef0".repeat(65536)}`));
  });
});

describe("GET and PUT", () => {
  test("as CPython reads the index", () => {
    const lines = [...edges, ...allLines(3, "01 _-+xL\0"), ...randomLines(3, 10_000, 8, numbers)];
    const judged = loadsInCPython(lines.map((line) => [latin1(`g${line}\n.`)]));
    for (const [i, line] of lines.entries()) {
      const bytes = latin1(`1${line}\n`);
      const ours = outcome(() => parseMemoIndex(bytes, 1, 1 + line.length));
      const missing = /^UnpicklingError: Memo value not found at index (.*)$/s.exec(judged[i]!);
      const theirs = missing ? `int ${missing[1]!}` : judged[i]!;
      expect([line, essence(line, ours)]).toEqual([line, essence(line, theirs)]);
    }
  });
});

describe("FLOAT", () => {
  function agreeOnFloats(lines: readonly string[]): void {
    const judged = loadsInCPython(lines.map((line) => [latin1(`F${line}\n.`)]));
    const ours = lines.map((line) => {
      const bytes = latin1(`1${line}\n1`);
      let value: number | undefined;
      const failure = outcome(() => {
        value = parseFloatLine(bytes, 1, 1 + line.length);
        return "";
      });
      return value === undefined ? failure : showFloat(value);
    });
    const told = (outcomes: readonly string[]) => lines.map((line, i) => [line, essence(line, outcomes[i]!)]);
    expect(told(ours)).toEqual(told(judged));
  }
  test("short lines, all of them", () => {
    agreeOnFloats(allLines(4, "01.eE+- \0n"));
  });
  test("random and extreme lines", () => {
    const words = ["inf", "nan", "Infinity", "INF", "NaN", "infinit", "na", "i", "n"];
    const lines = [
      "1e308",
      "1.8e308",
      "1.7976931348623158e308",
      "1.7976931348623159e308",
      "4.9e-324",
      "2e-324",
    ];
    agreeOnFloats([
      ...lines,
      ...[
        "1e99999999999999999999",
        "0e99999999999999999999",
        "1e-99999999999999999999",
        "1e999x",
        "1e999\0x",
      ],
      ...[
        `0.${"0".repeat(400)}1e400`,
        `${"1".repeat(400)}e-390`,
        "9".repeat(310),
        "9".repeat(308),
        "-0",
        "-.0e-0",
      ],
      ...[
        `x${"é".repeat(300)}`,
        "1".repeat(400),
        `x${"\xc3\xa9".repeat(150)}`,
        `xx${"\xc3\xa9".repeat(150)}`,
      ],
      ...edges,
      ...randomLines(4, 20_000, 8, [...numbers, ...words, ..."....eeee000"]),
    ]);
  });
  test("every double that CPython writes", () => {
    const random = randomNumbers(5);
    const bytes = new DataView(new ArrayBuffer(8));
    const values = Array.from({ length: 20_000 }, () => {
      bytes.setUint32(0, random(2 ** 32));
      bytes.setUint32(4, random(2 ** 32));
      return bytes.getFloat64(0);
    });
    for (const value of values.filter(Number.isFinite)) {
      const line = latin1(floatRepr(value));
      expect(parseFloatLine(line, 0, line.length)).toBe(value);
    }
  });
  test("ten megabytes of digits", () => {
    const line = latin1(`0.${"1".repeat(10_000_000)}`);
    expect(parseFloatLine(line, 0, line.length)).toBe(0.1111111111111111);
  });
});

describe("STRING", () => {
  const pieces = [
    "\\",
    "\\",
    "\\x",
    "\\x4",
    "\\x41",
    "\\1",
    "\\12",
    "\\777",
    "8",
    "7",
    "0",
    "'",
    '"',
    "x",
    "a",
    "é",
  ];
  test("quotes", () => {
    agree("S", decodeStringEscapes, allLines(5, "'\"\\a"));
  });
  test("every byte after a backslash", () => {
    const letters = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).filter((c) => c !== "\n");
    agree(
      "S",
      decodeStringEscapes,
      letters.flatMap((c) => [`'\\${c}'`, `'\\x4${c}'`, `'\\x${c}4'`, `'\\0${c}1'`]),
    );
  });
  test("random lines", () => {
    const lines = randomLines(6, 20_000, 8, [...pieces, "\\n", "\\r", "\\\\", "\0"]);
    agree("S", decodeStringEscapes, [
      ...lines.map((line) => `'${line}'`),
      ...lines.map((line) => `"${line}"`),
    ]);
  });
  test("the bytes are a copy", () => {
    const line = latin1("'abc'");
    const bytes = decodeStringEscapes(line, 0, 5);
    line.fill(0);
    expect(bytes).toEqual(latin1("abc"));
  });
});

describe("UNICODE", () => {
  const pieces = [
    "\\",
    "\\",
    "\\u",
    "\\u12",
    "\\u20ac",
    "\\ud83d",
    "\\ude00",
    "\\U0001f600",
    "\\U00110000",
    "\\U",
  ];
  test("random lines", () => {
    const digits = [..."01234567abCDgu é\xe9\xff\0U"];
    const lines = [...allLines(6, "\\u0"), ...randomLines(7, 20_000, 8, [...pieces, ...digits])];
    agree(
      "V",
      decodeRawUnicodeEscape,
      lines.filter((line) => !line.includes("\\ud83d\\ude00")),
    );
  });
  test("long text, across the chunks it is gathered in", () => {
    const text = "\\u20ac\xe9x".repeat(5000);
    agree("V", decodeRawUnicodeEscape, [text, "\xe9".repeat(10_000), `${"x".repeat(4095)}\\U0001f600`]);
  });
  test("surrogates that pair up are one character in JavaScript", () => {
    const line = latin1("\\ud83d\\ude00");
    expect(decodeRawUnicodeEscape(line, 0, line.length)).toBe("😀");
  });

  test("is written as CPython writes it", () => {
    const random = randomNumbers(8);
    const ranges = [0x20, 0x100, 0x3000, 0x10000, 0x110000];
    const texts = Array.from({ length: 5000 }, () =>
      Array.from({ length: random(6) }, () => random(ranges[random(5)]!)),
    );
    texts.push(
      Array.from({ length: 0x180 }, (_, i) => i),
      [0x5c, 0x75, 0x30],
      [0xd800],
      [0xdfff, 0xd800],
    );
    const separate = texts.filter(
      (text) => !text.some((c, i) => c >> 10 === 0x36 && text[i + 1]! >> 10 === 0x37),
    );
    const written = askCPython<string[]>(
      `import pickle\nanswer([pickle.dumps("".join(map(chr, case)), 0).split(b"\\n")[0][1:].hex() for case in cases])`,
      separate,
    );
    for (const [i, text] of separate.entries()) {
      const encoded = encodeRawUnicodeEscape(text.map((c) => String.fromCodePoint(c)).join(""));
      expect(Buffer.from(encoded, "latin1").toString("hex")).toBe(written[i]);
    }
  });
  test("reads what it writes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const line = latin1(encodeRawUnicodeEscape(text));
        expect(decodeRawUnicodeEscape(line, 0, line.length)).toBe(text);
      }),
    );
  });
});

describe("floatRepr", () => {
  test("100,000 random doubles as CPython's repr", () => {
    const random = randomNumbers(9);
    const view = new DataView(new ArrayBuffer(8));
    const values = [
      0, -0, 1, -1, 1e15, 1e16, 123456789012345680, 1e17, 1e21, 1e22, 1e-4, 1e-5, 0.00012345, 1e-6,
    ];
    values.push(
      1e-7,
      1e100,
      5e-324,
      1.7976931348623157e308,
      2 ** 53 + 2,
      0.1,
      1 / 3,
      NaN,
      Infinity,
      -Infinity,
    );
    for (let i = 0; i < 100_000; i++) {
      view.setUint32(0, random(2 ** 32));
      view.setUint32(4, random(2 ** 32));
      // Every other one of a magnitude that people use.
      values.push(i % 2 === 0 ? view.getFloat64(0) : (random(2 ** 32) - 2 ** 31) * 10 ** (random(40) - 25));
    }
    const texts = values.map(floatRepr);
    const hex = values.map((value) => showFloat(value).slice(6));
    const judged = askCPython<string[]>(
      `import struct\nanswer([repr(struct.unpack(">d", bytes.fromhex(c))[0]) if c != "nan" else "nan" for c in cases])`,
      hex,
    );
    expect(texts).toEqual(judged);
  });
});
