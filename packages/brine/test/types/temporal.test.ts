import { describe, expect, test } from "vitest";
import { dumps, loads, PyGlobal } from "../../src/index.ts";
import * as t from "../../src/types.ts";

/** A type of `Temporal` as far as it matters here: its tag, its text, and `from`. */
function fake(name: string): { new (text: string): object; from(text: string): object } {
  return class {
    readonly #text: string;
    constructor(text: string) {
      this.#text = text;
    }
    static from(text: string): object {
      return new this(text);
    }
    get [Symbol.toStringTag](): string {
      return `Temporal.${name}`;
    }
    toString(): string {
      return this.#text;
    }
  };
}

const names = ["PlainDate", "PlainTime", "PlainDateTime", "ZonedDateTime", "Instant", "Duration"] as const;
/** Node 20 has no `Temporal`; a runtime that has one is tested with it by test-runtimes. */
const Temporal = Object.fromEntries(names.map((name) => [name, fake(name)])) as Record<
  (typeof names)[number],
  ReturnType<typeof fake>
>;
const paris = new t.PyZoneInfo("Europe/Paris");

describe("dumps takes Temporal", () => {
  test.each<[(typeof names)[number], string, t.PyValue]>([
    ["PlainDate", "2020-01-02", new t.PyDate(2020, 1, 2)],
    ["PlainDate", "2020-01-02[u-ca=gregory]", new t.PyDate(2020, 1, 2)],
    ["PlainTime", "03:04:05.000006", new t.PyTime(3, 4, 5, 6)],
    ["PlainDateTime", "2020-01-02T03:04:05.5", new t.PyDateTime(2020, 1, 2, 3, 4, 5, 500_000)],
    ["Instant", "2020-01-02T03:04:05Z", new t.PyDateTime(2020, 1, 2, 3, 4, 5, 0, t.utc)],
    ["ZonedDateTime", "2020-01-02T03:04:05+00:00[UTC]", new t.PyDateTime(2020, 1, 2, 3, 4, 5, 0, t.utc)],
    [
      "ZonedDateTime",
      "2020-01-02T03:04:05+05:30[+05:30]",
      new t.PyDateTime(2020, 1, 2, 3, 4, 5, 0, new t.PyTimeZone("+05:30")),
    ],
    [
      "ZonedDateTime",
      "2022-10-30T02:30:00+02:00[Europe/Paris]",
      new t.PyDateTime(2022, 10, 30, 2, 30, 0, 0, paris),
    ],
    [
      "ZonedDateTime",
      "2022-10-30T02:30:00+01:00[Europe/Paris]",
      new t.PyDateTime(2022, 10, 30, 2, 30, 0, 0, paris, 1),
    ],
    ["Duration", "P1DT2H3.000004S", new t.PyTimeDelta(1, 7203, 4)],
    ["Duration", "-P2W", new t.PyTimeDelta(-14)],
  ])("%s %s", (name, text, twin) => {
    const options = { exact: true, protocol: 5 };
    expect(dumps(Temporal[name].from(text), options)).toEqual(dumps(twin, options));
  });

  test.each<[(typeof names)[number], string, string]>([
    ["Duration", "P1Y", "Years and months have no fixed length"],
    ["PlainTime", "03:04:05.000000007", "round it to microseconds first"],
    ["PlainDate", "-000001-01-01", "year must be in 1..9999"],
  ])("%s %s is refused", (name, text, words) => {
    expect(() => dumps({ at: Temporal[name].from(text) })).toThrow(words);
    expect(() => dumps({ at: Temporal[name].from(text) })).toThrow("$.at");
  });

  test("what has no twin is refused", () => {
    expect(() => dumps(fake("PlainYearMonth").from("2020-01"))).toThrow("can't pickle an instance of");
  });
});

describe("toTemporal", () => {
  test.each<[t.PyDate | t.PyTime | t.PyDateTime | t.PyTimeDelta, (typeof names)[number], string]>([
    [new t.PyDate(2020, 1, 2), "PlainDate", "2020-01-02"],
    [new t.PyTime(3, 4, 5, 6), "PlainTime", "03:04:05.000006"],
    [new t.PyDateTime(2020, 1, 2), "PlainDateTime", "2020-01-02T00:00:00"],
    [new t.PyDateTime(2020, 1, 2, 3, 0, 0, 0, t.utc), "ZonedDateTime", "2020-01-02T03:00:00+00:00[UTC]"],
    [
      new t.PyDateTime(2022, 10, 30, 2, 30, 0, 0, paris, 1),
      "ZonedDateTime",
      "2022-10-30T02:30:00+01:00[Europe/Paris]",
    ],
    [new t.PyTimeDelta(-1), "Duration", "-P1D"],
  ])("%s", (value, name, text) => {
    const made: object = value.toTemporal(Temporal);
    expect(made).toBeInstanceOf(Temporal[name]);
    expect(String(made as { toString(): string })).toBe(text);
    // And back.
    expect(value.equals(loads(dumps(made)))).toBe(true);
  });

  test("without a Temporal says what to do", () => {
    expect(() => new t.PyDate(2020, 1, 2).toTemporal({})).toThrow("give toTemporal that of a polyfill");
  });
  test("of a zone that Temporal has not", () => {
    const zone = new t.PyDateutilZone(new PyGlobal("dateutil.tz.tz", "tzlocal"));
    expect(() => new t.PyDateTime(2020, 1, 1, 0, 0, 0, 0, zone).toTemporal(Temporal)).toThrow("no zone");
  });
});
