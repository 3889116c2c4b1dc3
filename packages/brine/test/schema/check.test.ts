import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { z } from "zod";
import {
  dumps,
  loads,
  loadsAll,
  loadsAsync,
  PyObject,
  SchemaError,
  type StandardSchema,
  Unpickler,
} from "../../src/index.ts";
import * as core from "../../src/core.ts";
import { get, items, load, loadAll } from "../../src/stream.ts";
import { PyDateTime } from "../../src/types.ts";
import { cpython } from "./cpython.ts";

const users = dumps({
  users: [
    { name: "Ada", age: 36 },
    { name: 5, age: "x" },
  ],
  seen: new Date(0),
});

/** The error that it throws. */
function errorOf(action: () => unknown): SchemaError {
  try {
    action();
  } catch (error) {
    if (error instanceof SchemaError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

async function collected<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

describe("a schema of", () => {
  test("zod gives its output, with its type", () => {
    const schema = z.object({
      users: z.array(z.object({ name: z.union([z.string(), z.number()]) })),
      seen: z.instanceof(PyDateTime).transform((seen) => seen.toDate()),
    });
    const value = loads(users, { schema });
    expectTypeOf(value).toEqualTypeOf<{ users: { name: string | number }[]; seen: Date }>();
    expect(value).toEqual({ users: [{ name: "Ada" }, { name: 5 }], seen: new Date(0) });
  });

  test("valibot gives its output, with its type", () => {
    const schema = v.object({ seen: v.pipe(v.instance(PyDateTime), v.transform(String)) });
    const value = loads(users, { schema });
    expectTypeOf(value).toEqualTypeOf<{ seen: string }>();
    expect(value).toEqual({ seen: "1970-01-01T00:00:00+00:00" });
  });

  test("arktype gives its output, with its type", () => {
    const schema = type({ seen: type.instanceOf(PyDateTime) });
    const value = loads(users, { schema });
    expectTypeOf(value.seen).toEqualTypeOf<PyDateTime>();
    expect(value.seen.year).toBe(1970);
  });
});

describe("a mismatch", () => {
  const schemas: Record<string, StandardSchema> = {
    zod: z.object({ users: z.array(z.object({ age: z.number(), name: z.string() })) }),
    valibot: v.object({ users: v.array(v.object({ age: v.number(), name: v.string() })) }),
    arktype: type({ users: type({ age: "number", name: "string" }).array() }),
  };

  test.each(Object.entries(schemas))("of %s has code, path, what is there, and all issues", (_, schema) => {
    const error = errorOf(() => loads(users, { schema }));
    expect(error).toMatchObject({ code: "schema-mismatch", name: "UnpicklingError", path: "$.users[1].age" });
    expect(error.message).toMatch(
      /^the schema refuses the value: .+ \(\$\.users\[1\]\.age\)\. Found str "x"$/,
    );
    const found = error.issues.map(({ path, found: there, value }) => [path, there, value]);
    expect(found).toEqual([
      ["$.users[1].age", 'str "x"', "x"],
      ["$.users[1].name", "number 5", 5],
    ]);
  });

  test("of one issue does not count them, and says nothing of what is not there", () => {
    const error = errorOf(() => loads(users, { schema: z.object({ owner: z.string() }) }));
    expect(error.path).toBe("$.owner");
    expect(error.message).toMatch(/\(\$\.owner\)\. Found nothing$/);
    expect(error.issues).toHaveLength(1);
  });

  test.each([
    ["{1: 'a', 2: None}", z.map(z.number(), z.string()), "$[2]", "None"],
    ["{1: 'a', 2: None}", v.map(v.number(), v.string()), "$[2]", "None"],
    ["{'a b': [1.5]}", z.record(z.string(), z.array(z.string())), '$["a b"][0]', "float 1.5"],
    ["{(1, 2): b'xyz'}", v.map(v.array(v.number()), v.string()), "$[…]", "bytes of length 3"],
    ["[2**70]", z.array(z.string()), "$[0]", "int 1180591620717411303424"],
    ["[2**700]", z.array(z.string()), "$[0]", "int"],
    ["[True, {1}]", z.tuple([z.literal(true), z.string()]), "$[1]", "set of length 1"],
    ["'x' * 100", z.number(), "$", `str "${"x".repeat(55)}…`],
    ["datetime.date(2026, 3, 1)", z.string(), "$", "datetime.date 2026-03-01"],
    ["{'__proto__': 1, 'x': 2}", z.object({ toString: z.number() }), "$.toString", "nothing"],
  ])("of %s", (source, schema, path, found) => {
    // The values of a Map in plain mode may have a tuple for a key: a PyDict finds it by what it holds.
    const error = errorOf(() => loads(cpython(source), { schema }));
    expect(error.issues[0]).toMatchObject({ path, found });
  });

  test("in an attribute of an instance", () => {
    const attributes = z.instanceof(PyObject).transform((object) => object.toObject());
    const schema = z.object({
      order: z.preprocess((value) => attributes.parse(value), z.object({ id: z.string() })),
    });
    const data = cpython("{'order': Order(7)}", "class Order:\n  def __init__(self, id): self.id = id");
    expect(
      loads(cpython("{'order': Order('7')}", "class Order:\n  def __init__(self, id): self.id = id"), {
        schema,
      }),
    ).toEqual({
      order: { id: "7" },
    });
    expect(errorOf(() => loads(data, { schema })).issues[0]).toMatchObject({
      path: "$.order.id",
      found: "number 7",
    });
  });

  test("of an object of an unknown class names it", () => {
    const data = cpython("Order(7)", "class Order:\n  def __init__(self, id): self.id = id");
    expect(errorOf(() => loads(data, { schema: z.string() })).issues[0]?.found).toBe("__main__.Order");
  });

  test("of exact values finds ints under numbers", () => {
    const schema: StandardSchema = {
      "~standard": {
        version: 1,
        vendor: "own",
        validate: () => ({
          issues: [
            { message: "no", path: [1] },
            { message: "no", path: [{ key: "x" }] },
          ],
        }),
      },
    };
    const error = errorOf(() => loads(cpython("{1: 2, 'x': 'y'}"), { exact: true, schema }));
    expect(error.issues.map(({ found, keys }) => [found, keys])).toEqual([
      ["int 2", [1]],
      ['str "y"', ["x"]],
    ]);
  });
});

describe("an asynchronous schema", () => {
  const schema = z.object({ n: z.number().refine(async (n) => Promise.resolve(n > 1), "too small") });

  test("is refused by loads, with what to use", () => {
    expect(() => loads(dumps({ n: 2 }), { schema })).toThrow(
      "the schema gave a promise. Use loadsAsync or brine/stream",
    );
  });

  test("that rejects leaves no rejection behind", async () => {
    const unhandled = vi.fn<() => void>();
    process.on("unhandledRejection", unhandled);
    const rejects: StandardSchema = {
      "~standard": { version: 1, vendor: "own", validate: () => Promise.reject(new Error("later")) },
    };
    expect(() => loads(dumps(1), { schema: rejects })).toThrow("gave a promise");
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    await expect(loadsAsync(dumps(1), { schema: rejects })).rejects.toThrow("later");
  });

  test("has an asynchronous twin", async () => {
    const value = await loadsAsync(dumps({ n: 2 }), { schema });
    expectTypeOf(value).toEqualTypeOf<{ n: number }>();
    expect(value).toEqual({ n: 2 });
    await expect(loadsAsync(dumps({ n: 1 }), { schema })).rejects.toMatchObject({
      code: "schema-mismatch",
      path: "$.n",
      issues: [{ message: "too small", found: "number 1" }],
    });
  });

  test("is taken by the functions of brine/stream", async () => {
    const data = dumps({ n: 2 });
    expect(await load(data, { schema })).toEqual({ n: 2 });
    await expect(load(dumps({ n: 0 }), { schema })).rejects.toMatchObject({ code: "schema-mismatch" });
    const two = new Uint8Array([...data, ...dumps({ n: 3 })]);
    const all = await collected(loadAll(two, { schema, offsets: true }));
    expectTypeOf(all).toEqualTypeOf<
      { readonly value: { n: number }; readonly start: number; readonly end: number }[]
    >();
    expect(all).toEqual([
      { value: { n: 2 }, start: 0, end: data.length },
      { value: { n: 3 }, start: data.length, end: two.length },
    ]);
    expect(await collected(loadAll(two, { schema }))).toEqual([{ n: 2 }, { n: 3 }]);
    const list = dumps({ list: [{ n: 4 }, { n: 5 }, { n: 1 }] });
    expect(await get(list, "$.list[1]", { schema })).toEqual({ n: 5 });
    const seen: { n: number }[] = [];
    const each = (async () => {
      for await (const item of items(list, { path: "$.list", schema })) seen.push(item);
    })();
    await expect(each).rejects.toMatchObject({ code: "schema-mismatch" });
    expect(seen).toEqual([{ n: 4 }, { n: 5 }]);
  });
});

test("loadsAll checks each, lazily", () => {
  const data = new Uint8Array([...dumps(1), ...dumps("two")]);
  const values = loadsAll(data, { schema: z.number() });
  expectTypeOf(values.next().value).toEqualTypeOf<number | void>();
  expect(() => values.next()).toThrow(SchemaError);
});

test("TypeScript says where no schema is taken", () => {
  const schema = z.number();
  // @ts-expect-error The builtin types alone.
  expect(core.loads(dumps("x"), { schema })).toBe("x");
  // @ts-expect-error Its pickles may be of different types.
  expect(new Unpickler(dumps("x"), { schema }).load()).toBe("x");
});

test("what is no schema is refused", () => {
  const options = { schema: {} as StandardSchema };
  expect(() => loads(dumps(1), options)).toThrow("schema must be a Standard Schema");
});

test("what a schema throws comes as it is", () => {
  const thrower = (): never => {
    throw new RangeError("mine");
  };
  const schema = v.pipe(v.number(), v.transform(thrower));
  expect(() => loads(dumps(1), { schema })).toThrow(RangeError);
});
