import { describe, expect, it } from "vitest";
import { loads, TypeRegistry } from "../../src/core.ts";
import type { LoadOptions } from "../../src/core.ts";
import * as op from "../../src/syntax/opcodes.ts";
import { PyDict } from "../../src/values/py-dict.ts";
import { PyFrozenSet } from "../../src/values/py-frozen-set.ts";
import type { PyObject } from "../../src/values/py-object.ts";
import { PySet } from "../../src/values/py-set.ts";
import { Tuple } from "../../src/values/tuple.ts";
import { assemble, uint } from "../support/assemble.ts";

const load = (pickle: string | Uint8Array, options?: LoadOptions): unknown =>
  loads(assemble(pickle, "."), { types: TypeRegistry.empty, ...options });
const loadArray = (pickle: string | Uint8Array, options?: LoadOptions): unknown[] =>
  load(pickle, options) as unknown[];
const both = [{ exact: false }, { exact: true }];

const FLOAT = "G\x3f\xe0\x00\x00\x00\x00\x00\x00";

describe.each(both)("sharing and cycles, exact: $exact", ({ exact }) => {
  it("is one object for all who refer to it", () => {
    for (const made of [
      "]",
      "}",
      "\x8f",
      "(l",
      "(d",
      "](K\x01e",
      "C\x03abc",
      "(K\x01t",
      "(K\x01\x91",
      "cm\nC\n)R",
      "K\x01\x85",
    ]) {
      const [first, second, third] = loadArray(`(${made}\x94h\x002l`, { exact });
      expect(second, made).toBe(first);
      expect(third, made).toBe(first);
    }
  });

  it("closes a cycle through a list, a dict, an object's state and its arguments", () => {
    const list = loadArray("]\x94h\x00a", { exact });
    expect(list[0]).toBe(list);
    const dict = load("}\x94\x8c\x04selfh\x00s", { exact });
    expect(exact ? (dict as PyDict).get("self") : (dict as { self: unknown }).self).toBe(dict);
    const object = load("cm\nC\n)R\x94}\x8c\x04selfh\x00sb", { exact }) as PyObject;
    expect(object.get("self")).toBe(object);
    const inArguments = load("]\x94cm\nC\nh\x00\x85Ra", { exact }) as [PyObject];
    expect((inArguments[0].args as unknown[])[0]).toBe(inArguments);
  });

  it("closes a cycle through a tuple as CPython writes one", () => {
    // t = ([t],): the list with the tuple in it; the list is dropped, the tuple fetched.
    const written = loadArray("]\x94h\x00\x85\x94a0h\x01", { exact }) as unknown[][];
    expect(written[0]?.[0]).toBe(written);
  });

  it("closes a cycle through a frozenset that holds an object", () => {
    const set = load("(cm\nC\n)R\x94}\x8c\x01s(h\x00\x91\x94sb0h\x01", { exact }) as Set<PyObject>;
    const [object] = set;
    expect(object?.get("s")).toBe(set);
  });

  it("gives a GET inside a batch the very container that is being filled", () => {
    const list = loadArray("]\x94(h\x00h\x00e", { exact });
    expect(list).toHaveLength(2);
    expect(list[0]).toBe(list);
    const [outer] = loadArray("](}\x94(\x8c\x01ah\x00\x8c\x01b]\x94(h\x00h\x01eue", { exact });
    const inner = exact ? (outer as PyDict).get("b") : (outer as { b: unknown }).b;
    expect((inner as unknown[])[0]).toBe(outer);
    expect((inner as unknown[])[1]).toBe(inner);
  });

  it("fills a container that is pending below others", () => {
    // Two containers open, a GET of the outer one in the inner one, a POP_MARK in between, a DUP.
    const list = loadArray("]\x94(}\x94(\x8c\x01kh\x00uN(K\x051h\x012e", { exact });
    expect(list).toHaveLength(4);
    expect(list[2]).toBe(list[0]);
    expect(list[3]).toBe(list[0]);
    const dict = list[0] as PyDict & { k: unknown };
    expect(exact ? dict.get("k") : dict.k).toBe(list);
  });

  it("forgets a pending container whose slot is PUT again", () => {
    const list = loadArray("]\x94(K\x07q\x00h\x00e", { exact });
    expect(list.map(Number)).toEqual([7, 7]);
  });
});

