import { atomOf, type Atom, isComposite } from "./pieces.ts";
import { isLong } from "./repr.ts";
import { widthOf } from "./width.ts";

/** An atom of a row, with the spaces around it and its comma. */
export interface Cell {
  readonly before: string;
  readonly atom: Atom;
  readonly after: string;
}

/** Wider atoms stand on a line of their own. */
const WIDEST = 20;

function* atoms(items: Iterable<unknown>, count: number, maxLength: number): Generator<Atom | undefined> {
  let left = count;
  for (const value of items) {
    if (left-- <= 0) return;
    const isWide =
      isComposite(value) || isLong(value) || (typeof value === "string" && value.length > WIDEST);
    yield isWide ? undefined : atomOf(value, maxLength);
  }
}

function widthOfAtom({ text, style }: Atom): number {
  return style === "number" ? text.length : widthOf(text);
}

/**
 * The first `count` items in rows of equal columns, numbers to the right; `undefined` unless all of them are short atoms.
 * The rows are made while they are taken.
 */
export function columnsOf(
  items: Iterable<unknown>,
  count: number,
  maxLength: number,
  room: number,
): Iterable<Cell[]> | undefined {
  let widest = 0;
  let areNumbers = true;
  for (const atom of atoms(items, count, maxLength)) {
    const width = atom === undefined || atom.left > 0 ? Infinity : widthOfAtom(atom);
    if (atom === undefined || width > WIDEST) return undefined;
    widest = Math.max(widest, width);
    areNumbers &&= atom.style !== "text";
  }
  // A comma and a space behind each but the last.
  const perRow = Math.floor((room + 1) / (widest + 2));
  return perRow < 2 ? undefined : rows(items, count, maxLength, perRow, widest, areNumbers);
}

function* rows(
  items: Iterable<unknown>,
  count: number,
  maxLength: number,
  perRow: number,
  width: number,
  toTheRight: boolean,
): Generator<Cell[]> {
  let row: Cell[] = [];
  let index = 0;
  for (const atom of atoms(items, count, maxLength)) {
    if (atom === undefined) return;
    index++;
    const isLast = index % perRow === 0 || index === count;
    const padding = " ".repeat(width - widthOfAtom(atom));
    const after = isLast ? "," : toTheRight ? ", " : `, ${padding}`;
    row.push({ before: toTheRight ? padding : "", atom, after });
    if (isLast) {
      yield row;
      row = [];
    }
  }
}
