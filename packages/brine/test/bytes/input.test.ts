import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/bytes/input.ts";

function refused(data: unknown): string {
  try {
    toBytes(data as Uint8Array);
  } catch (error) {
    expect(error).toMatchObject({
      name: "UnpicklingError",
      code: "invalid-input",
      pythonException: "TypeError",
    });
    return (error as { words: string }).words;
  }
  throw new Error("it was taken");
}

describe("toBytes", () => {
  const memory = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

  test("views of every kind, where they lie, uncopied", () => {
    const { buffer } = memory;
    const views = [
      memory.subarray(2, 6),
      new DataView(buffer, 2, 4),
      new Uint16Array(buffer, 2, 2),
      new Int8Array(buffer, 2, 4),
      new Uint8ClampedArray(buffer, 2, 4),
      Buffer.from(buffer, 2, 4),
    ];
    for (const view of views) {
      const bytes = toBytes(view);
      expect([...bytes]).toEqual([3, 4, 5, 6]);
      expect(bytes.buffer).toBe(buffer);
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    }
  });
  test("whole buffers, shared ones too", () => {
    const shared = new SharedArrayBuffer(3);
    expect(toBytes(memory.buffer)).toEqual(memory);
    expect(toBytes(shared).buffer).toBe(shared);
  });
  test("data of another realm", () => {
    for (const made of [
      "Uint8Array.of(1, 2)",
      "Uint8Array.of(1, 2).buffer",
      "new DataView(Uint8Array.of(1, 2).buffer)",
    ]) {
      const bytes = toBytes(runInNewContext(made) as Uint8Array);
      expect(bytes).toBeInstanceOf(Uint8Array);
      expect([...bytes]).toEqual([1, 2]);
    }
    expect(toBytes(runInNewContext("new SharedArrayBuffer(2)") as SharedArrayBuffer).length).toBe(2);
  });
  test("everything else is refused in Python's words", () => {
    expect(refused("gASVBQ==")).toBe("a bytes-like object is required, not 'str'");
    expect(refused(undefined)).toBe("a bytes-like object is required, not 'Undefined'");
    expect(refused(null)).toBe("a bytes-like object is required, not 'Null'");
    expect(refused([1, 2])).toBe("a bytes-like object is required, not 'Array'");
    expect(refused({ length: 1e9 })).toBe("a bytes-like object is required, not 'Object'");
    expect(refused(Promise.resolve(memory))).toBe("a bytes-like object is required, not 'Promise'");
    expect(refused(new Blob([memory]))).toBe("a bytes-like object is required, not 'Blob'");
    const detached = new ArrayBuffer(8);
    structuredClone(detached, { transfer: [detached] });
    expect(refused(detached)).toBe("a bytes-like object is required, not 'ArrayBuffer'");
  });
  test("the message tells how bytes are read", () => {
    expect(() => toBytes("x" as never)).toThrow(/not 'str'\. Read it as bytes, not as text/);
  });
});
