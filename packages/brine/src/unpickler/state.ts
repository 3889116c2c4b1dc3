import { mapTo3 } from "../types/import-maps.ts";
import { missingMemo, noPlainForm } from "./failures.ts";
import { MemoryView } from "../values/memory-view.ts";
import { failure } from "../bytes/failure.ts";
import { setFromArray } from "../values/py-set.ts";
import { toBytes } from "../bytes/input.ts";
import { TypeDefinition } from "../types/registry.ts";
import { type Interner, newInterner } from "../values/key.ts";
import { ByteArray } from "../values/byte-array.ts";
import type { LoadSettings } from "./options.ts";
import { PyGlobal } from "../values/py-global.ts";
import { DICT, LIST, NO_KIND, UNREAD_DICT } from "./kinds.ts";
import { dictFromFlat } from "../values/py-dict.ts";

/**
 * Stands on the stack and in the memo for a list, dict or set whose items follow at once: it is made when they are known.
 * A dict filled in one go takes half the time of one filled later. Its kind says which it is.
 */
export const PENDING: object = {};

/** Thrown when a plain container that was handed out must be of another class: the load begins anew, see {@link State.restart}. */
export const RESTART: Error = /* @__PURE__ */ new Error();

// What a plain dict or set is made as when its first keys do not say: learnt by an earlier pass.
export const NATIVE_MAP = 1;
export const BY_VALUE = 2;

/** A gap of so many memo slots is filled; a larger one makes the memo sparse, so that a huge index costs nothing. */
const DENSE_GAP = 16;

const DEFAULT_ALLOCATION = 2 ** 31;

/** What every engine takes in one call. */
const MOST_ARGUMENTS = 4096;

/** Room for so many memo slots is kept for the next load, 16 bytes each: memory that is new costs more than what fills it. */
const SPARE_SLOTS = 2 ** 18;
let spare: Pick<State, "memo" | "memoKinds" | "kinds"> | undefined;

interface Slot {
  readonly value: unknown;
  readonly kind: number;
}

/** Stack, marks and memo of one unpickler, and what it has looked up: all that outlives a want of bytes. */
export class State {
  declare readonly settings: LoadSettings;
  declare readonly exact: boolean;
  /** Whether a dict is a plain object if its keys are text. */
  declare readonly hasPlainDicts: boolean;

  /** New for each load: V8 notes each new value that is stored in an old array. */
  readonly stack: unknown[] = [];
  declare readonly kinds: number[];
  size = 0;
  /** Height of the stack at each MARK. */
  readonly marks: number[] = [];
  /** For each MARK, twice the memo's length then; or, if what stands below it is pending and memoized, twice its slot plus one. */
  readonly slots: number[] = [];
  /** For each MARK above a pending list, the batches of it that are complete. */
  readonly batches: (unknown[][] | undefined)[] = [];
  markCount = 0;

  /** The dense part of the memo. Beyond {@link memoLength} it is `undefined`, or not there. */
  declare readonly memo: unknown[];
  declare readonly memoKinds: number[];
  /** By height of the stack, where in the memo a dict was put when it was made; only {@link State.replace} asks. */
  readonly places: number[] = [];
  memoLength = 0;
  /** Slots far beyond the dense memo's end. */
  sparse: Map<number | bigint, Slot> | undefined;
  /** How many slots are filled: the index that MEMOIZE takes next. */
  memoCount = 0;

  /** Whether MEMOIZE takes the slot at the end of the dense memo. */
  get isDense(): boolean {
    return this.memoCount === this.memoLength && this.sparse === undefined;
  }

  /** Absolute position behind the opcode that made a dict last. */
  dictEnd = -1;
  /** What PROTO said, 0 without it. */
  protocol = 0;
  /** Heap bytes that may still be taken, by estimate. */
  budget = 0;
  /** Whether containers may be made late; not on the passes after a {@link RESTART}. */
  lazy = true;

  #globals: Map<string, Map<string, unknown>> | undefined;
  /** What `findClass` gave. */
  #definitions: Map<PyGlobal, TypeDefinition> | undefined;
  #lastGlobal: PyGlobal | undefined;
  #lastDefinition: TypeDefinition | undefined;
  #interner: Interner | undefined;
  #frozenKeys: WeakMap<object, unknown> | undefined;
  #buffers: Iterator<unknown> | undefined;

