import { PyGlobal } from "../values/py-global.ts";
import { globalKey } from "./options.ts";

/** A power of two. */
const RECENT = 256;

function recentIndex(text: string): number {
  const { length } = text;
  return (length * 31 + text.charCodeAt(0) * 7 + text.charCodeAt(length - 1)) & (RECENT - 1);
}

/**
 * Which slot each value has. Objects have one by identity; what CPython keeps one copy of has one by value: equal
 * strings (JavaScript cannot tell two of them apart), bytes of length 0 and 1, globals.
 */
export class PicklerMemo {
  /** Number of slots: the index of the next. */
  size = 0;
  /**
   * Objects that have a slot, in the order of `#slots`. Most values come once, and to say so a `Set` is enough: 68 ns for
   * one of 100,000, where a `Map` takes 96.
   */
  readonly #seen = new Set<object>();
  #slots: number[] = [];
  /** Slots of the first of them, made when one comes again. */
  readonly #objects = new Map<object, number>();
  #rest: Iterator<object> | undefined;
  readonly #strings = new Map<string, number>();
  /** Strings that came lately, by a hash of a few units, and their slots: 4 ns for one that is there, 15 for the `Map`. */
  readonly #recent: (string | undefined)[] = Array.from({ length: RECENT });
  readonly #recentSlots: number[] = Array.from({ length: RECENT }, () => 0);
  /** Slots of globals, of which there are few. */
  readonly #globals = new Map<object, number>();
  /** What stands for all objects that are one, by a text that is the same for them. */
  readonly #twins = new Map<string, object>();

  /** The slot of an object, if it has one. */
  object(value: object): number | undefined {
    if (value instanceof PyGlobal) return this.#globals.get(value);
    if (!this.#seen.has(value)) return undefined;
    const objects = this.#objects;
    this.#rest ??= this.#seen.values();
    while (objects.size < this.#seen.size)
      objects.set(this.#rest.next().value as object, this.#slots[objects.size] as number);
    return objects.get(value);
  }

  /** Gives the next slot to an object. */
  setObject(value: object): void {
    if (value instanceof PyGlobal) this.#globals.set(value, this.size);
    else if (this.#seen.add(value).size > this.#slots.length) this.#slots.push(this.size);
  }

  /** What an object is memoized under that CPython has one of: a global, bytes of length 0 or 1. */
  twin(value: PyGlobal | Uint8Array): object {
    if (this.#globals.has(value)) return value;
    const key = value instanceof PyGlobal ? globalKey(value) : value.join();
    let twin = this.#twins.get(key);
    if (twin === undefined) this.#twins.set(key, (twin = value));
    return twin;
  }

  /** The slot of a string, if it has one. */
  text(value: string): number | undefined {
    const at = recentIndex(value);
    if (this.#recent[at] === value) return this.#recentSlots[at];
    const slot = this.#strings.get(value);
    if (slot !== undefined) this.#keep(at, value, slot);
    return slot;
  }

  /** Gives the next slot to a string. */
  setText(value: string): void {
    this.#strings.set(value, this.size);
    this.#keep(recentIndex(value), value, this.size);
  }

  #keep(at: number, value: string, slot: number): void {
    this.#recent[at] = value;
    this.#recentSlots[at] = slot;
  }

  /** Forgets the slots from `size` on. */
  truncate(size: number): void {
    const kept = size === 0 ? [] : [...this.#seen].filter((_, i) => (this.#slots[i] as number) < size);
    this.#slots = this.#slots.slice(0, kept.length);
    this.size = size;
    this.#seen.clear();
    for (const value of kept) this.#seen.add(value);
    this.#objects.clear();
    this.#rest = undefined;
    this.#recent.fill(undefined);
    const maps: Map<unknown, number>[] = [this.#strings, this.#globals];
    for (const map of maps) {
      if (size === 0) map.clear();
      else for (const [key, slot] of map) if (slot >= size) map.delete(key);
    }
    if (size === 0) this.#twins.clear();
  }
}
