import { decodeLong } from "../../bytes/long.ts";
import * as constant from "../compact/constants.ts";
import { IntList } from "../compact/number-lists.ts";
import { BYTEARRAY, DICT, type Graph, type GraphNode, LIST, nodeOf, partsOf, SET } from "./graph.ts";
import { refused } from "./refused.ts";

/** By kind of constant, the place of its type in the order: int is one type, and so on. */
const typeRanks: readonly number[] = /* @__PURE__ */ (() => {
  const ranks: number[] = [];
  const order = [
    [constant.NONE],
    [constant.FALSE],
    [constant.TRUE],
    [constant.INT, constant.LONG],
    [constant.FLOAT],
    [constant.TEXT],
    [constant.BYTES],
    [constant.TUPLE],
    [constant.FROZENSET],
    [constant.STRING],
    [constant.GLOBAL],
    [constant.EXTENSION],
    [constant.PERSISTENT],
  ];
  order.forEach((kinds, rank) => kinds.forEach((kind) => (ranks[kind] = rank)));
  return ranks;
})();
/** Nodes come after all constants: list, dict, set, bytearray, object. */
const NODES = 16;
/** The most that a depth or rank counts for in a weight: 2^48 of these are exact in a number, with 32 types. */
const MOST = 2 ** 24 - 1;

