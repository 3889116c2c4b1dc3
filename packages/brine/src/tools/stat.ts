import { toBytes } from "../bytes/input.ts";
import { UnpicklingError } from "../errors.ts";
import { opcodeOf } from "../syntax/opcodes.ts";
import type { ToolInput } from "./tool-input.ts";
import type { MemoUse } from "./memo-use.ts";
import { NEWEST } from "./newer-protocol.ts";
import { compact } from "./compact.ts";
import { optimize } from "./optimize.ts";
import type { RepeatedValue } from "./repeated-values.ts";
import { StatMachine } from "./stat-machine.ts";
import { statTree, type StatNode } from "./stat-tree.ts";
import type { GlobalUse } from "./stat-types.ts";
import { OBJECT_TYPE } from "./stat-types.ts";

/** How {@link stat} goes about it. */
export interface StatOptions {
  /** Nodes of the tree, and so paths that are told apart; 1000 unless given. What is smaller is in a node called `…`. */
  readonly maxPaths?: number | undefined;
  /** Keys by which the entries of dicts at one path are told apart; 64 unless given. Where there are more, they are `.*`. */
  readonly maxKeys?: number | undefined;
  /** Repeated values that are listed, those first that cost the most; 100 unless given. */
  readonly maxRepeated?: number | undefined;
  /** Whether to find out what could be saved, which takes about as long as the rest; `true` unless given. */
  readonly savings?: boolean | undefined;
}

/** Bytes that something has of the file, and how often it occurs. */
export interface StatShare {
  /** Name of the opcode, or of the type. */
  readonly name: string;
  /** Its bytes. All of a list add up to the size of the file. */
  readonly bytes: number;
  /** How often it occurs. */
  readonly count: number;
}

/** What all values of one path take. */
export interface StatPath {
  /** The path, such as `$.users[*].name`; one that ends in `…` stands for what is not told apart. */
  readonly path: string;
  /** Bytes without what is inside. All of the list add up to the size of the file. */
  readonly bytes: number;
  /** Bytes with all that is inside. */
  readonly total: number;
  /** How many values there are of this path. */
  readonly count: number;
  /** Their types in Python; a class by its module and name. */
  readonly types: readonly string[];
}

/** What the pickles would take after a change that leaves the values as they are. */
export interface StatSaving {
  /** The function of `brine/tools` that makes it, or the protocol. */
  readonly by: "optimize" | "compact" | `protocol ${number}`;
  /** The size then, in bytes. */
  readonly bytes: number;
  /** What it is less than now; below 0 if it is more. */
  readonly saved: number;
  /** Whether it is estimated: a protocol is; the others were tried. */
  readonly isEstimate: boolean;
}

/** What takes the space in a file of pickles. */
export interface Stat {
  /** Size of the data, in bytes. */
  readonly bytes: number;
  /** How many whole pickles there are. */
  readonly pickles: number;
  /** Where the last whole pickle ends, 0 if there is none. */
  readonly end: number;
  /** How many values they write. */
  readonly values: number;
  /** Bytes at the end that are no pickle, or not a whole opcode of one. */
  readonly unread: number;
  /** Why these could not be read; `undefined` if there are none. */
  readonly error: UnpicklingError | undefined;
  /** By opcode, the largest first. */
  readonly opcodes: readonly StatShare[];
  /**
   * By type in Python, each value without what is in it: an object by its class, with its tuple of arguments and its dict of
   * attributes. In parentheses what is no value: references and memo, framing, what was popped, what could not be read.
   */
  readonly types: readonly StatShare[];
  /** By path, those with the most bytes of their own first. */
  readonly paths: readonly StatPath[];
  /** The paths as a tree. */
  readonly tree: StatNode;
  /** Equal strings and bytes that are written more than once. */
  readonly repeated: {
    /** The values, those first whose repetition costs the most. */
    readonly values: readonly RepeatedValue[];
    /** How many such values there are. */
    readonly distinct: number;
    /** Bytes that all repetitions of all of them take. */
    readonly excess: number;
  };
  /** What is kept in the memo and read from it. */
  readonly memo: MemoUse;
  /** The protocols that PROTO says, and how often it says each. */
  readonly protocols: readonly { readonly protocol: number; readonly count: number }[];
  /** Highest protocol among the opcodes, whatever PROTO says; −1 without any. */
  readonly highestProtocol: number;
  /** How many frames there are, and the bytes in them. */
  readonly frames: { readonly count: number; readonly bytes: number };
  /** Classes and functions by name, those first that are used most: at most 4096, and the others as `other`. */
  readonly globals: readonly GlobalUse[];
  /** What could be saved; empty if nothing, if it was not asked for, or if the data is not whole pickles. */
  readonly savings: readonly StatSaving[];
}

