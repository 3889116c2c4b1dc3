import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { UnpicklingError } from "../../src/errors.ts";
import { dumps, loads, PyDict, PyGlobal, PyObject, pythonKey, Tuple, TypeRegistry } from "../../src/index.ts";
import * as core from "../../src/core.ts";
import * as t from "../../src/types.ts";

const paris = new t.PyZoneInfo("Europe/Paris");
const builtin = (name: string): PyGlobal => new PyGlobal("builtins", name);
const again = <T>(value: T, plain = false): T =>
  loads(dumps(value, { exact: !plain }), { exact: !plain }) as T;

describe("as a text, in the console, as JSON", () => {
  test.each<[value: { toString(): string }, text: string, inspected: string, json: unknown]>([
    [new t.PyDate(1, 2, 3), "0001-02-03", "datetime.date(0001-02-03)", "0001-02-03"],
    [new t.PyTime(1, 2, 3, 4), "01:02:03.000004", "datetime.time(01:02:03.000004)", "01:02:03.000004"],
    [new t.PyTime(1, 2, 3, 0, t.utc), "01:02:03+00:00", "datetime.time(01:02:03+00:00)", "01:02:03+00:00"],
    [
      new t.PyDateTime(2020, 1, 2, 3, 4, 5, 6),
      "2020-01-02T03:04:05.000006",
      "datetime.datetime(2020-01-02T03:04:05.000006)",
      "2020-01-02T03:04:05.000006",
    ],
    [
      new t.PyDateTime(2022, 7, 1, 12, 0, 0, 0, paris),
      "2022-07-01T12:00:00+02:00",
      "datetime.datetime(2022-07-01T12:00:00+02:00)",
      "2022-07-01T12:00:00+02:00",
    ],
    [new t.PyTimeDelta(1, 2, 3), "P1DT2.000003S", "datetime.timedelta(P1DT2.000003S)", "P1DT2.000003S"],
    [new t.PyTimeDelta(), "PT0S", "datetime.timedelta(PT0S)", "PT0S"],
    [new t.PyTimeDelta(3), "P3D", "datetime.timedelta(P3D)", "P3D"],
    [new t.PyTimeDelta(0, -5400), "-PT1H30M", "datetime.timedelta(-PT1H30M)", "-PT1H30M"],
    [t.utc, "UTC", "datetime.timezone(UTC)", "UTC"],
    [new t.PyTimeZone("-03:30"), "UTC-03:30", "datetime.timezone(UTC-03:30)", "UTC-03:30"],
    [paris, "Europe/Paris", "zoneinfo.ZoneInfo(Europe/Paris)", "Europe/Paris"],
    [new t.PyPytzZone("US/Eastern", -14_400, 3600, "EDT"), "US/Eastern", "pytz._p(US/Eastern)", "US/Eastern"],
    [new t.PyPytzZone(undefined, 5400), "+01:30", "pytz.FixedOffset(+01:30)", "+01:30"],
    [new t.PyDecimal("1.10"), "1.10", "decimal.Decimal(1.10)", "1.10"],
    [new t.PyFraction(14, -6), "-7/3", "fractions.Fraction(-7/3)", "-7/3"],
    [new t.PyFraction(4, 2), "2", "fractions.Fraction(2)", "2"],
    [
      new t.PyUUID("{12345678123456781234567812345678}"),
      "12345678-1234-5678-1234-567812345678",
      "uuid.UUID(12345678-1234-5678-1234-567812345678)",
      "12345678-1234-5678-1234-567812345678",
    ],
    [new t.PyPath("/a/./b//c"), "/a/b/c", "pathlib.PurePosixPath(/a/b/c)", "/a/b/c"],
    [new t.PyPath(["/a", "b", "c"], "PosixPath"), "/a/b/c", "pathlib.PosixPath(/a/b/c)", "/a/b/c"],
    [new t.PyPath(["/a", "/b"]), "/b", "pathlib.PurePosixPath(/b)", "/b"],
    [new t.PyPath(""), ".", "pathlib.PurePosixPath(.)", "."],
    [
      new t.PyPath(["C:\\", "x", "y/z"], "PureWindowsPath"),
      "C:\\x\\y\\z",
      "pathlib.PureWindowsPath(C:\\x\\y\\z)",
      "C:\\x\\y\\z",
    ],
    [new t.PyPath(["C:a", "\\x"], "PureWindowsPath"), "C:\\x", "pathlib.PureWindowsPath(C:\\x)", "C:\\x"],
    [
      new t.PyPath("//host/share/x", "PureWindowsPath"),
      "\\\\host\\share\\x",
      "pathlib.PureWindowsPath(\\\\host\\share\\x)",
      "\\\\host\\share\\x",
    ],
    [new t.PyRange(0, 10), "range(0, 10)", "builtins.range(range(0, 10))", "range(0, 10)"],
    [new t.PyIpAddress("10.0.0.0/8"), "10.0.0.0/8", "ipaddress.IPv4Network(10.0.0.0/8)", "10.0.0.0/8"],
    [
      new t.PyEnum(new PyGlobal("m", "Color"), "RED", 1n),
      "Color.RED",
      "m.Color { name: 'RED', value: 1n }",
      { $type: "m.Color", name: "RED", value: 1n },
    ],
    [
      new t.PyException("KeyError", ["name"]),
      "KeyError: name",
      "builtins.KeyError { args: [ 'name' ] }",
      { $type: "builtins.KeyError", args: ["name"] },
    ],
    [
      new t.PyUserString("text"),
      "text",
      "collections.UserString { data: 'text' }",
      { $type: "collections.UserString", data: "text" },
    ],
  ])("%s", (value, text, inspected, json) => {
    expect(value.toString()).toBe(text);
    expect(inspect(value)).toBe(inspected);
    expect((value as { toJSON?: () => unknown }).toJSON?.()).toEqual(json);
  });

  test("what holds others", () => {
    const list = builtin("list");
    expect(inspect(new t.PyOrderedDict([["a", 1]]))).toBe("collections.OrderedDict(1) { 'a' => 1 }");
    expect(inspect(new t.PyDefaultDict(list, [["a", []]]))).toBe("collections.defaultdict(1) { 'a' => [] }");
    expect(inspect(new t.PyDeque([1, 2, 3], 2))).toBe("collections.deque(2, maxlen=2) [ 2, 3 ]");
    expect(inspect(new t.PySimpleNamespace({ a: 1 }))).toBe("types.SimpleNamespace { a: 1 }");
    expect(JSON.stringify(new t.PyDeque([1, 2]))).toBe("[1,2]");
    expect(JSON.stringify(new t.PyOrderedDict([["a", 1]]))).toBe('{"a":1}');
    expect(JSON.stringify(new t.PySlice(1, null))).toBe(
      '{"$type":"builtins.slice","start":1,"stop":null,"step":null}',
    );
    const loop = new t.PySimpleNamespace();
    loop.state = new Map([["me", loop]]);
    expect(inspect(loop)).toBe("types.SimpleNamespace { me: [Circular] }");
  });
});

