import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loads } from "../../src/core.ts";
import { ByteArray } from "../../src/values/byte-array.ts";
import { PyDict } from "../../src/values/py-dict.ts";
import { PyFrozenSet } from "../../src/values/py-frozen-set.ts";
import { PySet } from "../../src/values/py-set.ts";
import { PyComplex } from "../../src/types/complex.ts";
import { Tuple } from "../../src/values/tuple.ts";
import { interpreters, type Interpreter } from "../support/interpreters.ts";

/** A value that Python made: its pickle at each protocol, and itself in words of Python's. */
interface Written {
  readonly name: string;
  readonly protocol: number;
  readonly hex: string;
  /** `null true ["int", decimal] ["float", hex] ["str", hex of UTF-16] ["bytes", hex] ["bytearray", hex] ["complex", re, im] [list|tuple|set|frozenset|dict, …]`; sets sorted. */
  readonly value: Spelled;
}
type Spelled = null | boolean | readonly [string, ...unknown[]];

async function written({ path }: Interpreter): Promise<Written[]> {
  const child = spawn(path, [join(import.meta.dirname, "../support/write_values.py")]);
  let output = "";
  let complaint = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`${path}: ${complaint}`);
  return JSON.parse(output) as Written[];
}

const utf16 = (text: string): string => Buffer.from(text, "utf16le").swap16().toString("hex");
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const float = (value: number): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return Number.isNaN(value) ? "nan" : bytes.toString("hex");
};
const sorted = (drawn: unknown[]): unknown[] =>
  drawn.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** An exact value, as Python spells it. */
function spellExact(value: unknown): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "bigint") return ["int", value.toString(16)];
  if (typeof value === "number") return ["float", float(value)];
  if (typeof value === "string") return ["str", utf16(value)];
  if (value instanceof PyComplex) return ["complex", float(value.real), float(value.imag)];
  if (value instanceof ByteArray) return ["bytearray", hex(value)];
  if (value instanceof Uint8Array) return ["bytes", hex(value)];
  if (value instanceof Tuple) return ["tuple", ...value.map(spellExact)];
  if (Array.isArray(value)) return ["list", ...value.map(spellExact)];
  if (value instanceof PySet) return ["set", ...sorted(Array.from(value, spellExact))];
  if (value instanceof PyFrozenSet) return ["frozenset", ...sorted(Array.from(value, spellExact))];
  if (value instanceof PyDict)
    return ["dict", ...Array.from(value, ([k, v]) => [spellExact(k), spellExact(v)])];
  throw new TypeError(`what is ${Object.prototype.toString.call(value)}?`);
}

/** What Python spells, as it is in plain mode. */
function plainOf(spelled: Spelled): unknown {
  if (spelled === null || typeof spelled === "boolean") return spelled;
  const [kind, ...rest] = spelled;
  const [first, second] = rest as [string, string];
  const items = (): unknown[] => (rest as Spelled[]).map(plainOf);
  const double = (text: string): number => (text === "nan" ? NaN : Buffer.from(text, "hex").readDoubleBE());
  switch (kind) {
    case "int": {
      const value = first.startsWith("-") ? -BigInt(`0x${first.slice(1)}`) : BigInt(`0x${first}`);
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    }
    case "float":
      return double(first);
    case "complex":
      return new PyComplex(double(first), double(second));
    case "str":
      return Buffer.from(first, "hex").swap16().toString("utf16le");
    case "bytes":
    case "bytearray":
      return new Uint8Array(Buffer.from(first, "hex"));
    case "list":
    case "tuple":
      return items();
    case "set":
    case "frozenset":
      return new Set(items());
    default: {
      const entries = (rest as [Spelled, Spelled][]).map(
        ([k, v]) => [plainOf(k), plainOf(v)] as [unknown, unknown],
      );
      const isObject = entries.every(([key]) => typeof key === "string");
      return isObject ? Object.fromEntries(entries) : new Map(entries);
    }
  }
}

/** Maps and sets without their classes and orders, so that a PyDict is a Map, and a Tuple an Array. */
function comparable(value: unknown): unknown {
  if (value instanceof Set) return ["set", ...sorted(Array.from(value, comparable))];
  if (value instanceof Map) return ["map", ...Array.from(value, ([k, v]) => [comparable(k), comparable(v)])];
  if (Array.isArray(value)) return Array.from(value, comparable);
  if (typeof value === "bigint") return `${value}n`;
  if (
    value instanceof Uint8Array ||
    value instanceof PyComplex ||
    typeof value !== "object" ||
    value === null
  )
    return value;
  return { record: Object.entries(value).map(([k, v]) => [k, comparable(v)]) };
}

describe.each(interpreters())("what Python $series writes", (interpreter) => {
  it("at every protocol, of every builtin type, is read as it is, exact and plain", async () => {
    const cases = await written(interpreter);
    const protocols = new Set(cases.map(({ protocol }) => protocol));
    expect(protocols.size).toBe(interpreter.highestProtocol + 1);
    expect(cases.length).toBeGreaterThan(60 * protocols.size);
    for (const { name, protocol, hex: pickle, value } of cases) {
      const label = `${name} at protocol ${protocol}: ${pickle.slice(0, 200)}`;
      const bytes = Buffer.from(pickle, "hex");
      // What Python 2 calls str is bytes here; but for the name of an encoding, in its bytearrays.
      const encoding =
        interpreter.series !== "2.7" ? undefined : name.startsWith("bytearray") ? "latin1" : "bytes";
      const spelled = JSON.stringify(spellExact(loads(bytes, { exact: true, encoding })));
      expect(spelled, label).toBe(JSON.stringify(value));
      expect(comparable(loads(bytes, { encoding })), label).toEqual(comparable(plainOf(value)));
    }
  });
});
