import { pythonKey } from "./key.ts";
import { pythonType } from "./python-type.ts";

/**
 * Python's `memoryview`, as NEXT_BUFFER and READONLY_BUFFER give one: a `Uint8Array` over memory of someone else, never a copy.
 * JavaScript cannot freeze bytes, so `readonly` says what Python would hold to and nothing enforces it. `slice` and `subarray`
 * give a plain `Uint8Array`. A read-only one is a key equal to the `bytes` it shows, a writable one is unhashable, as in Python.
 */
export class MemoryView<B extends ArrayBufferLike = ArrayBufferLike> extends Uint8Array<B> {
  /** Whether Python would refuse to write through this view. */
  readonly readonly: boolean;

  /** A view of all of `data`, of its very memory. */
  constructor(data: ArrayBufferView<B> | B, options: { readonly readonly?: boolean | undefined } = {}) {
    if (ArrayBuffer.isView(data)) super(data.buffer, data.byteOffset, data.byteLength);
    else super(data);
    this.readonly = options.readonly === true;
  }

  /** Makes what is derived from a view a plain `Uint8Array`. */
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }

  /** The Python type's name, `"memoryview"`. */
  get [pythonType](): string {
    return "memoryview";
  }

  /** The bytes, if this view is read-only. */
  [pythonKey](): Uint8Array<B> | undefined {
    return this.readonly ? new Uint8Array(this.buffer, this.byteOffset, this.byteLength) : undefined;
  }
}
