import { describe, expect, it } from "vitest";
import { loads, type PyGlobal, PyObject, Tuple, UnpicklingError } from "../../src/core.ts";
import type { LoadOptions } from "../../src/core.ts";
import { assemble, uint } from "../support/assemble.ts";

const load = (pickle: string | Uint8Array, options?: LoadOptions): unknown =>
  loads(assemble(pickle, "."), options);

function failureOf(run: () => unknown): UnpicklingError {
  try {
    run();
  } catch (error) {
    if (error instanceof UnpicklingError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("the option dicts", () => {
  const strings = "}(\x8c\x01aK\x01u";
  const mixed = "}(\x8c\x01aK\x01K\x02Nu";
  const tuples = "}(\x8c\x01aK\x01)Nu";

  it("auto: an object, a Map, a PyDict, as the keys are", () => {
    expect(load(strings)).toStrictEqual({ a: 1 });
    expect(load(mixed)).toStrictEqual(
      new Map<unknown, unknown>([
        ["a", 1],
        [2, null],
      ]),
    );
    const dict = load(tuples) as Map<unknown, unknown>;
    expect(dict.get([])).toBe(null);
    expect(load(strings, { dicts: "auto" })).toStrictEqual({ a: 1 });
  });

  it("map: always a Map", () => {
    expect(load(strings, { dicts: "map" })).toStrictEqual(new Map([["a", 1]]));
    expect(load("}", { dicts: "map" })).toStrictEqual(new Map());
    expect(load("(d", { dicts: "map" })).toStrictEqual(new Map());
    expect(load("}\x94\x8c\x01ah\x00s", { dicts: "map" })).toBeInstanceOf(Map);
  });

  it("object: refuses another key and names the option", () => {
    expect(load(strings, { dicts: "object" })).toStrictEqual({ a: 1 });
    for (const pickle of [mixed, tuples, "}K\x01Ns", "(K\x01Nd", "}\x94h\x00)Ns"]) {
      const error = failureOf(() => load(pickle, { dicts: "object" }));
      expect(error.code).toBe("unrepresentable");
      expect(error.message).toMatch(/dicts: "auto" or "map"/);
    }
  });

  it("keeps NaN and -0 as keys", () => {
    const nan = load(
      "}(G\x7f\xf8\x00\x00\x00\x00\x00\x00K\x01G\x7f\xf8\x00\x00\x00\x00\x00\x00K\x02u",
    ) as Map<unknown, unknown>;
    expect([...nan]).toEqual([
      [NaN, 1],
      [NaN, 2],
    ]);
    const zero = load("}(G\x80\x00\x00\x00\x00\x00\x00\x00K\x01u") as Map<unknown, unknown>;
    expect([...zero.keys()]).toEqual([-0]);
    expect(zero.get(0)).toBe(1);
  });

  it("compares the keys as Python does: True is 1, 1.0 is 1, the first one stays", () => {
    expect([
      ...(load("}(\x88K\x01K\x01K\x02G\x3f\xf0\x00\x00\x00\x00\x00\x00K\x03u") as Map<unknown, unknown>),
    ]).toEqual([[true, 3]]);
    expect([...(load("}(K\x00K\x01\x89K\x02u") as Map<unknown, unknown>)]).toEqual([[0, 2]]);
  });
});

describe("the option ints", () => {
  const safe = "\x8a\x07\xff\xff\xff\xff\xff\xff\x1f";
  const unsafe = "\x8a\x07\x00\x00\x00\x00\x00\x00\x20";

  it("auto: a number if it is safe", () => {
    expect(load(safe)).toBe(2 ** 53 - 1);
    expect(load(unsafe)).toBe(2n ** 53n);
  });

  it("bigint: always a bigint", () => {
    for (const pickle of [
      "K\x05",
      "M\x05\x00",
      "J\x05\x00\x00\x00",
      "I5\n",
      "L5L\n",
      "\x8a\x01\x05",
      "\x8b\x01\x00\x00\x00\x05",
    ]) {
      expect(load(pickle, { ints: "bigint" })).toBe(5n);
    }
    expect(load("\x8a\x00", { ints: "bigint" })).toBe(0n);
    expect(load("F5\n", { ints: "bigint" })).toBe(5);
    expect(load("I01\n", { ints: "bigint" })).toBe(true);
  });

  it("number: refuses what a number cannot hold", () => {
    expect(load(safe, { ints: "number" })).toBe(2 ** 53 - 1);
    for (const pickle of [
      unsafe,
      "L9007199254740992L\n",
      "I-9007199254740992\n",
      assemble(0x8b, uint(4, 1000), new Uint8Array(1000).fill(7)),
    ]) {
      const error = failureOf(() => load(pickle, { ints: "number" }));
      expect(error.code).toBe("unrepresentable");
      expect(error.message).toMatch(/ints: "auto" or "bigint"/);
      expect(error.offset).toBe(0);
    }
  });
});

describe("the option bytes", () => {
  it("copy: bytes of their own", () => {
    const pickle = assemble("C\x02ab.");
    const value = loads(pickle) as Uint8Array;
    expect(value.buffer).not.toBe(pickle.buffer);
    expect(value.buffer.byteLength).toBe(2);
  });

  it("copy: small ones that lie near each other share memory, never the input's", () => {
    const pickle = assemble(
      "](",
      ...Array.from({ length: 3000 }, (_, i) => `C\x03${String(i).padStart(3, "0").slice(-3)}`),
      "e.",
    );
    const values = loads(pickle) as Uint8Array[];
    expect(values.map((value) => String.fromCharCode(...value))).toEqual(
      Array.from({ length: 3000 }, (_, i) => String(i).padStart(3, "0").slice(-3)),
    );
    const buffers = new Set(values.map((value) => value.buffer));
    expect(buffers.has(pickle.buffer)).toBe(false);
    const kept = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(buffers.size).toBeLessThan(20);
    expect(kept).toBeLessThanOrEqual(2 * pickle.length);
  });

  it("view: over the input, but for a bytearray", () => {
    for (const pickle of [
      assemble("C\x02ab."),
      assemble("B\x02\x00\x00\x00ab."),
      assemble(0x8e, uint(8, 2), "ab."),
    ]) {
      const value = loads(pickle, { bytes: "view" }) as Uint8Array;
      expect(value).toEqual(Uint8Array.of(97, 98));
      expect(value.buffer).toBe(pickle.buffer);
    }
    const pickle = assemble(0x96, uint(8, 2), "ab.");
    expect((loads(pickle, { bytes: "view" }) as Uint8Array).buffer).not.toBe(pickle.buffer);
  });

  it("is never a Buffer, whatever the input", () => {
    const value = loads(Buffer.from("C\x02ab.", "latin1"), { bytes: "view" });
    expect(Object.getPrototypeOf(value)).toBe(Uint8Array.prototype);
  });
});

describe("encoding and errors", () => {
  it("is ASCII and strict by default, and the error says which option reads it", () => {
    for (const pickle of ["U\x02\xc3\xa9", "T\x02\x00\x00\x00\xc3\xa9", "S'\\xc3\\xa9'\n"]) {
      const error = failureOf(() => load(pickle));
      expect(error.code).toBe("undecodable-text");
      expect(error.pythonException).toBe("UnicodeDecodeError");
      expect(error.message).toMatch(
        /^'ascii' codec can't decode byte 0xc3 in position 0: ordinal not in range\(128\).*encoding: "latin1"/,
      );
      expect(load(pickle, { encoding: "latin1" })).toBe("\xc3\xa9");
      expect(load(pickle, { encoding: "utf-8" })).toBe("é");
      expect(load(pickle, { encoding: "bytes" })).toEqual(Uint8Array.of(0xc3, 0xa9));
      expect(load(pickle, { errors: "ignore" })).toBe("");
      expect(load(pickle, { errors: "replace" })).toBe("\ufffd\ufffd");
      expect(load(pickle, { errors: "backslashreplace" })).toBe("\\xc3\\xa9");
      expect(load(pickle, { errors: "surrogateescape" })).toBe("\udcc3\udca9");
    }
  });

  it("leaves what Python 3 wrote alone", () => {
    expect(load("\x8c\x02\xc3\xa9", { encoding: "latin1" })).toBe("é");
    expect(load("V\xe9\n", { encoding: "bytes" })).toBe("é");
  });

  it("hands bytes that are views on with encoding bytes", () => {
    const pickle = assemble("U\x02ab.");
    expect(loads(pickle, { encoding: "bytes", bytes: "view" })).toEqual(Uint8Array.of(97, 98));
  });
});

describe("fixImports", () => {
  it("maps below protocol 3, whatever the opcode", () => {
    for (const [pickle, name] of [
      ["\x80\x02cUserDict\nIterableUserDict\n", "collections.UserDict"],
      ["c__builtin__\nxrange\n", "builtins.range"],
      ["(icopy_reg\n_x\n", "copyreg._x"],
      ["c__builtin__\nunknown\n", "builtins.unknown"],
      ["\x80\x03c__builtin__\nxrange\n", "__builtin__.xrange"],
    ] as const) {
      const value = load(pickle) as PyGlobal | PyObject;
      expect(String(value instanceof PyObject ? value.type : value)).toBe(name);
      if (!pickle.startsWith("\x80\x03")) expect(String(load(pickle, { fixImports: false }))).not.toBe(name);
    }
  });

  it("reads what old protocols write for builtin values", () => {
    expect(load("c__builtin__\nset\n(]K\x01atR")).toStrictEqual(new Set([1]));
    expect(load("c__builtin__\nfrozenset\n(]K\x01atR")).toStrictEqual(new Set([1]));
    expect(load("c_codecs\nencode\n(V\xff\\u0000\nVlatin1\ntR")).toStrictEqual(Uint8Array.of(255, 0));
    expect(load("c__builtin__\nbytes\n)R")).toStrictEqual(new Uint8Array(0));
    expect(load("c__builtin__\nbytearray\n(c_codecs\nencode\n(Va\nVlatin1\ntRtR")).toStrictEqual(
      Uint8Array.of(97),
    );
    expect(load("c__builtin__\nbytearray\n(Va\nVlatin-1\ntR")).toStrictEqual(Uint8Array.of(97));
    expect(String(load("c__builtin__\ncomplex\n(F1\nF-2\ntR"))).toBe("(1-2j)");
    const made = load("ccopy_reg\n_reconstructor\n(cm\nC\nc__builtin__\nobject\nNtR");
    expect(made).toMatchObject({ args: [], type: { module: "m", name: "C" } });
    const exact = load("ccopy_reg\n_reconstructor\n(cm\nC\nc__builtin__\nobject\nNtR", { exact: true });
    expect((exact as PyObject).args).toBeInstanceOf(Tuple);
  });
});

describe("options that cannot be", () => {
  it.each([{ dicts: "maps" }, { ints: "BigInt" }, { bytes: "share" }, { dicts: 1 }])(
    "refuses $0",
    (options) => {
      for (const pickle of ["N", "}", "](K\x01C\x01ae"]) {
        const error = failureOf(() => load(pickle, options as LoadOptions));
        expect(error.code).toBe("invalid-input");
        expect(error.message).toContain(Object.keys(options)[0]);
      }
    },
  );

  it("refuses encodings and handlers when it needs them, as Python does", () => {
    expect(failureOf(() => load("U\x01\xff", { encoding: "no-such" }))).toMatchObject({
      code: "unknown-encoding",
      pythonException: "LookupError",
    });
    expect(failureOf(() => load("U\x01\xff", { errors: "no-such" }))).toMatchObject({
      code: "unknown-encoding",
      pythonException: "LookupError",
    });
    expect(load("U\x01a", { errors: "no-such" })).toBe("a");
  });
});

describe("input", () => {
  const pickle = assemble("C\x01a\x8c\x01b\x86.");
  const expected = [Uint8Array.of(97), "b"];

  it("takes every kind of binary data, wherever its view begins", () => {
    const padded = assemble("xx", pickle, "yy");
    const shared = new SharedArrayBuffer(pickle.length);
    new Uint8Array(shared).set(pickle);
    const wide = new ArrayBuffer(16);
    new Uint8Array(wide).set(pickle);
    for (const data of [
      pickle,
      pickle.buffer,
      Buffer.from(pickle),
      padded.subarray(2, 2 + pickle.length),
      new DataView(padded.buffer, 2, pickle.length),
      shared,
      new Uint8Array(shared),
      new Int8Array(pickle.buffer),
      new Uint8ClampedArray(pickle),
      new Uint16Array(wide),
      new Float64Array(wide),
    ]) {
      expect(loads(data)).toStrictEqual(expected);
    }
  });

  it("refuses everything else, a string with advice", () => {
    for (const data of ["N.", null, undefined, 5, {}, [78, 46], new Map(), { buffer: pickle.buffer }]) {
      const error = failureOf(() => loads(data as unknown as Uint8Array));
      expect(error).toMatchObject({ code: "invalid-input", pythonException: "TypeError" });
      expect(error.message).toMatch(/^a bytes-like object is required, not '.*Read it as bytes, not as text/);
    }
    expect(failureOf(() => loads("N." as unknown as Uint8Array)).message).toMatch(/not 'str'/);
  });

  it("ignores what comes after STOP", () => {
    expect(loads(assemble("K\x05.\xff\xff garbage"))).toBe(5);
  });
});
