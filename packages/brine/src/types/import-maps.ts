import { forward, reverseOnly } from "./import-maps-data.ts";

/** Module and name of a class or function. */
type GlobalName = readonly [module: string, name: string];

// Keyed by "module name", and by "module " where all of a module is mapped. A space in a module or name of a pickle
// hits no other key, for there is exactly one in each.
let to3: Map<string, GlobalName> | undefined;
let to2: Map<string, GlobalName> | undefined;

function eachMapping(text: string, visit: (from: GlobalName, to: GlobalName) => void): void {
  for (const group of text.split(";")) {
    const [from, to, ...names] = group.split(" ") as [string, string, ...string[]];
    if (names.length === 0) visit([from, ""], [to, ""]);
    for (const pair of names) {
      const [old, current = old] = pair.split("=") as [string, string?];
      visit([from, old], [to, current]);
    }
  }
}

function lookUp(map: Map<string, GlobalName>, module: string, name: string): GlobalName {
  return map.get(`${module} ${name}`) ?? [map.get(`${module} `)?.[0] ?? module, name];
}

/**
 * Where Python 3 has what Python 2 called `module.name`, for pickles below protocol 3.
 * Source: CPython `Lib/_compat_pickle.py`; `Modules/_pickle.c`, `_pickle_Unpickler_find_class_impl`.
 */
export function mapTo3(module: string, name: string): GlobalName {
  if (to3 === undefined) {
    const map = (to3 = new Map<string, GlobalName>());
    eachMapping(forward, (from, to) => map.set(from.join(" "), to));
  }
  return lookUp(to3, module, name);
}

/**
 * Where Python 2 has what Python 3 calls `module.name`, for pickles below protocol 3.
 * Source: CPython `Lib/_compat_pickle.py`; `Modules/_pickle.c`, `fix_imports`.
 */
export function mapTo2(module: string, name: string): GlobalName {
  if (to2 === undefined) {
    const map = (to2 = new Map<string, GlobalName>());
    eachMapping(forward, (from, to) => {
      if (!map.has(to.join(" "))) map.set(to.join(" "), from);
    });
    eachMapping(reverseOnly, (from, to) => {
      if (to[0] === "") map.delete(from.join(" "));
      else map.set(from.join(" "), to);
    });
  }
  return lookUp(to2, module, name);
}
