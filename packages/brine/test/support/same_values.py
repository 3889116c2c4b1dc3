"""Whether pickles load to equal values under CPython: a line of JSON in, a line out.

In: {"a": HEX, "b": HEX} and "encoding", "errors", "buffers" as pickle.loads has them; "canonical": true lets dicts be in any
order; "sharing": false lets them be shared otherwise; "real": true loads with pickle.loads itself, for pickles of our own. Out: {"same": true}, {"same": false, "why": ...}, or {"skip": why "a" cannot be loaded}.
Nothing that a pickle names is imported or called, but for set, frozenset, bytes, bytearray and _codecs.encode: stand-ins note what is
done to them. What is mutable has to be shared in one as it is in the other, unless "sharing" is false; what is not, not.
"""

import _codecs
import _compat_pickle
import collections
import io
import json
import pickle
import resource
import struct
import sys

resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
sys.set_int_max_str_digits(4300)


class Numbered:
    """Equal to what another load has made at the same time."""

    count = 0

    def __init__(self):
        Numbered.count += 1
        self._number = Numbered.count

    def __eq__(self, other):
        return isinstance(other, Numbered) and self._number == other._number

    def __hash__(self):
        return self._number

    def __repr__(self):
        return "#%d" % self._number


def drawn(value, depth=8):
    """A text that values alike share. What is deep inside counts for nothing, as there may be a cycle."""
    if depth == 0:
        return "..."
    t = type(value)
    if t in (tuple, list):
        return "%s(%s)" % (t.__name__, ",".join(drawn(item, depth - 1) for item in value))
    if t in (set, frozenset):
        return "%s(%s)" % (t.__name__, ",".join(sorted(drawn(item, depth - 1) for item in value)))
    if t is dict:
        return "dict(%s)" % ",".join(sorted(drawn(item, depth - 1) for item in value.items()))
    if isinstance(value, Numbered):
        return drawn(list(value.__dict__[name] for name in sorted(value.__dict__) if name != "_number"), depth - 1)
    return "%s %r" % (t.__name__, bytes(value) if t is memoryview else value)


class Recorded(Numbered):
    def __init__(self, of, args, kwargs):
        super().__init__()
        self._of, self._args, self._kwargs, self._done = of, args, kwargs, []

    def __call__(self, /, *args, **kwargs):
        return Recorded(self, args, kwargs)

    def __setstate__(self, state):
        self._done.append(("build", state))

    def __setitem__(self, key, value):
        self._done.append(("set", (key, value)))

    def append(self, item):
        self._done.append(("append", item))

    def extend(self, items):
        for item in items:
            self.append(item)

    add = append


class Persistent(Numbered):
    def __init__(self, pid):
        super().__init__()
        self._pid = pid


class Meta(type):
    def __repr__(cls):
        return "class %s.%s" % cls.__dict__["names"]

    def __call__(self, /, *args, **kwargs):
        return Recorded(self, args, kwargs)


class Bytes:
    """Stands for bytes, and makes none of a length."""

    def __new__(cls, *args):
        return Recorded(cls, args, {}) if args and isinstance(args[0], int) else bytes(*args)


class ByteArray:
    """The same for bytearray."""

    def __new__(cls, *args):
        return Recorded(cls, args, {}) if args and isinstance(args[0], int) else bytearray(*args)


stand_ins = {}
real = {("builtins", "set"): set, ("builtins", "frozenset"): frozenset, ("builtins", "bytes"): Bytes,
        ("builtins", "bytearray"): ByteArray, ("_codecs", "encode"): _codecs.encode}


def named(module, name):
    if (module, name) in _compat_pickle.NAME_MAPPING:
        return _compat_pickle.NAME_MAPPING[module, name]
    return _compat_pickle.IMPORT_MAPPING.get(module, module), name


class Judge(pickle.Unpickler):
    def find_class(self, module, name):
        key = named(module, name) if self.maps_names else (module, name)
        if key in real:
            return real[key]
        if key not in stand_ins:
            make = lambda cls, /, *args, **kwargs: Recorded(cls, args, kwargs)
            stand_ins[key] = Meta("Inert", (), {"__new__": make, "names": key})
        return stand_ins[key]

    def persistent_load(self, pid):
        if not self.is_canonical:
            return Persistent(pid)
        # One object for one id.
        return self.known.setdefault(drawn(pid), Persistent(pid))


