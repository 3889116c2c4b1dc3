import { BufferView } from "./buffer-view.ts";
import { pythonKey } from "./key.ts";
import { pythonType } from "./python-type.ts";

/**
 * Python's `memoryview`, as NEXT_BUFFER and READONLY_BUFFER give one: a `Uint8Array` over memory of someone else, never a copy.
 * `slice` and `subarray` give a plain `Uint8Array`. It is unhashable: what a pickle makes one of is a bytearray.
 */
export class MemoryView<B extends ArrayBufferLike = ArrayBufferLike> extends BufferView<B> {
  /** The Python type's name, `"memoryview"`. */
  get [pythonType](): string {
    return "memoryview";
  }

  /** What is beneath it is a bytearray, which is unhashable. */
  [pythonKey](): undefined {
    return undefined;
  }
}
