/** A `Uint8Array` over memory of someone else, never a copy, that says whether Python would write to it. */
export abstract class BufferView<B extends ArrayBufferLike = ArrayBufferLike> extends Uint8Array<B> {
  /** Whether Python would refuse to write. JavaScript cannot freeze bytes, so nothing enforces it. */
  declare readonly readonly: boolean;

  /** A view of all of `data`, of its very memory. `readonly` is false unless given. */
  constructor(data: ArrayBufferView<B> | B, options: { readonly readonly?: boolean | undefined } = {}) {
    const { buffer = data as B, byteOffset, byteLength } = data as Partial<ArrayBufferView<B>>;
    super(buffer, byteOffset, byteLength);
    this.readonly = options.readonly === true;
  }

  /** Makes what is derived from a view a plain `Uint8Array`. */
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }
}
