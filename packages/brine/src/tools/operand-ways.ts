// How an operand is read: in place, as a call of a reader by table took as long as the walk over the opcode; or by that.
// In a file of their own, as bundlers make numbers only of what is imported.
export const READER = 0;
export const NO_OPERAND = 1;
export const ONE_BYTE = 2;
export const TWO_BYTES = 3;
export const INT = 4;
export const FLOAT = 5;
