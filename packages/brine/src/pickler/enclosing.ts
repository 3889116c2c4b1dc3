import type { Identities } from "./identities.ts";

/** A container that takes so many bytes is to be written but once. */
export const LARGE = 512;
/** So much room is kept for the next pickle. */
const KEPT = 2 ** 17;
/** So many keys that are read in vain are no sign. */
const FEW = 512;
/** Of a container that has nothing in it by which it could be told. */
export const NOTHING = -1;

/**
 * Dicts and lists that are told by the first container in them: where that is new, so are they, and nobody needs to ask for their
 * identity. Each is written as a new one up to there; if it was known after all, what was written is taken back. With a `Set` of all, a
 * tree of 131,071 dicts takes 15 ms, and with this 11.5.
 *
 * Of a dict the first eight entries count, up to a text that is long; of a list only the first item. What is first must be a dict, list,
 * `Map`, `bytes` or leaf: they have their slot before all that is in them but texts, so that no other container's is between it and that
 * of what is around. All other dicts and lists, and what is around a tuple, an instance, or what is written by frames, are told by their
 * identity. Which of the two holds for a container depends on what it is alone, and so is the same each time.
 */
export class Enclosing {
  /** Whether containers may be told so. */
  isOpen = false;
  /** How many under way may be known, the innermost last; below 0, how many of the innermost are known, and to be taken back. */
  pending = 0;
  /** The slot of the outermost of those. */
  known = NOTHING;
  /** Whether this costs more than it saves, or cannot be trusted, as what is written changes meanwhile. */
  isVain = false;
  /** Those that are new, and behind them those under way; their slots ascend. */
  #containers: (object | undefined)[] = [];
  #slots: number[] = [];
  #count = 0;
  /** How many keys were read of what was known. */
  #cost = 0;
  readonly #large = new Set<object>();
  /** What has all others. */
  readonly #identities: Identities;

  constructor(identities: Identities) {
    this.#identities = identities;
  }

  /** Begins with a container, as if it were new; false if it is under way, and so in itself. */
  add(container: object, slot: number): boolean {
    const count = this.#count;
    for (let i = count - this.pending; i < count; i++) if (this.#containers[i] === container) return false;
    this.#containers[count] = container;
    this.#slots[count] = slot;
    this.#count = count + 1;
    this.pending++;
    return true;
  }

  /**
   * Whether a {@link LARGE} container was written before: a getter that gives a new container each time makes what it is in look new, and
   * what many ways lead to would be written as many times.
   */
  isTwice(container: object): boolean {
    const { size } = this.#large;
    return this.#large.add(container).size === size;
  }

  /** Forgets the container that was added last. */
  drop(): void {
    this.#containers[--this.#count] = undefined;
    this.pending--;
  }

  /**
   * Says which of those under way are known, by the slot that the first container in the innermost had. `size` is the next slot: returns
   * what it is without theirs, −1 if there are none.
   */
  settle(child: number, size: number): number {
    const first = this.#count - this.pending;
    let slot = child;
    let known = 0;
    while (this.#count > first) {
      const index = this.#count - 1;
      const container = this.#containers[index] as object;
      const tentative = this.#slots[index] as number;
      this.drop();
      slot = this.#slotAround(container, slot, first);
      if (slot < 0) {
        const ordinal = this.#identities.add(container, tentative);
        // Those around it are new, as it is.
        if (ordinal >= 0) break;
        slot = this.#identities.slots[~ordinal] as number;
      }
      // It has a text that it had not, and is written as another one. Those around it, too, may be known: nothing is told so any more.
      if (tentative + known + 1 !== size) {
        this.isVain = true;
        break;
      }
      this.known = slot;
      known++;
      this.#cost += Array.isArray(container) ? 2 : Object.keys(container).length + 2;
    }
    this.pending = 0 - known;
    if (this.#cost > FEW) this.isVain = true;
    return known > 0 ? size - known : NOTHING;
  }

  /** The slot of a container in which that of a slot is the first, if it is one of the new ones below `end`. */
  #slotAround(container: object, child: number, end: number): number {
    let low = 0;
    // It is the last of those that have a lower slot, as no container is between the two.
    let high = child < 0 ? 0 : end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#slots[middle] as number) < child) low = middle + 1;
      else high = middle;
    }
    return low > 0 && this.#containers[low - 1] === container ? (this.#slots[low - 1] as number) : NOTHING;
  }

  /** Hands all that are new to the identities. */
  flush(): void {
    const pending = Math.max(this.pending, 0);
    const end = this.#count - pending;
    for (let i = 0; i < end; i++)
      this.#identities.add(this.#containers[i] as object, this.#slots[i] as number);
    for (let i = 0; i < pending; i++) {
      this.#containers[i] = this.#containers[end + i];
      this.#slots[i] = this.#slots[end + i] as number;
    }
    this.#containers.fill(undefined, pending, this.#count);
    this.#count = pending;
  }

  /** Forgets all containers, and keeps the room unless it is large. */
  clear(): void {
    this.isOpen = this.isVain = false;
    if (this.#containers.length > KEPT) {
      this.#containers = [];
      this.#slots = [];
    }
    // To fill an array is a call of 25 ns.
    else for (let i = 0; i < this.#count; i++) this.#containers[i] = undefined;
    this.#count = this.pending = this.#cost = 0;
    // To clear a Set that is empty takes 30 ns.
    if (this.#large.size > 0) this.#large.clear();
  }
}
