/** What stands for the vectors' persistent ids. */
export class Persistent {
  pid;

  constructor(pid) {
    this.pid = pid;
  }
}

/** Of an int, in decimal text. */
const MAX_DIGITS = 4300;

/**
 * The lowest protocol that has an opcode for all that an exact value holds. Below it a value is written through calls of
 * functions, which make the same value for Python and another TREE, or not at all.
 */
export function neededProtocol(brine, root) {
  const { PyObject, PyGlobal, PyDict, ByteArray, MemoryView } = brine;
  const seen = new Set();
  const left = [root];
  let needed = 0;
  const need = (protocol) => (needed = Math.max(needed, protocol));
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === "bigint" && value.toString().replace("-", "").length > MAX_DIGITS) need(2);
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof Persistent) {
      if (typeof value.pid !== "string" || !/^[\0-\t\v-\x7f]*$/.test(value.pid)) need(1);
      left.push(value.pid);
    } else if (value instanceof PyGlobal) {
      if (!/^[\0-\x7f]*$/.test(value.module + value.name)) need(3);
      if (
        value.module === "" ||
        value.name === "" ||
        /[.]/.test(value.name) ||
        /\n/.test(value.module + value.name)
      )
        need(4);
    } else if (value instanceof ByteArray || value instanceof MemoryView) need(5);
    else if (value instanceof Uint8Array) need(3);
    else if (value instanceof Set) {
      need(4);
      left.push(...value);
    } else if (value instanceof PyDict) for (const entry of value) left.push(...entry);
    else if (value instanceof PyObject) {
      need({ newobj: 2, newobj_ex: 4 }[value.how] ?? 0);
      left.push(
        value.type,
        value.args,
        ...(value.kwargs ?? new Map()).values(),
        value.state,
        value.items,
        value.entries,
      );
    } else if (Array.isArray(value)) for (const item of value) left.push(item);
  }
  return needed;
}
