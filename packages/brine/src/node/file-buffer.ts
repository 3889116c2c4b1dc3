import { type FileHandle, open } from "node:fs/promises";
import { type FilePath, pathOf } from "./replace-file.ts";

/** A file that is read at any place, as it is wanted. */
export interface FileBuffer {
  /** Bytes that the file had when it was opened. */
  readonly byteLength: number;
  /** The bytes from `start` up to `end`, fewer where the file ends; all to its end without `end`. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
  /** Closes the file. */
  close(): Promise<void>;
}

class OpenFile implements FileBuffer {
  readonly byteLength: number;
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, byteLength: number) {
    this.#handle = handle;
    this.byteLength = byteLength;
  }

  async slice(start: number, end = this.byteLength): Promise<ArrayBuffer> {
    const buffer = new ArrayBuffer(Math.max(0, Math.min(end, this.byteLength) - start));
    const bytes = new Uint8Array(buffer);
    let at = 0;
    while (at < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, at, bytes.length - at, start + at);
      // It was made shorter meanwhile.
      if (bytesRead === 0) return buffer.slice(0, at);
      at += bytesRead;
    }
    return buffer;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** Opens a file for reading at any place. Throws what `node:fs` throws. */
export async function openFile(path: FilePath): Promise<FileBuffer> {
  const handle = await open(pathOf(path), "r");
  try {
    const { size } = await handle.stat();
    return new OpenFile(handle, size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Bytes of a file or pipe at a time. */
const CHUNK = 1 << 18;

/** A file from a place on, in chunks; what is no file, such as a pipe, too. The file is closed at the end. */
export async function* fileChunks(path: FilePath, start = 0): AsyncGenerator<Uint8Array, void> {
  const handle = await open(pathOf(path), "r");
  try {
    const isFile = (await handle.stat()).isFile();
    for (let position = start; ;) {
      const bytes = new Uint8Array(CHUNK);
      const { bytesRead } = await handle.read(bytes, 0, CHUNK, isFile ? position : null);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield bytes.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
