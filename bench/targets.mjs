// What the project promises of its speed, and what a run says to it. A verdict is for people: nothing fails by it.
import { contenders } from "./contenders.mjs";
import { uncounted } from "./data.mjs";
import { geometricMean } from "./statistics.mjs";
import { figure, ratio } from "./table.mjs";

/** The ratios of two contenders' medians, over the rows in which both have one. */
export function ratios(rows, contender, reference, figureOf = "median") {
  return rows.flatMap(({ workload, protocol, results }) => {
    const ours = results[contender]?.[figureOf];
    const theirs = results[reference]?.[figureOf];
    return ours === undefined || theirs === undefined ? [] : [{ workload, protocol, ratio: ours / theirs }];
  });
}

const mean = (found) => geometricMean(found.map((item) => item.ratio));
const worst = (found) => found.reduce((a, b) => (b.ratio > a.ratio ? b : a));
const label = ({ workload, protocol }) =>
  protocol === undefined ? workload : `${workload}, protocol ${protocol}`;

function most(what, value, limit, extra = "") {
  return { what, value, limit, met: value <= limit, text: `${figure(value)}${extra}`, bound: `≤ ${limit}` };
}

function throughput(rows, direction, { all, each, bytes }) {
  const modern = rows.filter((row) => row.protocol >= 2);
  const found = ratios(modern, "brine", "cpython");
  if (found.length === 0) return [];
  const named = direction === "read" ? "reading" : "writing";
  const many = found.filter(({ workload }) => workload === "bytes");
  const others = bytes === undefined ? found : found.filter(({ workload }) => workload !== "bytes");
  const floor = ratios(rows, "floor", "cpython");
  const lines = [
    most(
      `${named}: brine ÷ CPython, protocols 2 to 5, geometric mean`,
      mean(found),
      all,
      ` (by bests ${ratio(mean(ratios(modern, "brine", "cpython", "best")))}, by processor time ${ratio(mean(ratios(modern, "brine", "cpython", "cpu")))}; CPython with its gc off ${ratio(mean(ratios(modern, "brine", "cpython-nogc")))}; V8 alone, with no byte read or written ${ratio(mean(floor))})`,
    ),
  ];
  if (others.length > 0) {
    const slowest = worst(others);
    const over = others.filter((item) => item.ratio > each);
    const names = over.map((item) => `${label(item)}: ${ratio(item.ratio)}`).join("; ");
    const extra = over.length > 0 ? ` (over it: ${names})` : ` (${label(slowest)})`;
    lines.push(most(`${named}: the slowest workload ÷ CPython`, slowest.ratio, each, extra));
  }
  if (bytes !== undefined && many.length > 0) {
    lines.push(most(`${named}: many small bytes ÷ CPython`, worst(many).ratio, bytes));
  }
  return lines;
}

function exactMode(rows, direction) {
  const named = direction === "read" ? "reading" : "writing";
  const found = ratios(rows, "exact", "brine");
  const isInts = ({ workload }) => workload === "ints" || workload === "int-keys";
  const ints = found.filter(isInts);
  const lines = [];
  if (found.length > 0) lines.push(most(`${named}: exact ÷ plain, geometric mean`, mean(found), 1.7));
  if (ints.length > 0) {
    lines.push(
      most(
        `${named}: exact ÷ plain on ints and int keys`,
        worst(ints).ratio,
        4,
        ` (${worst(ints).workload})`,
      ),
    );
  }
  return lines;
}

/** The worst growth of a cost per byte up to the largest scale; memory of the smallest scale counts what is fixed too. */
export function steepest(growth, figureOf, contender = "brine") {
  const ours = growth.filter((row) => row.contender === contender && row[figureOf] !== undefined);
  const keys = new Set(ours.map((row) => `${row.direction} ${row.kind}`));
  return [...keys].map((key) => {
    const rows = ours
      .filter((row) => `${row.direction} ${row.kind}` === key)
      .sort((a, b) => a.scale - b.scale);
    const smallest = Math.min(...rows.slice(0, -1).map((row) => row[figureOf]));
    return { workload: key, ratio: rows.at(-1)[figureOf] / smallest };
  });
}

/**
 * @param {{ rows: object[], growth?: object[], startUp?: object[], tools?: object[] }} run
 * @returns {{ what: string, text: string, bound: string, met: boolean }[]}
 */
