import { ByteArray } from "../values/byte-array.ts";
import { BufferView } from "../values/buffer-view.ts";
import { PyGlobal } from "../values/py-global.ts";
import { globalKey } from "./options.ts";

/**
 * Which slot each value has. Objects have one by identity; what CPython keeps one copy of has one by value: equal
 * strings (JavaScript cannot tell two of them apart), bytes of length 0 and 1, globals.
 */
export class PicklerMemo {
  /** Number of slots: the index of the next. */
  size = 0;
  readonly #objects = new Map<object, number>();
  readonly #strings = new Map<string, number>();
  /** What stands for all objects that are one, by a text that is the same for them. */
  readonly #twins = new Map<string, object>();

  #identity(value: object): object {
    let key: string;
    if (value instanceof PyGlobal) key = globalKey(value);
    else if (
      value instanceof Uint8Array &&
      value.length < 2 &&
      !(value instanceof ByteArray || value instanceof BufferView)
    )
      key = value.join();
    else return value;
    const twin = this.#twins.get(key);
    if (twin === undefined) this.#twins.set(key, value);
    return twin ?? value;
  }

  /** The slot of an object, if it has one. */
  object(value: object): number | undefined {
    return this.#objects.get(this.#identity(value));
  }

  /** Gives the next slot to an object. */
  setObject(value: object): void {
    this.#objects.set(this.#identity(value), this.size);
  }

  /** The slot of a string, if it has one. */
  text(value: string): number | undefined {
    return this.#strings.get(value);
  }

  /** Gives the next slot to a string. */
  setText(value: string): void {
    this.#strings.set(value, this.size);
  }

  /** Forgets the slots from `size` on. */
  truncate(size: number): void {
    this.size = size;
    const maps: Map<unknown, number>[] = [this.#objects, this.#strings];
    for (const map of maps) {
      if (size === 0) map.clear();
      else for (const [key, slot] of map) if (slot >= size) map.delete(key);
    }
  }
}
