import { OpCursor } from "../syntax/cursor.ts";
import {
  BINGET,
  BINPUT,
  GET as GET_LINE,
  LONG_BINGET,
  LONG_BINPUT,
  PUT as PUT_LINE,
  REDUCE,
} from "../syntax/opcodes.ts";
import { parseMemoIndex } from "../syntax/text-operands.ts";
import type { Machine } from "../unpickler/machine.ts";
import { loadAt } from "../unpickler/unpickler.ts";
import { missingMemo } from "../unpickler/failures.ts";
import { failure } from "../bytes/failure.ts";
import { locate, type UnpicklingError } from "../errors.ts";
import type { CutProgram } from "./cut-program.ts";
import { type EventList, GET, KEEP, POP_ABOVE, POPS, PUT, STRIP } from "./event-list.ts";
import type { ItemCutter } from "./item-cutter.ts";
import type { SlotTable } from "./slot-table.ts";
import { isTupleMaker } from "./stack-effects.ts";

const NOT_KEPT = -1;
const HIGHEST_SLOT = 2 ** 32 - 1;

/**
 * Puts programs together, and says which memo slots they have: none for what is not read again, and one that is free for
 * what is, until its last reader is done. Without the last readers all slots stay what they are.
 */
export class SlotPlan {
  /** What a program that was put together fails with, if it gets there. */
  refused: UnpicklingError | undefined;
  readonly #program: CutProgram;
  /** The last program to read a slot of an earlier one. */
  readonly #lastReaders: SlotTable | undefined;
  /** Where slots of earlier programs are. */
  readonly #live = new Map<number, number>();
  /** Slots by the program that reads them last. */
  readonly #expiring = new Map<number, number[]>();
  readonly #free: number[] = [];
  /** Slots of this program alone. */
  readonly #local: number[] = [];
  /** Those that were let go and hold something yet. */
  #cleared: number[] = [];
  #count = 0;
  /** The last slot of all: where the arguments of a call are, for the machine asks whether they were memoized last. */
  #last = -1;

  constructor(program: CutProgram, lastReaders: SlotTable | undefined) {
    this.#program = program;
    this.#lastReaders = lastReaders;
  }

