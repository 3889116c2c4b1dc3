/** What of a `WritableStream` is needed. */
export interface WebSink {
  /** Takes the stream for itself. */
  getWriter(): {
    write(chunk: Uint8Array): Promise<unknown>;
    close(): Promise<unknown>;
    abort(reason?: unknown): Promise<unknown>;
    releaseLock(): void;
  };
}

/** What of a Node stream is needed. */
export interface NodeSink {
  /** Writes a chunk, and says when it is taken. */
  write(chunk: Uint8Array, callback: (error?: Error | null) => void): unknown;
  /** Ends the stream, and says when all is written. */
  end(callback: (error?: Error | null) => void): unknown;
  /** Gives the stream up. */
  destroy(error?: Error): unknown;
  /** Listens to errors. */
  on(event: "error", listener: (error: Error) => void): unknown;
  /** Does so no more. */
  off(event: "error", listener: (error: Error) => void): unknown;
}

/** What chunks can be written to: a `WritableStream`, a `Writable` of Node, or a function, whose promise is waited for. */
export type ChunkSink = WebSink | NodeSink | ((chunk: Uint8Array) => unknown);

interface Target {
  write(chunk: Uint8Array): unknown;
  close(): unknown;
  abort(error: unknown): unknown;
  release(): void;
}

function called(work: (callback: (error?: Error | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) => {
      if (error === undefined || error === null) resolve();
      else reject(error);
    });
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error), { cause: error });
}

function targetOf(sink: ChunkSink): Target {
  if (typeof sink === "function") {
    return { write: sink, close: () => undefined, abort: () => undefined, release: () => undefined };
  }
  if ("getWriter" in sink) {
    const writer = sink.getWriter();
    return {
      write: (chunk) => writer.write(chunk),
      close: () => writer.close(),
      abort: (error) => writer.abort(error),
      release: () => writer.releaseLock(),
    };
  }
  // The callbacks tell of errors; the event, with no listener, would end the process.
  const ignore = (): void => undefined;
  sink.on("error", ignore);
  return {
    write: (chunk) => called((callback) => sink.write(chunk, callback)),
    close: () => called((callback) => sink.end(callback)),
    abort: (error) => sink.destroy(asError(error)),
    release: () => sink.off("error", ignore),
  };
}

/**
 * Writes chunks as fast as the sink takes them, and closes it; on failure the sink is aborted with the error, which is
 * thrown.
 *
 * @returns how many bytes were written
 */
export async function writeTo(
  sink: ChunkSink,
  chunks: AsyncIterable<Uint8Array>,
  leaveOpen: boolean,
): Promise<number> {
  const target = targetOf(sink);
  let total = 0;
  try {
    for await (const chunk of chunks) {
      await target.write(chunk);
      total += chunk.length;
    }
    if (!leaveOpen) await target.close();
  } catch (error) {
    try {
      await target.abort(error);
    } catch {
      // The first error counts.
    }
    throw error;
  }
  target.release();
  return total;
}
