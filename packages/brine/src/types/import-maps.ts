import { forward, reverseOnly } from "./import-maps-data.ts";

/** Module and name of a class or function. */
type GlobalName = readonly [module: string, name: string];

// Keyed by "module name", and by "module " where all of a module is mapped. A space in a module or name of a pickle
// hits no other key, for there is exactly one in each.
let to3: Map<string, GlobalName> | undefined;
let to2: Map<string, GlobalName> | undefined;

/** The mappings that a text of `import-maps-data.ts` tells, which explains how. */
function mappings(text: string): [from: string, to: GlobalName][] {
  return text.split(";").flatMap((group) => {
    const [to, ...sources] = group.split(":") as [string, ...string[]];
    return sources.flatMap((source) => {
      const [from, ...pairs] = source.split(" ") as [string, ...string[]];
      const module = to.replace("*", from.toLowerCase().replace(/^tk/, ""));
      return (pairs.length > 0 ? pairs : [""]).map((pair): [string, GlobalName] => {
        const [name, newName = name] = pair.split("=") as [string, string?];
        return [`${from} ${name}`, [module, newName]];
      });
    });
  });
}

function lookUp(map: Map<string, GlobalName>, module: string, name: string): GlobalName {
  return map.get(`${module} ${name}`) ?? [map.get(`${module} `)?.[0] ?? module, name];
}

/**
 * Where Python 3 has what Python 2 called `module.name`, for pickles below protocol 3.
 * Source: CPython `Lib/_compat_pickle.py`; `Modules/_pickle.c`, `_pickle_Unpickler_find_class_impl`.
 */
export function mapTo3(module: string, name: string): GlobalName {
  to3 ??= new Map(mappings(forward));
  return lookUp(to3, module, name);
}

/**
 * Where Python 2 has what Python 3 calls `module.name`, for pickles below protocol 3.
 * Source: CPython `Lib/_compat_pickle.py`; `Modules/_pickle.c`, `fix_imports`.
 */
export function mapTo2(module: string, name: string): GlobalName {
  if (to2 === undefined) {
    const map = (to2 = new Map<string, GlobalName>());
    for (const [from, to] of mappings(forward)) {
      const key = to.join(" ");
      if (!map.has(key)) map.set(key, from.split(" ") as [string, string]);
    }
    for (const [from, to] of mappings(reverseOnly)) {
      if (to[0] === "") map.delete(from);
      else map.set(from, to);
    }
  }
  return lookUp(to2, module, name);
}
