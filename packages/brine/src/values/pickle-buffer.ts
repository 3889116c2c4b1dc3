/**
 * Python's `pickle.PickleBuffer` (PEP 574): bytes that `dumps` hands to `bufferCallback`, out of band, and writes into the
 * pickle as `bytes` or `bytearray` if there is none or it says so. It is a `Uint8Array` over the very memory that was
 * given, no copy, and so may be sent and given to `loads` as a buffer as it is.
 */
export class PickleBuffer<B extends ArrayBufferLike = ArrayBufferLike> extends Uint8Array<B> {
  /** Whether the bytes stand for something immutable: in band `bytes`, else `bytearray`. */
  readonly readonly: boolean;

  /** Wraps all of `data`. `readonly` is false unless given. */
  constructor(data: ArrayBufferView<B> | B, options: { readonly readonly?: boolean | undefined } = {}) {
    if (ArrayBuffer.isView(data)) super(data.buffer, data.byteOffset, data.byteLength);
    else super(data);
    this.readonly = options.readonly === true;
  }

  /** Makes what is derived from it a plain `Uint8Array`. */
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }
}
