/** What the types know of the global `ReadableStream`: nothing where neither those of the DOM nor of Node are there. */
type WebStream = typeof globalThis extends { ReadableStream: new (...args: never[]) => infer Stream }
  ? Stream
  : object;

/**
 * Bytes that are made as they are read, in chunks: a `ReadableStream` that can be iterated, too. It goes into `for await`,
 * `pipeTo`, `new Response(…)` and Node's `pipeline`.
 */
export type ByteStream = AsyncIterable<Uint8Array<ArrayBuffer>> & WebStream;

/** Chunks as a {@link ByteStream}: none is asked for before it is read. */
export function byteStream(chunks: AsyncGenerator<Uint8Array, void>): ByteStream {
  const stream = new ReadableStream(
    {
      async pull(controller) {
        const next = await chunks.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
  // Safari cannot iterate a stream.
  if (!(Symbol.asyncIterator in stream)) {
    Object.defineProperty(stream, Symbol.asyncIterator, { value: () => iterate(stream) });
  }
  return stream as unknown as ByteStream;
}

/** What a stream has, until it ends or the loop is left. */
async function* iterate(stream: ReadableStream): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value as Uint8Array;
    }
  } finally {
    await reader.cancel();
    reader.releaseLock();
  }
}
