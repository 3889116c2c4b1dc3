import type { AsyncBuffer } from "../../src/stream.ts";

/** The bytes as an asynchronous iterable of chunks of the lengths that `next` gives. */
export async function* chunksOf(bytes: Uint8Array, next: () => number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length;) {
    const length = Math.max(1, next());
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

/** What can be read in any order, and how much was asked of it. */
export function buffered(bytes: Uint8Array): AsyncBuffer & { asked: number } {
  const buffer = {
    byteLength: bytes.length,
    asked: 0,
    slice(start: number, end: number) {
      buffer.asked += end - start;
      return Promise.resolve(bytes.slice(start, end));
    },
  };
  return buffer;
}

/** Everything that an asynchronous iterable gives. */
export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of source) found.push(item);
  return found;
}
