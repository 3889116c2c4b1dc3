"""Builds the values that describe-for-python.ts tells and pickles them with the C pickler.

Reads a JSON list of cases, writes a JSON list of answers. Equal texts are one object, as they are for brine.
"""
import copyreg
import importlib
import io
import json
import pickle
import struct
import sys
import types

sys.setrecursionlimit(100_000)


def fresh(text):
    """A text that is no other's twin, as the names of C types are."""
    return "".join(list(text))


class Reduced:
    """Pickles as it was told, whatever class it says it is of."""

    def __reduce_ex__(self, protocol):
        return self.reduction()

    __class__ = property(lambda self: self.cls)


class Kept:
    """Stored elsewhere, under a persistent id."""


class Missing:
    pass


def find(module, name):
    """The global of that name, made if there is none."""
    if module not in sys.modules:
        try:
            importlib.import_module(sys.intern(module))
        except ImportError:
            sys.modules[module] = types.ModuleType(module)
    owner = sys.modules[module]
    path = name.split(".")
    for depth, attribute in enumerate(path):
        if isinstance(owner, type) and attribute not in vars(owner) or not hasattr(owner, attribute):
            made = type("C", (), {})
            made.__module__ = sys.intern(module)
            made.__name__ = attribute
            made.__qualname__ = fresh(".".join(path[: depth + 1]))
            setattr(owner, attribute, made)
        owner = getattr(owner, attribute)
    return owner


class Builder:
    def __init__(self, nodes):
        self.nodes = nodes
        self.made = [Missing] * len(nodes)
        for i, (kind, *_) in enumerate(nodes):
            if kind in ("list", "dict", "set"):
                self.made[i] = {"list": list, "dict": dict, "set": set}[kind]()
            elif kind == "reduced":
                self.made[i] = Reduced()
            elif kind == "kept":
                self.made[i] = Kept()
        for i in range(len(nodes)):
            self.make(i)
        for i in range(len(nodes)):
            self.fill(i)

    def value(self, told):
        kind, *rest = told
        if kind == "N":
            return None
        if kind == "B":
            return rest[0]
        if kind == "I":
            return int(rest[0], 16)
        if kind == "F":
            return struct.unpack(">d", bytes.fromhex(rest[0]))[0]
        if kind == "S":
            return sys.intern(rest[0])
        self.make(rest[0])
        return self.made[rest[0]]

    def make(self, i):
        if self.made[i] is not Missing:
            return
        kind, *rest = self.nodes[i]
        if kind == "tuple":
            self.made[i] = tuple([self.value(x) for x in rest[0]])
        elif kind == "frozenset":
            self.made[i] = frozenset([self.value(x) for x in rest[0]])
        elif kind == "bytes":
            self.made[i] = (bytes.fromhex(rest[0]) + b"\0")[:-1]
        elif kind == "bytearray":
            self.made[i] = bytearray.fromhex(rest[0])
        elif kind == "buffer":
            self.made[i] = pickle.PickleBuffer((bytes if rest[1] else bytearray).fromhex(rest[0]))
        elif kind == "global":
            self.made[i] = find(*rest)
        else:
            raise ValueError(kind)

    def fill(self, i):
        kind, *rest = self.nodes[i]
        target = self.made[i]
        if kind == "list":
            target.extend([self.value(x) for x in rest[0]])
        elif kind == "set":
            target.update([self.value(x) for x in rest[0]])
        elif kind == "dict":
            for key, x in rest[0]:
                target[self.value(key)] = self.value(x)
        elif kind == "kept":
            target.pid = self.value(rest[0])
        elif kind == "reduced":
            self.reduce(target, rest[0])

    def reduce(self, target, told):
        def optional(name):
            return self.value(told[name]) if told.get(name) else None

        callable_ = self.value(told["callable"])
        args = self.value(told["args"])
        state = optional("state")
        setter = optional("stateSetter")
        items = optional("listItems")
        entries = optional("dictItems")
        target.cls = args[0] if callable_.__name__.startswith("__newobj") and args else callable_

        def reduction():
            both = (None if items is None else iter(items), None if entries is None else iter(entries.items()))
            # Fresh arguments each time, as a method makes them.
            return (callable_, tuple(list(args)), state, *both) + (() if setter is None else (setter,))

        target.reduction = reduction


def dump_all(case, protocol, roots):
    out = io.BytesIO()
    buffers = []

    def keep(buffer):
        buffers.append(buffer.raw().hex())
        return case["inBand"][(len(buffers) - 1) % len(case["inBand"])]

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            return value.pid if type(value) is Kept else None

    plain = not any(kind == "kept" for kind, *_ in case["nodes"])
    callback = keep if case.get("inBand") else None
    pickler = (pickle.Pickler if plain else Pickler)(
        out, protocol, fix_imports=case.get("fixImports", True), buffer_callback=callback
    )
    pickler.fast = case.get("fast", False)
    pickles = []
    for i, root in enumerate(roots):
        if i in case.get("clearBefore", ()):
            pickler.clear_memo()
        out.seek(0)
        out.truncate()
        pickler.dump(root)
        pickles.append(out.getvalue().hex())
    return {"pickles": pickles, "buffers": buffers}


def answer(case):
    answers = []
    for code, module, name in case.get("extensions", ()):
        find(module, name)
        copyreg.add_extension(module, name, code)
    for protocol in case["protocols"]:
        try:
            # Built anew: no cached hash, no object that an earlier pickle has changed.
            builder = Builder(case["nodes"])
            answers.append(dump_all(case, protocol, [builder.value(root) for root in case["roots"]]))
        except Exception as e:
            answers.append({"error": f"{type(e).__name__}: {e}"})
    for code, module, name in case.get("extensions", ()):
        copyreg.remove_extension(module, name, code)
    return answers


json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
