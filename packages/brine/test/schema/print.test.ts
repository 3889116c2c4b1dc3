import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import fc from "fast-check";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StandardSchema } from "../../src/index.ts";
import { dumps, loads, PyDict, PyFrozenSet, PyGlobal, PyObject, PySet, Tuple } from "../../src/index.ts";
import { type InferredTypes, inferTypes, printTypeScript, printZod } from "../../src/schema.ts";
import { PyDateTime, PyDeque, PyOrderedDict } from "../../src/types.ts";
import { cpython } from "./cpython.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
// Below node_modules of the repository, so that "brine" is the built package, and "zod" the real one.
const folder = join(root, "node_modules/.cache/brine/schema");
beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Loads = (data: Uint8Array, options?: { schema: StandardSchema }) => unknown;
let count = 0;

/** What the compiler says of modules, with every strictness on. */
function diagnostics(modules: readonly string[]): string[] {
  const paths = modules.map((code) => {
    const path = join(folder, `module-${count++}.ts`);
    writeFileSync(path, code);
    return path;
  });
  const program = ts.createProgram(paths, {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitReturns: true,
    noUnusedLocals: true,
    verbatimModuleSyntax: true,
    noEmit: true,
    skipLibCheck: true,
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file?.text.slice(0, start).split("\n").length;
    return `${ts.flattenDiagnosticMessageText(messageText, "\n")} (line ${line})\n${file?.text}`;
  });
}

/** Loads data, with the built package, by the schema that was printed. */
async function parsed(code: string, name: string, data: Uint8Array): Promise<unknown> {
  const path = join(folder, `schema-${count++}.mjs`);
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  writeFileSync(path, `${outputText}\nexport { loads } from "brine";\n`);
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  return (module["loads"] as Loads)(data, { schema: module[name] as StandardSchema });
}

const typesOf = (data: Uint8Array): InferredTypes => inferTypes([loads(data, { exact: true })]);

const before = `
class Order:
  def __init__(self, id, next=None): self.id = id; self.next = next; self.when = datetime.datetime(2026, 1, 1)
class Color(enum.Enum):
  RED = 1
class Bag(list): pass
class Table(dict): pass
evil = type('*/ evil(); /*\\n"\\'\`\${x}', (), {})
globals()[evil.__name__] = evil
hostile = evil(); hostile.__dict__.update({'a"b': 1, "x y": 2, "*/": 3, "__proto__": 4, "constructor": 5, "\\u2028": 6})
me = Order(1); me.next = me
loop = {"x": 1}; loop["self"] = loop
`;

const sources = [
  "{'orders': [Order(1, Order('x')), Order(2**60)], 'color': Color.RED, 'bag': Bag([1]), 'table': Table(a=1)}",
  "{'kids': [{'kids': [{'kids': []}], 'v': 1}], 'v': 2}",
  "[{'a': 1, 'b': None}, {'a': 'x'}, {'b': 2.5}] * 3",
  "hostile",
  "[hostile, {'a\"b': 1, '*/': 2, '__proto__': {'x': 1}, '\\u2028': '\\u2029', '\\ud800': 1}] + ['*/', '\\u2028\"'] * 8",
  "me",
  "[me, Order(5)]",
  "loop",
  "{'n': [float('nan'), float('inf'), 1, 2**70]}",
  "{1: (1, 'x'), (2, 3): (None, b'')}",
  "[(), (1,), [], {}, set(), frozenset({1})]",
  "['red', 'green'] * 20",
  "[collections.deque([Order(1)]), collections.deque([1]), collections.OrderedDict(a=1), collections.Counter('aa')]",
  "[array.array('d', [1]), array.array('u', 'x'), array.array('B', b'x'), random.Random(1), ValueError(Order(1))]",
  "[datetime.date(2026, 1, 1), decimal.Decimal(1), fractions.Fraction(1, 2), uuid.UUID(int=5), 1j, range(3), slice(1)]",
  "{'map': 1, 'Map': {'x': 1}, 'py_object': {'y': 1}, 'z': {'z': 1}, 'root': {'r': 1}, 'class': {'c': 1}}",
  "{'data': {str(n): {'v': n} for n in range(100)}, 'empty': [], 'types': [int, len]}",
  "[[[[[[[[1]]]]]]], 'x']",
  "{'a': {'b': {'a': {'b': {}}}}}",
  "5",
  "None",
] as const;

