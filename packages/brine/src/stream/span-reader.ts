import { LONG_BINPUT, MEMOIZE, FRAME, POP, PROTO, STOP } from "../syntax/opcodes.ts";
import { OpCursor } from "../syntax/cursor.ts";
import { ByteWindow } from "./byte-window.ts";
import { missingPath, type PathElement } from "./path.ts";
import { PathKeys } from "./path-keys.ts";
import type { MemoListener } from "./memo-listener.ts";
import { type Shape, ShapeScanner, UNTOLD } from "./shape-scanner.ts";
import { readAhead } from "./read-ahead.ts";
import type { ByteSource } from "./source.ts";
import type { Span } from "./span.ts";

/** How often the way to a value is searched for what its memo slots need; deeper than that, loading the whole is as good. */
const MOST_PASSES = 4;
/** Memo slots that a value may need from before it. */
const MOST_SLOTS = 1 << 16;

/** Slots whose values are noted on the way to the first element: the keys of records are among them, which spares a pass. */
const EARLY_SLOTS = 1 << 12;

/** Notes where the values stand that fill certain memo slots. */
class SlotSpans implements MemoListener {
  readonly found = new Map<number, Span>();
  readonly putEnd: number;
  readonly #isWanted: (slot: number) => boolean;
  readonly #open: { readonly slot: number; readonly height: number }[] = [];

  constructor(isWanted: (slot: number) => boolean, putEnd: number) {
    this.#isWanted = isWanted;
    this.putEnd = putEnd;
  }

  put(slot: number, height: number): void {
    if (this.#isWanted(slot)) this.#open.push({ slot, height });
  }

  get openHeight(): number {
    return this.#open.at(-1)?.height ?? 0;
  }

  taken(height: number, scanner: ShapeScanner, at: number): void {
    for (let top = this.#open.at(-1); top !== undefined && top.height >= height; top = this.#open.at(-1)) {
      this.#open.pop();
      this.#note(top.slot, top.height, scanner, at);
    }
  }

  /** Those that are still on the stack where the scan ended, if they are complete. */
  finish(scanner: ShapeScanner, end: number): void {
    for (const { slot, height } of this.#open) {
      if (scanner.endOf(height, end) < end) this.#note(slot, height, scanner, end);
    }
  }

  #note(slot: number, height: number, scanner: ShapeScanner, at: number): void {
    const end = scanner.endOf(height, at);
    this.found.set(slot, { start: scanner.startOf(height), end, memoCount: scanner.memoCountAt(height) });
  }
}

/** The program that makes one value of a pickle alone. */
export interface ValueProgram {
  /** Where the value stands. */
  readonly span: Span;
  /** The PROTO of the pickle. */
  readonly protocol: number;
  /** Opcodes, the PROTO first, that fill the memo slots which the value reads and does not fill. */
  readonly prelude: Uint8Array;
}

/** Finds values in a source that can be read twice, by their opcodes alone. */
export class SpanReader {
  readonly #source: ByteSource;
  #protocol = 0;
  #start = 0;
  #keys = new PathKeys([]);
  readonly #early = new SlotSpans(() => true, EARLY_SLOTS);

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async #scan(scanner: ShapeScanner): Promise<void> {
    const start = scanner.position;
    const window = new ByteWindow(this.#source.open(start), start);
    try {
      await window.reach(start, 1);
      while (!scanner.run(window.bytes, window.base, window.ended)) {
        await readAhead(window, scanner.position, scanner.position, scanner.needed);
      }
    } finally {
      await window.close();
    }
  }

