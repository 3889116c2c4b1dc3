import { atomOf, type Atom, type GroupPiece, isComposite } from "./pieces.ts";
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

function* atoms(group: GroupPiece, count: number, maxLength: number): Generator<Atom | undefined> {
  const entries = group.entries();
  for (let index = 0; index < count; index++) {
    const next = entries.next();
    if (next.done === true) return;
    const { value: piece } = next.value;
    if (piece.kind !== "value" || isComposite(piece.value) || isLong(piece.value)) yield undefined;
    else if (typeof piece.value === "string" && piece.value.length > WIDEST) yield undefined;
    else yield atomOf(piece.value, maxLength);
  }
}

/**
 * The first `count` items of a group in rows of equal columns, numbers to the right; `undefined` unless all of them are short atoms.
 * The rows are made while they are taken.
 */
export function columnsOf(
  group: GroupPiece,
  count: number,
  maxLength: number,
  room: number,
): Iterable<Cell[]> | undefined {
  let widest = 0;
  let areNumbers = true;
  for (const atom of atoms(group, count, maxLength)) {
    const width = atom === undefined || atom.left > 0 ? Infinity : widthOf(atom.text);
    if (atom === undefined || width > WIDEST) return undefined;
    widest = Math.max(widest, width);
    areNumbers &&= atom.style !== "text";
  }
  // A comma and a space behind each but the last.
  const perRow = Math.floor((room + 1) / (widest + 2));
  return perRow < 2 ? undefined : rows(group, count, maxLength, perRow, widest, areNumbers);
}

function* rows(
  group: GroupPiece,
  count: number,
  maxLength: number,
  perRow: number,
  width: number,
  toTheRight: boolean,
): Generator<Cell[]> {
  let row: Cell[] = [];
  let index = 0;
  for (const atom of atoms(group, count, maxLength)) {
    if (atom === undefined) return;
    index++;
    const isLast = index % perRow === 0 || index === count;
    const padding = " ".repeat(width - widthOf(atom.text));
    const after = isLast ? "," : toTheRight ? ", " : `, ${padding}`;
    row.push({ before: toTheRight ? padding : "", atom, after });
    if (isLast) {
      yield row;
      row = [];
    }
  }
}
