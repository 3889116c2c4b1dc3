import { beforeAll, describe, expect, test } from "vitest";
import { assemble as assembled } from "../../src/tools/assemble.ts";
import { compact } from "../../src/tools/compact.ts";
import { dis } from "../../src/tools/dis.ts";
import { genops } from "../../src/tools/genops.ts";
import { optimize } from "../../src/tools/optimize.ts";
import { assemble, uint } from "../support/assemble.ts";
import { hexOf } from "../support/oracle.ts";
import { type Pickled, randomPickles } from "../support/pickle-specs.ts";
import { compared, type Pair } from "../support/same-values.ts";

describe("random values of CPython", () => {
  let all: Pickled[];
  beforeAll(() => {
    all = randomPickles(250, 5);
  }, 60_000);

  test("load to an equal value, raised or not, and are never larger", () => {
    const pairs: Pair[] = [];
    for (const { pickles } of all) {
      for (const a of pickles) {
        for (const protocol of [undefined, 2, 3, 4, 5]) {
          const { data, before, after, saved } = compact(a, { protocol });
          expect(before).toBe(a.length);
          expect(after).toBe(data.length);
          expect(saved).toBe(before - after);
          expect(after).toBeLessThanOrEqual(before);
          pairs.push({ a, b: data, real: true });
        }
        expect(compact(a).after, hexOf(a)).toBeLessThanOrEqual(optimize(a).length);
      }
    }
    compared(pairs).forEach((likeness, at) => {
      const { a, b } = pairs[at] as Pair;
      expect(likeness, `${hexOf(a)} ${hexOf(b)}`).toEqual({ same: true, why: null });
    });
  });

  test("use no opcode that their protocol does not have, and can be disassembled", () => {
    for (const { pickles } of all) {
      pickles.forEach((bytes, protocol) => {
        const { data } = compact(bytes);
        for (const { opcode } of genops(data)) expect(opcode.protocol).toBeLessThanOrEqual(protocol);
        expect(() => dis(data)).not.toThrow();
        expect(compact(data).after).toBeLessThanOrEqual(data.length);
      });
    }
  });
});

const ops = (data: Uint8Array): string =>
  Array.from(genops(data), ({ opcode, operand }) =>
    operand === null ? opcode.name : `${opcode.name} ${String(operand)}`,
  ).join(", ");

test.each([
  ["BININT 5", "BININT1 5"],
  ["LONG 70000", "INT 70000"],
  ["LONG1 -1", "LONG1 -1"],
  ["PROTO 2\nBININT -1", "PROTO 2, LONG1 -1"],
  ["BININT -1", "INT -1"],
  ["PROTO 2\nINT True", "PROTO 2, NEWTRUE"],
  ["BINFLOAT 2.0", "FLOAT 2"],
  ["BINFLOAT -0.5", "FLOAT -0.5"],
  ["BINFLOAT 100000.0", "FLOAT 100000"],
  ["BINFLOAT 0.1234567", "BINFLOAT 0.1234567"],
  ["BINUNICODE 'abc'", "UNICODE abc"],
  ["BINUNICODE 'a\\nb'", "BINUNICODE a\nb"],
  ["PROTO 4\nBINUNICODE 'abc'", "PROTO 4, SHORT_BINUNICODE abc"],
  ["PROTO 4\nSHORT_BINUNICODE '\\xe9'", "PROTO 4, UNICODE é"],
  ["PROTO 3\nBINBYTES b'ab'", "PROTO 3, SHORT_BINBYTES 97,98"],
  ["BINSTRING 'ab'", "SHORT_BINSTRING ab"],
  ["EXT4 200", "EXT1 200"],
  ["PROTO 2\nMARK\nNONE\nTUPLE", "PROTO 2, NONE, TUPLE1"],
  ["BININT1 1\nPOP\nMARK\nTUPLE", "EMPTY_TUPLE"],
  ["MARK\nLIST\nBININT1 1\nPOP", "EMPTY_LIST"],
  ["EMPTY_LIST\nMARK\nAPPENDS", "EMPTY_LIST"],
  ["EMPTY_LIST\nMARK\nNONE\nAPPENDS", "EMPTY_LIST, NONE, APPEND"],
  ["EMPTY_LIST\nNONE\nAPPEND\nBININT1 1\nAPPEND", "MARK, NONE, BININT1 1, LIST"],
  [
    "EMPTY_DICT\nNONE\nBININT1 1\nSETITEM\nMARK\nBININT1 2\nNONE\nSETITEMS",
    "MARK, NONE, BININT1 1, BININT1 2, NONE, DICT",
  ],
  [
    "EMPTY_SET\nMARK\nNONE\nADDITEMS\nMARK\nBININT1 1\nADDITEMS",
    "EMPTY_SET, MARK, NONE, BININT1 1, ADDITEMS",
  ],
  ["BININT2 300\nBININT2 300\nTUPLE2", "BININT2 300, DUP, TUPLE2"],
  ["PROTO 4\nSHORT_BINUNICODE 'm'\nSHORT_BINUNICODE 'f'\nSTACK_GLOBAL", "PROTO 4, GLOBAL m f"],
  ["MARK\nNONE\nPOP_MARK\nBININT1 1", "BININT1 1"],
])("%j is written shorter", (text, expected) => {
  const given = assembled(`${text}\nSTOP`);
  expect(ops(compact(given).data)).toBe(`${expected}, STOP`);
});

