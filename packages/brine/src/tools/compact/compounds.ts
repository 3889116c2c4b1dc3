import * as op from "../../syntax/opcodes.ts";
import { type Constants, FROZENSET, TUPLE } from "./constants.ts";
import { OBJECT_TUPLE, OTHER, type Program, reference, START, VALUE } from "./program.ts";
import type { SketchStack } from "./sketch-stack.ts";

/** Tuples and frozensets of a program: a constant if all their parts are, an object otherwise. */
export class Compounds {
  readonly #program: Program;
  readonly #constants: Constants;
  readonly #stack: SketchStack;

  constructor(program: Program, stack: SketchStack) {
    this.#program = program;
    this.#constants = program.constants;
    this.#stack = stack;
  }

  /** Whether the last `count` values are constants and nothing else has been done since `start`. */
  areConstants(count: number, start: number): boolean {
    const stack = this.#stack;
    if (this.#program.steps.length - start !== count) return false;
    for (let depth = 0; depth < count; depth++) if (stack.value(depth) < 0) return false;
    return true;
  }

  /** Puts a constant in the place of its parts, the last `count` values. */
  #compound(kind: number, count: number, start: number): void {
    const stack = this.#stack;
    const constant = this.#constants.compound(kind, stack.values.items, stack.height - count, count);
    this.#program.truncate(start);
    stack.drop(count);
    stack.push(constant, this.#program.emit(VALUE, constant));
  }

  /** TUPLE1, TUPLE2 and TUPLE3. */
  closeShortTuple(count: number): void {
    const stack = this.#stack;
    stack.need(count);
    const start = stack.start(count - 1);
    if (this.areConstants(count, start)) this.#compound(TUPLE, count, start);
    else {
      const child = stack.value();
      const { objects } = this.#program;
      const object = objects.add(OBJECT_TUPLE, start, count);
      objects.ends.items[object] = child;
      stack.drop(count);
      stack.push(reference(object), start);
      this.#program.emit(op.TUPLE, object);
    }
  }

  /** TUPLE. */
  closeTuple(): void {
    const program = this.#program;
    const stack = this.#stack;
    const start = stack.markStep;
    const count = stack.unmark();
    if (this.areConstants(count, start + 1)) this.#compound(TUPLE, count, start);
    else {
      const child = count > 0 ? stack.value() : 0;
      const object = program.objects.add(OBJECT_TUPLE, start, count);
      program.objects.ends.items[object] = child;
      stack.drop(count);
      stack.push(reference(object), start);
      program.patch(start, START, object);
      program.emit(op.TUPLE, object);
    }
  }

  /** FROZENSET. */
  closeFrozenset(): void {
    const stack = this.#stack;
    const start = stack.markStep;
    const count = stack.unmark();
    if (this.areConstants(count, start + 1)) {
      this.#compound(FROZENSET, count, start);
      return;
    }
    stack.drop(count);
    const object = this.#program.objects.add(OTHER, start, count);
    stack.push(reference(object), start);
    this.#program.emit(op.FROZENSET, object);
  }
}
