import { BufferView } from "./buffer-view.ts";
import { pythonKey } from "./key.ts";
import { pythonType } from "./python-type.ts";

/**
 * Python's `memoryview`, as NEXT_BUFFER and READONLY_BUFFER give one: a `Uint8Array` over memory of someone else, never a copy.
 * `slice` and `subarray` give a plain `Uint8Array`. A read-only one is a key equal to the `bytes` it shows, a writable one is
 * unhashable, as in Python.
 */
export class MemoryView<B extends ArrayBufferLike = ArrayBufferLike> extends BufferView<B> {
  /** The Python type's name, `"memoryview"`. */
  get [pythonType](): string {
    return "memoryview";
  }

  /** The bytes, if this view is read-only. */
  [pythonKey](): Uint8Array<B> | undefined {
    return this.readonly ? this.subarray() : undefined;
  }
}
