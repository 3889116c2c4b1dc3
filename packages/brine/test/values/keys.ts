import fc from "fast-check";
import { PyFrozenSet } from "../../src/values/py-frozen-set.ts";
import { Tuple } from "../../src/values/tuple.ts";

/** A hashable value, in a form that JSON carries to CPython. */
export type KeySpec =
  | readonly ["int" | "float" | "str" | "bytes", string]
  | readonly ["bool", boolean]
  | readonly ["none"]
  | readonly ["tuple" | "frozenset", readonly KeySpec[]];

const texts = [
  "",
  "1",
  "0",
  "a",
  "n",
  "\0",
  "\0n",
  "\0s1",
  "\0d",
  "__proto__",
  "éß",
  "\ud800",
  "7".repeat(10),
  "7".repeat(11),
];
const longTexts = [
  "x".repeat(64),
  "x".repeat(65),
  "x".repeat(128),
  "\0".repeat(128),
  "\0".repeat(129),
  "y".repeat(300),
];
const ints = [
  0n,
  1n,
  -1n,
  2n,
  49n,
  2n ** 31n,
  -(2n ** 31n),
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 60n,
  2n ** 64n,
  2n ** 64n + 1n,
];
const hugeInts = [
  10n ** 30n,
  -(10n ** 30n),
  2n ** 479n + 1n,
  2n ** 481n + 1n,
  2n ** 1023n,
  2n ** 1100n,
  -(2n ** 1100n),
];
const floats = [
  "0.0",
  "-0.0",
  "1.0",
  "-1.0",
  "1.5",
  "2147483648.0",
  "-2147483648.0",
  "1e22",
  "1e30",
  "inf",
  "-inf",
  "5e-324",
];
const powers = [53, 60, 64, 1023].map((exponent) => `${2 ** exponent}`);

const leaf: fc.Arbitrary<KeySpec> = fc.oneof(
  fc.constantFrom(...ints, ...hugeInts).map((value): KeySpec => ["int", String(value)]),
  fc.constantFrom(...floats, ...powers).map((value): KeySpec => ["float", value]),
  fc.constantFrom(...texts, ...longTexts).map((value): KeySpec => ["str", value]),
  fc.constantFrom(...texts, ...longTexts).map((value): KeySpec => ["bytes", value.replaceAll("\ud800", "?")]),
  fc.constantFrom<KeySpec>(["bool", true], ["bool", false], ["none"]),
);

/** Hashable values out of a small stock, so that equal ones meet often. */
export const keySpec: fc.Arbitrary<KeySpec> = fc.letrec<{ key: KeySpec }>((tie) => ({
  key: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    leaf,
    fc.tuple(fc.constantFrom("tuple" as const, "frozenset" as const), fc.array(tie("key"), { maxLength: 4 })),
  ),
})).key;

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** The exact value. */
export function buildKey(spec: KeySpec): unknown {
  switch (spec[0]) {
    case "int":
      return BigInt(spec[1]);
    case "float":
      return Number(spec[1].replace("inf", "Infinity"));
    case "bytes":
      return latin1(spec[1]);
    case "none":
      return null;
    case "tuple":
      return Tuple.from(spec[1].map(buildKey));
    case "frozenset":
      return new PyFrozenSet(spec[1].map(buildKey));
    default:
      return spec[1];
  }
}

/** The value with its type, as text: `show` of CPython gives the same. */
export function showKey(value: unknown): string {
  if (typeof value === "bigint") return `int ${value.toString(16)}`;
  if (typeof value === "number") {
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setFloat64(0, value);
    return `float ${bytes.getBigUint64(0).toString(16).padStart(16, "0")}`;
  }
  if (typeof value === "string") return `str ${Array.from(value, (unit) => unit.codePointAt(0)).join(" ")}`;
  if (value instanceof Uint8Array) return `bytes ${Array.from(value).join(" ")}`;
  if (value instanceof Tuple) return `(${value.map(showKey).join(", ")})`;
  if (value instanceof PyFrozenSet) return `{${[...value].map(showKey).toSorted().join(", ")}}`;
  return String(value);
}

/** `build` and `show` in Python. */
export const pythonKeys = `
import struct
def build(spec):
    kind, value = spec[0], spec[-1]
    if kind == "int": return int(value)
    if kind == "float": return float(value)
    if kind == "bytes": return value.encode("latin-1")
    if kind == "none": return None
    if kind == "tuple": return tuple(map(build, value))
    if kind == "frozenset": return frozenset(map(build, value))
    return value
def show(value):
    if value is None: return "null"
    if value is True: return "true"
    if value is False: return "false"
    if type(value) is int: return "int %x" % value
    if type(value) is float: return "float " + struct.pack(">d", value).hex()
    if type(value) is str: return "str " + " ".join(str(ord(c)) for c in value)
    if type(value) is bytes: return "bytes " + " ".join(map(str, value))
    if type(value) is tuple: return "(" + ", ".join(map(show, value)) + ")"
    return "{" + ", ".join(sorted(map(show, value))) + "}"
`;
