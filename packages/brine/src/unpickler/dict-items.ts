import { unhashableType } from "../values/key.ts";
import { frozenKey } from "../values/frozen-key.ts";
import { MemoryView } from "../values/memory-view.ts";
import { isNativeKey, nativeKey } from "../values/native-key.ts";
import { PyDict, dictFromFlat } from "../values/py-dict.ts";
import { PyFrozenSet, frozenSetFromArray } from "../values/py-frozen-set.ts";
import { PySet, setFromArray } from "../values/py-set.ts";
import { isPlainObject, pythonTypeName } from "../values/python-type.ts";
import { Tuple } from "../values/tuple.ts";
import { failure } from "./failures.ts";
import { BYTEARRAY, kindNames, TUPLE } from "./kinds.ts";
import { BY_VALUE, NATIVE_MAP, type State } from "./state.ts";

/** V8 refuses to let a Map or Set grow beyond this. */
const NATIVE_LIMIT = 2 ** 24 - 1;

/** The Python type name of the value at `at` if it is unhashable. */
export function unhashableAt(state: State, at: number): string | undefined {
  const value = state.stack[at];
  if (typeof value !== "object" || value === null) return undefined;
  if (state.settings.exact) return unhashableType(value, state.interner);
  const kind = state.kinds[at] as number;
  if (value instanceof Tuple || value instanceof PyFrozenSet) return undefined;
  if (Array.isArray(value) || value instanceof Set) return kind >= TUPLE ? undefined : kindNames[kind] || "list";
  if (value instanceof MemoryView) return "bytearray";
  if (value instanceof Uint8Array) return kind === BYTEARRAY ? "bytearray" : undefined;
  return value instanceof Map || isPlainObject(value) ? "dict" : undefined;
}

/**
 * Looks at the keys at every `step`th place of the stack: 0 if they are property names, else a level of `state.ts`.
 *
 * @throws UnpicklingError `unhashable-key`, or `unrepresentable` under `dicts: "object"`
 */
function levelOf(state: State, from: number, to: number, step: number): number {
  const { stack, settings } = state;
  let level = 0;
  for (let i = from; i < to; i += step) {
    const key = stack[i];
    if (typeof key === "string") continue;
    const type = unhashableAt(state, i);
    if (type !== undefined) throw failure("unhashable-key", `unhashable type: '${type}'`, "TypeError");
    if (step === 2 && settings.objects) {
      const words = `a dict has a key of type ${pythonTypeName(key)}, which is no property name`;
      throw failure("unrepresentable", words, undefined, 'Load with dicts: "auto" or "map"');
    }
    level = isNativeKey(key) ? Math.max(level, NATIVE_MAP) : BY_VALUE;
  }
  return level;
}

/** The stack's values as an array of its own, its keys such that they compare by value. */
function taken(state: State, from: number, to: number, step: number): unknown[] {
  const values = state.stack.slice(from, to);
  if (state.settings.exact) return values;
  for (let i = 0; i < values.length; i += step) values[i] = frozenKey(values[i], state.frozenKeys);
  return values;
}

/** Sets an own property, whatever its name. */
function setProperty(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else object[key] = value;
}

function fillObject(state: State, object: Record<string, unknown>, from: number, to: number): object {
  const { stack } = state;
  for (let i = from; i < to; i += 2) setProperty(object, stack[i] as string, stack[i + 1]);
  return object;
}

function fillMap(state: State, map: Map<unknown, unknown>, from: number, to: number): object {
  const { stack } = state;
  for (let i = from; i < to; i += 2) map.set(nativeKey(map, stack[i]), stack[i + 1]);
  return map;
}

function fillSet(state: State, set: Set<unknown>, from: number, to: number): Set<unknown> {
  for (let i = from; i < to; i++) set.add(nativeKey(set, state.stack[i]));
  return set;
}

/** A dict of the keys and values that alternate on the stack. */
export function buildDict(state: State, from: number, to: number): object {
  const { exact, maps } = state.settings;
  const level = levelOf(state, from, to, 2);
  if (exact || level === BY_VALUE || (level > 0 && to - from > 2 * NATIVE_LIMIT)) {
    return dictFromFlat(taken(state, from, to, 2), state.interner);
  }
  return level > 0 || maps ? fillMap(state, new Map(), from, to) : fillObject(state, {}, from, to);
}

/** Adds the keys and values that alternate on the stack to a dict that is there already. */
export function extendDict(state: State, dict: object, from: number, to: number): void {
  const level = levelOf(state, from, to, 2);
  if (dict instanceof PyDict) dict.setMany(taken(state, from, to, 2), 0, to - from);
  else if (dict instanceof Map) {
    if (level === BY_VALUE || dict.size + (to - from) / 2 > NATIVE_LIMIT) state.promote(dict, BY_VALUE);
    else fillMap(state, dict, from, to);
  } else if (level > 0) state.promote(dict, level);
  else fillObject(state, dict as Record<string, unknown>, from, to);
}

function isByValue(state: State, from: number, to: number, size: number): boolean {
  const level = levelOf(state, from, to, 1);
  return state.settings.exact || level === BY_VALUE || size + to - from > NATIVE_LIMIT;
}

/** A set of the stack's values. */
export function buildSet(state: State, from: number, to: number): Set<unknown> {
  return isByValue(state, from, to, 0)
    ? setFromArray(taken(state, from, to, 1), state.interner)
    : fillSet(state, new Set(), from, to);
}

/** A frozenset of the stack's values. */
export function buildFrozenSet(state: State, from: number, to: number): Set<unknown> {
  return isByValue(state, from, to, 0)
    ? frozenSetFromArray(taken(state, from, to, 1), state.interner)
    : fillSet(state, new Set(), from, to);
}

/** Adds the stack's values to a set that is there already. */
export function extendSet(state: State, set: Set<unknown>, from: number, to: number): void {
  const byValue = isByValue(state, from, to, set.size);
  if (set instanceof PySet) set.addMany(taken(state, from, to, 1), 0, to - from);
  else if (byValue) state.promote(set, BY_VALUE);
  else fillSet(state, set, from, to);
}
