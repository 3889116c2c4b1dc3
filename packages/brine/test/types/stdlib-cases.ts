import { PyDict } from "../../src/values/py-dict.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import { Tuple } from "../../src/values/tuple.ts";
import * as t from "../../src/types.ts";

const builtin = (name: string): PyGlobal => new PyGlobal("builtins", name);
const bytes = (...items: number[]): Uint8Array => Uint8Array.from(items);
const parse = (name: string, ...items: unknown[]): unknown => {
  const definition = t.stdlib.get("urllib.parse", name)?.parts.construct;
  return definition?.({
    how: "newobj",
    type: new PyGlobal("urllib.parse", name),
    args: items,
    kwargs: undefined,
    exact: true,
    definitions: { definition: () => undefined, spend: () => undefined },
  });
};
const withState = <T extends { state: unknown }>(value: T, state: unknown): T => {
  value.state = state;
  return value;
};

/** Values by the expression that makes them in Python. */
export const cases: readonly (readonly [expression: string, value: unknown])[] = [
  // Dates and times
  ["datetime.date(2020, 1, 2)", new t.PyDate(2020, 1, 2)],
  ["datetime.date(1, 1, 1)", new t.PyDate(1, 1, 1)],
  ["datetime.date(9999, 12, 31)", new t.PyDate(9999, 12, 31)],
  ["datetime.datetime(2020, 1, 2, 3, 4, 5, 6)", new t.PyDateTime(2020, 1, 2, 3, 4, 5, 6)],
  ["datetime.datetime(9999, 12, 31, 23, 59, 59, 999999)", new t.PyDateTime(9999, 12, 31, 23, 59, 59, 999999)],
  ["datetime.datetime(256, 1, 1)", new t.PyDateTime(256, 1, 1)],
  [
    "datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)",
    new t.PyDateTime(2020, 1, 1, 0, 0, 0, 0, t.utc),
  ],
  [
    "datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=-5, minutes=-30), 'X'))",
    new t.PyDateTime(2020, 1, 1, 0, 0, 0, 0, new t.PyTimeZone("-05:30", "X")),
  ],
  [
    "datetime.datetime(2022, 10, 30, 2, 30, tzinfo=zoneinfo.ZoneInfo('Europe/Paris'))",
    new t.PyDateTime(2022, 10, 30, 2, 30, 0, 0, new t.PyZoneInfo("Europe/Paris")),
  ],
  ["datetime.time(1, 2, 3, 4)", new t.PyTime(1, 2, 3, 4)],
  ["datetime.time(23, 59, tzinfo=datetime.timezone.utc)", new t.PyTime(23, 59, 0, 0, t.utc)],
  ["datetime.timedelta(5, 10800, 7)", new t.PyTimeDelta(5, 10800, 7)],
  ["datetime.timedelta(microseconds=-1)", new t.PyTimeDelta(0, 0, -1)],
  ["datetime.timedelta.max", new t.PyTimeDelta(999_999_999, 86_399, 999_999)],
  ["datetime.timedelta.min", new t.PyTimeDelta(-999_999_999)],
  ["datetime.timezone.utc", t.utc],
  ["datetime.timezone(datetime.timedelta(hours=1))", new t.PyTimeZone("+01:00")],
  ["datetime.timezone(datetime.timedelta(seconds=-3601), 'odd')", new t.PyTimeZone("-01:00:01", "odd")],
  ["zoneinfo.ZoneInfo('Asia/Tokyo')", new t.PyZoneInfo("Asia/Tokyo")],
  // Collections
  [
    "collections.OrderedDict([(u'b', 1), (u'a', [2])])",
    new t.PyOrderedDict<unknown, unknown>([
      ["b", 1n],
      ["a", [2n]],
    ]),
  ],
  ["collections.OrderedDict()", new t.PyOrderedDict()],
  [
    "made(collections.OrderedDict, [(1, 2)], attr=5)",
    withState(new t.PyOrderedDict([[1n, 2n]]), new PyDict([["attr", 5n]])),
  ],
  ["collections.defaultdict(list, {1: [2]})", new t.PyDefaultDict(builtin("list"), [[1n, [2n]]])],
  ["collections.defaultdict(None, {1: 2})", new t.PyDefaultDict(null, [[1n, 2n]])],
  ["collections.Counter(u'mm')", new t.PyCounter([["m", 2n]])],
  ["collections.Counter({1: -1})", new t.PyCounter([[1n, -1n]])],
  ["collections.deque([1, (2, 3)])", new t.PyDeque<unknown>([1n, Tuple.of(2n, 3n)])],
  ["collections.deque([1, 2], 5)", new t.PyDeque([1n, 2n], 5)],
  ["collections.deque([], 0)", new t.PyDeque([], 0)],
  ["collections.ChainMap({1: 2}, {3: 4})", new t.PyChainMap(new PyDict([[1n, 2n]]), new PyDict([[3n, 4n]]))],
  ["collections.UserDict({1: 2})", new t.PyUserDict(new PyDict([[1n, 2n]]))],
  ["collections.UserList([1, 2])", new t.PyUserList([1n, 2n])],
  ["collections.UserString('us')", new t.PyUserString("us")],
  [
    "urllib.parse.urlsplit('http://u@h:80/p?a=1#f')",
    parse("SplitResult", "http", "u@h:80", "/p", "a=1", "f"),
  ],
  ["urllib.parse.urlparse('http://h/p;q?a=1#f')", parse("ParseResult", "http", "h", "/p", "q", "a=1", "f")],
  // Numbers
  ["decimal.Decimal('1.10')", new t.PyDecimal("1.10")],
  ["decimal.Decimal('-0E-10')", new t.PyDecimal("-0E-10")],
  ["decimal.Decimal('sNaN123')", new t.PyDecimal("sNaN123")],
  ["decimal.Decimal('-Infinity')", new t.PyDecimal("-Infinity")],
  ["decimal.Decimal('123456789.123456789123456789')", new t.PyDecimal("123456789.123456789123456789")],
  ["fractions.Fraction(-7, 3)", new t.PyFraction(-7, 3)],
  ["fractions.Fraction(10 ** 40, 3)", new t.PyFraction(10n ** 40n, 3)],
  ["complex(1.5, -2)", new t.PyComplex(1.5, -2)],
  // Others
  ["uuid.UUID('12345678-1234-5678-1234-567812345678')", new t.PyUUID("12345678-1234-5678-1234-567812345678")],
  ["uuid.UUID(int=2 ** 128 - 1)", new t.PyUUID(2n ** 128n - 1n)],
  ["http.HTTPStatus(404)", new t.PyEnum(new PyGlobal("http", "HTTPStatus"), "NOT_FOUND", 404n, true)],
  ["re.RegexFlag(24)", new t.PyEnum(new PyGlobal("re", "RegexFlag"), undefined, 24n, true)],
  ["pathlib.PurePosixPath('/a/b/c.txt')", new t.PyPath("/a/b/c.txt")],
  ["pathlib.PureWindowsPath('C:\\\\x\\\\y')", new t.PyPath("C:\\x\\y", "PureWindowsPath")],
  ["pathlib.PosixPath('rel/p')", new t.PyPath("rel/p", "PosixPath")],
  ["range(0, 10, 3)", new t.PyRange(0, 10, 3)],
  ["slice(1, None, 2)", new t.PySlice(1n, null, 2n)],
  ["functools.partial(max, 1, key=None)", new t.PyPartial(builtin("max"), [1n], new Map([["key", null]]))],
  ["operator.itemgetter(1, 'a')", new t.PyOperator("itemgetter", [1n, "a"])],
  ["operator.attrgetter('x.y')", new t.PyOperator("attrgetter", ["x.y"])],
  ["operator.methodcaller('m', 1)", new t.PyOperator("methodcaller", ["m", 1n])],
  ["operator.methodcaller('m', 1, k=2)", new t.PyOperator("methodcaller", ["m", 1n], new Map([["k", 2n]]))],
  ["re.compile(u'a+b', re.I | re.U)", new t.PyPattern("a+b", 34)],
  ["re.compile(b'a+b')", new t.PyPattern(bytes(97, 43, 98))],
  ["types.SimpleNamespace(a=1, b=[2])", new t.PySimpleNamespace({ a: 1n, b: [2n] })],
  ["ipaddress.ip_address('127.0.0.1')", new t.PyIpAddress("127.0.0.1")],
  ["ipaddress.ip_address('2001:db8::ff')", new t.PyIpAddress("2001:db8::ff")],
  ["ipaddress.ip_network('10.0.0.0/8')", new t.PyIpAddress("10.0.0.0/8")],
  ["ipaddress.ip_interface('192.168.1.5/24')", new t.PyIpAddress("192.168.1.5/24", "IPv4Interface")],
  ["array.array('b', [1, -2])", new t.PyArray("b", Int8Array.of(1, -2))],
  ["array.array('B', [1, 255])", new t.PyArray("B", Uint8Array.of(1, 255))],
  ["array.array('h', [1, -2])", new t.PyArray("h", Int16Array.of(1, -2))],
  ["array.array('H', [1, 65535])", new t.PyArray("H", Uint16Array.of(1, 65535))],
  ["array.array('i', [1, -2])", new t.PyArray("i", Int32Array.of(1, -2))],
  ["array.array('I', [1, 2 ** 32 - 1])", new t.PyArray("I", Uint32Array.of(1, 2 ** 32 - 1))],
  ["array.array('l', [1, -2])", new t.PyArray("l", BigInt64Array.of(1n, -2n))],
  ["array.array('L', [1, 2])", new t.PyArray("L", BigUint64Array.of(1n, 2n))],
  ["array.array('q', [1, -2])", new t.PyArray("q", BigInt64Array.of(1n, -2n))],
  ["array.array('Q', [1, 2 ** 64 - 1])", new t.PyArray("Q", BigUint64Array.of(1n, 2n ** 64n - 1n))],
  ["array.array('f', [1.5])", new t.PyArray("f", Float32Array.of(1.5))],
  ["array.array('d', [1.5, 0.1])", new t.PyArray("d", Float64Array.of(1.5, 0.1))],
  ["array.array('d')", new t.PyArray("d", new Float64Array(0))],
  ["array.array('u', u'h\\u2603')", new t.PyArray("u", "h☃")],
  ["ValueError(u'v')", new t.PyException("ValueError", ["v"])],
  ["KeyError(u'k', 1)", new t.PyException("KeyError", ["k", 1n])],
  [
    "FileNotFoundError(2, 'No such file', 'f.txt')",
    new t.PyException("FileNotFoundError", [2n, "No such file", "f.txt"]),
  ],
  [
    "made(ValueError, u'v', extra=5)",
    withState(new t.PyException("ValueError", ["v"]), new PyDict([["extra", 5n]])),
  ],
  [
    // Python 2 wants a str.
    "UnicodeDecodeError('utf8', b'\\xff', 0, 1, 'bad') if str is text else none",
    new t.PyException("UnicodeDecodeError", ["utf8", bytes(255), 0n, 1n, "bad"]),
  ],
  ["StopIteration(5)", new t.PyException("StopIteration", [5n])],
  ["Ellipsis", t.Ellipsis],
  ["NotImplemented", t.NotImplemented],
];

