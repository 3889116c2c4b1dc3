# -*- coding: utf-8 -*-
"""Classes of every kind of a module shop.models, and a judge of pickles of their instances; for any CPython.

Input, JSON: a list of [example, [pickle as hexadecimal text or null, one for each protocol from 0]].
Output, JSON: for each null if this Python has no such example, else
[what is wrong in words, a list; the pickles that this Python makes of it, one for each protocol, null if it cannot].
"""
import binascii, collections, functools, json, pickle, sys, types

if sys.version_info < (3,):
    import copy_reg as copyreg

    text = unicode
else:
    import copyreg

    text = str

shop = types.ModuleType("shop")
models = types.ModuleType("shop.models")
shop.models = models
sys.modules["shop"] = shop
sys.modules["shop.models"] = models

source = '''
class Plain(object):
    def __init__(self, id, name):
        self.id = id
        self.name = name

class Vip(Plain):
    pass

class Empty(object):
    pass

class Node(object):
    def __init__(self, value):
        self.value = value
        self.self = self
        self.children = []

class Slots(object):
    __slots__ = ("x", "y")

class SlotsAndDict(Slots):
    pass

class State(object):
    def __init__(self, total):
        self._total = total
    def __getstate__(self):
        return [self._total, "EUR"]
    def __setstate__(self, state):
        self._total, currency = state
        assert currency == "EUR"

class FalseState(object):
    def __getstate__(self):
        return 0
    def __setstate__(self, state):
        self.state = state

class Reduced(object):
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def __reduce__(self):
        return Reduced, (self.x, self.y)

class ReducedWithState(object):
    def __init__(self, x):
        self.x = x
    def __reduce_ex__(self, protocol):
        return ReducedWithState, (self.x,), {"note": self.note}

def make_made(a, b):
    made = Made()
    made.a = a
    made.b = b
    return made

class Made(object):
    def __reduce__(self):
        return make_made, (self.a, self.b)

class Listed(object):
    def __init__(self):
        self.items = []
    def append(self, item):
        self.items.append(item)
    def extend(self, items):
        self.items.extend(items)
    def __reduce__(self):
        return Listed, (), {"label": self.label}, iter(self.items)

class Keyed(object):
    def __init__(self):
        self.entries = {}
    def __setitem__(self, key, value):
        self.entries[key] = value
    def __reduce__(self):
        return Keyed, (), None, None, iter(sorted(self.entries.items()))

def set_state(instance, state):
    instance.__dict__.update(state)

class WithSetter(object):
    def __reduce__(self):
        return WithSetter, (), dict(self.__dict__), None, None, set_state

def the_global():
    pass

class NewArgs(object):
    def __new__(cls, x=None, y=None):
        self = object.__new__(cls)
        self.x = x
        self.y = y
        return self
    def __getnewargs__(self):
        return (self.x, self.y)

class NewArgsEx(object):
    def __new__(cls, x=None, **keywords):
        self = object.__new__(cls)
        self.x = x
        self.unit = keywords.get("unit")
        return self
    def __getnewargs_ex__(self):
        return (self.x,), {"unit": self.unit}

class MyDict(dict):
    pass

class MyList(list):
    pass

class MySet(set):
    pass

class MyFrozenSet(frozenset):
    pass

class MyTuple(tuple):
    pass

class MyInt(int):
    pass

class MyFloat(float):
    pass

class MyText(text):
    pass

class MyBytes(bytes):
    pass

class MyByteArray(bytearray):
    pass

class ShopError(Exception):
    pass

class Registry(collections.OrderedDict):
    pass

class Fallback(collections.defaultdict):
    pass

class Row(collections.namedtuple("Row", ["id", "name"])):
    __slots__ = ()

class Tagged(collections.namedtuple("Tagged", ["id", "name"])):
    pass

class Outer(object):
    class Inner(object):
        pass

class OldStyle:
    pass
'''
enums = '''
import enum
class Color(enum.Enum):
    RED = 1
    GREEN = "g"
class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2
class Perm(enum.Flag):
    R = 4
    W = 2
class Pair(enum.Enum):
    A = (1, "a")
'''
dataclasses = '''
import dataclasses
@dataclasses.dataclass
class Data:
    id: int
    tags: list = dataclasses.field(default_factory=list)
@dataclasses.dataclass(frozen=True)
class Frozen:
    id: int
    name: str = "x"
@dataclasses.dataclass
class Child(Data):
    extra: float = 0.5
'''
slotted = '''
@dataclasses.dataclass(slots=True)
class DataSlots:
    id: int
    name: str
@dataclasses.dataclass(slots=True, frozen=True)
class FrozenSlots:
    x: int
    y: int
'''
models.__dict__.update(collections=collections, text=text)
for since, code in (((2, 7), source), ((3, 6), enums), ((3, 7), dataclasses), ((3, 10), slotted)):
    if sys.version_info >= since:
        exec(code, models.__dict__)


def made(kind, *args, **attributes):
    cls = functools.reduce(getattr, kind.split("."), models)
    value = cls(*args)
    for name in sorted(attributes):
        setattr(value, name, attributes[name])
    return value


def node():
    root = models.Node(1)
    child = models.Node(2)
    child.parent = root
    root.children.append(child)
    return root


def filled(value, items):
    for item in items:
        value.append(item)
    return value


def keyed(value, entries):
    for key, entry in entries:
        value[key] = entry
    return value


def cyclic():
    value = models.MyList()
    value.append(value)
    value.owner = value
    return value


