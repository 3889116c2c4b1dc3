import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { builtins, dumps, PicklingError, PyObject, PyGlobal, Tuple } from "../../src/index.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Values of each kind that a dump goes into, and weak references to all of them. */
function values(count: number): { value: unknown; references: WeakRef<object>[] } {
  const references: WeakRef<object>[] = [];
  const seen = <T extends object>(value: T): T => {
    references.push(new WeakRef(value));
    return value;
  };
  const value = Array.from({ length: count }, (_, i) =>
    seen({
      list: seen([i, seen([i])]),
      map: seen(new Map([[`key ${i}`, seen({ i })]])),
      tuple: seen(Tuple.of<unknown>(i, seen([]))),
      bytes: seen(Uint8Array.of(i)),
      global: seen(new PyGlobal("module", `name${i}`)),
      object: seen(new PyObject(seen(new PyGlobal("module", "Class")), Tuple.of(), { state: seen({ i }) })),
    }),
  );
  seen(value);
  return { value, references };
}

async function alive(references: readonly WeakRef<object>[]): Promise<number> {
  // What a WeakRef was asked for is kept to the end of the turn.
  await new Promise((resolve) => setTimeout(resolve, 0));
  collect();
  return references.filter((reference) => reference.deref() !== undefined).length;
}

test.each([1, 3000])("dumps holds on to nothing of %i values", async (count) => {
  const references = ((): WeakRef<object>[] => {
    const made = values(count);
    dumps(made.value);
    return made.references;
  })();
  expect(await alive(references)).toBe(0);
});

test("nor does a dumps that failed", async () => {
  const references = ((): WeakRef<object>[] => {
    const made = values(20);
    expect(() => dumps([made.value, Symbol("no")], { types: builtins })).toThrow(PicklingError);
    return made.references;
  })();
  expect(await alive(references)).toBe(0);
});
