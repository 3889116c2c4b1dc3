// The reflected polynomial 0xC96C5795D7870F42, by halves. Source: the .xz file format 1.2.1, section 6; ECMA-182.
const lowTable = new Int32Array(256);
const highTable = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let low = byte;
  let high = 0;
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (isOdd) {
      low ^= 0xd7870f42;
      high ^= 0xc96c5795;
    }
  }
  lowTable[byte] = low;
  highTable[byte] = high;
}

/** The CRC-64 of xz. */
export class Crc64 {
  #low = -1;
  #high = -1;

  add(bytes: Uint8Array): void {
    let low = this.#low;
    let high = this.#high;
    for (let i = 0; i < bytes.length; i++) {
      const index = (low ^ (bytes[i] as number)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (lowTable[index] as number);
      high = (high >>> 8) ^ (highTable[index] as number);
    }
    this.#low = low;
    this.#high = high;
  }

  /** Its eight bytes, the lowest first. */
  digest(): Uint8Array {
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    view.setInt32(0, ~this.#low, true);
    view.setInt32(4, ~this.#high, true);
    return bytes;
  }
}
