import { failure } from "../bytes/failure.ts";
import { toBytes } from "../bytes/input.ts";
import { HIGHEST_PROTOCOL } from "../syntax/opcodes.ts";
import { MemoPlan } from "./compact/memo-plan.ts";
import type { Program } from "./compact/program.ts";
import { readProgram } from "./compact/read-program.ts";
import { writeProgram } from "./compact/write-program.ts";
import { type StartOptions, startOf, type ToolInput } from "./tool-input.ts";

/** What {@link compact} may do beside. */
export interface CompactOptions extends StartOptions {
  /**
   * The protocol to raise the pickle to, 0 to 5; a negative one is the highest. One that is lower than the pickle's own
   * changes nothing. Unless given, no opcode is used that the pickle's own protocol does not have.
   */
  readonly protocol?: number | undefined;
}

/** A pickle made smaller, and by how much. */
export interface CompactResult {
  /** The smaller pickle; the bytes of the given one if it cannot be made smaller. */
  readonly data: Uint8Array;
  /** Size of the given one up to its STOP, in bytes. */
  readonly before: number;
  /** Size of `data` in bytes, never more than `before`. */
  readonly after: number;
  /** `before` less `after`. */
  readonly saved: number;
  /** The protocol of `data`: that of its PROTO or of its newest opcode, whichever is higher. */
  readonly protocol: number;
  /** Position behind the STOP of the given one, where another may begin. */
  readonly end: number;
}

/** @throws UnpicklingError `unsupported-protocol`. */
function targetOf(protocol: number | undefined): number {
  if (protocol === undefined) return -1;
  if (!Number.isInteger(protocol) || protocol > HIGHEST_PROTOCOL) {
    throw failure("unsupported-protocol", `pickle protocol must be <= ${HIGHEST_PROTOCOL}`, "ValueError");
  }
  return protocol < 0 ? HIGHEST_PROTOCOL : protocol;
}

/** A pickle written anew, and the program that it was written from. */
interface Attempt {
  readonly data: Uint8Array;
  readonly protocol: number;
  readonly program: Program;
}

function rewritten(bytes: Uint8Array, start: number, target: number): Attempt {
  const program = readProgram(bytes, start, target);
  // Up to protocol 2, names mean what they mean in Python 2.
  if (program.keepsNames) return rewritten(bytes, start, 2);
  const level = Math.max(program.level, target);
  const said = Math.max(program.declared, target >= 2 ? target : -1);
  const hasFrames = level >= 4 && (program.hasFrames || program.level < 4);
  const plan = new MemoPlan(program, level);
  let written = writeProgram(program, plan, level, said, hasFrames);
  if (plan.improve(written.order, written.reads)) {
    const better = writeProgram(program, plan, level, said, hasFrames);
    if (better.data.length < written.data.length) written = better;
  }
  return { data: written.data, protocol: level, program };
}

/**
 * The same pickle, as small as it can be said: what {@link optimize} does; equal values that are immutable stand there
 * once; each operand has the shortest opcode, each memo slot that is read often the shortest number; and items come all
 * at once. It loads to an equal value. What is mutable is shared as before, and what is not may be shared more. Nothing
 * is constructed. What comes after the STOP is left out.
 *
 * @throws UnpicklingError as {@link genops} does, or where an opcode cannot have its values: `stack-underflow`,
 *   `unexpected-mark`, `missing-mark`, `missing-memo`, `odd-items`; `unsupported-protocol` for one above 5.
 * @example
 * const { data, before, after } = compact(pickled);
 */
export function compact(data: ToolInput, options: CompactOptions = {}): CompactResult {
  const bytes = toBytes(data);
  const start = startOf(options);
  const target = targetOf(options.protocol);
  let attempt = rewritten(bytes, start, target);
  const { end, level } = attempt.program;
  const before = end - start;
  // A frame takes nine bytes, which may be more than a newer protocol saves.
  if (attempt.data.length > before && attempt.protocol > level) attempt = rewritten(bytes, start, -1);
  const isRaised = attempt.protocol > level;
  const isSmaller = attempt.data.length < before + (isRaised || attempt.program.isCut ? 1 : 0);
  const result = isSmaller ? attempt.data : bytes.slice(start, end);
  const after = result.length;
  return {
    data: result,
    before,
    after,
    saved: before - after,
    protocol: isSmaller ? attempt.protocol : level,
    end,
  };
}