describe("a dict that turns out to need a Map", () => {
  const numeric = `K\x05N`;
  const cases: Record<string, string> = {
    "through a cycle": `(}\x94(\x8c\x01sh\x00${numeric}uh\x00t`,
    "by a second batch": `(}\x94(\x8c\x01aNu(${numeric}uh\x00t`,
    "by a SETITEM": `(}\x94\x8c\x01ah\x00s${numeric}sh\x00t`,
    "after a DUP": `(}2${numeric}st`,
    "in protocol 0": `((dp0\nVa\nNs${numeric}sg0\nt`,
    "after a DICT": `((Va\nNdp0\n${numeric}sg0\nt`,
    "as an object's state": `(cm\nC\n)R}\x94\x8c\x01aNsb0h\x00${numeric}sh\x00t`,
    "among others that stay objects": `(}\x94}\x94\x8c\x01aNs0h\x00${numeric}sh\x00t`,
  };

  it.each(Object.entries(cases))("%s is one and the same Map", (_, pickle) => {
    const values = loadArray(pickle);
    const map = values.at(-1) as Map<unknown, unknown>;
    expect(map).toBeInstanceOf(Map);
    expect(map).not.toBeInstanceOf(PyDict);
    expect(map.get(5)).toBe(null);
    expect(
      values.some(
        (value) =>
          value !== null &&
          typeof value === "object" &&
          value !== map &&
          Object.getPrototypeOf(value) === Object.prototype,
      ),
    ).toBe(false);
    if (map.has("s")) expect(map.get("s")).toBe(map);
    expect(values.at(-2)).toBe(map);
  });

  it("goes on to compare by value when a tuple comes", () => {
    const values = loadArray("(}\x94K\x05Ns)Nsh\x00t");
    const map = values[1] as Map<unknown, unknown>;
    expect(values[0]).toBe(map);
    expect(map.get([])).toBe(null);
    expect(map.get(5)).toBe(null);
    expect([...map.keys()]).toEqual([5, []]);
  });

  it("leaves the others what they are", () => {
    const [first, second, third] = loadArray(
      `(}\x94\x8c\x01ah\x00s}\x94\x8c\x01bh\x01s${numeric}s}\x94\x8c\x01ch\x02st`,
    );
    expect(Object.getPrototypeOf(first)).toBe(Object.prototype);
    expect(second).toBeInstanceOf(Map);
    expect(Object.getPrototypeOf(third)).toBe(Object.prototype);
  });

  it("with batches of a thousand, referred to in between", () => {
    const batch = (from: number): Uint8Array =>
      assemble(
        "(",
        ...Array.from({ length: 1000 }, (_, i) =>
          assemble(from === 0 ? `\x8c\x03${String(i).padStart(3, "0")}` : assemble("M", uint(2, i)), "h\x00"),
        ),
        "u",
      );
    const map = load(assemble("}\x94", batch(0), batch(1))) as Map<unknown, unknown>;
    expect(map.size).toBe(2000);
    expect(map.get("007")).toBe(map);
    expect(map.get(999)).toBe(map);
  });

  it("twenty thousand dicts that each need one", () => {
    // Each is guessed wrong; all is learnt in one more pass.
    const one = assemble(`}\x8c\x01aNs${numeric}s`);
    const count = 20_000;
    const pickle = new Uint8Array(count * one.length);
    for (let i = 0; i < count; i++) pickle.set(one, i * one.length);
    const maps = loadArray(assemble("](", pickle, "e"));
    expect(maps).toHaveLength(count);
    expect(maps.every((map) => map instanceof Map && map.size === 2)).toBe(true);
  });
});

