import { describe, expect, test } from "vitest";
import { dumps, loads } from "../../src/index.ts";
import {
  assemble as assembleText,
  AssemblyError,
  codeToOpcode,
  dis,
  genops,
  optimize,
  type Opcode,
  type Operand,
  reassemble,
} from "../../src/tools.ts";
import { opcodes } from "../../src/syntax/opcodes.ts";
import { assemble, uint } from "../support/assemble.ts";
import { pickletools } from "../support/pickletools.ts";

const named = (name: string): Opcode => opcodes.find((opcode) => opcode.name === name) as Opcode;

test("what the pickler writes comes back byte for byte", () => {
  const value = {
    text: "é'\"\\\n\u{1f600}\ud800",
    ints: [0, -1, 255, 65536, 2n ** 70n, -(2n ** 2100n)],
    float: [0.1, -0, 1e300, Infinity, NaN],
    bytes: new Uint8Array([0, 39, 34, 92, 255]),
    large: new Uint8Array(70_000),
    long: "x".repeat(70_000),
    more: Array.from({ length: 30_000 }, (_, i) => i),
  };
  for (let protocol = 0; protocol <= 5; protocol++) {
    const data = dumps(value, { protocol });
    const text = dis(data);
    const ways = [
      reassemble(genops(data)),
      assembleText(text),
      assembleText(text, { frames: "recompute" }),
      assembleText(dis(data, { annotate: 30, indentLevel: 0 }).replaceAll("\n", "\r\n")),
    ];
    expect(ways.map((bytes) => Buffer.compare(bytes, data))).toEqual([0, 0, 0, 0]);
  }
});

describe("assemble", () => {
  test("takes what is written by hand", () => {
    const text = `
      # a comment
      PROTO 4
      FRAME
      MARK
        12: K BININT1 7   what follows an operand is a note
        BINFLOAT -1.5e3
        SHORT_BINUNICODE "it's \\u00e9 \\x41\\101\\n"
        SHORT_BINBYTES b'\\x00a'
        INT True
        GLOBAL 'collections OrderedDict'
      TUPLE (MARK at 0)
      STOP
      highest protocol among opcodes = 4`;
    const data = assembleText(text);
    expect(dis(data)).toContain("2: \\x95 FRAME      60\n");
    expect(loads(data, { exact: true })).toMatchObject([
      7n,
      -1500,
      "it's é AA\n",
      Uint8Array.of(0, 97),
      true,
      { module: "collections" },
    ]);
  });

  test("takes several pickles", () => {
    expect(assembleText("NONE\nSTOP\nNONE\nSTOP\n")).toEqual(assemble("N.N."));
  });

  test("keeps or mends the lengths of frames", () => {
    const text = "PROTO 4\nFRAME 99\nNONE\nPOP\nFRAME 1\nNONE\nSTOP";
    expect(assembleText(text)).toEqual(assemble("\x80\x04\x95", uint(8, 99), "N0\x95", uint(8, 1), "N."));
    expect(assembleText(text, { frames: "recompute" })).toEqual(
      assemble("\x80\x04\x95", uint(8, 2), "N0\x95", uint(8, 2), "N."),
    );
  });

  test.each([
    ["NONE\nNOPE", 2, "invalid-opcode", 'no opcode in "NOPE"'],
    ["none", 1, "invalid-opcode", "no opcode in"],
    ["BININT1", 1, "invalid-operand", 'BININT1: expected an int, not ""'],
    ["BININT1 256", 1, "invalid-operand", "BININT1: the operand is out of the range of uint1"],
    ["BININT -2147483649", 1, "invalid-operand", "out of the range of int4"],
    ["BININT1 True", 1, "invalid-operand", "expected an int"],
    ["BININT1 1.5", 1, "invalid-operand", "expected an int"],
    ["BINFLOAT x", 1, "invalid-operand", "expected a float"],
    ["UNICODE abc", 1, "invalid-operand", "expected a literal in quotes"],
    ["UNICODE 'abc", 1, "invalid-operand", "the literal does not end on its line"],
    ["UNICODE 'abc'd", 1, "invalid-operand", 'unexpected "d" behind the operand'],
    ["UNICODE '\\x4'", 1, "invalid-operand", "stands for no character"],
    ["UNICODE '\\U00110000'", 1, "invalid-operand", "stands for no character"],
    ["STRING 'é€'", 1, "invalid-operand", "no character beyond U+00FF"],
    ["SHORT_BINBYTES 'a'", 1, "invalid-operand", "expected a bytes literal"],
    ["SHORT_BINBYTES b'€'", 1, "invalid-operand", "no character beyond U+00FF"],
    ["BYTEARRAY8 bytearray(b'a'", 1, "invalid-operand", "expected ) behind"],
    ["GLOBAL 'm'", 1, "invalid-operand", "must be parted by a blank"],
    [`SHORT_BINUNICODE '${"x".repeat(256)}'`, 1, "invalid-operand", "out of the range of unicodestring1"],
  ])("refuses %s", (text, line, code, words) => {
    const work = (): Uint8Array => assembleText(text);
    expect(work).toThrow(AssemblyError);
    expect(work).toThrow(
      expect.objectContaining({ line, code, message: expect.stringContaining(words) as string }) as Error,
    );
  });

  test("is linear in long lines", () => {
    const blank = " ".repeat(300_000);
    expect(
      assembleText(`${blank}NONE${blank}\n${blank}#\n${blank}\nUNICODE '${"\\x41".repeat(100_000)}'`).length,
    ).toBe(100_003);
    expect(() => assembleText(`UNICODE '${"\\".repeat(300_001)}`)).toThrow(AssemblyError);
    expect(() => assembleText(`${blank}é${blank}`)).toThrow(AssemblyError);
  });
});

