import { PyObject } from "brine/core";
import { IdentityMap } from "./identity.ts";
import { isComposite, isTrivial, iteratorOf } from "./pieces.ts";
import { PersistentId } from "./stand-ins.ts";

/** How much of each value is looked at: as much as is printed of it. */
export interface Bounds {
  readonly depth: number;
  readonly maxItems: number;
}

class Children implements Iterator<unknown, undefined> {
  readonly #source: Iterator<unknown>;
  readonly #arePairs: boolean;
  #left: number;
  #second: unknown;
  #hasSecond = false;

  constructor(source: Iterator<unknown>, count: number, arePairs: boolean) {
    this.#source = source;
    this.#left = count;
    this.#arePairs = arePairs;
  }

  next(): IteratorResult<unknown, undefined> {
    if (this.#hasSecond) {
      this.#hasSecond = false;
      return { done: false, value: this.#second };
    }
    const next = this.#left-- > 0 ? this.#source.next() : undefined;
    if (next === undefined || next.done === true) return { done: true, value: undefined };
    if (!this.#arePairs) return { done: false, value: next.value };
    const [key, value] = next.value as readonly [unknown, unknown];
    this.#second = value;
    this.#hasSecond = true;
    return { done: false, value: key };
  }
}

/** What is in a value, in parts, the last one first; of an object all but its arguments and state. */
function childrenOf(value: object, count: number): Iterator<unknown>[] {
  if (value instanceof PyObject) {
    const { type, kwargs, items, entries } = value;
    const parts: Iterator<unknown>[] = [];
    if (entries.length > 0) parts.push(new Children(entries[Symbol.iterator](), count, true));
    if (items.length > 0) parts.push(new Children(items[Symbol.iterator](), count, false));
    if (kwargs !== undefined) parts.push(new Children(kwargs[Symbol.iterator](), count, true));
    if (isComposite(type)) parts.push([type][Symbol.iterator]());
    return parts;
  }
  if (value instanceof PersistentId) return [[value.id][Symbol.iterator]()];
  if (value instanceof Map) return [new Children(iteratorOf<unknown>(value, value.size), count, true)];
  if (value instanceof Set) return [new Children(iteratorOf<unknown>(value, value.size), count, false)];
  return Array.isArray(value) ? [new Children(value[Symbol.iterator](), count, false)] : [];
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
    for (const children of childrenOf(value, bounds.maxItems)) stack.push({ children, depth: depth + 1 });
    if (value instanceof PyObject) {
      // Their content is shown as the object's own, before the rest.
      stack.push({ children: [value.args, value.state][Symbol.iterator](), depth });
    }
  };
  visit(root, 0);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = top.children.next() as IteratorResult<unknown, unknown>;
    if (next.done === true) stack.pop();
    else visit(next.value, top.depth);
  }
  return shared;
}
