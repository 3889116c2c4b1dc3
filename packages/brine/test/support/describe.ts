import { ByteArray } from "../../src/values/byte-array.ts";
import { MemoryView } from "../../src/values/memory-view.ts";
import { PyDict } from "../../src/values/py-dict.ts";
import { PyFrozenSet } from "../../src/values/py-frozen-set.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import { PyObject } from "../../src/values/py-object.ts";
import { operationsOf } from "../../src/values/py-object-operations.ts";
import { PySet } from "../../src/values/py-set.ts";
import { Tuple } from "../../src/values/tuple.ts";
import { hexOf } from "./oracle.ts";

/** What stands for a persistent id. */
export class Persistent {
  readonly pid: unknown;
  constructor(pid: unknown) {
    this.pid = pid;
  }
}

/** What a value drawn is too large for. */
export class TooLarge extends Error {}

type Ids = Map<unknown, number>;
type Draw = (value: unknown, ids: Ids) => unknown;

const LIMIT = 40_000;

function floatText(value: number): string {
  if (Number.isNaN(value)) return "7ff8000000000000";
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString("hex");
}

/** A drawing as text: that of Python's `json.dumps`, by which the items of a set are sorted. */
const textOf = (drawing: unknown): string =>
  JSON.stringify(drawing).replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** What was done to an object, as the oracle sees it: no dropped calls, runs of one kind as one. */
function drawOperations(object: PyObject, ids: Ids, draw: Draw): unknown[] {
  const drawn: [string, unknown[]][] = [];
  for (const operation of operationsOf(object)) {
    if (operation.kind === "call") continue;
    const values =
      operation.kind === "build"
        ? [draw(operation.state, ids)]
        : operation.kind === "set"
          ? operation.entries.map(([key, value]) => [draw(key, ids), draw(value, ids)])
          : operation.items.map((item) => draw(item, ids));
    const last = drawn.at(-1);
    if (last?.[0] === operation.kind && operation.kind !== "build") last[1].push(...values);
    else drawn.push([operation.kind, values]);
  }
  return drawn;
}

/** Draws a value that was loaded exact, in the form that oracle.py documents. */
export function drawExact(root: unknown): unknown {
  let left = LIMIT;
  const draw: Draw = (value, ids) => {
    if (--left < 0) throw new TooLarge();
    const many = (values: Iterable<unknown>): unknown[] => Array.from(values, (item) => draw(item, ids));
    const ofSet = (set: Set<unknown>): unknown[] => {
      const texts = Array.from(set, (item) => [textOf(draw(item, new Map(ids))), item] as const);
      return many(texts.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item));
    };
    switch (typeof value) {
      case "boolean":
        return value;
      case "bigint":
        return ["int", value.toString(16)];
      case "number":
        return ["float", floatText(value)];
      case "string":
        return ["str", value];
      case "object":
        break;
      default:
        throw new TypeError(`what is ${typeof value}?`);
    }
    if (value === null) return null;
    if (value instanceof PyGlobal) return ["global", value.module, value.name];
    if (value instanceof Persistent) return ["pers", draw(value.pid, ids)];
    const isBytes = Object.getPrototypeOf(value) === Uint8Array.prototype;
    if (isBytes && (value as Uint8Array).length < 2) return ["bytes", 0, hexOf(value as Uint8Array)];
    if (value instanceof Tuple && value.length === 0) return ["tuple", 0, []];
    if (value instanceof PyFrozenSet && value.size === 0) return ["frozenset", 0, []];
    const known = ids.get(value);
    if (known !== undefined) return ["same", known];
    const id = ids.size + 1;
    ids.set(value, id);
    if (value instanceof MemoryView) return ["view", id, hexOf(value), value.readonly];
    if (value instanceof ByteArray) return ["bytearray", id, hexOf(value)];
    if (isBytes) return ["bytes", id, hexOf(value as Uint8Array)];
    if (value instanceof Tuple) {
      if (!Object.isFrozen(value)) throw new TypeError("a tuple that is not frozen");
      return ["tuple", id, many(value)];
    }
    if (Object.getPrototypeOf(value) === Array.prototype) return ["list", id, many(value as unknown[])];
    if (value instanceof PyFrozenSet) return ["frozenset", id, ofSet(value)];
    if (value instanceof PySet) return ["set", id, ofSet(value)];
    if (value instanceof PyDict)
      return ["dict", id, Array.from(value, ([k, v]) => [draw(k, ids), draw(v, ids)])];
    if (value instanceof PyObject) {
      if (!(value.args instanceof Tuple)) throw new TypeError("the arguments are no Tuple");
      const type = draw(value.type, ids);
      return [
        "object",
        id,
        type,
        many(value.args),
        drawKwargs(value, ids, draw),
        drawOperations(value, ids, draw),
      ];
    }
    throw new TypeError(`what is a ${Object.prototype.toString.call(value)}?`);
  };
  return draw(root, new Map());
}

