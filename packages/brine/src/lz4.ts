export { lz4 } from "./compression/lz4.ts";
export type { Codec } from "./compression/codec.ts";
