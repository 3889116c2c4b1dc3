import { PyDict, dictFromFlat } from "../values/py-dict.ts";
import { PyFrozenSet, frozenSetFromArray } from "../values/py-frozen-set.ts";
import { PySet, setFromArray } from "../values/py-set.ts";
import { MemoryView } from "../values/memory-view.ts";
import { Tuple } from "../values/tuple.ts";
import { pythonTypeName } from "../values/python-type.ts";
import { isNativeKey, nativeKey } from "../values/native-key.ts";
import { unhashableType } from "../values/key.ts";
import { failure, unhashable } from "./failures.ts";
import { BYTEARRAY, FROZENSET, TUPLE, unhashableKindName } from "./kinds.ts";
import { BY_VALUE, NATIVE_MAP, type State } from "./state.ts";

// V8 refuses to let a Map or Set grow beyond this.
const NATIVE_LIMIT = 2 ** 24 - 1;

/** The Python type name of an unhashable value of the stack, `undefined` for a hashable one. */
export function unhashableName(state: State, value: unknown, kind: number): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (state.settings.exact) return unhashableType(value, state.interner);
  if (Array.isArray(value)) return kind === TUPLE || value instanceof Tuple ? undefined : unhashableKindName(kind) || "list";
  if (value instanceof Set) return kind === FROZENSET || value instanceof PyFrozenSet ? undefined : "set";
  if (value instanceof MemoryView || kind === BYTEARRAY) return "bytearray";
  if (value instanceof Map || Object.getPrototypeOf(value) === Object.prototype) return "dict";
  return undefined;
}

function requireHashable(state: State, value: unknown, kind: number): void {
  const name = unhashableName(state, value, kind);
  if (name !== undefined) throw unhashable(name);
}

/** The value as a key of a {@link PyDict}: in plain mode, tuples become `Tuple` and frozensets `PyFrozenSet`. */
function keyOf(state: State, value: unknown): unknown {
  if (state.settings.exact || typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value) && !(value instanceof Set)) return value;
  return state.frozenKey(value);
}

/** Sets an own property, whatever its name. */
function setProperty(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else object[key] = value;
}

/** What the keys at every second place of the stack from `from` on need: 0 an object, or a level of `state.ts`. */
function levelOf(state: State, from: number, to: number, step: number): number {
  const { stack } = state;
  let level = 0;
  for (let i = from; i < to; i += step) {
    const key = stack[i];
    if (typeof key === "string") continue;
    if (!isNativeKey(key)) return BY_VALUE;
    level = NATIVE_MAP;
  }
  return level;
}

function requireHashableKeys(state: State, from: number, to: number, step: number): void {
  const { stack, kinds } = state;
  for (let i = from; i < to; i += step) {
    const key = stack[i];
    if (typeof key === "object" && key !== null) requireHashable(state, key, kinds[i] as number);
  }
}

/** The entries of the stack as a fresh array of alternating keys and values. */
function flatten(state: State, from: number, to: number, step: number): unknown[] {
  const flat = state.stack.slice(from, to);
  if (!state.settings.exact) for (let i = 0; i < flat.length; i += step) flat[i] = keyOf(state, flat[i]);
  return flat;
}

/** A dict of the keys and values that alternate on the stack. */
export function buildDict(state: State, from: number, to: number): object {
  const { settings, stack } = state;
  if (settings.exact) {
    requireHashableKeys(state, from, to, 2);
    return dictFromFlat(stack.slice(from, to), state.interner);
  }
  let level = Math.max(levelOf(state, from, to, 2), settings.maps ? NATIVE_MAP : 0);
  if (level > 0 && (to - from) / 2 > NATIVE_LIMIT) level = BY_VALUE;
  if (level === 0) {
    const object: Record<string, unknown> = {};
    for (let i = from; i < to; i += 2) setProperty(object, stack[i] as string, stack[i + 1]);
    return object;
  }
  requireHashableKeys(state, from, to, 2);
  if (settings.objects) refuseKey(state, from, to);
  if (level === BY_VALUE) return dictFromFlat(flatten(state, from, to, 2), state.interner);
  const map = new Map<unknown, unknown>();
  for (let i = from; i < to; i += 2) map.set(nativeKey(map, stack[i]), stack[i + 1]);
  return map;
}

/** Adds the keys and values that alternate on the stack to a dict that is there already. */
export function extendDict(state: State, dict: object, from: number, to: number): void {
  const { stack } = state;
  if (dict instanceof PyDict) {
    requireHashableKeys(state, from, to, 2);
    if (state.settings.exact) dict.setMany(stack, from, to);
    else dict.setMany(flatten(state, from, to, 2), 0, to - from);
    return;
  }
  const level = levelOf(state, from, to, 2);
  if (dict instanceof Map) {
    requireHashableKeys(state, from, to, 2);
    if (level === BY_VALUE || dict.size + (to - from) / 2 > NATIVE_LIMIT) {
      state.promote(dict, BY_VALUE);
      return;
    }
    for (let i = from; i < to; i += 2) dict.set(nativeKey(dict, stack[i]), stack[i + 1]);
    return;
  }
  if (level > 0) {
    requireHashableKeys(state, from, to, 2);
    if (state.settings.objects) refuseKey(state, from, to);
    state.promote(dict, level);
    return;
  }
  for (let i = from; i < to; i += 2) setProperty(dict as Record<string, unknown>, stack[i] as string, stack[i + 1]);
}

function refuseKey(state: State, from: number, to: number): never {
  let i = from;
  while (i < to && typeof state.stack[i] === "string") i += 2;
  throw failure(
    "unrepresentable",
    `a dict has a key of type ${pythonTypeName(state.stack[i])}, which is no property name`,
    'Load with dicts: "auto" or "map"',
  );
}

function needsByValue(state: State, from: number, to: number): boolean {
  return to - from > NATIVE_LIMIT || levelOf(state, from, to, 1) === BY_VALUE;
}

/** A set of the stack's values. */
export function buildSet(state: State, from: number, to: number): Set<unknown> {
  const { settings, stack } = state;
  requireHashableKeys(state, from, to, 1);
  if (settings.exact) return setFromArray(stack.slice(from, to), state.interner);
  if (needsByValue(state, from, to)) return setFromArray(flatten(state, from, to, 1), state.interner);
  const set = new Set<unknown>();
  for (let i = from; i < to; i++) set.add(nativeKey(set, stack[i]));
  return set;
}

/** Adds the stack's values to a set that is there already. */
export function extendSet(state: State, set: Set<unknown>, from: number, to: number): void {
  const { stack } = state;
  requireHashableKeys(state, from, to, 1);
  if (set instanceof PySet) {
    if (state.settings.exact) set.addMany(stack, from, to);
    else set.addMany(flatten(state, from, to, 1), 0, to - from);
  } else if (levelOf(state, from, to, 1) === BY_VALUE || set.size + to - from > NATIVE_LIMIT) {
    state.promote(set, BY_VALUE);
  } else {
    for (let i = from; i < to; i++) set.add(nativeKey(set, stack[i]));
  }
}

/** A frozenset of the stack's values. */
export function buildFrozenSet(state: State, from: number, to: number): Set<unknown> {
  requireHashableKeys(state, from, to, 1);
  if (state.settings.exact) return frozenSetFromArray(state.stack.slice(from, to), state.interner);
  if (needsByValue(state, from, to)) return frozenSetFromArray(flatten(state, from, to, 1), state.interner);
  return buildSet(state, from, to);
}
