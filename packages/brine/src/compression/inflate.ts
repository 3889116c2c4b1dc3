import { Z_BUF_ERROR, Z_NO_FLUSH, Z_OK, Z_STREAM_END, zlibInflate, zlibInflateInit2, ZStream } from "pako";
import { failure } from "../bytes/failure.ts";
import type { ByteReader } from "./byte-reader.ts";

/** The window of deflate; negative for a stream without zlib's header. Source: zlib.h, `inflateInit2`. */
const WINDOW_BITS = -15;
/** Output at a time: little at first, as a file may be a million small members. */
const LEAST_ROOM = 1 << 10;
const MOST_ROOM = 1 << 16;

/** What inflates a deflate stream that the reader is in front of, and leaves the reader right behind it. */
export type Inflate = (reader: ByteReader) => AsyncIterable<Uint8Array>;

/** Deflate in JavaScript, by pako, which is built into this file. Source: RFC 1951. */
export async function* inflate(reader: ByteReader): AsyncGenerator<Uint8Array, void> {
  const stream = new ZStream();
  zlibInflateInit2(stream, WINDOW_BITS);
  for (let room = LEAST_ROOM; ; room = Math.min(2 * room, MOST_ROOM)) {
    const output = new Uint8Array(room);
    stream.output = output;
    stream.next_out = 0;
    stream.avail_out = room;
    stream.input = reader.bytes;
    stream.next_in = reader.position;
    stream.avail_in = reader.available;
    const status = zlibInflate(stream, Z_NO_FLUSH);
    reader.position = stream.next_in;
    if (stream.next_out > 0) yield output.subarray(0, stream.next_out);
    if (status === Z_STREAM_END) return;
    if (status !== Z_OK && status !== Z_BUF_ERROR) {
      throw failure(
        "invalid-compression",
        `Error -3 while decompressing data: ${stream.msg}`,
        "zlib.error",
        "The compressed data is damaged",
      );
    }
    // What it has not written yet comes first.
    if (stream.avail_out > 0 && !(await reader.more())) throw reader.truncated();
  }
}
