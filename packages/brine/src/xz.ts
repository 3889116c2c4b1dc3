export { lzma, xz } from "./compression/xz.ts";
export type { Codec } from "./compression/codec.ts";
