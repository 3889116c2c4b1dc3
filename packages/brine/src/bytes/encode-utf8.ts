let encoder: TextEncoder | undefined;

/**
 * Writes `text` into `target` from `at` on, in UTF-8 with 'surrogatepass' (a lone surrogate takes three bytes), and
 * returns how many bytes were written. `target` must have room for them.
 */
export function encodeUtf8Into(text: string, target: Uint8Array, at: number): number {
  // TextEncoder, faster from some 36 units on (Node 20), writes U+FFFD for a lone surrogate.
  if (text.length > 36 && isWellFormed(text)) {
    return (encoder ??= new TextEncoder()).encodeInto(text, target.subarray(at)).written;
  }
  const start = at;
  for (let i = 0; i < text.length; i++) {
    let unit = text.charCodeAt(i);
    if (unit < 0x80) {
      target[at++] = unit;
      continue;
    }
    if (unit < 0x800) target[at++] = 0xc0 | (unit >> 6);
    else {
      const second = text.charCodeAt(i + 1);
      if ((unit & 0xfc00) === 0xd800 && (second & 0xfc00) === 0xdc00) {
        unit = 0x10000 + ((unit & 0x3ff) << 10) + (second & 0x3ff);
        i++;
        target[at++] = 0xf0 | (unit >> 18);
        target[at++] = 0x80 | ((unit >> 12) & 0x3f);
      } else target[at++] = 0xe0 | (unit >> 12);
      target[at++] = 0x80 | ((unit >> 6) & 0x3f);
    }
    target[at++] = 0x80 | (unit & 0x3f);
  }
  return at - start;
}

/** Whether `text` has no lone surrogate; `String.prototype.isWellFormed` where there is one (ES2024). */
function isWellFormed(text: string): boolean {
  const native = (text as { isWellFormed?: () => boolean }).isWellFormed;
  return native === undefined ? !/\p{Surrogate}/u.test(text) : native.call(text);
}

/** `text` in UTF-8 as {@link encodeUtf8Into} writes it. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  if (isWellFormed(text)) return (encoder ??= new TextEncoder()).encode(text);
  const bytes = new Uint8Array(3 * text.length);
  return bytes.subarray(0, encodeUtf8Into(text, bytes, 0));
}