test("what is equal and immutable is written once", () => {
  const text =
    "PROTO 4\nSHORT_BINUNICODE 'status'\nNONE\nSHORT_BINUNICODE 'status'\nTUPLE3\nSHORT_BINUNICODE 'status'\nNONE\nBINUNICODE 'status'\nTUPLE3\nNEWTRUE\nBINGET 0\nTUPLE3\nSTOP";
  const put = text.replace("'status'\nNONE", "'status'\nMEMOIZE\nNONE");
  expect(ops(compact(assembled(put)).data)).toBe(
    "PROTO 4, SHORT_BINUNICODE status, MEMOIZE, NONE, BINGET 0, TUPLE3, DUP, NEWTRUE, BINGET 0, TUPLE3, STOP",
  );
});

test("a STRING of Python 2 is no str", () => {
  const text =
    "SHORT_BINSTRING 'status'\nBINUNICODE 'status'\nSHORT_BINSTRING 'status'\nBINUNICODE 'status'\nMARK\nTUPLE\nSTOP";
  const small = ops(compact(assembled(text)).data);
  expect(small.match(/status/g)).toHaveLength(2);
});

test("what is mutable stays what it is", () => {
  const lists = assembled("EMPTY_LIST\nEMPTY_LIST\nTUPLE2\nSTOP");
  expect(ops(compact(lists).data)).toBe("EMPTY_LIST, EMPTY_LIST, TUPLE2, STOP");
  const inside = assembled("EMPTY_LIST\nPUT 7\nMARK\nNONE\nGET 7\nAPPENDS\nMARK\nNONE\nNONE\nAPPENDS\nSTOP");
  expect(ops(compact(inside).data)).toBe(
    "EMPTY_LIST, BINPUT 0, MARK, NONE, BINGET 0, APPENDS, MARK, NONE, NONE, APPENDS, STOP",
  );
  const nan = assembled("BINFLOAT nan\nBINFLOAT nan\nTUPLE2\nSTOP");
  expect(ops(compact(nan).data)).toBe("BINFLOAT NaN, BINFLOAT NaN, TUPLE2, STOP");
});

test("a slot that is filled twice means what it meant", () => {
  const text = "MARK\nBINUNICODE 'one'\nBINPUT 0\nBINGET 0\nBINUNICODE 'two'\nBINPUT 0\nBINGET 0\nLIST\nSTOP";
  expect(ops(compact(assembled(text)).data)).toBe("MARK, UNICODE one, DUP, UNICODE two, DUP, LIST, STOP");
});

test("what is read most has the slots of one byte", () => {
  const items = Array.from({ length: 600 }, (_, at) => {
    const list = `EMPTY_LIST\nLONG_BINPUT ${at}\n`;
    return `${list}NONE\nLONG_BINGET ${at}\n${`LONG_BINGET ${at}\nNONE\n`.repeat(at >= 500 ? 5 : 0)}`;
  }).join("");
  for (const protocol of [2, 4]) {
    const { data } = compact(assembled(`PROTO ${protocol}\nMARK\n${items}LIST\nSTOP`));
    const long = Array.from(genops(data)).filter(({ opcode }) => opcode.name === "LONG_BINGET");
    // Of the 344 that have a long slot, each is read once.
    expect(long).toHaveLength(344);
    expect(() => dis(data)).not.toThrow();
  }
});

test("raising the protocol uses what the new one has", () => {
  const set = assembled(
    "PROTO 2\nGLOBAL '__builtin__ set'\nEMPTY_LIST\nMARK\nBININT1 1\nBININT1 2\nAPPENDS\nTUPLE1\nREDUCE\nSTOP",
  );
  expect(ops(compact(set, { protocol: 4 }).data)).toBe(
    "PROTO 4, FRAME 8, EMPTY_SET, MARK, BININT1 1, BININT1 2, ADDITEMS, STOP",
  );
  const frozen = assembled("PROTO 2\nGLOBAL '__builtin__ frozenset'\nEMPTY_LIST\nTUPLE1\nREDUCE\nSTOP");
  expect(ops(compact(frozen, { protocol: 4 }).data)).toBe("PROTO 4, MARK, FROZENSET, STOP");
  const bytes = assembled(
    "PROTO 2\nGLOBAL '_codecs encode'\nBINUNICODE '\\xe9a'\nBINUNICODE 'latin1'\nTUPLE2\nREDUCE\nSTOP",
  );
  expect(compact(bytes, { protocol: 3 })).toMatchObject({
    data: assemble("\x80\x03C\x02\xe9a."),
    before: bytes.length,
    after: 7,
    saved: bytes.length - 7,
    protocol: 3,
    end: bytes.length,
  });
  const kept = assembled(
    "PROTO 2\nGLOBAL '__builtin__ set'\nEMPTY_LIST\nBINPUT 0\nTUPLE1\nREDUCE\nBINGET 0\nTUPLE2\nSTOP",
  );
  expect(ops(compact(kept, { protocol: 5 }).data)).toContain("REDUCE");
  const named = assembled(
    "PROTO 2\nGLOBAL 'copy_reg _reconstructor'\nMARK\nINST '__builtin__ list'\nTUPLE2\nSTOP",
  );
  expect(ops(compact(named, { protocol: 3 }).data)).toBe(
    "PROTO 3, GLOBAL copyreg _reconstructor, MARK, INST builtins list, TUPLE2, STOP",
  );
});

