import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { describe, expect, test } from "vitest";

const entry = fileURLToPath(new URL("../../src/types.ts", import.meta.url));
const folder = fileURLToPath(new URL("../../../../node_modules/.cache/brine/bundles", import.meta.url));

/** What an application that imports `name` alone is left with, minified: no comments in it. */
async function bundle(name: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const input = join(folder, `${name}.mjs`);
  writeFileSync(input, `export { ${name} } from ${JSON.stringify(entry)};\n`);
  const made = await rolldown({ input, platform: "browser", logLevel: "silent" });
  const { output } = await made.generate({ minify: true });
  rmSync(input);
  return output.map((chunk) => ("code" in chunk ? chunk.code : "")).join("");
}

/** Each family, and a word that only its code has. */
const families = {
  uuids: "urn:uuid:",
  decimals: "no decimal number",
  fractions: "no fraction",
  timedeltas: "totalSeconds",
  deques: "more items than maxlen",
  enums: "HTTPStatus",
  exceptions: "ProcessLookup",
  arrays: "_array_reconstructor",
  ipAddresses: "IPv",
  paths: "PurePosixPath",
  functions: "itemgetter",
  namedTuples: "ParseResult",
  cookies: "SimpleCookie",
  simpleNamespaces: "SimpleNamespace",
  reconstructors: "_reconstructor",
} as const;

describe("importing one family leaves out the rest", () => {
  test.each(Object.keys(families))("%s", async (name) => {
    const code = await bundle(name);
    const found = Object.entries(families).filter(([, word]) => code.includes(word));
    // How an object of protocols 0 and 1 is written belongs to several.
    const others = found.map(([family]) => family).filter((family) => family !== "reconstructors");
    expect(others).toEqual(name === "reconstructors" ? [] : [name]);
  });
  test("the registry has them all", async () => {
    const code = await bundle("stdlib");
    for (const word of Object.values(families)) expect(code).toContain(word);
  });
  test("classes of the user's cost those nothing who do not define any, and need no family", async () => {
    const own = "brine.pythonClass";
    expect(await bundle("stdlib")).not.toContain(own);
    const code = await bundle("defineType");
    expect(code).toContain(own);
    const found = Object.entries(families).filter(([, word]) => code.includes(word));
    expect(found.map(([family]) => family)).toEqual(["reconstructors"]);
    expect(await bundle("defineType")).not.toContain("model_unpickle");
  });
});
