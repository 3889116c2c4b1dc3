import { PyGlobal, PyObject } from "brine/core";

/** What a persistent id stands for is not in the file. This takes its place, and takes whatever is done to it. */
export class PersistentId extends PyObject {
  /** A str in protocol 0, otherwise any value. */
  readonly id: unknown;

  constructor(id: unknown) {
    super(new PyGlobal("", "persistent id"));
    this.id = id;
  }
}

/** Takes the place of an out-of-band buffer. */
export class OutOfBandBuffer extends Uint8Array {
  /** Its place among the buffers, from 0. */
  readonly index: number;

  constructor(index: number) {
    super(0);
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
