import { afterAll, describe, expect, it } from "vitest";
import { loads, TypeRegistry, UnpicklingError } from "../../src/core.ts";
import type { LoadOptions, UnpicklingErrorCode } from "../../src/core.ts";
import { assemble, uint } from "../support/assemble.ts";
import { oracleOptions } from "../support/check-program.ts";
import { Oracle } from "../support/oracle.ts";

const oracle = new Oracle();
afterAll(() => oracle.close());

function failureOf(run: () => unknown): UnpicklingError {
  try {
    run();
  } catch (error) {
    if (error instanceof UnpicklingError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

interface Row {
  readonly pickle: string | Uint8Array;
  readonly code: UnpicklingErrorCode;
  readonly offset: number;
  readonly opcode: string | undefined;
  readonly encoding?: string;
  readonly buffers?: readonly Uint8Array[];
}

const row = (
  pickle: string | Uint8Array,
  code: UnpicklingErrorCode,
  offset: number,
  opcode: string | undefined,
  more: Pick<Row, "encoding" | "buffers"> = {},
): Row => ({ pickle, code, offset, opcode, ...more });

const huge = uint(8, 2n ** 63n);
const large = uint(8, 2n ** 40n);

// What each is refused with comes from CPython itself.
const rows: Record<string, readonly Row[]> = {
  "the end": [
    row("", "no-data", 0, undefined),
    row("N", "no-data", 1, undefined),
    row("\x80\x04", "no-data", 2, undefined),
    row("](K\x01", "no-data", 4, undefined),
  ],
  "the end inside an operand": [
    row("NK", "truncated", 1, "BININT1"),
    row("M\x01", "truncated", 0, "BININT2"),
    row("J\x01\x02\x03", "truncated", 0, "BININT"),
    row("G\x01\x02\x03", "truncated", 0, "BINFLOAT"),
    row("\x8c\x05abc", "truncated", 0, "SHORT_BINUNICODE"),
    row("\x8c", "truncated", 0, "SHORT_BINUNICODE"),
    row("X\x05\x00", "truncated", 0, "BINUNICODE"),
    row("X\x05\x00\x00\x00abc", "truncated", 0, "BINUNICODE"),
    row("U\x05abc", "truncated", 0, "SHORT_BINSTRING"),
    row("T\xff\xff\xff\xffabc", "truncated", 0, "BINSTRING"),
    row("C\x05abc", "truncated", 0, "SHORT_BINBYTES"),
    row("B\xff\xff\xff\x7fabc", "truncated", 0, "BINBYTES"),
    row(assemble(0x8d, large, "a"), "truncated", 0, "BINUNICODE8"),
    row("\x8a\x05a", "truncated", 0, "LONG1"),
    row("\x8b\x05\x00\x00\x00a", "truncated", 0, "LONG4"),
    row("I12", "truncated", 0, "INT"),
    row("L12", "truncated", 0, "LONG"),
    row("F1.5", "truncated", 0, "FLOAT"),
    row("S'a'", "truncated", 0, "STRING"),
    row("Va", "truncated", 0, "UNICODE"),
    row("Np1", "truncated", 1, "PUT"),
    row("Nq", "truncated", 1, "BINPUT"),
    row("Nr\x01\x00", "truncated", 1, "LONG_BINPUT"),
    row("g1", "truncated", 0, "GET"),
    row("h", "truncated", 0, "BINGET"),
    row("j\x01", "truncated", 0, "LONG_BINGET"),
    row("cm", "truncated", 0, "GLOBAL"),
    row("cm\nC", "truncated", 0, "GLOBAL"),
    row("(im\nC", "truncated", 1, "INST"),
    row("Pid", "truncated", 0, "PERSID"),
    row("\x82", "truncated", 0, "EXT1"),
    row("\x83\x01", "truncated", 0, "EXT2"),
    row("\x84\x01\x01", "truncated", 0, "EXT4"),
    row("\x80", "truncated", 0, "PROTO"),
    row("\x95\x01", "truncated", 0, "FRAME"),
  ],
  "an empty line": [
    row("I\n.", "truncated", 0, "INT"),
    row("L\n.", "truncated", 0, "LONG"),
    row("F\n.", "truncated", 0, "FLOAT"),
    row("Np\n.", "truncated", 1, "PUT"),
    row("g\n.", "truncated", 0, "GET"),
    row("c\nC\n.", "truncated", 0, "GLOBAL"),
    row("cm\n\n.", "truncated", 0, "GLOBAL"),
    row("(i\nC\n.", "truncated", 1, "INST"),
    row("(im\n\n.", "truncated", 1, "INST"),
    row("S\n.", "invalid-operand", 0, "STRING"),
  ],
  "a byte that is no opcode": [
    row("z", "invalid-opcode", 0, undefined),
    row("N'", "invalid-opcode", 1, undefined),
    row("\\", "invalid-opcode", 0, undefined),
    row("\x00", "invalid-opcode", 0, undefined),
    row("\xff", "invalid-opcode", 0, undefined),
    row("\x7f", "invalid-opcode", 0, undefined),
    row(" ", "invalid-opcode", 0, undefined),
    row("~", "invalid-opcode", 0, undefined),
  ],
  "too little on the stack": [
    row(".", "stack-underflow", 0, "STOP"),
    row("0", "stack-underflow", 0, "POP"),
    row("2", "stack-underflow", 0, "DUP"),
    row("\x85", "stack-underflow", 0, "TUPLE1"),
    row("N\x86", "stack-underflow", 1, "TUPLE2"),
    row("NN\x87", "stack-underflow", 2, "TUPLE3"),
    row("]a", "stack-underflow", 1, "APPEND"),
    row("(e", "stack-underflow", 1, "APPENDS"),
    row("(u", "stack-underflow", 1, "SETITEMS"),
    row("(\x90", "stack-underflow", 1, "ADDITEMS"),
    row("}Ns", "stack-underflow", 2, "SETITEM"),
    row("NR", "stack-underflow", 1, "REDUCE"),
    row("N\x81", "stack-underflow", 1, "NEWOBJ"),
    row("NN\x92", "stack-underflow", 2, "NEWOBJ_EX"),
    row("Nb", "stack-underflow", 1, "BUILD"),
    row("N\x93", "stack-underflow", 1, "STACK_GLOBAL"),
    row("Q", "stack-underflow", 0, "BINPERSID"),
    row("q\x00", "stack-underflow", 0, "BINPUT"),
    row("r\x00\x00\x00\x00", "stack-underflow", 0, "LONG_BINPUT"),
    row("p0\n", "stack-underflow", 0, "PUT"),
    row("\x94", "stack-underflow", 0, "MEMOIZE"),
    row("\x98", "stack-underflow", 0, "READONLY_BUFFER"),
    row("(o", "stack-underflow", 1, "OBJ"),
    row("N((o", "unexpected-mark", 3, "OBJ"),
  ],
  "below the topmost MARK": [
    row("N(.", "unexpected-mark", 2, "STOP"),
    row("N(2", "unexpected-mark", 2, "DUP"),
    row("N(\x85", "unexpected-mark", 2, "TUPLE1"),
    row("N(N\x86", "unexpected-mark", 3, "TUPLE2"),
    row("](Na", "unexpected-mark", 3, "APPEND"),
    row("}(NNs", "unexpected-mark", 4, "SETITEM"),
    row("N(NR", "unexpected-mark", 3, "REDUCE"),
    row("N(Nb", "unexpected-mark", 3, "BUILD"),
    row("N(q\x00", "unexpected-mark", 2, "BINPUT"),
    row("N(\x94", "unexpected-mark", 2, "MEMOIZE"),
    row("N(Q", "unexpected-mark", 2, "BINPERSID"),
    row("N((e", "unexpected-mark", 3, "APPENDS"),
  ],
  "no MARK": [
    ["t", "TUPLE"],
    ["l", "LIST"],
    ["d", "DICT"],
    ["e", "APPENDS"],
    ["u", "SETITEMS"],
    ["\x90", "ADDITEMS"],
    ["\x91", "FROZENSET"],
    ["o", "OBJ"],
    ["1", "POP_MARK"],
    ["im\nC\n", "INST"],
  ].map(([code = "", opcode]) => row(`N${code}`, "missing-mark", 1, opcode)),
  "the memo": [
    row("h\x05", "missing-memo", 0, "BINGET"),
    row("Ng5\n", "missing-memo", 1, "GET"),
    row("j\xff\xff\xff\xff", "missing-memo", 0, "LONG_BINGET"),
    row("K\x01q\x03h\x02", "missing-memo", 4, "BINGET"),
    row("g-1\n", "missing-memo", 0, "GET"),
    row("Np-1\n", "invalid-operand", 1, "PUT"),
    row("gx\n", "invalid-operand", 0, "GET"),
    row("Np0x1\n", "invalid-operand", 1, "PUT"),
    row("g9223372036854775808\n", "invalid-operand", 0, "GET"),
  ],
  lengths: [
    row("\x8b\xff\xff\xff\xff", "invalid-operand", 0, "LONG4"),
    row(assemble(0x8d, huge), "invalid-operand", 0, "BINUNICODE8"),
    row(assemble(0x8e, huge), "invalid-operand", 0, "BINBYTES8"),
    row(assemble("N", 0x96, huge), "invalid-operand", 1, "BYTEARRAY8"),
    row(assemble(0x95, huge), "invalid-operand", 0, "FRAME"),
    row(assemble(0x95, uint(8, 100), "N."), "truncated", 0, "FRAME"),
    row(assemble("N", 0x95, uint(8, 3), "N."), "truncated", 1, "FRAME"),
  ],
  text: [
    row("Sabc\n", "invalid-operand", 0, "STRING"),
    row("S'abc\n", "invalid-operand", 0, "STRING"),
    row("S'abc' \n", "invalid-operand", 0, "STRING"),
    row("S'\n", "invalid-operand", 0, "STRING"),
    row("S'\\'\n", "invalid-operand", 0, "STRING"),
    row("S'\\x4'\n", "invalid-operand", 0, "STRING"),
    row("S'\\xff'\n", "undecodable-text", 0, "STRING"),
    row("U\x01\xff", "undecodable-text", 0, "SHORT_BINSTRING"),
    row("NT\x02\x00\x00\x00a\xff", "undecodable-text", 1, "BINSTRING"),
    row("U\x01\xff", "undecodable-text", 0, "SHORT_BINSTRING", { encoding: "utf-8" }),
    row("\x8c\x01\xff", "undecodable-text", 0, "SHORT_BINUNICODE"),
    row("X\x02\x00\x00\x00\xc3(", "undecodable-text", 0, "BINUNICODE"),
    row("V\\u12\n", "undecodable-text", 0, "UNICODE"),
    row("V\\U00110000\n", "undecodable-text", 0, "UNICODE"),
    row("c\xff\nC\n", "undecodable-text", 0, "GLOBAL"),
    row("(i\xc3\xa9\nC\n", "undecodable-text", 1, "INST"),
    row("P\xc3\xa9\n", "undecodable-text", 0, "PERSID"),
    row("U\x01\xff", "unknown-encoding", 0, "SHORT_BINSTRING", { encoding: "nonesuch" }),
  ],
  numbers: [
    row("Ix\n", "invalid-operand", 0, "INT"),
    row("I1.5\n", "invalid-operand", 0, "INT"),
    row("I08\n", "invalid-operand", 0, "INT"),
    row("Lx\n", "invalid-operand", 0, "LONG"),
    row("L1__0L\n", "invalid-operand", 0, "LONG"),
    row(`L${"1".repeat(4301)}L\n`, "invalid-operand", 0, "LONG"),
    row(`I${"1".repeat(4301)}\n`, "invalid-operand", 0, "INT"),
    row("Fx\n", "invalid-operand", 0, "FLOAT"),
    row("F1e400\n", "invalid-operand", 0, "FLOAT"),
    row("F1.5x\n", "invalid-operand", 0, "FLOAT"),
    row("F 1\n", "invalid-operand", 0, "FLOAT"),
  ],
  "protocol and extensions": [
    row("\x80\x06", "unsupported-protocol", 0, "PROTO"),
    row("N\x80\xff", "unsupported-protocol", 1, "PROTO"),
    row("\x82\x00", "invalid-extension", 0, "EXT1"),
    row("\x84\xff\xff\xff\xff", "invalid-extension", 0, "EXT4"),
    row("\x82\x09", "missing-extension", 0, "EXT1"),
    row("\x83\x09\x09", "missing-extension", 0, "EXT2"),
    row("N\x84\x09\x00\x00\x00", "missing-extension", 1, "EXT4"),
  ],
  buffers: [
    row("\x97", "missing-buffer", 0, "NEXT_BUFFER"),
    row("\x97\x97", "missing-buffer", 1, "NEXT_BUFFER", { buffers: [new Uint8Array(1)] }),
    row("N\x98", "unsupported-operation", 1, "READONLY_BUFFER"),
    row("\x8c\x01a\x98", "unsupported-operation", 3, "READONLY_BUFFER"),
  ],
  "keys and items": [
    row("(Nd", "odd-items", 2, "DICT"),
    row("}(Nu", "odd-items", 3, "SETITEMS"),
    row("](Nu", "odd-items", 3, "SETITEMS"),
    row("}]Ns", "unhashable-key", 3, "SETITEM"),
    row("}}Ns", "unhashable-key", 3, "SETITEM"),
    row("}\x8fNs", "unhashable-key", 3, "SETITEM"),
    row("}(N]]Nu", "unhashable-key", 6, "SETITEMS"),
    row("(]Nd", "unhashable-key", 3, "DICT"),
    row("(]\x91", "unhashable-key", 2, "FROZENSET"),
    row("\x8f(}\x90", "unhashable-key", 3, "ADDITEMS"),
    row("}]\x85Ns", "unhashable-key", 4, "SETITEM"),
    row(assemble("}", 0x96, uint(8, 0), "Ns"), "unhashable-key", 11, "SETITEM"),
    row("NNa", "unsupported-operation", 2, "APPEND"),
    row(")(Ne", "unsupported-operation", 3, "APPENDS"),
    row("\x8fNa", "unsupported-operation", 2, "APPEND"),
    row("](N\x90", "unsupported-operation", 3, "ADDITEMS"),
    row("(\x91(N\x90", "unsupported-operation", 4, "ADDITEMS"),
    row("\x88NNs", "unsupported-operation", 3, "SETITEM"),
    row("(NtK\x00Ns", "unsupported-operation", 6, "SETITEM"),
    row("C\x01aK\x00Ns", "unsupported-operation", 6, "SETITEM"),
    row("]K\x00Ns", "unsupported-operation", 4, "SETITEM"),
    row("]\x8c\x01aNs", "unsupported-operation", 5, "SETITEM"),
    row("cm\nC\nNNs", "unsupported-operation", 7, "SETITEM"),
    row(assemble(0x96, uint(8, 1), "aK\x00M\x00\x01s"), "unsupported-operation", 15, "SETITEM"),
    row(assemble(0x96, uint(8, 1), "aK\x00Ns"), "unsupported-operation", 13, "SETITEM"),
  ],
  "calls and names": [
    row("cm\nC\n]R", "invalid-arguments", 6, "REDUCE"),
    row("cm\nC\nNR", "invalid-arguments", 6, "REDUCE"),
    row("N)R", "invalid-arguments", 2, "REDUCE"),
    row("\x8c\x01a)R", "invalid-arguments", 4, "REDUCE"),
    row("(No", "invalid-arguments", 2, "OBJ"),
    row("N)\x81", "invalid-arguments", 2, "NEWOBJ"),
    row("cm\nC\n]\x81", "invalid-arguments", 6, "NEWOBJ"),
    row("N)}\x92", "invalid-arguments", 3, "NEWOBJ_EX"),
    row("cm\nC\nN}\x92", "invalid-arguments", 7, "NEWOBJ_EX"),
    row("cm\nC\n))\x92", "invalid-arguments", 7, "NEWOBJ_EX"),
    row("cm\nC\n)}NNs\x92", "invalid-arguments", 10, "NEWOBJ_EX"),
    row("NN\x93", "invalid-arguments", 2, "STACK_GLOBAL"),
    row("\x8c\x01mC\x01C\x93", "invalid-arguments", 6, "STACK_GLOBAL"),
  ],
  states: [
    row("]}b", "unsupported-operation", 2, "BUILD"),
    row("]Kab", "invalid-state", 3, "BUILD"),
    row("cm\nC\nKab", "invalid-state", 7, "BUILD"),
    row("]N)\x86b", "invalid-state", 4, "BUILD"),
    row("]NN\x86b", "invalid-state", 4, "BUILD"),
    row("cm\nC\n}\x8c\x01aNsb", "unsupported-operation", 11, "BUILD"),
    row("]N}\x8c\x01aNs\x86b", "unsupported-operation", 9, "BUILD"),
    row("cm\nC\nN}NNs\x86b", "invalid-state", 11, "BUILD"),
  ],
};
const all = Object.entries(rows).flatMap(([title, some]) => some.map((each) => ({ title, ...each })));

describe("what CPython refuses", () => {
  it("is refused in its words, with the exception, place and opcode", async () => {
    const cases = all.map(({ pickle, encoding, buffers }) => ({
      bytes: assemble(pickle),
      encoding,
      buffers,
    }));
    const verdicts = await oracle.judge(cases);
    for (const [i, given] of cases.entries()) {
      const verdict = verdicts[i] as { error?: readonly [string, string] };
      const { title, code, offset, opcode } = all[i] as (typeof all)[number];
      for (const exact of [true, false]) {
        const error = failureOf(() => loads(given.bytes, { ...oracleOptions(given), exact }));
        const label = `${title}: ${JSON.stringify(Buffer.from(given.bytes).toString("latin1"))}, exact: ${exact}`;
        const [exception, words] = verdict.error ?? ["nothing", ""];
        expect(error.pythonException ?? "UnpicklingError", label).toBe(exception);
        // The oracle's stand-ins have names of their own.
        const pattern = words
          .replace(/; use sys\.set_int_max_str_digits.*/, "")
          .replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
          .replace(/\b(Inert|Recorded)\b/g, "[^']*");
        if (exact) expect(error.message, label).toMatch(new RegExp(`^${pattern}`, "s"));
        expect({ code: error.code, offset: error.offset, opcode: error.opcode }, label).toEqual({
          code,
          offset,
          opcode,
        });
      }
    }
  });
});

describe("what the oracle cannot show", () => {
  it("a persistent id without a hook, once it is there", () => {
    for (const pickle of ["K\x01Q.", "NNPid\n."]) {
      const error = failureOf(() => loads(assemble(pickle)));
      expect(error).toMatchObject({ code: "missing-hook", pythonException: undefined, offset: 2 });
      expect(error.message).toMatch(
        /^A load persistent id instruction was encountered, but no persistent_load function was specified\. \(.*persistentLoad/,
      );
    }
    expect(failureOf(() => loads(assemble("P"))).code).toBe("truncated");
    expect(failureOf(() => loads(assemble("P\xe9\n"))).code).toBe("undecodable-text");
    expect(failureOf(() => loads(assemble("Q"))).code).toBe("stack-underflow");
    expect(failureOf(() => loads(assemble("N(Q"))).code).toBe("unexpected-mark");
  });

  it("buffers: not given, and used up, each with its advice", () => {
    expect(failureOf(() => loads(assemble("\x97."))).message).toMatch(
      /^pickle stream refers to out-of-band data but no \*buffers\* argument was given \(NEXT_BUFFER at byte 0\)\. .*buffers/,
    );
    expect(failureOf(() => loads(assemble("\x97."), { buffers: [] })).message).toMatch(
      /^not enough out-of-band buffers \(NEXT_BUFFER at byte 0\)/,
    );
  });

  it("a bytearray that grows", () => {
    for (const does of ["K\x01a", "(K\x01e"]) {
      for (const exact of [true, false]) {
        const error = failureOf(() => loads(assemble(0x96, uint(8, 0), does, "."), { exact }));
        expect(error).toMatchObject({ code: "unrepresentable", pythonException: undefined });
      }
    }
    expect(loads(assemble(0x96, uint(8, 0), "(e."))).toEqual(new Uint8Array(0));
  });

  it("the message: CPython's words, then the place, then what to do", () => {
    expect(failureOf(() => loads(assemble("\x82\x05."))).message).toMatch(
      /^unregistered extension code 5 \(EXT1 at byte 0\)\. Give .*extensions/,
    );
    const error = failureOf(() => loads(assemble("N")));
    expect(error.message).toBe("Ran out of input (at byte 1)");
    expect(error.name).toBe("UnpicklingError");
    expect(error).toBeInstanceOf(Error);
  });

  it("values that are not there are never given away, also not in part", () => {
    const options: LoadOptions = { types: TypeRegistry.empty };
    expect(() => loads(assemble("](K\x01e(K\x02"), options)).toThrow("Ran out of input");
  });
});
