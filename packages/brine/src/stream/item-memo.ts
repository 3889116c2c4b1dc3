import { PicklerMemo } from "../pickler/memo.ts";
import { globalKey } from "../pickler/options.ts";
import { PyGlobal } from "../values/py-global.ts";

/** Texts and globals that are kept from one item to the next. */
const MOST_KEPT = 10_000;
/** UTF-16 units of the longest text that is kept. */
const LONGEST_KEPT = 64;

/**
 * A memo that forgets: after {@link nextItem} only some short texts and globals are known, as they have no identity, and
 * the keys of records come again and again. The indexes go on, for the one who reads counts on.
 */
export class ItemMemo extends PicklerMemo {
  readonly #texts = new Map<string, number>();
  readonly #globals = new Map<string, object>();
  readonly #slots = new Map<object, number>();
  /** Globals that came first in this item. */
  readonly #fresh: object[] = [];

  override text(value: string): number | undefined {
    return this.#texts.get(value) ?? super.text(value);
  }

  override setText(value: string): void {
    if (value.length <= LONGEST_KEPT && this.#texts.size < MOST_KEPT) this.#texts.set(value, this.size);
    else super.setText(value);
  }

  override enter(value: object): number {
    const slot = this.#slots.get(value);
    return slot === undefined ? super.enter(value) : ~slot;
  }

  override twin(value: PyGlobal | Uint8Array): object {
    if (!(value instanceof PyGlobal)) return super.twin(value);
    const key = globalKey(value);
    let twin = this.#globals.get(key);
    if (twin === undefined) {
      twin = super.twin(value);
      if (this.#globals.size < MOST_KEPT) {
        this.#globals.set(key, twin);
        this.#fresh.push(twin);
      }
    }
    return twin;
  }

  /** Forgets the item that was written. */
  nextItem(): void {
    const { size } = this;
    for (const twin of this.#fresh.splice(0)) {
      const known = super.enter(twin);
      if (known < 0) this.#slots.set(twin, ~known);
    }
    this.truncate(0);
    this.size = size;
  }
}
