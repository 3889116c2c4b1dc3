/**
 * A schema of any library that keeps to Standard Schema, version 1: zod, valibot, arktype and others. Source: standardschema.dev,
 * the specification's interface.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** What the specification asks for. */
  readonly "~standard": StandardSchemaProperties<Input, Output>;
}

/** What a {@link StandardSchema} has under `~standard`. */
export interface StandardSchemaProperties<Input = unknown, Output = Input> {
  /** Version of the specification. */
  readonly version: 1;
  /** Name of the library. */
  readonly vendor: string;
  /** Checks a value. */
  readonly validate: (value: unknown) => StandardSchemaResult<Output> | Promise<StandardSchemaResult<Output>>;
  /** The static types; at run time there is nothing. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined;
}

/** What a schema answers: a value, or issues. */
export type StandardSchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardSchemaIssue[] };

/** One thing that a schema finds wrong. */
export interface StandardSchemaIssue {
  /** What is wrong. */
  readonly message: string;
  /** Where, from the root. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The static type of what a schema gives. */
export type SchemaOutput<Schema extends StandardSchema> = NonNullable<Schema["~standard"]["types"]>["output"];
