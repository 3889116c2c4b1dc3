"""Pickles of described values: a line of JSON in, one out: {"pickles": [HEX of each protocol], "reordered": HEX}, the latter of
an equal value whose dicts and sets are in another order, and whose immutable values are others.

A value is described as null, true, false, a text, or [KIND, ...]: ["int", decimal], ["float", hex of the 8 bytes], ["bytes",
hex], ["bytearray", hex], ["list", values], ["tuple", values], ["set", values], ["frozenset", values], ["dict", [[key,
value], ...]], ["ordered", pairs], ["again", number] for what has been made before, ["complex", real, imaginary], ["fraction",
n, d], ["date", ordinal]. Sets and dicts leave out what is unhashable.
"""

import collections
import datetime
import fractions
import json
import pickle
import struct
import sys

sys.set_int_max_str_digits(0)


def hashable(value):
    try:
        hash(value)
        return True
    except TypeError:
        return False


class Builder:
    def __init__(self):
        self.made = []

    def build(self, spec):
        value = self.value(spec)
        self.made.append(value)
        return value

    def many(self, specs):
        return [self.build(spec) for spec in specs]

    def value(self, spec):
        if not isinstance(spec, list):
            # Not the text that json may share.
            return "".join(list(spec)) if isinstance(spec, str) else spec
        kind, *rest = spec
        if kind == "int":
            return int(rest[0])
        if kind == "float":
            return struct.unpack(">d", bytes.fromhex(rest[0]))[0]
        if kind == "bytes":
            return bytes.fromhex(rest[0])
        if kind == "bytearray":
            return bytearray.fromhex(rest[0])
        if kind == "list":
            return self.many(rest[0])
        if kind == "tuple":
            return tuple(self.many(rest[0]))
        if kind in ("set", "frozenset"):
            items = [item for item in self.many(rest[0]) if hashable(item)]
            return set(items) if kind == "set" else frozenset(items)
        if kind in ("dict", "ordered"):
            made = {} if kind == "dict" else collections.OrderedDict()
            for key, value in rest[0]:
                key, value = self.build(key), self.build(value)
                if hashable(key):
                    made[key] = value
            return made
        if kind == "again":
            return self.made[rest[0] % len(self.made)] if self.made else None
        if kind == "fraction":
            return fractions.Fraction(rest[0], rest[1])
        if kind == "complex":
            return complex(rest[0], rest[1])
        if kind == "date":
            return datetime.datetime.fromordinal(rest[0])
        raise AssertionError(kind)


def reordered(value, made):
    if id(value) in made:
        return made[id(value)][0]
    t = type(value)
    if t is str:
        copy = "".join(list(value))
    elif t is bytes:
        copy = bytes(list(value))
    elif t is tuple:
        copy = tuple([reordered(item, made) for item in value])
    elif t in (set, frozenset):
        copy = t([reordered(item, made) for item in reversed(list(value))])
    elif t is list:
        copy = [reordered(item, made) for item in value]
    elif t is dict:
        copy = {reordered(key, made): reordered(item, made) for key, item in reversed(list(value.items()))}
    elif t is collections.OrderedDict:
        copy = t((reordered(key, made), reordered(item, made)) for key, item in value.items())
    else:
        copy = value
    if t in (set, list, dict, collections.OrderedDict):
        # Kept, so that no other gets its id.
        made[id(value)] = (copy, value)
    return copy


for line in sys.stdin:
    value = Builder().build(json.loads(line))
    pickles = [pickle.dumps(value, protocol).hex() for protocol in range(6)]
    print(json.dumps({"pickles": pickles, "reordered": pickle.dumps(reordered(value, {})).hex()}), flush=True)
