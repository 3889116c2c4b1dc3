import { describe, expect, test } from "vitest";
import { OpCursor } from "../../src/syntax/cursor.ts";
import { OpWriter } from "../../src/syntax/op-writer.ts";
import * as op from "../../src/syntax/opcodes.ts";

const protocols = [0, 1, 2, 3, 4, 5];

/** What is written, as latin-1 text, without PROTO and frames. */
function written(protocol: number, write: (writer: OpWriter) => void): string {
  const writer = new OpWriter(protocol);
  write(writer);
  return Buffer.from(writer.take()).toString("latin1");
}

/** Name, position and length of each opcode. */
function opcodesOf(bytes: Uint8Array): [string, number, number][] {
  const cursor = new OpCursor(bytes);
  const all: [string, number, number][] = [];
  while (cursor.next())
    all.push([op.opcodeOf(cursor.code)?.name ?? "?", cursor.position, cursor.end - cursor.position]);
  return all;
}

describe("OpWriter", () => {
  test("begins with PROTO from protocol 2 on and ends with STOP", () => {
    for (const protocol of protocols) {
      const text = written(protocol, (writer) => {
        writer.begin();
        writer.u8(op.NONE);
        writer.end();
      });
      expect(text).toBe(protocol < 2 ? "N." : `\x80${String.fromCharCode(protocol)}N.`);
    }
  });
  test.each<[string, (writer: OpWriter) => void, string[]]>([
    ["0", (w) => w.safeInteger(0), ["I0\n", "K\0"]],
    ["255", (w) => w.safeInteger(255), ["I255\n", "K\xff"]],
    ["256", (w) => w.safeInteger(256), ["I256\n", "M\0\x01"]],
    ["65536", (w) => w.safeInteger(65536), ["I65536\n", "J\0\0\x01\0"]],
    ["-1", (w) => w.safeInteger(-1), ["I-1\n", "J\xff\xff\xff\xff"]],
    ["-2^31", (w) => w.integer(-(2n ** 31n)), ["I-2147483648\n", "J\0\0\0\x80"]],
    ["2^31", (w) => w.integer(2n ** 31n), ["L2147483648L\n", "L2147483648L\n", "\x8a\x05\0\0\0\x80\0"]],
    [
      "-2^31-1",
      (w) => w.integer(-(2n ** 31n) - 1n),
      ["L-2147483649L\n", "L-2147483649L\n", "\x8a\x05\xff\xff\xff\x7f\xff"],
    ],
    ["1.5", (w) => w.float(1.5), ["F1.5\n", "G\x3f\xf8\0\0\0\0\0\0"]],
    ["True", (w) => w.boolean(true), ["I01\n", "I01\n", "\x88"]],
    ["False", (w) => w.boolean(false), ["I00\n", "I00\n", "\x89"]],
    [
      "text",
      (w) => w.text("é\n"),
      [
        "V\xe9\\u000a\n",
        "X\x03\0\0\0\xc3\xa9\n",
        "X\x03\0\0\0\xc3\xa9\n",
        "X\x03\0\0\0\xc3\xa9\n",
        "\x8c\x03\xc3\xa9\n",
      ],
    ],
    ["GET 255", (w) => w.get(255), ["g255\n", "h\xff"]],
    ["GET 256", (w) => w.get(256), ["g256\n", "j\0\x01\0\0"]],
    ["PUT 255", (w) => w.put(255), ["p255\n", "q\xff", "q\xff", "q\xff", "\x94"]],
    ["PUT 256", (w) => w.put(256), ["p256\n", "r\0\x01\0\0", "r\0\x01\0\0", "r\0\x01\0\0", "\x94"]],
  ])("%s has the shortest form that each protocol has", (_, write, forms) => {
    for (const protocol of protocols) expect(written(protocol, write)).toBe(forms[protocol] ?? forms.at(-1));
  });
  test("EXT1, EXT2, EXT4", () => {
    expect(
      [1, 255, 256, 65535, 65536, 0x7fff_ffff].map((code) => written(2, (w) => w.extension(code))),
    ).toEqual([
      "\x82\x01",
      "\x82\xff",
      "\x83\0\x01",
      "\x83\xff\xff",
      "\x84\0\0\x01\0",
      "\x84\xff\xff\xff\x7f",
    ]);
  });
  test("LONG4 from 256 bytes on", () => {
    const long = written(2, (w) => w.integer(1n << 2039n));
    expect([long.slice(0, 5), long.length]).toEqual(["\x8b\0\x01\0\0", 261]);
    expect(written(2, (w) => w.integer((1n << 2039n) - 1n)).slice(0, 2)).toBe("\x8a\xff");
  });
  test("bytes and bytearray by their lengths", () => {
    expect(written(3, (w) => w.binary(new Uint8Array(255))).slice(0, 2)).toBe("C\xff");
    expect(written(3, (w) => w.binary(new Uint8Array(256))).slice(0, 5)).toBe("B\0\x01\0\0");
    expect(written(5, (w) => w.byteArray(new Uint8Array(1)))).toBe("\x96\x01\0\0\0\0\0\0\0\0");
  });

  const framed = (lengths: readonly number[], protocol = 4): [string, number, number][] => {
    const writer = new OpWriter(protocol);
    writer.begin();
    for (const length of lengths) {
      if (writer.length >= writer.boundary) writer.nextFrame();
      writer.binary(new Uint8Array(length));
    }
    writer.end();
    return opcodesOf(writer.take());
  };
  test("a frame ends at the first value behind 64 KiB", () => {
    const names = (lengths: readonly number[]): string =>
      framed(lengths)
        .map(([name]) => (name === "FRAME" ? "F" : name === "BINBYTES" ? "b" : ""))
        .join("");
    expect(names([65000, 400])).toBe("Fbb");
    expect(names([65000, 536, 1000])).toBe("FbbFb");
    expect(names([65531, 5000])).toBe("FbFb");
    expect(names([65530, 5000])).toBe("Fbb");
    expect(names([65535])).toBe("Fb");
  });
  test("a large value stands between two frames", () => {
    expect(framed([1000, 65536, 1000])).toEqual([
      ["PROTO", 0, 2],
      ["FRAME", 2, 9],
      ["BINBYTES", 11, 1005],
      ["BINBYTES", 1016, 65541],
      ["FRAME", 66557, 9],
      ["BINBYTES", 66566, 1005],
      ["STOP", 67571, 1],
    ]);
    expect(framed([65536]).map(([name]) => name)).toEqual(["PROTO", "BINBYTES", "STOP"]);
    expect(framed([65536], 3).map(([name]) => name)).toEqual(["PROTO", "BINBYTES", "STOP"]);
  });
  test("every frame says how long it is", () => {
    const writer = new OpWriter(5);
    writer.begin();
    for (let i = 0; i < 100_000; i++) {
      if (writer.length >= writer.boundary) writer.nextFrame();
      writer.safeInteger(i);
    }
    writer.end();
    const bytes = writer.take();
    const cursor = new OpCursor(bytes);
    let end = 2;
    let frames = 0;
    while (cursor.next()) {
      if (cursor.code !== op.FRAME) continue;
      expect(cursor.position).toBe(end);
      end =
        cursor.end +
        Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(cursor.operandStart, true));
      frames++;
    }
    expect(end).toBe(bytes.length);
    expect(frames).toBeGreaterThan(4);
  });
  test("what is abandoned leaves nothing", () => {
    const writer = new OpWriter(4);
    const write = (): string => {
      writer.begin();
      writer.text("text");
      writer.end();
      return Buffer.from(writer.take()).toString("latin1");
    };
    const first = write();
    writer.begin();
    for (let i = 0; i < 70000; i++) writer.u8(op.NONE);
    writer.abandon();
    expect(write()).toBe(first);
    writer.begin();
    writer.binary(new Uint8Array(70000));
    writer.abandon();
    expect(write()).toBe(first);
  });
});
