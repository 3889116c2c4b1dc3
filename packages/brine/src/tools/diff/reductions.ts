import { arrayFromBuffer } from "./numpy-arrays.ts";
import {
  type ObjectParts,
  BYTEARRAY,
  BYTES,
  DICT,
  FROZENSET,
  GLOBAL,
  INT,
  LIST,
  OBJECT,
  SET,
  type Store,
  STR,
  TUPLE,
} from "./store.ts";

/** The bytes of a text that has none beyond U+00FF; `undefined` for any other. */
function latin1(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0xff) return undefined;
    bytes[at] = unit;
  }
  return bytes;
}

function textOf({ kinds, data }: Store, node: number | undefined): string | undefined {
  return node !== undefined && kinds[node] === STR ? (data[node] as string) : undefined;
}

const isLatin1 = (name: string | undefined): boolean => name !== undefined && /^latin-?1$/.test(name);

/** What `bytearray(*args)` is, where that is how a bytearray was written; −1 for anything else. */
function byteArray(store: Store, args: readonly number[]): number {
  const [content, encoding] = args;
  if (content === undefined) return store.add(BYTEARRAY, new Uint8Array(0));
  if (store.kinds[content] === BYTES && args.length === 1)
    return store.add(BYTEARRAY, store.data[content] as Uint8Array);
  const text = textOf(store, content);
  const bytes = text !== undefined && isLatin1(textOf(store, encoding)) ? latin1(text) : undefined;
  return bytes === undefined ? -1 : store.add(BYTEARRAY, bytes);
}

/** An instance, as it is before anything is done to it. */
export function newObject(store: Store, callable: number, args: number, kwargs = -1): number {
  const parts: ObjectParts = { callable, args, kwargs, states: [], items: [], entries: [] };
  return store.add(OBJECT, parts);
}

/** `copyreg._reconstructor(cls, base, state)`: how protocols 0 and 1 write what later ones do with NEWOBJ. */
function reconstructed(store: Store, args: readonly number[]): number {
  const [type, base, state] = args as [number, number, number];
  const name = store.kinds[base] === GLOBAL ? (store.data[base] as string) : "";
  const isPlain = name === "builtins object" || name === "builtins list" || name === "builtins dict";
  const node = newObject(store, type, store.add(TUPLE, isPlain ? [] : [state]));
  const parts = store.object(node);
  const content = store.kinds[state] === LIST || store.kinds[state] === DICT ? store.children(state) : [];
  if (name === "builtins list") appendAll(parts.items, content);
  else if (name === "builtins dict") appendAll(parts.entries, content);
  return node;
}

/** Appends without a spread, which takes no more than so many. */
export function appendAll(target: number[], items: readonly number[]): void {
  for (const item of items) target.push(item);
}

/** `functools.partial(cls.__new__, cls, *args, **kwargs)()`: how protocols 2 and 3 write NEWOBJ_EX; −1 for anything else. */
function fromPartial(store: Store, callable: number): number {
  const { kinds, data } = store;
  const { callable: type, states } = store.object(callable);
  const state = states[0];
  if (kinds[type] !== GLOBAL || data[type] !== "functools partial" || state === undefined) return -1;
  if (kinds[state] !== TUPLE) return -1;
  const [make, args, kwargs] = store.children(state);
  if (make === undefined || args === undefined || kwargs === undefined) return -1;
  if (kinds[make] !== GLOBAL || !(data[make] as string).endsWith(".__new__") || kinds[args] !== TUPLE)
    return -1;
  const [of, ...rest] = store.children(args);
  return of === undefined
    ? -1
    : newObject(store, of, store.add(TUPLE, rest), kinds[kwargs] === DICT ? kwargs : -1);
}

/** What `global(*args)` is, where that is how an older protocol writes a value that has an opcode now; −1 for anything else. */
function ofGlobal(store: Store, callable: number, argsNode: number): number {
  const { kinds, data } = store;
  const args = store.children(argsNode);
  const [first, second] = args;
  switch (data[callable]) {
    case "_codecs encode": {
      const text = textOf(store, first);
      const bytes = text !== undefined && isLatin1(textOf(store, second)) ? latin1(text) : undefined;
      return bytes === undefined ? -1 : store.bytes(bytes);
    }
    case "builtins bytes":
      return args.length === 0 ? store.bytes(new Uint8Array(0)) : -1;
    case "builtins bytearray":
      return byteArray(store, args);
    case "builtins set":
    case "builtins frozenset":
      if (args.length !== 1 || first === undefined || kinds[first] !== LIST) return -1;
      return store.add(data[callable] === "builtins set" ? SET : FROZENSET, store.children(first).slice());
    case "builtins getattr": {
      const name = textOf(store, second);
      if (first === undefined || kinds[first] !== GLOBAL || name === undefined) return -1;
      return store.named(GLOBAL, `${data[first] as string}.${name}`);
    }
    case "copyreg _reconstructor":
      return args.length === 3 ? reconstructed(store, args) : -1;
    case "copyreg __newobj__":
      return first === undefined ? -1 : newObject(store, first, store.add(TUPLE, args.slice(1)));
    case "copyreg __newobj_ex__": {
      const [, positional, keywords] = args;
      if (first === undefined || positional === undefined || keywords === undefined) return -1;
      if (kinds[positional] !== TUPLE || kinds[keywords] !== DICT) return -1;
      return newObject(store, first, positional, keywords);
    }
    // Of Python 2, for what fits; later ones write a long.
    case "builtins int":
      return args.length === 1 && first !== undefined && kinds[first] === INT ? first : -1;
    default:
      return arrayFromBuffer(store, callable, args);
  }
}

/** What REDUCE makes: the same node or parts whichever protocol wrote it. */
export function reduce(store: Store, callable: number, args: number): number {
  const { kinds } = store;
  let node = -1;
  if (kinds[args] === TUPLE) {
    if (kinds[callable] === GLOBAL) node = ofGlobal(store, callable, args);
    else if (kinds[callable] === OBJECT && store.children(args).length === 0)
      node = fromPartial(store, callable);
  }
  return node >= 0 ? node : newObject(store, callable, args);
}
