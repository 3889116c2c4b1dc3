import { opcodes, type OperandKind, STOP } from "../../src/syntax/opcodes.ts";
import { assemble, Random, uint, utf8 } from "../support/assemble.ts";
import { randomProgram } from "../support/opcode-programs.ts";

const counted = (width: number, content: Uint8Array): Uint8Array =>
  assemble(uint(width, content.length), content);
const texts = [
  "",
  "a",
  "it's",
  'say "hi"',
  "both ' and \"",
  "back\\slash",
  "\n\r\t\0\x7f\xa0\xad",
  "é€\u{1f600}",
  "\u200b\u2028\ue000\u{e0001}",
  "日本",
];
const lone = ["eda080", "edbfbf61", "eda0bdedb880", "61eda0bdedb88062f09f9880"].map((hex) =>
  Buffer.from(hex, "hex"),
);
const contents = [...texts.map(utf8), ...lone];
const binary = [[], [0], [255, 39], [34], [39, 34], [92, 10, 9, 13, 126, 127]].map((bytes) =>
  Uint8Array.from(bytes),
);
const longs = [
  "",
  "00",
  "ff",
  "ff00",
  "0080",
  "ffffffffffffff1f",
  "ffffffffffff1f",
  "0000000000000080",
  "01".repeat(30),
].map((hex) => Buffer.from(hex, "hex"));
const doubles = [
  0,
  -0,
  1,
  -1.5,
  1e15,
  1e16,
  123456789012345680,
  1e22,
  1e-4,
  1e-5,
  1.1e-7,
  5e-324,
  Number.MAX_VALUE,
  Infinity,
  -Infinity,
  NaN,
  0.1,
  1 / 3,
];
const lines = (...all: string[]): Uint8Array[] => all.map((line) => assemble(line, "\n"));
const intLines = [
  "0",
  "00",
  "01",
  "02",
  "1",
  "-7",
  "+7",
  " 8 ",
  "010",
  "-0",
  "1_000",
  "9007199254740992",
  "-99999999999999999999",
  "9".repeat(4300),
];
const badInts = [
  "",
  "x",
  "1__0",
  "_1",
  "1_",
  "1 2",
  "0x10",
  "1.0",
  "1\0",
  "\xe9",
  "- 1",
  "--1",
  "9".repeat(4301),
  `${"9".repeat(4301)}x`,
  `${"1_".repeat(4301)}_1`,
  "it's",
  "x".repeat(300),
];
const goodFloats = [
  "0",
  "-0.0",
  "1.",
  ".5",
  "1e400",
  "-1e400",
  "1e-400",
  "nan",
  "-nan",
  "inf",
  "-Infinity",
  "1_0.0_1",
  " 1.5\t",
  "0.1000000000000000055511151231257827",
];
const badFloats = ["", ".", "e5", "1e", "1_", "1__0", "1._5", "0x1p3", "nan(1)", "1.5\0", "\xe9"];
const goodStrings = [
  "''",
  '""',
  "'",
  '"',
  "'a'",
  "'it\\'s'",
  `"it's"`,
  "'\\x41\\101\\n\\\\'",
  "'\\q'",
  "'\\400'",
  "'tab\there'",
  "'\\x7f'",
];
const badStrings = ["", "a", "'a", `'a"`, "a'", "'\\x4'", "'\\'", "'a' "];
const goodNames = ["a", "", "a.b", "a b", "\\x41", "\\q", "\\\\", "a\\nb", "it's", "\t"];
const badNames = ["\\", "\\x4", "\\xzz"];

