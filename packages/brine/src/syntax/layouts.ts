/** Of a layout: the length of the operand stands in front of it, in as many bytes as the lower bits say. */
export const COUNTED = 16;
/** The operand is a line, or two. */
export const LINE = 32;
export const TWO_LINES = 33;

// Opcodes as characters, by how their operands are laid out: so many bytes, or a length in so many bytes and the rest.
const operands = {
  1: "Khq\x80\x82",
  2: "M\x83",
  4: "Jjr\x84",
  8: "G\x95",
  [COUNTED + 1]: "CU\x8a\x8c",
  [COUNTED + 4]: "BTX\x8b",
  [COUNTED + 8]: "\x8d\x8e\x96",
  [LINE]: "FILPSVgp",
  [TWO_LINES]: "ci",
};

/** A number for each byte, 0 unless set: from texts of characters, by the number that their codes have. */
export function byteTable(groups: Readonly<Record<number, string>>): Uint8Array {
  const table = new Uint8Array(256);
  for (const [value, codes] of Object.entries(groups))
    for (let i = 0; i < codes.length; i++) table[codes.charCodeAt(i)] = Number(value);
  return table;
}

/** By the code of an opcode, how its operand is laid out; 0 for one without. A test ties it to `opcodes`. */
export const layouts: Uint8Array = /* @__PURE__ */ byteTable(operands);

/** An 8-byte length, little-endian. Above 2^53 it is inexact, and beyond any input all the same. */
export function length8(view: DataView, at: number): number {
  const high = view.getUint32(at + 4, true);
  const low = view.getUint32(at, true);
  // Apart, so that the usual length is an integer to the compiler, and all positions behind it too.
  return high === 0 ? low : high * 0x1_0000_0000 + low;
}
