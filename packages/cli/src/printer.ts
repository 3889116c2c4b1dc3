import type { TextSink } from "./output.ts";
import {
  atomOf,
  type Atom,
  entriesOf,
  type Entry,
  type GroupPiece,
  isComposite,
  isTrivial,
  type Piece,
  piecesOf,
  summaryOf,
  text,
} from "./pieces.ts";
import { columnsOf } from "./columns.ts";
import { IdentityMap } from "./identity.ts";
import { grouped } from "./quantities.ts";
import { isLong, reprInChunks } from "./repr.ts";
import { findShared } from "./shared.ts";
import type { Paint, Style } from "./style.ts";
import { widthOf } from "./width.ts";

/** How much to print, and how. */
export interface PrintOptions {
  /** Levels of nesting; what is in deeper ones is left out. */
  readonly depth: number;
  /** Items of each container. */
  readonly maxItems: number;
  /** Characters of each str, bytes and int. */
  readonly maxLength: number;
  /** Columns to fill; what cannot be broken may be wider. */
  readonly width: number;
  readonly paint: Paint;
}

const STEP = 2;
/** Beyond so many levels lines are indented no further: else a million levels would take a million times a million spaces. */
const DEEPEST_INDENT = 40;
/** Keys up to this width have their values aligned. */
const WIDEST_KEY = 24;
/** How many keys are looked at for that. */
const KEYS_MEASURED = 200;
/** No more containers in each other stand on one line: it would be hard to read, and each level is tried in all those around it. */
const NESTED_ON_LINE = 6;
/** An int of more digits stands on no line with others. */
const WIDEST_INT = 10n ** 400n;

type Frame =
  | { readonly kind: "sequence"; readonly pieces: readonly Piece[]; next: number }
  | {
      readonly kind: "group";
      readonly group: GroupPiece;
      readonly entries: Iterator<Entry>;
      readonly keyWidth: number;
      shown: number;
    };

function leftOut({ size }: GroupPiece, shown: number): string {
  if (shown > 0) return `… ${grouped(size - shown)} more`;
  return `… ${grouped(size)} ${size === 1 ? "item" : "items"}`;
}

/**
 * Prints values as Python would write them, over as many lines as needed: classes and their instances by name, what is met more than
 * once with a label. Nothing recursive on the data, and nothing is held but what is on the line.
 */
export class Printer {
  readonly #output: TextSink;
  readonly #options: PrintOptions;
  readonly #isShared = (part: object): boolean => this.#shared.has(part);
  #shared = new IdentityMap<true>();
  #labels = new IdentityMap<number>();
  #labelled: object[] = [];
  #stack: Frame[] = [];
  #column = 0;
  #indent = 0;
  // The line that is tried, and the columns it has left.
  #line = "";
  #room = 0;
  #nesting = 0;

  /** Whether anything was left out so far. */
  wasCut = false;

  constructor(output: TextSink, options: PrintOptions) {
    this.#output = output;
    this.#options = options;
  }

  /** Prints a value, and a line end. */
  print(value: unknown): void {
    this.#shared = findShared(value, this.#options);
    this.#labels = new IdentityMap();
    this.#labelled = [];
    this.#indent = 0;
    this.#column = 0;
    this.#stack = [{ kind: "sequence", pieces: [{ kind: "value", value, depth: 0 }], next: 0 }];
    for (let frame = this.#stack.at(-1); frame !== undefined; frame = this.#stack.at(-1)) {
      if (frame.kind === "group") this.#nextEntry(frame);
      else {
        const piece = frame.pieces[frame.next++] as Piece;
        // Gone before the last piece, which may be deep.
        if (frame.next === frame.pieces.length) this.#stack.pop();
        this.#place(piece);
      }
    }
    this.#output.write("\n");
  }

