"""Makes the data of the benchmark: python3 workloads.py FOLDER NAME...

Every workload is drawn with a seed of its own, so that it is the same wherever and in whatever order it is made. Beside
the pickles lies NAME.json, which says what they hold; `digest` is that of a canonical walk (values.mjs has the same one),
by which each contender's result is checked.
"""

import array
import hashlib
import json
import os
import pickle
import random
import struct
import sys

from shapes import Point

MAX_SAFE = 2**53 - 1

ONSETS = "b bl br c ch d dr f g gr h j k l m n p pl qu r s sh st t th tr v w z".split()
RHYMES = "a an ar e el en er i in is o on or u um us ay ea oo".split()


def word(draw, syllables):
    return "".join(draw.choice(ONSETS) + draw.choice(RHYMES) for _ in range(syllables))


def safe_int(draw):
    """As many of one bit as of 53, half of them negative."""
    value = draw.getrandbits(draw.randint(1, 53))
    return -value if draw.random() < 0.5 else value


def fraction(draw):
    """A float that is no whole number, so that no format takes it for an int."""
    while True:
        value = draw.gauss(0.0, 1000.0)
        if not value.is_integer():
            return value


def distinct(count, make):
    """Strings are shared by a pickle if they are one object, and so must be all that are equal, or none."""
    found = {}
    while len(found) < count:
        found[make()] = None
    return list(found)


def dicts(draw, count):
    return [{"i": i, "apples": f"apple {i}", "banana": fraction(draw)} for i in range(count)]


def records(draw, count):
    tags = distinct(40, lambda: word(draw, 2))
    cities = distinct(300, lambda: word(draw, 3).title())
    names = distinct(count * 2, lambda: word(draw, draw.randint(2, 5)).title())
    result = []
    for i in range(count):
        first, last = names[2 * i], names[2 * i + 1]
        result.append(
            {
                "id": 10_000_000 + i * 7,
                "name": f"{first} {last}",
                "email": f"{first}.{last}@example.org".lower() if draw.random() < 0.9 else None,
                "active": draw.random() < 0.7,
                "balance": fraction(draw),
                "tags": draw.sample(tags, draw.randint(0, 5)),
                "address": {
                    "city": draw.choice(cities),
                    "zip": draw.randint(10_000, 99_999),
                    "position": (fraction(draw), fraction(draw)),
                },
                "visits": [draw.randint(0, 2_000_000_000) for _ in range(draw.randint(0, 4))],
                "parent": None if i == 0 else {"id": draw.randint(0, i), "depth": draw.randint(0, 9)},
            }
        )
    return result


def floats(draw, count):
    return [fraction(draw) for _ in range(count)]


def ints(draw, count):
    return [safe_int(draw) for _ in range(count)]


def strings(draw, count):
    return distinct(count, lambda: word(draw, draw.randint(2, 7)))


def tree(draw, depth):
    if depth == 0:
        return {"leaf": draw.randint(0, 255)}
    return {"left": tree(draw, depth - 1), "right": tree(draw, depth - 1), "depth": depth}


def int_keys(draw, count):
    keys = {}
    while len(keys) < count:
        keys[draw.getrandbits(draw.randint(8, 40))] = draw.randint(0, 100_000)
    return keys


def many_bytes(draw, count):
    return [draw.randbytes(1000) for _ in range(count)]


def instances(draw, count):
    return [Point(i, fraction(draw), f"point {i}") for i in range(count)]


def tuples(draw, count):
    return [(i, fraction(draw), draw.randint(-1000, 1000)) for i in range(count)]


ALPHABETS = [(0x410, 0x44F), (0x3B1, 0x3C9), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3), (0xE0, 0xFF), (0x1F600, 0x1F64F)]


def text(draw, count):
    def make():
        low, high = draw.choice(ALPHABETS)
        return "".join(chr(draw.randint(low, high)) for _ in range(draw.randint(3, 30)))

    return distinct(count, make)


