import { toBytes } from "../bytes/input.ts";
import { UnpicklingError } from "../errors.ts";
import { COUNTED, layouts, length8, LINE, TWO_LINES } from "../syntax/layouts.ts";
import { STOP } from "../syntax/opcodes.ts";
import { OpReader } from "./op-reader.ts";
import { PickleOp } from "./pickle-op.ts";
import type { ToolInput } from "./tool-input.ts";

/** A `ReadableStream` of the Web, as far as it is needed: not every runtime lets one be iterated over. */
export interface ByteStream {
  /** Takes the stream for itself. */
  getReader(): ByteStreamReader;
}

/** What reads a {@link ByteStream}. */
export interface ByteStreamReader {
  /** The next piece. */
  read(): Promise<{ readonly done: boolean; readonly value?: ToolInput | undefined }>;
  /** Ends the stream. */
  cancel(): Promise<void>;
  /** Gives the stream free. */
  releaseLock(): void;
}

/** Binary data in pieces: an iterable of them, with promises or not, or a `ReadableStream`. */
export type ToolSource = Iterable<ToolInput> | AsyncIterable<ToolInput> | ByteStream;

/** Whether something is data in pieces. */
export function isToolSource(source: unknown): source is ToolSource {
  return (
    typeof source === "object" &&
    source !== null &&
    !ArrayBuffer.isView(source) &&
    (Symbol.asyncIterator in source || Symbol.iterator in source || "getReader" in source)
  );
}

async function* pieces(stream: ByteStream): AsyncGenerator<ToolInput, void> {
  const reader = stream.getReader();
  let isAtEnd = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      isAtEnd = done;
      if (done) return;
      if (value !== undefined) yield value;
    }
  } finally {
    if (!isAtEnd) await reader.cancel();
    reader.releaseLock();
  }
}

/** The bytes that have come and are not read yet. */
class Tail {
  /** From the first opcode that is not read. */
  bytes: Uint8Array = new Uint8Array(0);
  #room: Uint8Array = this.bytes;

  /** Drops what is read, and puts a piece behind the rest. What was handed out of it stays as it is. */
  push(piece: Uint8Array, read: number): void {
    const rest = this.bytes.subarray(read);
    const length = rest.length + piece.length;
    const end = rest.byteOffset - this.#room.byteOffset + rest.length;
    if (end + piece.length <= this.#room.length) {
      this.#room.set(piece, end);
      this.bytes = this.#room.subarray(end - rest.length, end + piece.length);
      return;
    }
    // Twice the rest, so that a long opcode is not copied for each piece.
    this.#room = new Uint8Array(Math.max(length, 2 * rest.length));
    this.#room.set(rest);
    this.#room.set(piece, rest.length);
    this.bytes = this.#room.subarray(0, length);
  }
}

/** An opcode that came in pieces; its `data` are its own bytes alone. */
class StreamedOp extends PickleOp {
  override get raw(): Uint8Array {
    return this.data.subarray(1);
  }
}

/** How many bytes the opcode at the start of `bytes` needs; 0 if that is not known before its newline has come. */
function needed(bytes: Uint8Array): number {
  const layout = layouts[bytes[0] as number] as number;
  if (layout === LINE || layout === TWO_LINES) return 0;
  if (layout < COUNTED) return 1 + layout;
  const width = layout - COUNTED;
  if (bytes.length < 1 + width) return 1 + width;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = width === 1 ? view.getUint8(1) : width === 8 ? length8(view, 1) : view.getUint32(1, true);
  return 1 + width + length;
}

const wantsMore = (error: unknown): boolean =>
  error instanceof UnpicklingError && (error.code === "truncated" || error.code === "no-data");

/** {@link genops} of data in pieces. What is kept of them is what is not read yet. */
export async function* opsOf(source: ToolSource, start: number): AsyncGenerator<PickleOp, undefined> {
  const tail = new Tail();
  // Where the tail begins, in bytes from the start of the data.
  let base = 0;
  // Position in the tail of the next opcode, and the length of the tail that it takes to read it.
  let next = start;
  let least = 1;
  const readAll = function* (isLast: boolean): Generator<PickleOp, boolean> {
    const { bytes } = tail;
    const reader = new OpReader(bytes, Math.min(next, bytes.length), false, base);
    const { cursor } = reader;
    for (;;) {
      if (!isLast && next >= bytes.length) return false;
      let opcode;
      try {
        opcode = reader.next();
      } catch (error) {
        if (isLast || !wantsMore(error)) throw error;
        least = needed(bytes.subarray(next));
        return false;
      }
      const { position, end } = cursor;
      next = end;
      yield new StreamedOp(
        opcode,
        reader.operand,
        base + position,
        base + end,
        bytes.subarray(position, end),
      );
      if (cursor.code === STOP) return true;
    }
  };
  for await (const part of "getReader" in source ? pieces(source) : source) {
    const piece = toBytes(part);
    const read = Math.min(next, tail.bytes.length);
    tail.push(piece, read);
    base += read;
    next -= read;
    // A line is as long as it is: another look is due when a newline has come.
    const isDue = least === 0 ? piece.includes(10) : tail.bytes.length >= least;
    if (!isDue || next >= tail.bytes.length) continue;
    least = 1;
    if (yield* readAll(false)) return undefined;
  }
  yield* readAll(true);
  return undefined;
}
