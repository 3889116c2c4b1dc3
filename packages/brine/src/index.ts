export * from "./core.ts";
export { dumps, loads, loadsAll, Pickler, Unpickler } from "./with-stdlib.ts";
export type { StdlibValue } from "./types/stdlib-value.ts";
