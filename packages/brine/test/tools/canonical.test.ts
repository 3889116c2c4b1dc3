import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { dumps } from "../../src/core.ts";
import { FRAME, STOP } from "../../src/syntax/opcodes.ts";
import { canonical } from "../../src/tools/canonical.ts";
import { compact } from "../../src/tools/compact.ts";
import { dis } from "../../src/tools/dis.ts";
import { genops } from "../../src/tools/genops.ts";
import { assemble as assembled } from "../../src/tools/assemble.ts";
import { assemble } from "../support/assemble.ts";
import { hexOf } from "../support/oracle.ts";
import { type Pickled, randomPickles } from "../support/pickle-specs.ts";
import { compared } from "../support/same-values.ts";

describe("random values of CPython", () => {
  let all: Pickled[];
  beforeAll(() => {
    all = randomPickles(300, 3);
  }, 60_000);

  test("have one form at every protocol, in any order, however they are shared", () => {
    for (const sharing of [true, false]) {
      for (const { pickles, reordered } of all) {
        const form = hexOf(canonical(pickles[5] as Uint8Array, { sharing }));
        for (const bytes of [...pickles, reordered]) {
          expect(hexOf(canonical(bytes, { sharing })), hexOf(bytes)).toBe(form);
          expect(hexOf(canonical(compact(bytes).data, { sharing }))).toBe(form);
        }
        expect(hexOf(canonical(Buffer.from(form, "hex"), { sharing }))).toBe(form);
      }
    }
  });

  test("have one form whether their parts are one object or equal ones", () => {
    for (const { pickles } of all) {
      // Without PROTO and STOP; it has frames at no protocol below 4, and fills its own slots when it comes again.
      const value = (pickles[3] as Uint8Array).subarray(2, -1);
      const twice = assemble("\x80\x03", value, "2\x86.");
      const copied = assemble("\x80\x03", value, value, "\x86.");
      expect(hexOf(canonical(twice))).toBe(hexOf(canonical(copied)));
    }
  });

  test.each([true, false])("load to an equal value, with sharing: %s", (sharing) => {
    const pairs = all.flatMap(({ pickles }) =>
      ([4, 5] as const).map((protocol) => {
        const a = pickles[5] as Uint8Array;
        return { a, b: canonical(a, { protocol, sharing }), canonical: true, sharing, real: true };
      }),
    );
    for (const likeness of compared(pairs)) expect(likeness).toEqual({ same: true, why: null });
  });
});

test("of plain data in order, it is what dumps writes", () => {
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { depthSize: "medium" },
      fc.constantFrom(null, true, false, "", "name", "\u{1f600}", 0.5, -1),
      fc.string({ unit: "binary" }),
      fc.double(),
      fc.integer(),
      fc.array(tie("json")),
      fc
        .dictionary(fc.string({ unit: "binary" }), tie("json"))
        .map(
          (object) =>
            new Map(
              Object.entries(object).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
            ),
        ),
    ),
  }));
  fc.assert(
    fc.property(json, (value) => {
      const data = dumps(value);
      expect(hexOf(canonical(data))).toBe(hexOf(data));
    }),
    { numRuns: 300 },
  );
});

const ops = (data: Uint8Array): string =>
  Array.from(genops(data), ({ opcode, operand }) =>
    opcode.code === FRAME || opcode.code === STOP
      ? ""
      : `${opcode.name}${operand === null ? "" : ` ${String(operand)}`}`,
  )
    .filter((line) => line !== "" && !line.startsWith("PROTO") && line !== "MEMOIZE")
    .join(", ");

const canonicalOps = (text: string): string => ops(canonical(assembled(text)));