/** Two's complement, least significant byte first, by value. */
function compareLongs(a: Uint8Array, b: Uint8Array): number {
  const [negativeA, negativeB] = [a, b].map((bytes) => (bytes[bytes.length - 1] as number) >> 7 === 1) as [
    boolean,
    boolean,
  ];
  if (negativeA !== negativeB) return negativeA ? -1 : 1;
  if (a.length !== b.length) return a.length < b.length === negativeA ? 1 : -1;
  for (let at = a.length; at-- > 0;) {
    const difference = (a[at] as number) - (b[at] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = (a[at] as number) - (b[at] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/**
 * The total order of dict keys and set elements: by type, by how deep they nest, by content. Ranks are given from the inside
 * out, each level sorted once, so that it takes N log N time however values are nested and shared.
 */
export class Order {
  readonly #graph: Graph;
  readonly #count: number;
  /** By value, how deep it nests: 0 for one without parts; −1 for what need not be ordered, −2 while that is found out. */
  readonly #depths: Int32Array;
  /** By value, its place among those of its type and depth. */
  readonly #ranks: Int32Array;
  /** By value, a number that tells most of them apart: by its type, depth and rank. */
  readonly #weights: Float64Array;
  /** By value, the same for those of one type and depth, which have no ranks yet. */
  readonly #hints: Float64Array;
  readonly #repeated: Uint8Array;
  /** By value, 1 if something mutable in it is a part of something else too. */
  readonly #isShared: Uint8Array;
  /** The parts of what is unordered by itself, in order. */
  readonly #sorted = new Map<number, readonly number[]>();

  /** @param repeated - by value, 1 for what is written out each time: nothing tells which of them it is. */
  constructor(graph: Graph, repeated: Uint8Array) {
    this.#graph = graph;
    this.#repeated = repeated;
    this.#count = graph.constants.length;
    const size = this.#count + graph.nodes.length;
    this.#depths = new Int32Array(size).fill(-1);
    this.#ranks = new Int32Array(size);
    this.#weights = new Float64Array(size);
    this.#hints = new Float64Array(size);
    this.#isShared = new Uint8Array(size);
    this.#rank(this.#explore());
  }

  /** Constants first, then nodes. */
  #index(value: number): number {
    return value >= 0 ? value : this.#count + nodeOf(value);
  }

  #node(value: number): GraphNode {
    return this.#graph.nodes[nodeOf(value)] as GraphNode;
  }

  /** Elements in order; keys with their values, in order of the keys. */
  parts(value: number): readonly number[] {
    const known = this.#sorted.get(value);
    if (known !== undefined) return known;
    const sorted =
      value >= 0
        ? this.#elements(partsOf(this.#graph, value))
        : this.#node(value).kind === DICT
          ? this.#entries(partsOf(this.#graph, value))
          : this.#elements(partsOf(this.#graph, value));
    // What is a key, or in one, is asked for again.
    if ((this.#depths[this.#index(value)] as number) >= 0) this.#sorted.set(value, sorted);
    return sorted;
  }

  #elements(elements: readonly number[]): readonly number[] {
    const sorted = [...elements].sort((a, b) => this.compare(a, b));
    for (let at = 1; at < sorted.length; at++) {
      const [before, here] = [sorted[at - 1] as number, sorted[at] as number];
      if (before !== here && this.compare(before, here) === 0) this.#mustBeAlone(here);
    }
    return sorted;
  }

  #entries(entries: readonly number[]): readonly number[] {
    const order: number[] = [];
    for (let at = 0; at < entries.length; at += 2) order.push(at);
    order.sort((a, b) => this.compare(entries[a] as number, entries[b] as number));
    const sorted: number[] = [];
    for (const at of order) {
      const key = entries[at] as number;
      const before = sorted[sorted.length - 2];
      if (before !== undefined && this.compare(before, key) === 0) {
        throw refused("a dict has two keys that look the same");
      }
      sorted.push(key, entries[at + 1] as number);
    }
    return sorted;
  }

  /** Refuses one of two elements that look the same, if it can be told from the other by what else refers to it. */
  #mustBeAlone(value: number): void {
    if (this.#isShared[this.#index(value)] === 1) {
      throw refused("a set has two elements that look the same, and something refers to one of them");
    }
  }

  #typeRank(value: number): number {
    const { constants } = this.#graph;
    if (value < 0) return NODES + this.#node(value).kind;
    return typeRanks[constants.kinds.items[value] as number] as number;
  }

  /** Below 0 if `a` comes first, above 0 if `b` does; 0 if they look the same. Only of what is a key or element, or in one. */
  compare(a: number, b: number): number {
    if (a === b) return 0;
    const byWeight = (this.#weights[this.#index(a)] as number) - (this.#weights[this.#index(b)] as number);
    if (byWeight !== 0) return byWeight;
    const byType = this.#typeRank(a) - this.#typeRank(b);
    if (byType !== 0) return byType;
    const [indexA, indexB] = [this.#index(a), this.#index(b)];
    const byDepth = (this.#depths[indexA] as number) - (this.#depths[indexB] as number);
    return byDepth !== 0 ? byDepth : (this.#ranks[indexA] as number) - (this.#ranks[indexB] as number);
  }

  /** Finds what has to be ordered, and how deep each of it nests; gives it by depth. */
  #explore(): number[][] {
    const { constants, nodes } = this.#graph;
    const levels: number[][] = [];
    const open = new IntList();
    const found = (value: number): void => {
      if ((this.#depths[this.#index(value)] as number) < 0) open.push(value);
      while (open.length > 0) this.#visit(open, levels);
    };
    for (const node of nodes) {
      const step = node.kind === DICT ? 2 : node.kind === SET ? 1 : 0;
      // What is alone needs no order, and may contain itself.
      if (step > 0 && node.items.length > step)
        for (let at = 0; at < node.items.length; at += step) found(node.items[at] as number);
    }
    for (let value = 0; value < this.#count; value++) {
      if (constants.kinds.items[value] !== constant.FROZENSET || constants.second.items[value] === 1)
        continue;
      for (const part of partsOf(this.#graph, value)) found(part);
    }
    return levels;
  }

  /** Looks at the topmost of the open values: its parts come first. */
  #visit(open: IntList, levels: number[][]): void {
    const value = open.items[open.length - 1] as number;
    const index = this.#index(value);
    const depths = this.#depths;
    if ((depths[index] as number) >= 0) {
      open.pop();
      return;
    }
    const parts = partsOf(this.#graph, value);
    if (depths[index] === -1) {
      depths[index] = -2;
      for (const part of parts) {
        const depth = depths[this.#index(part)] as number;
        if (depth === -2) throw refused("a dict key or set element contains itself");
        if (depth < 0) open.push(part);
      }
      return;
    }
    open.pop();
    let depth = 0;
    let isShared = value < 0 && this.#repeated[index] === 0 && this.#node(value).uses > 1;
    for (const part of parts) {
      const at = this.#index(part);
      depth = Math.max(depth, (depths[at] as number) + 1);
      if (this.#isShared[at] === 1) isShared = true;
    }
    depths[index] = depth;
    this.#isShared[index] = isShared ? 1 : 0;
    while (levels.length <= depth) levels.push([]);
    (levels[depth] as number[]).push(value);
  }

  #rank(levels: readonly number[][]): void {
    for (const level of levels) {
      const byType = new Map<number, number[]>();
      for (const value of level) {
        const rank = this.#typeRank(value);
        const others = byType.get(rank);
        if (others === undefined) byType.set(rank, [value]);
        else others.push(value);
      }
      for (const values of byType.values()) this.#rankAlike(values);
    }
  }

  /** Ranks values of one type and depth. */
  #rankAlike(values: number[]): void {
    const hints = this.#hints;
    for (const value of values) hints[this.#index(value)] = this.#hint(value);
    const compare = (a: number, b: number): number => {
      // Not a number, where both are infinite.
      const byHint = (hints[this.#index(a)] as number) - (hints[this.#index(b)] as number) || 0;
      return byHint !== 0 ? byHint : this.#compareContent(a, b);
    };
    values.sort(compare);
    let rank = 0;
    values.forEach((value, at) => {
      if (at > 0 && compare(values[at - 1] as number, value) !== 0) rank = at;
      const index = this.#index(value);
      this.#ranks[index] = rank;
      const depth = this.#depths[index] as number;
      // A rank counts for nothing where the depth is one of many.
      const place = depth < MOST ? depth * (MOST + 1) + Math.min(rank, MOST) : MOST * (MOST + 1);
      this.#weights[index] = this.#typeRank(value) * (MOST + 1) ** 2 + place;
    });
  }

  /** A number that puts most values of one type and depth into their order; for a part of them it may be the same. */
  #hint(value: number): number {
    if (value < 0) return 0;
    const { constants } = this.#graph;
    switch (constants.kinds.items[value]) {
      case constant.INT:
      case constant.EXTENSION:
        return constants.first.items[value] as number;
      case constant.LONG: {
        const content = constants.contentOf(value);
        return Number(decodeLong(content, 0, content.length));
      }
      case constant.TEXT:
      case constant.BYTES:
      case constant.STRING: {
        const content = constants.contentOf(value);
        let prefix = 0;
        for (let at = 0; at < 6; at++) prefix = prefix * 256 + (content[at] ?? 0);
        return prefix;
      }
      case constant.TUPLE:
      case constant.GLOBAL:
      case constant.PERSISTENT:
        return constants.second.items[value] === 0
          ? -1
          : (this.#weights[this.#index(constants.part(value, 0))] as number);
      default:
        return 0;
    }
  }

  /** Two values of a type and depth, whose parts are ranked. */
  #compareContent(a: number, b: number): number {
    return a < 0 ? this.#compareNodes(a, b) : this.#compareConstants(a, b);
  }

  #compareConstants(a: number, b: number): number {
    const { constants } = this.#graph;
    const kind = constants.kinds.items[a];
    const other = constants.kinds.items[b];
    const [firstA, firstB] = [constants.first.items[a] as number, constants.first.items[b] as number];
    switch (kind) {
      case constant.INT:
      case constant.LONG: {
        if (kind === other) {
          return kind === constant.INT
            ? firstA - firstB
            : compareLongs(constants.contentOf(a), constants.contentOf(b));
        }
        // A long one is beyond all the others, on one side.
        const content = constants.contentOf(kind === constant.LONG ? a : b);
        const isNegative = (content[content.length - 1] as number) >> 7 === 1;
        return isNegative === (kind === constant.LONG) ? -1 : 1;
      }
      case constant.FLOAT: {
        // The order of the bits, in the other direction below zero: IEEE 754, totalOrder.
        if (firstA < 0 !== firstB < 0) return firstA < 0 ? -1 : 1;
        const high = (firstA >>> 0) - (firstB >>> 0);
        const low =
          ((constants.second.items[a] as number) >>> 0) - ((constants.second.items[b] as number) >>> 0);
        const difference = high !== 0 ? high : low;
        return firstA < 0 ? -difference : difference;
      }
      case constant.TEXT:
      case constant.BYTES:
      case constant.STRING:
        return constants.compareContent(a, b);
      case constant.EXTENSION:
        return firstA - firstB;
      case constant.FROZENSET:
        return this.#compareLists(this.parts(a), this.parts(b));
      case constant.GLOBAL:
      case constant.TUPLE:
      case constant.PERSISTENT:
        return this.#compareParts(a, b);
      default:
        return 0;
    }
  }

  /** The parts of two constants, in their order. */
  #compareParts(a: number, b: number): number {
    const { first, second, parts } = this.#graph.constants;
    const [startA, startB] = [first.items[a] as number, first.items[b] as number];
    const [countA, countB] = [second.items[a] as number, second.items[b] as number];
    const count = Math.min(countA, countB);
    for (let at = 0; at < count; at++) {
      const difference = this.compare(parts.items[startA + at] as number, parts.items[startB + at] as number);
      if (difference !== 0) return difference;
    }
    return countA - countB;
  }

  #compareNodes(a: number, b: number): number {
    const [nodeA, nodeB] = [this.#node(a), this.#node(b)];
    switch (nodeA.kind) {
      case LIST:
        return this.#compareLists(nodeA.items, nodeB.items);
      case DICT:
      case SET:
        return this.#compareLists(this.parts(a), this.parts(b));
      case BYTEARRAY:
        return compareBytes(nodeA.content as Uint8Array, nodeB.content as Uint8Array);
      default: {
        const before = nodeA.code - nodeB.code || this.#compareLists(nodeA.items, nodeB.items);
        if (before !== 0) return before;
        for (let at = 0; at < Math.min(nodeA.deeds.length, nodeB.deeds.length); at++) {
          const [deedA, deedB] = [nodeA.deeds[at], nodeB.deeds[at]];
          if (deedA === undefined || deedB === undefined) break;
          const difference = deedA.code - deedB.code || this.#compareLists(deedA.items, deedB.items);
          if (difference !== 0) return difference;
        }
        return nodeA.deeds.length - nodeB.deeds.length;
      }
    }
  }

  #compareLists(a: readonly number[], b: readonly number[]): number {
    const length = Math.min(a.length, b.length);
    for (let at = 0; at < length; at++) {
      const difference = this.compare(a[at] as number, b[at] as number);
      if (difference !== 0) return difference;
    }
    return a.length - b.length;
  }
}