test("a protocol that the pickle is beyond changes nothing, and one that would make it larger neither", () => {
  const given = assembled("PROTO 4\nSHORT_BINUNICODE 'a'\nSTOP");
  expect(compact(given, { protocol: 2 })).toMatchObject({ data: given, protocol: 4, saved: 0 });
  const small = assembled("NONE\nSTOP");
  expect(compact(small, { protocol: -1 })).toMatchObject({ data: small, protocol: 0, saved: 0 });
  for (const protocol of [6, 1.5, NaN])
    expect(() => compact(small, { protocol })).toThrow(
      expect.objectContaining({ code: "unsupported-protocol" }) as Error,
    );
});

test("frames are as CPython's, where there were some or the protocol is raised", () => {
  const texts = Array.from({ length: 3000 }, (_, at) => `BINUNICODE '${"x".repeat(40)}${at}'\n`).join("");
  const given = assembled(`PROTO 4\nMARK\n${texts}LIST\nSTOP`);
  const frames = (data: Uint8Array): number => (dis(data).match(/FRAME/g) ?? []).length;
  expect(frames(compact(given).data)).toBe(0);
  const old = assembled(`PROTO 2\nMARK\n${texts}LIST\nSTOP`);
  expect(frames(compact(old, { protocol: 4 }).data)).toBe(3);
  const items = Array.from({ length: 8 }, (_, at) => `BINBYTES b'${at}'`).join("\n");
  const large = assembled(`PROTO 3\nBINUNICODE '${"x".repeat(70_000)}'\nMARK\n${items}\nLIST\nTUPLE2\nSTOP`);
  const names = Array.from(genops(compact(large, { protocol: 4 }).data), ({ opcode }) => opcode.name);
  expect(names.slice(0, 5)).toEqual(["PROTO", "BINUNICODE", "FRAME", "MARK", "SHORT_BINBYTES"]);
});

test("several pickles are one after the other", () => {
  const two = assemble("I01\n.", "X", uint(4, 1), "a.", "rest");
  const first = compact(two);
  expect(first.end).toBe(5);
  const second = compact(two, { start: first.end });
  expect(second).toMatchObject({ data: assemble("Va\n."), before: 7, after: 4, end: 12 });
});

test("the same bytes come out each time", () => {
  const texts = Array.from({ length: 40_000 }, (_, at) => `BINUNICODE 'some text ${at % 20_000}'\n`).join("");
  const given = assembled(`PROTO 4\nMARK\n${texts}LIST\nSTOP`);
  expect(hexOf(compact(given).data)).toBe(hexOf(compact(given).data));
});

test("what C reads is what counts", () => {
  expect(compact(assemble("I010\n.")).data).toEqual(assemble("I8\n."));
  expect(compact(assemble("L0x11170L\n.")).data).toEqual(assemble("I70000\n."));
});

test.each([
  ["", "no-data", 0],
  ["N", "no-data", 1],
  ["NK", "truncated", 1],
  ["N\xff.", "invalid-opcode", 1],
  ["X\x01\0\0\0\xff.", "undecodable-text", 0],
  ["h\0.", "missing-memo", 0],
  ["p0\n.", "stack-underflow", 0],
  ["(a.", "unexpected-mark", 1],
  ["]e.", "missing-mark", 1],
  ["}(Nu.", "odd-items", 3],
  ["\x80\x06N.", "unsupported-protocol", 0],
  ["\x82\0.", "invalid-extension", 0],
  ["Ix\n.", "invalid-operand", 0],
])("%j is refused", (text, code, offset) => {
  expect(() => compact(assemble(text))).toThrow(expect.objectContaining({ code, offset }) as Error);
});

test("nesting of any depth is no matter", () => {
  const depth = 300_000;
  for (const code of ["t", "l"]) {
    const nested = assemble("\x80\x02", "(".repeat(depth), code.repeat(depth), ".");
    expect(compact(nested).after).toBeLessThanOrEqual(nested.length);
  }
});
