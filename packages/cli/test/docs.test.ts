import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brine, examples } from "./command.ts";

const root = join(examples, "..");

/** The runs that a document shows, of files that are there. */
function runsIn(name: string): string[] {
  const document = readFileSync(join(root, "docs", name), "utf8");
  const blocks = [...document.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block]) => block as string);
  const shown = blocks.flatMap((block) => block.split(/^\$ brine /m).slice(1));
  return shown.filter((example) => / examples\/|^examples\//.test(example.split("\n")[0] as string));
}

const documents = [
  ["command.md", 8, 0],
  ["verify.md", 2, 0],
  ["diff.md", 1, 1],
  ["typed-results.md", 1, 0],
] as const;

test.each(documents)("docs/%s has examples", (name, count) => expect(runsIn(name)).toHaveLength(count));

const runnable = documents.flatMap(([name, , status]) =>
  runsIn(name).map((example) => [name, example, status] as const),
);

test.each(runnable)("docs/%s: brine %s", (_, example, expectedStatus) => {
  const [command = "", ...lines] = example.split("\n");
  const { status, stdout } = brine(command.split(" "), { cwd: root });
  expect(status).toBe(expectedStatus);
  let rest = stdout;
  // A line of nothing but an ellipsis stands for what the document leaves out.
  for (const part of lines.join("\n").split(/^ *…\n/m)) {
    expect(rest).toContain(part.trimEnd());
    rest = rest.slice(rest.indexOf(part.trimEnd()) + part.trimEnd().length);
  }
  if (!/^ *…$/m.test(example)) expect(stdout.trimEnd()).toBe(lines.join("\n").trimEnd());
});
