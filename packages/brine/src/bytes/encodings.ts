import { type TextCodec, decodeText, unicodeDecodeError } from "./decode-text.ts";
import { failure } from "./failure.ts";
import { decodeLatin1, isAscii } from "./utf8.ts";

// CPython's encodings.aliases, in lower case and without anything but letters and digits.
const latin1 = /^(latin1?|l1|(iso)?8859(1(1987)?)?|(cp|ibm)819|csisolatin1|isoir100)$/;
const utf8 = /^(utf8?|u8|utf8ucs[24]|cp65001)$/;
const ascii = /^((us|cs)?ascii|us|(iso)?646(us|irv1991)?|ansix3419(68|86)|(cp|ibm)367|isoir6)$/;

const advice = 'Load with encoding: "latin1" (any bytes), "utf-8" or "bytes"';

/**
 * Decodes an 8-bit string of Python 2 (STRING, BINSTRING, SHORT_BINSTRING) as `bytes.decode(encoding, errors)` does.
 * ASCII, latin-1 and UTF-8, under every alias that CPython has, follow CPython to the letter. Any other label is
 * `TextDecoder`'s (the WHATWG tables), and there `errors` is "replace", which puts U+FFFD where the WHATWG algorithm
 * does, or else "strict". `encoding: "bytes"` is the caller's.
 *
 * @throws UnpicklingError `undecodable-text` (Python's UnicodeDecodeError), `unknown-encoding` (LookupError, for the
 *   encoding or, once it is needed, the error handler), `unrepresentable` (longer than a string can be).
 */
export function decodePython2String(bytes: Uint8Array, encoding: string, errors: string): string {
  const { length } = bytes;
  if (length === 0) return "";
  if (encoding !== known) {
    codec = codecOf(encoding);
    known = encoding;
  }
  if (typeof codec === "string") {
    return codec === "latin-1" || isAscii(bytes, 0, length)
      ? decodeLatin1(bytes, 0, length)
      : decodeText(bytes, codec, errors, advice);
  }
  const label = codec.encoding;
  try {
    // As a stream: some releases of Node 20 to 24 decode the whole as latin-1 (nodejs/node#56542).
    return codec.decode(bytes, { stream: label === "windows-1252" });
  } catch {
    if (errors === "replace") return new TextDecoder(label, { ignoreBOM: true }).decode(bytes);
    throw unicodeDecodeError(label, bytes, 0, length, "illegal byte sequence", advice);
  }
}

// The encoding of the last call, an option that seldom changes, and what it names.
let known: string | undefined;
let codec: TextCodec | "latin-1" | TextDecoder = "ascii";

function codecOf(encoding: string): TextCodec | "latin-1" | TextDecoder {
  const name = encoding.toLowerCase().replace(/[^a-z\d]/g, "");
  if (ascii.test(name)) return "ascii";
  if (latin1.test(name)) return "latin-1";
  if (utf8.test(name)) return "utf-8";
  for (const label of [encoding, encoding.replaceAll("_", "-")]) {
    try {
      return new TextDecoder(label, { fatal: true, ignoreBOM: true });
    } catch {
      // No such label: the other one, or none.
    }
  }
  throw failure("unknown-encoding", `unknown encoding: ${encoding}`, "LookupError", advice);
}
