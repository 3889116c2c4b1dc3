import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ByteArray } from "../../src/values/byte-array.ts";
import { MemoryView } from "../../src/values/memory-view.ts";
import { PickleBuffer } from "../../src/values/pickle-buffer.ts";
import { PyDict } from "../../src/values/py-dict.ts";
import { PyFrozenSet } from "../../src/values/py-frozen-set.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import { PySet } from "../../src/values/py-set.ts";
import { pythonType, pythonTypeName } from "../../src/values/python-type.ts";
import { Tuple, tupleOf } from "../../src/values/tuple.ts";
import { askCPython } from "../bytes/cpython.ts";

describe("Tuple", () => {
  it("is a frozen array", () => {
    for (const tuple of [
      Tuple.of(1, "a"),
      Tuple.from([1, "a"]),
      Tuple.from(new Set<unknown>([1, "a"])),
      tupleOf([0, 1, "a"], 1, 3),
    ]) {
      expect(Array.isArray(tuple)).toBe(true);
      expect(tuple).toBeInstanceOf(Tuple);
      expect([...tuple]).toEqual([1, "a"]);
      expect(Object.isFrozen(tuple)).toBe(true);
      expect(() => tuple.push(2)).toThrow(TypeError);
      expect(JSON.stringify(tuple)).toBe('[1,"a"]');
      expect(inspect(tuple)).toBe("Tuple(2) [ 1, 'a' ]");
    }
  });

  it("has no trap for one number", () => {
    expect([...Tuple.of(3)]).toEqual([3]);
    expect([...Tuple.from([3])]).toEqual([3]);
    expect(Tuple.of()).toHaveLength(0);
    expect([...Tuple.from({ length: 2, 0: "a", 1: "b" }, (item, index) => `${item}${index}`)]).toEqual([
      "a0",
      "b1",
    ]);
  });

  it("gives plain arrays in what is derived, tuples of its class by a subclass", () => {
    const tuple = Tuple.of(1, 2, 3);
    for (const derived of [
      tuple.map((item) => item),
      tuple.filter(() => true),
      tuple.slice(),
      tuple.concat([]),
    ]) {
      expect(derived).not.toBeInstanceOf(Tuple);
      expect(derived).toEqual([1, 2, 3]);
    }
    class Point extends Tuple<number> {}
    expect(Point.of(1, 2)).toBeInstanceOf(Point);
  });
});

describe("bytes of other types", () => {
  it("has a bytearray that stays one", () => {
    const bytes = new ByteArray([1, 2, 3]);
    expect(bytes).toBeInstanceOf(Uint8Array);
    expect(bytes.slice(1)).toBeInstanceOf(ByteArray);
    expect(bytes.subarray(1).buffer).toBe(bytes.buffer);
    bytes[0] = 9;
    expect([...bytes]).toEqual([9, 2, 3]);
  });

  it("has a memoryview over memory of someone else", () => {
    const bytes = new Uint8Array([1, 2, 3, 4]);
    const view = new MemoryView(bytes.subarray(1, 3), { readonly: true });
    expect([view.readonly, [...view], view.buffer === bytes.buffer]).toEqual([true, [2, 3], true]);
    bytes[1] = 7;
    expect(view[0]).toBe(7);
    expect(new MemoryView(bytes.buffer)).toMatchObject({ readonly: false, length: 4 });
    expect(new MemoryView(new DataView(bytes.buffer, 2), {})).toMatchObject({ readonly: false, length: 2 });
    expect(view.slice()).not.toBeInstanceOf(MemoryView);
    expect(view.map((byte) => byte)).toEqual(new Uint8Array([7, 3]));
  });

  it("refuses a memoryview as a key", () => {
    const dict = new PyDict<unknown, number>([[new Uint8Array([1, 2]), 1]]);
    expect(dict.get(new MemoryView(new Uint8Array([1, 2]), { readonly: true }))).toBeUndefined();
    expect(() => dict.set(new MemoryView(new Uint8Array(1), { readonly: true }), 1)).toThrow(
      new TypeError("unhashable type: 'bytearray'"),
    );
  });

  it("has pickle buffers over the very memory", () => {
    const bytes = new Uint8Array([1, 2, 3, 4]);
    const buffer = new PickleBuffer(bytes.subarray(1), { readonly: true });
    expect(buffer).toBeInstanceOf(Uint8Array);
    expect([buffer.readonly, [...buffer], buffer.buffer === bytes.buffer]).toEqual([true, [2, 3, 4], true]);
    expect(buffer.slice()).not.toBeInstanceOf(PickleBuffer);
    const whole = new PickleBuffer(bytes.buffer);
    expect([whole.readonly, [...whole]]).toEqual([false, [...bytes]]);
    const doubles = new Float64Array(bytes.buffer.slice(0, 0));
    expect(new PickleBuffer(doubles)).toHaveLength(0);
  });
});

describe("PyGlobal", () => {
  it("has a module and a name, for good", () => {
    const global = new PyGlobal("collections", "OrderedDict");
    expect([String(global), JSON.stringify({ global }), inspect(global)]).toEqual([
      "collections.OrderedDict",
      '{"global":"collections.OrderedDict"}',
      "PyGlobal(collections.OrderedDict)",
    ]);
    expect(Object.isFrozen(global)).toBe(true);
  });
});

describe("pythonTypeName", () => {
  it("gives CPython's names", () => {
    const values: readonly (readonly [unknown, string])[] = [
      [null, "None"],
      [true, "True"],
      [1n, "1"],
      [1.5, "1.5"],
      ["a", "'a'"],
      [new Uint8Array(1), "b'a'"],
      [Buffer.from("a"), "b'a'"],
      [new ByteArray(1), "bytearray()"],
      [[], "[]"],
      [Tuple.of(), "()"],
      [new PyDict(), "{}"],
      [new Map(), "{}"],
      [{}, "{}"],
      [Object.create(null), "{}"],
      [new PySet(), "set()"],
      [new Set(), "set()"],
      [new PyFrozenSet(), "frozenset()"],
      [new MemoryView(new Uint8Array(1)), "memoryview(b'a')"],
      [new PyGlobal("builtins", "int"), "int"],
      [parseInt, "lambda: 0"],
    ];
    const names = askCPython<string[]>(
      "answer([type(eval(case)).__name__ for case in cases])",
      values.map(([, source]) => source),
    );
    expect(values.map(([value]) => pythonTypeName(value))).toEqual(names);
  });

  it("gives a value class's own name, and object for the rest", () => {
    expect(pythonTypeName({ [pythonType]: "decimal.Decimal" })).toBe("decimal.Decimal");
    expect([undefined, new Date(), Symbol("s"), { [pythonType]: 5 }].map(pythonTypeName)).toEqual([
      "NoneType",
      "object",
      "object",
      "dict",
    ]);
  });
});