/** What makes a pickle smaller. */
const rewriters: readonly (readonly [by: StatSaving["by"], rewrite: (data: Uint8Array) => Uint8Array])[] = [
  ["optimize", optimize],
  ["compact", (data) => compact(data).data],
];

const byBytes = (a: StatShare, b: StatShare): number => b.bytes - a.bytes || (a.name < b.name ? -1 : 1);

function pathsOf(tree: StatNode): StatPath[] {
  const paths: StatPath[] = [];
  const stack = [tree];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const { path, own, bytes, count, types, children } = node;
    paths.push({ path, bytes: own, total: bytes, count, types });
    for (const child of children) stack.push(child);
  }
  return paths.sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
}

/** Size of all pickles rewritten; `undefined` if one of them cannot be. */
function rewritten(
  bytes: Uint8Array,
  ends: readonly number[],
  rewrite: (data: Uint8Array) => Uint8Array,
): number | undefined {
  let size = 0;
  let start = 0;
  try {
    for (const end of ends) {
      size += rewrite(bytes.subarray(start, end)).length;
      start = end;
    }
  } catch (error) {
    if (error instanceof UnpicklingError) return undefined;
    throw error;
  }
  return size;
}

function savingsOf(bytes: Uint8Array, machine: StatMachine): StatSaving[] {
  const { ends, newer, highestProtocol } = machine;
  const now = ends.at(-1) ?? 0;
  const savings: StatSaving[] = [];
  const add = (by: StatSaving["by"], size: number | undefined, isEstimate: boolean): void => {
    if (size !== undefined && size < now) savings.push({ by, bytes: size, saved: now - size, isEstimate });
  };
  for (const [by, rewrite] of rewriters) add(by, rewritten(bytes, ends, rewrite), false);
  // Protocol 4 brought what made pickles smaller.
  if (highestProtocol < 4) add(`protocol ${NEWEST}`, newer.total, true);
  return savings;
}

/**
 * Tells what takes the space in a file of one or more pickles, every byte once by opcode, once by type and once by path.
 * Nothing is constructed. What cannot be read is told in `error` and `unread`; what can be read in front of it counts.
 *
 * @throws UnpicklingError `invalid-input` for what is no binary data.
 * @example
 * for (const { path, bytes } of stat(data).paths.slice(0, 10)) console.log(path, bytes);
 */
export function stat(data: ToolInput, options: StatOptions = {}): Stat {
  const { maxPaths = 1000, maxKeys = 64, maxRepeated = 100, savings = true } = options;
  const bytes = toBytes(data);
  const machine = new StatMachine(bytes, maxKeys);
  machine.run();
  const { types, labels, stack, memo, error } = machine;
  const opcodes: StatShare[] = [];
  for (const [code, count] of machine.opcodeCounts.entries()) {
    const name = opcodeOf(code)?.name;
    if (count > 0 && name !== undefined)
      opcodes.push({ name, bytes: machine.opcodeBytes[code] as number, count });
  }
  const unread = bytes.length - machine.position;
  if (unread > 0) opcodes.push({ name: "(unread)", bytes: unread, count: 0 });
  let values = 0;
  const shares: StatShare[] = [];
  for (const [id, name] of types.names.entries()) {
    const share = { name, bytes: types.bytes[id] as number, count: types.counts[id] as number };
    if (share.bytes !== 0 || share.count !== 0) shares.push(share);
    if (id <= OBJECT_TYPE || !name.startsWith("(")) values += share.count;
  }
  const tree = statTree(stack.root, labels, types, Math.max(1, maxPaths), bytes.length);
  const { rows, excess, distinct } = machine.repeated.top(maxRepeated);
  return {
    bytes: bytes.length,
    pickles: machine.ends.length,
    end: machine.ends.at(-1) ?? 0,
    values,
    unread,
    error,
    opcodes: opcodes.sort(byBytes),
    types: shares.sort(byBytes),
    paths: pathsOf(tree),
    tree,
    repeated: { values: rows, excess, distinct },
    memo: memo.use(),
    protocols: Array.from(machine.protocols, ([protocol, count]) => ({ protocol, count })).sort(
      (a, b) => a.protocol - b.protocol,
    ),
    highestProtocol: machine.highestProtocol,
    frames: { count: machine.frames, bytes: machine.framedBytes },
    globals: types.globals.toSorted((a, b) => b.used - a.used || (a.name < b.name ? -1 : 1)),
    savings: savings && error === undefined ? savingsOf(bytes, machine) : [],
  };
}
