// node scripts/measure/allocation.mjs [--size 1048576] [NAME…]: how much memory a load takes for a byte of input, for the
// pickles that take most. Each stands in a process of its own. "kept" is the heap and the buffers that the value takes
// once loaded, after a collection; "peak" is by how much the process grew while loading, garbage and all. It measures
// the built library.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { loads } from "../../packages/brine/dist/core.js";

const HEAP_MEGABYTES = 6000;

const ascii = (text) => Buffer.from(text, "latin1");
const all = ["plain", "exact"];

/**
 * What stands before, what is repeated (made from its number, where no two may be alike), what closes each of them at the
 * end, what comes after, and under which options.
 */
const streams = {
  EMPTY_LIST: { unit: "]" },
  EMPTY_DICT: { unit: "}" },
  EMPTY_SET: { unit: "\x8f" },
  EMPTY_TUPLE: { unit: ")" },
  "EMPTY_TUPLE TUPLE1": { unit: ")\x85" },
  "MARK LIST": { unit: "(l" },
  "MARK DICT": { unit: "(d" },
  "MARK FROZENSET": { unit: "(\x91" },
  "EMPTY_LIST NONE APPEND": { unit: "]Na" },
  "EMPTY_DICT NONE NONE SETITEM": { unit: "}NNs" },
  "EMPTY_DICT, a text key, SETITEM": { unit: "}\x8c\x01aNs" },
  "EMPTY_SET MARK NONE ADDITEMS": { unit: "\x8f(N\x90" },
  "EMPTY_DICT BININT1 NONE SETITEM": { unit: "}K\x01Ns" },
  "EMPTY_DICT, the last with an int key": { unit: "}", after: "K\x01Ns" },
  "EMPTY_SET, the last with a tuple": { unit: "\x8f", after: "(K\x01\x85\x90" },
  "EMPTY_LIST, each in the one before": { unit: "](", close: "e" },
  NONE: { unit: "N" },
  "NONE MEMOIZE": { unit: "N\x94" },
  "NONE, LONG_BINPUT far apart": {
    unit: (n) => `Nr${String.fromCharCode(n & 255, (n >> 8) & 255, (n >> 16) & 255, 128)}`,
  },
  BININT1: { unit: "K\x01" },
  LONG1: { unit: "\x8a\x08\0\0\0\0\0\0\0\x40" },
  BINFLOAT: { unit: "G\x3f\xf8\0\0\0\0\0\x01" },
  SHORT_BINUNICODE: { unit: "\x8c\x02ab" },
  SHORT_BINBYTES: { unit: "C\0" },
  "SHORT_BINBYTES, bytes: view": { unit: "C\0", options: { bytes: "view" } },
  "SHORT_BINSTRING, encoding: bytes": { unit: "U\0", options: { encoding: "bytes" } },
  BYTEARRAY8: { unit: "\x96\0\0\0\0\0\0\0\0" },
  "BYTEARRAY8 in the memo, READONLY_BUFFER": { before: "\x96\0\0\0\0\0\0\0\0q\x000", unit: "h\0\x98" },
  GLOBAL: { unit: (n) => `c${n.toString(36)}\na\n` },
  NEWOBJ: { before: "cm\nC\nq\x000", unit: "h\0)\x81" },
  NEWOBJ_EX: { before: "cm\nC\nq\x000", unit: "h\0)}\x92" },
  REDUCE: { before: "cm\nC\nq\x000", unit: "h\0)R" },
  "DUP EMPTY_TUPLE REDUCE": { before: "cm\nC\n", unit: "2)R" },
  OBJ: { before: "cm\nC\nq\x000", unit: "(h\0o" },
  INST: { unit: "(im\nC\n" },
  "REDUCE of set": { before: "cbuiltins\nset\nq\x000", unit: "h\0)R" },
  "REDUCE of bytearray": { before: "cbuiltins\nbytearray\nq\x000", unit: "h\0)R" },
  "BUILD again and again": { before: "cm\nC\n)\x81", unit: "Nb" },
  "APPEND to an object": { before: "cm\nC\n)\x81", unit: "Na" },
  "SETITEM on an object": { before: "cm\nC\n)\x81", unit: "NNs" },
  "APPEND and SETITEM by turns": { before: "cm\nC\n)\x81", unit: "NaNNs" },
};

function pickleOf({ before = "", unit, close = "", after = "" }, size) {
  const units = [];
  for (let length = 0, n = 0; length < size; n++) {
    const next = typeof unit === "string" ? unit : unit(n);
    units.push(next);
    length += next.length + close.length;
  }
  return ascii(`(${before}${units.join("")}${close.repeat(units.length)}${after}t.`);
}

const { values: flags, positionals } = parseArgs({
  options: { size: { type: "string", default: String(2 ** 20) }, child: { type: "string" } },
  allowPositionals: true,
});

if (flags.child === undefined) {
  console.log(`Node ${process.version}, ${flags.size} bytes each: bytes of memory for a byte of input\n`);
  console.log(`${"".padEnd(42)}${all.map((mode) => `${mode}: kept   peak`.padStart(20)).join("")}`);
  for (const name of Object.keys(streams)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const figures = all.map((mode) => {
      const script = [`--max-old-space-size=${HEAP_MEGABYTES}`, fileURLToPath(import.meta.url)];
      return JSON.parse(
        execFileSync(process.execPath, [...script, "--child", mode, "--size", flags.size, name], {
          encoding: "utf8",
        }),
      );
    });
    console.log(
      name.padEnd(42) +
        figures
          .map((pair) =>
            pair
              .map((n) => n.toFixed(0).padStart(7))
              .join("")
              .padStart(20),
          )
          .join(""),
    );
  }
} else {
  const stream = streams[positionals[0]];
  const bytes = pickleOf(stream, Number(flags.size));
  const options = { ...stream.options, exact: flags.child === "exact", limits: { allocation: Infinity } };
  setFlagsFromString("--expose_gc");
  const collect = runInNewContext("gc");
  const used = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  loads(ascii("(]}\x8f)l."), options);
  const before = used();
  const grown = process.memoryUsage.rss();
  const value = loads(bytes, options);
  const peak = process.resourceUsage().maxRSS * 1024 - grown;
  const kept = used() - before;
  if (!Array.isArray(value)) throw new Error("the value must live until here");
  console.log(JSON.stringify([kept, peak].map((n) => n / bytes.length)));
}
