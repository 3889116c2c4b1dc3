import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dumps, loads } from "../../../src/index.ts";
import { describe, expect, test } from "vitest";
import { assemble, uint, utf8 } from "../../support/assemble.ts";
import {
  assemble as assembleText,
  type FindingCode,
  UnpicklingError,
  verify,
  type VerifyOptions,
} from "../../../src/tools.ts";
import { explanations } from "../../../src/tools/verify/explanations.ts";

/** Findings as "offset opcode code severity: readers". */
const told = (bytes: Uint8Array, options?: Parameters<typeof verify>[1]): string[] =>
  verify(bytes, options).findings.map(({ offset, opcode, code, severity, refusedBy }) =>
    `${offset} ${opcode ?? "-"} ${code} ${severity}: ${refusedBy.join(" ")}`.trim(),
  );

const all = "c python pickletools";
const frame = (length: number | bigint): Uint8Array => assemble("\x95", uint(8, length));

// Each code once, by the least pickle that has it.
const cases: Readonly<Record<FindingCode, readonly [pickle: Uint8Array, ...findings: string[]]>> = {
  "missing-stop": [assemble("N"), `1 - missing-stop error: ${all}`],
  truncated: [assemble("X\x05\0\0\0ab"), `0 BINUNICODE truncated error: ${all}`],
  "unknown-opcode": [assemble("N\xff."), `1 - unknown-opcode error: ${all}`],
  "invalid-length": [assemble("\x80\x02\x8b\xff\xff\xff\xff."), `2 LONG4 invalid-length error: ${all}`],
  "trailing-newline": [assemble("N.\n"), "2 - trailing-newline note:"],
  "trailing-bytes": [assemble("N.\xff\xff"), "2 - trailing-bytes warning:"],
  "another-pickle": [assemble("N.N."), "2 - another-pickle note:"],
  "stack-underflow": [assemble("N\x86."), `1 TUPLE2 stack-underflow error: ${all}`],
  "below-mark": [
    assemble("N(\x85."),
    "2 TUPLE1 below-mark error: c python",
    "3 STOP stack-not-empty warning: pickletools",
  ],
  "missing-mark": [assemble("t."), `0 TUPLE missing-mark error: ${all}`],
  "open-mark": [assemble("(N."), "2 STOP open-mark warning: pickletools"],
  "stack-not-empty": [assemble("NN."), "2 STOP stack-not-empty warning: pickletools"],
  "wrong-kind": [assemble("NNa."), "2 APPEND wrong-kind error: c python"],
  "not-callable": [assemble("N)R."), "2 REDUCE not-callable error: c python"],
  unhashable: [assemble("(]Nd."), "3 DICT unhashable error: c python"],
  "odd-items": [assemble("(Nd."), "2 DICT odd-items error: c python"],
  "index-out-of-range": [assemble("]K\x05Ns."), "4 SETITEM index-out-of-range error: c python"],
  "unusual-kind": [assemble("(NlK\0Ns."), "6 SETITEM unusual-kind warning:"],
  "empty-batch": [assemble("N(e."), "2 APPENDS empty-batch warning: python"],
  "empty-state": [assemble("])b."), "2 BUILD empty-state error: c"],
  "idle-build": [assemble("]Nb."), "2 BUILD idle-build note:"],
  undecidable: [assemble("cm\nC\ncm\nC\nR."), "10 REDUCE undecidable note:"],
  "memo-missing": [assemble("h\x05."), `0 BINGET memo-missing error: ${all}`],
  "memo-of-mark": [
    assemble("(q\0N."),
    `1 BINPUT memo-of-mark error: ${all}`,
    "4 STOP open-mark warning: pickletools",
  ],
  "memo-overwritten": [assemble("Nq\0q\0h\0\x86."), "3 BINPUT memo-overwritten warning: pickletools"],
  "memo-index": [assemble("Np-1\ng-1\n\x86."), "1 PUT memo-index error: c python"],
  "memo-gap": [assemble("Nq\x07h\x07\x86."), "1 BINPUT memo-gap note:"],
  "memo-huge": [assemble("Nr\0\0\0\x7fj\0\0\0\x7f\x86."), "1 LONG_BINPUT memo-huge warning:"],
  "memo-unread": [assemble("Nq\0."), "1 BINPUT memo-unread note:"],
  "frame-too-long": [assemble("\x80\x04", frame(50), "N."), "2 FRAME frame-too-long error: c"],
  "frame-nested": [assemble("\x80\x04", frame(11), frame(2), "N."), "11 FRAME frame-nested warning: python"],
  "frame-overlap": [
    assemble("\x80\x04", frame(10), frame(2), "N."),
    "11 FRAME frame-overlap warning: python",
  ],
  "frame-straddled": [assemble("\x80\x04", frame(2), "M\0\0."), "11 BININT2 frame-straddled warning: python"],
  "frame-past-stop": [
    assemble("\x80\x04", frame(4), "N.N."),
    "12 STOP frame-past-stop warning:",
    "13 - another-pickle note:",
  ],
  "frame-missing": [assemble("\x80\x04\x8c\x0c", utf8("no frames in"), "."), "0 PROTO frame-missing note:"],
  "frame-empty": [assemble("\x80\x04", frame(0), "N."), "2 FRAME frame-empty note:"],
  "unknown-protocol": [assemble("\x80\x06N."), "0 PROTO unknown-protocol error: c python"],
  "proto-late": [assemble("N\x80\x02."), "1 PROTO proto-late warning:"],
  "proto-repeated": [assemble("\x80\x02\x80\x03N."), "2 PROTO proto-repeated warning:"],
  "proto-missing": [assemble("N\x85."), "1 TUPLE1 proto-missing note:"],
  "proto-low": [assemble("\x80\x01N."), "0 PROTO proto-low note:"],
  "newer-opcode": [assemble("\x80\x02\x8c\x01a."), "2 SHORT_BINUNICODE newer-opcode warning:"],
  "number-refused": [assemble("I0x10\n."), "0 INT number-refused warning: pickletools"],
  "number-disagrees": [assemble("I 1\n."), "0 INT number-disagrees warning:"],
  "number-form": [assemble("F1.50\n."), "0 FLOAT number-form note:"],
  "string-form": [assemble("S'a\n."), `0 STRING string-form error: ${all}`],
  "text-encoding": [assemble("X\x01\0\0\0\xff."), `0 BINUNICODE text-encoding error: ${all}`],
  "python2-text": [assemble("U\x01\xe9."), "0 SHORT_BINSTRING python2-text warning: c python"],
  "not-ascii": [assemble("cm\n", utf8("Ü"), "\n."), "0 GLOBAL not-ascii warning: pickletools"],
  "lone-surrogate": [assemble("X\x03\0\0\0\xed\xa0\x80."), "0 BINUNICODE lone-surrogate note:"],
  "name-empty": [assemble("c\nC\n."), "0 GLOBAL name-empty error: c"],
  "name-odd": [assemble("cm\na b\n."), "0 GLOBAL name-odd warning:"],
  "name-dotted": [assemble("cm\nA.B\n."), "0 GLOBAL name-dotted warning:"],
  "name-escape": [
    assemble("cm\\x\nC\n."),
    "0 GLOBAL name-escape warning: pickletools",
    "0 GLOBAL name-odd warning:",
  ],
  "wasted-bytes": [assemble("\x80\x02\x8a\x02\x01\0."), "2 LONG1 wasted-bytes note:"],
  "large-int": [
    assemble("\x80\x02\x8b\xd0\x07\0\0", new Uint8Array(2000).fill(0x7f), "."),
    "2 LONG4 large-int warning: pickletools",
  ],
  "persistent-id": [assemble("P7\n."), "0 PERSID persistent-id warning: c python"],
  "out-of-band-buffer": [assemble("\x80\x05\x97."), "2 NEXT_BUFFER out-of-band-buffer warning: c python"],
  "extension-code": [assemble("\x80\x02\x82\x05."), "2 EXT1 extension-code warning: c python"],
  "invalid-extension": [assemble("\x80\x02\x82\0."), "2 EXT1 invalid-extension error: c python"],
};

