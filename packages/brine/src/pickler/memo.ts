import type { PyGlobal } from "../values/py-global.ts";
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
  readonly #globals = new Map<string, number>();
  /** By byte, the empty bytes at 256. */
  readonly #shortBytes: (number | undefined)[] = [];

  object(value: object): number | undefined {
    return this.#objects.get(value);
  }

  setObject(value: object): void {
    this.#objects.set(value, this.size);
  }

  text(value: string): number | undefined {
    return this.#strings.get(value);
  }

  setText(value: string): void {
    this.#strings.set(value, this.size);
  }

  global(value: PyGlobal): number | undefined {
    return this.#globals.get(globalKey(value));
  }

  setGlobal(value: PyGlobal): void {
    this.#globals.set(globalKey(value), this.size);
  }

  /** The module's name that functions of builtins share, an object other than the interned text. */
  get builtinsText(): number | undefined {
    return this.#globals.get("");
  }

  setBuiltinsText(): void {
    this.#globals.set("", this.size);
  }

  bytes(value: Uint8Array): number | undefined {
    return value.length > 1 ? this.#objects.get(value) : this.#shortBytes[value[0] ?? 256];
  }

  setBytes(value: Uint8Array): void {
    if (value.length > 1) this.#objects.set(value, this.size);
    else this.#shortBytes[value[0] ?? 256] = this.size;
  }

  /** Forgets the slots from `size` on. */
  truncate(size: number): void {
    this.size = size;
    const maps: Map<unknown, number>[] = [this.#objects, this.#strings, this.#globals];
    for (const map of maps) for (const [key, slot] of map) if (slot >= size) map.delete(key);
    this.#shortBytes.forEach((slot, i, all) => {
      if (slot !== undefined && slot >= size) all[i] = undefined;
    });
  }
}
