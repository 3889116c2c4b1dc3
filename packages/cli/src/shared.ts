import { PyObject } from "brine/core";
import { IdentityMap } from "./identity.ts";
import { isComposite, isTrivial } from "./pieces.ts";
import { PersistentId } from "./stand-ins.ts";

/** How much of each value is looked at: as much as is printed of it. */
export interface Bounds {
  readonly depth: number;
  readonly maxItems: number;
}

function* first<T>(source: Iterable<T>, count: number): Generator<T> {
  let left = count;
  if (left <= 0) return;
  for (const item of source) {
    yield item;
    if (--left <= 0) return;
  }
}

function* flat(pairs: Iterable<readonly [unknown, unknown]>): Generator {
  for (const [key, value] of pairs) {
    yield key;
    yield value;
  }
}

function* childrenOf(value: object, { maxItems }: Bounds): Generator {
  if (value instanceof PersistentId) yield value.id;
  else if (value instanceof PyObject) {
    yield value.type;
    if (value.kwargs !== undefined) yield* first(value.kwargs.values(), maxItems);
    yield* first(value.items, maxItems);
    yield* flat(first(value.entries, maxItems));
  } else if (value instanceof Map) yield* flat(first(value as Map<unknown, unknown>, maxItems));
  else if (Array.isArray(value) || value instanceof Set) yield* first(value as Iterable<unknown>, maxItems);
}

/** The objects that are met more than once in what is printed of a value: they get a label. */
export function findShared(root: unknown, bounds: Bounds): IdentityMap<true> {
  const shared = new IdentityMap<true>();
  const seen = new IdentityMap<true>();
  const stack: { children: Iterator<unknown>; depth: number }[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (!isComposite(value) || depth > bounds.depth || isTrivial(value)) return;
    if (seen.has(value)) {
      shared.set(value, true);
      return;
    }
    seen.set(value, true);
    stack.push({ children: childrenOf(value, bounds), depth: depth + 1 });
    if (value instanceof PyObject) {
      // Their content is shown as the object's own, before the rest.
      stack.push({ children: [value.args, value.state][Symbol.iterator](), depth });
    }
  };
  visit(root, 0);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const { done, value } = top.children.next();
    if (done === true) stack.pop();
    else visit(value, top.depth);
  }
  return shared;
}