test.each(Object.entries(cases))("%s", (code, [pickle, ...expected]) => {
  // What else there is to say of so short a pickle says nothing of this code.
  const others = /proto-missing|memo-unread|memo-gap|frame-missing/;
  const findings = told(pickle).filter((line) => line.includes(code) || !others.test(line));
  expect(findings).toEqual(expected);
});

test("each code is in the guide", () => {
  const guide = readFileSync(join(import.meta.dirname, "../../../../../docs/verify.md"), "utf8");
  const codes = new Set(Array.from(guide.matchAll(/^\| `([a-z0-9-]+)` +\|/gm), ([, code]) => code));
  expect(Object.keys(cases).filter((code) => !codes.has(code))).toEqual([]);
});

test("each code is explained, and no two alike", () => {
  expect(Object.keys(explanations).sort()).toEqual(Object.keys(cases).sort());
  expect(new Set(Object.values(explanations)).size).toBe(Object.keys(explanations).length);
});

test("nothing is found in what the picklers write, but for what is never read", () => {
  const shared = ["a"];
  const value = { list: [1, -1.5, 2n ** 70n, "é", null, true], set: new Set([1]), shared: [shared, shared] };
  for (let protocol = 0; protocol <= 5; protocol++) {
    const { findings, errors, warnings, refusedBy, pickles, end } = verify(dumps(value, { protocol }));
    expect(
      findings.map(({ code }) => code).filter((code) => code !== "memo-unread" && code !== "name-odd"),
    ).toEqual([]);
    expect([errors, warnings, refusedBy, pickles]).toEqual([0, 0, [], 1]);
    expect(end).toBe(dumps(value, { protocol }).length);
  }
});

