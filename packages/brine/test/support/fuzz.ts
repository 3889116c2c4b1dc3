/** All that scripts/fuzz/opcode-programs.mjs needs, as it is bundled for it. */
export { Random } from "./assemble.ts";
export { checkProgram } from "./check-program.ts";
export { randomProgram } from "./opcode-programs.ts";
export { hexOf, Oracle } from "./oracle.ts";
export { OpCursor } from "../../src/syntax/cursor.ts";
