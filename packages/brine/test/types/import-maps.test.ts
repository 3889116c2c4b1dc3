import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mapTo2, mapTo3 } from "../../src/types/import-maps.ts";
import { askCPython } from "../bytes/cpython.ts";

type Name = readonly [module: string, name: string];

const script = `
import _compat_pickle as c
def look(modules, names, module, name):
    if (module, name) in names: return names[module, name]
    return modules.get(module, module), name
answer([[look(c.IMPORT_MAPPING, c.NAME_MAPPING, *case), look(c.REVERSE_IMPORT_MAPPING, c.REVERSE_NAME_MAPPING, *case)]
        for case in cases])
`;

function agree(names: readonly Name[]): void {
  const judged = askCPython<[Name, Name][]>(script, names);
  for (const [i, [module, name]] of names.entries()) {
    expect([module, name, mapTo3(module, name), mapTo2(module, name)]).toEqual([module, name, ...judged[i]!]);
  }
}

const known = askCPython<{ modules: string[]; names: Name[] }>(
  `
import _compat_pickle as c
names = [*c.NAME_MAPPING, *c.REVERSE_NAME_MAPPING, *c.NAME_MAPPING.values(), *c.REVERSE_NAME_MAPPING.values()]
modules = [*c.IMPORT_MAPPING, *c.REVERSE_IMPORT_MAPPING, *c.IMPORT_MAPPING.values(), *c.REVERSE_IMPORT_MAPPING.values()]
answer({"names": names, "modules": sorted({*modules, *(m for m, n in names)})})
`,
  [],
);

describe("mapTo3 and mapTo2", () => {
  test("every entry of CPython's tables, both ways", () => {
    expect(known.names.length).toBeGreaterThan(350);
    expect(known.modules.length).toBeGreaterThan(90);
    agree(known.names);
  });
  test("every module with every name of the tables", () => {
    const names = [...new Set(known.names.map(([, name]) => name)), "", "other", "__init__"];
    agree(known.modules.flatMap((module) => names.map((name) => [module, name] as const)));
  });
  test("names that are in no table", () => {
    const odd = [
      "",
      " ",
      "__proto__",
      "constructor",
      "toString",
      "a b",
      "builtins ",
      " builtins",
      "é",
      "a\nb",
      "\ud800",
    ];
    agree(odd.flatMap((module) => odd.map((name) => [module, name] as const)));
    agree(
      known.names.flatMap(
        ([module, name]) =>
          [
            [`${module} ${name}`, ""],
            ["", `${module} ${name}`],
          ] as const,
      ),
    );
    const part = fc.oneof(fc.string(), fc.constantFrom(...known.modules, "str", "range", "OSError"));
    agree(fc.sample(fc.tuple(part, part), { numRuns: 2000, seed: 1 }));
  });
});
