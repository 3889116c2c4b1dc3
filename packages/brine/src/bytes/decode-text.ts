import type { UnpicklingError } from "../errors.ts";
import { failure } from "./failure.ts";

/** The codecs that CPython's error handlers are worked out for here; every other one is `TextDecoder`'s. */
export type TextCodec = "ascii" | "utf-8";

let decoder: TextDecoder | undefined;

/** Decodes well-formed UTF-8, a BOM kept. Throws what `TextDecoder` does: a TypeError if it is malformed. */
export function decodeWellFormed(bytes: Uint8Array): string {
  decoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return decoder.decode(bytes);
}

/** Python's `UnicodeDecodeError` for the bytes from `start` to `end` of a text, in its words. */
export function unicodeDecodeError(
  codec: string,
  text: Uint8Array,
  start: number,
  end: number,
  reason: string,
  advice?: string,
): UnpicklingError {
  const what =
    end - start === 1
      ? `byte 0x${text[start]!.toString(16)} in position ${start}`
      : `bytes in position ${start}-${end - 1}`;
  const words = `'${codec}' codec can't decode ${what}: ${reason}`;
  return failure("undecodable-text", words, "UnicodeDecodeError", advice);
}

/** What an error handler of Python puts in the place of malformed bytes, each of which is above 0x7f. */
function replacement(malformed: Uint8Array, errors: string): string {
  if (errors === "ignore") return "";
  if (errors === "replace") return "\ufffd";
  return Array.from(malformed, (byte) => {
    if (errors === "surrogateescape") return String.fromCharCode(0xdc00 | byte);
    if (errors === "backslashreplace") return `\\x${byte.toString(16)}`;
    throw failure("unknown-encoding", `unknown error handler name '${errors}'`, "LookupError");
  }).join("");
}

/**
 * Decodes a text the careful way, with Python's error handlers.
 * Source: CPython `Objects/stringlib/codecs.h` (utf8_decode), `Objects/unicodeobject.c`, `Python/codecs.c`.
 *
 * @param errors - `strict`, `ignore`, `replace`, `backslashreplace`, `surrogateescape` or `surrogatepass`;
 *   looked at only when something cannot be decoded, as in Python.
 * @param advice - what the error tells the user to do.
 * @throws UnpicklingError `undecodable-text` (Python's UnicodeDecodeError), `unknown-encoding` (LookupError, an
 *   unknown error handler).
 */
export function decodeText(bytes: Uint8Array, codec: TextCodec, errors: string, advice?: string): string {
  const continues = (at: number): boolean => (bytes[at]! & 0xc0) === 0x80;
  let text = "";
  let decoded = 0;
  for (let at = 0; at < bytes.length;) {
    const start = at;
    const lead = bytes[at++]!;
    if (lead < 0x80) continue;
    const isLead = codec === "utf-8" && lead > 0xc1 && lead < 0xf5;
    const length = !isLead ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    // What is malformed ends where no continuation makes it right: Unicode's "maximal subpart".
    if (isLead && bytes[at]! >= low && bytes[at]! <= high) {
      while (++at - start < length && continues(at));
    }
    if (at - start === length) continue;

    let put: string;
    if (
      isLead &&
      errors === "surrogatepass" &&
      lead === 0xed &&
      bytes[at]! > high &&
      continues(at) &&
      continues(at + 1)
    ) {
      put = String.fromCharCode(0xd000 | ((bytes[at]! & 0x3f) << 6) | (bytes[at + 1]! & 0x3f));
      at += 2;
    } else if (errors === "surrogatepass" || errors === "strict") {
      let reason = at < bytes.length ? "invalid continuation byte" : "unexpected end of data";
      if (!isLead) reason = codec === "ascii" ? "ordinal not in range(128)" : "invalid start byte";
      throw unicodeDecodeError(codec, bytes, start, at, reason, advice);
    } else put = replacement(bytes.subarray(start, at), errors);
    // In a copy, for TextDecoder takes no shared memory in browsers.
    text += decodeWellFormed(bytes.slice(decoded, start)) + put;
    decoded = at;
  }
  return text + decodeWellFormed(bytes.slice(decoded));
}
