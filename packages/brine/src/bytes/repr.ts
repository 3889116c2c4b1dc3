/** Python's `repr(text)`. Source: CPython `Objects/unicodeobject.c`, `unicode_repr`. */
export function strRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  // Not printable for Python: categories C and Z, but for the space.
  const body = text.replace(/[\\']|(?! )[\p{C}\p{Z}]/gu, (c) => {
    if (c === "'") return quote === c ? "\\'" : c;
    if ("\\\t\n\r".includes(c)) return JSON.stringify(c).slice(1, -1);
    const hex = c.codePointAt(0)!.toString(16);
    return hex.length < 3
      ? "\\x" + hex.padStart(2, "0")
      : hex.length < 5
        ? "\\u" + hex.padStart(4, "0")
        : "\\U" + hex.padStart(8, "0");
  });
  return quote + body + quote;
}
