import { PyFrozenSet, frozenSetFromArray } from "../values/py-frozen-set.ts";
import { BY_VALUE, NATIVE_MAP, type State } from "./state.ts";
import { unhashableType } from "../values/key.ts";
import { MemoryView } from "../values/memory-view.ts";
import { Tuple } from "../values/tuple.ts";
import { BYTEARRAY, DICT, FROZENSET, kindNames, LIST, TUPLE } from "./kinds.ts";
import { isPlainObject, pythonTypeName } from "../values/python-type.ts";
import { frozenKey } from "../values/frozen-key.ts";
import { PyDict, dictFromFlat } from "../values/py-dict.ts";
import { entriesOf } from "../values/attributes.ts";
import { PySet, setFromArray } from "../values/py-set.ts";
import { isNativeKey, nativeKey } from "../values/native-key.ts";
import { failure } from "../bytes/failure.ts";

/** V8 refuses to let a Map or Set grow beyond this. */
const NATIVE_LIMIT = 2 ** 24 - 1;

/** V8 hashes numbers without a secret: whoever chooses them could make all of a native Map's collide. A PyDict's cannot. */
const NUMBER_LIMIT = 1000;

/** The Python type name of the value at `at` if it is unhashable. */
export function unhashableAt(state: State, at: number): string | undefined {
  const value = state.stack[at];
  if (typeof value !== "object" || value === null) return undefined;
  // Of a memoryview Python asks the bytearray beneath.
  if (value instanceof MemoryView) return "bytearray";
  if (state.exact) return unhashableType(value, state.interner);
  const kind = state.kinds[at] as number;
  if (value instanceof Tuple || value instanceof PyFrozenSet) return undefined;
  if (Array.isArray(value) || value instanceof Set)
    return kind < TUPLE ? kindNames[kind] || "list" : undefined;
  if (value instanceof Uint8Array) return kind === BYTEARRAY ? "bytearray" : undefined;
  return value instanceof Map || isPlainObject(value) ? "dict" : undefined;
}

/**
 * Looks at the keys at every `step`th place of the stack, to go into a container of `size`: 0 if they are property names,
 * else a level of `state.ts`.
 *
 * @throws UnpicklingError `unhashable-key`, or `unrepresentable` under `dicts: "object"`
 */
function levelOf(state: State, step: number, from: number, to: number, size = 0): number {
  const { stack, exact } = state;
  let numbers = size;
  const { dicts } = state.settings;
  let level =
    exact || (to - from) / step > NATIVE_LIMIT ? BY_VALUE : step === 2 && dicts !== "map" ? 0 : NATIVE_MAP;
  for (let i = from; i < to; i += step) {
    const key = stack[i];
    if (typeof key === "string") continue;
    const unhashable = unhashableAt(state, i);
    if (unhashable !== undefined)
      throw failure("unhashable-key", `unhashable type: '${unhashable}'`, "TypeError");
    if (step === 2 && dicts === "object" && !exact && size >= 0) {
      const type = Number.isInteger(key) ? "int" : pythonTypeName(key);
      const words = `a key of type ${type} is no property name`;
      throw failure("unrepresentable", words, undefined, 'Load with dicts: "auto" or "map"');
    }
    const isNative = isNativeKey(key) && (typeof key !== "number" || ++numbers < NUMBER_LIMIT);
    level = Math.max(level, isNative ? NATIVE_MAP : BY_VALUE);
  }
  return level;
}

/** The stack's values as an array of its own, its keys such that they compare by value. */
function taken(state: State, step: number, from: number, to: number): unknown[] {
  const values = state.stack.slice(from, to);
  if (state.exact) return values;
  for (let i = 0; i < values.length; i += step) {
    if (typeof values[i] === "object") values[i] = frozenKey(values[i], state.frozenKeys);
  }
  return values;
}

