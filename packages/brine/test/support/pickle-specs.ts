import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { judgeInterpreter } from "./interpreters.ts";

/** A value as pickle_specs.py takes it. */
type Spec = null | boolean | string | readonly [kind: string, ...rest: unknown[]];

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const floats = fc
  .oneof(
    fc.double(),
    fc.constantFrom(
      0,
      -0,
      1,
      2,
      100,
      1e5,
      1e6,
      1e22,
      0.5,
      -0.25,
      1e-3,
      1e-7,
      123456,
      1.5e300,
      NaN,
      Infinity,
      -Infinity,
    ),
  )
  .map((value): Spec => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return ["float", hex(bytes)];
  });
const ints = fc
  .oneof(
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
    fc.integer().map(BigInt),
    fc.integer({ min: -300, max: 300 }).map(BigInt),
    fc.constantFrom(
      0n,
      -1n,
      -128n,
      -129n,
      -32768n,
      -32769n,
      65535n,
      65536n,
      2n ** 31n,
      -(2n ** 31n),
      2n ** 600n,
      -(2n ** 2100n),
    ),
  )
  .map((value): Spec => ["int", value.toString()]);
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom(
    "",
    "name",
    "a\nb",
    "\\u0041",
    "\0\r\x1a",
    "é",
    "日本",
    "\u{1f600}",
    "x".repeat(300),
    "é".repeat(130),
  ),
);
const leaves = fc.oneof(
  fc.constantFrom<Spec>(null, true, false),
  ints,
  floats,
  texts,
  fc.uint8Array({ maxLength: 300 }).map((bytes): Spec => ["bytes", hex(bytes)]),
  fc.uint8Array({ maxLength: 9 }).map((bytes): Spec => ["bytearray", hex(bytes)]),
  fc.nat(40).map((number): Spec => ["again", number]),
  fc.tuple(fc.integer(), fc.integer({ min: 1 })).map(([n, d]): Spec => ["fraction", n, d]),
  fc.tuple(fc.integer(), fc.integer()).map(([real, imaginary]): Spec => ["complex", real, imaginary]),
  fc.integer({ min: 1, max: 3_000_000 }).map((ordinal): Spec => ["date", ordinal]),
);

const { value: values } = fc.letrec<{ value: Spec }>((tie) => {
  const pairs = fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 6 });
  return {
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaves,
      ...["list", "tuple", "set", "frozenset"].map((kind) =>
        fc.array(tie("value"), { maxLength: 7 }).map((items): Spec => [kind, items]),
      ),
      pairs.map((entries): Spec => ["dict", entries]),
      pairs.map((entries): Spec => ["ordered", entries]),
    ),
  };
});

/** What CPython 3.13 writes of a value. */
export interface Pickled {
  /** By protocol. */
  readonly pickles: readonly Uint8Array[];
  /** Of an equal value: dicts and sets in another order, immutable values shared otherwise. */
  readonly reordered: Uint8Array;
}

/** Pickles of random values. */
export function randomPickles(count: number, seed: number): Pickled[] {
  const specs = fc.sample(values, { numRuns: count, seed });
  const { stdout, stderr, status } = spawnSync(
    judgeInterpreter().path,
    [join(import.meta.dirname, "pickle_specs.py")],
    { input: specs.map((spec) => JSON.stringify(spec)).join("\n"), encoding: "utf8", maxBuffer: 2 ** 30 },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { pickles, reordered } = JSON.parse(line) as { pickles: string[]; reordered: string };
      return {
        pickles: pickles.map((text) => new Uint8Array(Buffer.from(text, "hex"))),
        reordered: new Uint8Array(Buffer.from(reordered, "hex")),
      };
    });
}