def load(data, case):
    if case.get("real"):
        return pickle.loads(data)
    Numbered.count = 0
    options = {key: case[key] for key in ("encoding", "errors") if key in case}
    if "buffers" in case:
        options["buffers"] = [bytes.fromhex(buffer) for buffer in case["buffers"]]
    judge = Judge(io.BytesIO(data), **options)
    # As find_class does it by the protocol, which is not to be seen from here.
    judge.maps_names = data[:1] != b"\x80" or data[1] < 3
    judge.is_canonical = case.get("canonical", False)
    judge.known = {}
    return judge.load()


def partners(a, b, canonical):
    """Pairs of the elements or keys of two sets or dicts, None if they have not the same."""
    if len(a) != len(b):
        return None
    if canonical:
        return list(zip(sorted(a, key=drawn), sorted(b, key=drawn)))
    others = {item: item for item in b}
    pairs = [(item, others.pop(item)) for item in a if item in others]
    # A NaN is equal to nothing.
    there = {id(item) for item, _ in pairs}
    rest = sorted((item for item in a if id(item) not in there), key=drawn)
    return pairs + list(zip(rest, sorted(others, key=drawn)))


ATOMS = (int, str, bytes, bool, type(None), Meta, type, type(_codecs.encode))


def difference(a, b, canonical, sharing):
    """Why two values are not the same, None if they are. Without recursion."""
    todo = [(a, b)]
    there, back, seen = {}, {}, set()

    def together(x, y):
        x, y = list(x), list(y)
        if len(x) != len(y):
            return "%d and %d items" % (len(x), len(y))
        todo.extend(zip(x, y))

    while todo:
        a, b = todo.pop()
        t = type(a)
        if t is not type(b):
            return "%s and %s" % (t, type(b))
        if t is float:
            if struct.pack("d", a) != struct.pack("d", b) and (a == a or b == b):
                return "%r and %r" % (a, b)
            continue
        if isinstance(a, ATOMS):
            if a != b:
                return ("%.100r and %.100r" % (a, b))
            continue
        if (id(a), id(b)) in seen:
            continue
        seen.add((id(a), id(b)))
        if sharing and t not in (tuple, frozenset) and not (canonical and t is Persistent):
            if there.setdefault(id(a), b) is not b or back.setdefault(id(b), a) is not a:
                return "%s is shared otherwise" % t.__name__
        if t is memoryview or t is bytearray:
            if bytes(a) != bytes(b) or t is memoryview and a.readonly != b.readonly:
                return "buffers"
            continue
        why = None
        if t in (tuple, list):
            why = together(a, b)
        elif t in (set, frozenset):
            pairs = partners(a, b, canonical)
            if pairs is None:
                return "elements"
            todo.extend(pairs)
        elif t is dict and canonical:
            pairs = partners(a, b, canonical)
            if pairs is None:
                return "keys"
            for key, other in pairs:
                todo.extend(((key, other), (a[key], b[other])))
        elif t is dict or t is collections.OrderedDict:
            why = together(a.keys(), b.keys()) or together(a.values(), b.values())
        elif t is Persistent:
            todo.append((a._pid, b._pid))
        elif t is Recorded:
            todo.extend(((a._of, b._of), (a._kwargs, b._kwargs)))
            why = together(a._args, b._args) or together(a._done, b._done)
        elif a != b:
            return "%.100r and %.100r" % (a, b)
        if why:
            return why
    return None


def judge(case):
    try:
        a = load(bytes.fromhex(case["a"]), case)
    except BaseException as error:
        return {"skip": "%s: %s" % (type(error).__name__, error)}
    try:
        b = load(bytes.fromhex(case["b"]), case)
        why = difference(a, b, case.get("canonical", False), case.get("sharing", True))
    except (MemoryError, RecursionError) as error:
        return {"skip": type(error).__name__}
    except Exception as error:
        why = "%s: %s" % (type(error).__name__, error)
    return {"same": why is None, "why": why}


for line in sys.stdin:
    print(json.dumps(judge(json.loads(line))), flush=True)
