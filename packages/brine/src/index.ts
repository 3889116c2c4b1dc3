export * from "./core.ts";
export { dumps, loads, loadsAll, loadsAsync, Pickler, Unpickler } from "./with-stdlib.ts";
export type { StdlibValue } from "./types/stdlib-value.ts";
export { SchemaError } from "./schema/check.ts";
export type { SchemaIssue, WithSchema } from "./schema/check.ts";
export { into } from "./schema/into.ts";
export type { Fields, FieldSpec, IntoOptions } from "./schema/into.ts";
export type {
  SchemaOutput,
  StandardSchema,
  StandardSchemaIssue,
  StandardSchemaProperties,
  StandardSchemaResult,
} from "./schema/standard-schema.ts";
export { unpack } from "./schema/unpack.ts";
export type { IntRange, NumberRange, Read, Unpacked } from "./schema/unpack.ts";