  // For a restart: what hooks gave, and what the memo was.
  #hookResults: unknown[] | undefined;
  #replayed = 0;
  #old!: Pick<State, "memoLength" | "memoCount" | "sparse">;
  /** Where each plain container was made; kept only on the pass that learns. */
  #origins: Map<object, number> | undefined;
  /** What those are to be made as, by where; learnt by the pass before. */
  #levels: Map<number, number> | undefined;

  constructor(settings: LoadSettings) {
    this.settings = settings;
    this.exact = settings.exact === true;
    this.hasPlainDicts = !this.exact && settings.dicts !== "map";
    const room = spare ?? { memo: [], memoKinds: [], kinds: [] };
    spare = undefined;
    this.memo = room.memo;
    this.memoKinds = room.memoKinds;
    this.kinds = room.kinds;
  }

  /** Gives the memo's room to the next load; this state is of no use then. */
  release(): void {
    const { memo, memoKinds, kinds } = this;
    memo.fill(undefined, 0, this.memoLength);
    if (memo.length <= SPARE_SLOTS && kinds.length <= SPARE_SLOTS) spare = { memo, memoKinds, kinds };
  }

  /** Makes ready for the next pickle. The memo stays, as CPython's does. */
  begin(): void {
    this.#hookResults = undefined;
    const { memoLength, memoCount, sparse } = this;
    this.#old = { memoLength, memoCount, sparse: sparse && new Map(sparse) };
    this.#levels = undefined;
    this.#reset(true);
  }

