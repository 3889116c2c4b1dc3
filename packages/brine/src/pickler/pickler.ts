import { PicklingError } from "../errors.ts";
import type { TypeRegistry } from "../types/registry.ts";
import { truncateMemo } from "./memo.ts";
import { type DumpOptions, type DumpSettings, dumpSettings } from "./options.ts";
import { pathOf } from "./path.ts";
import { run } from "./run.ts";
import { save } from "./save.ts";
import { DumpState, pop } from "./state.ts";

/** One state stays for the next `dumps`: with none of its kind left, V8 would drop the code that knows it. */
let spare: DumpState | undefined;

/**
 * Writes one value as one pickle.
 *
 * @throws PicklingError with the path of the value that cannot be written
 */
export function dumpOne(
  value: unknown,
  options: DumpOptions | undefined,
  types: TypeRegistry,
): Uint8Array<ArrayBuffer> {
  const settings = dumpSettings(options, types);
  const state = spare ?? new DumpState();
  // A hook may call `dumps` again.
  spare = undefined;
  try {
    configure(state, settings);
    return dump(state, value);
  } finally {
    truncateMemo(state, 0);
    state.twins.clear();
    state.shrink();
    spare = state;
  }
}

function configure(state: DumpState, settings: DumpSettings): void {
  state.settings = settings;
  state.protocol = settings.protocol;
  state.isFast = false;
}

function dump(state: DumpState, value: unknown): Uint8Array<ArrayBuffer> {
  const { slots } = state;
  try {
    state.begin();
    save(state, value);
    run(state);
    state.end();
    return state.take();
  } catch (error) {
    const failure = located(state, error);
    abandon(state, slots);
    throw failure;
  }
}

/** Takes back what was written, and memoized since there were so many `slots`. */
export function abandon(state: DumpState, slots: number): void {
  state.abandon();
  truncateMemo(state, slots);
  while (state.depth >= 0) pop(state);
  state.fastContainers.clear();
  state.unbuilt.clear();
}

/** Whatever was thrown, with the path of the value under way; one of a dump in this dump, by a hook, has its own. */
export function located(state: DumpState, error: unknown): PicklingError {
  const isOurs = error instanceof PicklingError;
  if (isOurs && error.path !== undefined) return error;
  const path = pathOf(state.frames, state.depth);
  if (isOurs) {
    const { code, words, pythonException, advice, cause } = error;
    return new PicklingError(code, words, { path, pythonException, advice, cause });
  }
  return new PicklingError(
    error instanceof RangeError ? "too-large" : "hook-failed",
    error instanceof Error ? error.message : String(error),
    { path, advice: "A function given as an option or a type definition threw this", cause: error },
  );
}

/**
 * Writes values as pickles, byte for byte as CPython's C pickler does, without recursion.
 * Source: CPython 3.13 `Modules/_pickle.c`, `save` and what it calls.
 */
export class PicklerBase {
  /**
   * Writes without a memo: every value is written in full each time, and a cycle is an error. Deprecated in Python, and
   * of use only to make a pickle without PUT opcodes.
   */
  fast = false;
  /**
   * What the dump under way knows, and the memo.
   *
   * @internal
   */
  readonly state: DumpState = new DumpState();

  constructor(options: DumpOptions | undefined, types: TypeRegistry) {
    configure(this.state, dumpSettings(options, types));
  }

  /**
   * Writes one pickle. What it shares with the pickles before it is written as a reference to them: only an `Unpickler`
   * that read those can read it, unless {@link clearMemo} was called.
   *
   * @throws PicklingError with the path of the value that cannot be written; nothing of this pickle counts as written then
   */
  dump(value: unknown): Uint8Array {
    this.state.isFast = this.fast;
    return dump(this.state, value);
  }

  /** Forgets what was written, so that the next pickle stands alone. */
  clearMemo(): void {
    truncateMemo(this.state, 0);
  }
}
