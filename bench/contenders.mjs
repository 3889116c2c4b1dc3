// Who takes part. A contender is set up inside its own process and gives `read(input)`, `write(value)` or both; what a
// direction lacks has the reason in its place. `input` is the pickle of Python, or what the contender itself wrote.
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import { join } from "node:path";
import { mustRun } from "../scripts/project.mjs";
import { copied, walked } from "./floor.mjs";

const folder = import.meta.dirname;
const require = createRequire(import.meta.url);

/** The built library, or the copy of it that a run has put aside, so that a build meanwhile changes nothing. */
export const library = () => process.env.BRINE_BENCH_LIBRARY ?? join(folder, "../packages/brine/dist");

export const loadBrine = () => import(pathToFileURL(join(library(), "index.js")).href);

/** brine/tools, and the cursor below it, which no entry has: {@link bundleCursor} makes it a file of its own. */
export const loadTools = async () => ({
  ...(await import(pathToFileURL(join(library(), "tools.js")).href)),
  ...(await import(pathToFileURL(join(library(), "cursor.js")).href)),
});

export const bundleCursor = () =>
  mustRun(
    [
      "rolldown",
      join(folder, "../packages/brine/src/syntax/cursor.ts"),
      "--file",
      join(library(), "cursor.js"),
      "--format",
      "esm",
    ],
    { quiet: true },
  );

/** `pickle`: reads and writes pickles, of each protocol. `python`: is no JavaScript, and driven by peer.py. */
export const contenders = [
  { name: "brine", title: "brine", pickle: true },
  { name: "exact", title: "brine exact", pickle: true },
  { name: "cpython", title: "CPython", pickle: true, python: true },
  { name: "cpython-nogc", title: "CPython, gc off", pickle: true, python: true },
  // Known beforehand: the object with an index a byte that it makes of bytes takes gigabytes.
  { name: "json", title: "JSON", lacks: { bytes: "has no bytes", array: "has no bytes" } },
  { name: "msgpackr-records", title: "msgpackr records" },
  { name: "msgpackr", title: "msgpackr" },
  { name: "cbor-x", title: "cbor-x" },
  { name: "v8", title: "v8" },
  // No contender: what the others have below them.
  { name: "floor", title: "V8 alone", floor: true },
  { name: "pickleparser", title: "pickleparser", pickle: true, readsOnly: true },
  { name: "jpickle", title: "jpickle", pickle: true, readsOnly: true },
];

// Copies of bytes, as brine and CPython make them, and ints beyond 32 bits as numbers where those hold them.
const msgpackrOptions = { copyBuffers: true, int64AsType: "auto", useBigIntExtension: true };

/**
 * The functions of one contender.
 *
 * @param {string} name
 * @param {{ protocol: number, intKeys: boolean }} workload
 */
export async function setUp(name, { protocol, intKeys }) {
  switch (name) {
    case "brine": {
      const { loads, dumps } = await loadBrine();
      return { read: (input) => loads(input), write: (value) => dumps(value, { protocol }) };
    }
    case "exact": {
      const { loads, dumps } = await loadBrine();
      const reading = { exact: true };
      const writing = { exact: true, protocol };
      return { read: (input) => loads(input, reading), write: (value) => dumps(value, writing) };
    }
    case "json":
      return { read: (input) => JSON.parse(input), write: (value) => JSON.stringify(value) };
    case "msgpackr-records":
    case "msgpackr": {
      const { Packr } = require("msgpackr");
      const useRecords = name === "msgpackr-records";
      // Without records a map is an object or a Map by an option, for all of them.
      const packr = new Packr({
        ...msgpackrOptions,
        useRecords,
        ...(useRecords ? {} : { mapsAsObjects: !intKeys }),
      });
      return { read: (input) => packr.unpack(input), write: (value) => packr.pack(value) };
    }
    case "cbor-x": {
      // With its own defaults: records on.
      const { Encoder } = require("cbor-x");
      const encoder = new Encoder({ copyBuffers: true, tagUint8Array: false });
      return { read: (input) => encoder.decode(input), write: (value) => encoder.encode(value) };
    }
    case "v8": {
      const { deserialize, serialize } = await import("node:v8");
      return { read: deserialize, write: serialize };
    }
    case "pickleparser": {
      const { Parser } = require("pickleparser");
      const options = intKeys ? { unpicklingTypeOfDictionary: "Map" } : {};
      return { read: (input) => new Parser(options).parse(input) };
    }
    case "jpickle": {
      const { loads } = require("jpickle");
      // It reads a string of bytes; to make that of a file's content is part of reading it.
      return { read: (input) => loads(input.latin1Slice(0, input.length)) };
    }
    case "floor":
      return { read: copied, write: walked };
    default:
      throw new Error(`no such contender: ${name}`);
  }
}

/** What each installed contender is, for the head of the report. */
export function versions() {
  const version = (name) => require(join(folder, "node_modules", name, "package.json")).version;
  const native = (name) => (require(name).isNativeAccelerationEnabled ? ", native add-on in use" : "");
  return {
    Node: `${process.versions.node} (V8 ${process.versions.v8})`,
    msgpackr: `${version("msgpackr")}${native("msgpackr")}`,
    "cbor-x": `${version("cbor-x")}${native("cbor-x")}`,
    pickleparser: version("pickleparser"),
    jpickle: version("jpickle"),
  };
}
