import { PicklingError } from "../errors.ts";
import { NEVER, OpWriter } from "../syntax/op-writer.ts";
import type { TypeRegistry } from "../types/registry.ts";
import { PicklerMemo } from "./memo.ts";
import { type DumpOptions, type DumpSettings, dumpSettings } from "./options.ts";
import { pathOf } from "./path.ts";
import { refusal } from "./refusal.ts";
import { run } from "./run.ts";
import { save, saveWhole } from "./save.ts";
import { type DumpState, release } from "./state.ts";
import { TextTable } from "./text-table.ts";
import { MOST_ITEMS } from "./leaf.ts";
import { hasLiteralPrototypes } from "./prototypes.ts";

/** Below protocol 4, which has no frames, so many bytes are a piece. */
const PIECE = 64 * 1024;

function newState(
  settings: DumpSettings,
  writer = new OpWriter(0),
  memo = new PicklerMemo(),
  texts?: TextTable,
): DumpState {
  const state: DumpState = {
    settings,
    isExact: false,
    persistentId: undefined,
    isPlain: false,
    mayRecurse: false,
    asksPrototype: false,
    level: 0,
    saveWhole,
    finish: run,
    passed: [],
    writer,
    memo,
    texts,
    hasOtherTexts: false,
    hasTaken: false,
    leafKeys: Array.from({ length: MOST_ITEMS }),
    leafItems: Array.from({ length: MOST_ITEMS }),
    leafNumbers: new Float64Array(MOST_ITEMS),
    isFast: false,
    pauses: false,
    isPausing: false,
    frames: [],
    depth: -1,
    // Of any kind from the start: V8 would make it an array of numbers, and then another.
    stack: Array.from({ length: 64 }),
    top: 0,
    highest: 0,
    fastContainers: new Set(),
    unbuilt: new Map(),
  };
  return state;
}

/** Begins with a pickle. */
function start(state: DumpState, value: unknown): void {
  const { settings, writer } = state;
  const { persistentId } = settings;
  state.isExact = settings.exact === true;
  state.persistentId = persistentId;
  state.isPlain = writer.protocol >= 2 && persistentId === undefined;
  state.mayRecurse = state.isPlain && !state.isFast && !state.pauses;
  // What was added to Object.prototype, for…in would give of every object.
  let isExtended = false;
  for (const _ in Object.prototype) isExtended = true;
  if (isExtended) state.mayRecurse = false;
  const hasHook = settings.reducerOverride !== undefined;
  state.asksPrototype = isExtended || hasHook || hasLiteralPrototypes(settings.types);
  // A memo that other pickles share has them by identity.
  const isAlone = state.mayRecurse && !hasHook && state.texts !== undefined;
  state.memo.hasLeafDicts = state.memo.hasLeaves = state.memo.enclosing.isOpen = isAlone;
  writer.begin();
  if (state.pauses && writer.boundary === NEVER) writer.boundary = PIECE;
  save(state, value);
  run(state);
}

/**
 * One state stays for the next `dumps`: with none of its kind left, V8 would drop the code that knows it. Dumping 1024
 * small dicts after a full collection: 0.4 ms, 10 without.
 */
let spare: DumpState | undefined;

/** Its settings meanwhile, which keep no hook alive. */
let idle: DumpSettings | undefined;

/**
 * Writes one value as one pickle.
 *
 * @throws PicklingError with the path of the value that cannot be written
 */
export function dumpOne(value: unknown, options: DumpOptions | undefined, types: TypeRegistry): Uint8Array {
  const settings = dumpSettings(options, types);
  const state = spare ?? newState(settings, undefined, undefined, new TextTable());
  // A hook may call `dumps` again.
  spare = undefined;
  state.settings = settings;
  state.writer.protocol = settings.protocol;
  try {
    return dump(state, value);
  } finally {
    forget(state);
    state.writer.shrink();
    state.settings = idle ??= dumpSettings(undefined, types);
    state.persistentId = undefined;
    spare = state;
  }
}

function dump(state: DumpState, value: unknown): Uint8Array {
  const { writer, memo, settings } = state;
  const { canonical, protocol } = settings;
  // What a pickle refers to in those before it has no canonical form.
  if (canonical) memo.truncate(0);
  const { size } = memo;
  try {
    start(state, value);
    writer.end();
    const pickle = writer.take();
    return canonical ? canonical(pickle, { protocol: protocol as 4 | 5 }) : pickle;
  } catch (error) {
    const failure = located(state, error);
    state.writer.abandon();
    // What was memoized since is in no pickle.
    memo.truncate(size);
    throw failure;
  } finally {
    release(state);
  }
}

/** Forgets what was written, for the next pickle to stand alone. */
function forget(state: DumpState): void {
  state.texts?.clear();
  state.hasOtherTexts = false;
  state.memo.truncate(0);
}

/** Whatever was thrown, with the path of the value under way; one of a dump in this dump, by a hook, has its own. */
function located(state: DumpState, error: unknown): PicklingError {
  const path = pathOf(state);
  if (error instanceof PicklingError) {
    const { code, words, cause } = error;
    return error.path === undefined ? new PicklingError(code, words, { ...error, path, cause }) : error;
  }
  return new PicklingError(
    error instanceof RangeError ? "too-large" : "hook-failed",
    error instanceof Error ? error.message : String(error),
    { path, cause: error, advice: "Thrown by the JavaScript engine, a hook or a type definition" },
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
  readonly #state: DumpState;

  /** @param writer, memo - an `OpWriter` and a `PicklerMemo` of one who writes a pickle in a way of its own */
  constructor(options: DumpOptions | undefined, types: TypeRegistry, writer?: unknown, memo?: unknown) {
    const settings = dumpSettings(options, types);
    this.#state = newState(
      settings,
      (writer as OpWriter | undefined) ?? new OpWriter(settings.protocol),
      memo as PicklerMemo | undefined,
    );
  }

  /**
   * Writes one pickle. What it shares with the pickles before it is written as a reference to them: only an `Unpickler`
   * that read those can read it, unless {@link clearMemo} was called.
   *
   * @throws PicklingError with the path of the value that cannot be written; nothing of this pickle counts as written then
   */
  dump(value: unknown): Uint8Array {
    this.#state.isFast = this.fast;
    return dump(this.#state, value);
  }

  /**
   * `dump` in pieces. See `dumpInPieces` in `pieces.ts`, which is what to call.
   *
   * @internal
   */
  *pieces(value: unknown): Generator<Uint8Array<ArrayBuffer>, void> {
    const state = this.#state;
    const { writer, memo, settings } = state;
    if (settings.canonical) throw refusal("invalid-option", "the canonical form needs the pickle as a whole");
    const { size } = memo;
    let isWritten = false;
    state.isFast = this.fast;
    state.pauses = true;
    try {
      for (start(state, value); state.depth >= 0; run(state)) yield writer.takeFinished();
      writer.end();
      yield writer.take();
      isWritten = true;
    } catch (error) {
      throw located(state, error);
    } finally {
      if (!isWritten) {
        writer.abandon();
        memo.truncate(size);
      }
      release(state);
      writer.boundary = NEVER;
      state.pauses = state.isPausing = false;
    }
  }

  /** Forgets what was written, so that the next pickle stands alone. */
  clearMemo(): void {
    forget(this.#state);
  }
}