function fill({ stack }: State, container: object, from: number, to: number): object {
  if (container instanceof Map) {
    for (let i = from; i < to; i += 2) container.set(nativeKey(container, stack[i]), stack[i + 1]);
  } else if (container instanceof Set) {
    for (let i = from; i < to; i++) container.add(nativeKey(container, stack[i]));
  } else {
    const object = container as Record<string, unknown>;
    for (let i = from; i < to; i += 2) {
      const key = stack[i] as string;
      const value = stack[i + 1];
      // By assignment it would be looked for on the prototype.
      if (key !== "__proto__") object[key] = value;
      else
        Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    }
  }
  return container;
}

/** An object of the stack's keys and values, if every key can be assigned: the usual dict, looked at once only. */
function propertiesOf(stack: readonly unknown[], from: number, to: number): object | undefined {
  const object: Record<string, unknown> = {};
  for (let i = from; i < to; i += 2) {
    const key = stack[i];
    if (typeof key !== "string" || key === "__proto__") return undefined;
    object[key] = stack[i + 1];
  }
  return object;
}

/** A dict of the stack's keys and values, if every key is text that needs no care: the usual one. */
export function textDict(state: State, from: number, to: number): object | undefined {
  if (state.hasPlainDicts) return propertiesOf(state.stack, from, to);
  for (let i = from; i < to; i += 2) if (typeof state.stack[i] !== "string") return undefined;
  return state.exact ? dictFromFlat(state.stack.slice(from, to), state.interner) : undefined;
}

/** A list, dict, set or frozenset of the stack's values, made by the opcode at `offset`. */
export function buildContainer(state: State, kind: number, from: number, to: number, offset = 0): unknown {
  if (kind === LIST) return state.stack.slice(from, to);
  const step = kind === DICT ? 2 : 1;
  if (kind === DICT && (!state.lazy || from === to)) {
    const dict = state.newContainer(kind, offset);
    extendContainer(state, dict, from, to);
    return dict;
  }
  if (kind === DICT && state.hasPlainDicts && to - from <= 2 * NATIVE_LIMIT) {
    const object = propertiesOf(state.stack, from, to);
    if (object !== undefined) return object;
  }
  const level = levelOf(state, step, from, to);
  if (level !== BY_VALUE) {
    return fill(state, kind !== DICT ? new Set() : level > 0 ? new Map() : {}, from, to);
  }
  const make = kind === DICT ? dictFromFlat : kind === FROZENSET ? frozenSetFromArray : setFromArray;
  return make(taken(state, step, from, to), state.interner);
}

/** A dict of the class that its keys will need, with what is in it so far. */
function converted(state: State, dict: object, level: number): unknown {
  const entries = entriesOf(dict);
  if (level === NATIVE_MAP) return new Map(entries);
  const flat = entries
    .flat(1)
    .map((value: unknown, i): unknown =>
      i % 2 === 0 && typeof value === "object" ? frozenKey(value, state.frozenKeys) : value,
    );
  return dictFromFlat(flat, state.interner);
}

/** Adds the stack's values to a dict or set that is there already. */
export function extendContainer(state: State, container: object, from: number, to: number): void {
  const step = container instanceof Set ? 1 : 2;
  if (container instanceof PyDict || container instanceof PySet) {
    levelOf(state, step, from, to, -1);
    container.addMany(taken(state, step, from, to), 0, to - from);
    return;
  }
  const isNative = container instanceof Map || container instanceof Set;
  const size = isNative ? container.size : 0;
  const level = levelOf(state, step, from, to, size);
  const wanted = size + (to - from) / step > NATIVE_LIMIT ? BY_VALUE : level;
  if (wanted <= (isNative ? NATIVE_MAP : 0)) fill(state, container, from, to);
  else if (state.replace(from - 1, () => converted(state, container, wanted))) {
    extendContainer(state, state.stack[from - 1] as object, from, to);
  } else state.promote(container, wanted);
}
