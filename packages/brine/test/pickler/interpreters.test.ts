import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dumps, loads } from "../../src/index.ts";
import { ByteArray } from "../../src/values/byte-array.ts";
import { PyDict } from "../../src/values/py-dict.ts";
import { PyFrozenSet } from "../../src/values/py-frozen-set.ts";
import { PySet } from "../../src/values/py-set.ts";
import { Tuple } from "../../src/values/tuple.ts";
import { interpreters } from "../support/interpreters.ts";

const all = interpreters().map(({ series, path, highestProtocol }) => ({
  series,
  path,
  protocols: Array.from({ length: highestProtocol + 1 }, (_, i) => i),
}));

/** Runs a script that every Python takes, with the cases as JSON. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what JSON.parse gives has to be named
function ask<T>(path: string, script: string, cases: unknown): T {
  const program = `# -*- coding: utf-8 -*-\nimport json, pickle, sys, binascii\ncases = json.loads(sys.stdin.read())\n${script}`;
  const { status, stdout, stderr } = spawnSync(path, ["-c", program], {
    input: JSON.stringify(cases),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${path}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** A double that JSON keeps a float in Python: an integer-valued one would be an int there. */
const fraction = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Number.isInteger(x));
/** Keys that are no array indices, whose order JavaScript would change. */
const key = fc.string({ unit: "grapheme", maxLength: 6 }).filter((text) => !/^\d+$/.test(text));
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    {
      arbitrary: fc.oneof(
        fc.constant(null),
        fc.boolean(),
        fraction,
        fc.maxSafeInteger(),
        fc.nat(300),
        fc.string({ unit: "grapheme" }),
      ),
      weight: 3,
    },
    fc.array(tie("value"), { maxLength: 6 }),
    fc.dictionary(fc.oneof(key, fc.constantFrom("__proto__", "constructor", "name")), tie("value"), {
      maxKeys: 6,
      noNullPrototype: true,
    }),
  ),
})).value;
const values = [
  ...fc.sample(json, { numRuns: 150, seed: 3 }),
  Array.from({ length: 2001 }, (_, i) => i),
  Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, { i }])),
  ["x".repeat(70000), "é".repeat(40000), "a\r\n\x1a\0\\u0041"],
];

describe.each(all)("CPython $series", ({ path, protocols, series }) => {
  test("reads JSON-like values written plain", () => {
    const cases = values.map((value) => protocols.map((protocol) => hex(dumps(value, { protocol }))));
    const read = ask<string[][]>(
      path,
      `print(json.dumps([[json.dumps(pickle.loads(binascii.unhexlify(p))) for p in row] for row in cases]))`,
      cases,
    );
    values.forEach((value, i) => {
      for (const text of read[i]!) {
        expect(JSON.parse(text)).toEqual(value);
        // A dict of Python 2 has no order.
        if (series !== "2.7") expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value));
      }
    });
  });
  test("writes JSON-like values that load plain", () => {
    const written = ask<string[][]>(
      path,
      `
values = [json.loads(text) for text in cases]
print(json.dumps([[binascii.hexlify(pickle.dumps(value, p)).decode() for p in ${JSON.stringify(protocols)}] for value in values]))`,
      values.map((value) => JSON.stringify(value)),
    );
    values.forEach((value, i) => {
      for (const pickle of written[i]!) expect(loads(Buffer.from(pickle, "hex"))).toEqual(value);
    });
  });
  test("reads every builtin written exact as an equal value of its type", () => {
    const list: unknown[] = [1n];
    list.push(list);
    const builtins: readonly (readonly [value: unknown, expression: string])[] = [
      [null, "None"],
      [true, "True"],
      [
        [
          0n,
          255n,
          256n,
          65535n,
          65536n,
          -1n,
          2n ** 31n,
          -(2n ** 31n),
          2n ** 63n,
          -(2n ** 200n),
          10n ** 1000n,
        ],
        "[0, 255, 256, 65535, 65536, -1, 2**31, -2**31, 2**63, -2**200, 10**1000]",
      ],
      [
        [0.5, -0, 1, Infinity, 5e-324, 1.7976931348623157e308],
        "[0.5, -0.0, 1.0, float('inf'), 5e-324, 1.7976931348623157e308]",
      ],
      ["é\n\\u0041\u{1f600}\0\r\x1a", "u'\\xe9\\n\\\\u0041\\U0001f600\\0\\r\\x1a'"],
      [Uint8Array.from({ length: 300 }, (_, i) => i), "bytes(bytearray(i % 256 for i in range(300)))"],
      [[new Uint8Array(0), Uint8Array.of(200)], "[bytes(), bytes(bytearray([200]))]"],
      [[new ByteArray(0), ByteArray.of(0, 200)], "[bytearray(), bytearray([0, 200])]"],
      [
        Tuple.of(Tuple.of(), Tuple.of(1n), Tuple.of(1n, 2n), Tuple.of(1n, 2n, 3n), Tuple.of(1n, 2n, 3n, 4n)),
        "((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4))",
      ],
      [[new PySet(), new PySet([1n, "a", Tuple.of(1n)])], "[set(), set([1, u'a', (1,)])]"],
      [
        [new PyFrozenSet(), new PyFrozenSet([1n, new PyFrozenSet(["a"])])],
        "[frozenset(), frozenset([1, frozenset([u'a'])])]",
      ],
      [
        new PyDict<unknown>([
          [1n, "a"],
          [Tuple.of(1n, "b"), null],
          [Uint8Array.of(1, 2), 0.5],
        ]),
        "{1: u'a', (1, u'b'): None, bytes(bytearray([1, 2])): 0.5}",
      ],
    ];
    const cases = builtins.map(([value, expression]) => [
      expression,
      protocols.map((protocol) => hex(dumps(value, { protocol, exact: true }))),
    ]);
    const wrong = ask<unknown[]>(
      path,
      `
def shape(v):
    if isinstance(v, (list, tuple)): return [type(v).__name__, [shape(x) for x in v]]
    if isinstance(v, (set, frozenset)): return [type(v).__name__, sorted(repr(shape(x)) for x in v)]
    if isinstance(v, dict): return ["dict", sorted(repr((shape(k), shape(x))) for k, x in v.items())]
    return ["int" if type(v).__name__ == "long" else type(v).__name__, repr(v).rstrip("L")]
wrong = []
for expression, pickles in cases:
    for p in pickles:
        read = pickle.loads(binascii.unhexlify(p))
        if shape(read) != shape(eval(expression)): wrong.append([expression, p, repr(read)])
print(json.dumps(wrong))`,
      cases,
    );
    expect(wrong).toEqual([]);
    const [recursive] = ask<[boolean]>(
      path,
      `
values = [pickle.loads(binascii.unhexlify(p)) for p in cases]
print(json.dumps([all(v[1] is v for v in values)]))`,
      protocols.map((protocol) => hex(dumps(list, { protocol, exact: true }))),
    );
    expect(recursive).toBe(true);
  });
});
