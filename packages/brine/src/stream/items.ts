import { failure } from "../bytes/failure.ts";
import { locate, UnpicklingError } from "../errors.ts";
import { OpCursor } from "../syntax/cursor.ts";
import { missingMemo, truncated } from "../unpickler/failures.ts";
import { SET } from "../unpickler/kinds.ts";
import { Machine } from "../unpickler/machine.ts";
import type { LoadSettings } from "../unpickler/options.ts";
import { loadAt, settingsOf } from "../unpickler/unpickler.ts";
import { PyObject } from "../values/py-object.ts";
import { ByteWindow } from "./byte-window.ts";
import { CutProgram } from "./cut-program.ts";
import { type CutSizes, MISTAKEN, USUAL_SIZES } from "./cut-options.ts";
import type { Stretch } from "./cut-values.ts";
import { ItemCutter } from "./item-cutter.ts";
import { type ItemPlan, itemPlan } from "./item-plan.ts";
import { openSource } from "./decompressed-source.ts";
import { loadFrom, type Preset, type StreamLoadOptions } from "./load.ts";
import { follow, type Path, pathElements } from "./path.ts";
import { readAhead } from "./read-ahead.ts";
import { SlotPlan, slotOf } from "./slot-plan.ts";
import {
  type AbortSignalLike,
  type ByteSource,
  byteSource,
  type StreamSource,
  throwIfAborted,
} from "./source.ts";

/** Options of `items`. */
export interface ItemsOptions extends StreamLoadOptions {
  /** Where the container stands in the value of the pickle; the value itself unless set. */
  readonly path?: Path | undefined;
}

/** The items of a list, tuple or set, the entries of a dict; `sizes` are for tests. */
export async function* itemsFrom(
  source: StreamSource,
  options: ItemsOptions | undefined,
  preset: Preset,
  sizes: CutSizes = USUAL_SIZES,
): AsyncGenerator<unknown, void> {
  const elements = pathElements(options?.path ?? []);
  const { isRepeatable } = byteSource(source);
  const start = options?.start ?? 0;
  const signal = options?.signal;
  const settings = settingsOf(options, preset.types);
  if (!isRepeatable && elements.length > 0) {
    yield* childrenOf(follow(await loadFrom(source, options, preset), elements), signal);
    return;
  }
  const opened = await openSource(source, options ?? {}, preset.engine);
  const plan = isRepeatable ? await itemPlan(opened, start, elements, sizes) : undefined;
  if (plan === undefined && elements.length > 0) {
    yield* childrenOf(follow(await loadFrom(source, options, preset), elements), signal);
    return;
  }
  const reader = new ItemReader(opened, settings, start, plan, sizes);
  try {
    // Not handed on from a generator within: that takes a third of the time again.
    while (await reader.next()) {
      const { values, stretches } = reader;
      if (stretches === undefined) {
        yield* childrenOf(values, signal);
        continue;
      }
      const list = values as readonly unknown[];
      let at = 0;
      for (const { isDict, count } of stretches) {
        const end = Math.min(at + count, list.length);
        while (at < end) {
          yield isDict ? [list[at++], list[at++]] : list[at++];
          throwIfAborted(signal);
        }
      }
    }
  } finally {
    await reader.close();
  }
}

function* childrenOf(value: unknown, signal: AbortSignalLike | undefined): Generator<unknown, void> {
  for (const child of eachOf(value)) {
    yield child;
    throwIfAborted(signal);
  }
}

function* eachOf(value: unknown): Generator<unknown, void> {
  if (Array.isArray(value) || value instanceof Set) yield* value as Iterable<unknown>;
  else if (value instanceof Map) yield* value.entries();
  else if (value instanceof PyObject) {
    yield* value.items;
    yield* value.entries;
  } else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value))
    yield* Object.entries(value);
  else throw failure("unrepresentable", "the value is no list, tuple, dict, set or object with items");
}

/** Reads one container: cuts it into programs of some items, runs each, and hands out what it made. */
class ItemReader {
  readonly #window: ByteWindow;
  readonly #machine: Machine;
  readonly #cutter: ItemCutter;
  readonly #program: CutProgram;
  readonly #slots: SlotPlan;
  readonly #plan: ItemPlan | undefined;
  /** What the program made: the items, or the whole value. */
  values: unknown;
  /** Which of the values are items, and which keys and values; `undefined` of the whole value. */
  stretches: readonly Stretch[] | undefined;
  #index = -1;
  /** What failed, once what comes before it is handed out. */
  #failed: UnpicklingError | undefined;

