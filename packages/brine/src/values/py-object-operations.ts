import type { PyObject, PyObjectOperation } from "./py-object.ts";

/**
 * All that was done to an object after it was built, in order, with its items, entries and last state as they are now. What was added
 * to `items` or `entries` by hand comes last.
 */
export function operationsOf(object: PyObject): PyObjectOperation[] {
  const { items, entries, state, log = [] } = object;
  const operations: PyObjectOperation[] = [];
  const lastBuild = log.findLastIndex(([kind]) => kind === "build");
  let item = 0;
  let entry = 0;
  const take = (kind: "append" | "add" | "set", end: number): void => {
    if (kind === "set") {
      if (entry < Math.min(end, entries.length))
        operations.push({ kind, entries: entries.slice(entry, end) });
      entry = end;
    } else {
      if (item < Math.min(end, items.length)) operations.push({ kind, items: items.slice(item, end) });
      item = end;
    }
  };
  for (const [index, [kind, given, args]] of log.entries()) {
    if (kind === "call") operations.push({ kind, callable: given, args });
    else if (kind === "build") operations.push({ kind, state: index === lastBuild ? state : given });
    else take(kind, given);
  }
  take("append", items.length);
  take("set", entries.length);
  if (lastBuild < 0 && state !== undefined) operations.push({ kind: "build", state });
  return operations;
}
