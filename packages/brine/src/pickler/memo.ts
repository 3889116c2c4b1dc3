import { PyGlobal } from "../values/py-global.ts";
import { Enclosing, NOTHING } from "./enclosing.ts";
import { Identities, NO_SLOT } from "./identities.ts";
import { Leaves, NEW } from "./leaves.ts";
import { globalKey } from "./options.ts";

/** Keys that are guessed: 32 places in a structure, 16 keys each. */
const GUESSES = 512;

/** So many dicts are no sign. */
const FEW = 32;

/**
 * Which slot each value has. Objects have one by identity; what CPython keeps one copy of has one by value: equal
 * strings (JavaScript cannot tell two of them apart), bytes of length 0 and 1, globals.
 */
export class PicklerMemo {
  /** Number of slots: the index of the next. */
  size = 0;
  /** The slot of the text that was written or fetched last, −1 if it has none. */
  textSlot = -1;
  readonly #objects = new Identities();
  /** Dicts and lists that the first container in them tells: see `enclosing.ts`. */
  readonly enclosing = new Enclosing(this.#objects);
  /** Whether leaves are told by their content, as long as that tells them: see `leaves.ts`. */
  hasLeaves = false;
  /** Whether dicts that are leaves are told so, too. */
  hasLeafDicts = false;
  readonly #leaves = new Leaves();
  #isLastLeaf = false;
  /** Dicts that are no leaves. */
  #nested = 0;
  readonly #strings = new Map<string, number>();
  /** What stands for all objects that are one: by a text that is the same for them, and by the global. */
  readonly #twins = new Map<string, object>();
  readonly #twinOfGlobal = new Map<object, object>();
  /** The slots of classes whose instances were written, to be found by one look. */
  readonly classSlots = new Map<PyGlobal, number>();
  /**
   * The key that came last at each place of a structure, and its slot: the keys of like dicts are the same ones, and to
   * compare them takes no look at their characters.
   */
  readonly guesses: string[] = Array.from({ length: GUESSES }, () => "");
  /** −1 where there is none. */
  readonly guessedSlots: number[] = Array.from({ length: GUESSES }, () => -1);
  /** The places in use. */
  readonly #guessed: number[] = [];
  #guessCount = 0;

  /** The ordinal of an object that has no slot, for {@link setSlot}; `~slot` of one that has. */
  enter(value: object): number {
    const ordinal = this.#objects.add(value, NO_SLOT);
    if (ordinal >= 0) return ordinal;
    const slot = this.#objects.slots[~ordinal] as number;
    return slot < 0 ? ~ordinal : ~slot;
  }

  /** The slot of an object; of one that had none `~` of the next, which it has now. */
  place(value: object): number {
    const ordinal = this.#objects.add(value, this.size);
    if (ordinal < 0) {
      const slot = this.#objects.slots[~ordinal] as number;
      if (slot >= 0) return this.#isKnown(slot);
      this.setSlot(~ordinal);
    }
    return this.#isNew();
  }

  /** {@link place} of a leaf with that hash of its content. */
  placeLeaf(leaf: object, content: number): number {
    const known = this.#leaves.place(leaf, content, this.size);
    this.#isLastLeaf = known === NEW;
    if (known === NEW) return this.#isNew();
    if (known >= 0) return this.#isKnown(known);
    if (this.#leaves.isVain) this.closeLeaves();
    return this.place(leaf);
  }

  /** {@link place} of a dict or list, which counts as new until the first container in it tells. */
  begin(value: object): number {
    const { enclosing } = this;
    if (enclosing.isOpen) {
      if (enclosing.add(value, this.size)) return ~this.size++;
      this.closeEnclosing();
      // What is around it is to be taken back, and it with that.
      if (enclosing.pending < 0) return enclosing.known;
    }
    return this.place(value);
  }

  /** What was placed is new, and so is all that is under way around it. */
  #isNew(): number {
    this.enclosing.pending = 0;
    return ~this.size++;
  }

  #isKnown(slot: number): number {
    if (this.enclosing.pending > 0) this.settle(slot);
    return slot;
  }

  /**
   * Says what of that under way is known, by its identity or by the slot of the first container in it: whether the innermost is, and is
   * to be taken back.
   */
  settle(child: number = NOTHING): boolean {
    const { enclosing } = this;
    const size = enclosing.settle(child, this.size);
    if (size >= 0) this.size = size;
    if (enclosing.isVain) this.closeEnclosing();
    return size >= 0;
  }

