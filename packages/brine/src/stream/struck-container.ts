import * as op from "../syntax/opcodes.ts";
import { DICT, LIST, NO_KIND, SET } from "../unpickler/kinds.ts";
import { MISTAKEN } from "./cut-options.ts";
import { type EventList, POP_ABOVE, POPS, PUT, STRIP } from "./event-list.ts";

/** In the place of a kind: what is no container, or one that is not followed. */
export const NOT_STRIKABLE = -1;

/** The kind of the container that an opcode makes empty. */
export const emptyKind = (code: number): number =>
  code === op.EMPTY_LIST ? LIST : code === op.EMPTY_DICT ? DICT : code === op.EMPTY_SET ? SET : NOT_STRIKABLE;

/** The container whose items are read, as the events of its own opcodes; they are struck out, so that the items run alone. */
export class StruckContainer {
  /** Whether it is struck out. */
  isStruck = false;
  /** LIST, DICT or SET; NO_KIND of an object, whose items are of either kind; NOT_STRIKABLE. */
  kind: number = NOT_STRIKABLE;
  /** Its memo slots. */
  readonly slots = new Set<number>();
  readonly #events: EventList;
  /** What made it, as its event. */
  #maker = -1;
  #mark = -1;
  #pops = 0;
  /** Events of the opcodes that memoize it, and that add to it or its state, while it is not struck out. */
  readonly #own: number[] = [];

  constructor(events: EventList) {
    this.#events = events;
  }

  /** Notes what made it: the event, that of its mark if it has one, of what kind it is, and how many values went into it. */
  made(maker: number, mark: number, kind: number, pops: number): void {
    if (this.isStruck) throw MISTAKEN;
    this.#maker = maker;
    this.#mark = mark;
    this.#pops = pops;
    this.kind = kind;
    this.#own.length = 0;
  }

  /** Items of a kind were added to it. */
  takes(kind: number): void {
    if (this.kind === NO_KIND || this.kind === kind) return;
    // A list that is set by index, and what the machine will refuse.
    if (this.isStruck) throw MISTAKEN;
    this.kind = NOT_STRIKABLE;
  }

  /** Notes an event as one of its own. */
  hold(event: number): void {
    this.#own.push(event);
  }

  /** Strikes one of its opcodes out, now or when it is struck out itself. */
  strike(event: number, pops = 0): void {
    if (!this.isStruck) {
      this.#events.note(event, pops);
      this.#own.push(event);
    } else if (pops > 0) this.#events.change(event, POPS, pops);
    else this.#events.change(event, STRIP, 0);
  }

  /** Takes it out of what runs: what made it, memoized it and added to it so far. `false` if that cannot be. */
  strikeOut(): boolean {
    if (this.isStruck) return true;
    if (this.kind === NOT_STRIKABLE) return false;
    const events = this.#events;
    if (this.#pops > 0) events.change(this.#maker, POPS, this.#pops);
    else if (this.#pops < 0) events.change(this.#maker, POP_ABOVE, 0);
    else {
      events.change(this.#maker, STRIP, 0);
      if (this.#mark >= 0) events.change(this.#mark, STRIP, 0);
    }
    for (const event of this.#own) {
      const pops = events.slot[event] as number;
      if (events.kind[event] === PUT) this.slots.add(pops);
      if (events.kind[event] !== PUT && pops > 0) events.change(event, POPS, pops);
      else events.change(event, STRIP, 0);
    }
    this.#own.length = 0;
    this.isStruck = true;
    return true;
  }
}
