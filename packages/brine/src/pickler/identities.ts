/** So many objects are looked for one by one. */
const FEW = 8;
/** So many numbers are kept for the next pickle. */
const KEPT = 2 ** 18;

/** Of an object that has no slot yet. */
export const NO_SLOT = -1;

/** Gives each object an ordinal by its identity, and keeps the memo slot of each. */
export class Identities {
  /** The slot of each ordinal, −1 as long as there is none. */
  slots: number[] = [];
  #count = 0;
  /** The first objects: a `Set` of their own costs a small pickle more than all else. */
  readonly #few: (object | undefined)[] = [];
  /** All objects once they are more. */
  #set: Set<object> | undefined;
  /** The ordinals, which few pickles ask for: to add to a `Set` takes half the time of a `Map`'s get and set. */
  #ordinals: Map<object, number> | undefined;
  /** Goes on where the last look at `#set` ended. */
  #unnumbered: Iterator<object, undefined> | undefined;

  /** The ordinal of a new object, which gets `slot`, −1 for none; of a known one `~ordinal`. */
  add(value: object, slot: number): number {
    const count = this.#count;
    const set = this.#set;
    if (set === undefined) {
      const known = this.#addToFew(value, count);
      if (known >= 0) return ~known;
    } else {
      set.add(value);
      if (set.size === count) return ~this.#ordinalOf(value, set);
    }
    this.slots[count] = slot;
    this.#count = count + 1;
    return count;
  }

  /** The slot of an object, −1 if it has none or is not known. */
  find(value: object): number {
    const set = this.#set;
    const ordinal =
      set === undefined ? this.#few.indexOf(value) : set.has(value) ? this.#ordinalOf(value, set) : -1;
    return ordinal < 0 ? NO_SLOT : (this.slots[ordinal] as number);
  }

  /** Gives another slot to the object that was added last. */
  moveLast(slot: number): void {
    this.slots[this.#count - 1] = slot;
  }

  #addToFew(value: object, count: number): number {
    const few = this.#few;
    for (let i = 0; i < count; i++) if (few[i] === value) return i;
    if (count < FEW) few[count] = value;
    else {
      this.#set = new Set(few as object[]);
      this.#set.add(value);
    }
    return NO_SLOT;
  }

  #ordinalOf(value: object, set: Set<object>): number {
    const ordinals = (this.#ordinals ??= new Map<object, number>());
    const known = ordinals.get(value);
    if (known !== undefined) return known;
    // An iterator of a Set goes on with what was added since.
    const unnumbered = (this.#unnumbered ??= set.values());
    for (let next = unnumbered.next(); next.value !== undefined; next = unnumbered.next()) {
      ordinals.set(next.value, ordinals.size);
      if (next.value === value) break;
    }
    return ordinals.get(value) as number;
  }

  /** Forgets the objects without a slot below `size`. */
  truncate(size: number): void {
    if (this.#count === 0) return;
    const kept: [object, number][] = [];
    if (size > 0) {
      let ordinal = 0;
      for (const value of this.#set ?? this.#few) {
        const slot = ordinal < this.#count ? (this.slots[ordinal++] as number) : NO_SLOT;
        if (slot !== NO_SLOT && slot < size) kept.push([value as object, slot]);
      }
    }
    this.#few.fill(undefined);
    this.#set = this.#ordinals = this.#unnumbered = undefined;
    if (this.#count > KEPT) this.slots = [];
    this.#count = 0;
    for (const [value, slot] of kept) this.add(value, slot);
  }
}
