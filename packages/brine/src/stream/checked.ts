import { checkedAsync } from "../schema/check.ts";
import type { StandardSchema } from "../schema/standard-schema.ts";

/** Options that may have a schema, and the same without it. */
function apart<Options extends object>(
  options: Options | undefined,
): { readonly schema: StandardSchema | undefined; readonly rest: Options } {
  const { schema, ...rest } = { ...options } as Options & { readonly schema?: StandardSchema };
  return { schema, rest: rest as unknown as Options };
}

/** What `give` gives without the schema of the options, checked by it. */
export async function checkedOne<Options extends object>(
  options: Options | undefined,
  give: (options: Options) => Promise<unknown>,
): Promise<unknown> {
  const { schema, rest } = apart(options);
  const value = await give(rest);
  return schema === undefined ? value : checkedAsync(value, schema);
}

/** The same for each of several. */
export async function* checkedEach<Options extends object>(
  options: Options | undefined,
  give: (options: Options) => AsyncIterable<unknown>,
): AsyncGenerator<unknown, void> {
  const { schema, rest } = apart(options);
  for await (const value of give(rest))
    yield schema === undefined ? value : await checkedAsync(value, schema);
}
