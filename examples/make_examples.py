#!/usr/bin/env python3.13
"""Writes the pickles of this folder. Run by hand, with Python 3.13; python2-session.pkl is written by Python 2.7.

    PYTHON2=python2.7 python3.13 examples/make_examples.py
"""
import datetime
import decimal
import os
import pickle
import subprocess
import sys
import types
import uuid
from pathlib import Path

here = Path(__file__).parent

# The classes of a shop that readers of these pickles do not have.
shop = types.ModuleType("shop.models")
sys.modules["shop"] = types.ModuleType("shop")
sys.modules["shop.models"] = shop


class Customer:
    def __init__(self, name, email, address):
        self.name = name
        self.email = email
        self.address = address


class Order:
    def __init__(self, number, customer, lines, placed):
        self.id = uuid.UUID(int=number)
        self.customer = customer
        self.lines = lines
        self.placed = placed
        self.next = None


for cls in (Customer, Order):
    cls.__module__ = "shop.models"
    setattr(shop, cls.__name__, cls)


def orders():
    utc = datetime.timezone.utc
    bergen = {"street": "Strandgaten 12", "city": "Bergen", "location": (60.39299, 5.32415)}
    ada = Customer("Ada Løvdal 🥒", "ada@example.org", bergen)
    first = Order(
        1001,
        ada,
        [("cucumbers", 12, decimal.Decimal("0.45")), ("dill", 1, decimal.Decimal("1.20"))],
        datetime.datetime(2026, 3, 14, 15, 9, 26, 535897, utc),
    )
    second = Order(
        1002,
        ada,
        [("sea salt", 2, decimal.Decimal("3.10")), ("thank-you note", 1, None)],
        datetime.datetime(2026, 3, 15, 8, 0, 0, 0, utc),
    )
    first.next, second.next = second, first  # a cycle
    return {
        "exported": datetime.date(2026, 3, 16),
        "version": (2, 1),
        "orders": [first, second],
        "stock": {"cucumbers": 188, "dill": 40, "sea salt": 2**33, "brine": 10**20},
        "tags": {"pickles"},
        "regions": frozenset({"NO"}),
        "signature": bytes(range(0, 256, 5)),
        "draft": bytearray(b"not yet"),
        "margins": [0.25, -0.0, float("inf"), float("nan")],
        "warehouse": bergen,  # shared with the customer
        "deleted": None,
        "live": True,
    }


PYTHON2_SESSION = r"""
# -*- coding: utf-8 -*-
import datetime, pickle, sys

session = {
    "user_id": 42L,
    "name": u"Jos\xe9 \u4e2d",
    "token": "\x80\xff\x00caf\xc3\xa9",
    "visits": 2 ** 70,
    "roles": set(["admin"]),
    "last_seen": datetime.datetime(2009, 2, 13, 23, 31, 30),
    "cart": [(u"spam", 3), (u"eggs", 12)],
    "remember": True,
}
with open(sys.argv[1], "wb") as file:
    pickle.dump(session, file, 0)  # a line a value, as shelve and old caches wrote it
    pickle.dump(session, file, 2)
"""


def main():
    with open(here / "orders.pkl", "wb") as file:
        pickle.dump(orders(), file, protocol=5)
    with open(here / "log.pkl", "wb") as file:  # one pickle after the other, as loggers and queues append them
        for level, message in (("info", "started"), ("warning", "disk at 91 %"), ("info", "stopped")):
            pickle.dump({"level": level, "message": message}, file, protocol=4)
    python2 = os.environ.get("PYTHON2", "python2.7")
    subprocess.run([python2, "-c", PYTHON2_SESSION, here / "python2-session.pkl"], check=True)


if __name__ == "__main__":
    main()
