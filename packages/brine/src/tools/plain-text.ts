let plain: Uint8Array | undefined;

/** By byte, 1 if Python shows it, in any text, as the character itself: printable ASCII but for ' and the backslash. */
export function plainBytes(): Uint8Array {
  if (plain === undefined) {
    plain = new Uint8Array(256).fill(1, 0x20, 0x7f);
    plain[0x27] = plain[0x5c] = 0;
  }
  return plain;
}
