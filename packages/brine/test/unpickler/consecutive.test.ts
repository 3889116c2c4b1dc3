import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { loadsAll, Unpickler, UnpicklingError } from "../../src/core.ts";
import { assemble } from "../support/assemble.ts";
import { interpreters } from "../support/interpreters.ts";

const three = assemble("K\x01.](K\x02e.\x8c\x01a.");

describe("loadsAll", () => {
  it("gives every pickle, lazily", () => {
    expect([...loadsAll(three)]).toEqual([1, [2], "a"]);
    expect([...loadsAll(new Uint8Array(0))]).toEqual([]);
    const values = loadsAll(assemble("K\x01.\xff"));
    expect(values.next()).toEqual({ value: 1, done: false });
    expect(() => values.next()).toThrow(UnpicklingError);
  });

  it("gives each pickle a memo of its own", () => {
    const values = loadsAll(assemble("]\x94.h\x00."));
    values.next();
    expect(() => values.next()).toThrow("Memo value not found at index 0");
    expect([...loadsAll(assemble("K\x01\x94.K\x02\x94h\x00\x86."))]).toEqual([1, [2, 2]]);
  });

  it("tells offsets from the beginning of the data", () => {
    const values = loadsAll(assemble("K\x01.K\x02.NR."));
    values.next();
    values.next();
    expect(() => values.next()).toThrow(expect.objectContaining({ offset: 7, opcode: "REDUCE" }));
  });

  it("loads each anew that must be, and only that", () => {
    expect([...loadsAll(assemble("}\x94h\x000K\x05Ns.}\x94h\x000Va\nNs."))]).toEqual([
      new Map([[5, null]]),
      { a: null },
    ]);
  });
});

describe("Unpickler", () => {
  it("loads again and again, and tells where it is", () => {
    const unpickler = new Unpickler(three);
    expect(unpickler.position).toBe(0);
    expect(unpickler.load()).toBe(1);
    expect(unpickler.position).toBe(3);
    expect(unpickler.done).toBe(false);
    expect(unpickler.load()).toEqual([2]);
    expect(unpickler.load()).toBe("a");
    expect(unpickler.done).toBe(true);
    expect(unpickler.position).toBe(three.length);
    expect(() => unpickler.load()).toThrow(
      expect.objectContaining({ code: "no-data", pythonException: "EOFError", offset: three.length }),
    );
  });

  it("can be moved, over what is no pickle too", () => {
    const unpickler = new Unpickler(assemble("header\nK\x05.junkK\x06."));
    unpickler.position = 7;
    expect(unpickler.load()).toBe(5);
    unpickler.position += 4;
    expect(unpickler.load()).toBe(6);
    unpickler.position = 7;
    expect(unpickler.load()).toBe(5);
  });

  it("stays at the opcode that failed", () => {
    const unpickler = new Unpickler(assemble("K\x01.NNR.K\x02."));
    unpickler.load();
    expect(() => unpickler.load()).toThrow("argument list must be a tuple");
    expect(unpickler.position).toBe(5);
    unpickler.position = 7;
    expect(unpickler.load()).toBe(2);
  });

  it("keeps the memo, shows it, forgets it", () => {
    const unpickler = new Unpickler(assemble("]\x94.](h\x00K\x05e\x94.h\x00h\x01\x86.h\x00."));
    const first = unpickler.load();
    expect(unpickler.memo).toEqual(new Map([[0, []]]));
    const second = unpickler.load() as unknown[];
    expect(second[0]).toBe(first);
    const [again, list] = unpickler.load() as unknown[];
    expect(again).toBe(first);
    expect(list).toBe(second);
    unpickler.clearMemo();
    expect(unpickler.memo.size).toBe(0);
    expect(() => unpickler.load()).toThrow("Memo value not found at index 0");
  });

  it("keeps sparse slots", () => {
    const unpickler = new Unpickler(assemble("K\x07r\xff\xff\xff\xff.j\xff\xff\xff\xff.N\x94.h\x01."));
    expect(unpickler.load()).toBe(7);
    expect(unpickler.memo).toEqual(new Map([[2 ** 32 - 1, 7]]));
    expect(unpickler.load()).toBe(7);
    unpickler.load();
    expect(unpickler.load()).toBe(null);
  });

  it("takes the memo back when a load begins anew", () => {
    // The first pickle fills slots 0 and 1; the second overwrites slot 0 before it turns out what its dict must be.
    const unpickler = new Unpickler(
      assemble("]\x94K\x08\x94.", "(h\x00]q\x00}\x94h\x020K\x05Nsh\x01h\x00t."),
    );
    unpickler.load();
    const [old, list, map, eight, last] = unpickler.load() as unknown[];
    expect(old).toEqual([]);
    expect(old).not.toBe(list);
    expect(map).toEqual(new Map([[5, null]]));
    expect(eight).toBe(8);
    expect(last).toBe(list);
    expect(unpickler.memo.size).toBe(3);
  });

  it("says so when a dict of an earlier pickle gets a key it cannot hold", () => {
    const pickles = assemble("}\x94.h\x00K\x05Ns.");
    const unpickler = new Unpickler(pickles);
    unpickler.load();
    expect(() => unpickler.load()).toThrow(
      expect.objectContaining({ code: "unrepresentable", offset: 8, opcode: "SETITEM" }),
    );
    const exact = new Unpickler(pickles, { exact: true });
    const dict = exact.load() as Map<unknown, unknown>;
    expect(exact.load()).toBe(dict);
    expect([...dict]).toEqual([[5n, null]]);
  });

  it.each(interpreters().filter(({ series }) => series >= "3" || series === "2.7"))(
    "reads what a Pickler of Python $series wrote with one memo",
    ({ path, highestProtocol }) => {
      const script = `
import binascii, io, pickle
shared = {u"name": u"caf\\xe9"}
for protocol in range(${highestProtocol + 1}):
    out = io.BytesIO()
    pickler = pickle.Pickler(out, protocol)
    pickler.dump([shared, 1])
    pickler.dump([shared, 2])
    pickler.dump({u"again": shared, u"bytes": (shared, 2.5)})
    print(binascii.hexlify(out.getvalue()).decode())`;
      const lines = execFileSync(path, ["-c", script], { encoding: "utf8" }).trim().split("\n");
      expect(lines).toHaveLength(highestProtocol + 1);
      for (const line of lines) {
        const unpickler = new Unpickler(Buffer.from(line, "hex"));
        const [shared] = unpickler.load() as unknown[];
        expect(shared).toEqual({ name: "café" });
        expect((unpickler.load() as unknown[])[0]).toBe(shared);
        const last = unpickler.load() as { again: unknown; bytes: unknown[] };
        expect(last.again).toBe(shared);
        expect(last.bytes).toEqual([shared, 2.5]);
        expect(unpickler.done).toBe(true);
      }
    },
  );
});
