import { afterAll, describe, expect, it } from "vitest";
import { loads, TypeRegistry } from "../../src/core.ts";
import * as op from "../../src/syntax/opcodes.ts";
import { ByteArray } from "../../src/values/byte-array.ts";
import { MemoryView } from "../../src/values/memory-view.ts";
import { PyDict } from "../../src/values/py-dict.ts";
import { PyFrozenSet } from "../../src/values/py-frozen-set.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import type { PyObject } from "../../src/values/py-object.ts";
import { operationsOf } from "../../src/values/py-object-operations.ts";
import { PySet } from "../../src/values/py-set.ts";
import { Tuple } from "../../src/values/tuple.ts";
import { assemble, uint, utf8 } from "../support/assemble.ts";
import { oracleOptions } from "../support/check-program.ts";
import { drawExact, Persistent } from "../support/describe.ts";
import { hexOf, Oracle } from "../support/oracle.ts";

const oracle = new Oracle();
afterAll(() => oracle.close());

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const global = new PyGlobal("m", "C");
const buffers = [bytes(7, 8)];

/** An object, by what can be seen of it. */
const object = (parts: Record<string, unknown>): unknown => expect.objectContaining(parts);

/** By opcode: pickles without their STOP, and what they are in plain mode. */
const table: Record<string, readonly (readonly [pickle: string | Uint8Array, plain: unknown])[]> = {
  PROTO: [
    ["\x80\x00N", null],
    ["\x80\x05N", null],
    ["N\x80\x03\x80\x02", null],
  ],
  FRAME: [
    [assemble(op.FRAME, uint(8, 3), "K\x05."), 5],
    [assemble(op.FRAME, uint(8, 2), "K\x05", op.FRAME, uint(8, 1), "."), 5],
    [assemble(op.FRAME, uint(8, 0), "K\x05"), 5],
    [assemble(op.FRAME, uint(8, 12), op.FRAME, uint(8, 2), "K\x05."), 5],
  ],
  STOP: [["N.I", null]],
  NONE: [["N", null]],
  NEWTRUE: [["\x88", true]],
  NEWFALSE: [["\x89", false]],
  INT: [
    ["I0\n", 0],
    ["I-0\n", false],
    ["I-2147483649\n", -2147483649],
    ["I00\n", false],
    ["I01\n", true],
    ["I 1\n", true],
    ["I001\n", 1],
    ["I010\n", 8],
    ["I0x10\n", 16],
    ["I+12\n", 12],
    ["I1_000\n", 1000],
    ["I12\x00junk\n", 12],
    ["I9007199254740991\n", 9007199254740991],
    ["I9007199254740992\n", 2n ** 53n],
  ],
  BININT: [
    ["J\xff\xff\xff\x7f", 2147483647],
    ["J\x00\x00\x00\x80", -2147483648],
    ["J\xff\xff\xff\xff", -1],
  ],
  BININT1: [
    ["K\x00", 0],
    ["K\xff", 255],
  ],
  BININT2: [
    ["M\x00\x00", 0],
    ["M\x01\xff", 65281],
  ],
  LONG: [
    ["L0L\n", 0],
    ["L-5L\n", -5],
    ["L12\n", 12],
    ["L-9007199254740992L\n", -(2n ** 53n)],
    ["L340282366920938463463374607431768211456L\n", 2n ** 128n],
    ["L0xffL\n", 255],
  ],
  LONG1: [
    ["\x8a\x00", 0],
    ["\x8a\x01\x80", -128],
    ["\x8a\x02\x80\x00", 128],
    ["\x8a\x01\xff", -1],
    ["\x8a\x07\x00\x00\x00\x00\x00\x00\x20", 2n ** 53n],
    ["\x8a\x07\xff\xff\xff\xff\xff\xff\x1f", 2 ** 53 - 1],
    ["\x8a\x07\x01\x00\x00\x00\x00\x00\xe0", -(2 ** 53) + 1],
    ["\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80", -(2n ** 63n)],
    ["\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\x00", 2n ** 64n - 1n],
  ],
  LONG4: [
    ["\x8b\x00\x00\x00\x00", 0],
    ["\x8b\x02\x00\x00\x00\x00\xff", -256],
    [assemble(op.LONG4, uint(4, 1000), new Uint8Array(999), 0x80), -(2n ** 7999n)],
  ],
  FLOAT: [
    ["F1.5\n", 1.5],
    ["F-0.0\n", -0],
    ["F1e1\0x\n", 10],
    ["Finf\n", Infinity],
    ["F-inf\n", -Infinity],
    ["Fnan\n", NaN],
    ["F1\n", 1],
    ["F5e-324\n", 5e-324],
  ],
  BINFLOAT: [
    ["G\x3f\xf8\x00\x00\x00\x00\x00\x00", 1.5],
    ["G\x80\x00\x00\x00\x00\x00\x00\x00", -0],
    ["G\x7f\xf0\x00\x00\x00\x00\x00\x00", Infinity],
    ["G\xff\xf8\x00\x00\x00\x00\x00\x00", NaN],
    ["G\x00\x00\x00\x00\x00\x00\x00\x01", 5e-324],
  ],
  UNICODE: [
    ["V\n", ""],
    ["Vabc\xe9\n", "abcé"],
    ["V\\u20ac\\U0001f600\n", "€😀"],
    ["V\\ud800x\n", "\ud800x"],
    ["V\\\\u0041\\n\n", "\\\\u0041\\n"],
    ["Va\r\n", "a\r"],
  ],
  SHORT_BINUNICODE: [
    ["\x8c\x00", ""],
    [assemble(op.SHORT_BINUNICODE, 6, utf8("é😀")), "é😀"],
    ["\x8c\x03\xef\xbb\xbf", "\ufeff"],
    ["\x8c\x03\xed\xa0\x80", "\ud800"],
  ],
  BINUNICODE: [
    ["X\x01\x00\x00\x00a", "a"],
    [assemble(op.BINUNICODE, uint(4, 300), "x".repeat(300)), "x".repeat(300)],
  ],
  BINUNICODE8: [[assemble(op.BINUNICODE8, uint(8, 2), utf8("é")), "é"]],
  STRING: [
    ["S''\n", ""],
    ['S"it\'s"\n', "it's"],
    ["S'\\x41\\102\\n\\\\\\''\n", "AB\n\\'"],
    ["S'\\q'\n", "\\q"],
  ],
  SHORT_BINSTRING: [["U\x02ab", "ab"]],
  BINSTRING: [["T\x02\x00\x00\x00ab", "ab"]],
  SHORT_BINBYTES: [
    ["C\x02\x00\xff", bytes(0, 255)],
    ["C\x00", bytes()],
  ],
  BINBYTES: [["B\x02\x00\x00\x00\x00\xff", bytes(0, 255)]],
  BINBYTES8: [[assemble(op.BINBYTES8, uint(8, 2), "\x00\xff"), bytes(0, 255)]],
  BYTEARRAY8: [[assemble(op.BYTEARRAY8, uint(8, 2), "\x00\xff"), bytes(0, 255)]],
  NEXT_BUFFER: [["\x97", bytes(7, 8)]],
  READONLY_BUFFER: [
    ["\x97\x98", bytes(7, 8)],
    [assemble(op.BYTEARRAY8, uint(8, 1), "a\x98"), new MemoryView(bytes(97), { readonly: true })],
  ],
  EMPTY_TUPLE: [[")", []]],
  TUPLE1: [["N\x85", [null]]],
  TUPLE2: [["K\x01K\x02\x86", [1, 2]]],
  TUPLE3: [["K\x01K\x02K\x03\x87", [1, 2, 3]]],
  TUPLE: [
    ["(t", []],
    ["(K\x01(K\x02tt", [1, [2]]],
  ],
  EMPTY_LIST: [["]", []]],
  LIST: [
    ["(l", []],
    ["(K\x01K\x02l", [1, 2]],
  ],
  APPEND: [
    ["]K\x01aK\x02a", [1, 2]],
    ["(lNa", [null]],
  ],
  APPENDS: [
    ["](e", []],
    ["](K\x01K\x02e(K\x03e", [1, 2, 3]],
  ],
  EMPTY_DICT: [["}", {}]],
  DICT: [
    ["(d", {}],
    ["(V1\nK\x01Va\nK\x02d", { 1: 1, a: 2 }],
    ["(K\x05Nd", new Map([[5, null]])],
  ],
  SETITEM: [
    ["}\x8c\x01aK\x01s", { a: 1 }],
    ["}\x8c\x01aK\x01s\x8c\x01aK\x02s", { a: 2 }],
    ["]Na" + "K\x00K\x07s", [7]],
    ["](NNe" + "J\xff\xff\xff\xffK\x07s" + "\x89K\x01s", [1, 7]],
  ],
  SETITEMS: [
    ["}(u", {}],
    ["}(\x8c\x01aK\x01\x8c\x01bK\x02u", { a: 1, b: 2 }],
    ["}(\x88\x8c\x01aK\x01\x8c\x01bu", new Map([[true, "b"]])],
    [
      "}(\x8c\x01aNNNu",
      new Map([
        ["a", null],
        [null, null],
      ]),
    ],
  ],
  EMPTY_SET: [["\x8f", new Set()]],
  ADDITEMS: [
    ["\x8f(K\x01\x88K\x02\x90", new Set([1, 2])],
    ["\x8f(\x90", new Set()],
  ],
  FROZENSET: [
    ["(\x91", new Set()],
    ["(K\x01\x8c\x01a\x91", new Set([1, "a"])],
  ],
  GLOBAL: [
    ["cm\nC\n", global],
    [assemble(op.GLOBAL, utf8("mé\nCé\n")), new PyGlobal("mé", "Cé")],
  ],
  STACK_GLOBAL: [
    ["\x8c\x01m\x8c\x01C\x93", global],
    ["\x8c\x00\x8c\x00\x93", new PyGlobal("", "")],
  ],
  EXT1: [["\x82\x01", new PyGlobal("extended", "one")]],
  EXT2: [["\x83\x2c\x01", new PyGlobal("extended", "far")]],
  EXT4: [[assemble(op.EXT4, uint(4, 70000)), new PyGlobal("extended", "distant")]],
  REDUCE: [
    [
      "cm\nC\n(K\x01tR",
      object({ type: global, args: [1], kwargs: undefined, how: "reduce", state: undefined }),
    ],
    ["cm\nC\n)R)R", object({ type: object({ type: global }), args: [] })],
  ],
  NEWOBJ: [["cm\nC\n(K\x01t\x81", object({ type: global, args: [1], how: "newobj" })]],
  NEWOBJ_EX: [
    [
      "cm\nC\n)}\x8c\x01aK\x01s\x92",
      object({ type: global, args: [], kwargs: new Map([["a", 1]]), how: "newobj_ex" }),
    ],
  ],
  INST: [["(K\x01im\nC\n", object({ type: global, args: [1], how: "inst" })]],
  OBJ: [["(cm\nC\nK\x01o", object({ type: global, args: [1], how: "obj" })]],
  BUILD: [
    ["cm\nC\n)R}\x8c\x01aK\x01sb", object({ state: { a: 1 } })],
    ["cm\nC\n)RNb", object({ state: null })],
    ["K\x05Nb", 5],
    ["]Nb", []],
    ["cm\nC\n}b", global],
    ["cm\nC\nN}\x8c\x01aNs\x86b", global],
  ],
  PERSID: [
    ["Pid 7\n", new Persistent("id 7")],
    ["P\n", new Persistent("")],
  ],
  BINPERSID: [["K\x07Q", new Persistent(7)]],
  MARK: [["(K\x01l", [1]]],
  POP: [
    ["NK\x01" + "0", null],
    ["N(0", null],
    ["](0", []],
  ],
  POP_MARK: [
    ["N(K\x01K\x021", null],
    ["](1", []],
  ],
  DUP: [["K\x012\x86", [1, 1]]],
  GET: [
    ["Np5\n0g5\n", null],
    ["]p0\n0g0\n", []],
  ],
  BINGET: [["K\x05q\x00h\x00\x86", [5, 5]]],
  LONG_BINGET: [["K\x05q\x00j\x00\x00\x00\x00\x86", [5, 5]]],
  PUT: [
    ["Np1\n", null],
    ["Np 1 \n", null],
  ],
  BINPUT: [["Nq\xff", null]],
  LONG_BINPUT: [["Nr\xff\xff\x00\x00", null]],
  MEMOIZE: [["K\x05\x94K\x06\x94h\x00h\x01\x86\x86\x86", [5, [6, [5, 6]]]]],
};

