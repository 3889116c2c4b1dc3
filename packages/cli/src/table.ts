import type { Paint, Style } from "./style.ts";
import { widthOf } from "./width.ts";

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** To which side its cells go. */
  readonly side: "left" | "right";
  readonly style: Style;
  /** Whether it gives way when the table is too wide for the line. */
  readonly yields?: boolean;
}

const GAP = "  ";
/** A column that gives way keeps so much. */
const LEAST = 10;

const control = /(?! )[\p{C}\p{Z}]/gu;

/** A text with nothing in it that a terminal would obey. */
export function shownText(text: string): string {
  return text.replaceAll(control, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}

/** A text in so many columns, without its middle if it is longer: both ends of a path tell something. */
function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const characters = Array.from(text);
  const take = (from: readonly string[], room: number): string[] => {
    const taken: string[] = [];
    let used = 0;
    for (const character of from) {
      used += widthOf(character);
      if (used > room) break;
      taken.push(character);
    }
    return taken;
  };
  const end = take(characters.toReversed(), Math.floor((width - 1) / 2)).toReversed();
  const start = take(characters, width - 1 - widthOf(end.join("")));
  return `${start.join("")}…${end.join("")}`;
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `part` of `whole`, in eighths of a column. */
export function bar(part: number, whole: number, columns: number): string {
  const units = whole > 0 && part > 0 ? Math.max(1, Math.round((8 * columns * part) / whole)) : 0;
  return "█".repeat(units >> 3) + (eighths[units & 7] as string);
}

/** The lines of a table that fills at most `width` columns, as far as those that give way allow. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  paint: Paint,
): string[] {
  const cells = rows.map((row) => row.map(shownText));
  const widths = columns.map(({ title }, at) =>
    cells.reduce((most, row) => Math.max(most, widthOf(row[at] ?? "")), widthOf(title)),
  );
  const least = columns.map(({ title, yields }, at) =>
    yields === true ? Math.max(LEAST, widthOf(title)) : (widths[at] as number),
  );
  let surplus = widths.reduce((total, each) => total + each + GAP.length, -GAP.length) - width;
  for (; surplus > 0; surplus--) {
    // The widest gives way first.
    let widest = -1;
    for (const [at, own] of widths.entries()) {
      if (own > (least[at] as number) && own > (widths[widest] ?? 0)) widest = at;
    }
    if (widest < 0) break;
    widths[widest] = (widths[widest] as number) - 1;
  }
  const line = (row: readonly string[], style?: Style): string => {
    const parts = columns.map((column, at) => {
      const text = shortened(row[at] ?? "", widths[at] as number);
      const padding = " ".repeat((widths[at] as number) - widthOf(text));
      const painted = text === "" ? "" : paint(style ?? column.style, text);
      return column.side === "left" ? painted + padding : padding + painted;
    });
    return parts.join(GAP).trimEnd();
  };
  return [
    line(
      columns.map(({ title }) => title),
      "note",
    ),
    ...cells.map((row) => line(row)),
  ];
}
