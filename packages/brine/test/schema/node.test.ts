import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { dump, get, items, load, loadAll } from "../../src/node.ts";

const folder = mkdtempSync(join(tmpdir(), "brine-schema-"));
const path = join(folder, "rows.pkl.gz");
const Row = z.object({ id: z.int().refine(async (id) => Promise.resolve(id < 3)) });
beforeAll(async () => {
  await dump(path, { rows: [{ id: 1 }, { id: 2 }, { id: 3 }] }, { compression: "gzip" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("load and loadAll of a file check by a schema", async () => {
  const schema = z.object({ rows: z.array(z.object({ id: z.int() })).transform((rows) => rows.length) });
  const value = await load(path, { schema });
  expectTypeOf(value).toEqualTypeOf<{ rows: number }>();
  expect(value).toEqual({ rows: 3 });
  for await (const each of loadAll(path, { schema })) expect(each).toEqual({ rows: 3 });
  await expect(load(path, { schema: z.object({ rows: z.array(Row) }) })).rejects.toMatchObject({
    code: "schema-mismatch",
    path: "$.rows[2].id",
  });
});

test("get and items of a file check what they give", async () => {
  expect(await get(path, "$.rows[1]", { schema: Row })).toEqual({ id: 2 });
  await expect(get(path, "$.rows[2]", { schema: Row })).rejects.toMatchObject({ path: "$.id" });
  const seen: number[] = [];
  const all = async (): Promise<void> => {
    for await (const { id } of items(path, { path: "$.rows", schema: Row })) seen.push(id);
  };
  await expect(all()).rejects.toMatchObject({ code: "schema-mismatch", path: "$.id" });
  expect(seen).toEqual([1, 2]);
});