export function verdicts({ rows, growth = [], startUp = [], tools = [], streams = [] }) {
  const counted = rows.filter((row) => !uncounted.has(row.workload));
  const reads = counted.filter((row) => row.direction === "read");
  const writes = counted.filter((row) => row.direction === "write");
  const lines = [
    ...throughput(reads, "read", { all: 0.7, each: 1.2, bytes: 2.5 }),
    ...throughput(writes, "write", { all: 0.9, each: 1.5 }),
  ];

  const json = ratios(reads, "brine", "json").filter(
    (item) => reads.find((row) => row.workload === item.workload && row.isMain).protocol === item.protocol,
  );
  if (json.length > 0) {
    lines.push(
      most(`reading: brine ÷ JSON.parse, geometric mean`, mean(json), 1, ` (${json.length} workloads)`),
    );
  }

  const copying = reads.filter((row) => row.protocol >= 2 && row.results.pickleparser?.view !== true);
  const others = ratios(copying, "pickleparser", "brine");
  if (others.length > 0) {
    // How far the others are, which read what is the same in formats of their own.
    const main = copying.filter((row) => row.isMain);
    const beside = contenders
      .map(({ name, title, pickle }) => ({ title, found: pickle ? [] : ratios(main, "pickleparser", name) }))
      .filter(({ found }) => found.length > 0)
      .map(({ title, found }) => `; ÷ ${title} ${figure(mean(found))}`);
    lines.push({
      what: "reading: pickleparser ÷ brine, geometric mean",
      text: `${figure(mean(others))} (${others.length} workloads${beside.join("")})`,
      bound: "≥ 5",
      met: mean(others) >= 5,
    });
  }

  lines.push(...exactMode(reads, "read"), ...exactMode(writes, "write"));

  const written = rows
    .filter((row) => row.direction === "write")
    .flatMap((row) => ["brine", "exact"].map((name) => ({ ...row, name, result: row.results[name] })));
  if (written.length > 0) {
    const different = written.filter(({ result }) => result?.identical !== true);
    const names = different.map((row) => `${label(row)}, ${row.name}`).join("; ");
    lines.push({
      what: "writing: pickles that are CPython's, byte for byte",
      text: `${written.length - different.length} of ${written.length}${names === "" ? "" : ` (not: ${names})`}`,
      bound: "all",
      met: different.length === 0,
    });
  }

  for (const [figureOf, named] of [
    ["time", "time"],
    ["memory", "peak memory"],
  ]) {
    const of = (contender) =>
      steepest(growth, figureOf, contender).filter((item) => Number.isFinite(item.ratio));
    const found = of("brine");
    if (found.length > 0) {
      const beside = ["cpython", "floor"]
        .filter((contender) => of(contender).length > 0)
        .map((contender) => {
          const steeper = worst(of(contender));
          return `; ${contender === "floor" ? "V8 alone" : "CPython"} ${figure(steeper.ratio)}, ${steeper.workload}`;
        });
      const extra = ` (${worst(found).workload}${beside.join("")})`;
      lines.push(
        most(
          `growth: ${named} per byte at the largest scale ÷ the least below`,
          worst(found).ratio,
          1.5,
          extra,
        ),
      );
    }
  }

  const startUpLimits = { import: 15, cli: 60 };
  for (const { name, title, beyond } of startUp) {
    const limit = startUpLimits[name];
    if (limit !== undefined) lines.push(most(`start-up: ${title} beyond bare Node, ms`, beyond, limit));
  }
  for (const { title, reference, least, ratio: times } of tools) {
    lines.push({
      what: `tools: pickletools.${reference} ÷ ${title}`,
      text: figure(times),
      bound: `≥ ${least}`,
      met: times >= least,
    });
  }
  if (streams.length > 0) {
    const [whole, chunks, get] = ["whole", "chunks", "get"].map(
      (name) => streams.find((item) => item.name === name).median,
    );
    lines.push(most("streams: load of chunks of 64 kB ÷ loads of the whole", chunks / whole, 1.3));
    lines.push({
      what: "streams: loads of the whole ÷ get of one field of the last record",
      text: figure(whole / get),
      bound: "≥ 3",
      met: whole / get >= 3,
    });
  }
  return lines;
}