test("keys are in order by type, by depth, by content", () => {
  const keys = [
    "NONE",
    "NEWFALSE",
    "NEWTRUE",
    "LONG1 -18446744073709551616",
    "BININT -70000",
    "BININT1 2",
    "LONG1 4294967296",
    "LONG1 18446744073709551616",
    "BINFLOAT -1.5",
    "BINFLOAT 0.5",
    "BINUNICODE ''",
    "BINUNICODE 'B'",
    "BINUNICODE 'a'",
    "BINUNICODE '\\uffff'",
    "BINUNICODE '\\U0001f600'",
    "SHORT_BINBYTES b''",
    "SHORT_BINBYTES b'a'",
    "EMPTY_TUPLE",
    "BININT1 2\nTUPLE1",
    "BINUNICODE 'a'\nTUPLE1",
    "BINUNICODE 'a'\nBININT1 0\nTUPLE2",
    "EMPTY_TUPLE\nTUPLE1",
    "MARK\nFROZENSET",
    "MARK\nBININT1 3\nFROZENSET",
    "GLOBAL 'm a'",
    "GLOBAL 'm b'",
    "BININT1 7\nBINPERSID",
    "GLOBAL 'm f'\nBININT1 7\nTUPLE1\nREDUCE",
    "GLOBAL 'm f'\nBININT1 8\nTUPLE1\nREDUCE",
  ];
  const dict = (order: readonly string[]): string =>
    `PROTO 3\nEMPTY_DICT\nMARK\n${order.map((key) => `${key}\nNONE`).join("\n")}\nSETITEMS\nSTOP`;
  const expected = canonicalOps(dict(keys));
  const shuffled = keys.map((key, at) => [(at * 17) % keys.length, key] as const).sort(([a], [b]) => a - b);
  expect(canonicalOps(dict(shuffled.map(([, key]) => key)))).toBe(expected);
  expect(hexOf(canonical(assembled(dict(keys.toReversed()))))).toBe(hexOf(canonical(assembled(dict(keys)))));
  const alone = keys.map((key) => canonicalOps(`PROTO 3\n${key}\nSTOP`));
  // Each key by itself, in this order, but for what is in the memo already.
  let at = 0;
  for (const part of alone.slice(0, 17)) {
    const place = expected.indexOf(part, at);
    expect(place, part).toBeGreaterThanOrEqual(at);
    at = place + part.length;
  }
});

test("of equal keys, the first stays with the last value, of elements the first", () => {
  const one = "BININT1 1\nNONE\nNEWTRUE\nNEWFALSE\nBINFLOAT 1.0\nBINUNICODE 'last'";
  expect(canonicalOps(`EMPTY_DICT\nMARK\n${one}\nSETITEMS\nSTOP`)).toBe(
    "EMPTY_DICT, BININT1 1, SHORT_BINUNICODE last, SETITEM",
  );
  expect(canonicalOps("EMPTY_SET\nMARK\nBINFLOAT 2.0\nBININT1 2\nADDITEMS\nSTOP")).toBe(
    "EMPTY_SET, MARK, BINFLOAT 2, ADDITEMS",
  );
  expect(canonicalOps("MARK\nNEWTRUE\nTUPLE1\nBININT1 1\nTUPLE1\nFROZENSET\nSTOP")).toBe(
    "MARK, NEWTRUE, TUPLE1, FROZENSET",
  );
});

test("cycles come out as CPython writes them", () => {
  const list = assembled("PROTO 5\nEMPTY_LIST\nMEMOIZE\nBINGET 0\nAPPEND\nSTOP");
  expect(ops(canonical(list))).toBe("EMPTY_LIST, BINGET 0, APPEND");
  const tuple = assembled(
    "PROTO 5\nEMPTY_LIST\nMEMOIZE\nBINGET 0\nTUPLE1\nMEMOIZE\nAPPEND\nPOP\nBINGET 1\nSTOP",
  );
  expect(ops(canonical(tuple))).toBe("EMPTY_LIST, BINGET 0, TUPLE1, APPEND, POP, BINGET 1");
  expect(hexOf(canonical(canonical(tuple)))).toBe(hexOf(canonical(tuple)));
  const alone = "GLOBAL 'm C'\nEMPTY_TUPLE\nNEWOBJ\nPUT 0\nEMPTY_DICT\nGET 0\nNONE\nSETITEM\nBUILD\nSTOP";
  expect(canonicalOps(alone)).toContain("BINGET 3, NONE, SETITEM, BUILD");
});

test("cycles stay, and what has one in it stays shared", () => {
  const cycle = "EMPTY_LIST\nPUT 0\nGET 0\nAPPEND";
  expect(canonicalOps(`${cycle}\nTUPLE1\nDUP\nTUPLE2\nSTOP`)).toBe(
    "EMPTY_LIST, BINGET 0, APPEND, TUPLE1, BINGET 1, TUPLE2",
  );
});

test("what would be far too long written out is refused", () => {
  const doubled = (times: number): Uint8Array => assemble("]", "2\x86".repeat(times), ".");
  expect(() => canonical(doubled(60))).toThrow(
    expect.objectContaining({ code: "unsupported-operation" }) as Error,
  );
  expect(canonical(doubled(60), { sharing: true }).length).toBeLessThan(2 ** 10);
  expect(canonical(doubled(10)).length).toBeGreaterThan(2 ** 10);
});

