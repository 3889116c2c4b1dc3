import { expect, test } from "vitest";
import { dumps } from "../../src/index.ts";
import { genops, type PickleOp, UnpicklingError } from "../../src/tools.ts";
import { Random } from "../support/assemble.ts";
import { everyByte, everyOperand, nonsense, programs } from "./pickles.ts";

const told = (op: PickleOp): unknown => [op.opcode.name, op.operand, op.position, op.end, [...op.raw]];

const failure = (error: unknown): unknown => {
  if (!(error instanceof UnpicklingError)) throw error;
  return [error.message, error.offset, error.opcode, error.code];
};

function whole(bytes: Uint8Array): unknown {
  const ops: unknown[] = [];
  try {
    for (const op of genops(bytes)) ops.push(told(op));
  } catch (error) {
    return [ops, failure(error)];
  }
  return [ops, null];
}

async function streamed(source: Parameters<typeof genops>[0] & AsyncIterable<Uint8Array>): Promise<unknown> {
  const ops: PickleOp[] = [];
  // Looked at only afterwards: what was handed out stays as it was.
  const shown = (): unknown[] => ops.map(told);
  try {
    for await (const op of genops(source)) ops.push(op);
  } catch (error) {
    return [shown(), failure(error)];
  }
  return [shown(), null];
}

async function* inPieces(bytes: Uint8Array, size: () => number): AsyncGenerator<Uint8Array> {
  const reused = new Uint8Array(64);
  for (let at = 0; at < bytes.length;) {
    const piece = bytes.subarray(at, at + Math.min(size(), reused.length));
    at += piece.length;
    // A source may use its memory again.
    reused.set(piece);
    yield reused.subarray(0, piece.length);
    reused.fill(0xff);
    await Promise.resolve();
  }
}

test("pieces that end anywhere give the operations of the whole, or its error", async () => {
  const random = new Random(41);
  const cases = [...everyOperand(), ...everyByte(), ...programs(150, 4), ...nonsense(150, 5)];
  for (const bytes of cases) {
    const expected = whole(bytes);
    expect(await streamed(inPieces(bytes, () => 1))).toEqual(expected);
    expect(await streamed(inPieces(bytes, () => 1 + random.below(9)))).toEqual(expected);
  }
});

test("a stream of the Web, and an iterable without promises", async () => {
  const bytes = dumps({ a: [1, 2.5, "x".repeat(1000)] });
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7));
      controller.close();
    },
  });
  const names: string[] = [];
  for await (const { opcode } of genops(stream)) names.push(opcode.name);
  const again: string[] = [];
  for await (const { opcode } of genops([bytes.subarray(0, 5), bytes.subarray(5).buffer.slice(5)])) {
    again.push(opcode.name);
  }
  const expected = Array.from(genops(bytes), ({ opcode }) => opcode.name);
  expect(names).toEqual(expected);
  expect(again).toEqual(expected);
});

test("start passes over what comes before, and STOP closes the source", async () => {
  let isClosed = false;
  let taken = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      const bytes = Uint8Array.from(Buffer.from("N.I7\n.NNNNNNNN"));
      for (const byte of bytes) {
        taken++;
        yield Uint8Array.of(byte);
      }
    } finally {
      isClosed = true;
      await Promise.resolve();
    }
  }
  const ops: unknown[] = [];
  for await (const { position, operand } of genops(source(), { start: 2 })) ops.push([position, operand]);
  expect(ops).toEqual([
    [2, 7],
    [5, null],
  ]);
  expect(isClosed).toBe(true);
  expect(taken).toBe(6);
});

test("what is no source is refused as no binary data", () => {
  expect(() => genops("N." as unknown as Uint8Array)).toThrow("a bytes-like object is required, not 'str'");
  expect(() => genops({} as unknown as Uint8Array)).toThrow("a bytes-like object is required, not 'Object'");
});
