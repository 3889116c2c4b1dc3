// Text for people: numbers and tables.

/** Three significant digits, and no exponent: 0.0123, 1.23, 12.3, 123, 12345. */
export function figure(number) {
  if (number === undefined || !Number.isFinite(number)) return "–";
  const size = Math.abs(number);
  if (size >= 99.95 || size === 0) return number.toFixed(0);
  if (size >= 9.995) return number.toFixed(1);
  if (size >= 0.9995) return number.toFixed(2);
  return number.toFixed(size >= 0.0995 ? 3 : 4);
}

/** A ratio: two decimals up to ten. */
export function ratio(number) {
  if (number === undefined || !Number.isFinite(number)) return "–";
  return number >= 9.995 ? figure(number) : number.toFixed(2);
}

export function bytes(count) {
  const grouped = String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return count === undefined ? "–" : grouped;
}

/** A table in Markdown, padded so that it reads as text: the first column to the left, the others to the right. */
export function table(head, rows) {
  const widths = head.map((cell, column) =>
    Math.max(3, cell.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
