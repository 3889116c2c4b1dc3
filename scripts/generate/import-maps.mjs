// The tables of CPython's _compat_pickle, from the newest CPython at hand that the library follows (3.13).
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { run } from "../project.mjs";

const dump = `
import json, sys, _compat_pickle as c
assert sys.version_info[:2] == (3, 13), sys.version
modules = lambda table: [[[k, ""], [v, ""]] for k, v in table.items()]
names = lambda table: [[list(k), list(v)] for k, v in table.items()]
print(json.dumps({
    "forward": modules(c.IMPORT_MAPPING) + names(c.NAME_MAPPING),
    "reverse": modules(c.REVERSE_IMPORT_MAPPING) + names(c.REVERSE_NAME_MAPPING),
}))
`;

/** CPython 3.13: what PYTHON says, pyenv's, or the one on the path. */
function interpreter() {
  const pyenv = join(homedir(), ".pyenv/versions/3.13.0/bin/python");
  return process.env.PYTHON ?? (existsSync(pyenv) ? pyenv : "python3.13");
}

/** The target with "*" for the source in lower case, without "tk" in front, where it ends so. */
function starred(module, target) {
  const tail = module.toLowerCase().replace(/^tk/, "");
  return target.endsWith(tail) ? `${target.slice(0, -tail.length)}*` : target;
}

/** "target:module:module name name=name;…": mappings to the same module share a group, and those from one to one a list. */
function compact(mappings) {
  const groups = new Map();
  for (const [[module, name], [toModule, toName]] of mappings) {
    const target = starred(module, toModule);
    const lists = groups.get(target) ?? new Map();
    const key = name === "" ? module : `${module} `;
    const pair = name === toName || toModule === "" ? name : `${name}=${toName}`;
    lists.set(key, name === "" ? module : `${lists.get(key) ?? module} ${pair}`);
    groups.set(target, lists);
  }
  return [...groups].map(([target, lists]) => [target, ...lists.values()].join(":")).join(";");
}

/** By target, then in Python's order of letters: what is alike side by side compresses best. */
const byTarget = ([[module], [target]], [[otherModule], [otherTarget]]) =>
  Number(target > otherTarget) - Number(target < otherTarget) ||
  Number(module > otherModule) - Number(module < otherModule);

export async function outputs() {
  const { code, output } = await run([interpreter(), "-c", dump], { quiet: true });
  if (code !== 0) throw new Error(`cannot ask CPython 3.13 for _compat_pickle: ${output}`);
  const { forward: all, reverse } = JSON.parse(output);

  // A name whose whole module goes the same way needs no telling.
  const whole = new Map(
    all.filter(([[, name]]) => name === "").map(([[module], [target]]) => [module, target]),
  );
  const isTold = ([[module, name], [target, newName]]) =>
    name !== "" && name === newName && (whole.get(module) ?? module) === target;
  const forward = all.filter((mapping) => !isTold(mapping)).sort(byTarget);

  // Most of the way back is the first of the ways there; what differs is given, what has no way back has an empty one.
  const derived = new Map();
  for (const [from, to] of forward) {
    if (!derived.has(to.join(" "))) derived.set(to.join(" "), from);
  }
  const wanted = new Map(reverse.map(([from, to]) => [from.join(" "), to]));
  const same = (a, b) => a?.[0] === b[0] && a[1] === b[1];
  const different = reverse.filter(([from, to]) => !same(derived.get(from.join(" ")), to));
  const gone = [...derived.keys()].filter((key) => !wanted.has(key)).map((key) => [key.split(" "), ["", ""]]);
  return {
    "packages/brine/src/types/import-maps-data.ts": `
/**
 * Groups "module3:module2 names…:…": each name is of Python 2, "=" and that of Python 3 if it differs; none: the module.
 * In module3, "*" is module2 in lower case, without "tk" in front.
 */
export const forward = ${JSON.stringify(compact(forward))};

/** The same from Python 3 to 2, where it is not {@link forward} the other way round; no module2: no way back. */
export const reverseOnly = ${JSON.stringify(compact([...different, ...gone]))};
`,
  };
}