  constructor(
    source: ByteSource,
    settings: LoadSettings,
    start: number,
    plan: ItemPlan | undefined,
    sizes: CutSizes,
  ) {
    const cut = plan?.cut ?? { start, end: Infinity, memoCount: 0, cutsWithin: false, sizes };
    this.#window = new ByteWindow(source.open(cut.start), cut.start);
    this.#machine = new Machine(settings);
    this.#cutter = new ItemCutter(cut);
    this.#cutter.protocol = plan?.protocol ?? 0;
    this.#program = new CutProgram(settings.bytes === "view");
    this.#slots = new SlotPlan(this.#program, this.#machine, plan?.lastReaders);
    this.#plan = plan;
  }

  async close(): Promise<void> {
    this.#machine.state.release();
    await this.#window.close();
  }

  /** Reads the next program; `false` behind the last one. What failed is thrown when all before it was given. */
  async next(): Promise<boolean> {
    const cutter = this.#cutter;
    if (this.#failed !== undefined) throw this.#failed;
    if (cutter.isLast) {
      await this.#checkFrame();
      return false;
    }
    if (this.#index < 0) {
      const { prelude } = this.#plan ?? {};
      if (prelude !== undefined && prelude.length > 0)
        this.#slots.runPrelude(this.#machine, prelude, cutter.programSlots);
      await this.#window.reach(cutter.programStart, 1);
    } else cutter.begin();
    this.#index++;
    const failed = await this.#cut();
    if (failed !== undefined && !cutter.cutShort()) throw failed;
    this.#failed = failed;
    this.values = this.#run();
    this.stretches = cutter.isWhole ? undefined : cutter.values.stretches;
    return true;
  }

  /** Has the cutter cut the next program. */
  async #cut(): Promise<UnpicklingError | undefined> {
    const cutter = this.#cutter;
    const window = this.#window;
    try {
      while (!cutter.run(window.bytes, window.base, window.ended)) {
        await readAhead(window, cutter.programStart, cutter.position, cutter.needed);
      }
      if (this.#plan === undefined && !cutter.slots.isUsual && !cutter.isWhole) throw MISTAKEN;
      return undefined;
    } catch (error) {
      if (error !== MISTAKEN) {
        if (!(error instanceof UnpicklingError)) throw error;
        return error;
      }
      throw failure(
        "unrepresentable",
        "the pickle is not the list, dict or set that it begins with",
        undefined,
        "Give a source that can be read twice, such as a Blob or an AsyncBuffer, or load the whole",
      );
    }
  }

  /** Runs the program that was cut; gives its values, or the whole value. */
  #run(): unknown {
    const cutter = this.#cutter;
    const { bytes, base } = this.#window;
    const isSet = cutter.kind === SET;
    try {
      const program = this.#slots.assemble(cutter, bytes, base, isSet);
      const value = loadAt(this.#machine, program, 0);
      this.#slots.finish(cutter, this.#index);
      return isSet && !cutter.isWhole ? [...(value as Set<unknown>)] : value;
    } catch (error) {
      const failed = this.#inSource(error);
      if (cutter.isWhole || !(failed instanceof UnpicklingError) || failed.offset === undefined) throw failed;
      this.#failed = failed;
      // Those before the one that failed are on the stack, whole.
      let count = 0;
      const { starts } = cutter.values;
      while (count < starts.length && (starts[count] as number) <= failed.offset) count++;
      return this.#machine.state.stack.slice(0, Math.max(0, count - 1));
    }
  }

  /** The same error, with its place in the source. */
  #inSource(error: unknown): unknown {
    if (!(error instanceof UnpicklingError) || error.offset === undefined) return error;
    const { code, words, offset, opcode, path, pythonException, advice, cause } = error;
    const place = this.#program.sourceOf(offset);
    if (code === "missing-memo") return locate(this.#missingMemo(place), place, opcode ?? "GET");
    return new UnpicklingError(code, words, {
      offset: place,
      opcode,
      path,
      pythonException,
      advice,
      cause,
    });
  }

  /** What is wrong with the opcode at `place`, which reads a memo slot. */
  #missingMemo(place: number): UnpicklingError {
    const { bytes, base } = this.#window;
    const cursor = new OpCursor(bytes.subarray(place - base));
    cursor.next();
    const slot = slotOf(cursor);
    if (this.#cutter.isWhole || !this.#cutter.ownSlots.has(slot)) return missingMemo(slot);
    const words = "an item refers to the container that it is in";
    return failure("unrepresentable", words, undefined, "Load the whole in its place");
  }

  /** CPython refuses a frame that is longer than the data, though STOP comes first. */
  async #checkFrame(): Promise<void> {
    const { frameEnd, frameOffset, position } = this.#cutter;
    if (this.#plan?.cut.end !== undefined && this.#plan.cut.end < Infinity) return;
    if (frameEnd <= position) return;
    await this.#window.reach(frameEnd - 1, 1);
    if (this.#window.bytes.length === 0) throw locate(truncated(), frameOffset, "FRAME");
  }
}
