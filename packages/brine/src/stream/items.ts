import { failure } from "../bytes/failure.ts";
import { UnpicklingError } from "../errors.ts";
import * as op from "../syntax/opcodes.ts";
import type { TypeRegistry } from "../types/registry.ts";
import { DICT, LIST, SET } from "../unpickler/kinds.ts";
import { Machine } from "../unpickler/machine.ts";
import type { LoadSettings } from "../unpickler/options.ts";
import { RESTART } from "../unpickler/state.ts";
import { settingsOf } from "../unpickler/unpickler.ts";
import { PyObject } from "../values/py-object.ts";
import { ByteWindow } from "./byte-window.ts";
import { ItemSink, withSink } from "./item-sink.ts";
import { loadFrom, type StreamLoadOptions } from "./load.ts";
import { BLOCK, MemoReadings } from "./memo-readings.ts";
import { follow, type Path, type PathElement, pathElements } from "./path.ts";
import { UNTOLD } from "./shape-scanner.ts";
import { type ByteSource, byteSource, type StreamSource, watched } from "./source.ts";
import { SpanReader, type ValueProgram } from "./span-reader.ts";

/** Options of `items`. */
export interface ItemsOptions extends StreamLoadOptions {
  /** Where the container stands in the value of the pickle; the value itself unless set. */
  readonly path?: Path | undefined;
}

/** The items of a list, tuple or set, the entries of a dict; `types` is the default of the entry. */
export async function* itemsFrom(
  source: StreamSource,
  options: ItemsOptions | undefined,
  types: TypeRegistry,
): AsyncGenerator<unknown, void> {
  const elements = pathElements(options?.path ?? []);
  const bytes = byteSource(source);
  const start = options?.start ?? 0;
  const settings = settingsOf(options, types);
  const plan = bytes.isRepeatable ? await planFor(bytes, options ?? {}, start, elements) : undefined;
  if (plan === undefined && elements.length > 0) {
    yield* childrenOf(follow(await loadFrom(source, options, types), elements));
    return;
  }
  yield* new ItemReader(bytes, settings, options ?? {}, plan).items(start);
}

/** How to read the items of a container that stands somewhere in a source. */
interface Plan extends ValueProgram {
  /** How long each memo slot is needed. */
  readonly readings: MemoReadings;
}

/** What two passes over the opcodes tell; `undefined` if a load must. */
async function planFor(
  source: ByteSource,
  options: ItemsOptions,
  start: number,
  elements: readonly PathElement[],
): Promise<Plan | undefined> {
  try {
    const reader = new SpanReader(source, options);
    const { span } = await reader.find(start, elements);
    const readings = new MemoReadings(span.start);
    return { ...(await reader.programOf(span, readings)), readings };
  } catch (error) {
    if (error instanceof UnpicklingError ? error.code === "missing-path" : error !== UNTOLD) throw error;
    return undefined;
  }
}

function* childrenOf(value: unknown): Generator<unknown, void> {
  if (Array.isArray(value) || value instanceof Set) yield* value as Iterable<unknown>;
  else if (value instanceof Map) yield* value.entries();
  else if (value instanceof PyObject) yield* value.entries.length > 0 ? value.entries : value.items;
  else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value))
    yield* Object.entries(value);
  else throw failure("unrepresentable", "the value is no list, tuple, dict, set or object with items");
}

const kindOf = new Map([
  [op.EMPTY_LIST, LIST],
  [op.EMPTY_DICT, DICT],
  [op.EMPTY_SET, SET],
]);

/** Reads one container, its items handed out as they come. */
class ItemReader {
  readonly #window: ByteWindow;
  readonly #machine: Machine;
  readonly #plan: Plan | undefined;
  readonly #end: number;
  #sink: ItemSink | undefined;
  /** Where the memo was looked through last, and how many slots were filled then. */
  #sweptAt: number;
  #sweptCount = 0;

  constructor(source: ByteSource, settings: LoadSettings, options: ItemsOptions, plan: Plan | undefined) {
    const start = plan?.span.start ?? options.start ?? 0;
    this.#window = new ByteWindow(watched(source, start, options), start);
    this.#machine = new Machine({ ...settings, types: withSink(settings.types) });
    this.#plan = plan;
    this.#end = plan?.span.end ?? Infinity;
    this.#sweptAt = start;
  }

