import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const root = new URL("../../../../", import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), "utf8");

it("the licence of what is built in is shipped, with its version", () => {
  const manifest = JSON.parse(text("packages/brine/package.json")) as {
    files: string[];
    devDependencies: Record<string, string>;
  };
  const shipped = text("packages/brine/THIRD-PARTY-LICENSES.txt");
  expect(manifest.files).toContain("THIRD-PARTY-LICENSES.txt");
  for (const [name, version] of Object.entries(manifest.devDependencies)) {
    expect(shipped).toContain(`${name} ${version}`);
    expect(shipped).toContain(text(`node_modules/${name}/LICENSE`).trim());
  }
});
