import * as kind from "./store.ts";
import type { Store } from "./store.ts";

// NumPy writes an array as one call under protocol 5, and as another, with a state, below it. Both have the same parts.
const RECONSTRUCT = "numpy.core.multiarray _reconstruct";
const FROM_BUFFER = "numpy.core.numeric _frombuffer";
const ARRAY = "numpy ndarray";

/** The name of a module before NumPy 2, which has the same things. */
export function oldNumpyModule(module: string): string {
  return module.replace(/^numpy\._core(?=\.|$)/, "numpy.core");
}

/** An array as an object with attributes, the same for both forms. */
function parts(store: Store, shape: number, dtype: number, order: string, data: number): kind.ObjectParts {
  const content = store.kinds[data] === kind.BYTEARRAY ? store.bytes(store.data[data] as Uint8Array) : data;
  const named: [string, number][] = [
    ["dtype", dtype],
    ["shape", shape],
    ["order", store.text(order)],
    ["data", content],
  ];
  const state = store.add(
    kind.DICT,
    named.flatMap(([name, node]) => [store.text(name), node]),
  );
  return {
    callable: store.named(kind.GLOBAL, ARRAY),
    args: store.add(kind.TUPLE, []),
    kwargs: -1,
    states: [state],
    items: [],
    entries: [],
  };
}

/** The array that `_frombuffer(*args)` makes; −1 for anything else. Source: NumPy `_core/numeric.py`, `_frombuffer`. */
export function arrayFromBuffer(store: Store, callable: number, args: readonly number[]): number {
  const [data, dtype, shape, order] = args;
  if (store.data[callable] !== FROM_BUFFER || order === undefined || store.kinds[order] !== kind.STR)
    return -1;
  return store.add(
    kind.OBJECT,
    parts(store, shape as number, dtype as number, store.data[order] as string, data as number),
  );
}

/**
 * Whether BUILD gives a state to an array that is to be, which then is one.
 * Source: NumPy `_core/src/multiarray/methods.c`, `array_reduce`, `array_setstate`.
 */
export function buildArray(store: Store, object: number, state: number): boolean {
  const { callable, args, states } = store.object(object);
  if (store.data[callable] !== RECONSTRUCT || states.length > 0 || store.kinds[state] !== kind.TUPLE)
    return false;
  const [type] = store.kinds[args] === kind.TUPLE ? store.children(args) : [];
  // A subclass has what it adds in a state of its own.
  if (type === undefined || store.kinds[type] !== kind.GLOBAL || store.data[type] !== ARRAY) return false;
  const given = store.children(state);
  const [, shape, dtype, isFortran, data] = given;
  if (given.length !== 5) return false;
  const order = store.data[isFortran as number] === true ? "F" : "C";
  store.data[object] = parts(store, shape as number, dtype as number, order, data as number);
  return true;
}
