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
  readonly #globals = new Map<string, number>();

  override text(value: string): number | undefined {
    return this.#texts.get(value) ?? super.text(value);
  }

  override setText(value: string): void {
    if (value.length <= LONGEST_KEPT && this.#texts.size < MOST_KEPT) this.#texts.set(value, this.size);
    else super.setText(value);
  }

  override object(value: object): number | undefined {
    const slot = value instanceof PyGlobal ? this.#globals.get(globalKey(value)) : undefined;
    return slot ?? super.object(value);
  }

  override setObject(value: object): void {
    if (value instanceof PyGlobal && this.#globals.size < MOST_KEPT) {
      this.#globals.set(globalKey(value), this.size);
    } else super.setObject(value);
  }

  /** Forgets the item that was written. */
  nextItem(): void {
    const { size } = this;
    this.truncate(0);
    this.size = size;
  }
}
