import { UnpicklingError } from "../errors.ts";
import { type TextCodec, decodeText, unicodeDecodeError, unknownErrorHandler } from "./decode-text.ts";
import { decodeLatin1, decodeUtf8, isAscii } from "./utf8.ts";

// CPython's encodings.aliases, in lower case and with "_" for each run of anything but letters and digits.
const latin1 = /^(latin_?1|iso_?8859(_1(_1987)?)?|8859|cp819|csisolatin1|ibm819|iso_ir_100|l1|latin)$/;
const utf8 = /^(utf_?8|u8|utf|utf8_ucs[24]|cp65001)$/;
const ascii =
  /^((us_)?ascii|us|646|ansi_x3_4_19(68|86)|cp367|csascii|ibm367|iso646_us|iso_646_irv_1991|iso_ir_6)$/;

// 0x80 to 0x9f of the WHATWG's windows-1252.
const windows1252 =
  "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f" +
  "\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

const advice =
  'For a str of Python 2, option encoding: "latin1" reads any byte, "bytes" gives the bytes, "utf-8" reads UTF-8';

/**
 * Decodes an 8-bit string of Python 2 (STRING, BINSTRING, SHORT_BINSTRING) as `bytes.decode(encoding, errors)` does.
 * ASCII, latin-1 and UTF-8, under every alias that CPython has, follow CPython to the letter. Any other label is
 * `TextDecoder`'s (the WHATWG tables), and there `errors` is "strict", or "replace" which puts U+FFFD where the WHATWG
 * algorithm does; other handlers are refused when a byte cannot be decoded. `encoding: "bytes"` is the caller's.
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
  if (codec === "latin-1") return decodeLatin1(bytes, 0, length);
  if (typeof codec === "string") {
    return isAscii(bytes, 0, length)
      ? decodeUtf8(bytes, 0, length)
      : decodeText(bytes, codec, errors, advice);
  }
  const label = codec.encoding;
  if (label === "windows-1252") {
    // Some releases of Node 20 to 24 decode this one as latin-1 (nodejs/node#56542).
    return decodeLatin1(bytes, 0, length).replace(/[\x80-\x9f]/g, (c) => windows1252[c.charCodeAt(0) - 128]!);
  }
  try {
    return codec.decode(bytes);
  } catch {
    if (errors === "replace") return new TextDecoder(label, { ignoreBOM: true }).decode(bytes);
    if (errors !== "strict") throw unknownErrorHandler(errors);
    throw unicodeDecodeError(label, bytes, 0, length, "illegal byte sequence", advice);
  }
}

// The encoding of the last call, an option that seldom changes, and what it names.
let known: string | undefined;
let codec: TextCodec | "latin-1" | TextDecoder = "ascii";

function codecOf(encoding: string): TextCodec | "latin-1" | TextDecoder {
  const name = encoding
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
  if (ascii.test(name)) return "ascii";
  if (latin1.test(name)) return "latin-1";
  if (utf8.test(name)) return "utf-8";
  for (const label of [encoding, name.replaceAll("_", "-")]) {
    try {
      return new TextDecoder(label, { fatal: true, ignoreBOM: true });
    } catch {
      // No such label: the other one, or none.
    }
  }
  throw new UnpicklingError("unknown-encoding", `unknown encoding: ${encoding}`, {
    pythonException: "LookupError",
    advice: 'Take "ASCII", "latin1", "utf-8", "bytes" or a label that TextDecoder knows',
  });
}
