// The chart: each contender's time as a multiple of CPython's, a line a workload, on a logarithmic axis.
import { uncounted } from "./data.mjs";
import { contenders } from "./contenders.mjs";
import { ratio } from "./table.mjs";

// Those that most readers know; the table has all of them. Told apart by shape as well as by colour.
const series = [
  { name: "pickleparser", shape: "cross" },
  { name: "v8", shape: "square" },
  { name: "msgpackr-records", shape: "triangle" },
  { name: "json", shape: "diamond" },
  { name: "exact", shape: "ring" },
  { name: "brine", shape: "dot" },
];

const width = 860;
const left = 246;
const right = 84;
const rowHeight = 24;
const steps = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

// It brings its own ground, so that it reads on a page of any colour.
const style = `
    .ground { fill: #ffffff; stroke: #d0d7de; }
    text { font: 13px -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: #1f2328; }
    .title { font-size: 17px; font-weight: 600; }
    .panel { font-size: 14px; font-weight: 600; }
    .muted { fill: #59636e; font-size: 12px; }
    .value { font-weight: 600; fill: #b3261e; }
    .grid { stroke: #e4e8ec; }
    .span { stroke: #c9d1d9; }
    .one { stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 4 3; }
    .brine { fill: #d1332e; stroke: #d1332e; }
    .exact { fill: none; stroke: #d1332e; stroke-width: 2; }
    .json { fill: #0a69c7; stroke: #0a69c7; }
    .msgpackr-records { fill: #12805c; stroke: #12805c; }
    .v8 { fill: #8250df; stroke: #8250df; }
    .pickleparser { fill: none; stroke: #6e5b00; stroke-width: 2; }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #0d1117; stroke: #3d444d; }
      text { fill: #f0f6fc; }
      .muted { fill: #9198a1; }
      .value { fill: #ff8a80; }
      .grid { stroke: #21262d; }
      .span { stroke: #3d444d; }
      .one { stroke: #9198a1; }
      .brine { fill: #ff7b72; stroke: #ff7b72; }
      .exact { stroke: #ff7b72; }
      .json { fill: #58a6ff; stroke: #58a6ff; }
      .msgpackr-records { fill: #3fb98c; stroke: #3fb98c; }
      .v8 { fill: #bc8cff; stroke: #bc8cff; }
      .pickleparser { stroke: #d9b83a; }
    }`;

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text) => text.replaceAll(/[&<>"]/g, (character) => escapes[character]);
const at = (number) => String(Math.round(number * 10) / 10);

function mark(shape, name, x, y) {
  const attributes = `class="${name}"`;
  switch (shape) {
    case "dot":
      return `<circle ${attributes} cx="${at(x)}" cy="${at(y)}" r="6"/>`;
    case "ring":
      return `<circle ${attributes} cx="${at(x)}" cy="${at(y)}" r="5"/>`;
    case "square":
      return `<rect ${attributes} x="${at(x - 4)}" y="${at(y - 4)}" width="8" height="8"/>`;
    case "diamond":
      return `<path ${attributes} d="M${at(x)} ${at(y - 6)}l6 6l-6 6l-6 -6z"/>`;
    case "triangle":
      return `<path ${attributes} d="M${at(x)} ${at(y - 6)}l6 10.5h-12z"/>`;
    default:
      return `<path ${attributes} d="M${at(x - 4.5)} ${at(y - 4.5)}l9 9m0 -9l-9 9"/>`;
  }
}

/** The steps of the axis that hold all these ratios, 1 among them. */
export function axis(ratios) {
  const low = Math.min(0.5, ...ratios);
  const high = Math.max(2, ...ratios);
  const first = steps.findLastIndex((step) => step <= low);
  const last = steps.findIndex((step) => step >= high);
  return steps.slice(Math.max(0, first), last < 0 ? undefined : last + 1);
}

/**
 * An SVG of a run.
 *
 * @param {{ rows: object[], about: { python: string, node: string } }} run
 */
export function chart({ rows, about }) {
  const panels = [
    { direction: "read", title: "Reading" },
    { direction: "write", title: "Writing" },
  ]
    .map(({ direction, title }) => ({
      title,
      lines: rows
        .filter((row) => row.direction === direction && row.isMain && !uncounted.has(row.workload))
        .filter((row) => row.results.cpython?.median !== undefined)
        .map(({ title: workload, results }) => ({
          workload,
          marks: series.flatMap(({ name, shape }) => {
            const { median: time, view } = results[name] ?? {};
            // To point at the input's bytes takes no time, and would need an axis of its own.
            return time === undefined || view === true
              ? []
              : [{ name, shape, ratio: time / results.cpython.median }];
          }),
        })),
    }))
    .filter(({ lines }) => lines.length > 0);

  const scale = axis(
    panels.flatMap(({ lines }) => lines.flatMap(({ marks }) => marks.map((item) => item.ratio))),
  );
  const span = width - left - right;
  const [low, high] = [Math.log(scale[0]), Math.log(scale.at(-1))];
  const position = (value) => {
    const share = (Math.log(value) - low) / (high - low);
    return left + span * Math.min(1, Math.max(0, share));
  };

  const parts = [];
  let y = 34;
  const text = (x, content, kind = "", anchor = "start") =>
    parts.push(
      `<text x="${at(x)}" y="${at(y)}"${kind ? ` class="${kind}"` : ""} text-anchor="${anchor}">${escape(content)}</text>`,
    );
  text(20, "Time as a multiple of CPython's C pickle", "title");
  y += 20;
  text(
    20,
    `Further left is faster. ${about.python}; Node ${about.node}; median of one interleaved run.`,
    "muted",
  );
  y += 26;
  let x = 24;
  for (const { name, shape } of series.toReversed()) {
    const { title } = contenders.find((contender) => contender.name === name);
    parts.push(mark(shape, name, x + 4, y - 4));
    text(x + 16, title);
    x += 38 + title.length * 7.2;
  }

  for (const { title, lines } of panels) {
    y += 38;
    text(20, title, "panel");
    const top = y + 8;
    const bottom = top + lines.length * rowHeight;
    for (const step of scale) {
      const where = at(position(step));
      parts.push(
        `<line class="${step === 1 ? "one" : "grid"}" x1="${where}" y1="${top}" x2="${where}" y2="${bottom}"/>`,
      );
      text(position(step), step === 1 ? "CPython" : `${step}×`, "muted", "middle");
    }
    text(width - 18, "brine", "muted", "end");
    y = top + rowHeight / 2 + 4;
    for (const { workload, marks } of lines) {
      const places = marks.map((item) => position(item.ratio));
      text(left - 14, workload, "", "end");
      if (places.length > 0) {
        parts.push(
          `<line class="span" x1="${at(Math.min(...places))}" y1="${at(y - 4)}" x2="${at(Math.max(...places))}" y2="${at(y - 4)}"/>`,
        );
      }
      for (const item of marks) parts.push(mark(item.shape, item.name, position(item.ratio), y - 4));
      const brine = marks.find((item) => item.name === "brine");
      if (brine) text(width - 18, `${ratio(brine.ratio)}×`, "value", "end");
      y += rowHeight;
    }
    y = bottom;
  }
  const height = y + 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
  <title id="title">Time of brine and others as a multiple of CPython's C pickle, reading and writing</title>
  <style>${style}
  </style>
  <rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
  ${parts.join("\n  ")}
</svg>
`;
}