const rows = Object.entries(table).flatMap(([name, cases]) =>
  cases.map(([pickle, plain]) => ({ name, pickle: assemble(pickle, "."), plain })),
);

describe("opcodes", () => {
  it("has a row for each of the 68", () => {
    const without = op.opcodes.filter(({ name }) => !table[name]?.length);
    expect(without.map(({ name }) => name)).toEqual([]);
    for (const [name, cases] of Object.entries(table)) {
      const { code } = op.opcodes.find((opcode) => opcode.name === name) as op.Opcode;
      for (const [pickle] of cases) expect([...assemble(pickle, ".")], name).toContain(code);
    }
  });

  it.each(rows)("$name: $plain, plain", ({ pickle, plain }) => {
    const value: unknown = loads(pickle, oracleOptions({ bytes: pickle, buffers }));
    expect(value).toStrictEqual(plain);
  });

  it("is CPython's, exact, for each row", async () => {
    const cases = rows.map(({ pickle }) => ({ bytes: pickle, buffers }));
    const verdicts = await oracle.judge(cases);
    for (const [i, given] of cases.entries()) {
      const value = loads(given.bytes, { ...oracleOptions(given), exact: true });
      expect({ value: drawExact(value) }, `${rows[i]?.name} ${hexOf(given.bytes)}`).toEqual(verdicts[i]);
    }
  });
});

