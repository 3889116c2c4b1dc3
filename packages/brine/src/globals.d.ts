// The globals the library takes from its runtime, beside those of ECMAScript. Every browser, Node, Deno and Bun has
// them; declaring just these keeps all else (DOM, Node) out of reach of the type checker.

interface TextDecoderOptions {
  fatal?: boolean;
  ignoreBOM?: boolean;
}

interface TextDecodeOptions {
  stream?: boolean;
}

declare class TextDecoder {
  constructor(label?: string, options?: TextDecoderOptions);
  readonly encoding: string;
  decode(input?: ArrayBuffer | ArrayBufferView, options?: TextDecodeOptions): string;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number };
}

declare class URL {
  constructor(url: string);
  readonly hostname: string;
}

interface ReadableStreamReader {
  read(): Promise<{ done: boolean; value?: unknown }>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

declare class ReadableStream {
  constructor(
    source?: {
      pull?(controller: { enqueue(chunk: Uint8Array): void; close(): void }): void | PromiseLike<void>;
      cancel?(reason?: unknown): void | PromiseLike<void>;
    },
    strategy?: { highWaterMark?: number },
  );
  getReader(): ReadableStreamReader;
}

interface WritableStreamWriter {
  readonly ready: Promise<unknown>;
  write(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

declare class CompressionStream {
  constructor(format: "deflate" | "gzip");
  readonly readable: ReadableStream;
  readonly writable: { getWriter(): WritableStreamWriter };
}