examples = {
    "Plain": lambda: made("Plain", 7, text("Ada")),
    "Vip": lambda: made("Vip", 8, text("Bob")),
    "Empty": lambda: made("Empty"),
    "Node": node,
    "Slots": lambda: made("Slots", x=1, y=2.5),
    "Slots half": lambda: made("Slots", x=1),
    "SlotsAndDict": lambda: made("SlotsAndDict", x=1, y=2, z=3),
    "SlotsAndDict no dict": lambda: made("SlotsAndDict", x=1),
    "State": lambda: made("State", 12),
    "FalseState": lambda: made("FalseState", state=0),
    "Reduced": lambda: made("Reduced", 1, text("y")),
    "ReducedWithState": lambda: made("ReducedWithState", 1, note=text("n")),
    "Made": lambda: made("Made", a=1, b=2),
    "Listed": lambda: filled(made("Listed", label=text("l")), [1, 2, 3]),
    "Keyed": lambda: keyed(made("Keyed"), [(text("a"), 1), (text("b"), 2)]),
    "WithSetter": lambda: made("WithSetter", a=1),
    "NewArgs": lambda: made("NewArgs", 1, text("y")),
    "NewArgsEx": lambda: made("NewArgsEx", 1, unit=text("kg")),
    "MyDict": lambda: made("MyDict", {text("a"): 1}, label=text("l")),
    "MyDict bare": lambda: made("MyDict"),
    "MyDict of tuples": lambda: made("MyDict", {(1, text("a")): 1}),
    "MyList": lambda: made("MyList", [1, 2], label=text("l")),
    "MyList cyclic": cyclic,
    "MySet": lambda: made("MySet", [1], label=text("l")),
    "MyFrozenSet": lambda: made("MyFrozenSet", [(1, 2)]),
    "MyTuple": lambda: made("MyTuple", (1, 2), label=text("l")),
    "MyInt": lambda: made("MyInt", 5),
    "MyFloat": lambda: made("MyFloat", 1.5, unit=text("m")),
    "MyText": lambda: made("MyText", text("t")),
    "MyBytes": lambda: made("MyBytes", b"a\xff"),
    "MyByteArray": lambda: made("MyByteArray", b"a\xff"),
    "ShopError": lambda: made("ShopError", text("no"), 3, code=4),
    "Registry": lambda: made("Registry", [(text("a"), 1)]),
    "Fallback": lambda: made("Fallback", list, {text("a"): [1]}),
    "Row": lambda: made("Row", 1, text("r")),
    "Tagged": lambda: made("Tagged", 1, text("r"), tag=2),
    "Outer.Inner": lambda: made("Outer.Inner", a=1),
    "OldStyle": lambda: made("OldStyle", a=1),
    "Color": lambda: [models.Color.RED, models.Color.GREEN, models.Color.RED],
    "Level": lambda: models.Level.HIGH,
    "Perm": lambda: models.Perm.R | models.Perm.W,
    "Pair": lambda: models.Pair.A,
    "Data": lambda: made("Data", 1, [2]),
    "Frozen": lambda: made("Frozen", 1),
    "Child": lambda: made("Child", 1, [2], 1.5),
    "DataSlots": lambda: made("DataSlots", 1, "n"),
    "FrozenSlots": lambda: made("FrozenSlots", 1, 2),
}


def look(value, seen):
    """All that an equal value has: classes, items, attributes, and which parts are one object."""
    if isinstance(value, (int, float, bytes, text, type(None))) and type(value).__module__ != "shop.models":
        return type(value).__name__, value
    if id(value) in seen:
        return "seen", seen[id(value)]
    seen[id(value)] = len(seen)
    parts = [type(value).__module__, type(value).__name__]
    if "enum" in [kind.__module__ for kind in type(value).__mro__]:
        return parts, repr(value.value)
    if isinstance(value, dict):
        parts.append([(look(key, seen), look(value[key], seen)) for key in value])
    elif isinstance(value, (list, tuple)):
        parts.append([look(item, seen) for item in value])
    elif isinstance(value, (set, frozenset)):
        parts.append(sorted(map(repr, value)))
    elif isinstance(value, bytearray):
        parts.append(bytes(value))
    elif isinstance(value, BaseException):
        parts.append([look(arg, seen) for arg in value.args])
    elif isinstance(value, (int, float, bytes, text)):
        parts.append(value + 0 if isinstance(value, (int, float)) else value[:])
    names = set(getattr(value, "__dict__", ()))
    for kind in type(value).__mro__ if hasattr(type(value), "__mro__") else ():
        names.update(name for name in kind.__dict__.get("__slots__", ()) if hasattr(value, name))
    return parts, [(name, look(getattr(value, name), seen)) for name in sorted(names - {"__dict__", "__weakref__"})]


def judge(name, pickles):
    try:
        expected = look(examples[name](), {})
    except AttributeError:
        return None
    problems = []
    written = []
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        try:
            written.append(binascii.hexlify(pickle.dumps(examples[name](), protocol)).decode())
        except (TypeError, RuntimeError, pickle.PicklingError):
            written.append(None)
        if protocol >= len(pickles) or pickles[protocol] is None:
            continue
        try:
            found = look(pickle.loads(binascii.unhexlify(pickles[protocol])), {})
            # Protocols 0 and 1 lose a state that is false.
            own = look(pickle.loads(binascii.unhexlify(written[-1])), {}) if written[-1] else expected
            wrong = "it is %r, not %r" % (found, expected) if found not in (expected, own) else None
        except Exception as error:
            wrong = repr(error)
        if wrong:
            problems.append("protocol %d: %s" % (protocol, wrong))
    return [problems, written]


json.dump([judge(*case) for case in json.load(sys.stdin)], sys.stdout)
