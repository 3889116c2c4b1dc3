"""What programs keep as pickles, written with stand-ins for their classes: Ren'Py's save (the log of a game and its stores) and Sphinx's
environment. Prints lines of program, protocol, pickle in hexadecimal digits. Runs in Python 2.7 and 3.6 and newer."""
from __future__ import print_function, unicode_literals
import collections
import pickle
import sys
import types


def module(name, **members):
    made = types.ModuleType(str(name))
    for key, member in members.items():
        setattr(made, str(key), member)
        member.__module__ = str(name)
        if hasattr(member, "__qualname__"):
            member.__qualname__ = member.__name__
    sys.modules[str(name)] = made
    return made


# Ren'Py: renpy/revertable.py, renpy/python.py, renpy/rollback.py, renpy/character.py
class RevertableList(list):
    pass


class RevertableDict(dict):
    pass


class RevertableSet(set):
    def __reduce__(self):
        return RevertableSet, (), (sorted(self),)

    def __getstate__(self):
        return (sorted(self),)

    def __setstate__(self, state):
        self.update(state[0])


class RevertableObject(object):
    pass


def get_store_module(name):
    return sys.modules[name]


class StoreModule(object):
    def __init__(self, name):
        self.__dict__["name"] = name

    def __reduce__(self):
        return get_store_module, (self.__dict__["name"],)


class StoreDeleted(object):
    def __reduce__(self):
        return str("deleted")


deleted = StoreDeleted()


class RollbackLog(RevertableObject):
    nosave = ["old_store"]


class Rollback(RevertableObject):
    pass


class ADVCharacter(RevertableObject):
    pass


module("renpy")
module(
    "renpy.revertable",
    RevertableList=RevertableList,
    RevertableDict=RevertableDict,
    RevertableSet=RevertableSet,
    RevertableObject=RevertableObject,
)
python = module("renpy.python", get_store_module=get_store_module, StoreModule=StoreModule, StoreDeleted=StoreDeleted)
python.deleted = deleted
module("renpy.rollback", RollbackLog=RollbackLog, Rollback=Rollback)
module("renpy.character", ADVCharacter=ADVCharacter)


def save():
    eileen = ADVCharacter()
    eileen.__dict__.update(name="Eileen", color="#c8ffc8", who_args=RevertableDict({"bold": True}))
    inventory = RevertableList(["sword", eileen])
    roots = RevertableDict()
    roots["store.eileen"] = eileen
    roots["store.inventory"] = inventory
    roots["store.flags"] = RevertableSet(["met", "paid"])
    roots["store.points"] = 12
    roots["store.gone"] = deleted
    first = Rollback()
    first.__dict__.update(context=None, objects=[(inventory, ["sword"])], stores=RevertableDict(store={"points": 11}))
    log = RollbackLog()
    log.__dict__.update(log=RevertableList([first]), current=first, mutated=RevertableDict({1: None}), store=StoreModule("store"))
    return roots, log


# Sphinx: sphinx/environment/__init__.py, sphinx/config.py, docutils/nodes.py
class BuildEnvironment(object):
    def __getstate__(self):
        return dict(self.__dict__, app=None)


class Config(object):
    pass


class title(object):
    pass


class Text(type("")):
    pass


module("sphinx")
module("sphinx.environment", BuildEnvironment=BuildEnvironment)
module("sphinx.config", Config=Config)
module("docutils")
module("docutils.nodes", title=title, Text=Text)


def environment():
    env = BuildEnvironment()
    head = title()
    text = Text("Title")
    text.parent = head
    head.__dict__.update(children=[text], attributes={"ids": []}, tagname="title")
    config = Config()
    config.__dict__.update(project="t", extensions=["sphinx.ext.todo"])
    env.__dict__.update(
        config=config,
        titles={"index": head},
        dependencies=collections.defaultdict(set, {"index": set(["a.png"])}),
        toctree_includes=collections.OrderedDict([("index", ["a"])]),
        all_docs={"index": 1795262567786497},
    )
    return env


for name, make in (("save", save), ("environment", environment)):
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        data = pickle.dumps(make(), protocol)
        print(name, protocol, "".join("%02x" % byte for byte in bytearray(data)))