  #write(content: string, style: Style = "plain"): void {
    this.#output.write(this.#options.paint(style, content));
    this.#column += widthOf(content);
  }

  #newLine(): void {
    this.#column = Math.min(this.#indent, DEEPEST_INDENT) * STEP;
    this.#output.write(`\n${" ".repeat(this.#column)}`);
  }

  // Over several lines

  #place(piece: Piece): void {
    if (piece.kind === "text") this.#write(piece.text, piece.style);
    else if (piece.kind === "value") this.#placeValue(piece.value, piece.depth);
    else if (!this.#tryLine(piece)) this.#open(piece);
  }

  #placeValue(value: unknown, depth: number): void {
    const { maxLength, paint } = this.#options;
    if (isLong(value) && maxLength === Infinity && !isComposite(value)) {
      for (const chunk of reprInChunks(value)) this.#output.write(paint("text", chunk));
      return;
    }
    const atom = atomOf(value, maxLength);
    if (atom !== undefined && !isComposite(value)) this.#placeAtom(atom);
    else if (!this.#tryLine({ kind: "value", value, depth }))
      this.#placeComposite(value as object, depth, atom);
  }

  #placeAtom(atom: Atom): void {
    this.#write(atom.text, atom.style);
    if (atom.left > 0) this.#write(this.#moreText(atom.left), "note");
  }

  #placeComposite(value: object, depth: number, atom: Atom | undefined): void {
    const known = this.#labels.get(value);
    if (known !== undefined) {
      this.#write(`*${known}`, "label");
      return;
    }
    const label = depth <= this.#options.depth ? this.#newLabel(value) : undefined;
    if (label !== undefined) this.#write(`&${label} `, "label");
    if (atom !== undefined) {
      this.#placeAtom(atom);
      return;
    }
    const pieces = this.#pieces(value, depth);
    const [only] = pieces;
    // A single group has just been tried on one line.
    if (pieces.length === 1 && only?.kind === "group") this.#open(only);
    else this.#stack.push({ kind: "sequence", pieces, next: 0 });
  }

  #open(group: GroupPiece): void {
    this.#write(group.open);
    if (group.size === 0) {
      this.#write(group.close);
      return;
    }
    this.#indent++;
    const { maxItems, maxLength, width } = this.#options;
    const indent = Math.min(this.#indent, DEEPEST_INDENT) * STEP;
    const shown = Math.min(group.size, maxItems);
    const { of, source } = group.content;
    const columns = of === "items" ? columnsOf(source, shown, maxLength, width - indent) : undefined;
    if (columns === undefined) {
      const keyWidth = of === "pairs" || of === "attributes" ? this.#keyWidth(group) : 0;
      this.#stack.push({ kind: "group", group, entries: entriesOf(group), keyWidth, shown: 0 });
      return;
    }
    const { paint } = this.#options;
    for (const row of columns) {
      this.#newLine();
      for (const { before, atom, after } of row)
        this.#output.write(before + paint(atom.style, atom.text) + after);
    }
    this.#close(group, shown);
  }

  #nextEntry(frame: Extract<Frame, { kind: "group" }>): void {
    const { group } = frame;
    if (frame.shown > 0) this.#write(",");
    const next = frame.shown < this.#options.maxItems ? frame.entries.next() : undefined;
    if (next === undefined || next.done === true) {
      this.#stack.pop();
      this.#close(group, frame.shown);
      return;
    }
    frame.shown++;
    this.#newLine();
    const { key, separator = "", value } = next.value;
    if (key === undefined) {
      this.#place(value);
      return;
    }
    const width = frame.keyWidth > 0 ? this.#widthOfKey(key) : undefined;
    const padding = width === undefined ? "" : " ".repeat(Math.max(0, frame.keyWidth - width));
    this.#stack.push({ kind: "sequence", pieces: [key, text(separator + padding), value], next: 0 });
  }

  #close(group: GroupPiece, shown: number): void {
    if (group.size > shown) {
      this.wasCut = true;
      this.#newLine();
      this.#write(leftOut(group, shown), "note");
    }
    this.#indent--;
    this.#newLine();
    this.#write(group.close);
  }

  /** The width of a short key. */
  #widthOfKey(key: Piece): number | undefined {
    if (key.kind === "text") return widthOf(key.text);
    // A shared one has a label, which only writing gives.
    if (key.kind === "group" || (isComposite(key.value) && !isTrivial(key.value))) return undefined;
    const { wasCut } = this;
    this.#room = WIDEST_KEY;
    this.#line = "";
    const fits = this.#fits(key);
    this.wasCut = wasCut;
    return fits ? WIDEST_KEY - this.#room : undefined;
  }

  #keyWidth(group: GroupPiece): number {
    const count = Math.min(group.size, this.#options.maxItems, KEYS_MEASURED);
    const entries = entriesOf(group);
    let widest = 0;
    for (let index = 0; index < count; index++) {
      const next = entries.next();
      if (next.done === true) break;
      const width = next.value.key === undefined ? undefined : this.#widthOfKey(next.value.key);
      if (width !== undefined && width <= WIDEST_KEY && width > widest) widest = width;
    }
    return widest;
  }

  // On one line

  /** Writes a piece if it fits the rest of the line. */
  #tryLine(piece: Piece): boolean {
    // One column for the comma.
    this.#room = this.#options.width - this.#column - 1;
    this.#line = "";
    const before = this.#room;
    const labels = this.#labelled.length;
    const { wasCut } = this;
    if (this.#fits(piece)) {
      this.#output.write(this.#line);
      this.#column += before - this.#room;
      return true;
    }
    for (const object of this.#labelled.splice(labels)) this.#labels.delete(object);
    this.wasCut = wasCut;
    return false;
  }

  #add(content: string, style: Style = "plain"): boolean {
    this.#room -= widthOf(content);
    if (this.#room < 0) return false;
    this.#line += this.#options.paint(style, content);
    return true;
  }

  // Recursive, but no deeper than NESTED_ON_LINE.
  #fits(piece: Piece): boolean {
    switch (piece.kind) {
      case "text":
        return this.#add(piece.text, piece.style);
      case "group":
        return this.#groupFits(piece);
      case "value":
        return this.#valueFits(piece.value, piece.depth);
    }
  }

  #groupFits(group: GroupPiece): boolean {
    if (!this.#add(group.open)) return false;
    const { maxItems } = this.#options;
    const entries = entriesOf(group);
    let shown = 0;
    for (; shown < maxItems; shown++) {
      const next = entries.next();
      if (next.done === true) break;
      const { key, separator = "", value } = next.value;
      if (shown > 0 && !this.#add(", ")) return false;
      if (key !== undefined && !(this.#fits(key) && this.#add(separator))) return false;
      if (!this.#fits(value)) return false;
    }
    if (group.size > shown) {
      this.wasCut = true;
      if (shown > 0 && !this.#add(", ")) return false;
      if (!this.#add(leftOut(group, shown), "note")) return false;
    } else if (group.isTuple === true && shown === 1 && !this.#add(",")) return false;
    return this.#add(group.close);
  }

  #valueFits(value: unknown, depth: number): boolean {
    const { maxLength } = this.#options;
    // Without making the text of what is too long anyway.
    if (
      (typeof value === "string" || value instanceof Uint8Array) &&
      Math.min(value.length, maxLength) > this.#room
    ) {
      return false;
    }
    if (typeof value === "bigint" && (value >= WIDEST_INT || value <= -WIDEST_INT)) return false;
    const atom = atomOf(value, maxLength);
    if (!isComposite(value)) return atom !== undefined && this.#atomFits(atom);
    const known = this.#labels.get(value);
    if (known !== undefined) return this.#add(`*${known}`, "label");
    const label = depth <= this.#options.depth ? this.#newLabel(value) : undefined;
    if (label !== undefined && !this.#add(`&${label} `, "label")) return false;
    if (atom !== undefined) return this.#atomFits(atom);
    if (this.#nesting >= NESTED_ON_LINE) return false;
    this.#nesting++;
    const fits = this.#pieces(value, depth).every((piece) => this.#fits(piece));
    this.#nesting--;
    return fits;
  }

  #atomFits(atom: Atom): boolean {
    return (
      this.#add(atom.text, atom.style) && (atom.left === 0 || this.#add(this.#moreText(atom.left), "note"))
    );
  }

  // Both ways

  #moreText(left: number): string {
    this.wasCut = true;
    return `… (${grouped(left)} more)`;
  }

  #newLabel(value: object): number | undefined {
    if (!this.#shared.has(value)) return undefined;
    this.#labelled.push(value);
    this.#labels.set(value, this.#labelled.length);
    return this.#labelled.length;
  }

  #pieces(value: object, depth: number): Piece[] {
    if (depth <= this.#options.depth) return piecesOf(value, depth, this.#isShared);
    const pieces = summaryOf(value);
    if (
      pieces.some((piece) =>
        piece.kind === "group" ? piece.size > 0 : piece.kind === "text" && piece.style === "note",
      )
    )
      this.wasCut = true;
    return pieces;
  }
}
