// Draws an exact value as a tree tagged with Python's types, which compare.mjs compares with an expectation.
import { createHash } from "node:crypto";
import * as brine from "../../../packages/brine/dist/index.js";
import * as types from "../../../packages/brine/dist/types.js";

const SEQUENCE_LIMIT = 120;
const TEXT_LIMIT = 400;
const BYTES_LIMIT = 256;

/** What stands for a persistent id. */
export class Persistent {
  pid;
  constructor(pid) {
    this.pid = pid;
  }
}

const sha = (data) => createHash("sha256").update(data).digest("hex");
const sorted = (node) =>
  Array.isArray(node)
    ? node.map(sorted)
    : typeof node === "object" && node !== null
      ? Object.fromEntries(
          Object.keys(node)
            .sort()
            .map((key) => [key, sorted(node[key])]),
        )
      : node;
/** As Python's json.dumps writes it, keys sorted. */
const compact = (node) =>
  JSON.stringify(sorted(node)).replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

function float(value) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const be = view.getBigUint64(0).toString(16).padStart(16, "0");
  return { t: "float", be: Number.isNaN(value) ? "nan" : be };
}

function utf8(text) {
  const encoded = [];
  for (const c of text) {
    const code = c.codePointAt(0);
    if (code >= 0xd800 && code < 0xe000)
      encoded.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else encoded.push(...Buffer.from(c));
  }
  return Buffer.from(encoded);
}

function str(value) {
  const characters = [...value];
  return characters.length <= TEXT_LIMIT
    ? { t: "str", v: value }
    : {
        t: "str",
        n: characters.length,
        utf8_sha256: sha(utf8(value)),
        head: characters.slice(0, 40).join(""),
      };
}

function bytes(tag, data) {
  const hex = Buffer.from(data).toString("hex");
  return data.length <= BYTES_LIMIT
    ? { t: tag, n: data.length, hex }
    : { t: tag, n: data.length, sha256: sha(data), head: hex.slice(0, 64) };
}

const nameOf = (type) => (type instanceof brine.PyGlobal ? `${type.module}.${type.name}` : undefined);
const globalNode = ({ module, name }) =>
  module === "builtins" && name === "Ellipsis"
    ? { t: "ellipsis" }
    : module === "builtins" && name === "NotImplemented"
      ? { t: "notimplemented" }
      : { t: "global", module, name };

/** What type(None) and its like are called. */
const singletonTypes = new Map([
  ["none", "NoneType"],
  ["ellipsis", "ellipsis"],
  ["notimplemented", "NotImplementedType"],
]);

