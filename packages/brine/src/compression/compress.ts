import { PicklingError } from "../errors.ts";

/** The formats that can be written. Zstd needs a runtime that has it: Node 22.15 in `brine/node`. */
export type Compression = "gzip" | "zlib" | "zstd";

/** What `CompressionStream` calls them. */
const formats: ReadonlyMap<string, string> = new Map([["zlib", "deflate"]]);

/** The error of a format that the runtime cannot write. */
export function unwritable(format: string, cause?: unknown): PicklingError {
  return new PicklingError("invalid-option", `this runtime cannot write ${format}`, {
    advice:
      format === "zstd" ? "Write gzip, or use a newer Node with brine/node" : "There are gzip, zlib and zstd",
    cause,
  });
}

function streamOf(format: Compression): CompressionStream {
  try {
    return new CompressionStream((formats.get(format) ?? format) as "gzip");
  } catch (error) {
    throw unwritable(format, error);
  }
}

/**
 * The chunks, compressed by the runtime's `CompressionStream`.
 *
 * @throws PicklingError `invalid-option` for a format that it has not
 */
export async function* compressed(
  chunks: AsyncIterable<Uint8Array>,
  format: Compression,
): AsyncGenerator<Uint8Array, void> {
  const { readable, writable } = streamOf(format);
  const writer = writable.getWriter();
  const reader = readable.getReader();
  const source = chunks[Symbol.asyncIterator]();
  const feed = async (): Promise<void> => {
    try {
      for (;;) {
        const next = await source.next();
        if (next.done === true) break;
        await writer.write(next.value as Uint8Array<ArrayBuffer>);
      }
      await writer.close();
    } catch (error) {
      await writer.abort(error);
      throw error;
    }
  };
  const fed = feed().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value as Uint8Array;
    }
  } catch (error) {
    // What the chunks threw is the reason, whatever the stream makes of it.
    const failed = await fed;
    throw failed === undefined ? error : failed.error;
  } finally {
    await reader.cancel().catch(() => undefined);
    await fed;
    await source.return?.();
  }
}
