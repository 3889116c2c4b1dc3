import { mapTo3 } from "../types/import-maps.ts";
import { TypeDefinition } from "../types/registry.ts";
import { toBytes } from "../bytes/input.ts";
import type { Interner } from "../values/key.ts";
import { newInterner } from "../values/key.ts";
import { ByteArray } from "../values/byte-array.ts";
import { MemoryView } from "../values/memory-view.ts";
import { PickleBuffer } from "../values/pickle-buffer.ts";
import { dictFromFlat } from "../values/py-dict.ts";
import { PyGlobal } from "../values/py-global.ts";
import { setFromArray } from "../values/py-set.ts";
import { frozenKey } from "../values/frozen-key.ts";
import { failure, missingMemo, raised } from "./failures.ts";
import { BYTEARRAY, LIST, NO_KIND, SET } from "./kinds.ts";
import type { LoadSettings } from "./options.ts";

// A list, dict or set whose items follow at once is made when they are known: until then one of these stands for it on
// the stack and in the memo. A dict filled in one go takes half the time of one filled later.
export const PENDING_LIST: object = { pending: "list" };
export const PENDING_DICT: object = { pending: "dict" };
export const PENDING_SET: object = { pending: "set" };

/** Thrown when a plain container handed out already must be of another class: the load begins anew, see {@link State.restart}. */
export const RESTART: object = { restart: true };

/** What a plain dict or set is made as, when its first keys do not say: learnt by an earlier pass. */
export const NATIVE_MAP = 1;
export const BY_VALUE = 2;

/** A gap of this many memo slots is filled; a larger one makes the memo sparse, so that a huge index costs nothing. */
const DENSE_GAP = 16;

interface Overwritten {
  readonly index: number | bigint;
  readonly value: unknown;
  readonly kind: number;
}

/** Stack, marks and memo of one unpickler, and what it has looked up: all that outlives a want of bytes. */
export class State {
  readonly settings: LoadSettings;

  readonly stack: unknown[] = [];
  stackSize = 0;
  /** In plain mode, what the arrays, sets and byte arrays of the stack are; see `kinds.ts`. */
  readonly kinds: number[] = [];

  /** Height of the stack at each MARK. */
  readonly marks: number[] = [];
  markCount = 0;
  /** For each MARK, twice the memo's length then; or, if what it fills is pending, twice its memo slot plus one. */
  readonly pendingSlots: number[] = [];

  readonly memo: unknown[] = [];
  readonly memoKinds: number[] = [];
  #sparse: Map<number | bigint, { value: unknown; kind: number }> | undefined;
  /** How many slots are filled: the index that MEMOIZE takes next. */
  memoCount = 0;
  #memoStart = 0;
  #memoCountStart = 0;
  #overwritten: Overwritten[] = [];

  /** What PROTO said, 0 without it. */
  protocol = 0;
  /** Heap bytes that may still be taken, by estimate. */
  budget: number;

  readonly #globals = new Map<string, Map<string, unknown>>();
  readonly #definitions = new Map<PyGlobal, TypeDefinition | undefined>();
  #interner: Interner | undefined;
  #frozenKeys: WeakMap<object, unknown> | undefined;

  #hookResults: unknown[] = [];
  #replayed = 0;
  #buffers: Iterator<unknown> | undefined;

  /** Where each plain container was made; kept only on the pass that learns. */
  #origins: Map<object, number> | undefined;
  #levels: Map<number, number> | undefined;
  /** Whether containers may be made late; not on the passes after a {@link RESTART}. */
  lazy = true;

  constructor(settings: LoadSettings) {
    this.settings = settings;
    this.budget = settings.allocation;
  }

  /** Makes ready for the next pickle. The memo stays, as CPython's does. */
  begin(): void {
    this.stackSize = 0;
    this.markCount = 0;
    this.protocol = 0;
    this.budget = this.settings.allocation;
    this.lazy = true;
    this.#origins = undefined;
    this.#levels = undefined;
    this.#hookResults = [];
    this.#replayed = 0;
    this.#memoStart = this.memo.length;
    this.#memoCountStart = this.memoCount;
    this.#overwritten = [];
  }

  /** Lets go of what the finished pickle left behind. */
  end(): void {
    this.stack.length = 0;
    this.kinds.length = 0;
  }

  /**
   * Takes back what the pass did, so that another can begin: one that learns what each plain container must be and
   * whose result is of no use, or one that makes them so. What hooks returned is kept and given again.
   */
  restart(learn: boolean): void {
    this.stackSize = 0;
    this.markCount = 0;
    this.protocol = 0;
    this.budget = this.settings.allocation;
    this.lazy = false;
    this.#replayed = 0;
    for (let i = this.#overwritten.length - 1; i >= 0; i--) {
      const { index, value, kind } = this.#overwritten[i] as Overwritten;
      if (typeof index === "number" && index < this.memo.length) {
        this.memo[index] = value;
        this.memoKinds[index] = kind;
      } else if (value === undefined) this.#sparse?.delete(index);
      else this.#sparse?.set(index, { value, kind });
    }
    this.#overwritten = [];
    this.memo.length = this.#memoStart;
    this.memoKinds.length = this.#memoStart;
    this.memoCount = this.#memoCountStart;
    this.#origins = learn ? new Map() : undefined;
    this.#levels ??= new Map();
  }

