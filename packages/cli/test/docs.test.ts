import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brine, examples } from "./command.ts";

const root = join(examples, "..");
const document = readFileSync(join(root, "docs/command.md"), "utf8");
const blocks = [...document.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block]) => block as string);
const shown = blocks.flatMap((block) => block.split(/^\$ brine /m).slice(1));
// Those of the files that are there.
const runnable = shown.filter((example) => / examples\/|^examples\//.test(example.split("\n")[0] as string));

test("the document has examples", () => expect(runnable).toHaveLength(5));

test.each(runnable)("docs/command.md: brine %s", (example) => {
  const [command = "", ...lines] = example.split("\n");
  const { status, stdout } = brine(command.split(" "), { cwd: root });
  expect(status).toBe(0);
  let rest = stdout;
  // A line of nothing but an ellipsis stands for what the document leaves out.
  for (const part of lines.join("\n").split(/^ *…\n/m)) {
    expect(rest).toContain(part.trimEnd());
    rest = rest.slice(rest.indexOf(part.trimEnd()) + part.trimEnd().length);
  }
  if (!/^ *…$/m.test(example)) expect(stdout.trimEnd()).toBe(lines.join("\n").trimEnd());
});