export function draw(root) {
  const counts = new Map();
  const ids = new Map();
  let counting = true;

  const atom = (value) => {
    if (value === null || value === undefined) return { t: "none" };
    if (typeof value === "boolean") return { t: "bool", v: value };
    if (typeof value === "bigint") return { t: "int", v: value };
    if (typeof value === "number") return float(value);
    if (typeof value === "string") return str(value);
    if (value instanceof brine.PyGlobal) return globalNode(value);
    if (value instanceof brine.PyComplex)
      return { t: "complex", re: float(value.real), im: float(value.imag) };
    if (Object.getPrototypeOf(value) === Uint8Array.prototype || Buffer.isBuffer(value))
      return bytes("bytes", value);
    if (value instanceof brine.Tuple && value.length === 0 && !(value instanceof types.NamedTuple))
      return { t: "tuple", v: [] };
    if (
      value instanceof brine.PyObject &&
      nameOf(value.type) === "builtins.type" &&
      value.args.length === 1
    ) {
      const name = singletonTypes.get(build(value.args[0])?.t);
      if (name !== undefined) return { t: "global", module: "builtins", name };
    }
    return undefined;
  };
  const build = (value) => {
    const simple = atom(value);
    if (simple !== undefined) return simple;
    if (counting) {
      const seen = (counts.get(value) ?? 0) + 1;
      counts.set(value, seen);
      if (seen === 1) object(value);
      return undefined;
    }
    if (ids.has(value)) return { t: "ref", id: ids.get(value) };
    if (counts.get(value) < 2) return object(value);
    const id = ids.size + 1;
    ids.set(value, id);
    return { ...object(value), id };
  };
  const long = (tag, v, limit = SEQUENCE_LIMIT) =>
    counting || v.length <= limit
      ? { t: tag, v }
      : {
          t: tag,
          n: v.length,
          items_sha256: sha(compact(pythonic(v))),
          head: v.slice(0, 4),
          tail: v.slice(-2),
          all: v,
        };
  const sequence = (tag, items) => long(tag, Array.from(items, build));
  const pairs = (tag, entries) =>
    long(
      tag,
      Array.from(entries, ([key, value]) => [build(key), build(value)]),
    );
  const set = (tag, items) => {
    const v = Array.from(items, build);
    if (counting) return {};
    const keyed = v.map((node) => [compact(pythonic(node)), node]).sort(([a], [b]) => (a < b ? -1 : 1));
    return long(
      tag,
      keyed.map(([, node]) => node),
    );
  };
  const dictOf = (map) => pairs("dict", map);

  /** Arguments, state, items and entries, as `__reduce_ex__` would give them. */
  const parts = (value) => {
    const node = {};
    if (value.kwargs?.size > 0) node.kwargs = dictOf(value.kwargs);
    const call = value.log?.find(([kind]) => kind === "call");
    const state = value.state ?? (call === undefined ? undefined : call[2][1]);
    if (state !== undefined) node.state = build(state);
    if (value.items?.length > 0) node.listitems = sequence("list", value.items);
    if (value.entries?.length > 0) node.dictitems = pairs("dict", value.entries);
    return node;
  };
  const object = (value) => {
    if (value instanceof Persistent) return { t: "persid", pid: build(value.pid) };
    if (value instanceof brine.ByteArray) return bytes("bytearray", value);
    if (value.buffers !== undefined && value.value !== undefined) {
      const nodeOf = (item) => {
        const at = value.buffers.findIndex(
          (buffer) => buffer.buffer === item.buffer && buffer.byteOffset === item.byteOffset,
        );
        return at < 0 ? build(item) : { t: "buffer", index: at, hex: Buffer.from(item).toString("hex") };
      };
      return { t: "list", v: value.value.map(nodeOf) };
    }
    if (value instanceof types.PyDateTime) {
      const naive = new types.PyDateTime(
        value.year,
        value.month,
        value.day,
        value.hour,
        value.minute,
        value.second,
        value.microsecond,
      );
      return { t: "datetime", v: String(naive), fold: value.fold, tz: build(value.tzinfo) };
    }
    if (value instanceof types.PyDate) return { t: "date", v: String(value) };
    if (value instanceof types.PyTime) {
      const naive = new types.PyTime(value.hour, value.minute, value.second, value.microsecond);
      return { t: "time", v: String(naive), fold: value.fold, tz: build(value.tzinfo) };
    }
    if (value instanceof types.PyTimeDelta)
      return { t: "timedelta", days: value.days, seconds: value.seconds, microseconds: value.microseconds };
    if (value instanceof types.PyTimeZone)
      return { t: "timezone", offset_us: value.offsetAt(), name: String(value) };
    if (value instanceof types.PyZoneInfo) return { t: "zoneinfo", key: value.key };
    if (value instanceof types.PyDecimal) return { t: "decimal", v: value.text };
    if (value instanceof types.PyFraction)
      return { t: "fraction", num: String(value.numerator), den: String(value.denominator) };
    if (value instanceof types.PyUUID) return { t: "uuid", v: String(value) };
    if (value instanceof types.PyOrderedDict) return pairs("ordereddict", value);
    if (value instanceof types.PyDefaultDict)
      return { ...pairs("defaultdict", value), factory: build(value.defaultFactory) };
    if (value instanceof types.PyCounter) return pairs("counter", value);
    if (value instanceof types.PyDictType) {
      const node = { t: "object", class: nameOf(value.type) };
      if (value.state !== undefined) node.state = build(value.state);
      if (value.size > 0) node.dictitems = dictOf(value);
      return node;
    }
    if (value instanceof types.PyDeque) return { ...sequence("deque", value), maxlen: value.maxlen };
    if (value instanceof types.PyChainMap) return sequence("chainmap", value.maps);
    if (value instanceof types.NamedTuple)
      return { ...sequence("namedtuple", value), class: nameOf(value.type), fields: [...value.fields] };
    if (value instanceof types.PySimpleNamespace)
      return pairs("simplenamespace", Object.entries(value.toObject()));
    if (value instanceof types.PyRange)
      return {
        t: "range",
        start: String(value.start),
        stop: String(value.stop),
        step: String(value.step),
        repr: String(value).replace("range", "xrange"),
      };
    if (value instanceof types.PySlice)
      return { t: "slice", start: build(value.start), stop: build(value.stop), step: build(value.step) };
    if (value instanceof types.PyPartial)
      return {
        t: "partial",
        func: build(value.func),
        args: sequence("tuple", value.args),
        kw: dictOf(value.keywords),
      };
    if (value instanceof types.PyPattern)
      return { t: "pattern", pattern: build(value.pattern), flags: value.flags };
    if (value instanceof types.PyException)
      return {
        t: "exception",
        class: nameOf(value.type),
        args: sequence("tuple", value.args),
        state: value.state === undefined ? null : build(value.state),
      };
    if (value instanceof types.PyArray) {
      const { typecode, data } = value;
      const isText = typeof data === "string";
      const units = isText ? Uint32Array.from(data, (c) => c.codePointAt(0)) : data;
      const isFloat = data instanceof Float32Array || data instanceof Float64Array;
      const items = Array.from(data, (item) =>
        isText || isFloat ? item : typecode === "c" ? Uint8Array.of(item) : BigInt(item),
      );
      return {
        t: "array",
        typecode,
        itemsize: units.BYTES_PER_ELEMENT,
        n: data.length,
        bytes_le: bytes("bytes", new Uint8Array(units.buffer)),
        v: items.map(build),
      };
    }
    if (value instanceof types.PyIpAddress) return { t: "ip", class: nameOf(value.type), v: value.text };
    if (value instanceof types.PyPath) return { t: "path", class: value.kind, v: String(value) };
    if (value instanceof types.PyEnum)
      return {
        t: "enum",
        class: nameOf(value.type),
        name: value.name,
        value: value.value === undefined ? undefined : build(value.value),
      };
    if (value instanceof types.PyOperator) {
      if (value.keywords.size === 0)
        return { t: "reduce", callable: globalNode(value.type), args: Array.from(value.args, build) };
      const first = { t: "tuple", v: [build(value.args[0])] };
      const callable = {
        t: "partial",
        func: globalNode(value.type),
        args: first,
        kw: dictOf(value.keywords),
      };
      return { t: "reduce", callable, args: Array.from(value.args.slice(1), build) };
    }
    if (value instanceof types.PyUserString)
      return { t: "object", class: nameOf(value.type), args: [build(value.data)], state: build(value.state) };
    if (value instanceof types.PyInstance)
      return { t: "object", class: nameOf(value.type), state: build(value.state) };
    if (value instanceof types.PyRandom)
      return { t: "reduce", callable: globalNode(value.type), args: [], state: build(value.state) };
    if (value instanceof brine.PyObject) {
      const args = Array.from(value.args, build);
      const shape =
        value.how === "reduce" || value.how === "getattr"
          ? { t: "reduce", callable: build(value.type), args }
          : { t: "object", class: nameOf(value.type), ...(args.length > 0 ? { args } : {}) };
      return { ...shape, ...parts(value) };
    }
    if (value instanceof brine.Tuple) return sequence("tuple", value);
    if (Array.isArray(value)) return sequence("list", value);
    if (value instanceof brine.PyFrozenSet) return set("frozenset", value);
    if (value instanceof brine.PySet) return set("set", value);
    if (value instanceof Map) return pairs("dict", value);
    throw new TypeError(`what is a ${Object.prototype.toString.call(value)}?`);
  };
  build(root);
  counting = false;
  return build(root);
}

/** A tree as the expectations' JSON has it, for their hashes. */
function pythonic(node) {
  if (Array.isArray(node)) return node.map(pythonic);
  if (typeof node === "bigint") return String(node);
  if (typeof node !== "object" || node === null) return node;
  const { all: _, ...own } = node;
  if (node.t === "float") {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, node.be === "nan" ? 0x7ff8000000000000n : BigInt(`0x${node.be}`));
    return {
      t: "float",
      v: floatHex(view.getFloat64(0)),
      be: node.be === "nan" ? "7ff8000000000000" : node.be,
    };
  }
  return Object.fromEntries(Object.entries(own).map(([key, value]) => [key, pythonic(value)]));
}

/** Python's float.hex(). */
function floatHex(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (value === 0) return `${sign}0x0.0p+0`;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  const fraction = (bits & ((1n << 52n) - 1n)).toString(16).padStart(13, "0");
  const power = exponent === 0 ? -1022 : exponent - 1023;
  return `${sign}0x${exponent === 0 ? 0 : 1}.${fraction}p${power < 0 ? "" : "+"}${power}`;
}