  #take(): number {
    return this.#free.pop() ?? this.#count++;
  }

  #lastSlot(): number {
    if (this.#last < this.#count - 1 || this.#last < 0) {
      if (this.#last >= 0) this.#free.push(this.#last);
      this.#last = this.#count++;
    }
    return this.#last;
  }

  /** Runs what fills slots from before the container. */
  runPrelude(machine: Machine, prelude: Uint8Array): void {
    // Its own slots are few, and stay.
    const places = new Map<number, number>();
    const cursor = new OpCursor(prelude);
    this.#program.begin(0, [], false);
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
        const place = this.#count++;
        places.set(slot, place);
        this.#live.set(slot, place);
        this.#program.write(place);
      } else this.#program.read(places.get(slot) as number, cursor.position);
    }
    this.#program.copy(prelude, from, prelude.length, from);
    this.#program.pushNone();
    loadAt(machine, this.#program.end(false), 0);
    for (const slot of places.keys()) {
      const reader = this.#lastReaders?.get(slot) ?? -1;
      if (reader >= 0) this.#expire(slot, reader);
    }
  }

  #expire(slot: number, reader: number): void {
    const slots = this.#expiring.get(reader);
    if (slots === undefined) this.#expiring.set(reader, [slot]);
    else slots.push(slot);
  }

  /** The program number `index`, of what the cutter cut out of `bytes`, whose first is at absolute position `base`. */
  assemble(cutter: ItemCutter, index: number, bytes: Uint8Array, base: number, isSet: boolean): Uint8Array {
    const { events, isWhole } = cutter;
    const program = this.#program;
    program.begin(cutter.protocol, this.#cleared, !isWhole);
    this.#cleared = [];
    let position = cutter.programStart;
    const count = eventsBefore(events, cutter.programEnd);
    const places = this.#lastReaders === undefined ? undefined : placesOf(events, count);
    for (let i = 0; i < count; i++) {
      const kind = events.kind[i] as number;
      if (kind === KEEP) continue;
      const start = events.start[i] as number;
      const slot = events.slot[i] as number;
      const isUntouched =
        (kind === PUT || kind === GET) && places === undefined && (isWhole || slot > HIGHEST_SLOT);
      if (isUntouched) continue;
      const end = events.end[i] as number;
      program.copy(bytes, position - base, start - base, position);
      position = end;
      if (kind === PUT) this.#write(slot, index, places, bytes, start - base, end - base);
      else if (kind === GET) {
        const isOwn = !isWhole && cutter.ownSlots.has(slot);
        program.read(isOwn ? this.#refuse(ofContainer(), start) : this.#place(slot, places, start), start);
      } else if (kind === POPS) program.pops(slot);
      else if (kind === POP_ABOVE) program.popAbove();
      else if (kind !== STRIP) throw new Error(`no such event: ${kind}`);
    }
    program.copy(bytes, position - base, cutter.programEnd - base, position);
    return program.end(!isWhole, isSet);
  }

  #write(
    slot: number,
    index: number,
    places: Places | undefined,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): void {
    if (places === undefined) {
      this.#program.write(slot);
      return;
    }
    const reader = this.#lastReaders?.get(slot) ?? -1;
    const isLater = reader > index;
    if (isLater || places.isRead[slot - places.first] === 1) {
      const place = this.#take();
      places.place[slot - places.first] = place;
      if (isLater) {
        this.#live.set(slot, place);
        this.#expire(slot, reader);
      } else this.#local.push(place);
      this.#program.write(place);
    } else if (isTupleMaker(bytes[from - 1] ?? 0) && bytes[to] === REDUCE) {
      this.#program.write(this.#lastSlot());
    }
  }

  /** Has the machine fail where it gets to a slot that cannot be read: what comes before is read first. */
  #refuse(error: UnpicklingError, start: number): number {
    this.refused ??= locate(error, start, "GET");
    return HIGHEST_SLOT;
  }

  #place(slot: number, places: Places | undefined, start: number): number {
    if (places === undefined) return slot;
    const place = slot < places.first ? this.#live.get(slot) : places.place[slot - places.first];
    if (place === undefined || place === NOT_KEPT) return this.#refuse(missingMemo(slot), start);
    return place;
  }

  /** The program number `index` has run: lets go of what nothing reads any more. */
  finish(index: number): void {
    const cleared = this.#local.splice(0);
    for (const slot of this.#expiring.get(index) ?? []) {
      cleared.push(this.#live.get(slot) as number);
      this.#live.delete(slot);
    }
    this.#expiring.delete(index);
    for (const slot of cleared) this.#free.push(slot);
    if (this.#last >= 0) cleared.push(this.#last);
    this.#cleared = cleared;
  }
}

/** What is known of the slots that one program fills: from `first` on, in order. */
interface Places {
  readonly first: number;
  readonly isRead: Uint8Array;
  readonly place: Int32Array;
}

function eventsBefore({ length, start }: EventList, end: number): number {
  let count = length;
  while (count > 0 && (start[count - 1] as number) >= end) count--;
  return count;
}

function placesOf({ kind, slot }: EventList, count: number): Places {
  let first = Infinity;
  let last = -1;
  for (let i = 0; i < count; i++) {
    if (kind[i] !== PUT) continue;
    if (first === Infinity) first = slot[i] as number;
    last = slot[i] as number;
  }
  const length = last < 0 ? 0 : last - first + 1;
  const isRead = new Uint8Array(length);
  for (let i = 0; i < count; i++) {
    if (kind[i] === GET && (slot[i] as number) >= first && (slot[i] as number) <= last) {
      isRead[(slot[i] as number) - first] = 1;
    }
  }
  return { first, isRead, place: new Int32Array(length).fill(NOT_KEPT) };
}

function slotOf({ code, bytes, operandStart, operandEnd }: OpCursor): number {
  if (code === PUT_LINE || code === GET_LINE) return Number(parseMemoIndex(bytes, operandStart, operandEnd));
  let slot = 0;
  for (let at = operandEnd - 1; at >= operandStart; at--) slot = slot * 256 + (bytes[at] as number);
  return slot;
}

function ofContainer(): UnpicklingError {
  const words = "an item refers to the container that it is in";
  return failure("unrepresentable", words, undefined, "Load the whole in its place");
}