describe("what CPython pickles", () => {
  const all = sources.map((source) => ({ source, data: cpython(source, before) }));

  test("has declarations that compile, in every form", () => {
    const modules = all.flatMap(({ data }) => {
      const types = typesOf(data);
      return [
        printTypeScript(types),
        printTypeScript(types, { instances: "attributes" }),
        `${printZod(types)}\nexport const check = (value: ${types.root}): z.infer<typeof ${types.root}> => value;\n`,
      ];
    });
    expect(diagnostics(modules)).toEqual([]);
  });

  test.each(all)("$source is taken by its own schema", async ({ data }) => {
    const types = typesOf(data);
    await expect(parsed(printZod(types), types.root, data)).resolves.not.toBe(undefined);
  });

  test("is refused by the schema of another", async () => {
    const types = typesOf(cpython("{'orders': [Order('x')]}", before));
    await expect(
      parsed(printZod(types), types.root, cpython("{'orders': [Order(5)]}", before)),
    ).rejects.toMatchObject({
      code: "schema-mismatch",
      path: "$.orders[0].id",
      issues: [{ found: "number 5" }],
    });
    await expect(
      parsed(printZod(types), types.root, cpython("{'orders': [Color.RED]}", before)),
    ).rejects.toMatchObject({
      path: "$.orders[0]",
      issues: [{ found: "__main__.Color" }],
    });
  });

  test("becomes attributes by a schema", async () => {
    const data = cpython("[Order(1, Order(2))]", before);
    const types = typesOf(data);
    expect(await parsed(printZod(types), types.root, data)).toMatchObject([
      { id: 1, next: { id: 2, next: null } },
    ]);
  });
});

test("the declared types are those of the values", () => {
  const types = typesOf(cpython("{'orders': [Order(1, Order('x'))], 'color': Color.RED}", before));
  const uses = `${printTypeScript(types)}
declare const root: ${types.root};
export const id: number | string | undefined = root.orders[0]?.get("id");
export const next: number | string | undefined = root.orders[0]?.toObject().next?.get("id");
export const year: number | undefined = root.orders[0]?.get("when").year;
export const args: [number] = root.color.args;
// @ts-expect-error There is no such attribute.
root.orders[0]?.get("nope");
`;
  expect(diagnostics([uses])).toEqual([]);
});

/** Exact values of all kinds. */
const values = fc.letrec<{ value: unknown; key: unknown }>((tie) => ({
  key: fc.oneof(fc.bigInt(), fc.string(), fc.constant(null), fc.boolean()),
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(
      fc.bigInt(),
      fc.double(),
      fc.string(),
      fc.constantFrom("red", "green"),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array({ maxLength: 3 }),
      fc.constant(new PyDateTime(2026, 1, 1)),
      fc.constant(new PyGlobal("a", "b")),
    ),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => Tuple.from(items)),
    fc.array(fc.tuple(tie("key"), tie("value")), { maxLength: 4 }).map((entries) => new PyDict(entries)),
    fc
      .dictionary(fc.constantFrom("a", "b", "kids", "x y", "2", "map"), tie("value"))
      .map((dict) => new PyDict(Object.entries(dict))),
    fc.array(tie("key")).map((items) => new PySet(items)),
    fc.array(tie("key")).map((items) => new PyFrozenSet(items)),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => new PyDeque(items)),
    fc
      .array(fc.tuple(tie("key"), tie("value")), { maxLength: 3 })
      .map((entries) => new PyOrderedDict(entries)),
    fc
      .tuple(fc.constantFrom("Order", "Line"), fc.dictionary(fc.constantFrom("id", "next"), tie("value")))
      .map(
        ([name, state]) =>
          new PyObject(new PyGlobal("shop", name), Tuple.of(), { state: new PyDict(Object.entries(state)) }),
      ),
  ),
}));

/** Few keys make tables of records, so that places are merged. */
const bounds = fc.record({ maxKeys: fc.constantFrom(1, 2, 64), maxPlaces: fc.constantFrom(20, 10_000) });

test("any value is taken by its own schema, whose types compile", async () => {
  const modules: string[] = [];
  await fc.assert(
    fc.asyncProperty(
      fc.array(values.value, { minLength: 1, maxLength: 3 }),
      bounds,
      async (several, options) => {
        const types = inferTypes(several, options);
        const code = printZod(types);
        modules.push(printTypeScript(types), code);
        for (const value of several)
          await expect(parsed(code, types.root, dumps(value, { exact: true }))).resolves.not.toBe(undefined);
      },
    ),
    { numRuns: 60 },
  );
  expect(diagnostics(modules)).toEqual([]);
});
