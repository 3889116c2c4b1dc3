import { describe, expect, test } from "vitest";
import { ByteSink } from "../../src/bytes/sink.ts";
import { latin1 } from "./cpython.ts";

describe("ByteSink", () => {
  test("writes every kind of number", () => {
    const sink = new ByteSink(1);
    sink.u8(0x80);
    sink.u16le(0x1234);
    sink.u32le(0x89abcdef);
    sink.u32le(-2);
    sink.u64le(2 ** 53 - 1);
    sink.u64le(0xffffffff);
    sink.f64be(-1.5);
    expect(Buffer.from(sink.take()).toString("hex")).toBe(
      "80" + "3412" + "efcdab89" + "feffffff" + "ffffffffffff1f00" + "ffffffff00000000" + "bff8000000000000",
    );
  });
  test("writes bytes and text of any length", () => {
    for (const length of [0, 1, 100, 1023, 1024, 100_000]) {
      const sink = new ByteSink(0);
      const ascii = "ab\xe9".repeat(length);
      sink.latin1(ascii);
      sink.raw(latin1(ascii));
      expect(Buffer.from(sink.take()).toString("latin1")).toBe(ascii + ascii);

      const text = "aé日😀".repeat(length);
      expect(sink.utf8(text)).toBe(Buffer.byteLength(text));
      expect(sink.length).toBe(Buffer.byteLength(text));
      expect(Buffer.from(sink.take()).toString("utf8")).toBe(text);
    }
  });
  test("what is taken is of the exact size and not written to again", () => {
    const sink = new ByteSink();
    sink.latin1("abc");
    const first = sink.take();
    expect(first.buffer.byteLength).toBe(3);
    sink.latin1("xyz");
    expect(first).toEqual(latin1("abc"));
    expect(sink.take()).toEqual(latin1("xyz"));
  });
  test("room that is reserved is there, and what was written stays", () => {
    const sink = new ByteSink(4);
    sink.latin1("abc");
    sink.reserve(1000);
    expect(sink.bytes.length).toBeGreaterThanOrEqual(1003);
    expect(sink.view.buffer).toBe(sink.bytes.buffer);
    expect(sink.bytes.length).toBe(sink.view.byteLength);
    expect(sink.take()).toEqual(latin1("abc"));
  });
  test("more than a buffer can have", () => {
    const sink = new ByteSink();
    sink.latin1("abc");
    expect(() => sink.reserve(2 ** 53)).toThrow(
      expect.objectContaining({ name: "PicklingError", code: "too-large" }),
    );
    expect(sink.take()).toEqual(latin1("abc"));
  });
});

describe("what is apart", () => {
  test("is in its place when it is taken, and counts for no length", () => {
    const sink = new ByteSink(4);
    const large = Uint8Array.from({ length: 1000 }, (_, i) => i);
    sink.latin1("ab");
    sink.rawApart(large);
    sink.latin1("cde");
    sink.rawApart(large.subarray(0, 3));
    sink.latin1("fghi");
    expect(sink.length).toBe(9);
    const taken = sink.take(5);
    expect(Buffer.from(taken)).toEqual(
      Buffer.concat([Buffer.from("ab"), large, Buffer.from("cde"), large.subarray(0, 3)]),
    );
    expect(Buffer.from(sink.take()).toString()).toBe("fghi");
    expect(sink.length).toBe(0);
  });
  test("goes with what is dropped", () => {
    const sink = new ByteSink();
    sink.rawApart(new Uint8Array(10));
    sink.drop();
    sink.u8(1);
    expect([...sink.take()]).toEqual([1]);
  });
});

test("a sink that shrank writes on", () => {
  const sink = new ByteSink();
  const content = Uint8Array.from({ length: 3 << 20 }, (_, i) => i >> 8);
  for (let turn = 0; turn < 3; turn++) {
    sink.raw(content);
    expect(Buffer.compare(sink.take(), content)).toBe(0);
    sink.shrink();
    expect(sink.bytes.length).toBeLessThanOrEqual(1 << 20);
  }
});
