import { toBytes } from "../bytes/input.ts";
import { failure } from "../bytes/failure.ts";
import { Machine } from "./machine.ts";
import type { TypeRegistry } from "../types/registry.ts";
import { noPlainForm } from "./failures.ts";
import { RESTART } from "./state.ts";
import type { BinaryData, LoadOptions, LoadSettings } from "./options.ts";

/**
 * How often a load may begin anew, each time with two passes more. A dict may have to become a `Map`, and that a `PyDict`
 * when it turns out large: two are all that is needed, unless a type definition is at odds with itself.
 */
export const MAX_RESTARTS = 3;

/** Loads the pickle at `position`, anew where a plain container must be of another class. */
export function loadAt(machine: Machine, bytes: Uint8Array, position: number): unknown {
  machine.begin(position);
  let failed: unknown;
  for (let restarts = 0; restarts <= MAX_RESTARTS; restarts++) {
    try {
      machine.run(bytes, 0, true);
      return machine.value;
    } catch (error) {
      if (error !== RESTART) throw error;
    }
    machine.restart(position, true);
    try {
      machine.run(bytes, 0, true);
    } catch (error) {
      // As a rule the pass that makes all as it must be will say what is wrong.
      failed = error;
    }
    machine.restart(position, false);
  }
  throw (failed as Error | undefined) ?? noPlainForm();
}

const choices = { dicts: "auto object map", ints: "auto number bigint", bytes: "copy view" } as const;

/** The settings of a load without options: kept, for a small pickle takes little longer than they do. */
let defaults: LoadSettings | undefined;

/**
 * The options, checked, with the entry's default of `types`.
 *
 * @throws UnpicklingError `invalid-input` for a value that an option does not have
 */
export function settingsOf(options: LoadOptions | undefined, types: TypeRegistry): LoadSettings {
  if (options === undefined) return defaults?.types === types ? defaults : (defaults = { types });
  for (const [name, values] of Object.entries(choices)) {
    const value: string | undefined = options[name as keyof typeof choices];
    if (value === undefined || values.split(" ").includes(value)) continue;
    throw failure("invalid-input", `the option ${name} must be one of ${values}, not ${value}`);
  }
  return options.types === undefined ? { ...options, types } : (options as LoadSettings);
}

/** Loads one pickle, whole; what comes after its STOP is ignored. */
export function loadOne(data: BinaryData, options: LoadOptions | undefined, types: TypeRegistry): unknown {
  const machine = new Machine(settingsOf(options, types));
  try {
    return loadAt(machine, toBytes(data), 0);
  } finally {
    machine.state.release();
  }
}

/** Loads consecutive pickles lazily, each with a memo of its own. */
export function* loadEach(
  data: BinaryData,
  options: LoadOptions | undefined,
  types: TypeRegistry,
): Generator<unknown, void> {
  const bytes = toBytes(data);
  const shared = withSharedBuffers(settingsOf(options, types));
  for (let position = 0; position < bytes.length;) {
    const machine = new Machine(shared);
    const value = loadAt(machine, bytes, position);
    position = machine.position;
    yield value;
  }
}

/** Settings for consecutive pickles: the buffers belong to all of them together. */
export function withSharedBuffers(settings: LoadSettings): LoadSettings {
  if (settings.buffers === undefined) return settings;
  const iterator = settings.buffers[Symbol.iterator]();
  return { ...settings, buffers: { [Symbol.iterator]: () => iterator } };
}

/**
 * Reads consecutive pickles from one buffer, its memo kept across them, as Python's `pickle.Unpickler` does: what a
 * `Pickler` that is used again writes needs that. Source: CPython `Modules/_pickle.c`, `Unpickler`.
 */
export class UnpicklerBase<Value> {
  readonly #bytes: Uint8Array;
  readonly #machine: Machine;

  constructor(data: BinaryData, options: LoadOptions | undefined, types: TypeRegistry) {
    this.#bytes = toBytes(data);
    this.#machine = new Machine(settingsOf(options, types));
  }

  /**
   * Loads the next pickle.
   *
   * @throws UnpicklingError; `no-data` (Python's EOFError) when there is none. After an error, `position` is at the
   *   opcode that failed.
   */
  load(): Value {
    return loadAt(this.#machine, this.#bytes, this.#machine.position) as Value;
  }

  /** Where the next pickle begins, in bytes from the start of the data. Settable, to skip over what is no pickle. */
  get position(): number {
    return this.#machine.position;
  }

  set position(position: number) {
    this.#machine.position = position;
  }

  /** Whether all data has been read. */
  get done(): boolean {
    return this.#machine.position >= this.#bytes.length;
  }

  /** The memo, from index to value: a copy. */
  get memo(): Map<number | bigint, unknown> {
    const { memo, sparse } = this.#machine.state;
    const entries = new Map<number | bigint, unknown>();
    for (const [index, { value }] of sparse ?? []) entries.set(index, value);
    for (const [index, value] of memo.entries()) if (value !== undefined) entries.set(index, value);
    return entries;
  }

  /** Forgets the memo, as a new `Unpickler` would begin. */
  clearMemo(): void {
    const { state } = this.#machine;
    state.memo.length = state.memoLength = state.memoCount = 0;
    state.sparse = undefined;
  }
}
