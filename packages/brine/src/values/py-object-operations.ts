import type { LogRecord, PyObject, PyObjectOperation } from "./py-object.ts";

/**
 * All that was done to an object after it was built, in order, with its items, entries and last state as they are now. What was added
 * to `items` or `entries` by hand comes last.
 */
export function operationsOf(object: PyObject): PyObjectOperation[] {
  if (object.log === undefined && !object.hasParts) {
    const { state } = object;
    return state === undefined ? [] : [{ kind: "build", state }];
  }
  const { items, entries, state } = object;
  const log: LogRecord[] = object.log ?? [];
  const lastBuild = log.findLastIndex(([kind, given]) => kind === "build" && given !== undefined);
  const operations: PyObjectOperation[] = [];
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
  log.forEach((record, index) => {
    if (record[0] === "call") operations.push({ kind: "call", callable: record[1], args: record[2] });
    else if (record[0] !== "build") {
      // Batches in a row are made one.
      if (log[index + 1]?.[0] !== record[0]) take(...record);
    } else if (record[1] !== undefined) {
      operations.push({ kind: "build", state: index === lastBuild ? state : record[1] });
    }
  });
  take("append", items.length);
  take("set", entries.length);
  if (lastBuild < 0 && state !== undefined) operations.push({ kind: "build", state });
  return operations;
}
