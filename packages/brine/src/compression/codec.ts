/**
 * A compressed format that `brine/stream` can read: a value, handed in as one of the option `codecs`. `brine/xz` and its
 * like have some; any object of this shape is one.
 */
export interface Codec {
  /** The format's name, as in `"xz"`: errors speak of it. */
  readonly name: string;
  /** The bytes that data of this format begin with, one of them. No pickle may begin so. */
  readonly magic: readonly (readonly number[])[];
  /**
   * The data, decompressed as far as they are asked for. It reads to the end of the chunks or to what the format ignores,
   * and throws where Python's module for the format does. What it throws that is no `UnpicklingError` is turned into one.
   */
  decompress(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

const bzip2Magic: number[][] = [];
for (let level = 0x31; level <= 0x39; level++) {
  // A block, or none at all. Without them, BZh is a BINBYTES.
  bzip2Magic.push([0x42, 0x5a, 0x68, level, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]);
  bzip2Magic.push([0x42, 0x5a, 0x68, level, 0x17, 0x72, 0x45, 0x38, 0x50, 0x90]);
}

/** How data of the formats begin that a codec is there for. */
export const knownMagic = {
  bz2: bzip2Magic,
  xz: [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  // The properties that all write, and a dictionary of whole 64 kB.
  lzma: [[0x5d, 0x00, 0x00]],
  zstd: [[0x28, 0xb5, 0x2f, 0xfd]],
  lz4: [[0x04, 0x22, 0x4d, 0x18]],
} as const satisfies Record<string, readonly (readonly number[])[]>;
