/**
 * Python's `pickle.PickleBuffer` (PEP 574): bytes that `dumps` hands to `bufferCallback`, out of band, and writes into the pickle
 * as `bytes` or `bytearray` if there is none or it says so.
 */
export class PickleBuffer<B extends ArrayBufferLike = ArrayBufferLike> {
  /** The bytes: the very memory that was given, no copy. */
  readonly data: Uint8Array<B>;
  /** Whether the bytes stand for something immutable: in band `bytes`, else `bytearray`. */
  readonly readonly: boolean;

  /** Wraps all of `data`. `readonly` is false unless given. */
  constructor(data: ArrayBufferView<B> | B, options: { readonly readonly?: boolean | undefined } = {}) {
    this.data = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    this.readonly = options.readonly === true;
  }
}