/** What is read and written back: by the expression that makes it. */
export const roundTrips: readonly string[] = [
  ...cases.map(([expression]) => expression),
  "MyDict(a=1)",
  "made(MyDict, {1: 2}, attr=3)",
  "made(MyList, [1, 2], attr=3)",
  "made(MyTuple, (1, 2), attr=3)",
  // CPython 3 calls Python 2's int long.
  "made(MyInt, 5, attr=3) if str is text else none",
  "made(MyText, u's', attr=3)",
  "made(MySet, [1], attr=3)",
  "WithNew(1, b=2) if str is text else none",
  "Point(1, [2])",
  "Color.RED",
  "Color.GREEN",
  "Perm.R | Perm.W",
  "made(collections.deque, [1, 2], 3)",
  "http.cookies.SimpleCookie('a=1; path=/')",
  "http.cookies.SimpleCookie('a=1')['a']",
  "email.message_from_string('Subject: hi\\n\\nbody')",
  "logging.LogRecord('root', 20, 'path', 1, 'message %s', ('x',), None)",
  "random.Random(5)",
  "difflib.Match(1, 2, 3)",
  "uuid.SafeUUID.safe",
  "[datetime.timezone.utc] * 3",
  "[type(None), int, len]",
  "made(functools.partial, max, 1, attr=2)",
  "argparse.Namespace(a=1)",
  "datetime.datetime(2022, 10, 30, 2, 30, tzinfo=zoneinfo.ZoneInfo('Europe/Paris'), fold=1)",
  "datetime.datetime(2020, 1, 1, tzinfo=dateutil.tz.tzutc())",
  "datetime.datetime(2020, 1, 1, tzinfo=dateutil.tz.tzoffset('X', 3600))",
  "dateutil.tz.gettz('Europe/Paris')",
];