describe("equality", () => {
  const same: [unknown, unknown][] = [
    [new t.PyDateTime(2020, 1, 1, 12, 0, 0, 0, t.utc), new t.PyDateTime(2020, 1, 1, 13, 0, 0, 0, paris)],
    [new t.PyTime(12, 0, 0, 0, t.utc), new t.PyTime(13, 0, 0, 0, new t.PyTimeZone("+01:00"))],
    [new t.PyTimeZone("Z"), new t.PyTimeZone("+00:00", "GMT")],
    [new t.PyTimeDelta(1), new t.PyTimeDelta(0, 86_400)],
    [new t.PyDecimal("1.0"), 1n],
    [new t.PyDecimal("0.50"), 0.5],
    [new t.PyDecimal("1e3"), new t.PyFraction(1000)],
    [new t.PyFraction(1, 2), 0.5],
    [new t.PyDecimal("-0"), 0],
    [new t.PyRange(0, 0), new t.PyRange(5, 3)],
    [new t.PyRange(0, 10, 3), new t.PyRange(0, 12, 3)],
    [new t.PyEnum(builtin("X"), "A", 4n, true), 4],
    [new t.PyUserString("a"), "a"],
    [new t.PySlice(1n, null), new t.PySlice(1, null)],
    [new t.PyDeque([1, [2]]), new t.PyDeque([1, [2]], 9)],
    [new t.PyOrderedDict([["a", 1]]), new PyDict([["a", 1n]])],
    [new t.PySimpleNamespace({ a: [1] }), new t.PySimpleNamespace({ a: [1n] })],
    [new t.PyPath("/a/b"), new t.PyPath(["/", "a", "b"])],
    [new t.PyPath("C:/A", "PureWindowsPath"), new t.PyPath("c:\\a", "PureWindowsPath")],
    [
      [Tuple.of(1, 2), new Set([1])],
      [Tuple.of(1n, 2), new Set([1])],
    ],
    [{ a: [1] }, new Map([["a", [true]]])],
  ];
  test.each(same)("%s is %s", (a, b) => {
    expect(t.pythonEquals(a, b)).toBe(true);
    expect(t.pythonEquals(b, a)).toBe(true);
  });

  const different: [unknown, unknown][] = [
    [new t.PyDateTime(2020, 1, 1), new t.PyDateTime(2020, 1, 1, 0, 0, 0, 0, t.utc)],
    [new t.PyDate(2020, 1, 1), new t.PyDateTime(2020, 1, 1)],
    [new t.PyDecimal("NaN"), new t.PyDecimal("NaN")],
    [new t.PyDecimal("0.1"), 0.1],
    [new t.PyFraction(1, 3), 1 / 3],
    [new t.PyPath("/a"), new t.PyPath("/a", "PosixPath")],
    [[1], Tuple.of(1)],
    [new t.PyDeque([1]), [1]],
    [
      new t.PyOrderedDict([
        ["a", 1],
        ["b", 2],
      ]),
      new t.PyOrderedDict([
        ["b", 2],
        ["a", 1],
      ]),
    ],
    [new t.PyUUID(1n), 1n],
    [new t.PyPartial(builtin("int")), new t.PyPartial(builtin("int"))],
    ["1", 1],
    [null, 0],
  ];
  test.each(different)("%s is not %s", (a, b) => {
    expect(t.pythonEquals(a, b)).toBe(false);
    expect(t.pythonEquals(b, a)).toBe(false);
  });

  test("goes deep without recursion, and ends on cycles", () => {
    const nested = (): unknown => {
      let value: unknown[] = [];
      for (let i = 0; i < 100_000; i++) value = [value];
      return value;
    };
    expect(t.pythonEquals(nested(), nested())).toBe(true);
    const [a, b] = [[1], [1]] as [unknown[], unknown[]];
    a.push(a);
    b.push(b);
    expect(t.pythonEquals(a, b)).toBe(true);
  });

  test("as keys", () => {
    const dict = new PyDict<unknown, number>([
      [new t.PyDecimal("1.50"), 1],
      [new t.PyUUID(5n), 2],
      [new t.PyDate(2020, 1, 1), 3],
      [new t.PyZoneInfo("Asia/Tokyo"), 4],
    ]);
    expect(dict.get(1.5)).toBe(1);
    expect(dict.get(new t.PyUUID(5n))).toBe(2);
    expect(dict.get(new t.PyDate(2020, 1, 1))).toBe(3);
    expect(dict.get(new t.PyZoneInfo("Asia/Tokyo"))).toBe(4);
    for (const value of [
      new t.PyDeque(),
      new t.PyOrderedDict(),
      new t.PySimpleNamespace(),
      new t.PyUserList(),
    ]) {
      expect((value as { [pythonKey](): unknown })[pythonKey]()).toBeUndefined();
      expect(() => dict.set(value, 1)).toThrow(/^unhashable type: '/);
    }
    const record = new t.PyLogRecord();
    expect(dict.set(record, 5).get(record)).toBe(5);
    expect(dict.get(new t.PyLogRecord())).toBeUndefined();
  });
});

describe("made by hand", () => {
  test.each<[string, () => unknown]>([
    ["no such month", () => new t.PyDate(2020, 13, 1)],
    ["no such day", () => new t.PyDate(2021, 2, 29)],
    ["no such year", () => new t.PyDate(0, 1, 1)],
    ["half an hour", () => new t.PyTime(0.5)],
    ["no such second", () => new t.PyDateTime(2020, 1, 1, 0, 0, 60)],
    ["too long", () => new t.PyTimeDelta(1_000_000_000)],
    ["a day of offset", () => new t.PyTimeZone(new t.PyTimeDelta(1))],
    ["no offset", () => new t.PyTimeZone("one")],
    ["no decimal", () => new t.PyDecimal("1.1.1")],
    ["no fraction", () => new t.PyFraction(1, 0)],
    ["no UUID", () => new t.PyUUID("x")],
    ["no UUID that large", () => new t.PyUUID(2n ** 128n)],
    ["no address", () => new t.PyIpAddress("256.0.0.1")],
    ["not of that version", () => new t.PyIpAddress("::1", "IPv4Address")],
    ["no range", () => new t.PyRange(0, 1, 0)],
    ["other items", () => new t.PyArray("i", Float64Array.of(1))],
    ["no date", () => t.dateTimeFrom("yesterday")],
    ["no length", () => t.timeDeltaFrom("P1Y")],
    ["nanoseconds", () => t.timeFrom("01:02:03.123456789")],
  ])("%s is refused", (_, make) => {
    expect(make).toThrow(/./);
  });

  test("from ISO 8601", () => {
    expect(
      t
        .dateTimeFrom("2020-01-02T03:04:05.5+05:30")
        .equals(new t.PyDateTime(2020, 1, 2, 3, 4, 5, 500_000, new t.PyTimeZone("+05:30"))),
    ).toBe(true);
    expect(t.dateTimeFrom("2020-01-02T03:04Z").tzinfo).toBe(t.utc);
    expect(t.dateTimeFrom("2020-01-02").hour).toBe(0);
    expect(t.dateFrom("2020-01-02").toDate().toISOString()).toBe("2020-01-02T00:00:00.000Z");
    for (const text of ["P1DT2H3M4.000005S", "-PT1S", "PT0S", "P3W"]) {
      const delta = t.timeDeltaFrom(text);
      expect(t.timeDeltaFrom(delta.toString()).equals(delta)).toBe(true);
    }
    expect(t.timeDeltaFrom({ days: 1, hours: -1 }).totalSeconds).toBe(82_800);
  });

  test("frozen where Python's is", () => {
    for (const value of [new t.PyDate(2020, 1, 1), again(new t.PyUUID(7n)), new t.PyDecimal("1"), t.utc]) {
      expect(Object.isFrozen(value)).toBe(true);
    }
  });

  test("what they can do", () => {
    const deque = new t.PyDeque([1, 2], 2);
    deque.append(3);
    expect([...deque]).toEqual([2, 3]);
    deque.appendleft(1);
    expect([...deque]).toEqual([1, 2]);
    expect(Object.getPrototypeOf(deque.map((x) => x))).toBe(Array.prototype);
    expect(t.mostCommon(t.counterOf("abca"))[0]).toEqual(["a", 2n]);
    expect(new t.PyChainMap(new Map([["a", 1]]), { a: 2, b: 3 }).lookup("b")).toBe(3);
    expect([...new t.PyRange(5, 0, -2)]).toEqual([5n, 3n, 1n]);
    expect(new t.PyRange(0, 10, 3).length).toBe(4n);
    expect(new t.PyUUID(5n).bytes).toEqual(Uint8Array.from([...Array<number>(15).fill(0), 5]));
    expect(new t.PyDecimal("-Infinity").toNumber()).toBe(-Infinity);
    expect(new t.PyFraction(1, 4).toNumber()).toBe(0.25);
    expect(new t.PyPath("/a/b.txt").name).toBe("b.txt");
    const Point = t.namedTuple("shapes", "Point", ["x", "length"]);
    const point = Point.make([1, 2]);
    expect(point.get("x")).toBe(1);
    expect((point as unknown as { x: number }).x).toBe(1);
    expect(point.length).toBe(2);
    expect(point.get("length")).toBe(2);
    expect(point.equals(Tuple.of(1, 2))).toBe(true);
    expect(() => Point.make([1])).toThrow("Point has 2 fields");
    const record = new t.PyLogRecord({ name: "app", levelno: 20, msg: "hi", created: 1.5 });
    expect([record.name, record.level, record.message, record.toDate().getTime()]).toEqual([
      "app",
      20,
      "hi",
      1500,
    ]);
    const error = new t.PyException("OSError", [2, "No such file", "f.txt"]);
    expect(error).toBeInstanceOf(Error);
    expect([error.errno, error.filename, error.message]).toEqual([
      2,
      "f.txt",
      "[Errno 2] No such file: 'f.txt'",
    ]);
  });
});

test("messages of email are those of email.message and email.mime", () => {
  const load = (name: string): unknown => loads(new TextEncoder().encode(`c${name}\n(tR.`));
  for (const name of ["email.message\nEmailMessage", "email.mime.text\nMIMEText"])
    expect(load(name)).toBeInstanceOf(t.PyEmailMessage);
  expect(load("email._header_value_parser\nMIMEVersion")).not.toBeInstanceOf(t.PyEmailMessage);
});

describe("instants", () => {
  test("of aware times", () => {
    const time = (fold: number): t.PyDateTime =>
      new t.PyDateTime(2022, 10, 30, 2, 30, 0, 999_999, paris, fold);
    expect(time(0).toDate().toISOString()).toBe("2022-10-30T00:30:00.999Z");
    expect(time(1).toDate().toISOString()).toBe("2022-10-30T01:30:00.999Z");
    expect(new t.PyDateTime(1, 1, 1, 0, 0, 0, 0, t.utc).toDate().toISOString()).toBe(
      "0001-01-01T00:00:00.000Z",
    );
    expect(new t.PyDateTime(1969, 12, 31, 23, 59, 59, 999_999, t.utc).toDate().getTime()).toBe(-1);
    const eastern = new t.PyPytzZone("US/Eastern", -14_400, 3600, "EDT");
    expect(new t.PyDateTime(2020, 7, 1, 0, 0, 0, 0, eastern).toDate().toISOString()).toBe(
      "2020-07-01T04:00:00.000Z",
    );
  });
  test("in a gap, as PEP 495 says", () => {
    const time = (fold: number): string => new t.PyDateTime(2022, 3, 27, 2, 30, 0, 0, paris, fold).toString();
    expect(time(0)).toBe("2022-03-27T02:30:00+01:00");
    expect(time(1)).toBe("2022-03-27T02:30:00+02:00");
  });
  test("of naive times, as local time", () => {
    expect(new t.PyDateTime(2020, 1, 2, 3, 4, 5, 6789).toDate()).toEqual(new Date(2020, 0, 2, 3, 4, 5, 6));
  });
  test("in two parts", () => {
    const value = new t.PyDateTime(2020, 1, 2, 3, 4, 5, 6, t.utc, 1);
    expect(t.datePartOf(value).equals(new t.PyDate(2020, 1, 2))).toBe(true);
    const time = t.timePartOf(value);
    expect([String(time), time.tzinfo, time.fold]).toEqual(["03:04:05.000006+00:00", t.utc, 1]);
  });
  test.each([
    // dateutil 2, 3 and later.
    ["cdateutil.tz.tz\ntzfile\n(NV/usr/share/zoneinfo/Europe/Paris\ntR.", "2022-07-01T00:00:00+02:00"],
    ["cdateutil.zoneinfo\ntzfile\n(NVEurope/Paris\ntR.", "2022-07-01T00:00:00+02:00"],
    [
      "cdateutil.tz._tzfile\n_unpickle\n(cdateutil.tz._tzfile\ntzfile\nVEurope/Paris\nV/a/zoneinfo/Europe/Paris\n((tttR.",
      "2022-07-01T00:00:00+02:00",
    ],
    [
      "cdateutil.tz._tzfile\n_unpickle\n(cdateutil.tz._tzfile\ntzfile\nNV/usr/share/zoneinfo/Asia/Tokyo\n((tttR.",
      "2022-07-01T00:00:00+09:00",
    ],
    [
      "cdateutil.tz.tz\ntzoffset\n(VX\ncdatetime\ntimedelta\n(I0\nI3600\nI0\ntRtR.",
      "2022-07-01T00:00:00+01:00",
    ],
    ["cdateutil.tz.tz\ntzutc\n(tR.", "2022-07-01T00:00:00+00:00"],
    ["cdateutil.tz.tz\ntzfile\n(NV/etc/localtime\ntR.", "2022-07-01T00:00:00"],
  ])("in a zone of dateutil: %j", (pickle, text) => {
    const zone = loads(Buffer.from(pickle), { exact: true });
    expect(zone).toBeInstanceOf(t.PyDateutilZone);
    expect(again(zone)).toEqual(zone);
    expect(String(new t.PyDateTime(2022, 7, 1, 0, 0, 0, 0, zone))).toBe(text);
  });
  test("a time in a zone of one offset has it", () => {
    for (const [key, text] of [
      ["UTC", "03:00:00+00:00"],
      ["Etc/GMT+5", "03:00:00-05:00"],
      ["Europe/Paris", "03:00:00"],
    ] as const)
      expect(String(new t.PyTime(3, 0, 0, 0, new t.PyZoneInfo(key)))).toBe(text);
    const zoned = new t.PyTime(3, 0, 0, 0, new t.PyZoneInfo("UTC"));
    expect(zoned.equals(new t.PyTime(3, 0, 0, 0, t.utc))).toBe(true);
  });
  test("of an unknown zone", () => {
    const value = new t.PyDateTime(2020, 1, 1, 0, 0, 0, 0, new t.PyZoneInfo("No/Where"));
    expect(value.offset).toBeUndefined();
    expect(() => value.toDate()).toThrow("has no offset");
  });
});

describe("in plain mode", () => {
  test("arrays are typed arrays, and typed arrays are written as arrays", () => {
    const arrays = [
      Int8Array.of(-1),
      Int16Array.of(-1),
      Uint16Array.of(1),
      Int32Array.of(-1),
      Uint32Array.of(1),
      BigInt64Array.of(-1n),
      BigUint64Array.of(1n),
      Float32Array.of(1.5),
      Float64Array.of(0.1),
    ];
    for (const protocol of [0, 2, 3, 5]) expect(loads(dumps(arrays, { protocol }))).toEqual(arrays);
    const exact = loads(dumps(Int16Array.of(5)), { exact: true });
    expect(exact).toBeInstanceOf(t.PyArray);
    expect((exact as t.PyArray).typecode).toBe("h");
    expect(loads(dumps(new t.PyArray("u", "h☃")))).toBe("h☃");
  });
  test("Date is an aware datetime", () => {
    const value = again(new Date(12_345), true) as unknown;
    expect(value).toBeInstanceOf(t.PyDateTime);
    expect((value as t.PyDateTime).toDate()).toEqual(new Date(12_345));
    for (const date of [new Date(Number.NaN), new Date(Date.UTC(10_000, 0))]) {
      let code: unknown;
      try {
        dumps([date]);
      } catch (error) {
        ({ code } = error as { code?: unknown });
      }
      expect(code).toBe("unsupported-type");
    }
  });
  test("keys that are tuples compare by value", () => {
    const pickle = dumps(new t.PyOrderedDict([[Tuple.of(1n, 2n), "x"]]), { exact: true });
    for (const dicts of ["auto", "object", "map"] as const) {
      const dict = loads(pickle, { dicts }) as unknown as t.PyOrderedDict;
      expect(dict.get(Tuple.of(1, 2))).toBe("x");
    }
    const counter = new t.PyCounter([[Tuple.of(1n), 2n]]);
    expect((loads(dumps(counter, { exact: true })) as unknown as t.PyCounter).get(Tuple.of(1))).toBe(2);
  });
  test("the same classes, plain values in them", () => {
    const value = loads(dumps(new t.PyDeque([1n, Tuple.of(2n)]), { exact: true })) as unknown as t.PyDeque;
    expect(value).toBeInstanceOf(t.PyDeque);
    expect([...value]).toEqual([1, [2]]);
  });
});

describe("what is odd", () => {
  const pickle = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

  test.each([
    "cdatetime\ndate\n(I2021\nI2\nI29\ntR.",
    "cdatetime\ndatetime\n(VX\ntR.",
    "cdatetime\ntimedelta\n(I1000000000\ntR.",
    "cdatetime\ntimezone\n(I1\ntR.",
    "cdecimal\nDecimal\n(Vx\ntR.",
    "cfractions\nFraction\n(I1\nI0\ntR.",
    "cuuid\nUUID\n(I1\ntR.",
    "cipaddress\nip_address\n(Vx\ntR.",
    "cipaddress\nIPv4Address\n(I-1\ntR.",
    "carray\narray\n(Vi\n(lI2147483648\natR.",
    "carray\narray\n(V__proto__\n(ltR.",
    "carray\n_array_reconstructor\n(carray\narray\nVi\nI99\nVx\ntR.",
    "ccollections\ndeque\n((lI-1\ntR.",
    "ccollections\nOrderedDict\n((lI1\natR.",
    "cbuiltins\nrange\n(I0\nI1\nI0\ntR.",
    "cre\n_compile\n(I1\nI1\ntR.",
  ])("%j stays a PyObject", (text) => {
    expect(loads(pickle(text), { exact: true })).toBeInstanceOf(PyObject);
  });

  test.each([
    "ccollections\ndeque\n",
    "ccollections\nOrderedDict\n",
    "carray\narray\n",
    "cdecimal\nDecimal\n",
    "cfunctools\npartial\n",
    "ccopy_reg\n_reconstructor\n",
  ])("a large argument given to %j again and again is paid for each time", (type) => {
    const large = type.includes("Decimal") ? `V${"1".repeat(200_000)}\n` : `(${"N".repeat(20_000)}l`;
    const first = type.includes("copy_reg")
      ? "cm\nC\nc__builtin__\nlist\n"
      : type.includes("array")
        ? "Vd\n"
        : "";
    const text = `${type}p0\n0(${first}${large}tp1\n0(${"g0\ng1\nR".repeat(1000)}l.`;
    expect(() => loads(pickle(text), { limits: { allocation: 2 ** 25 } })).toThrow("limits.allocation");
  });
  test("unhashable keys are refused", () => {
    const text = "ccollections\nOrderedDict\n(tR(lI1\ns.";
    expect(() => loads(pickle(text), { exact: true })).toThrow("unhashable type: 'list'");
  });
  test("a deque beyond its maxlen is refused", () => {
    const text = "ccollections\ndeque\n((tI1\ntRI1\naI2\na.";
    expect(() => loads(pickle(text))).toThrow(UnpicklingError);
  });
  test("names from a pickle are attributes, whatever they are", () => {
    const text = "ctypes\nSimpleNamespace\n(tR(dV__proto__\nI1\nsVconstructor\nI2\nsb.";
    const value = loads(pickle(text)) as unknown as t.PySimpleNamespace;
    expect(value.get("__proto__")).toBe(1);
    expect(Object.getPrototypeOf(value)).toBe(t.PySimpleNamespace.prototype);
    expect(inspect(value)).toBe("types.SimpleNamespace { ['__proto__']: 1, constructor: 2 }");
  });
  test("a partial is callable for NEWOBJ_EX alone", () => {
    const made = new PyObject(new PyGlobal("m", "C"), Tuple.of(1n), { kwargs: new Map([["b", 2n]]) });
    for (const protocol of [2, 3, 4]) {
      const back = loads(dumps(made, { exact: true, protocol }), { exact: true }) as PyObject;
      expect([back.how, back.args, back.kwargs]).toEqual(["newobj_ex", Tuple.of(1n), new Map([["b", 2n]])]);
    }
    const call = "cfunctools\npartial\n(cm\nf\ntR(tR.";
    const called = loads(pickle(call)) as PyObject;
    expect(called).toBeInstanceOf(PyObject);
    expect(called.type).toBeInstanceOf(t.PyPartial);
    expect(loads(pickle("coperator\nitemgetter\n(I0\ntR((lI1\natR."))).toBeInstanceOf(PyObject);
    expect(() => loads(pickle("cdecimal\nDecimal\n(V1\ntR(tR."))).toThrow("is not callable");
  });
  test("a class derived from a builtin reads alike from all protocols", () => {
    const dict = loads(
      pickle("ccopy_reg\n_reconstructor\n(cm\nMyDict\nc__builtin__\ndict\n(dVa\nI1\nstR(dVx\nI2\nsb."),
      {
        exact: true,
      },
    ) as t.PyDerived;
    expect(String(dict.type)).toBe("m.MyDict");
    expect([dict.entries, dict.get("x")]).toEqual([[["a", 1n]], 2n]);
    expect(again(dict).entries).toEqual([["a", 1n]]);
    const plain = loads(pickle("ccopy_reg\n_reconstructor\n(cm\nMyInt\nc__builtin__\nint\nI5\ntR."));
    expect((plain as PyObject).args).toEqual([5]);
    expect(() => dumps(plain)).toThrow("loaded plain");
  });
  test("findClass may define what copyreg builds", () => {
    const Color = t.enumDefinition("m", "Color", { members: { RED: 1 } });
    const findClass = (module: string, name: string): unknown =>
      module === "m" && name === "Color" ? Color : undefined;
    const text = "c__builtin__\ngetattr\n(cm\nColor\nVRED\ntR.";
    expect(String(loads(pickle(text), { findClass }))).toBe("Color.RED");
    expect(String(loads(pickle("cm\nColor\n(I1\ntR."), { types: t.stdlib.with(Color) }))).toBe("Color.RED");
    expect(loads(pickle(text))).toEqual(new PyGlobal("m", "Color.RED"));
  });
  test("brine/core and an empty registry know none of it", () => {
    const date = dumps(new t.PyDate(2020, 1, 1));
    expect(core.loads(date)).toBeInstanceOf(PyObject);
    expect(loads(date, { types: TypeRegistry.empty })).toBeInstanceOf(PyObject);
    expect(() => core.dumps(new t.PyDate(2020, 1, 1))).toThrow("can't pickle an instance of PyDate");
  });
});
