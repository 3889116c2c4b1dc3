import { describe, expect, test } from "vitest";
import { decodePython2String } from "../../src/bytes/encodings.ts";
import { UnpicklingError } from "../../src/errors.ts";
import { askCPython, latin1, loadsInCPython, outcome, randomNumbers, show } from "./cpython.ts";

type Case = readonly [text: Uint8Array, encoding: string, errors: string];

/** Every string must decode as SHORT_BINSTRING does in CPython, errors included. */
function agree(cases: readonly Case[]): void {
  const judged = loadsInCPython(
    cases.map(([text, encoding, errors]) => [
      Uint8Array.of(0x55, text.length, ...text, 0x2e),
      { encoding, errors },
    ]),
  );
  const shown = cases.map(([text, encoding, errors], i) => {
    const what = `${Buffer.from(text).toString("hex")} ${encoding} ${errors}: `;
    return [what + outcome(() => decodePython2String(text, encoding, errors)), what + judged[i]!] as const;
  });
  expect(shown.map(([ours]) => ours)).toEqual(shown.map(([, theirs]) => theirs));
}

const handlers = [
  "strict",
  "ignore",
  "replace",
  "backslashreplace",
  "surrogateescape",
  "surrogatepass",
  "nosuch",
  "",
];
const edges = [
  0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0,
];
edges.push(0xf3, 0xf4, 0xf5, 0xff);

describe("ASCII, latin-1 and UTF-8", () => {
  test("every byte, every error handler", () => {
    const texts = Array.from({ length: 256 }, (_, i) => Uint8Array.of(0x61, i, 0x62));
    for (const encoding of ["ASCII", "latin1", "utf-8"]) {
      agree(texts.flatMap((text) => handlers.map((errors) => [text, encoding, errors] as const)));
    }
  });
  test("random bytes at the edges of UTF-8's rules", () => {
    const random = randomNumbers(1);
    agree(
      Array.from({ length: 40_000 }, (_, i) => {
        const text = Uint8Array.from({ length: random(8) }, () => edges[random(edges.length)]!);
        return [text, i % 10 === 0 ? "ascii" : "utf-8", handlers[random(6)]!] as const;
      }),
    );
  });
  test("long strings", () => {
    const text = latin1("\xe9".repeat(255));
    for (const errors of handlers)
      agree([
        [text, "ascii", errors],
        [text, "utf-8", errors],
        [text, "l1", errors],
      ]);
    const long = new Uint8Array(20_000).fill(0xe9);
    expect(decodePython2String(long, "latin1", "strict")).toBe("é".repeat(20_000));
    expect(decodePython2String(long, "ascii", "backslashreplace")).toBe("\\xe9".repeat(20_000));
  });
});

describe("names of encodings", () => {
  const aliases = askCPython<[string, string][]>(
    `import encodings.aliases\nanswer([[k, v] for k, v in encodings.aliases.aliases.items() if v in ("ascii", "latin_1", "utf_8")])`,
    [],
  );
  const spellings = (name: string): string[] => [
    name,
    name.toUpperCase(),
    name.replaceAll("_", "-"),
    name.replaceAll("_", " "),
    name.replaceAll("_", "--__ "),
    ` ${name}-`,
  ];
  test("every alias in every spelling", () => {
    expect(aliases.length).toBeGreaterThan(25);
    const dotted = aliases
      .map(([alias]) => alias.replaceAll("_", "."))
      .filter((name) => name.split(".").length < 4);
    agree(
      dotted
        .filter((name) => !name.includes("x3.4.1986"))
        .map((name) => [latin1("\xe9"), name, "replace"] as const),
    );
    const names = [
      ...aliases.map(([alias]) => alias),
      "ascii",
      "latin_1",
      "utf_8",
      "us_ascii",
      "UTF-8",
      "Latin-1",
    ];
    agree(names.flatMap(spellings).flatMap((name) => [[latin1("\xe9"), name, "replace"] as const]));
    agree(names.flatMap(spellings).map((name) => [latin1("\xc3\xa9"), name, "replace"] as const));
  });
  test("no other alias of CPython is taken for one of these", () => {
    const others = askCPython<string[]>(
      `import encodings.aliases\nanswer([k for k, v in encodings.aliases.aliases.items() if v not in ("ascii", "latin_1", "utf_8")])`,
      [],
    );
    // Every other table differs from latin-1 somewhere in these bytes, and ASCII and UTF-8 refuse them.
    const upper = Uint8Array.from({ length: 128 }, (_, i) => 0x80 + i);
    for (const name of others) {
      const made = outcome(() => decodePython2String(upper, name, "strict"));
      expect(made).not.toBe(show(Buffer.from(upper).toString("latin1")));
      expect(made).not.toMatch(/'(ascii|utf-8)' codec/);
    }
  });
  test("unknown ones, when they are needed", () => {
    agree([
      [latin1("\xe9"), "nosuch", "strict"],
      [latin1("a"), "nosuch", "nosuch"],
      [latin1("a"), "", "strict"],
      [latin1(""), "nosuch", "nosuch"],
      [latin1("a"), "ascii", "nosuch"],
      [latin1("\xe9"), "Bytes", "strict"],
    ]);
  });
});

describe("labels of TextDecoder", () => {
  test("as CPython's codec of that name", () => {
    const random = randomNumbers(2);
    const names = [
      "cp1252",
      "windows-1251",
      "koi8_r",
      "KOI8-R",
      "iso8859-15",
      "iso_8859_2",
      "iso-8859-7",
      "cp866",
    ];
    const upper = Array.from({ length: 128 }, (_, i) => 0x80 + i);
    // CPython leaves five bytes of cp1252 undefined.
    const defined = upper.filter((byte) => ![0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte));
    agree(defined.map((byte) => [Uint8Array.of(byte), "cp1252", "strict"] as const));
    // Letters and digits, where Python's tables and the WHATWG's agree.
    agree(
      names.flatMap((name) =>
        Array.from({ length: 50 }, () => {
          const text = Uint8Array.from(
            { length: 1 + random(20) },
            () => (random(2) ? 0xc1 : 0x41) + random(17),
          );
          return [text, name, "strict"] as const;
        }),
      ),
    );
    const words = Buffer.from("8365834c835883674142", "hex");
    agree([
      [words, "shift_jis", "strict"],
      [words, "Shift-JIS", "strict"],
      [Buffer.from("c6fccbdc", "hex"), "euc_jp", "strict"],
    ]);
  });
  test("what they cannot decode", () => {
    const broken = Buffer.from("8163ff41", "hex");
    expect(outcome(() => decodePython2String(broken, "shift_jis", "strict"))).toMatch(
      /^UnicodeDecodeError: 'shift_jis' codec can't decode bytes in position 0-3: illegal byte sequence$/,
    );
    expect(decodePython2String(broken, "shift_jis", "replace")).toBe("…\ufffdA");
    expect(outcome(() => decodePython2String(broken, "shift_jis", "ignore"))).toMatch(/^UnicodeDecodeError/);
  });
});

test("the advice says which option reads it", () => {
  try {
    decodePython2String(latin1("\xe9"), "ASCII", "strict");
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(UnpicklingError);
    expect((error as UnpicklingError).message).toMatch(
      /^'ascii' codec can't decode byte 0xe9 in position 0: ordinal not in range\(128\)\. .*"latin1".*"utf-8".*"bytes"/,
    );
  }
});
