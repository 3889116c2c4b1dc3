import type { RepeatedValue, Stat } from "brine/tools";
import { grouped, percent, roundSize } from "./quantities.ts";
import { reprBytes, reprString } from "./repr.ts";
import type { Paint } from "./style.ts";
import { bar, type Column, shownText, tableLines } from "./table.ts";

/** By what the space is told. */
export type StatView = "path" | "type" | "opcode" | "value";

/** How much to print, and how. */
export interface ReportOptions {
  /** Only this, or a little of everything. */
  readonly by: StatView | undefined;
  /** Rows of each table. */
  readonly top: number;
  readonly width: number;
  readonly paint: Paint;
}

interface Row {
  readonly name: string;
  readonly bytes: number;
  readonly more: readonly string[];
  readonly isRest?: boolean;
}

/** Columns of a bar: fewer where there is little room. */
const barWidth = (width: number): number => Math.max(4, Math.min(16, (width - 56) >> 1));

/** A table of what has how many of the bytes; what is beyond the first rows is one row. */
function shares(
  title: string,
  rows: readonly Row[],
  more: readonly Column[],
  whole: number,
  { top, width, paint }: ReportOptions,
): string[] {
  const rest = rows.slice(top);
  const restBytes = rest.reduce((sum, { bytes }) => sum + bytes, 0);
  const shown = rows.slice(0, top);
  const most = shown.reduce((largest, { bytes }) => Math.max(largest, bytes), 0);
  if (restBytes > 0)
    shown.push({ name: `… ${grouped(rest.length)} more`, bytes: restBytes, more: [], isRest: true });
  const columns: Column[] = [
    { title, side: "left", style: "attribute", yields: true },
    { title: "", side: "left", style: "text" },
    { title: "bytes", side: "right", style: "number" },
    { title: "share", side: "right", style: "plain" },
    ...more,
  ];
  return tableLines(
    columns,
    shown.map((row) => [
      row.name,
      // The rest is nothing that could be compared.
      row.isRest === true ? "" : bar(row.bytes, most, barWidth(width)),
      grouped(row.bytes),
      percent(row.bytes, whole),
      ...row.more,
    ]),
    width,
    paint,
  );
}

const count: Column = { title: "count", side: "right", style: "plain" };
const type: Column = { title: "type", side: "left", style: "name", yields: true };

function byPath({ paths, bytes }: Stat, options: ReportOptions): string[] {
  const inside: Column = { title: "in all", side: "right", style: "plain" };
  const rows = paths.map((path) => ({
    name: path.path,
    bytes: path.bytes,
    more: [path.total === path.bytes ? "" : grouped(path.total), grouped(path.count), path.types.join(", ")],
  }));
  return shares("by path", rows, [inside, count, type], bytes, options);
}

function byName(title: string, of: Stat["types"], whole: number, options: ReportOptions): string[] {
  const rows = of.map((share) => ({ name: share.name, bytes: share.bytes, more: [grouped(share.count)] }));
  return shares(title, rows, [count], whole, options);
}

const VALUE = 48;

function valueText({ type: kind, start, length }: RepeatedValue): string {
  const { text, left } = typeof start === "string" ? reprString(start, VALUE) : reprBytes(start, VALUE);
  return left > 0 || length > 100 ? `${text}… (${kind}, ${roundSize(length)})` : text;
}

function byValue({ repeated, bytes }: Stat, options: ReportOptions): string[] {
  const { values, distinct } = repeated;
  const shown = values.slice(0, options.top);
  const rows = shown.map((value) => [
    valueText(value),
    grouped(value.excess),
    percent(value.excess, bytes),
    grouped(value.count),
  ]);
  if (distinct > shown.length) {
    const excess = shown.reduce((left, value) => left - value.excess, repeated.excess);
    rows.push([`… ${grouped(distinct - shown.length)} more`, grouped(excess), percent(excess, bytes), ""]);
  }
  if (rows.length === 0) return [options.paint("note", "no string and no bytes are written more than once")];
  const columns: Column[] = [
    { title: "written more than once", side: "left", style: "text", yields: true },
    { title: "bytes too many", side: "right", style: "number" },
    { title: "share", side: "right", style: "plain" },
    { title: "written", side: "right", style: "plain" },
  ];
  return tableLines(columns, rows, options.width, options.paint);
}

function heading({ bytes, pickles, values, protocols, highestProtocol, frames }: Stat): string {
  const parts = [
    `${grouped(bytes)} bytes`,
    `${grouped(pickles)} ${pickles === 1 ? "pickle" : "pickles"}`,
    `${grouped(values)} ${values === 1 ? "value" : "values"}`,
  ];
  const said = protocols.map(({ protocol }) => protocol).join(", ");
  if (said !== "") parts.push(`protocol ${said}`);
  else if (highestProtocol >= 0) parts.push(`protocol ${highestProtocol}`);
  if (frames.count > 0) parts.push(`${grouped(frames.count)} ${frames.count === 1 ? "frame" : "frames"}`);
  return parts.join(", ");
}

function facts({ memo, globals, savings, bytes }: Stat, { top, paint }: ReportOptions): string[] {
  const lines: string[] = [];
  const fact = (name: string, text: string): void => {
    lines.push(`${paint("note", name.padEnd(10))}${text}`);
  };
  if (memo.stored > 0) {
    const unused = `${grouped(memo.unused)} of them never read (${grouped(memo.wastedBytes)} bytes, ${percent(memo.wastedBytes, bytes)})`;
    fact("memo:", `${grouped(memo.stored)} kept, ${unused}; read ${grouped(memo.read)} times`);
  }
  if (globals.length > 0) {
    const names = globals
      .slice(0, top)
      .map(({ name, used }) => `${paint("name", shownText(name))}${used > 1 ? ` ×${grouped(used)}` : ""}`);
    if (globals.length > top) names.push(`… ${grouped(globals.length - top)} more`);
    fact("globals:", names.join(", "));
  }
  for (const { by, bytes: size, saved, isEstimate } of savings) {
    fact(
      lines.some((line) => line.includes("could be")) ? "" : "could be:",
      `${isEstimate ? "about " : ""}${grouped(size)} bytes with ${by}, ${percent(saved, bytes)} less`,
    );
  }
  return lines;
}

/** What `brine stat` prints of one file, in lines. */
export function report(stat: Stat, options: ReportOptions): string[] {
  switch (options.by) {
    case "path":
      return byPath(stat, options);
    case "type":
      return byName("by type", stat.types, stat.bytes, options);
    case "opcode":
      return byName("by opcode", stat.opcodes, stat.bytes, options);
    case "value":
      return byValue(stat, options);
    case undefined: {
      const values =
        stat.repeated.distinct > 0
          ? ["", ...byValue(stat, { ...options, top: Math.min(options.top, 5) })]
          : [];
      const rest = facts(stat, options);
      return [
        heading(stat),
        "",
        ...byPath(stat, options),
        "",
        ...byName("by type", stat.types, stat.bytes, options),
        ...values,
        ...(rest.length > 0 ? ["", ...rest] : []),
      ];
    }
  }
}
