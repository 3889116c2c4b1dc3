/** What a file that is no pickle looks like, and the command that makes a pickle of it, if there is one. */
export interface Guess {
  /** As in "it looks like …". */
  readonly what: string;
  /** A shell command that writes the pickle to its output; `FILE` stands for the file. */
  readonly command?: string | undefined;
}

const magic: readonly (readonly [prefix: string, what: string, command?: string])[] = [
  ["\x02\x21\x4c\x18", "lz4 data of the old format", "lz4 -dc FILE"],
  ["\x1f\x9d", "compress data", "uncompress -c FILE"],
  ["\x93NUMPY", "a NumPy array file (.npy)"],
  ["\x89HDF\r\n\x1a\n", "an HDF5 file"],
  ["\x89PNG", "a PNG image"],
  ["PAR1", "a Parquet file"],
  ["ARROW1", "an Arrow file"],
  ["SQLite format 3\0", "a SQLite database"],
  ["%PDF", "a PDF file"],
  ["\x7fELF", "a program"],
  ["version https://git-lfs", "a Git LFS pointer: the file itself was not fetched"],
  ["\xc2\x80", "a pickle that was turned into UTF-8 text on its way: read and write it as binary"],
  ["\xef\xbf\xbd", "binary data that was turned into UTF-8 text on its way: read and write it as binary"],
  ["gASV", "the base64 of a pickle", "base64 -d FILE"],
  ["gAWV", "the base64 of a pickle", "base64 -d FILE"],
  ["gAJ", "the base64 of a pickle", "base64 -d FILE"],
  ["gAN", "the base64 of a pickle", "base64 -d FILE"],
  ["b'\\x80", "the Python source of a bytes object, not its bytes"],
  ['b"\\x80', "the Python source of a bytes object, not its bytes"],
];

function startsWith(bytes: Uint8Array, prefix: string): boolean {
  for (let at = 0; at < prefix.length; at++) if (bytes[at] !== prefix.charCodeAt(at)) return false;
  return true;
}

/** The beginning as text, if it is some. */
function beginningAsText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, 1024), { stream: true });
    // oxlint-disable-next-line no-control-regex -- what text has none of
    return /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/**
 * What the bytes look like, if they cannot be read as a pickle.
 *
 * @param asText whether a guess at text is worth making; a damaged pickle of protocol 0 is text too
 */
export function looksLike(bytes: Uint8Array, asText: boolean): Guess | undefined {
  for (const [prefix, what, command] of magic) {
    if (!startsWith(bytes, prefix)) continue;
    return { what, command };
  }
  const text = asText ? beginningAsText(bytes)?.trimStart() : undefined;
  if (text === undefined) return undefined;
  if (/^80\s?0[2-5]/.test(text)) {
    return { what: "the hexadecimal digits of a pickle", command: "xxd -r -p FILE" };
  }
  if (/^[[{"]/.test(text)) return { what: "JSON" };
  if (/^<[!?a-z]/i.test(text)) return { what: "HTML or XML" };
  if (text.includes("\r\n") && /^[(\]}cIF-NSVg]/.test(text)) {
    return { what: "text with CRLF line ends: a pickle must be read and written as binary" };
  }
  return { what: "text" };
}