describe("the options", () => {
  test("what the reader is given is refused no more", () => {
    const pickle = assemble("\x80\x05(P7\n\x82\x05\x97U\x01\xe9t.");
    expect(verify(pickle)).toMatchObject({ errors: 0, warnings: 4, refusedBy: ["c", "python"] });
    const given = { persistentIds: true, extensions: true, buffers: true, encoding: "latin1" };
    expect(verify(pickle, given)).toMatchObject({ errors: 0, warnings: 0, notes: 3, refusedBy: [] });
  });

  test("encoding and errors are those of a load", () => {
    const pickle = assemble("U\x01\xe9.");
    const loading: readonly Pick<VerifyOptions, "encoding" | "errors">[] = [
      {},
      { encoding: "latin1" },
      { encoding: "bytes" },
      { encoding: "utf-8" },
      { encoding: "utf-8", errors: "replace" },
      { encoding: "windows-1251" },
    ];
    for (const { encoding, errors } of loading) {
      let words: string | undefined;
      try {
        loads(pickle, { encoding, errors });
      } catch (error) {
        words = (error as UnpicklingError).words;
      }
      const [finding] = verify(pickle, { encoding, errors }).findings;
      expect(finding?.message.includes(words as string)).toBe(words === undefined ? undefined : true);
    }
  });

  test("start, and a limit for each kind", () => {
    const pickle = assemble("N.", ...Array.from({ length: 300 }, () => "Nq\0q\0h\x01"), "t.");
    expect(verify(pickle, { start: 2, limit: 10 }).findings.every(({ offset }) => offset >= 2)).toBe(true);
    const few = verify(pickle, { start: 2, limit: 10 });
    const many = verify(pickle, { start: 2, limit: Infinity });
    expect(few.findings.filter(({ code }) => code === "memo-overwritten")).toHaveLength(10);
    expect(many.findings.filter(({ code }) => code === "memo-overwritten")).toHaveLength(599);
    expect(few.findings.length + few.omitted).toBe(many.findings.length);
    for (const limit of [0, -1, 1.5, NaN]) expect(() => verify(pickle, { limit })).toThrow(UnpicklingError);
  });

  test("a memo in common", () => {
    const pickles = assemble("]q\0.h\0.");
    expect(told(pickles)).toContain(`4 BINGET memo-missing error: ${all}`);
    expect(told(pickles, { sharedMemo: true })).toEqual(["4 - another-pickle note:"]);
    // What stands in the memo is still a list.
    expect(told(assemble("]q\0.h\0Na."), { sharedMemo: true })).toEqual(["4 - another-pickle note:"]);
    expect(told(assemble("Nq\0.h\0Na."), { sharedMemo: true })).toContain(
      "7 APPEND wrong-kind error: c python",
    );
  });
});

test("every irregularity is found, not only the first", () => {
  const pickle = assembleText(`
    PROTO 2
    EMPTY_LIST
    BINPUT 0
    BINPUT 0
    BINGET 9
    APPEND
    NONE
    NONE
    APPEND
    INT 7
    SHORT_BINUNICODE 'a'
    STOP
  `);
  const { findings } = verify(pickle);
  expect(findings.map(({ code, isConsequence }) => `${code} ${isConsequence}`)).toEqual([
    "memo-overwritten false",
    "memo-unread false",
    "memo-missing false",
    "wrong-kind true",
    "newer-opcode false",
    "stack-not-empty true",
  ]);
});

test("what is only noted is told once, with its count", () => {
  const pickle = assemble("(", ...Array.from({ length: 50 }, () => "F1.50\n"), "t.");
  const [finding] = verify(pickle).findings;
  expect(finding).toMatchObject({ code: "number-form", offset: 1, count: 50 });
});

test("neither depth nor number is a matter", () => {
  const deep = assemble("(".repeat(200_000), "N", "t".repeat(200_000), ".");
  expect(verify(deep).findings).toEqual([]);
  const many = assemble("N.".repeat(200_000));
  expect(verify(many)).toMatchObject({ pickles: 200_000, errors: 0, end: 400_000 });
});

test("what is no binary data is refused", () => {
  expect(() => verify("N." as unknown as Uint8Array)).toThrow("bytes-like object");
});

test("a name beyond ASCII is itself, however long", () => {
  const name = "é".repeat(900);
  const length = Buffer.byteLength(name);
  const codes = (data: Uint8Array): string[] => verify(data).findings.map(({ code }) => code);
  expect(codes(assemble("\x80\x03cm\na", utf8(name), "\n."))).toEqual(["not-ascii"]);
  const text = (value: string): Uint8Array => assemble("X", uint(4, Buffer.byteLength(value)), utf8(value));
  expect(length).toBeGreaterThan(1000);
  expect(codes(assemble("\x80\x04", text("m"), text(`a${name}`), "\x93."))).not.toContain("name-odd");
  const odd = verify(assemble("\x80\x04", text("m"), text("ü b"), "\x93.")).findings;
  expect(odd.find(({ code }) => code === "name-odd")?.message).toContain('"ü b"');
});
