import * as op from "../../syntax/opcodes.ts";
import { paired } from "./op-operands.ts";
import { DICT, END, LIST, NO_OBJECT, NOTHING, type Program, reference, START } from "./program.ts";
import type { SketchStack } from "./sketch-stack.ts";

/** Lists, dicts and sets of a program, whose items come as much at once as can be. */
export class Containers {
  readonly #program: Program;
  readonly #stack: SketchStack;

  constructor(program: Program, stack: SketchStack) {
    this.#program = program;
    this.#stack = stack;
  }

  /** An empty container. */
  begin(kind: number): void {
    const program = this.#program;
    const start = program.steps.length;
    const object = program.objects.add(kind, start);
    this.#stack.push(reference(object), start);
    program.emit(START, object);
  }

  /** What LIST and DICT make. */
  close(kind: number, code: number): void {
    const program = this.#program;
    const stack = this.#stack;
    const start = stack.markStep;
    const count = stack.unmark();
    if (code === op.DICT) paired(count, code);
    stack.drop(count);
    const object = program.objects.add(kind, start, count);
    stack.push(reference(object), start);
    program.patch(start, START, object);
    if (count > 0) program.objects.ends.items[object] = program.emit(END, object);
  }

  /**
   * Whether the container `value` gets what begins at `step` right behind what it has, and nothing can have looked at
   * it in between.
   */
  #goesOn(value: number, kind: number, step: number): boolean {
    if (value >= 0) return false;
    const { objects } = this.#program;
    const object = reference(value);
    if (objects.kinds.items[object] !== kind) return false;
    const end = objects.ends.items[object] as number;
    if (step !== (end < 0 ? (objects.starts.items[object] as number) : end) + 1) return false;
    return end < 0 || objects.seen.items[object] === 0;
  }

  /** Puts `count` items more to those that the container gets at once. */
  #extend(object: number, count: number): void {
    const program = this.#program;
    const { objects } = program;
    const end = objects.ends.items[object] as number;
    if (end >= 0) program.patch(end, NOTHING);
    else if (objects.seen.items[object] !== 0) objects.inside.items[object] = 1;
    objects.counts.items[object] = (objects.counts.items[object] as number) + count;
    objects.ends.items[object] = program.emit(END, object);
  }

  /** APPEND and SETITEM, which take `count` values. */
  addOne(kind: number, code: number, count: number): void {
    const stack = this.#stack;
    stack.need(count + 1);
    const start = stack.start(count - 1);
    stack.drop(count);
    if (this.#goesOn(stack.value(), kind, start)) this.#extend(reference(stack.value()), count);
    else this.#program.emit(code, NO_OBJECT);
  }

  /** APPENDS, SETITEMS and ADDITEMS. */
  addMany(kind: number, code: number): void {
    const program = this.#program;
    const stack = this.#stack;
    const start = stack.markStep;
    const count = stack.unmark();
    if (kind === DICT) paired(count, code);
    stack.drop(count);
    stack.need(1);
    const value = stack.value();
    const isEmpty = start === program.steps.length - 1;
    const isKnown = value < 0 && program.objects.kinds.items[reference(value)] === kind;
    if (isKnown && isEmpty) program.truncate(start);
    else if (count > 0 && this.#goesOn(value, kind, start)) {
      program.patch(start, NOTHING);
      this.#extend(reference(value), count);
    } else if ((kind === LIST && count === 1 && isKnown) || (kind === DICT && count === 2)) {
      program.patch(start, NOTHING);
      program.emit(kind === LIST ? op.APPEND : op.SETITEM, NO_OBJECT);
    } else program.emit(code, NO_OBJECT);
  }
}
