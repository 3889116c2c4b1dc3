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
  readonly #objects = new Map<object, number>();
  readonly #strings = new Map<string, number>();
  /** Strings that came lately, by a hash of a few units, and their slots: keys of dicts, above all. */
  readonly #recent: (string | undefined)[] = Array.from({ length: RECENT });
  readonly #recentSlots: number[] = Array.from({ length: RECENT }, () => 0);
  /** What stands for all objects that are one, by a text that is the same for them. */
  readonly #twins = new Map<string, object>();

  /** The slot of an object, if it has one. */
  object(value: object): number | undefined {
    return this.#objects.get(value);
  }

  /** Gives the next slot to an object. */
  setObject(value: object): void {
    this.#objects.set(value, this.size);
  }

  /** What an object is memoized under that CPython has one of: a global, bytes of length 0 or 1. */
  twin(value: PyGlobal | Uint8Array): object {
    if (this.#objects.has(value)) return value;
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
    this.size = size;
    this.#recent.fill(undefined);
    const maps: Map<unknown, number>[] = [this.#strings, this.#objects];
    for (const map of maps) {
      if (size === 0) map.clear();
      else for (const [key, slot] of map) if (slot >= size) map.delete(key);
    }
    if (size === 0) this.#twins.clear();
  }
}
