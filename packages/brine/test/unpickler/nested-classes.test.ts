import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { dumps, loads, PyGlobal, type PyObject } from "../../src/core.ts";
import { interpreters } from "../support/interpreters.ts";

/** Instances of a class in a class, by the pickler in C and the one in Python, at each protocol: lines of it, protocol and pickle. */
const program = `
import pickle
class Outer:
    class Inner:
        def __init__(self): self.a = 1
for name in ("dumps", "_dumps"):
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        data = getattr(pickle, name)([Outer.Inner, Outer.Inner()], protocol)
        print(name, protocol, "".join("%02x" % byte for byte in bytearray(data)))
`;

// Python 2 has no names for nested classes.
const newer = interpreters().filter(({ series }) => !series.startsWith("2."));

describe.each(newer)("nested classes of CPython $series", ({ path, series }) => {
  const output = execFileSync(path, ["-W", "ignore", "-c", program], { encoding: "utf8" });
  const lines = output.trim().split("\n");
  test.each(lines.map((line) => line.trim().split(" ")))("%s, protocol %s", (pickler, protocol, hex = "") => {
    const data = Buffer.from(hex, "hex");
    const [type, instance] = loads(data, { exact: true }) as [PyGlobal, PyObject];
    expect(type).toBeInstanceOf(PyGlobal);
    expect(type).toMatchObject({ module: "__main__", name: "Outer.Inner" });
    expect(instance.type).toEqual(type);
    expect(instance.get("a")).toBe(1n);
    // Up to Python 3.12, and from Python's own pickler, other memo slots.
    const again = dumps([type, instance], { exact: true, protocol: Number(protocol) });
    if (pickler === "dumps" && (Number(series.slice(2)) > 12 || Number(protocol) > 3))
      expect(Buffer.from(again).toString("hex")).toBe(hex);
    else expect(loads(again, { exact: true })).toEqual([type, instance]);
  });
});
