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

/** "module module;module module name name=name;…": mappings between the same two modules share a group. */
function compact(mappings) {
  const groups = new Map();
  for (const [[module, name], [toModule, toName]] of mappings) {
    const head = `${module} ${toModule}`;
    const key = name === "" ? head : `${head} `;
    const pair = name === toName || toModule === "" ? name : `${name}=${toName}`;
    groups.set(key, name === "" ? head : `${groups.get(key) ?? head} ${pair}`);
  }
  return [...groups.values()].join(";");
}

export async function outputs() {
  const { code, output } = await run([interpreter(), "-c", dump], { quiet: true });
  if (code !== 0) throw new Error(`cannot ask CPython 3.13 for _compat_pickle: ${output}`);
  const { forward, reverse } = JSON.parse(output);

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
/** Groups "module2 module3 names…": each name is of Python 2, "=" and that of Python 3 if it differs; none: the module. */
export const forward = ${JSON.stringify(compact(forward))};

/** The same from Python 3 to 2, where it is not {@link forward} the other way round; no module2: no way back. */
export const reverseOnly = ${JSON.stringify(compact([...different, ...gone]))};
`,
  };
}
