/** All that scripts/fuzz needs, as it is bundled for it. */
export { Random } from "./assemble.ts";
export { checkProgram, oracleOptions } from "./check-program.ts";
export { corruptions, loadOrRefuse } from "./corruptions.ts";
export { feed, inPieces, sameFailure } from "./feed.ts";
export { randomProgram } from "./opcode-programs.ts";
export { hexOf, Oracle } from "./oracle.ts";
export { UnpicklingError } from "../../src/errors.ts";
export { OpCursor } from "../../src/syntax/cursor.ts";
export { compareRefusals, judgeRefusals } from "./verify-judge.ts";
export { opcodes } from "../../src/syntax/opcodes.ts";
export { loads, PyDict, PySet } from "../../src/index.ts";
export { itemsFrom } from "../../src/stream/items.ts";
export { stdlib } from "../../src/types/stdlib.ts";
export { drawExact } from "./describe.ts";
