import { UnpicklingError } from "../errors.ts";
import type { LoadOptions } from "../unpickler/options.ts";
import { foundText } from "./found.ts";
import type {
  SchemaOutput,
  StandardSchema,
  StandardSchemaIssue,
  StandardSchemaResult,
} from "./standard-schema.ts";
import { childOf, stepText } from "./steps.ts";

/** Options of `loads` and its like with a schema. */
export type WithSchema<Schema extends StandardSchema, Options = LoadOptions> = Omit<Options, "schema"> & {
  /** What the value must be; its output is what is returned. */
  readonly schema: Schema;
};

/** One thing that a schema found wrong. */
export interface SchemaIssue {
  /** Where, such as `$.users[3].owner`. */
  readonly path: string;
  /** What the schema says. */
  readonly message: string;
  /** What is there: the Python type and a short value, `"nothing"` if nothing is. */
  readonly found: string;
  /** What is there. */
  readonly value: unknown;
  /** The keys of the path, as the schema gave them. */
  readonly keys: readonly unknown[];
}

/** A value that a schema refuses: `schema-mismatch`. Message and path are those of the first issue. */
export class SchemaError extends UnpicklingError {
  /** All that the schema found wrong, in its order; at least one. */
  declare readonly issues: readonly SchemaIssue[];

  constructor(issues: readonly SchemaIssue[]) {
    const [first] = issues;
    super("schema-mismatch", `the schema refuses the value: ${first?.message}`, {
      path: first?.path,
      advice: `Found ${first?.found}`,
    });
    this.issues = issues;
  }
}

function issueOf(root: unknown, { message, path = [] }: StandardSchemaIssue): SchemaIssue {
  const keys = path.map((step: unknown) => (Object(step) === step ? (step as { key: unknown }).key : step));
  const value = keys.reduce(childOf, root);
  return { path: `$${keys.map(stepText).join("")}`, message, found: foundText(value), value, keys };
}

function validate(
  value: unknown,
  schema: StandardSchema,
): StandardSchemaResult<unknown> | Promise<StandardSchemaResult<unknown>> {
  // It comes from JavaScript, too.
  const standard = (schema as Partial<StandardSchema> | null)?.["~standard"];
  if (typeof standard?.validate !== "function")
    throw new UnpicklingError("invalid-input", "schema must be a Standard Schema");
  return standard.validate(value);
}

function outputOf(value: unknown, result: StandardSchemaResult<unknown>): unknown {
  if (result.issues === undefined) return result.value;
  throw new SchemaError(result.issues.map((issue) => issueOf(value, issue)));
}

/**
 * What the schema makes of a value; the value without one.
 *
 * @throws UnpicklingError `schema-mismatch`, a {@link SchemaError}; `async-schema`
 */
export function checked(
  value: unknown,
  options: { readonly schema?: StandardSchema | undefined } | undefined,
): unknown {
  const schema = options?.schema;
  if (schema === undefined) return value;
  const result = validate(value, schema);
  if (!("then" in result)) return outputOf(value, result);
  // Whatever it becomes, nobody waits for it.
  result.then(undefined, () => undefined);
  throw new UnpicklingError("async-schema", "the schema gave a promise", {
    advice: "Use loadsAsync or brine/stream",
  });
}

/**
 * The same for a schema that may answer with a promise.
 *
 * @throws UnpicklingError `schema-mismatch`, a {@link SchemaError}
 */
export async function checkedAsync<Schema extends StandardSchema>(
  value: unknown,
  schema: Schema,
): Promise<SchemaOutput<Schema>> {
  return outputOf(value, await validate(value, schema));
}
