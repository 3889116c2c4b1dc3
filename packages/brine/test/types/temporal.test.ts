import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { dumps, loads, PyGlobal } from "../../src/index.ts";
import * as t from "../../src/types.ts";

type Name =
  | "PlainDate"
  | "PlainTime"
  | "PlainDateTime"
  | "ZonedDateTime"
  | "Instant"
  | "Duration"
  | "PlainYearMonth";

/** Node 20 has no `Temporal`; a runtime that has one is tested with it by test-runtimes. */
const of = (name: Name, text: string): object => Temporal[name].from(text);
const paris = new t.PyZoneInfo("Europe/Paris");
const dateutil = (name: string): PyGlobal => new PyGlobal("dateutil.tz.tz", name);

describe("dumps takes Temporal", () => {
  test.each<[Name, string, t.PyValue]>([
    ["PlainDate", "2020-01-02", new t.PyDate(2020, 1, 2)],
    ["PlainDate", "2020-01-02[u-ca=gregory]", new t.PyDate(2020, 1, 2)],
    ["PlainDate", "0001-01-01", new t.PyDate(1, 1, 1)],
    ["PlainDate", "9999-12-31", new t.PyDate(9999, 12, 31)],
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
      "2022-10-30T02:30:00+02:00[Europe/Paris][u-ca=gregory]",
      new t.PyDateTime(2022, 10, 30, 2, 30, 0, 0, paris),
    ],
    [
      "ZonedDateTime",
      "2022-10-30T02:30:00+01:00[Europe/Paris]",
      new t.PyDateTime(2022, 10, 30, 2, 30, 0, 0, paris, 1),
    ],
    // The offset is +00:09:21, and Temporal writes +00:09.
    ["ZonedDateTime", "1850-01-01T00:00[Europe/Paris]", new t.PyDateTime(1850, 1, 1, 0, 0, 0, 0, paris)],
    ["Duration", "P1DT2H3.000004S", new t.PyTimeDelta(1, 7203, 4)],
    ["Duration", "-P2W", new t.PyTimeDelta(-14)],
    ["Duration", "P999999999DT23H59M59.999999S", new t.PyTimeDelta(999_999_999, 86_399, 999_999)],
  ])("%s %s", (name, text, twin) => {
    const options = { exact: true, protocol: 5 };
    expect(dumps(of(name, text), options)).toEqual(dumps(twin, options));
  });

  test.each<[Name, string, string]>([
    ["Duration", "P1Y", "Years and months have no fixed length"],
    ["Duration", "P1000000000D", "days must be in"],
    ["PlainTime", "03:04:05.000000007", "round it to microseconds first"],
    ["PlainDate", "-000001-01-01", "year must be in 1..9999"],
    ["PlainYearMonth", "2020-01", "can't pickle an instance of PlainYearMonth"],
  ])("%s %s is refused", (name, text, words) => {
    expect(() => dumps({ at: [of(name, text)] })).toThrow(words);
    expect(() => dumps({ at: [of(name, text)] })).toThrow("$.at[0]");
  });
});

describe("toTemporal", () => {
  test.each<[t.PyDate | t.PyTime | t.PyDateTime | t.PyTimeDelta, Name, string]>([
    [new t.PyDate(2020, 1, 2), "PlainDate", "2020-01-02"],
    [new t.PyTime(3, 4, 5, 6), "PlainTime", "03:04:05.000006"],
    [new t.PyDateTime(2020, 1, 2), "PlainDateTime", "2020-01-02T00:00:00"],
    [new t.PyDateTime(2020, 1, 2, 3, 0, 0, 0, t.utc), "ZonedDateTime", "2020-01-02T03:00:00+00:00[UTC]"],
    [
      new t.PyDateTime(2022, 10, 30, 2, 30, 0, 0, paris, 1),
      "ZonedDateTime",
      "2022-10-30T02:30:00+01:00[Europe/Paris]",
    ],
    [
      new t.PyDateTime(9999, 12, 31, 23, 59, 59, 999_999, new t.PyTimeZone("-23:59")),
      "ZonedDateTime",
      "9999-12-31T23:59:59.999999-23:59[-23:59]",
    ],
    [
      new t.PyDateTime(2020, 1, 2, 3, 0, 0, 0, new t.PyDateutilZone(dateutil("tzutc"))),
      "ZonedDateTime",
      "2020-01-02T03:00:00+00:00[UTC]",
    ],
    [
      new t.PyDateTime(
        2020,
        1,
        2,
        3,
        0,
        0,
        0,
        new t.PyDateutilZone(dateutil("tzoffset"), ["X", new t.PyTimeDelta(0, 5400)]),
      ),
      "ZonedDateTime",
      "2020-01-02T03:00:00+01:30[+01:30]",
    ],
    // Temporal has no time in a gap: the same instant after it.
    [
      new t.PyDateTime(2022, 3, 27, 2, 30, 0, 0, paris),
      "ZonedDateTime",
      "2022-03-27T03:30:00+02:00[Europe/Paris]",
    ],
    [
      new t.PyDateTime(2022, 3, 27, 2, 30, 0, 0, paris, 1),
      "ZonedDateTime",
      "2022-03-27T01:30:00+01:00[Europe/Paris]",
    ],
    // pytz's own mean time, 9 minutes, is not that of the database, 9:21.
    [
      new t.PyDateTime(1850, 1, 1, 0, 0, 0, 0, new t.PyPytzZone("Europe/Paris", 540, 0, "LMT")),
      "ZonedDateTime",
      "1850-01-01T00:00:21+00:09[Europe/Paris]",
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
    expect(() => new t.PyDate(2020, 1, 2).toTemporal({})).toThrow("give toTemporal a polyfill");
  });
  test("of a zone that Temporal has not", () => {
    const zone = new t.PyDateutilZone(dateutil("tzlocal"));
    expect(() => new t.PyDateTime(2020, 1, 1, 0, 0, 0, 0, zone).toTemporal(Temporal)).toThrow("no offset");
    const seconds = new t.PyTimeZone("+01:00:01");
    expect(() => new t.PyDateTime(2020, 1, 1, 0, 0, 0, 0, seconds).toTemporal(Temporal)).toThrow(RangeError);
  });
});

describe("texts of ISO 8601", () => {
  test("an offset says which of two times is meant", () => {
    expect((t.dateTimeFrom("2022-10-30T02:30+01:00[Europe/Paris]") as { fold: number }).fold).toBe(1);
    expect((t.dateTimeFrom("2022-10-30T02:30+02:00[Europe/Paris]") as { fold: number }).fold).toBe(0);
  });
  test.each(["2022-07-01T02:30+05:00[Europe/Paris]", "2022-07-01T02:30Z[Europe/Paris]"])(
    "%s: an offset that the zone has not is refused",
    (text) => {
      expect(() => t.dateTimeFrom(text)).toThrow("Europe/Paris is not at");
    },
  );
  test("a time keeps its offset", () => {
    expect(String(t.timeFrom("03:04:05+05:30"))).toBe("03:04:05+05:30");
    expect(t.timeFrom("03:04").tzinfo).toBeNull();
  });
});
