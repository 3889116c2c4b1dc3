# -*- coding: utf-8 -*-
"""Judges pickles of values of the standard library, under any CPython.

Input, JSON: a list of [expression, [pickle as hexadecimal text, one for each protocol from 0]].
Output, JSON: for each null if this Python cannot make the value, else
[what is wrong in words, a list; the pickles that this Python makes of it, one for each protocol].
"""
import array, binascii, collections, datetime, decimal, fractions, functools, json, operator, pickle, random, re, sys, types, uuid

for name in ("argparse", "dateutil.tz", "enum", "email.message", "http", "http.cookies", "ipaddress", "logging", "pathlib", "urllib.parse", "zoneinfo", "difflib", "struct"):
    try:
        __import__(name)
        globals()[name.split(".")[0]] = sys.modules[name.split(".")[0]]
    except ImportError:
        pass

if sys.version_info < (3,):
    range = xrange
    text = unicode
else:
    text = str


class Recorder(object):
    """Tells how it was used, which is all that Python 2 shows of an itemgetter and its like."""

    def __getitem__(self, key):
        return "[%s]" % key

    def __getattr__(self, name):
        return Recorder() if name == "x" else (lambda *args, **kwargs: (name, args, kwargs)) if name == "m" else name


def made(cls, *args, **attributes):
    value = cls(*args)
    for name, attribute in attributes.items():
        setattr(value, name, attribute)
    return value


class MyDict(dict):
    pass


class MyList(list):
    pass


class MyTuple(tuple):
    pass


class MyInt(int):
    pass


class MyText(text):
    pass


class MySet(set):
    pass


class WithNew(object):
    def __new__(cls, a, b=None):
        self = object.__new__(cls)
        self.made = (a, b)
        return self

    def __getnewargs_ex__(self):
        return (self.made[0],), {"b": self.made[1]}


Point = collections.namedtuple("Point", ["x", "y"])

if "enum" in globals():

    class Color(enum.Enum):
        RED = 1
        GREEN = "g"

    class Perm(enum.Flag):
        R = 4
        W = 2


def look(value):
    """What an equal value must have the same of, beside being equal."""
    kind = type(value)
    if isinstance(value, BaseException):
        return [look(arg) for arg in value.args], sorted(dict(value.__dict__).items()), getattr(value, "filename", None)
    if kind is functools.partial:
        return value.func, value.args, value.keywords
    if kind.__name__ in ("itemgetter", "attrgetter", "methodcaller"):
        return value(Recorder())
    if kind is range:
        return repr(value)
    if kind is random.Random:
        return value.getstate()
    if kind in (datetime.datetime, datetime.time):
        return value.isoformat(), getattr(value, "fold", 0), type(value.tzinfo), str(value.tzinfo)
    if kind is decimal.Decimal:
        return str(value)
    if kind is collections.deque:
        return list(value), value.maxlen
    if kind is collections.OrderedDict:
        return list(value.items()), value.__dict__ if sys.version_info > (3,) else None
    if kind is collections.defaultdict:
        return sorted(value.items(), key=repr), value.default_factory
    if kind.__name__ == "LogRecord":
        return value.name, value.levelno, value.getMessage()
    if hasattr(value, "findall"):
        return value.pattern, value.flags
    if getattr(value, "__module__", "") == "email.message":
        return value.as_string()
    if kind.__name__ in ("SimpleCookie", "Morsel"):
        return value.output()
    if kind.__name__ == "UserString":
        return value.data
    if kind is array.array:
        return value.typecode, value.tolist()
    if kind.__module__ == "collections" and hasattr(value, "data"):
        return value.data
    if kind is WithNew:
        return value.made
    if kind.__module__ == "__main__" and hasattr(value, "__dict__") and "Enum" not in repr(kind.__mro__):
        return value, sorted(value.__dict__.items())
    if isinstance(value, (list, tuple)):
        return [look(item) for item in value]
    return value


def problem(value, expected):
    if type(value) is not type(expected):
        return "it is a %s" % type(value)
    if look(value) != look(expected):
        return "it is %r, not %r" % (look(value), look(expected))


def judge(expression, pickles):
    try:
        expected = eval(expression)
    except (NameError, AttributeError, TypeError, ImportError, ValueError):
        return None
    problems = []
    written = []
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        # Before anything looks at it: that makes an exception's dict.
        try:
            written.append(binascii.hexlify(pickle.dumps(eval(expression), protocol)).decode())
        except Exception:
            written.append(None)
        try:
            value = pickle.loads(binascii.unhexlify(pickles[protocol]))
            wrong = problem(value, expected)
        except Exception as error:
            wrong = repr(error)
        if wrong:
            problems.append("protocol %d: %s" % (protocol, wrong))
    return [problems, written]


json.dump([judge(*case) for case in json.load(sys.stdin)], sys.stdout)
