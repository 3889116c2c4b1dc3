/** CPython's words for a byte that is no opcode. Source: `Modules/_pickle.c`, `load`. */
export function invalidLoadKey(code: number): string {
  const printable = code >= 0x20 && code <= 0x7e && code !== 0x27 && code !== 0x5c;
  const shown = printable ? String.fromCharCode(code) : `\\x${code.toString(16).padStart(2, "0")}`;
  return `invalid load key, '${shown}'.`;
}
