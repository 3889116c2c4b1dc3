export { UnpicklingError } from "./errors.ts";
export { SchemaError } from "./schema/check.ts";
export type { SchemaIssue, WithSchema } from "./schema/check.ts";
export { inferTypes, TypeInference } from "./schema/infer.ts";
export type { InferOptions } from "./schema/infer.ts";
export type { InstanceOf } from "./schema/instance-of.ts";
export {
  dictOf,
  into,
  intoOptions,
  listOf,
  Nested,
  objectOf,
  optionalOf,
  recordOf,
  setOf,
  tupleOf,
} from "./schema/into.ts";
export type { Fields, FieldSpec, Fillable, IntoOptions } from "./schema/into.ts";
export { printTypeScript } from "./schema/print-typescript.ts";
export type { PrintTypeScriptOptions } from "./schema/print-typescript.ts";
export { printZod } from "./schema/print-zod.ts";
export type { FieldShape, InferredTypes, TypeDeclaration, TypeShape } from "./schema/shape.ts";
export type * from "./schema/standard-schema.ts";
export { unpack, Unpacked } from "./schema/unpack.ts";
export type { IntRange, NumberRange, Read } from "./schema/unpack.ts";
