import type { PathLabels } from "./path-labels.ts";
import type { Shape } from "./shape.ts";
import { OBJECT_TYPE, type TypeTable } from "./stat-types.ts";

/** What takes the space, as a tree by path: of a bounded number of nodes, the large ones. */
export interface StatNode {
  /** The last step of the path: `.name`, `[*]`; `$` for the whole, `…` for what is too small or too deep to be told. */
  readonly name: string;
  /** The path, such as `$.users[*].name`. */
  readonly path: string;
  /** Bytes with all that is inside. */
  readonly bytes: number;
  /** Bytes without what is inside: `bytes` less those of the `children`. */
  readonly own: number;
  /** How many values there are of this path. */
  readonly count: number;
  /** Their types in Python; a class by its module and name. */
  readonly types: readonly string[];
  /** What is inside, the largest first. */
  readonly children: readonly StatNode[];
}

/** Steps of a path. */
const DEEPEST = 64;

interface Draft {
  readonly shape: Shape;
  readonly name: string;
  readonly path: string;
  readonly depth: number;
  readonly parent: Draft | undefined;
  readonly bytes: number;
  readonly children: Draft[];
  /** What is inside, and not among the children. */
  restBytes: number;
  restCount: number;
  /** How many children there would be more. */
  restSize: number;
}

/** Sums up each shape with all that is inside. */
function sumUp(root: Shape): void {
  const order: Shape[] = [];
  const stack = [root];
  for (let shape = stack.pop(); shape !== undefined; shape = stack.pop()) {
    order.push(shape);
    for (let part = shape.first; part !== undefined; part = part.next) stack.push(part);
  }
  // The inner ones stand behind the outer ones.
  for (let at = order.length - 1; at >= 0; at--) {
    const shape = order[at] as Shape;
    shape.total = shape.own;
    for (let part = shape.first; part !== undefined; part = part.next) shape.total += part.total;
  }
}

/** The largest first: a heap. */
class Largest {
  readonly #items: Draft[] = [];

  push(draft: Draft): void {
    const items = this.#items;
    let at = items.push(draft) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = items[above] as Draft;
      if (other.bytes >= draft.bytes) break;
      items[at] = other;
      at = above;
    }
    items[at] = draft;
  }

  pop(): Draft | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= items.length) break;
      const right = items[below + 1];
      if (right !== undefined && right.bytes > (items[below] as Draft).bytes) below++;
      const other = items[below] as Draft;
      if (other.bytes <= last.bytes) break;
      items[at] = other;
      at = below;
    }
    items[at] = last;
    return first;
  }
}

function typeNames({ types, classType }: Shape, table: TypeTable): string[] {
  const names: string[] = [];
  for (let bit = 0; bit <= OBJECT_TYPE; bit++) {
    if ((types & (1 << bit)) === 0) continue;
    names.push(table.names[bit === OBJECT_TYPE && classType >= 0 ? classType : bit] as string);
  }
  return names;
}

/**
 * The tree of at most `most` nodes: the largest is opened first, and what is left closed is one node beside its siblings.
 *
 * @param bytes - the size of the file, of which the root has what nothing else has.
 */
export function statTree(
  root: Shape,
  labels: PathLabels,
  table: TypeTable,
  most: number,
  bytes: number,
): StatNode {
  sumUp(root);
  const draftOf = (shape: Shape, name: string, parent: Draft | undefined): Draft => ({
    shape,
    name,
    parent,
    path: parent === undefined ? name : parent.path + name,
    depth: parent === undefined ? 0 : parent.depth + 1,
    bytes: parent === undefined ? bytes : shape.total,
    children: [],
    restBytes: 0,
    restCount: 0,
    restSize: 0,
  });
  const opened = [draftOf(root, "$", undefined)];
  const waiting = new Largest();
  const open = (draft: Draft): void => {
    for (let part = draft.shape.first; part !== undefined; part = part.next) {
      draft.restBytes += part.total;
      draft.restCount += part.count;
      draft.restSize++;
      if (draft.depth < DEEPEST) waiting.push(draftOf(part, labels.text(part.label), draft));
    }
  };
  open(opened[0] as Draft);
  for (let next = waiting.pop(); next !== undefined && opened.length < most; next = waiting.pop()) {
    const { parent, shape } = next;
    if (parent === undefined) break;
    parent.children.push(next);
    parent.restBytes -= next.bytes;
    parent.restCount -= shape.count;
    parent.restSize--;
    opened.push(next);
    open(next);
  }
  return nodeOf(opened, table);
}

/** The nodes of the drafts, which have the outer ones before the inner ones. */
function nodeOf(drafts: readonly Draft[], table: TypeTable): StatNode {
  const made = new Map<Draft, StatNode>();
  let node: StatNode | undefined;
  for (let at = drafts.length - 1; at >= 0; at--) {
    const draft = drafts[at] as Draft;
    const { name, path, bytes, shape, restBytes, restCount, restSize } = draft;
    const children = draft.children.map((child) => made.get(child) as StatNode);
    if (restSize > 0) {
      children.push({
        name: "…",
        path: `${path}…`,
        bytes: restBytes,
        own: restBytes,
        count: restCount,
        types: [],
        children: [],
      });
    }
    const own = children.reduce((left, child) => left - child.bytes, bytes);
    children.sort((a, b) => b.bytes - a.bytes);
    node = { name, path, bytes, own, count: shape.count, types: typeNames(shape, table), children };
    made.set(draft, node);
  }
  return node as StatNode;
}
