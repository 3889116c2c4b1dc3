import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { examplesIn, moduleFor, type Claim } from "./examples.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
// Below node_modules of the repository, so that "brine" is the built package.
const folder = join(root, "node_modules/.cache/brine/docs");
const examples = examplesIn(root);

const run = async (name: string, code: string): Promise<readonly Claim[]> => {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, moduleFor(code));
  const loaded = (await import(`${pathToFileURL(path).href}?${Date.now()}`)) as { claims: readonly Claim[] };
  return loaded.claims;
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

describe("the examples in Markdown", () => {
  test("are there", () => {
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.some(({ code }) => code.includes("// → "))).toBe(true);
  });

  test.each(examples.map((example, index) => ({ ...example, index })))(
    "$place runs",
    async ({ code, index }) => {
      const claims = await run(`example-${index}`, code);
      expect(claims.map(({ line, actual }) => `line ${line}: ${actual}`)).toEqual(
        claims.map(({ line, expected }) => `line ${line}: ${expected}`),
      );
      expect(claims).toHaveLength(code.split(/\/\/ (?:→|throws) /).length - 1);
    },
  );

  test("have the right types", () => {
    const files = examples.map(({ code }, index) => {
      const path = join(folder, `example-${index}.ts`);
      writeFileSync(path, `${code}\nexport {};\n`);
      return path;
    });
    const program = ts.createProgram(files, {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      types: ["node"],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    });
    const found = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
      const index = Number(/example-(\d+)\.ts$/.exec(file?.fileName ?? "")?.[1]);
      const line = (file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0) + 1;
      return `${examples[index]?.place}, line ${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
    expect(found).toEqual([]);
  });
});

describe("a claim", () => {
  test("holds what the value is, not what is said", async () => {
    const claims = await run(
      "claims",
      "const x = { a: [1] }; // → { a: [ 1 ] }\nx.a.push(2);\nx; // → { a: [ 1 ] }\n",
    );
    expect(claims).toEqual([
      { line: 1, expected: "{ a: [ 1 ] }", actual: "{ a: [ 1 ] }" },
      { line: 3, expected: "{ a: [ 1 ] }", actual: "{ a: [ 1, 2 ] }" },
    ]);
  });

  test("of an error is how its message begins", async () => {
    const claims = await run(
      "throws",
      'JSON.parse("{"); // throws Expected property\n1 + 1; // throws Never\n',
    );
    expect(claims).toEqual([
      { line: 1, expected: "Expected property", actual: "Expected property" },
      { line: 2, expected: "Never", actual: "nothing was thrown" },
    ]);
  });

  test("can go over lines and be about what is logged", async () => {
    const claims = await run(
      "lines",
      "console.log([1, \"b\"]); // → [ 1,\n//   'b' ]\nconst y: number = 1;\n",
    );
    expect(claims).toEqual([{ line: 1, expected: "[ 1, 'b' ]", actual: "[ 1, 'b' ]" }]);
  });
});