  /**
   * Takes back what the pass did, so that another can begin: one that learns what each plain container must be and
   * whose result is of no use, or one that makes them so. What hooks returned is kept and given again.
   */
  restart(learn: boolean): void {
    // Slots of earlier pickles that were PUT again keep what they have: the pass that follows PUTs the same.
    this.memo.fill(undefined, this.#old.memoLength, this.memoLength);
    Object.assign(this, this.#old);
    this.#reset(false);
    if (learn) this.#origins = new Map();
  }

  #reset(lazy: boolean): void {
    this.batches.length = 0;
    this.size = this.markCount = this.protocol = this.#replayed = 0;
    this.dictEnd = -1;
    this.refill();
    this.lazy = lazy;
    this.#origins = undefined;
  }

  /** Shared by all dicts and sets of the load, so that a composite key is worked out once. */
  get interner(): Interner {
    return (this.#interner ??= newInterner());
  }

  /** Tuples and frozensets of plain mode that are keys, as what they are compared by. */
  get frozenKeys(): WeakMap<object, unknown> {
    return (this.#frozenKeys ??= new WeakMap<object, unknown>());
  }

  /** Gives the allocation limit whole again: what was made has been handed out. */
  refill(): void {
    this.budget = this.settings.limits?.allocation ?? DEFAULT_ALLOCATION;
  }

  /** Takes `bytes` from the allocation limit, and asks that `more` are left. */
  spend(bytes: number, more = 0): void {
    if ((this.budget -= bytes) >= more) return;
    throw failure(
      "limit-exceeded",
      "the pickle needs more memory than limits.allocation",
      undefined,
      "Raise it if you trust it",
    );
  }

  // Memo

  #get(index: number | bigint): Slot | undefined {
    const at = Number(index);
    const value = this.memo[at];
    return value === undefined ? this.sparse?.get(index) : { value, kind: this.memoKinds[at] as number };
  }

  /** Stores what stands at `at` under any index; the machine itself does the one at the end of a dense memo. */
  put(index: number | bigint, at: number): void {
    const { memo, memoKinds } = this;
    const slot = { value: this.stack[at], kind: this.kinds[at] as number };
    const place = Number(index);
    if (this.#get(index) === undefined) this.memoCount++;
    if (place > this.memoLength + DENSE_GAP) {
      (this.sparse ??= new Map<number | bigint, Slot>()).set(index, slot);
      return;
    }
    for (; this.memoLength <= place; this.memoLength++) {
      memo[this.memoLength] = undefined;
      memoKinds[this.memoLength] = NO_KIND;
    }
    memo[place] = slot.value;
    memoKinds[place] = slot.kind;
  }

  /** Notes that the dict at `at` of the stack is in the memo under `index`: just made, and so not read from there yet, or not. */
  note(index: number | bigint, at: number, isNew = true): void {
    const place = Number(index);
    if (!isNew) {
      this.markRead(at);
      return;
    }
    if (this.memo[place] !== this.stack[at]) return;
    this.memoKinds[place] = UNREAD_DICT;
    this.places[at] = place;
  }

  /** Where in the memo the container at `at` of the stack is, if it is nowhere else; −1 otherwise. */
  #placeOf(at: number): number {
    const place = this.places[at];
    const isOwn =
      place !== undefined && this.memoKinds[place] === UNREAD_DICT && this.memo[place] === this.stack[at];
    return isOwn ? place : -1;
  }

  /** Notes that what is at `at` of the stack is somewhere else too. */
  markRead(at: number): void {
    const place = this.#placeOf(at);
    if (place >= 0) this.memoKinds[place] = DICT;
  }

  /** Puts another dict in the place of the one at `at` of the stack, if that is nowhere else but in the memo. */
  replace(at: number, make: () => unknown): boolean {
    const place = this.#placeOf(at);
    if (place < 0) return false;
    this.memo[place] = this.stack[at] = make();
    return true;
  }

  /** Puts what a slot holds onto the stack at `at`, when it is not in the dense memo or is pending. */
  fetch(index: number | bigint, at: number): void {
    const slot = this.#get(index);
    if (slot === undefined) throw missingMemo(index);
    const place = Number(index);
    if (slot.kind === UNREAD_DICT) this.memoKinds[place] = DICT;
    this.kinds[at] = slot.kind === UNREAD_DICT ? DICT : slot.kind;
    this.stack[at] = slot.value === PENDING ? this.#materializeSlot(place) : slot.value;
  }

  // Containers that are made late

  #materializeSlot(slot: number): unknown {
    // The slots of pending containers rise with the marks, so they are found by bisection.
    let low = 0;
    let high = this.markCount - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.slots[middle] as number) < 2 * slot + 1) low = middle + 1;
      else high = middle;
    }
    const value = this.materialize(low);
    if (this.memoKinds[slot] === UNREAD_DICT) this.memoKinds[slot] = DICT;
    return value;
  }

  /** Makes the pending container below a MARK, without its items but for batches that are complete. */
  materialize(mark: number): unknown {
    // What follows would tell what a dict must be; a wrong guess is found out and costs two more passes.
    const kind = this.kinds[(this.marks[mark] as number) - 1] as number;
    return this.settle(mark, kind === LIST ? this.joined(mark, []) : this.newContainer(kind, -1));
  }

  /**
   * The list below a MARK: its batches that are complete, and the last. Joined in one go, for an array that grows to
   * 500,000 items takes 10 ms, most of it for pages of memory that are new (Node 20).
   */
  joined(mark: number, last: unknown[]): unknown[] {
    let batches = this.batches[mark];
    if (batches === undefined) return last;
    this.batches[mark] = undefined;
    batches.push(last);
    while (batches.length > 1) {
      const groups: unknown[][] = [];
      for (let at = 0; at < batches.length; at += MOST_ARGUMENTS) {
        groups.push(([] as unknown[]).concat(...batches.slice(at, at + MOST_ARGUMENTS)));
      }
      batches = groups;
    }
    return batches[0] as unknown[];
  }

  /** Puts a container in the place of the pending one below a MARK, on the stack and in the memo. */
  settle(mark: number, value: unknown): unknown {
    const at = (this.marks[mark] as number) - 1;
    this.stack[at] = value;
    const slot = this.slots[mark] as number;
    // A PUT may have given the slot to something else meanwhile.
    if (slot % 2 === 1 && this.memo[(slot - 1) / 2] === PENDING) {
      this.memo[(slot - 1) / 2] = value;
      if (this.memoKinds[(slot - 1) / 2] === DICT) this.note((slot - 1) / 2, at);
    }
    return value;
  }

  /** An empty list, dict or set for the opcode at `offset`. */
  newContainer(kind: number, offset: number): object {
    if (kind === LIST) return [];
    const isSet = kind !== DICT;
    const native = isSet || this.settings.dicts === "map" ? NATIVE_MAP : 0;
    const level = this.exact ? BY_VALUE : (this.#levels?.get(offset) ?? native);
    const container =
      level === BY_VALUE
        ? (isSet ? setFromArray : dictFromFlat)([], this.interner)
        : isSet
          ? new Set()
          : level > 0
            ? new Map()
            : {};
    this.#origins?.set(container, offset);
    return container;
  }

  /** Notes that a plain container that was handed out must be of another class; on the first pass, gives that pass up. */
  promote(container: object, level: number): void {
    if (this.#origins === undefined) throw RESTART;
    const offset = this.#origins.get(container);
    if (offset === undefined) {
      throw noPlainForm();
    }
    const levels = (this.#levels ??= new Map<number, number>());
    levels.set(offset, Math.max(level, levels.get(offset) ?? 0));
  }

  // Names and hooks

  /** What stands for the class or function `module.name`. Source: `_pickle_Unpickler_find_class_impl`. */
  global(pickledModule: string, pickledName: string): unknown {
    const { fixImports, findClass } = this.settings;
    const isMapped = fixImports !== false && this.protocol < 3;
    const [module, name] = isMapped ? mapTo3(pickledModule, pickledName) : [pickledModule, pickledName];
    const globals = (this.#globals ??= new Map<string, Map<string, unknown>>());
    let names = globals.get(module);
    if (names === undefined) globals.set(module, (names = new Map<string, unknown>()));
    let value = names.get(name);
    if (value === undefined) {
      value = findClass?.(module, name);
      if (value === undefined || value instanceof TypeDefinition) {
        const global = new PyGlobal(module, name);
        if (value !== undefined)
          (this.#definitions ??= new Map<PyGlobal, TypeDefinition>()).set(global, value);
        value = global;
      }
      names.set(name, value);
    }
    return value;
  }

  /** The definition that builds what `global` makes. */
  definition(global: PyGlobal): TypeDefinition | undefined {
    // Objects of one class come in rows.
    if (global !== this.#lastGlobal) {
      this.#lastGlobal = global;
      this.#lastDefinition =
        this.#definitions?.get(global) ?? this.settings.types.get(global.module, global.name);
    }
    return this.#lastDefinition;
  }

  /** What an extension code stands for. Source: `load_extension`. */
  extension(code: number): unknown {
    if (code <= 0) throw failure("invalid-extension", "EXT specifies code <= 0");
    const advice = "Give the option extensions its PyGlobal";
    const global = this.settings.extensions?.get(code);
    if (global === undefined) {
      const words = `unregistered extension code ${code}`;
      throw failure("missing-extension", words, "ValueError", advice);
    }
    if (!(global instanceof PyGlobal)) {
      const words = `_inverted_registry[${code}] isn't a 2-tuple of strings`;
      throw failure("invalid-extension", words, "ValueError", advice);
    }
    return this.global(global.module, global.name);
  }

  /** Runs a hook once, however many passes there are. What gives `undefined` gives `null`, as in Python. */
  once(hook: () => unknown): unknown {
    const results = (this.#hookResults ??= []);
    if (this.#replayed === results.length) results.push(hook() ?? null);
    return results[this.#replayed++];
  }

  /** The next out-of-band buffer. Source: `load_next_buffer`. */
  nextBuffer(): unknown {
    const { buffers } = this.settings;
    if (buffers === undefined) {
      throw failure(
        "missing-buffer",
        "pickle stream refers to out-of-band data but no *buffers* argument was given",
        undefined,
        "Give the option buffers",
      );
    }
    this.#buffers ??= buffers[Symbol.iterator]();
    const { done, value } = this.#buffers.next() as IteratorResult<unknown, unknown>;
    if (done === true) throw failure("missing-buffer", "not enough out-of-band buffers");
    return value instanceof ByteArray || value instanceof MemoryView
      ? value
      : toBytes(value as ArrayBufferLike);
  }
}
