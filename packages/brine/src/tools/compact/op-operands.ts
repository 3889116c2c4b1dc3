import { failure } from "../../bytes/failure.ts";
import type { OpCursor } from "../../syntax/cursor.ts";
import { HIGHEST_PROTOCOL, opcodeName } from "../../syntax/opcodes.ts";
import { parseMemoIndex } from "../../syntax/text-operands.ts";

/** The operand under the cursor as a number without sign. */
export function unsignedOperand({ bytes, operandStart, operandEnd }: OpCursor): number {
  let number = 0;
  for (let at = operandEnd; at-- > operandStart;) number = number * 256 + (bytes[at] as number);
  return number;
}

/** The slot of a GET or PUT, which protocol 0 has in a line. */
export function slotOperand(cursor: OpCursor, isLine: boolean): number | bigint {
  return isLine
    ? parseMemoIndex(cursor.bytes, cursor.operandStart, cursor.operandEnd)
    : unsignedOperand(cursor);
}

/** The operand of PROTO. */
export function protocolOperand({ bytes, operandStart }: OpCursor): number {
  const protocol = bytes[operandStart] as number;
  if (protocol <= HIGHEST_PROTOCOL) return protocol;
  throw failure("unsupported-protocol", `unsupported pickle protocol: ${protocol}`, "ValueError");
}

/** The operand of EXT1, EXT2 and EXT4, which has a sign. */
export function extensionOperand(cursor: OpCursor): number {
  const code = unsignedOperand(cursor) | 0;
  if (code > 0) return code;
  throw failure("invalid-extension", "EXT specifies code <= 0");
}

/** How many values stand in pairs. */
export function paired(count: number, code: number): number {
  if (count % 2 === 0) return count;
  throw failure("odd-items", `odd number of items for ${opcodeName(code)}`);
}
