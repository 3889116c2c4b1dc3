import { LargeMap } from "../large-map.ts";
import { BOOL, BYTEARRAY, DICT, FLOAT, FROZENSET, OBJECT, SET, type Store, TUPLE } from "./store.ts";

const NOT_YET = -1;
const UNDER_WAY = -2;

interface Frame {
  readonly node: number;
  readonly children: readonly number[];
  at: number;
  isExact: boolean;
}

/**
 * Finds nodes of equal value: each has a representative, the first of its value. What is in a cycle, or leads into one, is
 * only likely to be equal to its representative; all else is for certain. Strings of representatives stand for containers,
 * so that nothing can be made to collide. Linear but for the sorting of keys; no recursion.
 */
export class Canon {
  readonly #store: Store;
  readonly #representatives: number[] = [];
  /** Whether a node is inexact; a hole is exact. */
  readonly #inexact: boolean[] = [];
  /** Of a node that is a key: what is the same for all that Python holds to be equal, if it is not the representative. */
  readonly #keys = new LargeMap<number, number>();
  readonly #known = new LargeMap<string, number>();
  readonly #knownKeys = new LargeMap<string, number>();
  /** Of a node under way, how deep it is. */
  readonly #depths = new LargeMap<number, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The representative of a node of which {@link add} was told. */
  of(node: number): number {
    return this.#representatives[node] as number;
  }

  /** Whether the node is equal to its representative for certain. */
  isExact(node: number): boolean {
    return this.#inexact[node] !== true;
  }

  /** What is the same number for all keys that Python holds to be equal: 1, 1.0 and True, and tuples of them. */
  keyOf(node: number): number {
    return this.#keys.get(node) ?? (this.#representatives[node] as number);
  }

  /** Learns of all that is in the value at `root`. */
  add(root: number): void {
    const frames: Frame[] = [];
    this.#enter(root, frames);
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      if (frame.at < frame.children.length) {
        const child = frame.children[frame.at++] as number;
        const state = this.#representatives[child] ?? NOT_YET;
        if (state === NOT_YET) this.#enter(child, frames);
        else if (state === UNDER_WAY || !this.isExact(child)) frame.isExact = false;
        continue;
      }
      frames.pop();
      this.#leave(frame, frames.length);
      const parent = frames.at(-1);
      if (parent !== undefined && !frame.isExact) parent.isExact = false;
    }
  }

  #enter(node: number, frames: Frame[]): void {
    const kind = this.#store.kinds[node] as number;
    if (kind < BYTEARRAY) {
      this.#representatives[node] = node;
      this.#scalarKey(node, kind);
      return;
    }
    this.#representatives[node] = UNDER_WAY;
    this.#depths.set(node, frames.length);
    frames.push({ node, children: childrenOf(this.#store, node), at: 0, isExact: true });
  }

  #scalarKey(node: number, kind: number): void {
    const value = this.#store.data[node];
    if (kind === BOOL) this.#setKey(node, value === true ? 1 : 0);
    else if (kind === FLOAT && Number.isInteger(value))
      this.#setKey(node, Number.isSafeInteger(value) ? (value as number) + 0 : BigInt(value as number));
  }

  #setKey(node: number, value: number | bigint): void {
    const key = this.#store.int(value);
    this.#representatives[key] = key;
    this.#keys.set(node, key);
  }

  #leave({ node, isExact }: Frame, depth: number): void {
    const store = this.#store;
    const kind = store.kinds[node] as number;
    const name = (child: number): string => {
      const representative = this.#representatives[child] as number;
      // How far up it is, so that cycles of the same form look alike.
      return representative === UNDER_WAY
        ? `^${depth - (this.#depths.get(child) as number)}`
        : `${representative}`;
    };
    let content: string;
    if (kind === BYTEARRAY) {
      content = `${store.bytes(store.data[node] as Uint8Array)}`;
    } else if (kind === DICT) content = this.#dict(node, name);
    else if (kind === SET || kind === FROZENSET) content = this.#set(node);
    else if (kind === OBJECT) {
      const { callable, args, kwargs, states, items, entries } = store.object(node);
      const list = (nodes: readonly number[]): string => nodes.map(name).join(",");
      content = `${name(callable)}(${name(args)};${kwargs < 0 ? "" : name(kwargs)});${list(states)};${list(items)};${this.#pairs(entries, name)}`;
    } else content = store.children(node).map(name).join(",");
    const text = `${kind}:${content}`;
    const known = this.#known.get(text);
    if (known === undefined) this.#known.set(text, node);
    this.#representatives[node] = known ?? node;
    if (!isExact) this.#inexact[node] = true;
    this.#depths.delete(node);
    if (kind === TUPLE || kind === FROZENSET) this.#compositeKey(node, kind);
  }

  #compositeKey(node: number, kind: number): void {
    const children = this.#store.children(node);
    if (!children.some((child) => this.#keys.has(child))) return;
    const keys = children.map((child) => this.keyOf(child));
    if (kind === FROZENSET) keys.sort((a, b) => a - b);
    const text = `${kind}:${keys.join(",")}`;
    let key = this.#knownKeys.get(text) ?? this.#known.get(text);
    // Below the nodes, so that it is none of them.
    if (key === undefined) this.#knownKeys.set(text, (key = -3 - this.#knownKeys.size));
    this.#keys.set(node, key);
  }

  /** What is in a dict, by key; a key that comes again is taken out, with the value it had. */
  #dict(node: number, name: (child: number) => string): string {
    const flat = this.#store.children(node);
    const places = new LargeMap<number, number>();
    let to = 0;
    for (let at = 0; at < flat.length; at += 2) {
      const key = this.keyOf(flat[at] as number);
      const place = places.get(key);
      if (place !== undefined) {
        flat[place + 1] = flat[at + 1] as number;
        continue;
      }
      places.set(key, to);
      flat[to] = flat[at] as number;
      flat[to + 1] = flat[at + 1] as number;
      to += 2;
    }
    flat.length = to;
    return this.#pairs(flat, name);
  }

  #pairs(flat: readonly number[], name: (child: number) => string): string {
    const order = Array.from({ length: flat.length / 2 }, (_, at) => 2 * at);
    order.sort((a, b) => this.keyOf(flat[a] as number) - this.keyOf(flat[b] as number));
    return order.map((at) => `${this.keyOf(flat[at] as number)}=${name(flat[at + 1] as number)}`).join(",");
  }

  /** What is in a set, without what comes again. */
  #set(node: number): string {
    const elements = this.#store.children(node);
    const keys: number[] = [];
    const seen = new LargeMap<number, true>();
    for (const element of elements) {
      const key = this.keyOf(element);
      if (seen.has(key)) continue;
      seen.set(key, true);
      elements[keys.length] = element;
      keys.push(key);
    }
    elements.length = keys.length;
    return keys.sort((a, b) => a - b).join(",");
  }
}

/** All nodes right in a node. */
function childrenOf(store: Store, node: number): readonly number[] {
  const kind = store.kinds[node] as number;
  if (kind === BYTEARRAY) return [];
  if (kind !== OBJECT) return store.children(node);
  const { callable, args, kwargs, states, items, entries } = store.object(node);
  return [callable, args, ...(kwargs < 0 ? [] : [kwargs])].concat(states, items, entries);
}