describe("a set that turns out to need a PySet", () => {
  it.each([
    ["by a second batch", "(\x8f\x94(K\x01\x90()\x90h\x00t"],
    ["after another reference", "(\x8f\x94h\x000(K\x01)\x90h\x00t"],
    ["through an object that holds it", `(\x8f\x94cm\nC\nh\x00\x85R0h\x00(K\x01${FLOAT}\x85\x90h\x00t`],
  ])("%s is one and the same", (_, pickle) => {
    const values = loadArray(pickle);
    const set = values.at(-1) as Set<unknown>;
    expect(set).toBeInstanceOf(PySet);
    expect(values[0]).toBe(set);
    expect(set.has(1)).toBe(true);
  });

  it("is a native Set as long as it can be", () => {
    expect(Object.getPrototypeOf(load("\x8f\x94(K\x01\x90(\x8c\x01a\x90"))).toBe(Set.prototype);
    expect(load("\x8f(K\x01(K\x02\x91\x90")).toBeInstanceOf(PySet);
  });
});

describe("size", () => {
  const DEEP = 100_000;
  const inArray = (value: unknown): unknown => (value as unknown[])[0];
  const inMap = (value: unknown): unknown => (value instanceof Map ? value.get(null) : undefined);
  const inState = (value: unknown): unknown => (value as PyObject).state;

  it.each([
    { name: "APPEND", exact: false, first: "]", open: "]", close: "a", inside: inArray },
    { name: "TUPLE1", exact: true, first: ")", open: "", close: "\x85", inside: inArray },
    { name: "APPENDS", exact: false, first: "](", open: "](", close: "e", inside: inArray, last: "e" },
    {
      name: "APPENDS",
      exact: true,
      depth: DEEP,
      first: "](",
      open: "](",
      close: "e",
      inside: inArray,
      last: "e",
    },
    {
      name: "LIST",
      exact: false,
      depth: DEEP,
      first: "(",
      open: "(",
      close: "l",
      inside: inArray,
      last: "l",
    },
    { name: "TUPLE1", exact: false, depth: DEEP, first: ")", open: "", close: "\x85", inside: inArray },
    {
      name: "BUILD",
      exact: false,
      depth: DEEP,
      first: "cm\nC\n\x94)R",
      open: "h\x00)R",
      close: "b",
      inside: inState,
    },
    { name: "SETITEM", exact: false, depth: DEEP, first: "}", open: "N}", close: "s", inside: inMap },
    {
      name: "SETITEMS",
      exact: false,
      depth: DEEP,
      first: "}(N",
      open: "}(N",
      close: "u",
      inside: inMap,
      last: "Nu",
    },
    { name: "SETITEM", exact: true, depth: DEEP, first: "}", open: "N}", close: "s", inside: inMap },
  ])(
    "loads levels upon levels by $name, exact: $exact",
    ({ exact, depth = 1_000_000, first, open, last = "", close, inside }) => {
      const pickle = assemble(first, open.repeat(depth - 1), last, close.repeat(depth - 1));
      let levels = 1;
      for (let value = inside(load(pickle, { exact })); typeof value === "object" && value !== null; levels++)
        value = inside(value);
      expect(levels).toBe(depth);
    },
  );

  it("appends a million items in one batch", () => {
    const count = 1_000_000;
    const list = loadArray(assemble("](", "K\x07".repeat(count), "e"));
    expect(list).toHaveLength(count);
    expect(list[count - 1]).toBe(7);
    const grown = loadArray(assemble("]\x94h\x000(", "K\x07".repeat(count), "e"));
    expect(grown).toHaveLength(count);
    const object = load(assemble("cm\nC\n)R(", "K\x07".repeat(count), "e")) as PyObject;
    expect(object.items).toHaveLength(count);
    expect(load(assemble("(", "K\x07".repeat(count), "t"), { exact: true })).toHaveLength(count);
    expect((load(assemble("(", "K\x07".repeat(count), "im\nC\n")) as PyObject).args).toHaveLength(count);
  });

  it("keeps a key tuple fifty thousand levels deep", () => {
    const depth = 50_000;
    const key = assemble(")", "\x85".repeat(depth));
    for (const { exact } of both) {
      const map = load(assemble("}(", key, "K\x01", key, "K\x02u"), { exact }) as Map<unknown, unknown>;
      expect(map.size).toBe(1);
    }
  });
});

