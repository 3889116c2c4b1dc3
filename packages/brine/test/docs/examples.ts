import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** A block of TypeScript in a Markdown file. */
export interface Example {
  /** Where it begins, such as `README.md:12`. */
  readonly place: string;
  readonly code: string;
}

/** What an example says about a value (`// → …`) or an error (`// throws …`), and what came of it. */
export interface Claim {
  readonly line: number;
  readonly expected: string;
  readonly actual: string;
}

/** All ```ts blocks of README.md and docs/, in order. */
export function examplesIn(root: string): Example[] {
  const docs = readdirSync(root).includes("docs")
    ? readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((name) => join("docs", name))
    : [];
  return ["README.md", ...docs]
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return Array.from(text.matchAll(/^```ts\n(.*?)^```$/gms), (match) => ({
        place: `${path}:${text.slice(0, match.index).split("\n").length}`,
        code: match[1] ?? "",
      }));
    });
}

/**
 * The JavaScript module that runs an example and exports its claims as `claims`. A claim is a comment behind a
 * statement: `// → text` is what `util.inspect` says of the expression, of the variable declared or of what is logged;
 * `// throws text` is how the message of the error begins. Comment lines right below belong to it.
 */
export function moduleFor(code: string): string {
  const file = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ES2023, true);
  let output = "";
  let done = 0;
  for (const statement of file.statements) {
    const comment = /^[ \t]*\/\/ (→|throws) (.*(?:\n\/\/.*)*)/.exec(code.slice(statement.end));
    if (comment === null) continue;
    const { line } = file.getLineAndCharacterOfPosition(statement.getStart());
    const expected = JSON.stringify((comment[2] ?? "").replaceAll(/\n\/\/\s*/g, " "));
    const start = statement.getStart();
    output += code.slice(done, start);
    if (comment[1] === "throws") {
      const text = statement.getText();
      output += `try { ${text}; claim(${line + 1}, ${expected}, "nothing was thrown"); } `;
      output += `catch (error) { claim(${line + 1}, ${expected}, beginning(error, ${expected})); }`;
    } else if (ts.isVariableStatement(statement)) {
      const name = statement.declarationList.declarations[0]?.name.getText();
      output += `${statement.getText()}; claim(${line + 1}, ${expected}, shown(${name}));`;
    } else if (ts.isExpressionStatement(statement)) {
      const { expression } = statement;
      const isLog = ts.isCallExpression(expression) && expression.expression.getText() === "console.log";
      const value = isLog ? expression.arguments[0] : expression;
      output += `claim(${line + 1}, ${expected}, shown(${value?.getText()}));`;
    } else {
      throw new Error(`line ${line + 1}: a claim behind a statement without a value`);
    }
    done = statement.end + comment[0].length;
  }
  output += code.slice(done);
  const header = `import { inspect } from "node:util";
export const claims = [];
const claim = (line, expected, actual) => claims.push({ line, expected, actual });
const shown = (value) => inspect(value, { depth: null, breakLength: Infinity, maxStringLength: null });
const beginning = (error, expected) => error.message.slice(0, expected.length);
`;
  return ts.transpileModule(header + output, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  }).outputText;
}
