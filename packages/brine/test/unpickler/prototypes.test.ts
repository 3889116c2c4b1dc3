import { afterAll, describe, expect, it } from "vitest";
import { loads, TypeRegistry } from "../../src/core.ts";
import type { LoadOptions } from "../../src/core.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import type { PyObject } from "../../src/values/py-object.ts";
import { assemble } from "../support/assemble.ts";

const names = [
  ...Object.getOwnPropertyNames(Object.prototype),
  ...Object.getOwnPropertyNames(Array.prototype),
  ...Object.getOwnPropertyNames(Map.prototype),
  "prototype",
  "then",
  "type",
  "args",
  "state",
];
const text = (value: string): Uint8Array => assemble(0x8c, value.length, value);
const load = (pickle: string | Uint8Array, options?: LoadOptions): unknown =>
  loads(assemble(pickle, "."), options);

const guarded = [
  Object.prototype,
  Array.prototype,
  Map.prototype,
  Set.prototype,
  Function.prototype,
  Uint8Array.prototype,
];
const shapes = (): unknown[] =>
  guarded.map((prototype) =>
    Reflect.ownKeys(prototype).map((key) => [key, Object.getOwnPropertyDescriptor(prototype, key)]),
  );
const before = shapes();

afterAll(() => expect(shapes()).toEqual(before));

describe.each(names)("%s", (name) => {
  it("as a key is an own property, by every opcode that sets one", () => {
    for (const pickle of [
      assemble("}", text(name), "K\x05s"),
      assemble("}(", text(name), "K\x05u"),
      assemble("(", text(name), "K\x05d"),
      assemble("}\x94", text(name), "K\x05s"),
      assemble("}\x940h\x00(", text(name), "K\x05u"),
      assemble("(dp0\nV", name, "\nK\x05s"),
    ]) {
      const object = load(pickle) as Record<string, unknown>;
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
      expect(Object.getOwnPropertyDescriptor(object, name)).toEqual({
        value: 5,
        writable: true,
        enumerable: true,
        configurable: true,
      });
      expect(Object.keys(object)).toEqual([name]);
      expect((load(pickle, { dicts: "map" }) as Map<unknown, unknown>).get(name)).toBe(5);
      expect((load(pickle, { exact: true }) as Map<unknown, unknown>).get(name)).toBe(5n);
    }
  });

  it("as a key whose value is an object changes nobody's prototype", () => {
    const object = load(assemble("}", text(name), "}\x8c\x08pollutedK\x01ss")) as Record<string, unknown>;
    expect(({} as Record<string, unknown>)["polluted"]).toBe(undefined);
    expect(Object.hasOwn(object, name)).toBe(true);
    expect("polluted" in object).toBe(false);
  });

  it("as a module, a name, a persistent id, an encoding finds nothing", () => {
    const line = `${name}\n`;
    for (const pickle of [assemble(`c${line}${line}`), assemble(text(name), text(name), "\x93")]) {
      for (const options of [{}, { types: TypeRegistry.empty }, { exact: true }, { fixImports: false }]) {
        const global = load(pickle, options) as PyGlobal;
        expect(global).toBeInstanceOf(PyGlobal);
        expect([global.module, global.name]).toEqual([name, name]);
        expect(load(assemble(pickle, ")R"), options)).toMatchObject({ type: global, state: undefined });
      }
    }
    expect(load(assemble("cbuiltins\n", line, ")R"), { types: TypeRegistry.empty })).toMatchObject({
      type: { name },
    });
    expect(load(assemble("P", line), { persistentLoad: (pid) => [pid] })).toEqual([name]);
    expect(() => load("U\x01\xff", { encoding: name })).toThrow(/unknown encoding/);
    expect(() => load("U\x01\xff", { errors: name })).toThrow(/unknown error handler/);
  });

  it("as an attribute, a keyword, a state's key is found where it was put, and nowhere else", () => {
    const other = name === "other" ? "another" : "other";
    for (const exact of [true, false]) {
      const made = load(assemble("cm\nC\n)}", text(name), "K\x05s\x92}", text(name), "K\x06sb"), {
        exact,
      }) as PyObject;
      expect(Number(made.kwargs?.get(name))).toBe(5);
      expect(Number(made.get(name))).toBe(6);
      expect(made.get(other)).toBe(undefined);
      expect(made.get(name === "toString" ? "valueOf" : "toString")).toBe(undefined);
      expect(Number(made.toObject()[name])).toBe(6);
      expect(Object.getPrototypeOf(made.toObject())).toBe(null);
      const empty = load("cm\nC\n)R}b", { exact }) as PyObject;
      expect(empty.get(name)).toBe(undefined);
    }
  });
});
