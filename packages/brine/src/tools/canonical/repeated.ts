import { failure } from "../../bytes/failure.ts";
import { GLOBAL } from "../compact/constants.ts";
import { IntList } from "../compact/number-lists.ts";
import { type Graph, nodeOf, partsOf } from "./graph.ts";

/** What is written may be this many times what there is: a list of two of the same list of two, and so on, is without end. */
const MOST_TIMES = 16;
/** And this much, in values and bytes, in any case: it takes half a second. */
const MOST_ANYWAY = 2 ** 22;

// What is known of a value.
const UNSEEN = 0;
const OPEN = 1;
/** Nothing mutable in it. */
const IMMUTABLE = 2;
/** Something mutable in it, and no cycle. */
const TREE = 3;
/** A part of a cycle, or around one. */
const CYCLIC = 4;

/** Finds what is mutable and holds no cycle, the parts of a value before the value. */
class Explorer {
  readonly #graph: Graph;
  readonly #count: number;
  readonly #states: Uint8Array;
  /** By value, how much is written where it stands. */
  readonly #sizes: Float64Array;
  /** How much there is, each value once. */
  #given = 0;
  /** How much is written of what is written once. */
  #once = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#count = graph.constants.length;
    this.#states = new Uint8Array(this.#count + graph.nodes.length);
    this.#sizes = new Float64Array(this.#states.length);
  }

  #index(value: number): number {
    return value >= 0 ? value : this.#count + nodeOf(value);
  }

  find(): Uint8Array {
    const { root } = this.#graph;
    const states = this.#states;
    const open = new IntList();
    open.push(root);
    while (open.length > 0) {
      const value = open.items[open.length - 1] as number;
      const index = this.#index(value);
      if (states[index] !== UNSEEN) {
        open.pop();
        if (states[index] === OPEN) this.#close(value, index);
        continue;
      }
      states[index] = OPEN;
      for (const part of partsOf(this.#graph, value)) {
        if (states[this.#index(part)] === UNSEEN) open.push(part);
      }
    }
    const written = this.#once + (this.#sizes[this.#index(root)] as number);
    if (written > Math.max(MOST_ANYWAY, MOST_TIMES * this.#given)) {
      throw failure(
        "unsupported-operation",
        `written out wherever it is shared, this is more than ${MOST_TIMES} times as much`,
        undefined,
        "With the option sharing it stays shared, and has other bytes than if it were not",
      );
    }
    return states.map((state) => (state === TREE ? 1 : 0));
  }

  /** Sums up a value whose parts are known, but for those that it is a part of itself. */
  #close(value: number, index: number): void {
    const isConstant = value >= 0;
    const content = isConstant ? 0 : (this.#graph.nodes[nodeOf(value)]?.content?.length ?? 0);
    let state = isConstant ? IMMUTABLE : TREE;
    let given = 1 + content;
    let size = given;
    if (!isConstant || (this.#graph.constants.kinds.items[value] as number) >= GLOBAL) {
      const parts = partsOf(this.#graph, value);
      given += parts.length;
      for (const part of parts) {
        const at = this.#index(part);
        const partState = this.#states[at] as number;
        if (partState === OPEN || partState === CYCLIC) state = CYCLIC;
        else if (partState === TREE && state === IMMUTABLE) state = TREE;
        size += partState === TREE ? (this.#sizes[at] as number) : 1;
      }
    }
    this.#states[index] = state;
    this.#given += given;
    if (state === TREE) this.#sizes[index] = size;
    else this.#once += size;
  }
}

/**
 * By value, constants first, 1 for what is written out wherever it stands, so that nothing tells one object from two equal
 * ones: what is mutable or has something mutable in it. A cycle has no end, so that what is part of one or holds one is not.
 *
 * @throws UnpicklingError `unsupported-operation` if that would be much longer than what there is.
 */
export function findRepeated(graph: Graph): Uint8Array {
  return new Explorer(graph).find();
}
