import type { Codec } from "./codec.ts";

/** What compressed data may cost. */
export interface DecompressionLimits {
  /** Bytes that the data may have when decompressed; no bound unless set. */
  readonly inflated?: number | undefined;
  /**
   * Bytes that a byte of compressed data may become, all layers together; 2,000 unless set, which is more than gzip and
   * zlib can do. It is not looked at below 64 MiB.
   */
  readonly ratio?: number | undefined;
}

/** How compressed data are read. */
export interface DecompressionOptions {
  /** Formats beside gzip, zlib and zip, such as `[xz, zstd]` from `brine/xz` and `brine/zstd`. */
  readonly codecs?: readonly Codec[] | undefined;
  /** Which member of a zip archive is read; unless set, the first whose name ends in `.pkl` or `.pickle`. */
  readonly member?: string | undefined;
  /** Whether compressed data are found by how they begin; `true` unless set. */
  readonly decompress?: boolean | undefined;
  /** What compressed data may cost. */
  readonly limits?: DecompressionLimits | undefined;
}