  async *items(start: number): AsyncGenerator<unknown, void> {
    try {
      await this.#begin(this.#plan?.span.start ?? start);
      for (;;) {
        const isDone = this.#run();
        yield* this.#drain();
        if (isDone) break;
        this.#sweep();
        await this.#window.reach(this.#machine.position, this.#machine.needed);
      }
      const { state, value } = this.#machine;
      const whole = this.#plan === undefined ? value : state.stack[0];
      if (this.#sink === undefined) yield* whole instanceof PyObject ? [] : childrenOf(whole);
      else if (whole !== this.#sink) {
        throw failure("unrepresentable", "the pickle is no list, dict or set, but has one in front");
      }
    } finally {
      await this.#window.close();
      this.#machine.state.release();
    }
  }

  /** Reads what comes before the first item, and puts a sink in the place of the container. */
  async #begin(start: number): Promise<void> {
    const machine = this.#machine;
    const { state } = machine;
    machine.begin(0);
    if (this.#plan !== undefined && this.#plan.prelude.length > 0) machine.run(this.#plan.prelude, 0, false);
    if (this.#plan !== undefined) state.memoCount = Math.max(state.memoCount, this.#plan.span.memoCount);
    machine.position = start;
    const window = this.#window;
    for (;;) {
      await window.reach(machine.position, 16);
      const [code = -1, next] = window.bytes;
      if (code === op.PROTO && next !== undefined && next <= op.HIGHEST_PROTOCOL) {
        state.protocol = next;
        machine.position += 2;
      } else if (code === op.FRAME && window.bytes.length > 8) machine.position += 9;
      else {
        const isMarked = code === op.MARK && (next === op.LIST || next === op.DICT);
        const kind = isMarked ? (next === op.LIST ? LIST : DICT) : kindOf.get(code);
        if (kind === undefined) return;
        this.#sink = new ItemSink();
        state.stack[0] = this.#sink;
        state.kinds[0] = kind;
        state.size = 1;
        machine.position += isMarked ? 2 : 1;
        this.#memoizeNothing();
        return;
      }
    }
  }

  /** Runs the opcode that memoizes the container, and takes it out of the memo: an item that reads it is refused. */
  #memoizeNothing(): void {
    const machine = this.#machine;
    const { memo } = machine.state;
    const { bytes, base } = this.#window;
    const at = machine.position - base;
    const code = bytes[at];
    const length =
      code === op.MEMOIZE
        ? 1
        : code === op.BINPUT
          ? 2
          : code === op.LONG_BINPUT
            ? 5
            : code === op.PUT
              ? bytes.indexOf(10, at) + 1 - at
              : 0;
    if (length === 0) return;
    machine.run(bytes.subarray(0, at + length), base, false);
    const slot = memo.lastIndexOf(this.#sink);
    if (slot >= 0) memo[slot] = undefined;
  }

  /** Goes on as far as the window reaches; `true` when the container is complete. */
  #run(): boolean {
    const machine = this.#machine;
    const { bytes, base, ended } = this.#window;
    const isAll = base + bytes.length >= this.#end;
    try {
      if (machine.run(isAll ? bytes.subarray(0, this.#end - base) : bytes, base, ended && !isAll))
        return true;
    } catch (error) {
      if (error !== RESTART) throw error;
      throw failure(
        "unrepresentable",
        "a dict or set in an item turns out to need another class, and the items before are not read again",
        undefined,
        'Read the items with exact: true, or with dicts: "map"',
      );
    }
    return isAll && machine.position >= this.#end;
  }

  *#drain(): Generator<unknown, void> {
    const { state } = this.#machine;
    state.refill();
    const [bottom] = state.stack;
    if (this.#sink !== undefined) yield* this.#sink.drain();
    else if (bottom instanceof PyObject) {
      yield* bottom.items.splice(0);
      yield* bottom.entries.splice(0);
    }
  }

  #sweep(): void {
    const { readings } = this.#plan ?? {};
    const { position, state } = this.#machine;
    if (readings === undefined || position - this.#sweptAt < BLOCK) return;
    state.forget(this.#sweptCount, (slot) => readings.isNeeded(slot, position));
    this.#sweptAt = position;
    this.#sweptCount = state.memoCount;
  }
}
