// What Python 3.13's str.isprintable says no to, but for the space: categories C and Z of Unicode 15.1. Older engines
// take some of its characters for unassigned (first line); those that came with 16.0 and 17.0 are unassigned there.
const unprintable =
  // oxlint-disable-next-line no-misleading-character-class -- single characters and ranges, none combining with another
  /(?![ \u2ffc-\u2fff\u31ef\u{2ebf0}-\u{2ee5d}])[\p{C}\p{Z}\u088f-\u0897\u0c5c\u0cdc\u1acf-\u1aeb\u1b4e-\u1b4f\u1b7f\u1c89-\u1c8a\u20c1\u2427-\u2429\u2b96\u31e4-\u31e5\ua7cb-\ua7cf\ua7d2\ua7d4\ua7da-\ua7f1\ufbc3-\ufbd2\ufd90-\ufd91\ufdc8-\ufdce\u{105c0}-\u{105f3}\u{10940}-\u{10959}\u{10d40}-\u{10d8f}\u{10ec2}-\u{10efc}\u{11380}-\u{113e2}\u{116d0}-\u{116e3}\u{11b60}-\u{11bf9}\u{11db0}-\u{11de9}\u{11f5a}\u{13460}-\u{143fa}\u{16100}-\u{16139}\u{16d40}-\u{16d79}\u{16ea0}-\u{16ed3}\u{16ff2}-\u{16ff6}\u{187f8}-\u{187ff}\u{18cff}\u{18d09}-\u{18df2}\u{1cc00}-\u{1cef0}\u{1e5d0}-\u{1e6ff}\u{1f6d8}\u{1f777}-\u{1f77a}\u{1f8b2}-\u{1f8d8}\u{1fa54}-\u{1fa57}\u{1fa89}-\u{1fa8f}\u{1fabe}\u{1fac6}-\u{1facd}\u{1fadc}-\u{1fadf}\u{1fae9}-\u{1faef}\u{1fbcb}-\u{1fbef}\u{1fbfa}\u{2b73a}-\u{2b73f}\u{2cea2}-\u{2cead}\u{323b0}-\u{33479}]/gu;

const plain = /^[ !#-&(-[\]-~]*$/;

const hex = (value: number, width: number): string => value.toString(16).padStart(width, "0");

function escaped(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  if (character === "\r") return "\\r";
  const codePoint = character.codePointAt(0) as number;
  if (codePoint < 0x100) return `\\x${hex(codePoint, 2)}`;
  return codePoint < 0x10000 ? `\\u${hex(codePoint, 4)}` : `\\U${hex(codePoint, 8)}`;
}

function quoteFor(text: string): string {
  return text.includes("'") && !text.includes('"') ? '"' : "'";
}

/** What stands between the quotes. */
function body(text: string, quote: string): string {
  const quoted = text.replace(quote === "'" ? /[\\']/g : /\\/g, "\\$&");
  return quoted.replace(unprintable, escaped);
}

/** Python 3.13's `repr(text)`. Source: CPython `Objects/unicodeobject.c`, `unicode_repr`. */
export function strRepr(text: string): string {
  if (plain.test(text)) return `'${text}'`;
  const quote = quoteFor(text);
  return quote + body(text, quote) + quote;
}

/**
 * {@link strRepr} of a text in pieces: a surrogate at the end of one and another at the beginning of the next are two
 * characters in Python, and no string of JavaScript can keep them apart.
 */
export function piecesRepr(pieces: readonly string[]): string {
  const quote = quoteFor(pieces.join(""));
  let text = quote;
  for (const piece of pieces) text += body(piece, quote);
  return text + quote;
}

const byteTexts: string[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x5c) return "\\\\";
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : escaped(String.fromCharCode(byte));
});

/**
 * Python's `repr` of the bytes from `start` to `end`, without the b in front. Only a bytearray's escapes a ' between
 * double quotes. Source: CPython `Objects/bytesobject.c`, `PyBytes_Repr`; `Objects/bytearrayobject.c`, `bytearray_repr`.
 */
export function quotedBytes(bytes: Uint8Array, start: number, end: number, escapesAlways = false): string {
  let single = false;
  let double = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === 0x27) single = true;
    else if (byte === 0x22) double = true;
  }
  const quote = single && !double ? '"' : "'";
  const escapesSingle = escapesAlways || double;
  let text = quote;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    text += byte === 0x27 && escapesSingle ? "\\'" : (byteTexts[byte] as string);
  }
  return text + quote;
}

/** Python's `repr` of the bytes from `start` to `end`. */
export function bytesRepr(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  return `b${quotedBytes(bytes, start, end)}`;
}

/** Python's `repr` of a bytearray. */
export function byteArrayRepr(bytes: Uint8Array): string {
  return `bytearray(b${quotedBytes(bytes, 0, bytes.length, true)})`;
}