  get interner(): Interner {
    return (this.#interner ??= newInterner());
  }

  /** A tuple or frozenset of plain mode as a key that is compared by value. */
  frozenKey(value: object): unknown {
    return frozenKey(value, (this.#frozenKeys ??= new WeakMap()));
  }

  /** Takes `bytes` from the allocation limit. */
  spend(bytes: number): void {
    if ((this.budget -= bytes) < 0) this.overBudget();
  }

  /** Asks that so many bytes are left, which are given back by and by. */
  require(bytes: number): void {
    if (this.budget < bytes) this.overBudget();
  }

  overBudget(): never {
    throw failure(
      "limit-exceeded",
      `the pickle needs more than limits.allocation, ${this.settings.allocation} bytes`,
      "Raise limits.allocation if the source is trusted",
    );
  }

  // Memo

  /** Stores under any index; the machine itself does the one at the end of a dense memo. */
  put(index: number | bigint, value: unknown, kind: number): void {
    const { memo, memoKinds } = this;
    if (typeof index === "bigint" || index > memo.length + DENSE_GAP) {
      this.#sparse ??= new Map();
      const old = this.#sparse.get(index);
      if (old === undefined) this.memoCount++;
      this.#overwritten.push({ index, value: old?.value, kind: old?.kind ?? NO_KIND });
      this.#sparse.set(index, { value, kind });
      return;
    }
    while (memo.length < index) {
      // A slot that became dense since may stand among the sparse ones.
      const known = this.#sparse?.get(memo.length);
      memoKinds.push(known?.kind ?? NO_KIND);
      memo.push(known?.value);
    }
    const old = index < memo.length ? memo[index] : this.#sparse?.get(index)?.value;
    if (old === undefined) this.memoCount++;
    if (index < this.#memoStart) this.#overwritten.push({ index, value: old, kind: memoKinds[index] as number });
    memo[index] = value;
    memoKinds[index] = kind;
  }

  /** The value of a slot that the dense memo does not have or that is pending, onto the stack at `at`. */
  fetch(index: number | bigint, at: number): void {
    let value = this.memo[index as number];
    if (value === undefined) {
      const sparse = this.#sparse?.get(index);
      if (sparse === undefined) throw missingMemo(index);
      this.stack[at] = sparse.value;
      this.kinds[at] = sparse.kind;
      return;
    }
    value = this.#materializeSlot(index as number);
    this.stack[at] = value;
    this.kinds[at] = this.memoKinds[index as number] as number;
  }

  /** The memo as a map from index to value, a copy. */
  memoEntries(): Map<number | bigint, unknown> {
    const entries = new Map<number | bigint, unknown>();
    this.memo.forEach((value, index) => {
      if (value !== undefined) entries.set(index, value);
    });
    for (const [index, { value }] of this.#sparse ?? []) if (!entries.has(index)) entries.set(index, value);
    return entries;
  }

  clearMemo(): void {
    this.memo.length = 0;
    this.memoKinds.length = 0;
    this.#sparse = undefined;
    this.memoCount = 0;
  }

  // Containers that are made late

  #materializeSlot(slot: number): unknown {
    // The slots of pending containers rise with the marks, so they are found by bisection.
    let low = 0;
    let high = this.markCount - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.pendingSlots[middle] as number) < 2 * slot + 1) low = middle + 1;
      else high = middle;
    }
    return this.materialize(this.marks[low] as number, slot);
  }

  /** Makes the pending container below stack height `base` without its items; `slot` is its memo slot, −1 if it has none. */
  materialize(base: number, slot: number): unknown {
    const { settings, stack, kinds } = this;
    const pending = stack[base - 1];
    let value: unknown;
    let kind = NO_KIND;
    if (pending === PENDING_LIST) {
      value = [];
      kind = LIST;
    } else if (pending === PENDING_DICT) {
      // What follows would tell what it must be; a wrong guess is found out and costs another pass.
      value = settings.exact ? dictFromFlat([], this.interner) : settings.maps ? new Map() : {};
    } else {
      value = settings.exact ? setFromArray([], this.interner) : new Set();
      kind = SET;
    }
    stack[base - 1] = value;
    kinds[base - 1] = kind;
    // A PUT may have given the slot to something else meanwhile.
    if (slot >= 0 && this.memo[slot] === pending) {
      this.memo[slot] = value;
      this.memoKinds[slot] = kind;
    }
    return value;
  }

  /** An empty dict for the opcode at `offset`. */
  newDict(offset: number): object {
    const { settings } = this;
    if (settings.exact) return dictFromFlat([], this.interner);
    const level = Math.max(settings.maps ? NATIVE_MAP : 0, this.#levels?.get(offset) ?? 0);
    const dict = level === 0 ? {} : level === NATIVE_MAP ? new Map() : dictFromFlat([], this.interner);
    this.#origins?.set(dict, offset);
    return dict;
  }

  /** An empty set for the opcode at `offset`. */
  newSet(offset: number): Set<unknown> {
    if (this.settings.exact) return setFromArray([], this.interner);
    const set = this.#levels?.get(offset) === BY_VALUE ? setFromArray([], this.interner) : new Set();
    this.#origins?.set(set, offset);
    return set;
  }

  /** Notes that a plain container that was handed out must be of another class; on the first pass, gives that pass up. */
  promote(container: object, level: number): void {
    if (this.#origins === undefined) throw RESTART;
    const offset = this.#origins.get(container);
    if (offset === undefined) {
      throw failure(
        "unrepresentable",
        "a dict or set of an earlier pickle gets a key that its plain form cannot hold",
        'Load with exact: true, or with dicts: "map"',
      );
    }
    this.#levels?.set(offset, Math.max(level, this.#levels.get(offset) ?? 0));
  }

  // Names and hooks

  /** What stands for the class or function `module.name`. */
  global(moduleName: string, globalName: string): unknown {
    const { settings } = this;
    let module = moduleName;
    let name = globalName;
    if (settings.fixImports && this.protocol < 3) [module, name] = mapTo3(module, name);
    let names = this.#globals.get(module);
    if (names === undefined) this.#globals.set(module, (names = new Map()));
    if (names.has(name)) return names.get(name);
    const found = settings.findClass?.(module, name);
    let value = found;
    if (found === undefined || found instanceof TypeDefinition) {
      const global = new PyGlobal(module, name);
      this.#definitions.set(global, found ?? settings.types.get(module, name));
      value = global;
    }
    names.set(name, value);
    return value;
  }

  /** The definition that builds what `global` makes. */
  definition(global: PyGlobal): TypeDefinition | undefined {
    if (!this.#definitions.has(global)) {
      this.#definitions.set(global, this.settings.types.get(global.module, global.name));
    }
    return this.#definitions.get(global);
  }

  /** What an extension code stands for. Source: `Modules/_pickle.c`, `load_extension`. */
  extension(code: number): unknown {
    if (code <= 0) throw failure("invalid-extension", "EXT specifies code <= 0");
    const global = this.settings.extensions?.get(code);
    if (global === undefined) {
      throw raised(
        "ValueError",
        "missing-extension",
        `unregistered extension code ${code}`,
        "Name what it stands for in the option extensions",
      );
    }
    if (!(global instanceof PyGlobal)) {
      throw raised(
        "ValueError",
        "invalid-extension",
        `_inverted_registry[${code}] isn't a 2-tuple of strings`,
        "The option extensions maps codes to PyGlobal",
      );
    }
    return this.global(global.module, global.name);
  }

  persistent(pid: unknown): unknown {
    return this.#replay(() => this.settings.persistentLoad?.(pid) ?? null);
  }

  requirePersistentLoad(): void {
    if (this.settings.persistentLoad !== undefined) return;
    throw failure(
      "missing-hook",
      "A load persistent id instruction was encountered, but no persistent_load function was specified.",
      "Give the option persistentLoad: it says what object an id stands for",
    );
  }

  /** The next out-of-band buffer. */
  nextBuffer(): unknown {
    const { buffers } = this.settings;
    if (buffers === undefined) {
      throw failure(
        "missing-buffer",
        "pickle stream refers to out-of-band data but no *buffers* argument was given",
        "Give the option buffers: what buffer_callback collected, in order",
      );
    }
    return this.#replay(() => {
      this.#buffers ??= buffers[Symbol.iterator]();
      const next = this.#buffers.next();
      if (next.done === true) throw failure("missing-buffer", "not enough out-of-band buffers");
      const buffer: unknown = next.value instanceof PickleBuffer ? next.value.data : next.value;
      return buffer instanceof Uint8Array ? buffer : toBytes(buffer as ArrayBufferLike);
    });
  }

  /** READONLY_BUFFER: a read-only view where the buffer is writable. Source: `load_readonly_buffer`. */
  readonlyBuffer(buffer: unknown, kind: number, typeName: string): unknown {
    if (!(buffer instanceof Uint8Array)) {
      throw raised("TypeError", "unsupported-operation", `memoryview: a bytes-like object is required, not '${typeName}'`);
    }
    const writable = buffer instanceof ByteArray || kind === BYTEARRAY;
    return writable ? new MemoryView(buffer, { readonly: true }) : buffer;
  }

  /** Runs a hook once, however many passes there are. */
  #replay(hook: () => unknown): unknown {
    const results = this.#hookResults;
    if (this.#replayed === results.length) results.push(hook());
    return results[this.#replayed++];
  }
}

