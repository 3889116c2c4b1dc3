import { type Constants, GLOBAL } from "../compact/constants.ts";

// What a node is.
export const LIST = 0;
export const DICT = 1;
export const SET = 2;
export const BYTEARRAY = 3;
/** What a call gave. */
export const OBJECT = 4;

/** What is done to an object once it is there. */
export interface Deed {
  /** APPENDS, SETITEMS, ADDITEMS, BUILD; POP for a call whose result is dropped. */
  readonly code: number;
  /** What it takes; for SETITEMS keys and values in turn. */
  readonly items: number[];
}

const none: readonly Deed[] = [];

/** A value with an identity: whoever holds it holds the same. */
export class GraphNode {
  readonly kind: number;
  /** The items of a container, of a dict keys and values in turn; callable and arguments of an object. */
  items: number[];
  /** Of an object, the opcode that makes it. */
  readonly code: number;
  deeds: readonly Deed[] = none;
  /** Of a bytearray, what is in it. */
  readonly content: Uint8Array | undefined;
  /** How often it is a part of something. */
  uses = 0;

  constructor(kind: number, items: number[], code = -1, content?: Uint8Array) {
    this.kind = kind;
    this.items = items;
    this.code = code;
    this.content = content;
  }

  /** Notes what is done to it. */
  do(deed: Deed): void {
    if (this.deeds === none) this.deeds = [deed];
    else (this.deeds as Deed[]).push(deed);
  }
}

/**
 * The value of a pickle as a graph. A value is a number: that of a constant, or −1 − that of a node. A tuple, a frozenset and
 * a persistent id are constants even where there are nodes among their parts.
 */
export interface Graph {
  readonly constants: Constants;
  readonly nodes: readonly GraphNode[];
  /** The value. */
  readonly root: number;
}

/** The number of the node that a value is. */
export const nodeOf = (value: number): number => -1 - value;

/** The parts of a value as they stand: of a dict keys and values in turn, of an object what it is given too. */
export function partsOf({ constants, nodes }: Graph, value: number): readonly number[] {
  if (value < 0) {
    const { items, deeds } = nodes[nodeOf(value)] as GraphNode;
    return deeds.length === 0 ? items : [...items, ...deeds.flatMap((deed) => deed.items)];
  }
  if ((constants.kinds.items[value] as number) < GLOBAL) return [];
  const first = constants.first.items[value] as number;
  return Array.from(constants.parts.items.subarray(first, first + (constants.second.items[value] as number)));
}