describe("reassemble", () => {
  test("writes operands in their usual form where there is none as written", () => {
    const op = (name: string, operand?: Operand): { opcode: Opcode; operand?: Operand } =>
      operand === undefined ? { opcode: named(name) } : { opcode: named(name), operand };
    const data = reassemble([
      op("MARK"),
      op("BININT", -2),
      op("LONG1", 2n ** 40n),
      op("LONG", 5),
      op("FLOAT", 1),
      op("STRING", "it's"),
      op("UNICODE", "\n€"),
      op("PERSID", "a\nb\\x"),
      op("INT", false),
      op("EXT2", 300),
      op("TUPLE"),
      op("STOP"),
    ]);
    expect(Buffer.from(data).toString("latin1")).toBe(
      '(J\xfe\xff\xff\xff\x8a\x06\0\0\0\0\0\x01L5L\nF1.0\nS"it\'s"\nV\\u000a\\u20ac\nPa\\nb\\\\x\nI00\n\x83\x2c\x01t.',
    );
  });

  test.each([
    [named("BININT1"), undefined, "BININT1 needs an operand"],
    [named("BININT1"), "1", "expected an int, not string"],
    [named("BININT1"), 1.5, "1.5 is no safe integer"],
    [named("BINFLOAT"), 1n, "expected a float, not bigint"],
    [named("UNICODE"), 1, "expected a str, not number"],
    [named("SHORT_BINBYTES"), "a", "expected bytes, not string"],
  ] as const)("refuses %o with %o", (opcode, operand, words) => {
    expect(() => reassemble([{ opcode, operand }])).toThrow(words);
  });
});

test("optimize frames as pickletools does", () => {
  const piece = (size: number): Uint8Array =>
    assemble("X", uint(4, size), new Uint8Array(size).fill(97), "0");
  const sizes = [
    [70_000],
    [65_530],
    [65_531],
    [65_532],
    [1, 70_000, 1],
    [65_000, 530, 4, 1],
    [70_000, 70_000],
    Array.from({ length: 60 }, () => 5_000),
  ];
  const cases = sizes.flatMap((all) =>
    [0, 2, 4, 5].map((protocol) => ({ bytes: assemble("\x80", protocol, ...all.map(piece), "N.") })),
  );
  // PROTO elsewhere, twice, and none.
  cases.push(
    ...["N\x80\x040N.", "\x80\x02\x80\x04N.", "N.", "\x80\x06N."].map((text) => ({ bytes: assemble(text) })),
  );
  pickletools(cases).forEach(({ optimize: [hex, error] }, at) => {
    const { bytes } = cases[at] as { bytes: Uint8Array };
    if (error === null) expect(Buffer.from(optimize(bytes)).toString("hex") === hex).toBe(true);
    else expect(() => optimize(bytes)).toThrow(error[1]);
  });
  expect(codeToOpcode.get(0x95)?.name).toBe("FRAME");
});

test("optimize leaves out what is never read", () => {
  const data = dumps([["a"], ["b"]], { protocol: 4 });
  const small = optimize(data);
  expect(small.length).toBeLessThan(data.length);
  expect(loads(small)).toEqual([["a"], ["b"]]);
  expect(() => optimize(assemble("\x80\x02h\0q\0."))).toThrow(
    "memo key 0 has never been stored into (BINGET at byte 2)",
  );
});
