"""Judges pickles with CPython's own C unpickler: one JSON case a line on stdin, one JSON verdict a line on stdout.

A case is {"hex": ..., "encoding": ..., "errors": ..., "buffers": [hex, ...]}; "hex" alone is enough. The verdict is
    {"value": DRAWING}               it was accepted
    {"error": [CLASS, MESSAGE]}      it was refused
    {"skip": WHY}                    memory or recursion ended first
Nothing that a pickle names is imported or called: stand-ins note what is done to them.

A DRAWING, which describe.ts makes of brine's exact values in the same form:
    null  true  false  ["int", hex]  ["float", hex of the 8 bytes, big-endian]  ["str", text]
    ["global", module, name]  ["pers", PID]  [KIND, id, ...] for what has an identity, ["same", id] when it comes again:
    "bytes" hex, "bytearray" hex, "view" hex readonly, "tuple" items, "frozenset" items, "list" items, "set" items,
    "dict" [[K, V], ...], "object" CALLABLE [ARGS] [[name, V], ...] [OPERATION, ...]
with 0 for the id of what Python keeps one of: tuples and frozensets without items, bytes of less than two.
Ids are given from 1 in the order of appearance. Items of a set stand in the order of their drawings' text.
"""

import copyreg
import io
import json
import pickle
import resource
import struct
import sys

resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
sys.setrecursionlimit(5000)
sys.set_int_max_str_digits(4300)

for code, name in {1: "one", 2: "two", 200: "many", 300: "far", 70000: "distant"}.items():
    copyreg.add_extension("extended", name, code)


class Recorded:
    """What a stand-in's call gives: it notes what is done to it."""

    __slots__ = ("_of", "_args", "_kwargs", "_done")

    def __init__(self, of, args, kwargs):
        self._of, self._args, self._kwargs, self._done = of, args, kwargs, []

    def _note(self, kind, values):
        if self._done and self._done[-1][0] == kind != "build":
            self._done[-1][1].extend(values)
        else:
            self._done.append((kind, list(values)))

    def __call__(self, /, *args, **kwargs):
        return Recorded(self, args, kwargs)

    def __setstate__(self, state):
        self._note("build", [state])

    def __setitem__(self, key, value):
        self._note("set", [(key, value)])

    def append(self, item):
        self._note("append", [item])

    def extend(self, items):
        self._note("append", items)

    def add(self, item):
        self._note("add", [item])


class Meta(type):
    def __call__(self, /, *args, **kwargs):
        return Recorded(self, args, kwargs)


# As words of errors name it.
Meta.__name__ = "type"


class Persistent:
    __slots__ = ("_pid",)

    def __init__(self, pid):
        self._pid = pid


stand_ins = {}


def stand_in(module, name):
    known = stand_ins.get((module, name))
    if known is None:
        def new(cls, /, *args, **kwargs):
            return Recorded(cls, args, kwargs)

        known = stand_ins[module, name] = Meta("Inert", (), {"__new__": new, " names": (module, name)})
    return known


class Judge(pickle.Unpickler):
    def find_class(self, module, name):
        return stand_in(module, name)

    def persistent_load(self, pid):
        return Persistent(pid)


class TooLarge(Exception):
    pass


def text_of(drawing):
    return json.dumps(drawing, separators=(",", ":"))


def draw(value, limit=40_000):
    left = limit

    def many(values, ids):
        return [one(item, ids) for item in values]

    def of_set(values, ids):
        return many(sorted(values, key=lambda item: text_of(one(item, dict(ids)))), ids)

    def operation(kind, values, ids):
        if kind == "set":
            return [kind, [[one(k, ids), one(v, ids)] for k, v in values]]
        return [kind, many(values, ids)]

    def one(v, ids):
        nonlocal left
        left -= 1
        if left < 0:
            raise TooLarge("too large to draw")
        t = type(v)
        if v is None or t is bool:
            return v
        if t is int:
            return ["int", format(v, "x")]
        if t is float:
            return ["float", "7ff8000000000000" if v != v else struct.pack(">d", v).hex()]
        if t is str:
            return ["str", v]
        if t is Meta:
            return ["global", *vars(v)[" names"]]
        if t is Persistent:
            return ["pers", one(v._pid, ids)]
        if (t is tuple or t is frozenset) and not v:
            return [t.__name__, 0, []]
        if t is bytes and len(v) < 2:
            return ["bytes", 0, v.hex()]
        if id(v) in ids:
            return ["same", ids[id(v)]]
        n = ids[id(v)] = len(ids) + 1
        if t is bytes or t is bytearray:
            return [t.__name__, n, v.hex()]
        if t is memoryview:
            return ["view", n, bytes(v).hex(), v.readonly]
        if t is tuple or t is list:
            return [t.__name__, n, many(v, ids)]
        if t is set or t is frozenset:
            return [t.__name__, n, of_set(v, ids)]
        if t is dict:
            return ["dict", n, [[one(k, ids), one(x, ids)] for k, x in v.items()]]
        if t is Recorded:
            return [
                "object",
                n,
                one(v._of, ids),
                many(v._args, ids),
                [[k, one(x, ids)] for k, x in v._kwargs.items()],
                [operation(kind, values, ids) for kind, values in v._done],
            ]
        raise AssertionError(f"what is {t}?")

    return one(value, {})


def judge(case):
    options = {"fix_imports": False}
    options.update({key: case[key] for key in ("encoding", "errors") if key in case})
    if "buffers" in case:
        options["buffers"] = [bytes.fromhex(buffer) for buffer in case["buffers"]]
    try:
        value = Judge(io.BytesIO(bytes.fromhex(case["hex"])), **options).load()
    except (MemoryError, RecursionError) as error:
        return {"skip": type(error).__name__}
    except Exception as error:
        return {"error": [type(error).__name__, str(error)]}
    try:
        return {"value": draw(value)}
    except (MemoryError, RecursionError, TooLarge) as error:
        return {"skip": type(error).__name__}


def main():
    for line in sys.stdin:
        if len(stand_ins) > 10_000:
            stand_ins.clear()
        print(text_of(judge(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