def large_array(draw, count):
    return array.array("d", floats(draw, 1000) * (count // 1000)).tobytes()


def large_ints(draw, count):
    return [draw.getrandbits(draw.randint(65, 256)) * draw.choice((1, -1)) for _ in range(count)]


# name: title, how it is made, with which count; protocols that are measured (the first one is the workload's own).
WORKLOADS = {
    "dicts": ("1024 small dicts", dicts, 1024, (5, 0, 2, 4)),
    "records": ("20,000 nested records", records, 20_000, (5, 0, 2, 4)),
    "floats": ("500,000 floats", floats, 500_000, (5, 0, 2, 4)),
    "ints": ("500,000 ints, small and large", ints, 500_000, (5,)),
    "strings": ("200,000 distinct strings", strings, 200_000, (5,)),
    "tree": ("binary tree of dicts, 16 deep", tree, 16, (5,)),
    "int-keys": ("dict with 200,000 int keys", int_keys, 200_000, (5,)),
    "bytes": ("10,000 bytes of 1 kB", many_bytes, 10_000, (5,)),
    "instances": ("100,000 instances of one class", instances, 100_000, (5,)),
    "tuples": ("100,000 tuples", tuples, 100_000, (5,)),
    "text": ("50,000 non-ASCII strings", text, 50_000, (5,)),
    "array": ("float64 array as 64 MB of bytes", large_array, 8_000_000, (5,)),
    "large-ints": ("100,000 ints over 64 bits", large_ints, 100_000, (5,)),
}

GROWTH = {"dicts": 20_000, "records": 2_000, "strings": 20_000, "floats": 50_000}
for growing, base in GROWTH.items():
    for scale in (1, 10, 100):
        make = WORKLOADS[growing][1]
        WORKLOADS[f"{growing}-x{scale}"] = (f"{base * scale:,} {growing}", make, base * scale, (5,))


def digest(value):
    parts = []

    def number(value):
        if isinstance(value, float):
            if not (value.is_integer() and abs(value) <= MAX_SAFE and str(value) != "-0.0"):
                return "D" + struct.pack(">d", value).hex()
        return f"I{int(value)}"

    def walk(value):
        if value is None:
            parts.append(b"N\n")
        elif isinstance(value, bool):
            parts.append(b"T\n" if value else b"F\n")
        elif isinstance(value, (int, float)):
            parts.append((number(value) + "\n").encode())
        elif isinstance(value, str):
            content = value.encode()
            parts.extend((b"S%d:" % len(content), content))
        elif isinstance(value, bytes):
            parts.extend((b"B%d:" % len(value), value))
        elif isinstance(value, (list, tuple)):
            parts.append(b"L%d\n" % len(value))
            for item in value:
                walk(item)
        elif isinstance(value, dict):
            parts.append(b"M%d\n" % len(value))
            for key, item in value.items():
                walk(key)
                walk(item)
        else:
            parts.append(f"O{type(value).__module__}.{type(value).__qualname__}\n".encode())
            walk(value.__dict__)

    walk(value)
    return hashlib.sha256(b"".join(parts)).hexdigest()


def main(folder, names):
    for name in names:
        title, make_value, count, protocols = WORKLOADS[name]
        value = make_value(random.Random(f"brine {name}"), count)
        sizes = {}
        for protocol in protocols:
            pickled = pickle.dumps(value, protocol)
            sizes[protocol] = len(pickled)
            with open(os.path.join(folder, f"{name}.p{protocol}.pkl"), "wb") as file:
                file.write(pickled)
        info = {"name": name, "title": title, "protocols": protocols, "sizes": sizes, "digest": digest(value)}
        # Last, and at once, for it says that the workload is complete.
        path = os.path.join(folder, f"{name}.json")
        with open(path + ".new", "w") as file:
            json.dump(info, file)
        os.replace(path + ".new", path)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
