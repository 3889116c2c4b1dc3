// node bench/run.mjs --self-test
import assert from "node:assert/strict";
import { test } from "node:test";
import { axis, chart } from "./chart.mjs";
import { best, callsFor, geometricMean, median, orderOf } from "./statistics.mjs";
import { bytes, figure, ratio, table } from "./table.mjs";
import { ratios, steepest, verdicts } from "./targets.mjs";
import { digest, sharesMemory } from "./values.mjs";

const time = (each, more = {}) => ({ median: each, best: each, cpu: each, ...more });
const row = (workload, results, more = {}) => ({
  workload,
  title: workload,
  direction: "read",
  protocol: 5,
  isMain: true,
  results,
  ...more,
});

test("the median is the middle one, or the mean of the middle two", () => {
  assert.equal(median([9, 1, 10]), 9);
  assert.equal(median([4, 1, 100, 2]), 3);
  assert.equal(best([4, 1, 100]), 1);
});

test("the geometric mean takes a half and a double for even", () => {
  assert.ok(Math.abs(geometricMean([0.5, 2]) - 1) < 1e-12);
  assert.ok(Number.isNaN(geometricMean([])));
});

test("each round has everyone once, and each starts in some round", () => {
  const names = ["a", "b", "c"];
  const orders = [0, 1, 2, 3, 4, 5].map((round) => orderOf(names, round));
  for (const order of orders) assert.deepEqual(new Set(order), new Set(names));
  assert.deepEqual(new Set(orders.map((order) => order[0])), new Set(names));
});

test("a fast call is repeated until the clock can see it", () => {
  assert.equal(callsFor(0.1, 15), 150);
  assert.equal(callsFor(400, 15), 1);
});

test("numbers have three digits, ratios two decimals", () => {
  assert.deepEqual([0, 0.01234, 0.1234, 1.234, 12.34, 1234.5].map(figure), [
    "0",
    "0.0123",
    "0.123",
    "1.23",
    "12.3",
    "1235",
  ]);
  assert.deepEqual([0.126, 12.34, 168.3, undefined].map(ratio), ["0.13", "12.3", "168", "–"]);
  assert.equal(bytes(1234567), "1,234,567");
});

test("a table is aligned", () => {
  const text = table(
    ["what", "ms"],
    [
      ["a", "1.5"],
      ["longer", "12"],
    ],
  );
  assert.equal(text, "| what   |  ms |\n| ------ | --: |\n| a      | 1.5 |\n| longer |  12 |");
});

test("ratios leave out who has no time", () => {
  const rows = [
    row("a", { brine: time(2), cpython: time(4) }),
    row("b", { brine: time(2), cpython: { reason: "no" } }),
  ];
  assert.deepEqual(ratios(rows, "brine", "cpython"), [{ workload: "a", protocol: 5, ratio: 0.5 }]);
});

test("verdicts: the mean is met, one workload is not, protocol 0 and what is uncounted stay out", () => {
  const rows = [
    row("dicts", { brine: time(1), cpython: time(4) }),
    row("text", { brine: time(3), cpython: time(2) }),
    row("dicts", { brine: time(90), cpython: time(1) }, { protocol: 0, isMain: false }),
    row("large-ints", { brine: time(90), cpython: time(1) }),
  ];
  const lines = verdicts({ rows });
  const [all, each] = lines;
  assert.equal(all.met, true);
  assert.match(all.text, /^0\.612 /);
  assert.equal(each.met, false);
  assert.match(each.text, /^1\.50 \(over it: text, protocol 5: 1\.50\)$/);
});

test("verdicts: a pickleparser that copies nothing is not compared", () => {
  const rows = [
    row("dicts", { brine: time(1), pickleparser: time(6) }),
    row("bytes", { brine: time(1), pickleparser: time(0.1, { view: true }) }),
  ];
  const line = verdicts({ rows }).find(({ what }) => what.includes("pickleparser"));
  assert.equal(line.met, true);
  assert.match(line.text, /^6\.00 \(1 workloads\)$/);
});

test("verdicts: beside brine, how far others are from pickleparser", () => {
  const results = {
    brine: time(1),
    pickleparser: time(6),
    json: time(4),
    floor: time(0.5),
    cpython: time(2),
  };
  const rows = [
    row("dicts", results, { isMain: true }),
    row("dicts", results, { isMain: false, protocol: 2 }),
  ];
  const line = verdicts({ rows }).find(({ what }) => what.includes("pickleparser"));
  assert.match(line.text, /^6\.00 \(2 workloads; ÷ JSON 1\.50; ÷ V8 alone 12\.0\)$/);
});

test("verdicts: a tool is to be so many times as fast", () => {
  const tool = { title: "genops", reference: "genops", least: 10 };
  const [met, missed] = verdicts({
    rows: [],
    tools: [
      { ...tool, ratio: 10 },
      { ...tool, ratio: 9.94 },
    ],
  });
  assert.deepEqual([met.met, missed.met], [true, false]);
  assert.match(missed.text, /^9\.94$/);
});

test("growth is the largest scale against the least below", () => {
  const rows = [1, 10, 100].map((scale) => ({
    kind: "dicts",
    direction: "read",
    contender: "brine",
    scale,
    time: scale === 100 ? 12 : scale,
  }));
  assert.deepEqual(steepest(rows, "time"), [{ workload: "read dicts", ratio: 12 }]);
  assert.deepEqual(steepest(rows, "memory"), []);
  const others = rows.map((item) => ({ ...item, contender: "floor", time: 3 * item.scale }));
  const line = verdicts({ rows: [], growth: [...rows, ...others] })[0];
  assert.equal(line.met, false);
  assert.equal(line.text, "12.0 (read dicts; V8 alone 100, read dicts)");
});

test("the axis holds all ratios and CPython's own time", () => {
  assert.deepEqual(axis([0.3, 3]), [0.2, 0.5, 1, 2, 5]);
  assert.deepEqual(axis([]), [0.5, 1, 2]);
});

test("the chart escapes titles and has a mark for each that was measured", () => {
  const rows = [
    row(
      "dicts",
      { brine: time(1), cpython: time(2), json: time(3), v8: { reason: "no" } },
      { title: "a < b" },
    ),
  ];
  const svg = chart({ rows, about: { python: "CPython", node: "20" } });
  assert.ok(svg.includes("a &lt; b"));
  const marks = (name) => svg.split(`class="${name}"`).length - 1;
  // One in the legend each.
  assert.deepEqual(["brine", "json", "v8"].map(marks), [2, 2, 1]);
});

test("the chart leaves out who did not copy", () => {
  const rows = [row("bytes", { brine: time(1), cpython: time(2), v8: time(0.001, { view: true }) })];
  const svg = chart({ rows, about: { python: "CPython", node: "20" } });
  assert.equal(svg.split('class="v8"').length - 1, 1);
  assert.ok(!svg.includes(">0.1×<"));
});

test("the digest tells values apart, and an int from no float that is whole", () => {
  assert.equal(digest([1n, { a: 2 }]), digest([1, new Map([["a", 2n]])]));
  const different = [1, "1", [1], true, null, 1.5, -0, new Uint8Array([49]), { 1: 1 }, [[], 1], [[1]]];
  assert.equal(new Set(different.map(digest)).size, different.length);
});

test("bytes that lie in the input are found", () => {
  const input = new Uint8Array(10);
  assert.equal(sharesMemory([{ a: input.subarray(2) }], input), true);
  assert.equal(sharesMemory([{ a: input.slice(2) }], input), false);
});
