import { failure } from "../bytes/failure.ts";
import { UnpicklingError } from "../errors.ts";
import { ByteReader } from "./byte-reader.ts";
import { type Codec, knownMagic } from "./codec.ts";
import { gzipCodec, zlibCodec } from "./gzip.ts";
import { type Inflate, inflate } from "./inflate.ts";
import type { DecompressionOptions } from "./options.ts";
import { zipCodec } from "./zip.ts";

const DEFAULT_RATIO = 2000;
/** The ratio says nothing of short data. */
const RATIO_FROM = 64 * 2 ** 20;
/** Layers of compression around a pickle. */
const MOST_LAYERS = 8;

const missing: readonly Codec[] = Object.entries(knownMagic).map(([name, magic]) => ({
  name,
  magic,
  decompress(): never {
    throw failure(
      "missing-codec",
      `the data is compressed with ${name}, and there is no codec for it`,
      undefined,
      `Add it: codecs: [${name}], with import { ${name} } from "brine/${name === "lzma" ? "xz" : name}"`,
    );
  },
}));

/** The codec of data that begin with what is unread; waits for as many bytes as tell. */
async function detect(reader: ByteReader, codecs: readonly Codec[]): Promise<Codec | undefined> {
  for (let undecided = true; undecided;) {
    undecided = false;
    const { bytes, position, available } = reader;
    for (const codec of codecs) {
      for (const magic of codec.magic) {
        const length = Math.min(available, magic.length);
        let same = 0;
        while (same < length && bytes[position + same] === magic[same]) same++;
        if (same === magic.length) return codec;
        if (same === available) undecided = true;
      }
    }
    if (undecided && !(await reader.more())) return undefined;
  }
  return undefined;
}

/**
 * The name of the format that data is compressed in, by its first bytes (10 are enough): `"gzip"`, `"zlib"`, `"zip"`,
 * `"bz2"`, `"xz"`, `"lzma"`, `"zstd"` or `"lz4"`; `undefined` for what is none of them.
 */
export function compressionOf(head: Uint8Array): string | undefined {
  const codecs = [...builtinCodecs(inflate, undefined), ...missing];
  return codecs.find(({ magic }) => magic.some((bytes) => bytes.every((byte, at) => head[at] === byte)))
    ?.name;
}

/** Counts what goes in, and knows what the source itself threw from what a codec did. */
class Source {
  bytes = 0;
  failed = false;
  error: unknown;
  readonly #chunks: AsyncIterable<Uint8Array>;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks;
  }

  async *chunks(): AsyncGenerator<Uint8Array, void> {
    try {
      for await (const chunk of this.#chunks) {
        this.bytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      this.failed = true;
      this.error = error;
      throw error;
    }
  }
}

function damaged(error: unknown, codec: string, given: number): UnpicklingError {
  const known = error instanceof UnpicklingError;
  const words = error instanceof Error ? error.message : String(error);
  return new UnpicklingError(
    known ? error.code : "invalid-compression",
    known ? error.words : `${codec}: ${words}`,
    {
      offset: given,
      pythonException: known ? error.pythonException : undefined,
      advice: known ? error.advice : "The compressed data is damaged",
      cause: known ? error.cause : error,
    },
  );
}

/** One layer off; errors get the place in what was given so far. */
async function* layer(
  codec: Codec,
  chunks: AsyncIterable<Uint8Array>,
  source: Source,
): AsyncGenerator<Uint8Array, void> {
  let given = 0;
  try {
    for await (const chunk of codec.decompress(chunks)) {
      given += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw source.failed ? source.error : damaged(error, codec.name, given);
  }
}

async function* limited(
  chunks: AsyncIterable<Uint8Array>,
  source: Source,
  options: DecompressionOptions,
): AsyncGenerator<Uint8Array, void> {
  const { inflated = Infinity, ratio = DEFAULT_RATIO } = options.limits ?? {};
  let given = 0;
  for await (const chunk of chunks) {
    const total = given + chunk.length;
    const isTooLarge = total > inflated;
    if (isTooLarge || (total > RATIO_FROM && total > ratio * source.bytes)) {
      throw new UnpicklingError(
        "limit-exceeded",
        isTooLarge
          ? `the data is larger decompressed than limits.inflated, ${inflated} bytes`
          : `${source.bytes} compressed bytes become more than ${given}, which limits.ratio, ${ratio}, forbids`,
        { offset: given, advice: "If you trust the data, raise the limit" },
      );
    }
    given = total;
    yield chunk;
  }
}

/** The codecs that need no library, with an engine for deflate. */
function builtinCodecs(engine: Inflate, member: string | undefined): readonly Codec[] {
  return [gzipCodec(engine), zlibCodec(engine), zipCodec(engine, member)];
}

/**
 * What the chunks hold when every layer of compression is taken off: each is known by how the data begin, never by a name.
 * What no codec knows is given as it is.
 *
 * @throws UnpicklingError `invalid-compression`, `truncated`, `missing-codec`, `missing-member`, `limit-exceeded`, with the
 *   offset in the decompressed data; what the chunks throw, as it is
 */
export async function* decompressed(
  chunks: AsyncIterable<Uint8Array>,
  options: DecompressionOptions = {},
  engine: Inflate = inflate,
): AsyncGenerator<Uint8Array, void> {
  if (options.decompress === false) {
    yield* chunks;
    return;
  }
  const codecs = [...(options.codecs ?? []), ...builtinCodecs(engine, options.member), ...missing];
  const source = new Source(chunks);
  let reader = new ByteReader(source.chunks());
  try {
    for (let layers = 0; ; layers++) {
      const codec = await detect(reader, codecs);
      if (codec === undefined) {
        yield* layers === 0 ? reader.rest() : limited(reader.rest(), source, options);
        return;
      }
      if (layers === MOST_LAYERS) {
        throw failure("limit-exceeded", `the data is compressed more than ${MOST_LAYERS} times over`);
      }
      reader = new ByteReader(layer(codec, reader.rest(), source));
    }
  } finally {
    await reader.close();
  }
}
