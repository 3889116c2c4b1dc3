import * as op from "../../syntax/opcodes.ts";
import { calledContent, calledName, dottedName } from "./builtin-calls.ts";
import { BYTES, type Constants } from "./constants.ts";
import {
  END,
  FORMER_LIST,
  LIST,
  NOTHING,
  OBJECT_TUPLE,
  type Program,
  reference,
  SET,
  START,
  VALUE,
} from "./program.ts";
import type { SketchStack } from "./sketch-stack.ts";

/** A REDUCE of `set` or `frozenset` on a list. */
interface SetCall {
  readonly kind: number;
  readonly tuple: number;
  readonly list: number;
  /** Step of the callable. */
  readonly start: number;
  /** Step of the TUPLE. */
  readonly end: number;
}

/**
 * Puts opcodes in the place of the calls that stand for them in older protocols.
 * Source: CPython `Modules/_pickle.c`, `save_bytes`, `save_set`, `save_frozenset`.
 */
export class Rewriter {
  readonly #program: Program;
  readonly #constants: Constants;
  /** What can be rewritten if nothing refers to its parts: call, result, step of the REDUCE. */
  readonly #calls: (readonly [call: SetCall, object: number, step: number])[] = [];

  constructor(program: Program) {
    this.#program = program;
    this.#constants = program.constants;
  }

  /** The constant that a REDUCE of the two values on top would give: bytes that are a call of `_codecs.encode`; else −1. */
  constantOf(stack: SketchStack, protocol: number): number {
    const [callable, args] = [stack.value(1), stack.value()];
    const constants = this.#constants;
    if (protocol < 3 || this.#program.steps.length - stack.start(1) !== 2) return -1;
    const name = calledName(constants, callable, args);
    const content = name === "builtins.bytearray" ? undefined : calledContent(constants, name, args);
    return content === undefined ? -1 : constants.content(BYTES, content, 0, content.length);
  }

  /** Whether a REDUCE of the two values on top makes a set of a list that stands there. */
  setOf(stack: SketchStack, protocol: number): SetCall | undefined {
    const { steps, objects } = this.#program;
    const args = stack.value();
    if (protocol < 4 || args >= 0) return undefined;
    const start = stack.start(1);
    const end = steps.length - 1;
    const tuple = reference(args);
    if (objects.kinds.items[tuple] !== OBJECT_TUPLE || objects.counts.items[tuple] !== 1) return undefined;
    // Of a tuple, the last part stands there.
    const child = objects.ends.items[tuple] as number;
    if (child >= 0 || steps.items[start] !== VALUE || steps.items[end] !== op.TUPLE) return undefined;
    const list = reference(child);
    const first =
      steps.items[start + 1] === START && this.#program.operands.items[start + 1] === tuple ? 2 : 1;
    if (objects.kinds.items[list] !== LIST || objects.starts.items[list] !== start + first) return undefined;
    const last = objects.ends.items[list] as number;
    if ((last < 0 ? start + first : last) !== end - 1) return undefined;
    const name = dottedName(this.#constants, stack.value(1));
    const kind = name === "builtins.set" ? SET : name === "builtins.frozenset" ? FORMER_LIST : -1;
    return kind < 0 ? undefined : { kind, tuple, list, start, end };
  }

  /** Notes a call, for it is not known yet whether something will refer to the list. */
  remember(call: SetCall, object: number, step: number): void {
    this.#calls.push([call, object, step]);
  }

  /** Rewrites the calls that can be. */
  finish(): void {
    const program = this.#program;
    const { objects } = program;
    for (const [{ kind, tuple, list, start, end }, object, step] of this.#calls) {
      if (objects.seen.items[list] !== 0 || objects.seen.items[tuple] !== 0) continue;
      program.patch(start, NOTHING);
      if (program.operands.items[start + 1] === tuple && program.steps.items[start + 1] === START) {
        program.patch(start + 1, NOTHING);
      }
      program.patch(objects.starts.items[list] as number, START, object);
      const last = objects.ends.items[list] as number;
      if (last >= 0) program.patch(last, NOTHING);
      program.patch(end, END, object);
      program.patch(step, NOTHING);
      objects.kinds.items[object] = kind;
      objects.counts.items[object] = objects.counts.items[list] as number;
    }
  }
}
