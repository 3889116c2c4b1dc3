import { UnpicklingError } from "../errors.ts";

/** The codecs that CPython's error handlers are worked out for here; every other one is `TextDecoder`'s. */
export type TextCodec = "ascii" | "utf-8";

/**
 * What `make` returns, unless the value is more than this JavaScript engine can hold.
 *
 * @throws UnpicklingError `unrepresentable` where `make` throws.
 */
export function within<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw tooLarge(cause);
  }
}

/** The error for a value that is larger than this JavaScript engine can hold, from the engine's own. */
export function tooLarge(cause: unknown): UnpicklingError {
  const words = "the value is larger than this JavaScript engine can hold";
  return new UnpicklingError("unrepresentable", words, { cause });
}

/** The text of UTF-16 code units, lone surrogates included; bytes are latin-1. Throws as {@link within}. */
export function textOfUnits(units: Uint8Array | Uint16Array): string {
  let text = "";
  // 4096 arguments are what no engine minds.
  for (let at = 0; at < units.length; at += 4096) {
    const chunk = units.subarray(at, at + 4096) as unknown as number[];
    text = within(() => text + String.fromCharCode.apply(null, chunk));
  }
  return text;
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
      ? `byte 0x${text[start]!.toString(16).padStart(2, "0")} in position ${start}`
      : `bytes in position ${start}-${end - 1}`;
  return new UnpicklingError("undecodable-text", `'${codec}' codec can't decode ${what}: ${reason}`, {
    pythonException: "UnicodeDecodeError",
    advice,
  });
}

/** The character code of a lower-case hexadecimal digit. */
export function hexDigit(value: number): number {
  return value + (value < 10 ? 48 : 87);
}

/** Python's LookupError for an error handler that nobody registered. */
export function unknownErrorHandler(errors: string): UnpicklingError {
  return new UnpicklingError("unknown-encoding", `unknown error handler name '${errors}'`, {
    pythonException: "LookupError",
  });
}

/**
 * Decodes a text the careful way, one sequence at a time, with Python's error handlers.
 * Source: CPython `Objects/stringlib/codecs.h` (utf8_decode), `Objects/unicodeobject.c`, `Python/codecs.c`.
 *
 * @param errors - `strict`, `ignore`, `replace`, `backslashreplace`, `surrogateescape` or `surrogatepass`;
 *   looked at only when something cannot be decoded, as in Python.
 * @param advice - what the error tells the user to do.
 * @throws UnpicklingError `undecodable-text` (Python's UnicodeDecodeError), `unknown-encoding` (LookupError, an
 *   unknown error handler), `unrepresentable` (longer than a string can be).
 */
export function decodeText(bytes: Uint8Array, codec: TextCodec, errors: string, advice?: string): string {
  const end = bytes.length;
  // Nothing becomes more units than it has bytes, but for \xNN.
  const units = within(() => new Uint16Array(errors === "backslashreplace" ? 4 * end : end));
  let count = 0;
  const continues = (at: number, low = 0x80, high = 0xbf): boolean =>
    at < end && bytes[at]! >= low && bytes[at]! <= high;

  for (let at = 0; at < end;) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      units[count++] = lead;
      at++;
      continue;
    }
    let reason = "ordinal not in range(128)";
    let next = at + 1; // behind the maximal well-formed part of the sequence
    if (codec === "utf-8") {
      const length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
      const surrogates = lead === 0xed && errors === "surrogatepass" && continues(at + 2);
      const high = lead === 0xed && !surrogates ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
      if (length > 0 && continues(next, low, high)) {
        next++;
        while (next - at < length && continues(next)) next++;
      }
      if (next - at === length) {
        let codePoint = lead & (0x7f >> length);
        while (++at < next) codePoint = (codePoint << 6) | (bytes[at]! & 0x3f);
        if (codePoint > 0xffff) {
          units[count++] = 0xd7c0 + (codePoint >> 10);
          codePoint = 0xdc00 | (codePoint & 0x3ff);
        }
        units[count++] = codePoint;
        continue;
      }
      reason =
        length === 0
          ? "invalid start byte"
          : next === end
            ? "unexpected end of data"
            : "invalid continuation byte";
    }
    if (errors === "strict" || errors === "surrogatepass") {
      throw unicodeDecodeError(codec, bytes, at, next, reason, advice);
    }
    if (errors === "replace") {
      units[count++] = 0xfffd;
      at = next;
    }
    for (; at < next; at++) {
      const byte = bytes[at]!;
      if (errors === "surrogateescape") units[count++] = 0xdc00 | byte;
      else if (errors === "backslashreplace") {
        units[count++] = 92;
        units[count++] = 120;
        units[count++] = hexDigit(byte >> 4);
        units[count++] = hexDigit(byte & 15);
      } else if (errors !== "ignore") throw unknownErrorHandler(errors);
    }
  }
  return textOfUnits(units.subarray(0, count));
}
