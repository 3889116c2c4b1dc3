// Reads every pickle of the given files, vectors or folders, and holds that the zod schema inferred from it takes it, and that what is
// printed compiles in strict mode. Uses the built library. What cannot be loaded, exact or plain, is skipped and counted.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { loads } from "brine";
import { inferTypes, printTypeScript, printZod } from "brine/schema";
import { cache } from "../project.mjs";
import { casesAt, startCount, told } from "./judged-pickles.mjs";

const folder = join(cache, "inferred-types");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const { count, check } = startCount();
const skipped = {};
const skip = (why) => {
  skipped[why] = (skipped[why] ?? 0) + 1;
};
const modules = new Map();
let number = 0;

for (const path of process.argv.slice(2)) {
  for (const { name, bytes, options } of casesAt(path)) {
    const settings = () => ({
      encoding: options.encoding ?? "latin1",
      errors: options.errors ?? undefined,
      persistentLoad: () => null,
      buffers: options.buffers?.map((buffer) => Buffer.from(buffer, "hex")) ?? undefined,
    });
    let exact;
    try {
      exact = loads(bytes, { ...settings(), exact: true });
      loads(bytes, settings());
    } catch (error) {
      skip(error.code ?? error.name);
      continue;
    }
    const types = inferTypes([exact]);
    const code = printZod(types);
    const place = join(folder, `schema-${number++}`);
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
      },
    });
    writeFileSync(`${place}.mjs`, outputText);
    for (const [suffix, text] of [
      ["zod", code],
      ["object", printTypeScript(types)],
    ]) {
      writeFileSync(`${place}-${suffix}.ts`, text);
      modules.set(`${place}-${suffix}.ts`, name);
    }
    try {
      const module = await import(pathToFileURL(`${place}.mjs`).href);
      loads(bytes, { ...settings(), schema: module[types.root] });
      check(true);
    } catch (error) {
      // zod follows a value by calls of its own.
      if (error instanceof RangeError && error.message.includes("call stack")) skip("too deep for zod");
      else check(false, `${name}: ${error.message}\n${code.slice(0, 2000)}`);
    }
  }
}

const program = ts.createProgram([...modules.keys()], {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
});
const wrong = new Map(
  ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => [file?.fileName, ts.flattenDiagnosticMessageText(messageText, "\n")]),
);
for (const [path, name] of modules) check(!wrong.has(path), `${name}: ${path}: ${wrong.get(path)}`);
console.log(`skipped: ${told(skipped)}`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed > 0 ? 1 : 0;
