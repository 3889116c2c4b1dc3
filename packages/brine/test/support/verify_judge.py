"""Says who refuses a pickle: one JSON case a line on stdin, {"hex": ...}, one JSON verdict a line on stdout.

The verdict has, for CPython's unpickler in C ("c"), its twin in Python ("python"), both given everything they may ask for
and ("cAlone", "pythonAlone") nothing but a way to look up names, and for pickletools.dis ("pickletools"): null if it is
taken, else the error's words; "skip" where memory or recursion ended first.

Nothing that a pickle names is imported or called. Whatever a name, a hook, an extension or a buffer stands for is a class
that takes everything that is done to it, so that what is refused is refused for what the pickle itself says.
"""

import copyreg
import io
import itertools
import json
import pickle
import pickletools
import resource
import struct
import sys

resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
sys.setrecursionlimit(5000)
sys.set_int_max_str_digits(4300)


def nothing(self, /, *args, **kwargs):
    return None


class Meta(type):
    def __call__(self, /, *args, **kwargs):
        return make()

    def __iter__(self):
        return iter(())

    def __buffer__(self, flags):
        return memoryview(b"")

    append = extend = add = __setitem__ = __setstate__ = nothing


def make():
    return Meta("Anything", (), {"__new__": lambda cls, /, *args, **kwargs: make()})


class Bytes(io.BytesIO):
    """A file that is read ahead to its end, so that the C unpickler goes about it as pickle.loads does."""

    def peek(self, size=-1):
        return self.getvalue()[self.tell():]


class C(pickle.Unpickler):
    def find_class(self, module, name):
        return make()


class Python(pickle._Unpickler):
    def find_class(self, module, name):
        return make()


class FullC(C):
    def persistent_load(self, pid):
        return make()


class FullPython(Python):
    def persistent_load(self, pid):
        return make()


def extensions(data):
    """The codes that a pickle may ask for."""
    codes = set()
    widths = {0x82: (1, "<B"), 0x83: (2, "<H"), 0x84: (4, "<i")}
    # At every byte that could be the opcode: no harm is done by too many.
    for at, byte in enumerate(data):
        if byte in widths:
            width, form = widths[byte]
            piece = data[at + 1:at + 1 + width]
            if len(piece) == width:
                codes.add(struct.unpack(form, piece)[0])
    return codes


def outcome(work):
    try:
        work()
    except (MemoryError, RecursionError):
        return "skip"
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)
    return None


def judge(data, encoding):
    verdict = {}
    copyreg.clear_extension_cache()
    copyreg._inverted_registry.clear()
    copyreg._extension_registry.clear()
    verdict["cAlone"] = outcome(lambda: C(Bytes(data)).load())
    verdict["pythonAlone"] = outcome(lambda: Python(Bytes(data)).load())
    for code in extensions(data):
        if code > 0:
            copyreg.add_extension("m", "n%d" % code, code)
    given = lambda: {"encoding": encoding, "buffers": (make() for _ in itertools.count())}
    verdict["c"] = outcome(lambda: FullC(Bytes(data), **given()).load())
    verdict["python"] = outcome(lambda: FullPython(Bytes(data), **given()).load())
    verdict["pickletools"] = outcome(lambda: pickletools.dis(data, io.StringIO()))
    return verdict


for line in sys.stdin:
    case = json.loads(line)
    print(json.dumps(judge(bytes.fromhex(case["hex"]), case.get("encoding", "latin1"))), flush=True)