  /** From now on all dicts and lists are told by their identity before they are read, those that were written too. */
  closeEnclosing(): void {
    const { enclosing } = this;
    if (!enclosing.isOpen) return;
    enclosing.isOpen = false;
    enclosing.flush();
    if (enclosing.pending > 0) this.settle();
    enclosing.flush();
    this.#closeLeafDicts();
  }

  /** Gives the next slot to the leaf that was placed last. */
  moveLast(): void {
    if (this.#isLastLeaf) this.#leaves.moveLast(this.size);
    else this.#objects.moveLast(this.size);
  }

  /** Notes a dict that turned out to be no leaf. Where many are none, it costs more to look than it saves. */
  noteNested(): void {
    if (++this.#nested > FEW && 2 * this.#nested > this.#leaves.count) this.#closeLeafDicts();
  }

  #closeLeafDicts(): void {
    if (!this.hasLeafDicts) return;
    this.hasLeafDicts = false;
    this.#identify();
  }

  /**
   * From now on leaves are told by their identity alone, those that were written too; and so is what is around tuples, and was told by
   * them.
   */
  closeLeaves(): void {
    this.enclosing.flush();
    this.#identify();
    this.#forgetLeaves();
  }

  #forgetLeaves(): void {
    this.hasLeaves = this.hasLeafDicts = false;
    this.#nested = 0;
    this.#leaves.clear();
  }

  #identify(): void {
    this.#leaves.forEach((leaf, slot) => this.#objects.add(leaf, slot));
  }

  /** Takes back the slot that {@link place} or {@link begin} gave last. */
  unplace(): void {
    if (this.enclosing.pending > 0) this.enclosing.drop();
    else this.#objects.moveLast(NO_SLOT);
    this.size--;
  }

  /** The slot of an object, −1 if it has none. */
  find(value: object): number {
    return this.#objects.find(value);
  }

  /** Gives the next slot to the object of an ordinal. */
  setSlot(ordinal: number): void {
    this.#objects.slots[ordinal] = this.size;
  }

  /** The slot that the object of an ordinal has by now, negative if it has none. */
  slotOf(ordinal: number): number {
    return this.#objects.slots[ordinal] as number;
  }

  /** What an object is memoized under that CPython has one of: a global, bytes of length 0 or 1. */
  twin(value: PyGlobal | Uint8Array): object {
    const isGlobal = value instanceof PyGlobal;
    let twin = isGlobal ? this.#twinOfGlobal.get(value) : undefined;
    if (twin === undefined) {
      const key = isGlobal ? globalKey(value) : value.join();
      twin = this.#twins.get(key);
      if (twin === undefined) this.#twins.set(key, (twin = value));
      if (isGlobal) this.#twinOfGlobal.set(value, twin);
    }
    return twin;
  }

  /** The slot of a string, if it has one. */
  text(value: string): number | undefined {
    return this.#strings.get(value);
  }

  /** Gives the next slot to a string. */
  setText(value: string): void {
    this.#strings.set(value, this.size);
  }

  /** Notes which key came last at a place: the text that was written last. */
  setGuess(place: number, key: string): void {
    const slot = this.textSlot;
    if (slot < 0) return;
    if ((this.guessedSlots[place] as number) < 0) this.#guessed[this.#guessCount++] = place;
    this.guesses[place] = key;
    this.guessedSlots[place] = slot;
  }

  /** Forgets the slots from `size` on. */
  truncate(size: number): void {
    this.size = size;
    this.enclosing.clear();
    this.#objects.truncate(size);
    this.#forgetLeaves();
    while (this.#guessCount > 0) {
      const place = this.#guessed[--this.#guessCount] as number;
      this.guesses[place] = "";
      this.guessedSlots[place] = -1;
    }
    const strings = this.#strings;
    // To clear a Map that is empty takes 30 ns.
    if (strings.size > 0) {
      if (size === 0) strings.clear();
      else for (const [key, slot] of strings) if (slot >= size) strings.delete(key);
    }
    if (this.classSlots.size > 0) this.classSlots.clear();
    if (size === 0 && this.#twins.size > 0) {
      this.#twins.clear();
      this.#twinOfGlobal.clear();
    }
  }
}
