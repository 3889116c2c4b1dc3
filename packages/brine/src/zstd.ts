export { zstd } from "./compression/zstd.ts";
export type { Codec } from "./compression/codec.ts";
