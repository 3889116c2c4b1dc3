import { pythonType } from "./python-type.ts";

/**
 * Python's `bytearray`: bytes that may change, told from `bytes` (a plain `Uint8Array`) by this class alone. Made like any
 * `Uint8Array`. `slice` and `subarray` give a `ByteArray`, as Python's slices do. It is unhashable, so no key. In JSON it is
 * what every `Uint8Array` is, an object of numbered bytes.
 */
export class ByteArray extends Uint8Array {
  /** The Python type's name, `"bytearray"`. */
  get [pythonType](): string {
    return "bytearray";
  }
}
