import { MemoryView, PyGlobal, pythonKey } from "brine/core";

const ids = new WeakMap<PersistentId, unknown>();
let made = 0;

/** What a persistent id stands for is not in the file. This takes its place, be it an instance or a class. */
export class PersistentId extends PyGlobal {
  // As a dict's key it is equal to itself only.
  readonly #key = ++made;

  constructor(id: unknown) {
    super("", "persistent id");
    // Not a field: a PyGlobal is frozen.
    ids.set(this, id);
  }

  /** A str in protocol 0, otherwise any value. */
  get id(): unknown {
    return ids.get(this);
  }

  override [pythonKey](): readonly unknown[] {
    return ["persistent id", this.#key];
  }
}

/** Takes the place of an out-of-band buffer. */
export class OutOfBandBuffer extends MemoryView {
  /** Its place among the buffers, from 0. */
  readonly index: number;

  constructor(index: number) {
    super(new Uint8Array(0), { readonly: true });
    this.index = index;
  }
}

// No Python module can be called that.
const extensionModule = "\0extension";

/** An extension registry that knows every code. */
export class EveryExtension extends Map<number, PyGlobal> {
  override get(code: number): PyGlobal {
    return new PyGlobal(extensionModule, String(code));
  }
}

/** The code if this stands for an extension code. */
export function extensionCode(global: PyGlobal): string | undefined {
  return global.module === extensionModule ? global.name : undefined;
}

/** Buffers without end. */
export function* everyBuffer(): Generator<OutOfBandBuffer, never> {
  for (let index = 0; ; index++) yield new OutOfBandBuffer(index);
}
