"""Makes pairs of values to be told apart, and judges what was told: JSON on stdin, JSON on stdout.

{"make": [seed, ...]}: for each seed a pair, {"before": hex, "after": hex, "equal": bool}, each pickled under a protocol of
its own. {"check": [[seed, rows], ...]}: for each what is wrong with the rows, by looking up their paths in the values.
"""

import copy
import json
import pickle
import random
import re
import struct
import sys


class Point:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class Cart(list):
    pass


class Index(dict):
    pass


for each in (Point, Cart, Index):
    each.__module__ = "shop"
module = type(sys)("shop")
module.Point, module.Cart, module.Index = Point, Cart, Index
sys.modules["shop"] = module

NAMES = ["a", "b", "name", "of", "x y", "", "1", "é"]


def scalar(r):
    return r.choice([
        None, True, False, 0, 1, 2, -1, 255, 256, 2**31, 2**53, 2**70, -(2**70), 0.0, -0.0, 1.0, 1.5, 1e300, float("inf"),
        "", "a", "b", "é", "x" * 100, b"", b"a", b"\xff\x00", bytearray(b"ab"),
    ])


def key(r, depth=2):
    kind = r.randrange(12)
    if kind == 0 and depth:
        return tuple(key(r, depth - 1) for _ in range(r.randrange(3)))
    if kind == 1 and depth:
        return frozenset(key(r, depth - 1) for _ in range(r.randrange(3)))
    if kind < 5:
        return r.choice([0, 1, 2, 1.0, True, 2**70, 2.5, None, b"k"])
    return r.choice(NAMES)


def value(r, depth, made):
    kind = r.randrange(14) if depth else 0
    if kind < 4:
        return scalar(r)
    if kind == 4 and made:
        return r.choice(made)
    count = r.choice([0, 1, 2, 3, 5])
    some = lambda: value(r, depth - 1, made)
    if kind < 7:
        result = [some() for _ in range(count)]
    elif kind < 8:
        result = tuple(some() for _ in range(count))
    elif kind < 10:
        result = {key(r): some() for _ in range(count)}
    elif kind < 11:
        result = {key(r) for _ in range(count)}
    elif kind < 12:
        result = Point(**{name: some() for name in r.sample(["a", "b", "name"], min(count, 3))})
    elif kind < 13:
        result = Cart(some() for _ in range(count))
    else:
        result = Index({key(r): some() for _ in range(count)})
    made.append(result)
    if type(result) is list and r.random() < 0.05:
        result.append(r.choice(made))
    return result


def containers(root):
    found, seen, stack = [], set(), [root]
    while stack:
        v = stack.pop()
        if id(v) in seen:
            continue
        seen.add(id(v))
        if isinstance(v, (list, dict, set, Point)):
            found.append(v)
        if isinstance(v, (list, tuple)):
            stack.extend(v)
        elif isinstance(v, dict):
            stack.extend(v.values())
        if hasattr(v, "__dict__") and not isinstance(v, type):
            stack.extend(vars(v).values())
    return found


def mutate(r, root):
    choices = containers(root)
    if not choices:
        return
    v = r.choice(choices)
    if isinstance(v, list):
        what = r.randrange(4)
        if what == 0 or not v:
            v.insert(r.randrange(len(v) + 1), value(r, 1, []))
        elif what == 1:
            v.pop(r.randrange(len(v)))
        elif what == 2:
            v[r.randrange(len(v))] = value(r, 1, [])
        else:
            r.shuffle(v)
    elif isinstance(v, dict):
        if v and r.random() < 0.5:
            v.pop(r.choice(list(v)))
        else:
            v[key(r)] = value(r, 1, [])
    elif isinstance(v, set):
        v.symmetric_difference_update({key(r)})
    else:
        vars(v)[r.choice(["a", "b", "name"])] = value(r, 1, [])


def same(a, b):
    """Whether two values are equal, their types and all that is in them too; but keys as Python has it."""
    stack, seen = [(a, b)], set()
    while stack:
        a, b = stack.pop()
        if type(a) is not type(b):
            return False
        if isinstance(a, float):
            if struct.pack(">d", a) != struct.pack(">d", b):
                return False
            continue
        if isinstance(a, (list, tuple, dict, set, frozenset, Point)):
            if (id(a), id(b)) in seen:
                continue
            seen.add((id(a), id(b)))
        if isinstance(a, (list, tuple)):
            if len(a) != len(b):
                return False
            stack.extend(zip(a, b))
        elif isinstance(a, dict):
            if a.keys() != b.keys():
                return False
            stack.extend((x, b[k]) for k, x in a.items())
        elif not isinstance(a, Point) and a != b:
            return False
        if isinstance(a, (Point, Cart, Index)):
            stack.append((vars(a), vars(b)))
    return True


def pair(seed):
    r = random.Random(seed)
    before = value(r, 4, [])
    # By way of a pickle, so that nothing is one object in both.
    after = pickle.loads(pickle.dumps(before, 5))
    for _ in range(r.choice([0, 0, 1, 1, 2, 4])):
        mutate(r, after)
    return before, after, r.randrange(6), r.randrange(6)


STEP = re.compile(r"\.(\w+)|\[((?:'(?:\\.|[^'\\])*'|\((?:[^()]|\([^()]*\))*\)|frozenset\(.*?\)|[^\]'])+)\]", re.S)


def look_up(root, path):
    """What is at a path; None for a path that only shows part of the way."""
    if "…" in path or "{" in path or "<" in path:
        return None
    at, end = root, 1
    while end < len(path):
        step = STEP.match(path, end)
        if step is None:
            raise ValueError("no step at %r" % path[end:])
        name, index = step.groups()
        if name is not None:
            at = vars(at)[name] if isinstance(at, Point) or (hasattr(at, "__dict__") and name in vars(at)) else at[name]
        else:
            at = at[eval(index)]
        end = step.end()
    return (at,)


def check(seed, rows):
    before, after, _, _ = pair(seed)
    wrong = []
    for row in rows:
        try:
            for root, path, told in (
                (before, row["path"], row.get("before")),
                (after, row.get("newPath") or row["path"], row.get("after")),
            ):
                found = look_up(root, path) if told is not None else None
                if found is None or row["kind"] == "sharing":
                    continue
                [v] = found
                plain = v is None or type(v) in (bool, int, float, str, bytes)
                if plain and "…" not in told["text"] and repr(v) != told["text"]:
                    wrong.append("%s is %r, not %s" % (path, v, told["text"]))
                name = type(v).__name__
                if name != told["type"].removeprefix("shop."):
                    wrong.append("%s is a %s, not a %s" % (path, name, told["type"]))
        except Exception as error:
            wrong.append("%s: %s: %s" % (row, type(error).__name__, error))
    return wrong


case = json.load(sys.stdin)
if "make" in case:
    answer = []
    for seed in case["make"]:
        before, after, one, other = pair(seed)
        dumped = [pickle.dumps(before, one).hex(), pickle.dumps(after, other).hex()]
        answer.append({"before": dumped[0], "after": dumped[1], "equal": same(before, after)})
else:
    answer = [check(seed, rows) for seed, rows in case["check"]]
json.dump(answer, sys.stdout)
