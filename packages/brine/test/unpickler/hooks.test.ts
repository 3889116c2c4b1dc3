import { describe, expect, it, vi } from "vitest";
import {
  loads,
  loadsAll,
  PickleBuffer,
  TypeDefinition,
  TypeRegistry,
  UnpicklingError,
} from "../../src/core.ts";
import type { LoadOptions } from "../../src/core.ts";
import { MemoryView } from "../../src/values/memory-view.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import type { PyObject } from "../../src/values/py-object.ts";
import { assemble, uint } from "../support/assemble.ts";

const load = (pickle: string | Uint8Array, options?: LoadOptions): unknown =>
  loads(assemble(pickle, "."), options);

/** Makes a plain load begin anew: a dict that has been referred to gets a key that is no str. */
const restarting = "}\x94h\x000K\x05Ns";

function failureOf(run: () => unknown): UnpicklingError {
  try {
    run();
  } catch (error) {
    if (error instanceof UnpicklingError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("persistentLoad", () => {
  it("is given what stands for the id: text in protocol 0, any value else", () => {
    const persistentLoad = vi.fn((pid: unknown) => ({ pid }));
    expect(load("(Pid 1\nK\x02Q(K\x03tQt", { persistentLoad })).toEqual([
      { pid: "id 1" },
      { pid: 2 },
      { pid: [3] },
    ]);
    expect(persistentLoad.mock.calls).toEqual([["id 1"], [2], [[3]]]);
  });

  it("gives null for undefined, as Python's None", () => {
    expect(load("(K\x01Qt", { persistentLoad: () => undefined })).toEqual([null]);
  });

  it("gives a value that is kept as it is, in the memo too", () => {
    const given = new Date(0);
    expect(load("(K\x01Q\x94h\x00t", { persistentLoad: () => given })).toEqual([given, given]);
  });

  it("is called once for each id, in order, even when the load begins anew", () => {
    const seen: unknown[] = [];
    const persistentLoad = (pid: unknown): unknown => (seen.push(pid), `object ${String(pid)}`);
    const value = load(`(K\x01Q${restarting}Ptwo\nK\x03Qt`, { persistentLoad });
    expect(seen).toEqual([1, "two", 3]);
    expect(value).toEqual(["object 1", new Map([[5, null]]), "object two", "object 3"]);
  });
});

describe("findClass", () => {
  it("may give a value that stands for the global", () => {
    const findClass = (module: string, name: string): unknown =>
      module === "m" && name === "C" ? 42 : undefined;
    expect(load("(cm\nC\ncm\nD\nt", { findClass })).toEqual([42, new PyGlobal("m", "D")]);
    expect(load("(\x8c\x01m\x8c\x01C\x93t", { findClass })).toEqual([42]);
  });

  it("may give a definition that builds, is filled and gets its state", () => {
    const definition = new TypeDefinition("any", "name", {
      class: Date,
      construct: ({ args, how, type, kwargs, exact }) => {
        expect({ how, name: type.name, kwargs, exact }).toMatchObject({ name: "Moment", exact: false });
        return new Date(Number(args[0]));
      },
      setState: (value: Date, state) => value.setFullYear(Number(state)),
    });
    const types = new TypeRegistry([definition]);
    const findClass = (_: string, name: string): unknown => (name === "Moment" ? definition : undefined);
    for (const made of [
      "cm\nMoment\n(K\x05tR",
      "cm\nMoment\n(K\x05t\x81",
      "(K\x05im\nMoment\n",
      "(cm\nMoment\nK\x05o",
      "cm\nMoment\n(K\x05t}\x92",
    ]) {
      const date = load(`${made}M\xd0\x07b`, { findClass, types }) as Date;
      expect(date, made).toBeInstanceOf(Date);
      expect(date.getFullYear()).toBe(2000);
    }
  });

  it("is given the names after the import mapping, and asked once for each", () => {
    const findClass = vi.fn(() => undefined);
    load("\x80\x02(c__builtin__\nxrange\nc__builtin__\nxrange\n\x8c\x08builtins\x8c\x05range\x93t", {
      findClass,
    });
    expect(findClass.mock.calls).toEqual([["builtins", "range"]]);
    const again = vi.fn(() => undefined);
    load(`(cm\nC\n${restarting}cm\nC\ncm\nD\nt`, { findClass: again });
    expect(again.mock.calls).toEqual([
      ["m", "C"],
      ["m", "D"],
    ]);
  });

  it("may give a function, which nothing calls", () => {
    const standIn = vi.fn();
    const made = load("cm\nf\n(K\x01tR", { findClass: () => standIn }) as PyObject;
    expect(made.type).toBe(standIn);
    expect(made.args).toEqual([1]);
    expect(standIn).not.toHaveBeenCalled();
  });

  it("makes what is no callable an error where it is called", () => {
    const error = failureOf(() => load("cm\nf\n)R", { findClass: () => 5 }));
    expect(error).toMatchObject({
      code: "invalid-arguments",
      pythonException: "TypeError",
      opcode: "REDUCE",
      offset: 6,
    });
  });
});

describe("types", () => {
  class Point {
    x = 0;
    y = 0;
    readonly items: unknown[] = [];
    readonly entries: unknown[] = [];
    constructor(...args: unknown[]) {
      [this.x, this.y] = args.map(Number) as [number, number];
    }
  }
  const types = new TypeRegistry([
    new TypeDefinition("geo", "Point", {
      class: Point,
      construct: ({ args }) => (args.length === 2 ? new Point(...args) : undefined),
      setState: (point: Point, state) => Object.assign(point, { state }),
      append: (point, items) => void point.items.push(...items),
      setItems: (point, entries) => void point.entries.push(...entries),
    }),
  ]);

  it("build, and take all that the pickle does", () => {
    const point = load("cgeo\nPoint\n(K\x01K\x02tRK\x05a(K\x06K\x07e(K\x08\x90K\x01Ns(K\x02Nu\x8c\x01sb", {
      types,
    });
    expect(point).toMatchObject({
      x: 1,
      y: 2,
      items: [5, 6, 7, 8],
      entries: [
        [1, null],
        [2, null],
      ],
      state: "s",
    });
  });

  it("leave it to a PyObject what they cannot take", () => {
    expect(load("cgeo\nPoint\n)R", { types })).toMatchObject({ args: [], type: { name: "Point" } });
  });

  it("say that what has no such operation has none", () => {
    const bare = new TypeRegistry([
      new TypeDefinition("geo", "Point", { class: Point, construct: () => new Point() }),
    ]);
    for (const [does, code] of [
      ["Na", "unsupported-operation"],
      ["NNs", "unsupported-operation"],
      ["}\x8c\x01aNsb", "unsupported-operation"],
      ["(N\x90", "unsupported-operation"],
    ] as const) {
      expect(failureOf(() => load(`cgeo\nPoint\n)R${does}`, { types: bare })).code).toBe(code);
    }
  });

  it("tell by result what an Array, Set or Uint8Array is", () => {
    const of = (
      result: "tuple" | "list" | "set" | "frozenset" | "bytes" | "bytearray",
      value: unknown,
    ): TypeRegistry => new TypeRegistry([new TypeDefinition("m", "C", { result, construct: () => value })]);
    const asKey = "}cm\nC\n)RNs";
    expect(load(asKey, { types: of("tuple", [1]) })).toBeInstanceOf(Map);
    expect(() => load(asKey, { types: of("list", [1]) })).toThrow("unhashable type: 'list'");
    expect(load(asKey, { types: of("frozenset", new Set()) })).toBeInstanceOf(Map);
    expect(() => load(asKey, { types: of("set", new Set()) })).toThrow("unhashable type: 'set'");
    expect(load(asKey, { types: of("bytes", new Uint8Array(1)) })).toBeInstanceOf(Map);
    expect(() => load(asKey, { types: of("bytearray", new Uint8Array(1)) })).toThrow(
      "unhashable type: 'bytearray'",
    );
    expect(load("cm\nC\n)RK\x05a", { types: of("list", [1]) })).toEqual([1, 5]);
    expect(() => load("cm\nC\n)RK\x05a", { types: of("tuple", [1]) })).toThrow(
      "'tuple' object has no attribute 'append'",
    );
  });
});

describe("extensions", () => {
  const extensions = new Map([
    [1, new PyGlobal("m", "C")],
    [65536, new PyGlobal("m", "D")],
  ]);

  it("stand for the codes, through findClass and the import mapping", () => {
    expect(load(assemble("(\x82\x01\x83\x01\x00\x84", uint(4, 65536), "t"), { extensions })).toEqual([
      new PyGlobal("m", "C"),
      new PyGlobal("m", "C"),
      new PyGlobal("m", "D"),
    ]);
    expect(load("\x82\x01", { extensions, findClass: (module, name) => `${module}:${name}` })).toBe("m:C");
  });

  it("are refused if missing or no PyGlobal", () => {
    expect(failureOf(() => load("\x82\x02", { extensions }))).toMatchObject({
      code: "missing-extension",
      pythonException: "ValueError",
    });
    const bad = new Map([[1, "m.C"]]) as unknown as Map<number, PyGlobal>;
    expect(failureOf(() => load("\x82\x01", { extensions: bad })).message).toMatch(
      /^_inverted_registry\[1\] isn't a 2-tuple of strings/,
    );
  });
});

describe("buffers", () => {
  it("are given in order, uncopied, whatever they are", () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const shared = new SharedArrayBuffer(2);
    const values = load("(\x97\x97\x97\x97\x97t", {
      buffers: [
        bytes,
        bytes.buffer,
        shared,
        new DataView(bytes.buffer, 1, 2),
        new PickleBuffer(bytes),
      ] as never,
    }) as Uint8Array[];
    expect(values.map((value) => value.buffer)).toEqual([
      bytes.buffer,
      bytes.buffer,
      shared,
      bytes.buffer,
      bytes.buffer,
    ]);
    expect(values.map((value) => [value.byteOffset, value.length])).toEqual([
      [0, 4],
      [0, 4],
      [0, 2],
      [1, 2],
      [0, 4],
    ]);
  });

  it("may come from any iterable, which is read no further than needed", () => {
    let given = 0;
    const endless = {
      *[Symbol.iterator](): Generator<Uint8Array> {
        for (;;) yield Uint8Array.of(++given);
      },
    };
    expect(load("(\x97\x97t", { buffers: endless })).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
    expect(given).toBe(2);
  });

  it("are given once each when the load begins anew", () => {
    const buffers = [Uint8Array.of(1), Uint8Array.of(2)];
    expect(load(`(\x97${restarting}\x97t`, { buffers })).toEqual([
      buffers[0],
      new Map([[5, null]]),
      buffers[1],
    ]);
  });

  it("belong to all pickles of loadsAll together", () => {
    const buffers = [Uint8Array.of(1), Uint8Array.of(2)];
    expect([...loadsAll(assemble("\x97.\x97."), { buffers })]).toEqual(buffers);
  });

  it("are a read-only view of a bytearray where the pickle says so", () => {
    for (const exact of [false, true]) {
      const view = load(assemble(0x96, uint(8, 2), "ab\x98"), { exact }) as MemoryView;
      expect(view).toBeInstanceOf(MemoryView);
      expect(view.readonly).toBe(true);
      expect([...view]).toEqual([97, 98]);
    }
  });

  it("are refused if they are no binary data", () => {
    for (const value of ["text", 5, null]) {
      const error = failureOf(() => load("\x97", { buffers: [value] as never }));
      expect(error.pythonException, String(value)).toBe("TypeError");
    }
  });
});

describe("what hooks throw", () => {
  const cause = new TypeError("mine");
  const fail = (): never => {
    throw cause;
  };
  const broken = new TypeRegistry([
    new TypeDefinition("m", "C", {
      class: Date,
      construct: () => new Date(),
      setState: fail,
      append: fail,
      setItems: fail,
    }),
    new TypeDefinition("m", "D", { construct: fail }),
  ]);
  const failing = {
    [Symbol.iterator]: (): Iterator<Uint8Array> => ({ next: fail }),
  };

  it.each([
    ["persistentLoad of BINPERSID", "K\x01Q", "BINPERSID", { persistentLoad: fail }],
    ["persistentLoad of PERSID", "K\x01Pa\n", "PERSID", { persistentLoad: fail }],
    ["findClass", "K\x01cm\nC\n", "GLOBAL", { findClass: fail }],
    ["construct", "cm\nD\n)R", "REDUCE", { types: broken }],
    ["setState", "cm\nC\n)RNb", "BUILD", { types: broken }],
    ["append", "cm\nC\n)RNa", "APPEND", { types: broken }],
    ["setItems", "cm\nC\n)RNNs", "SETITEM", { types: broken }],
    ["buffers", "K\x01\x97", "NEXT_BUFFER", { buffers: failing }],
  ] as const)("%s: becomes an UnpicklingError with the cause and the place", (_, pickle, opcode, options) => {
    const error = failureOf(() => load(pickle, options));
    expect(error.cause).toBe(cause);
    expect(error.code).toBe("hook-failed");
    expect(error.opcode).toBe(opcode);
    expect(error.offset).toBeGreaterThan(0);
    expect(error.message).toMatch(/^mine/);
  });

  it("keeps an UnpicklingError of their own, and takes what is no Error", () => {
    const own = new UnpicklingError("invalid-operand", "own words");
    const throwing = (value: unknown) => (): never => {
      throw value;
    };
    expect(failureOf(() => load("K\x01Q", { persistentLoad: throwing(own) }))).toMatchObject({
      code: "invalid-operand",
      words: "own words",
      offset: 2,
    });
    expect(failureOf(() => load("K\x01Q", { persistentLoad: throwing("text") }))).toMatchObject({
      code: "hook-failed",
      words: "text",
      cause: "text",
    });
    expect(failureOf(() => load("K\x01Q", { persistentLoad: throwing(undefined) })).code).toBe("hook-failed");
  });
});
