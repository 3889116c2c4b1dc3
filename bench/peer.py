"""CPython's pickle with one workload, driven as peer.mjs is; the time is taken in here."""

import gc
import io
import json
import pickle
import pickletools
import sys
from time import perf_counter, process_time

work = None


def peak_memory(reset):
    try:
        if reset:
            with open("/proc/self/clear_refs", "w") as file:
                file.write("5")
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return None


def timed(calls):
    call = work
    last = None
    cpu = process_time()
    start = perf_counter()
    for _ in range(calls):
        last = call()
    took = perf_counter() - start
    return took * 1000, (process_time() - cpu) * 1000, last


def prepare(contender, direction, file, protocol, check, **_):
    global work, collects
    collects = contender != "cpython-nogc"
    with open(file, "rb") as source:
        data = source.read()
    loads, dumps = pickle.loads, pickle.dumps
    assert loads.__module__ == "_pickle", "the C pickle is missing"
    result = {"bytes": len(data)}
    if direction == "read":
        work = lambda: loads(data)
    else:
        value = loads(data)
        work = lambda: dumps(value, protocol)
        if check:
            result["identical"] = work() == data
    return result


def prepare_tool(tool, file):
    global work, collects
    collects = True
    with open(file, "rb") as source:
        data = source.read()

    def genops():
        count = 0
        for _ in pickletools.genops(data):
            count += 1
        return count

    work = genops if tool == "genops" else lambda: pickletools.dis(data, io.StringIO())
    return {}


def warm(milliseconds, calls):
    spent, done, step, each = 0, 0, 1, 0
    while spent < milliseconds or done < calls:
        took, cpu, _ = timed(step)
        spent += cpu
        done += step
        each = took / step
        if took < milliseconds / 20:
            step *= 2
    return {"each": each}


def run(calls):
    gc.collect()
    if collects:
        gc.enable()
    else:
        gc.disable()
    took, cpu, _ = timed(calls)
    return {"each": took / calls, "cpu": cpu / calls}


def peak():
    gc.collect()
    before = peak_memory(True)
    took, _, last = timed(1)
    after = peak_memory(False)
    return {"each": took} if before is None else {"each": took, "peak": after - before}


def about():
    return {"version": sys.version.split()[0], "compiler": sys.version.split("[")[-1].rstrip("]")}


commands = {"prepare": prepare, "prepareTool": prepare_tool, "warm": warm, "run": run, "peak": peak, "about": about}
for line in sys.stdin:
    details = json.loads(line)
    try:
        answer = commands[details.pop("command")](**details)
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
