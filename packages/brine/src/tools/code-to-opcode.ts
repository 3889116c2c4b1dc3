import { type Opcode, opcodes } from "../syntax/opcodes.ts";

/** The opcodes by their codes, 0 to 255. */
export const codeToOpcode: ReadonlyMap<number, Opcode> = /* @__PURE__ */ (() =>
  new Map(opcodes.map((opcode) => [opcode.code, opcode])))();