test.each([
  [
    "a dict key or set element contains itself",
    "GLOBAL 'm C'\nEMPTY_TUPLE\nNEWOBJ\nPUT 0\nEMPTY_DICT\nGET 0\nNONE\nSETITEM\nBUILD\nPUT 1\nPOP\nEMPTY_SET\nMARK\nGET 1\nBININT1 1\nADDITEMS\nSTOP",
  ],
  [
    "a dict has two keys that look the same",
    "EMPTY_DICT\nMARK\nGLOBAL 'm C'\nEMPTY_TUPLE\nNEWOBJ\nNONE\nGLOBAL 'm C'\nEMPTY_TUPLE\nNEWOBJ\nNONE\nSETITEMS\nSTOP",
  ],
  [
    "an object is inside its own constructor arguments",
    "EMPTY_LIST\nPUT 0\nGLOBAL 'm f'\nGET 0\nTUPLE1\nREDUCE\nPUT 1\nAPPEND\nPOP\nGET 1\nSTOP",
  ],
  [
    "APPEND changes what is a part of something already",
    "EMPTY_LIST\nPUT 0\nTUPLE1\nGET 0\nNONE\nAPPEND\nTUPLE2\nSTOP",
  ],
  [
    "a dict has two keys that look the same",
    "EMPTY_DICT\nMARK\nBINFLOAT nan\nNONE\nBINFLOAT nan\nNONE\nSETITEMS\nSTOP",
  ],
  ["an object is made and dropped", "GLOBAL 'm f'\nEMPTY_TUPLE\nREDUCE\nPOP\nNONE\nSTOP"],
  ["NEXT_BUFFER takes the buffers in the order in which they come", "NEXT_BUFFER\nSTOP"],
  ["BUILD changes what is no object", "GLOBAL 'm C'\nEMPTY_DICT\nBUILD\nSTOP"],
])("refuses: %s", (words, text) => {
  expect(() => canonical(assembled(text))).toThrow(
    expect.objectContaining({ code: "unsupported-operation", words }) as Error,
  );
});

test("elements that look the same are one form if nothing tells them apart", () => {
  const object = "GLOBAL 'm C'\nEMPTY_TUPLE\nNEWOBJ";
  expect(canonicalOps(`EMPTY_SET\nMARK\n${object}\n${object}\nADDITEMS\nSTOP`)).toContain(
    "NEWOBJ, BINGET 3, EMPTY_TUPLE, NEWOBJ, ADDITEMS",
  );
  const shared = `${object}\nPUT 0\nEMPTY_SET\nMARK\n${object}\nGET 0\nADDITEMS\nTUPLE2\nSTOP`;
  expect(() => canonical(assembled(shared), { sharing: true })).toThrow(
    "a set has two elements that look the same",
  );
  expect(canonicalOps(shared)).toContain("NEWOBJ, ADDITEMS, TUPLE2");
});

test("a call that sets the state belongs to its object", () => {
  const setter =
    "GLOBAL 'm C'\nEMPTY_TUPLE\nNEWOBJ\nMEMOIZE\nGLOBAL 'm set_state'\nBINGET 0\nNONE\nTUPLE2\nREDUCE\nPOP\nSTOP";
  expect(canonicalOps(setter)).toContain("set_state, STACK_GLOBAL, BINGET 3, NONE, TUPLE2, REDUCE, POP");
});

test("large content and many items are as CPython writes them", () => {
  const text = "x".repeat(70_000);
  const many = Array.from({ length: 2001 }, (_, at) => `BININT2 ${at}`).join("\n");
  const form = dis(canonical(assembled(`MARK\nBINUNICODE '${text}'\n${many}\nLIST\nSTOP`)));
  expect(form.match(/APPENDS/g)).toHaveLength(3);
  expect(form.match(/FRAME/g)).toHaveLength(1);
});

test("errors have their place", () => {
  expect(() => canonical(assemble("(Nt"))).toThrow(
    expect.objectContaining({ code: "no-data", offset: 3 }) as Error,
  );
  expect(() => canonical(assemble("NR."))).toThrow(
    expect.objectContaining({ code: "stack-underflow", offset: 1, opcode: "REDUCE" }) as Error,
  );
  expect(() => canonical(assemble("N."), { protocol: 3 as 4 })).toThrow(
    "the canonical form is of protocol 4 or 5",
  );
});

test("nesting of any depth is no matter", () => {
  const depth = 200_000;
  const nested = assemble("(".repeat(depth), "t".repeat(depth), ".");
  expect(canonical(nested).length).toBeGreaterThan(depth);
  const key = assemble("}(N", "N", ")", "\x85".repeat(depth), "Nu.");
  expect(canonical(key).length).toBeGreaterThan(depth);
});
