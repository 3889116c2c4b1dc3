/** Source: RFC 1952, section 8: the reflected polynomial 0xEDB88320. */
const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The CRC-32 of what `crc` is that of, followed by `bytes`; of nothing it is 0. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  let value = ~crc;
  for (let i = 0; i < bytes.length; i++) {
    value = (table[(value ^ (bytes[i] as number)) & 0xff] as number) ^ (value >>> 8);
  }
  return ~value >>> 0;
}

/** As many bytes as can be summed up before the sums leave 32 bits. Source: zlib `adler32.c`, NMAX. */
const SUMMED_AT_ONCE = 5552;
const BASE = 65521;

/** The Adler-32 of what `adler` is that of, followed by `bytes`; of nothing it is 1. Source: RFC 1950, section 8. */
export function adler32(bytes: Uint8Array, adler = 1): number {
  let low = adler & 0xffff;
  let high = adler >>> 16;
  for (let start = 0; start < bytes.length; start += SUMMED_AT_ONCE) {
    const end = Math.min(start + SUMMED_AT_ONCE, bytes.length);
    for (let i = start; i < end; i++) {
      low += bytes[i] as number;
      high += low;
    }
    low %= BASE;
    high %= BASE;
  }
  return ((high << 16) | low) >>> 0;
}
