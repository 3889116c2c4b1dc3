import { OpCursor } from "../syntax/cursor.ts";
import {
  BINGET,
  BINPUT,
  GET as GET_LINE,
  LONG_BINGET,
  LONG_BINPUT,
  PUT as PUT_LINE,
} from "../syntax/opcodes.ts";
import { parseMemoIndex } from "../syntax/text-operands.ts";
import type { Machine } from "../unpickler/machine.ts";
import { NO_KIND } from "../unpickler/kinds.ts";
import type { State } from "../unpickler/state.ts";
import { loadAt } from "../unpickler/unpickler.ts";
import type { CutProgram } from "./cut-program.ts";
import { type EventList, GET, KEEP, POP_ABOVE, POPS, PUT } from "./event-list.ts";
import { LOW_SLOTS } from "./cut-slots.ts";
import type { ItemCutter } from "./item-cutter.ts";
import type { SlotTable } from "./slot-table.ts";

/** A slot that is never filled. */
const HIGHEST_SLOT = 2 ** 32 - 1;

/** Until when the slots of a container are read that outlive the program that fills them. */
export interface LastReaders {
  /** By slots below LOW_SLOTS: the program that reads it last, or one behind that; −1 if none does. */
  readonly low: Int32Array;
  /** The last program to read each of the others. */
  readonly others: SlotTable;
}

/**
 * Puts programs together, and says where in the machine's memo each slot is. Low slots, which hold the keys of records and are
 * read by all, have the place of their number; what else outlives its program is moved behind those until its last reader is
 * done; the program's own slots follow. So most programs run as they stand in the source, and the memo stays small. Without
 * the last readers all slots stay what they are.
 */
export class SlotPlan {
  readonly #program: CutProgram;
  readonly #state: State;
  readonly #readers: LastReaders | undefined;
  /** The slots of {@link LastReaders.others} in order, and how many of them were filled. */
  readonly #outliving: Uint32Array;
  #next = 0;
  /** Where slots of earlier programs are, but for low ones. */
  readonly #live = new Map<number, number>();
  /** Slots by the program that reads them last. */
  readonly #expiring = new Map<number, number[]>();
  readonly #free: number[] = [];
  /** Behind the last place that is taken beyond the low ones. */
  #top = LOW_SLOTS;
  /** The first slot of the program, and its place. */
  #first = 0;
  #base = 0;
  readonly #patchPlaces: number[] = [];
  readonly #patchSlots: number[] = [];

  constructor(program: CutProgram, machine: Machine, readers: LastReaders | undefined) {
    this.#program = program;
    this.#state = machine.state;
    this.#readers = readers;
    this.#outliving = readers?.others.sorted() ?? new Uint32Array(0);
  }

