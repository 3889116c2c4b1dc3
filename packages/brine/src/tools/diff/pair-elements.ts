import { LargeMap } from "../large-map.ts";
import type { Canon } from "./canon.ts";
import { typeOf } from "./describe.ts";
import type { Store } from "./store.ts";

/** The elements of two sets, side by side. */
export interface PairedElements {
  /** Those that lead into a cycle, which show only when they are gone through whether they are equal. */
  readonly pairs: readonly (readonly [before: number, after: number])[];
  readonly removed: readonly number[];
  readonly added: readonly number[];
}

/** Finds the elements of one set in another. */
export function pairElements(
  store: Store,
  canon: Canon,
  before: readonly number[],
  after: readonly number[],
): PairedElements {
  const others = new LargeMap<number, number>();
  for (const node of after) others.set(canon.keyOf(node), node);
  const pairs: [number, number][] = [];
  const removed: number[] = [];
  // By type, those of the first that were not found and may be equal to one of the second all the same.
  const open = new LargeMap<string, number[]>();
  for (const node of before) {
    const key = canon.keyOf(node);
    const other = others.get(key);
    if (other !== undefined) {
      others.delete(key);
      if (!canon.isExact(node) || !canon.isExact(other)) pairs.push([node, other]);
    } else if (canon.isExact(node)) removed.push(node);
    else {
      const type = typeOf(store, node);
      const nodes = open.get(type);
      if (nodes === undefined) open.set(type, [node]);
      else nodes.push(node);
    }
  }
  const added: number[] = [];
  for (const [, node] of others) {
    const partner = canon.isExact(node) ? undefined : open.get(typeOf(store, node))?.pop();
    if (partner === undefined) added.push(node);
    else pairs.push([partner, node]);
  }
  for (const [, nodes] of open) for (const node of nodes) removed.push(node);
  return { pairs, removed, added };
}
