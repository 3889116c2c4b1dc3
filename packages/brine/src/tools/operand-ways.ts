// How an operand is read: in place, or by the reader of its kind, a call of which takes as long as the walk over the opcode.
// In a file of their own, so that bundlers inline them.

/** By the reader of its kind. */
export const READ = 0;
/** There is none. */
export const NO_OPERAND = 1;
/** One byte, unsigned. */
export const ONE_BYTE = 2;
/** Two bytes, little-endian and unsigned. */
export const TWO_BYTES = 3;
/** Four bytes, little-endian and signed. */
export const INT = 4;
/** Eight bytes, a big-endian double. */
export const FLOAT = 5;
/** Four bytes, little-endian and unsigned. */
export const UINT = 6;
/** UTF-8 with its length in one byte. */
export const SHORT_TEXT = 7;