  /** Makes the memo as long as `length`. */
  #resize(length: number): void {
    const state = this.#state;
    const { memo, memoKinds } = state;
    if (state.memoLength > length) memo.fill(undefined, length, state.memoLength);
    for (let at = state.memoLength; at < length; at++) {
      memo[at] = undefined;
      memoKinds[at] = NO_KIND;
    }
    state.memoLength = state.memoCount = length;
  }

  #take(slot: number): number {
    const place = this.#free.pop() ?? this.#top++;
    this.#live.set(slot, place);
    return place;
  }

  #drop(slot: number): void {
    const place = this.#live.get(slot) as number;
    this.#live.delete(slot);
    this.#state.memo[place] = undefined;
    this.#free.push(place);
  }

  #expire(slot: number, reader: number): void {
    const slots = this.#expiring.get(reader);
    if (slots === undefined) this.#expiring.set(reader, [slot]);
    else slots.push(slot);
  }

  /** Runs what fills slots from before the container, of which `count` were filled. */
  runPrelude(machine: Machine, prelude: Uint8Array, count: number): void {
    const places = new Map<number, number>();
    const cursor = new OpCursor(prelude);
    this.#program.begin(0, false);
    let from = 0;
    while (cursor.next()) {
      const { code } = cursor;
      const isPut = code === PUT_LINE || code === BINPUT || code === LONG_BINPUT;
      const isGet = code === GET_LINE || code === BINGET || code === LONG_BINGET;
      if (!isPut && !isGet) continue;
      const slot = slotOf(cursor);
      this.#program.copy(prelude, from, cursor.position, from);
      from = cursor.end;
      if (isPut) {
        const place = slot < LOW_SLOTS ? slot : (this.#live.get(slot) ?? this.#take(slot));
        places.set(slot, place);
        this.#program.write(place);
      } else this.#program.read(places.get(slot) as number, cursor.position);
    }
    this.#program.copy(prelude, from, prelude.length, from);
    this.#program.pushNone();
    this.#resize(Math.max(0, ...places.values()) + 1);
    loadAt(machine, this.#program.end(false), 0);
    for (const slot of places.keys()) {
      if (slot < LOW_SLOTS) continue;
      const reader = this.#readers?.others.get(slot) ?? -1;
      if (reader >= 0) this.#expire(slot, reader);
      else this.#drop(slot);
    }
    while (this.#next < this.#outliving.length && (this.#outliving[this.#next] as number) < count)
      this.#next++;
  }

  /** The program of what the cutter cut out of `bytes`, whose first is at absolute position `base`. */
  assemble(cutter: ItemCutter, bytes: Uint8Array, base: number, isSet: boolean): Uint8Array {
    const { events, isWhole } = cutter;
    const program = this.#program;
    this.#first = cutter.programSlots;
    this.#base = this.#placeOfFirst(cutter.programSlots);
    this.#resize(this.#base);
    const isInPlace = this.#base === this.#first;
    program.begin(cutter.protocol, !isWhole);
    this.#patchPlaces.length = this.#patchSlots.length = 0;
    let position = cutter.programStart;
    const count = eventsBefore(events, cutter.programEnd);
    for (let i = 0; i < count; i++) {
      const kind = events.kind[i] as number;
      if (kind === KEEP) continue;
      const start = events.start[i] as number;
      const end = events.end[i] as number;
      const slot = events.slot[i] as number;
      if (kind === PUT || kind === GET) {
        if (slot > HIGHEST_SLOT || (isWhole && isInPlace)) continue;
        const place = this.#placeOf(slot);
        const code = bytes[start - base];
        if (code === LONG_BINGET || code === LONG_BINPUT) {
          // As long as it was: the opcodes around it are copied in one go.
          if (place !== slot) {
            this.#patchPlaces.push(program.length + start + 1 - position);
            this.#patchSlots.push(place);
          }
          continue;
        }
        if (place === slot && (code === BINGET || code === BINPUT)) continue;
      }
      program.copy(bytes, position - base, start - base, position);
      position = end;
      if (kind === PUT) program.write(this.#placeOf(slot));
      else if (kind === GET) program.read(this.#placeOf(slot), start);
      else if (kind === POPS) program.pops(slot);
      else if (kind === POP_ABOVE) program.popAbove();
    }
    program.copy(bytes, position - base, cutter.programEnd - base, position);
    for (let i = 0; i < this.#patchPlaces.length; i++) {
      program.patch(this.#patchPlaces[i] as number, this.#patchSlots[i] as number);
    }
    return program.end(!isWhole, isSet);
  }

  /** The place of the first slot of a program. */
  #placeOfFirst(slot: number): number {
    return this.#readers === undefined || slot <= LOW_SLOTS ? slot : this.#top;
  }

  #placeOf(slot: number): number {
    if (slot < LOW_SLOTS || this.#readers === undefined) return slot;
    return slot < this.#first ? (this.#live.get(slot) ?? HIGHEST_SLOT) : this.#base + slot - this.#first;
  }

  /** The program number `index` has run: lets go of what nothing reads any more. */
  finish(cutter: ItemCutter, index: number): void {
    const { memo, memoKinds } = this.#state;
    const readers = this.#readers;
    if (readers === undefined) return;
    for (const slot of this.#expiring.get(index) ?? []) this.#drop(slot);
    this.#expiring.delete(index);
    const end = cutter.endSlots;
    const low = Math.min(LOW_SLOTS, end);
    for (let slot = 0; slot < low; slot++) {
      if ((readers.low[slot] as number) <= index) memo[slot] = undefined;
    }
    // In order, so that none is moved to where another still is.
    const outliving = this.#outliving;
    for (; this.#next < outliving.length && (outliving[this.#next] as number) < end; this.#next++) {
      const slot = outliving[this.#next] as number;
      const reader = readers.others.get(slot);
      const from = this.#placeOf(slot);
      const place = this.#take(slot);
      memo[place] = memo[from];
      memoKinds[place] = memoKinds[from] ?? NO_KIND;
      this.#expire(slot, reader);
    }
    this.#resize(this.#placeOfFirst(end));
  }
}

function eventsBefore({ length, start }: EventList, end: number): number {
  let count = length;
  while (count > 0 && (start[count - 1] as number) >= end) count--;
  return count;
}

/** The memo slot in the operand of an opcode. */
export function slotOf({ code, bytes, operandStart, operandEnd }: OpCursor): number {
  if (code === PUT_LINE || code === GET_LINE) return Number(parseMemoIndex(bytes, operandStart, operandEnd));
  let slot = 0;
  for (let at = operandEnd - 1; at >= operandStart; at--) slot = slot * 256 + (bytes[at] as number);
  return slot;
}