function drawKwargs(object: PyObject, ids: Ids, draw: Draw): unknown[] {
  return Array.from(object.kwargs ?? [], ([name, value]) => [name, draw(value, ids)]);
}

const byText = ([a]: readonly [unknown, unknown], [b]: readonly [unknown, unknown]): number =>
  (a as string) < (b as string) ? -1 : 1;

/**
 * Draws a plain value, or (`exact`) what the plain form of an exact value is to be drawn as under `dicts`: `auto` or
 * `map`. Empty arrays have no identity, as the empty tuple is one; nor have the tuples and frozensets of keys.
 */
export function drawPlain(root: unknown, exact: boolean, dicts: "auto" | "map" = "auto"): unknown {
  let left = LIMIT;
  const drawer =
    (inKey: boolean): Draw =>
    (value, ids) => {
      if (--left < 0) throw new TooLarge();
      const draw = inKey ? drawKey : drawValue;
      const many = (values: Iterable<unknown>): unknown[] => Array.from(values, (item) => draw(item, ids));
      switch (typeof value) {
        case "boolean":
          return value;
        case "bigint":
          if (value !== BigInt.asIntN(54, value) || value === -(2n ** 53n))
            return ["bigint", value.toString(16)];
          if (!exact) throw new TypeError("a safe integer as a bigint");
          return ["number", value.toString()];
        case "number":
          return ["number", Object.is(value, -0) ? "-0" : String(value)];
        case "string":
          return ["str", value];
        case "object":
          break;
        default:
          throw new TypeError(`what is ${typeof value}?`);
      }
      if (value === null) return null;
      if (value instanceof PyGlobal) return ["global", value.module, value.name];
      if (value instanceof Persistent) return ["pers", drawPid(value.pid)];
      const isArray = Array.isArray(value);
      const isSet = value instanceof Set;
      if (isArray && value.length === 0) return ["array"];
      const hasIdentity = !(inKey && (isArray || isSet));
      const known = hasIdentity ? ids.get(value) : undefined;
      if (known !== undefined) return ["same", known];
      const id = hasIdentity ? ids.size + 1 : 0;
      if (hasIdentity) ids.set(value, id);
      if (!exact && !inKey && (value instanceof Tuple || value instanceof ByteArray)) {
        throw new TypeError("an exact value in a plain one");
      }
      if (value instanceof MemoryView) return ["view", id, hexOf(value), value.readonly];
      if (value instanceof Uint8Array) return ["bytes", id, hexOf(value)];
      if (isArray) return ["array", id, many(value)];
      if (isSet) return ["set", id, Array.from(value, (item) => drawKey(item, ids))];
      if (value instanceof PyObject) {
        if (value.loadedPlain === exact) throw new TypeError("loadedPlain says otherwise");
        const type = drawValue(value.type, ids);
        const args = Array.from(value.args as unknown[], (item) => drawValue(item, ids));
        const kwargs = Array.from(value.kwargs ?? []).sort(byText);
        const drawnKwargs = kwargs.map(([name, item]) => [name, drawValue(item, ids)]);
        return ["object", id, type, args, drawnKwargs, drawOperations(value, ids, drawValue)];
      }
      const isMap = value instanceof Map;
      const entries = isMap ? [...(value as Map<unknown, unknown>)] : Object.entries(value);
      if (!isMap && Object.getPrototypeOf(value) !== Object.prototype) throw new TypeError("no plain object");
      const asMap = exact ? dicts === "map" || entries.some(([key]) => typeof key !== "string") : isMap;
      if (!asMap) entries.sort(byText);
      const drawn = entries.map(([key, item]) => [drawKey(key, ids), drawValue(item, ids)]);
      return [asMap ? "map" : "record", id, drawn];
    };
  // The hook runs once and its id may be of a pass that was given up: only what cannot have changed since.
  const drawPid = (pid: unknown): unknown => {
    return typeof pid === "object" ? "object" : drawKey(pid, new Map());
  };
  const drawValue = drawer(false);
  const drawKey = drawer(true);
  return drawValue(root, new Map());
}
