# -*- coding: utf-8 -*-
"""Prints, as JSON, builtin values pickled at every protocol that this Python has (2.7 or 3), by both picklers where there are two, and
the values in words that unpickler/interpreters.test.ts reads."""

from __future__ import print_function, unicode_literals

import binascii
import json
import pickle
import struct
import sys

try:
    import cPickle
except ImportError:
    cPickle = None

PY2 = sys.version_info[0] == 2
unichr_ = unichr if PY2 else chr  # noqa: F821
long_ = long if PY2 else int  # noqa: F821
text = type("")


def hexed(data):
    return binascii.hexlify(data).decode("ascii")


def double(value):
    return "nan" if value != value else hexed(struct.pack(str(">d"), value))


def spell(v):
    if v is None or v is True or v is False:
        return v
    t = type(v)
    if t is int or t is long_:
        return ["int", format(v, str("x"))]
    if t is float:
        return ["float", double(v)]
    if t is complex:
        return ["complex", double(v.real), double(v.imag)]
    if t is text:
        return ["str", hexed(v.encode("utf-16-be") if PY2 else v.encode("utf-16-be", "surrogatepass"))]
    if t is bytes:
        return ["bytes", hexed(v)]
    if t is bytearray:
        return ["bytearray", hexed(bytes(v))]
    if t is list or t is tuple:
        return [t.__name__] + [spell(item) for item in v]
    if t is set or t is frozenset:
        return [t.__name__] + sorted((spell(item) for item in v), key=lambda item: json.dumps(item, separators=(",", ":")))
    if t is dict:
        return ["dict"] + [[spell(key), spell(value)] for key, value in v.items()]
    raise TypeError(t)


inf = float("inf")
values = {
    "constants": [None, True, False],
    "ints": [sign * (2 ** power + more) for power in (0, 7, 8, 15, 16, 31, 32, 53, 62, 63, 64, 100, 2047, 2048, 5000) for more in (-1, 0, 1) for sign in (1, -1)],
    "floats": [0.0, -0.0, 1.0, -1.5, 0.1, 1e16, 1e-5, 123456789.125, 5e-324, 1.7976931348623157e308, inf, -inf, inf - inf],
    "complex": [0j, 1 + 2j, complex(-0.0, inf)],
    "strings": ["", "a", "naïve", "\u20ac", "\n\r\\\\ '\" \\u0041 \x00\x1a\x7f\x80\xff", "\ud7ff\ue000\ufeff\uffff", "x" * 255, "x" * 256, "é" * 200, "y" * 70000, "\U0001f600 and more"],
    "surrogates": ["\ud800", "a\udfffb"] if not PY2 else ["plain"],
    "bytes": [b"", b"a", b"\x00\xff", bytes(bytearray(range(256))), b"z" * 300, b"w" * 70000],
    "bytearrays": [bytearray(), bytearray(b"\x00\xff"), bytearray(b"q" * 300)],
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((),), ((1, (2,)), ())],
    "lists": [[], [1], list(range(10)), list(range(2500)), [[[[]]]]],
    "dicts": [{}, {"a": 1}, {"a": {"b": [1, {"c": None}]}}, dict(("k%d" % i, i) for i in range(2500)), {1: 2, "a": 3}, {(1, 2): "t"}, {None: 1, True: 2, 2.5: 3, "x": 4}],
    "sets": [set(), {1, "a", None}, set(range(1500)), frozenset(), frozenset([1, 2]), {frozenset([1]), (1, 2)}, frozenset([frozenset()])],
    "json": [{"name": "Ada", "born": 1815, "tags": ["math", "éngine"], "nested": {"ok": True, "none": None, "ratio": 0.25}, "list": [{"id": i, "x": i / 8.0} for i in range(50)]}],
}
shared = ["shared"]
values["shared"] = [[shared, shared, {"again": shared}], (shared, (shared,))]

written = []
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    for name, group in values.items():
        for value in group:
            spelled = spell(value)
            if cPickle is not None:
                makers = [("pickle", pickle.dumps), ("cPickle", cPickle.dumps)]
            else:
                makers = [("C", pickle.dumps), ("Python", pickle._dumps)]
            seen = set()
            for maker, dumps in makers:
                data = dumps(value, protocol)
                if data not in seen:
                    seen.add(data)
                    written.append({"name": name + " by " + maker, "protocol": protocol, "hex": hexed(data), "value": spelled})
print(json.dumps(written))
