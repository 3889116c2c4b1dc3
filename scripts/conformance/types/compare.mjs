// Compares what draw.mjs drew with an expectation, which may know more than a pickle says.
import { loads } from "../../../packages/brine/dist/index.js";

const python3 = new Map();
/** What Python 3 calls `module.name` of Python 2. */
function modern(path) {
  if (!python3.has(path)) {
    const [module, name] = [path.slice(0, path.lastIndexOf(".")), path.slice(path.lastIndexOf(".") + 1)];
    const global = loads(Buffer.from(`c${module}\n${name}\n.`));
    python3.set(path, `${global.module}.${global.name}`);
  }
  return python3.get(path);
}

const isEmpty = (node) =>
  node === undefined ||
  node === null ||
  (Array.isArray(node) && node.length === 0) ||
  (node.t === "dict" && node.v?.length === 0);
const pathOf = (node) => (node?.t === "global" ? `${node.module}.${node.name}` : undefined);
const show = (node) =>
  JSON.stringify(node, (_, value) => (typeof value === "bigint" ? String(value) : value))?.slice(0, 400);

/** What is wrong, in words; nothing if all is right. */
export function compare(expected, drawn, python2, protocol) {
  const name = (path) => (python2 ? modern(path) : path);
  const shared = new Map();
  /** What is shared with arguments that the pickle has not. */
  const leftOut = new Map();
  const differ = (e, d, path) => `${path}: want ${show(e)}\n  ${path}: got  ${show(d)}`;

  const list = (es, ds, path) => {
    if (es.length !== ds.length) return differ(es, ds, path);
    for (let i = 0; i < es.length; i++) {
      const problem = node(es[i], ds[i], `${path}[${i}]`);
      if (problem) return problem;
    }
    return undefined;
  };
  const unordered = (es, ds, path, each) => {
    const left = [...ds];
    for (const e of es) {
      const at = left.findIndex((d) => each(e, d) === undefined);
      if (at < 0) return differ(e, left, path);
      left.splice(at, 1);
    }
    return left.length > 0 ? differ([], left, path) : undefined;
  };
  /** A sequence, set or dict, whole or by its digest. */
  const items = (e, d, path) => {
    if (e.v === undefined && Number.isInteger(e.n)) {
      if (e.n !== (d.n ?? d.v.length)) return differ(e.n, d, path);
      // Python 2's has no digest.
      const all = d.all ?? d.v;
      if (e.head === undefined) return undefined;
      if (e.items_sha256 === undefined)
        return list(e.head, all.slice(0, 4), path) ?? list(e.tail, all.slice(-2), path);
      return e.items_sha256 === d.items_sha256 ? undefined : differ(e, { ...d, all: undefined }, path);
    }
    const drawnItems = d.v ?? d.all;
    if (!Array.isArray(drawnItems)) return differ(e, d, path);
    const isPairs = Array.isArray(e.v[0]);
    const pair = (a, b) => node(a[0], b[0], `${path} key`) ?? node(a[1], b[1], `${path}[${show(a[0])}]`);
    if (e.order !== undefined || (python2 && /^(set|frozenset|counter)$/.test(e.t)))
      return unordered(e.v, drawnItems, path, isPairs ? pair : (a, b) => node(a, b, path));
    if (e.v.length !== drawnItems.length) return differ(e, d, path);
    for (let i = 0; i < e.v.length; i++) {
      const problem = isPairs ? pair(e.v[i], drawnItems[i]) : node(e.v[i], drawnItems[i], `${path}[${i}]`);
      if (problem) return problem;
    }
    return undefined;
  };
  const optional = (e, d, path) => (isEmpty(e) && isEmpty(d) ? undefined : node(e, d, path));
  const argumentsOf = (e = [], d = [], path) => {
    // Below protocol 3 a bytearray is written as text and its encoding.
    if (
      e[0]?.t === "bytes" &&
      d[1]?.v === "latin-1" &&
      Buffer.from(d[0].v, "latin1").toString("hex") === e[0].hex
    )
      return undefined;
    // Protocols 0 and 1 don't ask for __getnewargs__: the pickle has less of them, or none.
    if (protocol < 2) for (const arg of e.slice(d.length)) if (arg.id !== undefined) leftOut.set(arg.id, arg);
    return list(protocol < 2 ? e.slice(0, d.length) : e, d, `${path}.args`);
  };
  const isFalsy = (node) => isEmpty(node) || node.v === "0" || node.v === "";
  const rest = (e, d, path) =>
    // Nor do they write a state that is false.
    (protocol < 2 && d.state === undefined && isFalsy(e.state)
      ? undefined
      : optional(e.state, d.state, `${path}.state`)) ??
    (e.listitems === undefined && d.listitems === undefined
      ? undefined
      : optional(
          Array.isArray(e.listitems) ? { t: "list", v: e.listitems } : e.listitems,
          d.listitems,
          `${path}.items`,
        )) ??
    optional(
      Array.isArray(e.dictitems) ? { t: "dict", v: e.dictitems, order: "any" } : e.dictitems,
      d.dictitems,
      `${path}.entries`,
    ) ??
    optional(e.kwargs, d.kwargs, `${path}.kwargs`);

  /** The names of an enumeration's members in what Python 3.11 writes. */
  const memberNames = (d, type) => {
    if (d.t === "global" && pathOf(d).startsWith(`${type}.`)) return [pathOf(d).slice(type.length + 1)];
    if (d.t === "enum" && d.class === type) return [d.name];
    if (d.t !== "reduce" || pathOf(d.callable) !== "_operator.or_") return undefined;
    const names = d.args.map((arg) => memberNames(arg, type));
    return names.includes(undefined) ? undefined : names.flat();
  };
  const enumeration = (e, d, path) => {
    const type = name(e.class);
    if (d.t === "enum") {
      if (d.class !== type || (d.value === undefined && d.name !== e.name)) return differ(e, d, path);
      return d.value === undefined ? undefined : node(e.value, d.value, `${path}.value`);
    }
    if (d.t === "reduce" && pathOf(d.callable) === type && d.args.length === 1)
      return node(e.value, d.args[0], `${path}.value`);
    // Some of the standard library are pickled as names of their module.
    if (d.t === "global" && d.module === type.slice(0, type.lastIndexOf(".")) && d.name === e.name)
      return undefined;
    const names = memberNames(d, type);
    return names?.sort().join("|") === e.name?.split("|").sort().join("|") ? undefined : differ(e, d, path);
  };
  const exception = (e, d, path) => {
    const type = d.t === "exception" ? d.class : pathOf(d.callable);
    const args = d.t === "exception" ? d.args.v : d.args;
    const want = name(e.class);
    // Python makes the subclass of the error's number.
    const isSame = type === want || (python2 && want === "builtins.OSError" && type.endsWith("Error"));
    if (!isSame || !Array.isArray(args)) return differ(e, d, path);
    // These take some of the state for their own fields.
    const isImport = /^builtins.(Import|Attribute)Error$/.test(want) && e.state === null;
    return (
      // The file's name of an OSError is no argument once it is made.
      list(e.args.v, e.args.v.length === 2 && args.length === 3 ? args.slice(0, 2) : args, `${path}.args`) ??
      (isImport ? undefined : optional(e.state, d.state, `${path}.state`))
    );
  };

  const content = (e, d, path) => {
    switch (e.t) {
      case "none":
      case "ellipsis":
      case "notimplemented":
        return d.t === e.t ? undefined : differ(e, d, path);
      case "int":
        return d.t === "int" && BigInt(e.v.replace(/^-/, "")) * (e.v.startsWith("-") ? -1n : 1n) === d.v
          ? undefined
          : differ(e, d, path);
      case "float":
        return d.t === "float" && (e.v === "nan" ? "nan" : e.be) === d.be ? undefined : differ(e, d, path);
      case "complex":
        return d.t === "complex" ? (node(e.re, d.re, path) ?? node(e.im, d.im, path)) : differ(e, d, path);
      case "py2str":
        if (d.t === "str" && /\.kw |\.pid$/.test(path))
          return Buffer.from(d.v, "latin1").toString("hex") === e.hex ? undefined : differ(e, d, path);
        return d.t === "bytes" &&
          d.n === e.n &&
          e.hex === d.hex &&
          (e.sha256 === undefined || e.sha256 === d.sha256)
          ? undefined
          : differ(e, d, path);
      case "enum":
        return enumeration(e, d, path);
      case "exception":
        return exception(e, d, path);
      case "global":
        return pathOf(d) === name(`${e.module}.${e.name}`) ? undefined : differ(e, d, path);
      case "namedtuple": {
        if (d.t === "namedtuple")
          return d.class === e.class
            ? (list(d.fields, e.fields, path) ?? items(e, d, path))
            : differ(e, d, path);
        // From protocols 0 and 1 the tuple is one argument.
        const args = d.args?.length === 1 && d.args[0].t === "tuple" ? d.args[0].v : d.args;
        return d.t === "object" && d.class === e.class ? list(e.v, args ?? [], path) : differ(e, d, path);
      }
      case "inst":
        return d.t === "object" && d.class === name(e.class)
          ? optional(e.state, d.state, path)
          : differ(e, d, path);
      case "object":
      case "reduce": {
        if (e.t === "reduce" && pathOf(e.callable) === "builtins.getattr" && d.t === "global") {
          const [owner, attribute] = e.args;
          return pathOf(d) === `${pathOf(owner)}.${attribute.v}` ? undefined : differ(e, d, path);
        }
        if (e.callable !== undefined && pathOf(e.callable) === "functools.partial" && d.t === "partial") {
          const [func, args, kw] = e.state.v;
          return node(func, d.func, path) ?? node(args, d.args, path) ?? node(kw, d.kw, `${path}.kw`);
        }
        if (e.t === "object" && e.class.startsWith("operator.") && d.t === "reduce")
          return pathOf(d.callable) === e.class ? argumentsOf(e.args, d.args, path) : differ(e, d, path);
        if (d.t !== e.t) return differ(e, d, path);
        const head =
          e.t === "object"
            ? d.class === name(e.class)
              ? undefined
              : differ(e, d, path)
            : node(e.callable, d.callable, `${path}.callable`);
        return head ?? argumentsOf(e.args, d.args, path) ?? rest(e, d, path);
      }
      default:
    }
    if (d.t !== e.t) return differ(e, d, path);
    for (const key of Object.keys(e)) {
      if (["t", "v", "id", "readonly", "items_sha256", "head", "tail", "n", "order", "py2"].includes(key))
        continue;
      const [want, got] = [e[key], d[key]];
      const problem =
        typeof want === "object" && want !== null
          ? node(want, got, `${path}.${key}`)
          : want === got
            ? undefined
            : differ(e, d, path);
      if (problem) return problem;
    }
    if (Array.isArray(e.v) || Array.isArray(d.v ?? d.all)) return items(e, d, path);
    return ["v", "n", "head"].every((key) => e[key] === d[key]) ? undefined : differ(e, d, path);
  };
  const node = (e, d, path) => {
    if (typeof e !== "object" || e === null || typeof d !== "object" || d === null)
      return e === d ? undefined : differ(e, d, path);
    if (e.t === "ref" && leftOut.has(e.id)) {
      const first = leftOut.get(e.id);
      leftOut.delete(e.id);
      return node(first, d, path);
    }
    if (e.t === "ref" || d.t === "ref") {
      const isSame = e.t === d.t && shared.get(e.id) === d.id;
      return isSame ? undefined : differ(e, d, path);
    }
    if (e.id !== undefined) shared.set(e.id, d.id);
    return content(e, d, path);
  };
  return node(expected, drawn, "$");
}
