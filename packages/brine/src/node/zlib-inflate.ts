import { createInflateRaw } from "node:zlib";
import { failure } from "../bytes/failure.ts";
import type { ByteReader } from "../compression/byte-reader.ts";

/** Output at a time: with the 16 kB that Node has by default, more time goes into the calls than into zlib. */
const CHUNK = 1 << 17;

/** Deflate with Node's zlib, which works beside the thread that reads; the reader is right behind the stream at the end. */
export async function* zlibInflate(reader: ByteReader): AsyncGenerator<Uint8Array, void> {
  const engine = createInflateRaw({ chunkSize: CHUNK });
  const feed = async (): Promise<void> => {
    while (!engine.readableEnded && !engine.destroyed) {
      if (reader.available === 0 && !(await reader.more())) {
        // It says then whether that was all.
        engine.end();
        return;
      }
      const before = engine.bytesWritten;
      const chunk = reader.bytes.subarray(reader.position);
      await new Promise<void>((resolve) => {
        engine.once("close", resolve);
        engine.write(chunk, () => {
          engine.off("close", resolve);
          resolve();
        });
      });
      reader.position += engine.bytesWritten - before;
    }
  };
  const fed = feed().catch((error: unknown) => {
    engine.destroy(error instanceof Error ? error : new Error(String(error), { cause: error }));
  });
  try {
    for await (const chunk of engine) yield chunk as Uint8Array;
    await fed;
  } catch (error) {
    throw told(error, reader);
  } finally {
    engine.destroy();
  }
}

function told(error: unknown, reader: ByteReader): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "Z_BUF_ERROR") return reader.truncated();
  if (code !== "Z_DATA_ERROR") return error;
  return failure(
    "invalid-compression",
    `Error -3 while decompressing data: ${message}`,
    "zlib.error",
    "The compressed data is damaged",
  );
}
