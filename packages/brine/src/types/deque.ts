import { failure } from "../bytes/failure.ts";
import { type InspectArguments, inspectAs, inspectCustom } from "../values/inspect.ts";
import { pythonKey } from "../values/key.ts";
import { PyGlobal } from "../values/py-global.ts";
import { pythonType } from "../values/python-type.ts";
import { pythonEquals } from "./equality.ts";
import type { TypeDefinition } from "./registry.ts";
import { defineValue, integer, keepState, tuple, written } from "./value.ts";

const type: PyGlobal = /* @__PURE__ */ new PyGlobal("collections", "deque");

/**
 * Python's `collections.deque`: an `Array` with Python's `append` and `appendleft`, which push items off the other end beyond `maxlen`.
 * What is derived from it (`map`, `filter`, `slice`) is a plain `Array`; `Array`'s own methods don't look at `maxlen`.
 */
export class PyDeque<T = unknown> extends Array<T> {
  /** Makes what is derived from a deque a plain `Array`. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** How many items it keeps at most, `null` for any number. */
  declare readonly maxlen: number | null;
  /** Attributes set on the object itself, as BUILD gives them; `undefined` if there are none. */
  declare state: unknown;

  /** A deque of the last `maxlen` of these items. */
  constructor(items: Iterable<T> = [], maxlen: number | null = null) {
    super();
    Object.defineProperties(this, {
      maxlen: { value: maxlen },
      state: { value: undefined, writable: true },
    });
    const all = [...items];
    all.splice(0, all.length - (maxlen ?? all.length));
    for (const item of all) this.push(item);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return type;
  }

  /** Adds an item at the right end. */
  append(item: T): void {
    if (this.push(item) > (this.maxlen ?? Infinity)) this.shift();
  }

  /** Adds an item at the left end. */
  appendleft(item: T): void {
    if (this.unshift(item) > (this.maxlen ?? Infinity)) this.pop();
  }

  /** Whether Python holds the two to be equal: `maxlen` doesn't matter. */
  equals(other: unknown): boolean {
    return pythonEquals(this, other);
  }

  /** The Python type's name. */
  get [pythonType](): string {
    return "collections.deque";
  }

  /** Unhashable. */
  [pythonKey](): undefined {
    return undefined;
  }

  /** What `util.inspect` shows. */
  [inspectCustom](...how: InspectArguments): string {
    const limit = this.maxlen === null ? "" : `, maxlen=${this.maxlen}`;
    return inspectAs(this, `collections.deque(${this.length}${limit})`, () => Array.from(this), ...how);
  }
}

/** How `deque` is read: items by APPENDS; in Python 2.7 a list. */
export const dequeReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  ["collections", "_collections"].map((module) =>
    defineValue<PyDeque>(new PyGlobal(module, "deque"), [0, 2], {
      class: PyDeque,
      construct({ args: [items = [], maxlen = null] }) {
        const limit = maxlen === null ? null : integer(maxlen, 0);
        return !Array.isArray(items) || limit === undefined ? undefined : new PyDeque(items, limit);
      },
      append(deque, items) {
        // To let Array move them up one by one would take quadratic time; CPython never writes such.
        if (deque.length + items.length > (deque.maxlen ?? Infinity))
          throw failure("unrepresentable", "more items than maxlen");
        for (const item of items) deque.push(item);
      },
      setState: keepState,
    }),
  ))();

/** How `deque` is read and written. */
export const deques: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyDeque>(dequeReaders, (deque) => ({
    callable: type,
    args: deque.maxlen === null ? [] : [tuple(), BigInt(deque.maxlen)],
    listItems: Array.from(deque),
    state: deque.state,
  })))();
