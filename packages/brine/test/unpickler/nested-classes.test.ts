import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { dumps, loads, PyGlobal, PyObject, TypeRegistry } from "../../src/core.ts";
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

describe.each(newer)("nested classes of CPython $series, without adapters", ({ path, series }) => {
  const output = execFileSync(path, ["-W", "ignore", "-c", program], { encoding: "utf8" });
  const lines = output.trim().split("\n");
  test.each(lines.map((line) => line.trim().split(" ")))("%s, protocol %s", (pickler, protocol, hex = "") => {
    const data = Buffer.from(hex, "hex");
    const options = { exact: true, types: TypeRegistry.empty } as const;
    const [type, instance] = loads(data, options) as [PyGlobal | PyObject, PyObject];
    expect(instance).toBeInstanceOf(PyObject);
    expect(instance.get("a")).toBe(1n);
    // Where the arguments of getattr have a slot in the memo, it stays a call, to be written as it was.
    const isCall = Number(protocol) < 4 && Number(series.slice(2)) < 13;
    expect(type).toBeInstanceOf(isCall ? PyObject : PyGlobal);
    if (!isCall) expect(type).toMatchObject({ module: "__main__", name: "Outer.Inner" });
    if (pickler === "dumps") expect(instance.type).toBe(type);
    const again = dumps([type, instance], { ...options, protocol: Number(protocol) });
    if (pickler === "dumps") expect(Buffer.from(again).toString("hex")).toBe(hex);
    else expect(loads(again, options)).toEqual(loads(data, options));
  });
});
