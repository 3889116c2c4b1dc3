import { BufferView } from "./buffer-view.ts";

/**
 * Python's `pickle.PickleBuffer` (PEP 574): bytes that `dumps` hands to `bufferCallback`, out of band, and writes into the
 * pickle as `bytes` (if `readonly`) or `bytearray` if there is none or it says so. It is a `Uint8Array` over the very memory
 * that was given, no copy, and so may be sent and given to `loads` as a buffer as it is.
 */
export class PickleBuffer<B extends ArrayBufferLike = ArrayBufferLike> extends BufferView<B> {}
