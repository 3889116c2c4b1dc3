import { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
import { roundSize } from "./quantities.ts";

/** A node of what is drawn: `StatNode` of brine/tools is one. */
export interface TreemapNode {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly own: number;
  readonly count: number;
  readonly types: readonly string[];
  readonly children: readonly TreemapNode[];
}

/** A rectangle of a treemap. */
export interface Tile {
  readonly node: TreemapNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Whether there are tiles on it. */
  readonly isFrame: boolean;
  /** What is written on it, each line as far as it fits; of a frame at most one, in a strip above the tiles on it. */
  readonly lines: readonly string[];
}

/** Size of the text in pixels, of a monospace font. */
export const TEXT_SIZE = 12;
/** Height of a line of it. */
export const LINE = 15;
/** Width of a character of such fonts at most, in ems. */
export const CHARACTER = 0.62;

/** Height of the strip with the name of a frame. */
const HEADER = 20;
/** A frame that is smaller has no such strip. */
const LEAST_WIDTH = 48;
const LEAST_HEIGHT = 44;
/** What is smaller than so many pixels cannot be seen. */
const LEAST_AREA = 2;
const GAP = 2;

// What is beyond the Latin letters may be twice as wide.
const columnsOf = (character: string): number => (character > "\u02ff" ? 2 : 1);

/** As much of the beginning and the end of a text as fits into so many pixels; empty if next to nothing does. */
export function fitting(text: string, pixels: number): string {
  const room = Math.floor(pixels / (TEXT_SIZE * CHARACTER));
  const characters = Array.from(text);
  if (characters.reduce((sum, character) => sum + columnsOf(character), 0) <= room) return text;
  const taken = (from: readonly string[], columns: number): string[] => {
    let used = 0;
    const end = from.findIndex((character) => (used += columnsOf(character)) > columns);
    return from.slice(0, end);
  };
  if (room < 5) return "";
  const start = taken(characters, Math.ceil((room - 1) / 2)).join("");
  return `${start}…${taken(characters.toReversed(), Math.floor((room - 1) / 2))
    .toReversed()
    .join("")}`;
}

/** A text if all of it fits. */
const whole = (text: string, pixels: number): string => (fitting(text, pixels) === text ? text : "");

function linesOf(label: string, { bytes, types }: TreemapNode, width: number, height: number): string[] {
  const room = width - 8;
  const first = fitting(label, room);
  if (first === "" || height < LINE + 1) return [];
  const lines = [first];
  const size = whole(roundSize(bytes), room);
  if (size !== "" && height >= 2 * LINE + 2) lines.push(size);
  const type = fitting(types.join(", "), room);
  if (type !== "" && size !== "" && height >= 3 * LINE + 3) lines.push(type);
  return lines;
}

function headerOf({ name, bytes }: TreemapNode, width: number): string[] {
  const room = width - 8;
  const line = whole(`${name}  ${roundSize(bytes)}`, room) || fitting(name, room);
  return line === "" ? [] : [line];
}

const roomForHeader = ({ x0 = 0, x1 = 0, y0 = 0, y1 = 0 }): boolean =>
  // Rounded as d3 does at the end, so that it is the same before and after.
  Math.round(x1) - Math.round(x0) >= LEAST_WIDTH && Math.round(y1) - Math.round(y0) >= LEAST_HEIGHT;

/** What is inside a node, and what is its own beside that. */
function parts(node: TreemapNode): TreemapNode[] {
  const { children, own } = node;
  if (children.length === 0) return [];
  return own > 0 ? [...children, { ...node, name: "(itself)", bytes: own, children: [] }] : [...children];
}

/** The tiles of a tree, the outer ones in front of those on them: the area of each is in proportion to its bytes. */
export function layOut(root: TreemapNode, width: number, height: number): Tile[] {
  const tree = hierarchy<TreemapNode>(root, parts)
    .sum(({ own, children }) => (children.length === 0 ? own : 0))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const laid = treemap<TreemapNode>()
    .tile(treemapSquarify)
    .size([width, height])
    .paddingInner(GAP)
    .paddingOuter((node) => (roomForHeader(node) ? GAP + 1 : 0))
    .paddingTop((node) => (roomForHeader(node) ? HEADER : 0))
    .round(true)(tree);
  const tiles: Tile[] = [];
  laid.each((node) => {
    const { x0: x, y0: y } = node;
    const tile = { x, y, width: node.x1 - x, height: node.y1 - y };
    if (tile.width * tile.height < LEAST_AREA) return;
    const isFrame = node.children !== undefined;
    const hasHeader = isFrame && roomForHeader(node);
    // A tile has to speak for the frames around it that have no room for it.
    let label = node.data.name;
    for (let { parent } = node; parent !== null && !roomForHeader(parent); { parent } = parent) {
      label = parent.data.name + label;
    }
    const lines = hasHeader
      ? headerOf(node.data, tile.width)
      : isFrame
        ? []
        : linesOf(label, node.data, tile.width, tile.height);
    tiles.push({ node: node.data, ...tile, isFrame, lines });
  });
  return tiles;
}
