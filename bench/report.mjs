// A run as text, in Markdown that reads as it is.
import { contenders } from "./contenders.mjs";
import { bytes, figure, ratio, table } from "./table.mjs";
import { verdicts } from "./targets.mjs";

const titles = Object.fromEntries(contenders.map(({ name, title }) => [name, title]));
const named = ({ title, protocol, isMain }) => (isMain ? title : `… protocol ${protocol}`);

function speeds(rows, direction) {
  const chosen = rows.filter((row) => row.direction === direction);
  if (chosen.length === 0) return [];
  const others = contenders
    .map(({ name }) => name)
    .filter((name) => name !== "brine" && name !== "exact")
    .filter((name) => chosen.some((row) => row.results[name] !== undefined));
  const head = [
    "workload",
    "brine ms",
    "best",
    "exact ms",
    "exact ÷ CPython",
    ...others.map((name) => `÷ ${titles[name]}`),
  ];
  const cells = chosen.map((row) => {
    const { results } = row;
    const { brine = {}, exact = {} } = results;
    return [
      named(row),
      figure(brine.median),
      figure(brine.best),
      figure(exact.median),
      ratio(exact.median / results.cpython?.median),
      ...others.map((name) => {
        const text = ratio(brine.median / results[name]?.median);
        return results[name]?.view === true && text !== "–" ? `${text}*` : text;
      }),
    ];
  });
  const reasons = new Map();
  for (const row of chosen) {
    for (const [name, { reason }] of Object.entries(row.results)) {
      if (reason === undefined) continue;
      const key = `${titles[name]}: ${reason}`;
      reasons.set(key, [
        ...(reasons.get(key) ?? []),
        row.isMain ? row.workload : `${row.workload} p${row.protocol}`,
      ]);
    }
  }
  const verb = direction === "read" ? "Reading" : "Writing";
  return [
    `## ${verb}`,
    `brine's median time in milliseconds, and that ÷ the other's median: below 1, brine is the faster one.`,
    table(head, cells),
    ...(cells.some((row) => row.some((cell) => cell.endsWith("*")))
      ? ["\\* It makes no copy of the bytes: they lie in the memory of the input."]
      : []),
    ...(reasons.size > 0
      ? [
          `– is not measured:\n\n${[...reasons].map(([reason, names]) => `- ${reason} (${names.join(", ")})`).join("\n")}`,
        ]
      : []),
  ];
}

function sizes(rows) {
  const writes = rows.filter((row) => row.direction === "write");
  if (writes.length === 0) return [];
  const formats = ["json", "msgpackr-records", "msgpackr", "cbor-x", "v8"];
  const cells = writes.map((row) => [
    named(row),
    bytes(row.results.cpython?.bytes),
    bytes(row.results.brine?.bytes),
    row.results.brine?.identical === true ? "yes" : "no",
    ...formats.map((name) => bytes(row.results[name]?.bytes)),
  ]);
  const head = ["workload", "CPython", "brine", "same bytes", ...formats.map((name) => titles[name])];
  return ["## Size", "Bytes of each format.", table(head, cells)];
}

function growths(growth) {
  if (growth.length === 0) return [];
  const scales = [...new Set(growth.map((row) => row.scale))].sort((a, b) => a - b);
  const keys = [...new Set(growth.map((row) => `${row.direction} ${row.kind}, ${titles[row.contender]}`))];
  const cells = keys.map((key) => {
    const rows = growth.filter((row) => `${row.direction} ${row.kind}, ${titles[row.contender]}` === key);
    const of = (scale) => rows.find((row) => row.scale === scale) ?? {};
    return [
      key,
      bytes(of(scales[0]).bytes),
      ...scales.map((scale) => figure(of(scale).time)),
      ...scales.map((scale) => figure(of(scale).memory)),
    ];
  });
  const head = [
    "workload",
    "bytes at 1×",
    ...scales.map((scale) => `ns/byte ${scale}×`),
    ...scales.map((scale) => `peak/byte ${scale}×`),
  ];
  const note =
    "Best time in nanoseconds, and peak of resident memory of a first call beyond what the process had, per byte of pickle.";
  return ["## As work grows", note, table(head, cells)];
}

function startUps(startUp) {
  if (startUp.length === 0) return [];
  const cells = startUp.map(({ title, median, best, beyond }) => [
    title,
    figure(median),
    figure(best),
    figure(beyond),
  ]);
  return [
    "## Start-up",
    "Whole processes, in milliseconds.",
    table(["process", "median", "best", "beyond bare"], cells),
  ];
}

function toolTable(tools) {
  if (tools.length === 0) return [];
  const cells = tools.map(({ title, reference, ours, theirs, ratio: times }) => [
    title,
    figure(ours.median),
    figure(ours.best),
    `${reference}: ${figure(theirs.median)}`,
    figure(theirs.best),
    `${ratio(times)} ×`,
  ]);
  return [
    "## Tools",
    "The records at protocol 5, milliseconds; the last column is how many times brine's median goes into pickletools'.",
    table(["brine/tools", "median", "best", "pickletools", "best", "faster"], cells),
  ];
}

function streamTable(streams) {
  if (streams.length === 0) return [];
  return [
    "",
    "The records at protocol 5, milliseconds.",
    "",
    table(
      ["brine/stream", "median", "best"],
      streams.map(({ title, median, best }) => [title, figure(median), figure(best)]),
    ),
  ];
}

/** @param {{ about: object, rows: object[], growth: object[], startUp: object[], tools: object[] }} run */
export function report({ about, rows, growth, startUp, tools, streams = [] }) {
  const lines = verdicts({ rows, growth, startUp, tools, streams }).map(
    ({ what, text, bound, met }) => `- ${met ? "met" : "NOT met"}, ${bound}: ${what}: ${text}`,
  );
  return [
    "# Benchmark",
    Object.entries(about)
      .map(([what, value]) => `- ${what}: ${value}`)
      .join("\n"),
    ...speeds(rows, "read"),
    ...speeds(rows, "write"),
    ...sizes(rows),
    ...growths(growth),
    ...startUps(startUp),
    ...toolTable(tools),
    ...streamTable(streams),
    ...(lines.length > 0 ? ["## Targets", lines.join("\n")] : []),
  ].join("\n\n");
}
