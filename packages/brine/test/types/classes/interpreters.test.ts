import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { dumps, loads } from "../../../src/index.ts";
import { stdlib, TypeRegistry } from "../../../src/types.ts";
import { interpreters } from "../../support/interpreters.ts";
import { classes, shop } from "./shop.ts";

const judge = fileURLToPath(new URL("../../support/classes_judge.py", import.meta.url));
const hex = (data: Uint8Array): string => Buffer.from(data).toString("hex");
const bytes = (text: string): Uint8Array => Buffer.from(text, "hex");

type Pickles = (string | null)[];
type Answer = null | [problems: string[], written: Pickles];

function ask(path: string, cases: readonly (readonly [string, Pickles])[]): Answer[] {
  const { status, stdout, stderr } = spawnSync(path, [judge], {
    input: JSON.stringify(cases),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`${path}: ${stderr}`);
  return JSON.parse(stdout) as Answer[];
}

const examples = [
  "Plain", "Vip", "Empty", "Node", "Slots", "Slots half", "SlotsAndDict", "SlotsAndDict no dict", "State", "FalseState",
  "Reduced", "ReducedWithState", "Made", "Listed", "Keyed", "WithSetter", "NewArgs", "NewArgsEx", "MyDict", "MyDict bare",
  "MyDict of tuples", "MyList", "MyList cyclic", "MySet", "MyFrozenSet", "MyTuple", "MyInt", "MyFloat", "MyText", "MyBytes",
  "MyByteArray", "ShopError", "Registry", "Fallback", "Row", "Tagged", "Outer.Inner", "OldStyle", "Color", "Level", "Perm",
  "Pair", "Data", "Frozen", "Child", "DataSlots", "FrozenSlots",
]; // prettier-ignore

/** Without adapters getattr, by which protocols below 4 write a nested class, makes an object, which is no class for NEWOBJ. */
const isNestedRefused = (name: string, types: TypeRegistry): boolean =>
  name === "Outer.Inner" && types === TypeRegistry.empty;

/**
 * What cannot come back to Python 2: Python 3's own pickles name `long` for `int` there too, and an 8-bit string that was loaded as
 * text is text.
 */
const isKnown = (series: string, name: string, problem: string): boolean =>
  series === "2.7" &&
  ((name === "MyInt" && problem.includes("not a subtype of long")) ||
    (name === "MyBytes" && /not a subtype of unicode|UnicodeEncodeError/.test(problem)));

describe.each(interpreters())("instances that CPython $series writes", ({ path, series }) => {
  const encoding = series === "2.7" ? "latin1" : "ASCII";
  const written = ask(
    path,
    examples.map((name) => [name, []]),
  );
  const known = examples.flatMap((name, index) => {
    const answer = written[index];
    return answer?.[1].some((pickle) => pickle !== null) ? [{ name, pickles: answer[1] }] : [];
  });
  const load = (pickle: string, exact: boolean, types = shop): unknown =>
    loads(bytes(pickle), { exact, types, encoding });

  test("are many", () => {
    expect(known.length).toBeGreaterThan(series === "2.7" ? 34 : 38);
  });

  test.each(known)("$name: become the class's own", ({ name, pickles }) => {
    const own = classes[name.replace(/ .*|^Outer\./g, "")];
    for (const [protocol, pickle] of pickles.entries()) {
      for (const exact of [true, false]) {
        if (pickle === null) continue;
        const value = load(pickle, exact);
        const one: unknown = name === "Color" ? (value as unknown[])[0] : value;
        expect(Object.getPrototypeOf(one), `protocol ${protocol}`).toBe(own?.prototype);
      }
    }
  });

  for (const [types, called] of [
    [shop, "with definitions"],
    [stdlib, "with those of the standard library alone"],
    [TypeRegistry.empty, "with none"],
  ] as const) {
    const rewritten = known.map(
      ({ name, pickles }) =>
        [
          name,
          pickles.map((pickle, protocol) => {
            if (pickle === null || (isNestedRefused(name, types) && protocol < 4)) return null;
            const value = load(pickle, true, types);
            return hex(dumps(value, { exact: true, protocol, types }));
          }),
        ] as const,
    );
    const answers = ask(
      path,
      rewritten.map(([name, pickles]) => [name, pickles]),
    );
    test.each(known.map(({ name }, index) => ({ name, problems: answers[index]?.[0] })))(
      `$name: written back ${called} are equal`,
      ({ name, problems }) => {
        expect(problems?.filter((problem) => !isKnown(series, name, problem))).toEqual([]);
      },
    );
    if (series === "3.13")
      test.each(known.map(({ name, pickles }, index) => ({ name, pickles, own: rewritten[index]?.[1] })))(
        `$name: written back ${called} are the same bytes`,
        ({ name, pickles, own }) => {
          expect(own).toEqual(isNestedRefused(name, types) ? pickles.fill(null, 0, 4) : pickles);
        },
      );
  }

  const across = known.map(({ name, pickles }) => {
    const best = pickles.findLast((pickle) => pickle !== null) ?? "";
    const value = load(best, true);
    return [
      name,
      pickles.map((pickle, protocol) =>
        pickle === null ? null : hex(dumps(value, { exact: true, protocol, types: shop })),
      ),
    ] as const;
  });
  const answers = ask(
    path,
    across.map(([name, pickles]) => [name, pickles]),
  );
  test.each(known.map(({ name }, index) => ({ name, problems: answers[index]?.[0] })))(
    "$name: written at every protocol are equal",
    ({ name, problems }) => {
      expect(problems?.filter((problem) => !isKnown(series, name, problem))).toEqual([]);
    },
  );
});