/** By kind of operand, whole ones as they are written, right and wrong; and for a length, one that is too long. */
const operandsOf: Readonly<Record<OperandKind, readonly Uint8Array[]>> = {
  uint1: [uint(1, 0), uint(1, 255)],
  uint2: [uint(2, 0), uint(2, 65535)],
  int4: [uint(4, 0), uint(4, 0x7fff_ffff), uint(4, 0x8000_0000), uint(4, 0xffff_ffff)],
  uint4: [uint(4, 0), uint(4, 0xffff_ffff)],
  uint8: [uint(8, 0), uint(8, 2n ** 53n - 1n), uint(8, 2n ** 53n), uint(8, 2n ** 64n - 1n)],
  float8: doubles.map((value) => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return bytes;
  }),
  decimalnl_short: lines(...intLines, "12L", ...badInts),
  decimalnl_long: lines(...intLines, ...intLines.map((line) => `${line}L`), "L", "1LL", ...badInts),
  floatnl: lines(
    ...doubles.map((value) => `${value}`.replace("Infinity", "inf")),
    ...goodFloats,
    ...badFloats,
  ),
  stringnl: lines(...goodStrings, ...badStrings),
  stringnl_noescape: lines(...goodNames, ...badNames),
  stringnl_noescape_pair: [
    ...goodNames.flatMap((name) => lines(`m\n${name}`, `${name}\nC`)),
    ...badNames.flatMap((name) => [...lines(`m\n${name}`, `${name}\nC`), assemble(name, "\n")]),
  ],
  unicodestringnl: lines(
    "",
    "a",
    "it's",
    "\\u00e9\\U0001f600",
    "\xe9\xff",
    "\\\\u0041",
    "\\\\\\u0041",
    "\\n",
    "\\ud83d\\ude00",
    "\\ud83d\\U0000de00",
    "\\ud83d",
    "\\\\ud83d\\ude00",
    "\\u12",
    "\\U00110000",
    "\\uzzzz",
  ),
  string1: [...binary, utf8("é"), utf8("it's")].map((content) => counted(1, content)),
  string4: [
    ...[...binary, utf8("é")].map((content) => counted(4, content)),
    uint(4, 0x8000_0000),
    uint(4, 0xffff_ffff),
  ],
  bytes1: binary.map((content) => counted(1, content)),
  bytes4: [...binary.map((content) => counted(4, content)), uint(4, 0xffff_ffff)],
  bytes8: [...binary.map((content) => counted(8, content)), uint(8, 2n ** 63n - 1n), uint(8, 2n ** 63n)],
  bytearray8: [...binary.map((content) => counted(8, content)), uint(8, 2n ** 64n - 1n)],
  unicodestring1: [...contents, Uint8Array.of(0xff), Uint8Array.of(0xc3)].map((content) =>
    counted(1, content),
  ),
  unicodestring4: [...contents.map((content) => counted(4, content)), uint(4, 0xffff_ffff)],
  unicodestring8: [...contents.map((content) => counted(8, content)), uint(8, 2n ** 63n)],
  long1: longs.map((content) => counted(1, content)),
  long4: [
    ...longs.map((content) => counted(4, content)),
    counted(
      4,
      Uint8Array.from({ length: 2000 }, () => 0x7f),
    ),
    uint(4, 0x8000_0000),
  ],
};

/** Every opcode with every operand, and cut off at each of its first bytes. */
export function everyOperand(): Uint8Array[] {
  return opcodes.flatMap(({ code, operand }) => {
    const whole = operand === null ? [new Uint8Array(0)] : operandsOf[operand];
    const full = whole.map((bytes) => assemble(code, bytes, STOP));
    const cut = whole.flatMap((bytes) =>
      Array.from({ length: Math.min(bytes.length, 10) }, (_, end) => assemble(code, bytes.subarray(0, end))),
    );
    return [...full, ...cut];
  });
}

/** Every byte as an opcode, with and without something on the stack. */
export function everyByte(): Uint8Array[] {
  return Array.from({ length: 256 }, (_, byte) => [
    assemble(byte),
    assemble("((NNq\0", byte, 10, 10, 10, "...."),
  ]).flat();
}

/** Programs that make sense for the most part, some of them spoilt. */
export function programs(count: number, seed: number): Uint8Array[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const { bytes } = randomProgram(random);
    if (!random.chance(0.4) || bytes.length === 0) return bytes;
    const spoilt = bytes.slice();
    for (let left = 1 + random.below(3); left > 0; left--) {
      spoilt[random.below(spoilt.length)] = random.chance(0.5)
        ? random.pick(opcodes).code
        : random.below(256);
    }
    return spoilt;
  });
}

/** Opcodes drawn without any sense, mostly of those that change the stack and the memo. */
export function nonsense(count: number, seed: number): Uint8Array[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const parts = Array.from({ length: random.below(14) }, () =>
      random.pick([
        "(",
        "(",
        "N",
        "N",
        "]",
        "0",
        "1",
        "2",
        "q\0",
        "q\x01",
        "p0\n",
        "p01\n",
        "p-1\n",
        "g0\n",
        "g00\n",
        "h\x01",
        "\x94",
        "t",
        "e",
        "u",
        "a",
        "s",
        "R",
        "o",
        "\x85",
        "\x87",
        "l",
        "d",
        "Q",
        "b",
      ]),
    );
    return assemble(...parts, ".");
  });
}