  /**
   * Where the value at the path stands, in the pickle from `start` on.
   *
   * @throws UnpicklingError `missing-path`; UNTOLD or the error of an operand where the pickle must be loaded to know
   */
  async find(start: number, path: readonly PathElement[]): Promise<{ span: Span; shape: Shape }> {
    this.#start = start;
    this.#keys = new PathKeys(path);
    let span: Span = { start, end: Infinity, memoCount: 0 };
    for (const [depth, element] of path.entries()) {
      const scanner = await this.#shapeOf(span, element, depth === 0 ? this.#early : undefined);
      if (depth === 0) this.#protocol = scanner.protocol;
      const found = scanner.found ?? (await this.#attribute(scanner, element));
      if (found === undefined) {
        if (!["list", "dict", "tuple"].includes(scanner.shape)) throw UNTOLD;
        const what = scanner.count > 0 ? `of ${scanner.count} children` : "";
        throw missingPath(path, depth, `a ${scanner.shape} ${what}`.trim());
      }
      span = found;
    }
    const scanner = await this.#shapeOf(span);
    if (path.length === 0) this.#protocol = scanner.protocol;
    return { span: { ...span, end: scanner.position }, shape: scanner.shape };
  }

  async #shapeOf(span: Span, element?: PathElement, listener?: MemoListener): Promise<ShapeScanner> {
    const scanner = new ShapeScanner(span, this.#keys, element, listener);
    await this.#scan(scanner);
    return scanner;
  }

  /** An attribute, in the state: a dict, or the pair of dicts of a class with slots. */
  async #attribute({ state }: ShapeScanner, element: PathElement): Promise<Span | undefined> {
    if (state === undefined) return undefined;
    const inState = await this.#shapeOf(state, element);
    if (inState.shape === "dict") return inState.found;
    if (inState.shape !== "tuple" || inState.count !== 2) throw UNTOLD;
    for (const half of [1, 0]) {
      const { found } = await this.#shapeOf(state, half);
      const inHalf = found && (await this.#shapeOf(found, element));
      if (inHalf?.found !== undefined) return inHalf.found;
    }
    return undefined;
  }

  /** The PROTO of the pickle, once something was found in it. */
  get protocol(): number {
    return this.#protocol;
  }

  /** What it takes to make the value at `span` alone. */
  async programOf(span: Span): Promise<ValueProgram> {
    const wanted = new Set<number>();
    await this.#shapeOf(span, undefined, {
      putEnd: 0,
      put: () => undefined,
      get: (slot) => {
        if (slot < span.memoCount) wanted.add(slot);
        if (wanted.size > MOST_SLOTS) throw UNTOLD;
      },
    });
    return { span, protocol: this.#protocol, prelude: await this.preludeFor(wanted, span) };
  }

  /** Opcodes, the PROTO first, that fill these memo slots, which the value at `span` reads and does not fill. */
  async preludeFor(slots: ReadonlySet<number>, span: Span): Promise<Uint8Array> {
    if (slots.size > MOST_SLOTS) throw UNTOLD;
    let wanted = new Set(slots);
    const spans = new Map<number, Span>();
    for (let pass = 0; wanted.size > 0; pass++) {
      if (pass === MOST_PASSES) throw UNTOLD;
      const found = await this.#spansOf(wanted, span.start);
      wanted = new Set();
      for (const [slot, place] of found) {
        spans.set(slot, place);
        // What it needs itself from before it.
        await this.#shapeOf(place, undefined, {
          putEnd: 0,
          put: () => undefined,
          get: (needed) => {
            if (needed < place.memoCount && !spans.has(needed) && !found.has(needed)) wanted.add(needed);
          },
        });
      }
    }
    return this.#prelude([...spans.values()]);
  }

  /** Where the values stand that fill these slots, all of them finished before `end`. */
  async #spansOf(slots: ReadonlySet<number>, end: number): Promise<Map<number, Span>> {
    const early = new Map<number, Span>();
    for (const slot of slots) {
      const span = this.#early.found.get(slot);
      if (span === undefined || span.end > end) break;
      early.set(slot, span);
    }
    if (early.size === slots.size) return early;
    const spans = new SlotSpans((slot) => slots.has(slot), Math.max(...slots) + 1);
    const scanner = new ShapeScanner({ start: this.#start, end, memoCount: 0 }, undefined, undefined, spans);
    await this.#scan(scanner);
    spans.finish(scanner, end);
    if (spans.found.size < slots.size) throw UNTOLD;
    return spans.found;
  }

  async #prelude(spans: readonly Span[]): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    if (this.#protocol > 0) parts.push(Uint8Array.of(PROTO, this.#protocol));
    let end = 0;
    for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
      // One inside another is filled with that.
      if (span.end <= end) continue;
      end = span.end;
      parts.push(...(await this.opcodes(span)), Uint8Array.of(POP));
    }
    return concatenated(parts);
  }

  /** The opcodes of a value, without frames, each slot put by its number: they run anywhere. */
  async opcodes({ start, end, memoCount }: Span): Promise<Uint8Array[]> {
    const window = new ByteWindow(this.#source.open(start), start);
    const parts: Uint8Array[] = [];
    try {
      await window.reach(start, end - start);
      const bytes = window.bytes.subarray(0, end - start);
      const cursor = new OpCursor(bytes);
      let slot = memoCount;
      let from = 0;
      const replace = (put: Uint8Array | undefined): void => {
        parts.push(bytes.subarray(from, cursor.position));
        if (put !== undefined) parts.push(put);
        from = cursor.end;
      };
      while (cursor.next()) {
        if (cursor.code === FRAME || cursor.code === PROTO) replace(undefined);
        else if (cursor.code === MEMOIZE) {
          const put = Uint8Array.of(LONG_BINPUT, 0, 0, 0, 0);
          new DataView(put.buffer).setUint32(1, slot++, true);
          replace(put);
        }
      }
      parts.push(bytes.subarray(from));
      return parts;
    } finally {
      await window.close();
    }
  }

  /** The pickle of one value alone. */
  async pickleOf({ span, prelude }: ValueProgram): Promise<Uint8Array> {
    return concatenated([prelude, ...(await this.opcodes(span)), Uint8Array.of(STOP)]);
  }
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
