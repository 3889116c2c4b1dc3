import { bytesRepr, strRepr } from "../python-repr.ts";
import { intRepr } from "../python-numbers.ts";
import { floatRepr } from "../../syntax/text-operands.ts";
import { UnpicklingError } from "../../errors.ts";
import * as kind from "./store.ts";
import type { Store } from "./store.ts";

/** Levels that are shown of a value: so deep this goes into itself at most. */
const DEPTH = 3;
const ITEMS = 6;
const TEXT = 60;
/** So much is shown of what two texts have in common in front of what differs. */
const CONTEXT = 20;

/** How Python calls the type of a node; the class of an instance. */
export function typeOf(store: Store, node: number): string {
  const is = store.kinds[node] as number;
  if (is !== kind.OBJECT) return kind.kindNames[is] as string;
  const { callable } = store.object(node);
  return store.kinds[callable] === kind.GLOBAL ? nameOf(store, callable) : "object";
}

/** `module.name` of a class or function. */
function nameOf(store: Store, node: number): string {
  return printable((store.data[node] as string).replace(" ", ".").replace(/^builtins\./, ""));
}

const printable = (text: string): string => strRepr(text).slice(1, -1);

const shortened = (text: string): string => (text.length > TEXT ? `${text.slice(0, TEXT)}…` : text);

function bytesText(bytes: Uint8Array): string {
  const text = bytesRepr(bytes.subarray(0, TEXT));
  return bytes.length > TEXT ? `${text}… (${bytes.length - TEXT} more)` : text;
}

function intText(value: number | bigint): string {
  try {
    return shortened(intRepr(value));
  } catch (error) {
    if (error instanceof UnpicklingError) return "an int of more than 4300 digits";
    throw error;
  }
}

/** Of a whole value, not more than so many characters are shown. */
const LINE = 240;

/** A value in one line. */
export function lineOf(store: Store, node: number): string {
  const text = textOf(store, node);
  return text.length > LINE ? `${text.slice(0, LINE)}…` : text;
}

/** Two texts, or bytes, that differ so far behind their beginning that it does not show: from there on. */
export function linesWhereTheyDiffer(
  store: Store,
  before: number,
  after: number,
): [string, string] | undefined {
  const [one, other] = [store.data[before], store.data[after]];
  const are = (type: string): boolean => typeof one === type && typeof other === type;
  const areBytes = one instanceof Uint8Array && other instanceof Uint8Array;
  if (!are("string") && !areBytes) return undefined;
  const [a, b] = [one as string | Uint8Array, other as string | Uint8Array];
  let at = 0;
  const end = Math.min(a.length, b.length);
  while (at < end && a[at] === b[at]) at++;
  if (at < TEXT - CONTEXT) return undefined;
  const from = at - CONTEXT;
  const show = (value: string | Uint8Array): string => {
    const part = value.slice(from, from + TEXT);
    const quoted = typeof part === "string" ? strRepr(part) : bytesRepr(part);
    const left = value.length - from - part.length;
    return `(after ${from}) ${quoted}${left > 0 ? `… (${left} more)` : ""}`;
  };
  return [show(a), show(b)];
}

/** A node as Python would write it, cut where it gets long. */
export function textOf(store: Store, node: number, depth: number = DEPTH): string {
  const data = store.data[node];
  const is = store.kinds[node] as number;
  switch (is) {
    case kind.NONE:
      return "None";
    case kind.BOOL:
      return data === true ? "True" : "False";
    case kind.INT:
      return intText(data as number | bigint);
    case kind.FLOAT:
      return floatRepr(data as number);
    case kind.STR: {
      const text = data as string;
      const quoted = strRepr(text.slice(0, TEXT));
      return text.length > TEXT ? `${quoted}… (${text.length - TEXT} more)` : quoted;
    }
    case kind.BYTES:
      return bytesText(data as Uint8Array);
    case kind.BYTEARRAY:
      return `bytearray(${bytesText(data as Uint8Array)})`;
    case kind.GLOBAL:
      return `<global ${nameOf(store, node)}>`;
    case kind.EXTENSION:
      return `<extension ${data as string}>`;
    case kind.BUFFER:
      return `<buffer ${data as string}>`;
    case kind.PERSISTENT:
      return depth > 0
        ? `<persistent id ${textOf(store, store.children(node)[0] as number, depth - 1)}>`
        : "<persistent id …>";
    case kind.OBJECT:
      return objectText(store, node, depth);
    default:
      return containerText(store, node, is, depth);
  }
}

function listed(store: Store, nodes: readonly number[], depth: number): string {
  if (depth <= 0) return nodes.length > 0 ? "…" : "";
  const shown = nodes.slice(0, ITEMS).map((node) => textOf(store, node, depth - 1));
  if (nodes.length > ITEMS) shown.push(`… ${nodes.length - ITEMS} more`);
  return shown.join(", ");
}

function paired(store: Store, flat: readonly number[], depth: number, isState: boolean): string {
  const count = flat.length / 2;
  if (depth <= 0) return count > 0 ? "…" : "";
  const shown = Array.from({ length: Math.min(count, ITEMS) }, (_, at) => {
    const key = flat[2 * at] as number;
    const name =
      isState && store.kinds[key] === kind.STR
        ? printable(store.data[key] as string)
        : textOf(store, key, depth - 1);
    return `${shortened(name)}: ${textOf(store, flat[2 * at + 1] as number, depth - 1)}`;
  });
  if (count > ITEMS) shown.push(`… ${count - ITEMS} more`);
  return shown.join(", ");
}

function containerText(store: Store, node: number, is: number, depth: number): string {
  const children = store.children(node);
  if (is === kind.DICT) return `{${paired(store, children, depth, false)}}`;
  const inside = listed(store, children, depth);
  if (is === kind.LIST) return `[${inside}]`;
  if (is === kind.TUPLE) return children.length === 1 ? `(${inside},)` : `(${inside})`;
  if (is === kind.SET) return children.length === 0 ? "set()" : `{${inside}}`;
  return children.length === 0 ? "frozenset()" : `frozenset({${inside}})`;
}

function objectText(store: Store, node: number, depth: number): string {
  const { callable, args, kwargs, states, items, entries } = store.object(node);
  const name =
    store.kinds[callable] === kind.GLOBAL
      ? nameOf(store, callable)
      : depth > 0
        ? textOf(store, callable, depth - 1)
        : "…";
  const given = store.kinds[args] === kind.TUPLE ? listed(store, store.children(args), depth) : "…";
  const keywords =
    kwargs >= 0 && store.kinds[kwargs] === kind.DICT
      ? paired(store, store.children(kwargs), depth, true)
      : "";
  const call = [given, keywords].filter((part) => part !== "").join(", ");
  const [state] = states;
  let text = call === "" && states.length + items.length + entries.length > 0 ? name : `${name}(${call})`;
  if (state !== undefined) {
    text +=
      store.kinds[state] === kind.DICT
        ? ` {${paired(store, store.children(state), depth, true)}}`
        : depth > 0
          ? ` state ${textOf(store, state, depth - 1)}`
          : " state …";
  }
  if (items.length > 0) text += ` [${listed(store, items, depth)}]`;
  if (entries.length > 0) text += ` {${paired(store, entries, depth, false)}}`;
  return text;
}
