import { failure } from "../bytes/failure.ts";
import { toBytes } from "../bytes/input.ts";
import type { BinaryData } from "../unpickler/options.ts";

/** What a web `ReadableStream` of bytes is to a reader. */
export interface ReadableStreamLike {
  /** Locks the stream and reads from it. */
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: BinaryData | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/** What a `Response` is to a reader. */
export interface ResponseLike {
  /** The body; `null` where there is none. */
  readonly body: ReadableStreamLike | null;
  /** Whether the status is one of success. */
  readonly ok: boolean;
  /** The status. */
  readonly status: number;
  /** The headers, of which `content-length` tells the size. */
  readonly headers: { get(name: string): string | null };
}

/** What a `Blob` or `File` is to a reader. */
export interface BlobLike {
  /** Bytes in all. */
  readonly size: number;
  /** A part of it, uncopied. */
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** Bytes that are somewhere and can be read in any order: of a file, of a URL with range requests. */
export interface AsyncBuffer {
  /** Bytes in all. */
  readonly byteLength: number;
  /** The bytes from `start` to `end`. */
  slice(start: number, end: number): BinaryData | PromiseLike<BinaryData>;
}

/**
 * Where a pickle comes from: a web stream, a `Response`, an iterable of chunks (asynchronous, such as a Node stream, or
 * not), or what can be read twice: a `Blob` or `File`, an {@link AsyncBuffer}, bytes.
 */
export type StreamSource =
  | ReadableStreamLike
  | ResponseLike
  | BlobLike
  | AsyncBuffer
  | AsyncIterable<BinaryData>
  | Iterable<BinaryData>
  | BinaryData;

/** How far the reading is. */
export interface Progress {
  /** How far into the source the reading is, in bytes as they lie there, compressed or not. Each pass over it begins anew. */
  readonly bytesRead: number;
  /** Bytes of the source, where it tells. */
  readonly bytesTotal: number | undefined;
}

/** Options of all that reads from a source. */
export interface SourceOptions {
  /** Ends the reading: what is waited for is thrown away, nothing more is given, and its reason is thrown. */
  readonly signal?: AbortSignalLike | undefined;
  /** Called with every chunk that was read. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What an `AbortSignal` is to a reader. */
export interface AbortSignalLike {
  /** Whether it was given. */
  readonly aborted: boolean;
  /** What to throw. */
  readonly reason: unknown;
  /** Tells when it is given. */
  addEventListener(type: "abort", listener: () => void): void;
  /** Takes that back. */
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A source made ready: how to get its chunks, from any place where it can be read twice. */
export interface ByteSource {
  /** Bytes in all, where it is known. */
  readonly byteLength: number | undefined;
  /** Whether {@link open} can be called again. */
  readonly isRepeatable: boolean;
  /** The chunks from absolute position `start` on. Of a source that is read once, only ever once. */
  open(start: number): AsyncIterable<Uint8Array>;
}

/** What is read at once of a source that gives any part. */
const PART = 1 << 17;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/**
 * Makes a source ready.
 *
 * @throws UnpicklingError `invalid-input` for anything else, and for a `Response` without success
 */
export function byteSource(source: StreamSource): ByteSource {
  if (!isObject(source)) throw notASource(source);
  if (ArrayBuffer.isView(source) || isBuffer(source)) {
    const bytes = toBytes(source);
    return {
      byteLength: bytes.length,
      isRepeatable: true,
      async *open(start) {
        if (start < bytes.length) yield bytes.subarray(start);
      },
    };
  }
  if ("byteLength" in source && "slice" in source) {
    return inParts(source.byteLength, (start, end) => source.slice(start, end));
  }
  if ("size" in source && "slice" in source) {
    return inParts(source.size, (start, end) => source.slice(start, end).arrayBuffer());
  }
  if ("body" in source) {
    if (!source.ok) {
      const words = `the response has the status ${source.status}`;
      throw failure("invalid-input", words, undefined, "What it holds is no pickle but a message");
    }
    if (source.body === null) throw failure("invalid-input", "the response has no body");
    // The length is that of what was sent, compressed perhaps, and then the body is longer.
    const length =
      source.headers.get("content-encoding") === null ? source.headers.get("content-length") : null;
    return once(streamChunks(source.body), length === null ? undefined : Number(length));
  }
  if ("getReader" in source) return once(streamChunks(source), undefined);
  if (Symbol.asyncIterator in source || Symbol.iterator in source) {
    return once(source as AsyncIterable<BinaryData> | Iterable<BinaryData>, undefined);
  }
  throw notASource(source);
}

const isBuffer = (source: object): source is ArrayBufferLike =>
  Object.prototype.toString.call(source).endsWith("ArrayBuffer]");

function notASource(source: unknown): Error {
  const isPromise = isObject(source) && "then" in source;
  const type = source === null ? "null" : isPromise ? "Promise" : typeof source;
  return failure(
    "invalid-input",
    `a stream, a Response, a Blob, chunks or bytes are required, not '${type}'`,
    "TypeError",
    isPromise
      ? "Await it first"
      : type === "string"
        ? "Open a file with brine/node, or give what fetch(url) returns"
        : undefined,
  );
}

function inParts(
  byteLength: number,
  part: (start: number, end: number) => BinaryData | PromiseLike<BinaryData>,
): ByteSource {
  return {
    byteLength,
    isRepeatable: true,
    async *open(start) {
      for (let at = start; at < byteLength;) {
        const bytes = toBytes(await part(at, Math.min(at + PART, byteLength)));
        if (bytes.length === 0) return;
        at += bytes.length;
        yield bytes;
      }
    },
  };
}

function once(
  chunks: AsyncIterable<BinaryData> | Iterable<BinaryData>,
  byteLength: number | undefined,
): ByteSource {
  return {
    byteLength,
    isRepeatable: false,
    async *open(start) {
      let skipped = 0;
      for await (const chunk of chunks) {
        const bytes = toBytes(chunk);
        const rest = bytes.subarray(Math.min(bytes.length, start - skipped));
        skipped += bytes.length - rest.length;
        if (rest.length > 0) yield rest;
      }
    },
  };
}

async function* streamChunks(stream: ReadableStreamLike): AsyncGenerator<BinaryData, void> {
  const reader = stream.getReader();
  let isDone = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      isDone = done;
      if (done) return;
      if (value !== undefined) yield value;
    }
  } finally {
    // Lets go of a connection; of one that broke there is nothing to let go.
    if (!isDone) await reader.cancel().catch(() => undefined);
  }
}

/** Throws the reason of a signal that was given; what is at hand of a source would go on without it. */
export function throwIfAborted(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted === true) throw signal.reason;
}

/** The chunks of a source from `start` on, watched: its signal ends them, its progress is told. */
export async function* watched(
  source: ByteSource,
  start: number,
  { signal, onProgress }: SourceOptions,
): AsyncGenerator<Uint8Array, void> {
  const chunks = source.open(start)[Symbol.asyncIterator]();
  let bytesRead = start;
  let isDone = false;
  let stop: ((reason: unknown) => void) | undefined;
  const onAbort = (): void => stop?.(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  try {
    for (;;) {
      // Not Promise.race with one promise for all: that would keep every chunk's reaction alive.
      const { done, value } = await new Promise<IteratorResult<Uint8Array, unknown>>((resolve, reject) => {
        stop = reject;
        if (signal?.aborted === true) onAbort();
        else chunks.next().then(resolve, reject);
      });
      if (done === true) {
        isDone = true;
        return;
      }
      bytesRead += value.length;
      onProgress?.({ bytesRead, bytesTotal: source.byteLength });
      yield value;
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    // A source that is waiting for its next chunk would make the reader wait with it.
    const returned = isDone ? undefined : chunks.return?.();
    if (signal?.aborted === true) returned?.catch(() => undefined);
    else await returned;
  }
}