describe("the memo", () => {
  it("costs nothing for an index of four billion", () => {
    for (const { exact } of both) {
      const pickle = assemble(
        "](]",
        op.LONG_BINPUT,
        uint(4, 2 ** 32 - 1),
        "K\x05",
        op.LONG_BINPUT,
        uint(4, 2 ** 31),
        op.LONG_BINGET,
        uint(4, 2 ** 32 - 1),
        op.LONG_BINGET,
        uint(4, 2 ** 31),
        "e",
      );
      const list = loadArray(pickle, { exact });
      expect(list[2]).toBe(list[0]);
      expect(Number(list[3])).toBe(5);
    }
  });

  it("takes the index of a text operand up to 2^63 - 1", () => {
    expect(load("](K\x05p9223372036854775807\ng9223372036854775807\ne")).toEqual([5, 5]);
    expect(load("](K\x05p 4_0 \ng40\ne")).toEqual([5, 5]);
  });

  it("numbers MEMOIZE by how many slots are filled, gaps left out", () => {
    const [, , third] = loadArray("(K\x01q\x05K\x02\x94h\x01t");
    expect(third).toBe(2);
    expect(loadArray("(K\x01q\x00K\x02q\x00K\x03\x94h\x01t").at(-1)).toBe(3);
    expect(loadArray("(K\x01r\x00\x00\x00\x80K\x02\x94h\x01t").at(-1)).toBe(2);
  });

  it("gives the value that was PUT last", () => {
    expect(load("(]q\x00K\x05q\x00h\x00t")).toEqual([[], 5, 5]);
  });

  it("holds tuples, sets and bytes so that they are told apart in plain mode too", () => {
    // A tuple is a key and REDUCE's arguments; a list that looks the same is neither.
    expect(() => load("}]\x940h\x00Ns")).toThrow("unhashable type: 'list'");
    expect(load("})\x940h\x00Ns")).toBeInstanceOf(PyDict);
    expect(() => load("cm\nC\n]\x940h\x00R")).toThrow("argument list must be a tuple");
    expect(load("cm\nC\n)\x940h\x00R")).toMatchObject({ args: [] });
    expect(() => load("}\x8f\x940h\x00Ns")).toThrow("unhashable type: 'set'");
    expect(load("}(\x91\x940h\x00Ns")).toBeInstanceOf(PyDict);
    expect(() => load(assemble("}", op.BYTEARRAY8, uint(8, 0), "\x940h\x00Ns"))).toThrow(
      "unhashable type: 'bytearray'",
    );
    expect(() => load("}]\x85Ns")).toThrow("unhashable type: 'list'");
    expect(() => load("}}\x85\x85Ns")).toThrow("unhashable type");
  });
});

describe("exact containers", () => {
  it("are what they are wherever they come from", () => {
    const [list, tuple, set, frozen, dict] = loadArray("(](K\x01e(K\x01t\x8f(K\x01\x90(K\x01\x91}K\x01Nst", {
      exact: true,
    });
    expect(list).toEqual([1n]);
    expect(tuple).toBeInstanceOf(Tuple);
    expect(set).toBeInstanceOf(PySet);
    expect(frozen).toBeInstanceOf(PyFrozenSet);
    expect(dict).toBeInstanceOf(PyDict);
  });
});
