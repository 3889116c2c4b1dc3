import * as kind from "./store.ts";
import type { Store } from "./store.ts";

/** Whether an object is no more than a call with plain arguments, as a date is: then it is told as a whole. */
export function isAtom(store: Store, node: number): boolean {
  const { args, kwargs, states, items, entries } = store.object(node);
  if (kwargs >= 0 || states.length + items.length + entries.length > 0) return false;
  if (store.kinds[args] !== kind.TUPLE) return false;
  const given = store.children(args);
  return (
    given.length > 0 &&
    given.length < 20 &&
    given.every((child) => (store.kinds[child] as number) < kind.LIST)
  );
}

/** Names and values of the attributes that a state sets, `undefined` if it is something else. */
export function attributesOf(store: Store, states: readonly number[]): number[] | undefined {
  const [state] = states;
  if (state === undefined) return [];
  if (states.length > 1) return undefined;
  const is = store.kinds[state];
  if (is === kind.DICT) return store.children(state);
  if (is !== kind.TUPLE) return undefined;
  const parts = store.children(state);
  const [own, slots] = parts;
  if (parts.length !== 2 || own === undefined || slots === undefined || store.kinds[slots] !== kind.DICT)
    return undefined;
  if (own === store.none) return store.children(slots);
  return store.kinds[own] === kind.DICT ? store.children(own).concat(store.children(slots)) : undefined;
}
