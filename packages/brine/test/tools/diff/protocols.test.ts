import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { interpreters } from "../../support/interpreters.ts";
import { dumps } from "../../../src/index.ts";
import { assemble, diff, diffLine } from "../../../src/tools.ts";

// Every way in which an object is written differently under older protocols; one line of hexadecimal for each protocol.
const script = `
import pickle, sys, collections, functools
class Point(object):
    def __init__(self, **attributes): self.__dict__.update(attributes)
class Cart(list): pass
class Index(dict): pass
class Count(int): pass
class Name(str): pass
class Bag(set): pass
class Slots(object):
    __slots__ = ("a", "b")
    def __getstate__(self): return (None, {"a": self.a})
    def __setstate__(self, state): pass
class Keywords(object):
    def __new__(cls, *args, **kwargs): return object.__new__(cls)
    def __getnewargs_ex__(self): return (1,), {"x": 2}
class Outer(object):
    class Inner(object): pass
class Setter(object):
    def __reduce__(self): return (Point, (), {"a": 1}, None, None, set_state)
def set_state(object, state): pass
cart = Cart([1, 2]); cart.owner = "me"
index = Index(a=1); index.owner = "me"
slots = Slots(); slots.a = 1
point = Point(name="x", inner=Point(n=1)); point.inner.outer = point
values = [b"\\xff\\0", bytearray(b"abc"), b"", bytearray(), set([1, 2]), frozenset([3]), set(), 1.5, 2 ** 70, True, None, u"\\xe9",
    (1, 2, 3, 4), (), complex(1, 2), cart, index, Count(5), Name("s"), Bag([1]), slots, point, collections.OrderedDict(a=1),
    collections.defaultdict(list, {1: [2]}), collections.deque([1, 2]), len, object, ValueError("x")]
if sys.version_info >= (3, 4): values += [Outer.Inner, Outer.Inner(), range(3)]
if sys.version_info >= (3, 8): values += [Setter()]
lowest = 0
if len(sys.argv) > 1: values, lowest = [Keywords()], 2
for protocol in range(lowest, pickle.HIGHEST_PROTOCOL + 1):
    print(pickle.dumps(values, protocol).hex() if sys.version_info[0] > 2 else pickle.dumps(values, protocol).encode("hex"))
`;

function written(path: string, ...args: string[]): Uint8Array[] {
  const { status, stdout, stderr } = spawnSync(path, ["-c", script, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => Buffer.from(line, "hex"));
}

describe.each(interpreters())("what CPython $series writes under its protocols", ({ path, series }) => {
  test.each(series === "2.7" ? [[]] : [[], ["keywords"]])("is equal %j", (...args) => {
    const pickles = written(path, ...args);
    const last = pickles.at(-1)!;
    for (const pickle of pickles) expect(diff(pickle, last).rows.map(diffLine)).toEqual([]);
    // And is not equal for want of looking.
    expect(diff(last, dumps([])).equal).toBe(false);
  });
});

describe("NumPy's two ways to write an array", () => {
  const dtype = `
    STACK_GLOBAL
    SHORT_BINUNICODE 'i8'
    NEWFALSE
    NEWTRUE
    TUPLE3
    REDUCE`;
  const array = (core: string, data: string): Uint8Array =>
    assemble(`
      PROTO 4
      GLOBAL 'numpy.${core}.multiarray _reconstruct'
      GLOBAL 'numpy ndarray'
      BININT1 0
      TUPLE1
      SHORT_BINBYTES b'b'
      TUPLE3
      REDUCE
      MARK
      BININT1 1
      BININT1 2
      TUPLE1
      SHORT_BINUNICODE 'numpy'
      SHORT_BINUNICODE 'dtype'${dtype}
      NEWFALSE
      SHORT_BINBYTES ${data}
      TUPLE
      BUILD
      STOP
    `);
  const fromBuffer = (core: string, data: string): Uint8Array =>
    assemble(`
      PROTO 5
      GLOBAL 'numpy.${core}.numeric _frombuffer'
      MARK
      BYTEARRAY8 bytearray(${data})
      SHORT_BINUNICODE 'numpy'
      SHORT_BINUNICODE 'dtype'${dtype}
      BININT1 2
      TUPLE1
      SHORT_BINUNICODE 'C'
      TUPLE
      REDUCE
      STOP
    `);

  test("are equal, and those of NumPy 1 and 2", () => {
    expect(diff(array("core", "b'ab'"), fromBuffer("core", "b'ab'")).rows).toEqual([]);
    expect(diff(array("core", "b'ab'"), fromBuffer("_core", "b'ab'")).rows).toEqual([]);
    expect(diff(array("_core", "b'ab'"), array("core", "b'ab'")).rows).toEqual([]);
  });

  test("differ in their data", () => {
    const expected = ["~ $.data: b'ab' → b'ac'"];
    expect(diff(array("core", "b'ab'"), fromBuffer("_core", "b'ac'")).rows.map(diffLine)).toEqual(expected);
    expect(diff(array("core", "b'ab'"), array("core", "b'ac'")).rows.map(diffLine)).toEqual(expected);
  });
});