describe("exact values", () => {
  const load = (pickle: string | Uint8Array): unknown =>
    loads(assemble(pickle, "."), { exact: true, types: TypeRegistry.empty });

  it("gives every Python type a class of its own", () => {
    expect(load("K\x05")).toBe(5n);
    expect(load("\x8a\x00")).toBe(0n);
    expect(load("F5\n")).toBe(5);
    expect(load("I01\n")).toBe(true);
    const byteArray = load(assemble(op.BYTEARRAY8, uint(8, 1), "a"));
    expect(byteArray).toBeInstanceOf(ByteArray);
    expect(Object.getPrototypeOf(load("C\x01a"))).toBe(Uint8Array.prototype);
    const tuple = load("NN\x86");
    expect(tuple).toBeInstanceOf(Tuple);
    expect(Object.isFrozen(tuple)).toBe(true);
    expect(load(")")).toBeInstanceOf(Tuple);
    expect(Object.getPrototypeOf(load("]"))).toBe(Array.prototype);
    expect(load("}")).toBeInstanceOf(PyDict);
    expect(load("\x8f")).toBeInstanceOf(PySet);
    expect(load("(\x91")).toBeInstanceOf(PyFrozenSet);
    expect(load("cm\nC\n")).toBeInstanceOf(PyGlobal);
  });

  it("keeps the very tuple of arguments and the log of all that was done", () => {
    const [args, made] = load("(N\x85q\x00cm\nC\nh\x00RNb(K\x01e}b\x8c\x01kK\x02sK\x03at") as [
      Tuple,
      PyObject,
    ];
    expect(made.args).toBe(args);
    expect(operationsOf(made)).toEqual([
      { kind: "build", state: null },
      { kind: "append", items: [1n] },
      { kind: "build", state: new PyDict() },
      { kind: "set", entries: [["k", 2n]] },
      { kind: "append", items: [3n] },
    ]);
  });

  it("notes a state setter's call, and not the remains of a recursive reduction", () => {
    // What CPython writes for a reduction with a state setter: object, setter, (object, state), REDUCE, POP.
    const set = load("cm\nC\n)R\x94cm\nset\nh\x00K\x05\x86R0") as PyObject;
    expect(operationsOf(set)).toEqual([
      { kind: "call", callable: new PyGlobal("m", "set"), args: Tuple.of(set, 5n) },
    ]);
    // An object in its own arguments: the arguments, memoized, are dropped.
    const plain = load("cm\nC\n)R\x94cm\nf\nh\x00\x85\x94R0") as PyObject;
    expect(operationsOf(plain)).toEqual([]);
  });

  it("keeps float and int apart where they meet", () => {
    const dict = load("}(K\x01\x8c\x01aG\x3f\xf0\x00\x00\x00\x00\x00\x00\x8c\x01bu") as PyDict;
    expect([...dict]).toEqual([[1n, "b"]]);
    const negative = load("}(G\x80\x00\x00\x00\x00\x00\x00\x00NK\x00Nu") as PyDict;
    expect([...negative.keys()]).toEqual([-0]);
    expect(load("](K\x01G\x3f\xf0\x00\x00\x00\x00\x00\x00e")).toEqual([1n, 1]);
  });
});
