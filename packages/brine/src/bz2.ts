export { bz2 } from "./compression/bz2.ts";
export type { Codec } from "./compression/codec.ts";
